"""What waits in the trash: who put it there, when, why, with what, and how long it stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app import policy
from app.config import Settings
from app.domain.actors import Actor
from app.models.audit import AuditEntry
from app.queries import hanging, lists
from app.queries.keys import among, fetch
from app.registry import Registry, get


@dataclass(frozen=True, slots=True)
class Trashed:
    """One record in the trash. `along` counts by registry what went with it; `owner` is what it went with.

    `until` is the day after which it is removed for good, None while no period is set. Who and why are for readers of
    histories.
    """

    at: datetime
    who: str = ""
    reason: str | None = None
    along: Mapping[str, int] = field(default_factory=dict)
    owner: tuple[Registry, str, str] | None = None  # registry, public id, name
    until: date | None = None


def days(registry: Registry, settings: Settings) -> int:
    """How long records of this registry wait in the trash, by the class of their data; 0: for ever."""
    kept: int = getattr(settings, f"trash_days_{registry.sensitivity}")
    return kept


def trashed(
    session: Session, registry: Registry, rows: Sequence[Mapping[str, Any]], actor: Actor, settings: Settings
) -> dict[str, Trashed]:
    """By public id, for the rows of a page: a fixed number of statements."""
    entries = _entries(session, registry, [row["public_id"] for row in rows])
    along = _along(session, registry, rows, actor)
    owners = _owners(session, actor, entries)
    wait = days(registry, settings)
    told = policy.sees(actor, "history")
    made: dict[str, Trashed] = {}
    for row in rows:
        entry = entries.get(row["public_id"])
        with_ = _with(entry)
        made[row["public_id"]] = Trashed(
            at=row["deleted_at"],
            who=entry.actor if entry and told else "",
            reason=entry.reason if entry and told else None,
            along=along.get(row["id"], {}),
            owner=owners.get(with_) if with_ else None,
            until=settings.today(row["deleted_at"] + timedelta(days=wait)) if wait else None,
        )
    return made


def _entries(session: Session, registry: Registry, public_ids: Sequence[str]) -> dict[str, AuditEntry]:
    """The entry that put each of them there: the last one that was no look."""
    column = AuditEntry.__table__.c.entity_id  # type: ignore[attr-defined]
    query = (
        select(AuditEntry)
        .where(
            col(AuditEntry.entity) == registry.key,
            among(session, column, public_ids),
            col(AuditEntry.action).in_(("delete", "undo")),
        )
        .order_by(col(AuditEntry.seq))
    )
    return {entry.entity_id: entry for entry in session.execute(query).scalars()}


def _along(
    session: Session, registry: Registry, rows: Sequence[Mapping[str, Any]], actor: Actor
) -> dict[int, dict[str, int]]:
    made: dict[int, dict[str, int]] = {}
    for other, found in hanging.descend(session, registry, {row["id"]: row["id"] for row in rows}, hanging.gone_with):
        if policy.may(actor, "read", other):
            for _row, root in found:
                counts = made.setdefault(root, {})
                counts[other.key] = counts.get(other.key, 0) + 1
    return made


def _with(entry: AuditEntry | None) -> tuple[str, str] | None:
    owner = (entry.after or {}).get("with") if entry and entry.action == "delete" else None
    return (str(owner["registry"]), str(owner["id"])) if isinstance(owner, Mapping) else None


def _owners(
    session: Session, actor: Actor, entries: Mapping[str, AuditEntry]
) -> dict[tuple[str, str], tuple[Registry, str, str]]:
    wanted: dict[str, set[str]] = {}
    for one in entries.values():
        if with_ := _with(one):
            wanted.setdefault(with_[0], set()).add(with_[1])
    made: dict[tuple[str, str], tuple[Registry, str, str]] = {}
    for key, ids in wanted.items():
        registry = get(key)
        if policy.may(actor, "read", registry):
            table = registry.table
            rows = fetch(session, table, table.c.public_id, ids, policy.visible(registry, actor))
            for row in lists.seen(registry, actor, rows):
                made[key, row["public_id"]] = (registry, row["public_id"], lists.title(registry, row))
    return made
