"""Writing many rows that belong together, and taking them back: what imports stand on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Numeric, Table, bindparam, delete, func, update
from sqlmodel import Session, col, select

from app import policy
from app.domain.actors import Actor
from app.models.audit import AuditEntry
from app.models.record import new_public_id
from app.operations import audit
from app.operations.record_rows import insert_records, writing
from app.queries.keys import among, fetch
from app.registry import Registry, registries

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, default=str).encode


def append_many(
    session: Session, registry: Registry, rows: Sequence[Mapping[str, Any]], actor: Actor, *, now: datetime, batch: str
) -> int:
    """Add source rows word for word: typed by the caller, never checked, never changed later.

    One audit entry stands for them all: how many, and the SHA-256 of their content in order.
    """
    policy.require(actor, "create", registry)
    if not rows:
        return 0
    digest = hashlib.sha256()
    for row in rows:
        digest.update(_encode(row).encode())
    with writing(session):
        insert_records(session, registry, [{**row, "public_id": new_public_id()} for row in rows], actor, now)
    after = {"rows": len(rows), "sha256": digest.hexdigest()}
    audit.record(
        session, actor=actor, now=now, entity=registry.key, entity_id=batch, action="append", after=after, batch=batch
    )
    return len(rows)


def undo_batch(
    session: Session, registry: Registry, batch: str, actor: Actor, *, now: datetime, detach: Registry
) -> tuple[int, list[str]]:
    """Put back every record the batch wrote and nobody touched since: (how many, public ids left alone).

    Created records are removed (their audit entries stay), changed fields get their earlier values.
    References from `detach` (source rows) are cleared; any other reference counts as touched.
    """
    policy.require(actor, "delete", registry)
    entries = session.exec(
        select(AuditEntry).where(col(AuditEntry.batch) == batch, col(AuditEntry.entity) == registry.key)
    ).all()
    entries = [entry for entry in entries if entry.action in ("create", "update")]
    touched = _touched(session, registry, [entry.entity_id for entry in entries], batch)
    rows = {
        row["public_id"]: row
        for row in fetch(session, registry.table, registry.table.c.public_id, [e.entity_id for e in entries])
    }
    created = [
        rows[e.entity_id]
        for e in entries
        if e.action == "create" and e.entity_id in rows and e.entity_id not in touched
    ]
    touched |= _pointed_at(session, registry, created, detach)
    removed = [row for row in created if row["public_id"] not in touched]
    changed = [e for e in entries if e.action == "update" and e.entity_id in rows and e.entity_id not in touched]
    with writing(session):
        _detach(session, registry, detach, [row["id"] for row in removed])
        _remove(session, registry.table, [row["id"] for row in removed])
        _put_back(session, registry.table, [(rows[e.entity_id], e.before or {}) for e in changed], actor, now)
    changes: list[audit.Recorded] = [(row["public_id"], "undo", None, None) for row in removed]
    changes += [(e.entity_id, "undo", e.after, e.before) for e in changed]
    audit.record_many(session, changes, actor=actor, now=now, entity=registry.key, reason=f"undo {batch}")
    return len(removed) + len(changed), sorted(touched)


def _touched(session: Session, registry: Registry, public_ids: Sequence[str], batch: str) -> set[str]:
    """Records with an audit entry after the last one of this batch for them, reveals aside."""
    mine = (
        select(col(AuditEntry.entity_id), func.max(col(AuditEntry.seq)).label("seq"))
        .where(col(AuditEntry.batch) == batch, col(AuditEntry.entity) == registry.key)
        .group_by(col(AuditEntry.entity_id))
        .subquery()
    )
    later = (
        select(col(AuditEntry.entity_id))
        .join(mine, mine.c.entity_id == col(AuditEntry.entity_id))
        .where(
            col(AuditEntry.entity) == registry.key, col(AuditEntry.seq) > mine.c.seq, col(AuditEntry.action) != "reveal"
        )
        .distinct()
    )
    return set(session.execute(later).scalars()) & set(public_ids)


def _pointed_at(
    session: Session, registry: Registry, created: Sequence[Mapping[str, Any]], detach: Registry
) -> set[str]:
    ids = {row["id"]: row["public_id"] for row in created}
    found: set[str] = set()
    for other in registries().values():
        for name, target in other.references.items():
            if target == registry.key and other.key != detach.key and other.fields[name].type.python is not list:
                column = other.table.c[name]
                if ids:
                    used = session.execute(select(column).where(among(session, column, ids)).distinct()).scalars()
                    found |= {ids[one] for one in used if one in ids}
    return found


def _detach(session: Session, registry: Registry, detach: Registry, ids: Sequence[int]) -> None:
    table = detach.table
    for name, target in detach.references.items():
        if target == registry.key and ids:
            cleared: dict[str, Any] = {name: None, "match_state": "unmatched"}
            session.execute(update(table).where(among(session, table.c[name], ids)).values(cleared))


def _remove(session: Session, table: Table, ids: Sequence[int]) -> None:
    if ids:
        session.execute(delete(table).where(among(session, table.c.id, ids)))


def _put_back(
    session: Session,
    table: Table,
    changed: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]],
    actor: Actor,
    now: datetime,
) -> None:
    if not changed:
        return
    names = sorted({name for _, before in changed for name in before})
    statement = update(table).where(table.c.id == bindparam("b_id")).values(
        {name: bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
        | {"row_version": table.c.row_version + 1, "updated_at": now, "updated_by": actor.name}
    )  # fmt: skip
    values = [
        {"b_id": row["id"]}
        | {f"v_{name}": _typed(table, name, before[name]) if name in before else row[name] for name in names}
        for row, before in changed
    ]
    session.connection().execute(statement, values)


def _typed(table: Table, name: str, value: Any) -> Any:
    """A value of the audit table's JSON as the column holds it."""
    kind = table.c[name].type
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Numeric) and isinstance(value, str) else value
