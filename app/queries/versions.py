"""A record as it stood at an earlier version, told from the audit trail: newer changes taken back one by one.

For operations, which decide by true values; a page cuts and masks what it shows (`app.policy`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app import policy
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.models.audit import AuditEntry
from app.queries.history import VERSIONED
from app.queries.stored import typed
from app.registry import Registry


@dataclass(frozen=True, slots=True)
class Version:
    """The record just after the change that made `number`. `at` and `actor` are None where no entry tells."""

    number: int
    values: Mapping[str, Any]  # every field, as its column holds it
    deleted: bool
    at: datetime | None = None
    actor: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Touch:
    """Who changed a field last, and when."""

    actor: str
    at: datetime


class Versions:
    """The versions of one record. Raises NotFound when it is not there for this actor.

    `lock` keeps others from saving it until the transaction ends: who compares and then writes reads one moment.
    """

    def __init__(
        self, session: Session, registry: Registry, public_id: str, actor: Actor, *, lock: bool = False
    ) -> None:
        table = registry.table
        query = policy.rows(select(table).where(table.c.public_id == public_id), registry, actor)
        found = session.execute(query.with_for_update() if lock else query).mappings().first()
        if found is None:
            raise NotFound()
        self.session, self.registry = session, registry
        self.row: Mapping[str, Any] = dict(found)
        self.current = int(found["row_version"])

    def at(self, *numbers: int) -> dict[int, Version]:
        """These versions, in one walk. Raises NotFound for a number that never was."""
        if not numbers or not all(1 <= number <= self.current for number in numbers):
            raise NotFound()
        entries = self._newest(self.current - min(numbers) + 1)
        values = {name: self.row[name] for name in self.registry.fields}
        deleted, made = self.row["deleted_at"] is not None, {}
        for number in range(self.current, min(numbers) - 1, -1):
            entry = entries[self.current - number] if self.current - number < len(entries) else None
            if number in numbers:
                made[number] = _version(number, values, deleted, entry)
            if number == min(numbers):
                break
            if entry is None:
                raise NotFound()
            values, deleted = self._before(values, entry), self._was_deleted(entry, deleted)
        return made

    def touched_since(self, number: int) -> dict[str, Touch]:
        """Fields changed after version `number`, each with its last change."""
        made: dict[str, Touch] = {}
        for entry in self._newest(max(0, self.current - number)):
            for name in (entry.before or {}).keys() | (entry.after or {}).keys():
                made.setdefault(name, Touch(entry.actor, entry.at))
        return made

    def _newest(self, count: int) -> Sequence[AuditEntry]:
        query = (
            select(AuditEntry)
            .where(
                col(AuditEntry.entity) == self.registry.key,
                col(AuditEntry.entity_id) == self.row["public_id"],
                col(AuditEntry.action).in_(VERSIONED),
            )
            .order_by(col(AuditEntry.seq).desc())
            .limit(count)
        )
        return self.session.execute(query).scalars().all()

    def _before(self, values: Mapping[str, Any], entry: AuditEntry) -> dict[str, Any]:
        table = self.registry.table
        earlier = {name: value for name, value in (entry.before or {}).items() if name in self.registry.fields}
        return {**values, **{name: typed(table, name, value) for name, value in earlier.items()}}

    def _was_deleted(self, entry: AuditEntry, deleted: bool) -> bool:
        if entry.action in ("delete", "restore"):
            return entry.action == "restore"
        if entry.action == "undo" and not entry.before:  # of a deletion or a restoration
            return not deleted
        return deleted


def _version(number: int, values: Mapping[str, Any], deleted: bool, entry: AuditEntry | None) -> Version:
    if entry is None:
        return Version(number, values, deleted)
    return Version(number, values, deleted, entry.at, entry.actor, entry.reason)
