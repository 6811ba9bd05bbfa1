"""Removing for good what waited in the trash as long as the office decided for its class of data.

Nothing goes before a period is set, nothing that something still refers to, and no part before its owner may go: what
went to the trash together can come back together until the longest of its periods is over. The audit log says what
was removed, when and by which rule.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlmodel import Session, SQLModel

from app.config import Settings
from app.domain.actors import Actor
from app.operations import audit, files
from app.operations.record_rows import writing
from app.queries import hanging
from app.queries.keys import among
from app.queries.trashed import days
from app.registry import Registry, get, registries

CHUNK = 500
BY = Actor.system("masa simpan")


def order() -> list[Registry]:
    """Registries so that what refers to others goes first."""
    by_table = {registry.table.name: registry for registry in registries().values()}
    return [by_table[table.name] for table in reversed(SQLModel.metadata.sorted_tables) if table.name in by_table]


def purge(session: Session, registry: Registry, settings: Settings, *, now: datetime) -> int:
    """Remove up to `CHUNK` records of one registry; returns how many."""
    wait = days(registry, settings)
    if not wait:
        return 0
    table, due = registry.table, _due(registry, settings, now)
    wanted = select(table.c.id).where(due, *_unreferred(registry), *_with_owner(registry, settings, now))
    ids = set(session.execute(wanted.order_by(table.c.id).limit(CHUNK)).scalars())
    ids -= _listed(session, registry)
    if not ids:
        return 0
    with writing(session, registry):
        gone = session.execute(delete(table).where(among(session, table.c.id, ids), due).returning(table.c.public_id))
        public_ids = list(gone.scalars())
    files.forget(session, registry, public_ids)
    changes: list[audit.Recorded] = [(public_id, "purge", None, None) for public_id in public_ids]
    audit.record_many(session, changes, actor=BY, now=now, entity=registry.key, reason=f"masa simpan {wait} hari")
    return len(public_ids)


def _due(registry: Registry, settings: Settings, now: datetime) -> ColumnElement[bool]:
    gone_at = registry.table.c.deleted_at
    return gone_at.is_not(None) & (gone_at < now - timedelta(days=days(registry, settings)))


def _unreferred(registry: Registry) -> list[ColumnElement[bool]]:
    """No row of any table refers to it, in the trash or not."""
    made: list[ColumnElement[bool]] = []
    for other in SQLModel.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is registry.table:
                table = other.alias()
                made.append(~exists().where(table.c[key.parent.name] == registry.table.c.id))
    return made


def _with_owner(registry: Registry, settings: Settings, now: datetime) -> list[ColumnElement[bool]]:
    """What belongs to a record in the trash waits until that one may go too."""
    made: list[ColumnElement[bool]] = []
    for name, key in registry.references.items():
        if registry.fields[name].on_delete == "together":
            owner = get(key)
            waits: ColumnElement[bool] = owner.table.c.deleted_at.is_not(None)
            if days(owner, settings):
                waits = waits & ~_due(owner, settings, now)
            made.append(~exists().where(owner.table.c.id == registry.table.c[name], waits))
    return made


def _listed(session: Session, registry: Registry) -> set[int]:
    """Ids that stand in lists of references, which the database does not guard."""
    found: set[int] = set()
    for other, spec in hanging.referring(registry.key):
        if spec.type.python is list:
            for listed in session.execute(select(other.table.c[spec.key])).scalars():
                found |= set(listed or ())
    return found
