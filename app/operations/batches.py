"""Writing many rows that belong together, and taking them back: what imports stand on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, delete, exists, func, literal, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app import policy
from app.domain.actors import Actor
from app.models.audit import LOOKED, AuditEntry
from app.models.record import is_public_id, new_public_id
from app.operations import audit, derived, trash
from app.operations.record_rows import insert_records, writing
from app.queries.keys import among, fetch
from app.queries.stored import typed
from app.registry import Registry, registries

_UNDO = "undo "  # begins the reason of what an undo writes; the batch follows
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
    with writing(session, registry):
        insert_records(session, registry, [{**row, "public_id": new_public_id()} for row in rows], actor, now)
    after = {"rows": len(rows), "sha256": digest.hexdigest()}
    audit.record(
        session, actor=actor, now=now, entity=registry.key, entity_id=batch, action="append", after=after, batch=batch
    )
    return len(rows)


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of one stretch of a batch: records put back, public ids left alone, and where the next begins."""

    put_back: int
    touched: list[str]
    last: int | None  # sequence number of the last entry looked at; None when nothing was left


def undo_batch(
    session: Session, registry: Registry, batch: str, actor: Actor, *, now: datetime, detach: Registry | None = None
) -> tuple[int, list[str]]:
    """Take a whole batch back in one transaction: (how many, public ids left alone)."""
    put_back, touched, before = 0, set[str](), None
    while True:
        step = undo_some(session, registry, batch, actor, now=now, detach=detach, before=before)
        put_back, touched, before = put_back + step.put_back, touched | set(step.touched), step.last
        if before is None:
            return put_back, sorted(touched)


def undo_some(
    session: Session,
    registry: Registry,
    batch: str,
    actor: Actor,
    *,
    now: datetime,
    detach: Registry | None = None,
    before: int | None = None,
    limit: int = 5000,
) -> Undone:
    """Put back what the batch did to records nobody touched since, newest first, `limit` entries at a time.

    Created records are removed (their audit entries stay), changed fields get their earlier values, deleted ones come
    out of the trash. References from `detach` (source rows) are cleared; any other reference counts as touched.
    """
    policy.require(actor, "delete", registry)
    entries = _entries(session, registry, batch, before, limit)
    if not entries:
        return Undone(0, [], None)
    ids = list(dict.fromkeys(entry.entity_id for entry in entries))
    touched = _touched(session, registry, ids, batch)
    visible = policy.visible(registry, actor, "delete")
    rows = {row["public_id"]: row for row in fetch(session, registry.table, registry.table.c.public_id, ids, visible)}
    mine = [entry for entry in entries if entry.entity_id in rows and entry.entity_id not in touched]
    created = [rows[entry.entity_id] for entry in mine if entry.action == "create"]
    touched |= _pointed_at(session, registry, created, detach)
    gone = [rows[entry.entity_id] for entry in mine if entry.action == "delete"]
    orphans = trash.orphans(session, registry, gone, actor)
    touched |= {row["public_id"] for row in gone if row["id"] in orphans}
    mine = [entry for entry in mine if entry.entity_id not in touched]
    removed = [rows[entry.entity_id] for entry in mine if entry.action == "create"]
    changed = {entry.entity_id: entry for entry in mine if entry.action in _EARLIER}
    came = [row for row in gone if row["public_id"] in changed]
    trash.bring_along(session, registry, came, actor, now=now, reason=undoing(batch))
    with writing(session, registry):
        if detach is not None:
            _detach(session, registry, detach, [row["id"] for row in removed])
        _remove(session, registry.table, [row["id"] for row in removed])
        _put_back(
            session, registry.table, [(rows[id_], _EARLIER[e.action](e)) for id_, e in changed.items()], actor, now
        )
    for at in {entry.at for entry in changed.values() if entry.action == "restore"}:
        back = [rows[id_] for id_, entry in changed.items() if entry.action == "restore" and entry.at == at]
        trash.take_along(session, registry, back, actor, gone_at=at, now=now)
    changes: list[audit.Recorded] = [(row["public_id"], "undo", None, None) for row in removed]
    changes += [(id_, "undo", e.after, e.before) for id_, e in changed.items()]
    audit.record_many(session, changes, actor=actor, now=now, entity=registry.key, reason=undoing(batch))
    written = [derived.Touched(row, None) for row in removed]
    written += [derived.Touched({**rows[id_], **_EARLIER[e.action](e)}, e.after) for id_, e in changed.items()]
    derived.follow(session, registry, written, actor, now=now)
    return Undone(len(removed) + len(changed), sorted(touched & set(ids)), entries[-1].seq)


def undoing(batch: str) -> str:
    """The reason kept with what the undo of a batch writes."""
    return f"{_UNDO}{batch}"


def undone(reason: str | None) -> str | None:
    """The batch whose undo is the reason of an entry."""
    batch = (reason or "").removeprefix(_UNDO)
    return batch if batch != reason and is_public_id(batch) else None


_EARLIER: dict[str, Callable[[AuditEntry], Mapping[str, Any]]] = {
    "update": lambda entry: entry.before or {},
    "delete": lambda entry: {"deleted_at": None},
    "restore": lambda entry: {"deleted_at": entry.at.isoformat()},
}


def _entries(session: Session, registry: Registry, batch: str, before: int | None, limit: int) -> Sequence[AuditEntry]:
    wanted = (
        select(AuditEntry)
        .where(
            col(AuditEntry.batch) == batch,
            col(AuditEntry.entity) == registry.key,
            col(AuditEntry.action).in_(("create", *_EARLIER)),
        )
        .order_by(col(AuditEntry.seq).desc())
        .limit(limit)
    )
    return session.exec(wanted if before is None else wanted.where(col(AuditEntry.seq) < before)).all()


def _touched(session: Session, registry: Registry, public_ids: Sequence[str], batch: str) -> set[str]:
    """Records with an audit entry after the last one of this batch for them, reveals aside."""
    entity_id = AuditEntry.__table__.c.entity_id  # type: ignore[attr-defined]
    mine = (
        select(col(AuditEntry.entity_id), func.max(col(AuditEntry.seq)).label("seq"))
        .where(
            col(AuditEntry.batch) == batch,
            col(AuditEntry.entity) == registry.key,
            among(session, entity_id, public_ids),
        )
        .group_by(col(AuditEntry.entity_id))
        .subquery()
    )
    taken_back = aliased(AuditEntry)
    cancelled = exists().where(
        col(taken_back.entity) == registry.key,
        col(taken_back.entity_id) == col(AuditEntry.entity_id),
        col(taken_back.action) == "undo",
        col(taken_back.reason) == literal(_UNDO) + col(AuditEntry.batch),
    )
    later = (
        select(col(AuditEntry.entity_id))
        .join(mine, mine.c.entity_id == col(AuditEntry.entity_id))
        .where(
            col(AuditEntry.entity) == registry.key,
            col(AuditEntry.seq) > mine.c.seq,
            # looking is no change, and a later batch that was taken back left nothing behind
            col(AuditEntry.action).not_in(LOOKED | {"undo"}),
            ~cancelled,
        )
        .distinct()
    )
    return set(session.execute(later).scalars())


def _pointed_at(
    session: Session, registry: Registry, created: Sequence[Mapping[str, Any]], detach: Registry | None
) -> set[str]:
    ids = {row["id"]: row["public_id"] for row in created}
    found: set[str] = set()
    for other in registries().values():
        for name, target in other.references.items():
            if target == registry.key and other is not detach and other.fields[name].type.python is not list:
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
        | {f"v_{name}": typed(table, name, before[name]) if name in before else row[name] for name in names}
        for row, before in changed
    ]
    session.connection().execute(statement, values)
