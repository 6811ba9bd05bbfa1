"""States that change because a day has passed, as the declarations say (`Arrows.dated`): a plan due for renewal.

A function of what stands in the database and of today, run at night. It never touches what only a person decides:
no permit is ended here.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.states import Dated
from app.operations import records
from app.queries import work_days
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
    table = registry.table
    query = select(table.c.id, table.c.public_id).where(
        table.c.id > after,
        table.c[name] == step.before,
        table.c.deleted_at.is_(None),
        table.c[step.field] < _limit(session, step, today),
    )
    found = session.execute(query.order_by(table.c.id).limit(CHUNK)).all()
    if not found:
        return 0, None
    rows = [{"public_id": one.public_id, name: step.after} for one in found]
    result = records.save_many(session, registry, rows, ACTOR, now=now, reason=REASON, partial=True)
    return result.count("changed"), found[-1].id


def _limit(session: Session, step: Dated, today: date) -> date:
    """Days before this one have passed: today, or so many working days ahead of it."""
    if not step.ahead:
        return today
    return work_days.around(session, [today]).shift(today, step.ahead + 1)
