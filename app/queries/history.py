"""What happened to a record: its audit entries, cut to the fields the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, select
from sqlmodel import Session, col

from app import policy
from app.domain.actors import Actor
from app.domain.fields import Field
from app.models.audit import AuditEntry
from app.registry import Registry

PAGE = 25
VERSIONED = ("create", "update", "delete", "restore", "undo")  # each makes the next `row_version`
_FACTS = frozenset({"field", "with", "rows"})  # what an entry says beside values of fields
_REVERT = "revert:"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one change; the values as JSON holds them, None when masked for this actor."""

    field: Field
    before: Any
    after: Any
    masked: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One audit entry as the history shows it.

    `version` is the record's `row_version` after it, None where the entry changed no value or it was not asked for;
    `facts` what it says beside fields (a revealed field, with what a record went to the trash); `hidden` how many
    of its fields this actor may not read.
    """

    seq: int
    at: datetime
    actor: str
    actor_kind: str
    action: str
    reason: str | None
    batch: str | None
    changes: list[Change]
    door: str | None = None
    request_id: str | None = None
    version: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    hidden: int = 0

    @property
    def reverted_to(self) -> int | None:
        """The version a revert went back to."""
        number = (self.door or "").removeprefix(_REVERT)
        return int(number) if number != self.door and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """`next` is the `before` of the following page, None at the end."""

    events: list[Event]
    next: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What a history can be narrowed by: names and actions that occur in it."""

    people: list[str]
    actions: list[str]


def of(session: Session, registry: Registry, public_id: str, actor: Actor, *, limit: int = 200) -> list[Event]:
    """Newest first."""
    query = (
        select(AuditEntry).where(*_about(registry, public_id, actor)).order_by(col(AuditEntry.seq).desc()).limit(limit)
    )
    return events(registry, session.execute(query).scalars(), actor)


def page(
    session: Session,
    registry: Registry,
    row: Mapping[str, Any],
    actor: Actor,
    *,
    before: int | None = None,
    name: str | None = None,
    person: str | None = None,
    action: str | None = None,
    limit: int = PAGE,
) -> HistoryPage:
    """A page of the history of `row`, newest first, each entry with the version it made: two statements at any depth.

    `before` is a `seq`; `name` a field the actor may read; `action` also "revert", which is an update by that door.
    """
    about = _about(registry, row["public_id"], actor)
    order = func.row_number().over(order_by=col(AuditEntry.seq).desc())
    numbered = select(col(AuditEntry.seq).label("seq"), order.label("nth")).where(
        *about, col(AuditEntry.action).in_(VERSIONED)
    )
    numbers = numbered.subquery()
    query = select(AuditEntry, numbers.c.nth).outerjoin(numbers, numbers.c.seq == col(AuditEntry.seq)).where(*about)
    if before is not None:
        query = query.where(col(AuditEntry.seq) < before)
    if person:
        query = query.where(col(AuditEntry.actor) == person)
    if action:
        query = query.where(_is(action))
    if name:
        query = query.where(_names(session, name if _readable(registry, actor, name) else ""))
    found = session.execute(query.order_by(col(AuditEntry.seq).desc()).limit(limit + 1)).all()
    versions = {entry.seq: row["row_version"] - nth + 1 for entry, nth in found if nth is not None}
    shown = events(registry, (entry for entry, _ in found[:limit]), actor, versions)
    return HistoryPage(shown, shown[-1].seq if len(found) > limit else None)


def choices(session: Session, registry: Registry, public_id: str, actor: Actor) -> Choices:
    """Who and what there is to narrow a record's history by."""
    by_revert = col(AuditEntry.door).like(f"{_REVERT}%")
    query = select(col(AuditEntry.actor), col(AuditEntry.action), by_revert).where(*_about(registry, public_id, actor))
    found = session.execute(query.distinct()).all()
    actions = {"revert" if reverted else action for _person, action, reverted in found}
    return Choices(sorted({person for person, _, _ in found}), sorted(actions))


def events(
    registry: Registry, entries: Iterable[AuditEntry], actor: Actor, versions: Mapping[int | None, int] | None = None
) -> list[Event]:
    """Entries of records of one registry, cut to what the actor may see."""
    seen = {f.key: f for f in policy.fields(registry, actor)}
    masked = policy.masked(registry, actor)
    return [_event(registry, entry, seen, masked, (versions or {}).get(entry.seq)) for entry in entries]


def _event(
    registry: Registry, entry: AuditEntry, seen: Mapping[str, Field], masked: frozenset[str], version: int | None
) -> Event:
    before, after = entry.before or {}, entry.after or {}
    touched = [name for name in registry.fields if name in before or name in after]
    changes = [
        Change(
            seen[name],
            None if name in masked else before.get(name),
            None if name in masked else after.get(name),
            name in masked,
        )
        for name in touched
        if name in seen
    ]
    facts = {name: value for name, value in after.items() if name in _FACTS and name not in registry.fields}
    if facts.get("field") in registry.fields.keys() - seen.keys():
        del facts["field"]
    return Event(
        seq=entry.seq or 0,
        at=entry.at,
        actor=entry.actor,
        actor_kind=entry.actor_kind,
        action=entry.action,
        reason=entry.reason,
        batch=entry.batch,
        changes=changes,
        door=entry.door,
        request_id=entry.request_id,
        version=version,
        facts=facts,
        hidden=len(touched) - len(changes),
    )


def _about(registry: Registry, public_id: str, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    if not policy.sees(actor, "history"):
        return (false(),)
    return col(AuditEntry.entity) == registry.key, col(AuditEntry.entity_id) == public_id


def _is(action: str) -> ColumnElement[bool]:
    reverted = and_(col(AuditEntry.door).is_not(None), col(AuditEntry.door).like(f"{_REVERT}%"))
    if action == "revert":
        return reverted
    return and_(col(AuditEntry.action) == action, not_(reverted))


def _readable(registry: Registry, actor: Actor, name: str) -> bool:
    return name in {f.key for f in policy.fields(registry, actor)}


def _names(session: Session, name: str) -> ColumnElement[bool]:
    """The entry speaks of the field `name`, whatever its value."""
    if session.get_bind().dialect.name == "postgresql":
        before, after = (col(side).op("->")(name).is_not(None) for side in (AuditEntry.before, AuditEntry.after))
    else:
        before, after = (
            func.json_type(side, f'$."{name}"').is_not(None) for side in (AuditEntry.before, AuditEntry.after)
        )
    return before | after
