"""The statements that write registry tables: one insert, one update, however many rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, text, update
from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.errors import EditConflict, Refused
from app.operations.bulk import bulk_insert
from app.operations.save_plan import Outcome, Row
from app.queries import accounts
from app.queries.keys import among
from app.registry import Registry

_ALIKE = 10  # rows a statement, at least, for which it is worth putting one together
_LOOKED_AT = 20  # rows that tell whether it is worth looking at all of them


@contextmanager
def writing(session: Session, registry: Registry) -> Iterator[None]:
    """Opens the guard on registry tables (`app.models.guard`).

    Where rows are rights somebody must be able to administer afterwards, if anybody could before: Refused `last_admin`.
    """
    kept = registry.guarded and accounts.administered(session)
    session.info["writing"] = True
    try:
        yield
    finally:
        session.info["writing"] = False
    if kept and not accounts.administered(session):
        raise Refused("last_admin")


def insert_rows(
    session: Session, registry: Registry, new: Sequence[tuple[Outcome, dict[str, Any]]], actor: Actor, now: datetime
) -> None:
    """The new records of a plan; their outcomes learn the ids."""
    rows = [{**clean, "public_id": outcome.public_id} for outcome, clean in new]
    for (outcome, _clean), id_ in zip(new, insert_records(session, registry, rows, actor, now), strict=True):
        outcome.id, outcome.row_version = id_, 1


def insert_records(
    session: Session, registry: Registry, rows: Sequence[Mapping[str, Any]], actor: Actor, now: datetime
) -> Sequence[int]:
    """Insert rows (field values and `public_id`) with what every record carries; returns their ids."""
    ids = _next_ids(session, registry, len(rows))
    shared = {
        "row_version": 1,
        "created_at": now,
        "created_by": actor.name,
        "updated_at": now,
        "updated_by": actor.name,
        "deleted_at": None,
        "extra": {},
    }
    bulk_insert(
        session.connection(), registry.table, [{**shared, **row, "id": id_} for row, id_ in zip(rows, ids, strict=True)]
    )
    return ids


def _next_ids(session: Session, registry: Registry, count: int) -> Sequence[int]:
    """Ids taken before the insert, so that dependents need no second look-up."""
    table = registry.table
    if session.get_bind().dialect.name == "postgresql":
        take = text("SELECT nextval(pg_get_serial_sequence(:of, 'id')) FROM generate_series(1, :n)")
        taken = session.execute(take, {"of": f'"{table.name}"', "n": count})
        return [int(row[0]) for row in taken]
    last = session.execute(select(func.max(table.c.id))).scalar() or 0
    return range(last + 1, last + 1 + count)


def update_rows(
    session: Session,
    registry: Registry,
    changed: Sequence[tuple[Outcome, Row]],
    actor: Actor,
    now: datetime,
) -> None:
    """Rows that change alike go by one statement; rows that each change in their own way by one for all of them."""
    groups = _alike(changed[:_LOOKED_AT]) and _alike(changed)
    if groups:
        written = sum(_update_alike(session, registry, rows, actor, now) for rows in groups)
    else:
        written = _update_each(session, registry, changed, actor, now)
    if written not in (len(changed), -1):
        raise EditConflict("edit_conflict", public_id=changed[0][0].public_id)
    for outcome, record in changed:
        outcome.row_version = record["row_version"] + 1


def _alike(changed: Sequence[tuple[Outcome, Row]]) -> list[list[tuple[Outcome, Row]]]:
    """The rows by what changes in them; nothing where that would be nearly a statement a row."""
    groups: dict[Any, list[tuple[Outcome, Row]]] = {}
    for outcome, record in changed:
        groups.setdefault((record["row_version"], repr(sorted(outcome.after.items()))), []).append((outcome, record))
    return list(groups.values()) if len(groups) * _ALIKE <= len(changed) else []


def _update_alike(
    session: Session, registry: Registry, rows: Sequence[tuple[Outcome, Row]], actor: Actor, now: datetime
) -> int:
    table = registry.table
    outcome, record = rows[0]
    version = table.c.row_version
    changes = {**outcome.after, "row_version": version + 1, "updated_at": now, "updated_by": actor.name}
    meant = among(session, table.c.id, [one["id"] for _outcome, one in rows])
    done = session.connection().execute(update(table).where(meant, version == record["row_version"]).values(changes))
    return done.rowcount


def _update_each(
    session: Session, registry: Registry, changed: Sequence[tuple[Outcome, Row]], actor: Actor, now: datetime
) -> int:
    """Every column that changes anywhere is set, to its old value where it does not."""
    table = registry.table
    names = sorted({name for outcome, _ in changed for name in outcome.after})
    statement = (
        update(table)
        .where(table.c.id == bindparam("b_id"), table.c.row_version == bindparam("b_version"))
        .values(
            {name: bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
            | {
                "row_version": table.c.row_version + 1,
                "updated_at": bindparam("b_now", type_=table.c.updated_at.type),
                "updated_by": actor.name,
            }
        )
    )
    values = []
    for outcome, record in changed:
        row = {f"v_{name}": outcome.after.get(name, record[name]) for name in names}
        values.append({**row, "b_id": record["id"], "b_version": record["row_version"], "b_now": now})
    return session.connection().execute(statement, values).rowcount
