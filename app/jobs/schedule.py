"""What happens by the clock. A task is a line in SCHEDULE; two schedulers run it once.

A task is a function of the state it finds, not of how often it was called: after three days without power it runs once.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, or_
from sqlmodel import Session, col

from app.models.scheduled_run import ScheduledRun
from app.operations.bulk import insert_or

GIVEN_UP = timedelta(hours=2)  # a run that never finished: its process died
MAX_TRIES = 3


@dataclass(frozen=True, slots=True)
class Task:
    """A dotted function without arguments, every so many seconds or daily at a clock time of the office.

    It runs in a process of its own, so that a long one delays no mail.
    """

    name: str
    run: str
    every: float | None = None
    at: time | None = None

    def slot(self, now: datetime, zone: str) -> datetime:
        """Start of the period `now` lies in."""
        if self.every is not None:
            seconds = int(now.timestamp() // self.every * self.every)
            return datetime.fromtimestamp(seconds, UTC)
        assert self.at is not None
        local = now.astimezone(ZoneInfo(zone))
        start = datetime.combine(local.date(), self.at, ZoneInfo(zone))
        return (start if local >= start else start - timedelta(days=1)).astimezone(UTC)


SCHEDULE: list[Task] = [
    Task("backup", "app.jobs.nightly.backup", at=time(1, 30)),
    Task("purge", "app.jobs.nightly.purge", at=time(3, 0)),
    Task("sweep", "app.jobs.nightly.sweep", at=time(2, 30)),
    Task("age", "app.jobs.nightly.age", at=time(0, 5)),
]


def take(session: Session, task: Task, *, slot: datetime, now: datetime) -> bool:
    """Whether this process runs `task` for that period: an insert or a compare-and-set that one process wins.

    A task seen for the first time waits for its next period, so that an installation does not begin with all of them.
    """
    insert = insert_or(session, ScheduledRun).values(
        name=task.name, slot=slot, started_at=now, finished_at=now, tries=0
    )
    died = (
        (col(ScheduledRun.slot) == slot)
        & col(ScheduledRun.finished_at).is_(None)
        & (col(ScheduledRun.started_at) < now - GIVEN_UP)
        & (col(ScheduledRun.tries) < MAX_TRIES)
    )
    won = session.execute(
        insert.on_conflict_do_update(
            index_elements=["name"],
            set_={
                "slot": slot,
                "started_at": now,
                "finished_at": None,
                "error": None,
                "tries": case((col(ScheduledRun.slot) < slot, 1), else_=col(ScheduledRun.tries) + 1),
            },
            where=or_(col(ScheduledRun.slot) < slot, died),
        ).returning(col(ScheduledRun.tries))
    ).scalar_one_or_none()
    return bool(won)


def finish(session: Session, name: str, *, now: datetime, error: str | None) -> None:
    """Note how the run ended."""
    run = session.get(ScheduledRun, name)
    if run is not None:
        run.finished_at, run.error = now, error[:500] if error else None


def call(task: Task) -> None:
    """Run the task here and now."""
    module, _, function = task.run.rpartition(".")
    getattr(importlib.import_module(module), function)()


def find(name: str) -> Task:
    """The task of that name; raises KeyError."""
    return {task.name: task for task in SCHEDULE}[name]
