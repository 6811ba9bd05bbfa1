"""States that change because a day has passed, as the declarations say (`Arrows.dated`): a plan due for renewal.

A function of what stands in the database and of today, run at night. It never touches what only a person decides:
no permit is ended here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.states import Dated
from app.operations import records
from app.queries import work_days
from app.queries.keys import among
from app.registry import Registry, registries

ACTOR = Actor.system("kalender")
REASON = "menurut tanggal"
CHUNK = 1000


def steps() -> list[tuple[Registry, str, Dated]]:
    """Every dated step of every registry: (registry, state field, step), in the order of declaration."""
    return [
        (r, name, step) for r in registries().values() for name, arrows in r.states.items() for step in arrows.dated
    ]


def take(
    session: Session, registry: Registry, name: str, step: Dated, *, now: datetime, today: date, after: int = 0
) -> tuple[int, int | None]:
    """Take one step for the next records past id `after`: (how many moved, the last id looked at; None at the end).

    A record whose rules forbid the step is left as it is, for a person to see.
    """
    id_ = registry.table.c.id
    found = session.execute(
        _due(session, registry, name, step, today).where(id_ > after).order_by(id_).limit(CHUNK)
    ).all()
    return (_move(session, registry, name, step, found, now), found[-1].id) if found else (0, None)


def at_once(session: Session, registry: Registry, ids: Sequence[int], *, now: datetime, today: date) -> None:
    """Take the steps of records that were just written and whose day has passed already: they wait for no night."""
    for known, name, step in steps():
        if known is registry and ids:
            due = _due(session, registry, name, step, today).where(among(session, registry.table.c.id, ids))
            _move(session, registry, name, step, session.execute(due).all(), now)


def _due(session: Session, registry: Registry, name: str, step: Dated, today: date) -> Select[Any]:
    table = registry.table
    return select(table.c.id, table.c.public_id).where(
        table.c[name] == step.before,
        table.c.deleted_at.is_(None),
        table.c[step.field] < _limit(session, step, today),
    )


def _move(
    session: Session, registry: Registry, name: str, step: Dated, found: Sequence[Row[Any]], now: datetime
) -> int:
    rows = [{"public_id": one.public_id, name: step.after} for one in found]
    if not rows:
        return 0
    return records.save_many(session, registry, rows, ACTOR, now=now, reason=REASON, partial=True).count("changed")


def _limit(session: Session, step: Dated, today: date) -> date:
    """Days before this one have passed: today, or so many working days ahead of it."""
    if not step.ahead:
        return today
    return work_days.around(session, [today]).shift(today, step.ahead + 1)
