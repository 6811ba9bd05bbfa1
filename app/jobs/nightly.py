"""What the schedule calls at night: load, call one operation."""

from __future__ import annotations

from app import database
from app.config import settings
from app.operations import aging, drafts, exports, purging, sessions, staff_drafts, uploads
from app.operations import backup as copies


def backup() -> None:
    """Tonight's copy in the chosen folder, where one is chosen."""
    copies.nightly(database.engine(), settings(), now=database.utcnow())


def sweep() -> None:
    """Remove files of uploads that were never finished, old exports, drafts never sent, browsers of long ago."""
    with database.unit_of_work() as session:
        drafts.expire(session, now=database.utcnow())
        staff_drafts.expire(session, now=database.utcnow())
        uploads.sweep(session, settings().uploads, now=database.utcnow())
        sessions.sweep(session, database.utcnow())
    exports.sweep(settings().exports, now=database.utcnow())


def purge() -> None:
    """Remove for good what waited in the trash as long as the office decided: one COMMIT a chunk."""
    for registry in purging.order():
        left = True
        while left:
            with database.unit_of_work() as session:
                left = purging.purge(session, registry, settings(), now=database.utcnow()) == purging.CHUNK


def age() -> None:
    """Take the steps between states that a day takes: one COMMIT a chunk, so that no writer waits for long."""
    for registry, name, step in aging.steps():
        last: int | None = 0
        while last is not None:
            with database.unit_of_work() as session:
                now = database.utcnow()
                today = settings().today(now)
                _moved, last = aging.take(session, registry, name, step, now=now, today=today, after=last)
