"""What happened to a record: its audit entries, cut to the fields the actor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app import policy
from app.domain.actors import Actor
from app.domain.fields import Field
from app.models.audit import AuditEntry
from app.registry import Registry


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one change; the values as JSON holds them, None when masked for this actor."""

    field: Field
    before: Any
    after: Any
    masked: bool


@dataclass(frozen=True, slots=True)
class Event:
    """One audit entry as the history shows it."""

    seq: int
    at: datetime
    actor: str
    actor_kind: str
    action: str
    reason: str | None
    batch: str | None
    changes: list[Change]


def of(session: Session, registry: Registry, public_id: str, actor: Actor, *, limit: int = 200) -> list[Event]:
    """Newest first."""
    query = (
        select(AuditEntry)
        .where(col(AuditEntry.entity) == registry.key, col(AuditEntry.entity_id) == public_id)
        .order_by(col(AuditEntry.seq).desc())
        .limit(limit)
    )
    seen = {f.key: f for f in policy.fields(registry, actor)}
    hidden = policy.masked(registry, actor)
    return [_event(entry, seen, hidden) for entry in session.exec(query)]


def _event(entry: AuditEntry, seen: Mapping[str, Field], hidden: frozenset[str]) -> Event:
    before, after = entry.before or {}, entry.after or {}
    changes = [
        Change(
            seen[name],
            None if name in hidden else before.get(name),
            None if name in hidden else after.get(name),
            name in hidden,
        )
        for name in seen
        if name in before or name in after
    ]
    return Event(
        entry.seq or 0, entry.at, entry.actor, entry.actor_kind, entry.action, entry.reason, entry.batch, changes
    )
