"""What happens by the clock happens once a period, whoever looks and however often."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlmodel import Session

from app.config import settings
from app.database import unit_of_work
from app.jobs import schedule, scheduler
from app.jobs.schedule import SCHEDULE, Task
from app.models.scheduled_run import ScheduledRun

NIGHTLY = Task("nightly", "tests.integration.test_outbox_schedule.works", at=time(1, 30))
ZONE = "Asia/Jakarta"
ran: list[str] = []


def works() -> None:
    ran.append("works")


def breaks() -> None:
    raise OSError("no space left")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant on the office's clock in November 2026 (WIB is UTC+7)."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def take(session: Session, now: datetime) -> bool:
    return schedule.take(session, NIGHTLY, slot=NIGHTLY.slot(now, ZONE), now=now)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (at(22, 1, 29), at(21, 1, 30)),
        (at(22, 1, 30), at(22, 1, 30)),
        (at(22, 23, 59), at(22, 1, 30)),
        (at(23, 0, 1), at(22, 1, 30)),
    ],
)
def test_a_night_begins_on_the_clock_of_the_office(now: datetime, slot: datetime) -> None:
    assert NIGHTLY.slot(now, ZONE) == slot


def test_a_short_period_begins_on_its_multiple() -> None:
    task = Task("pump", "x.y", every=900)
    assert task.slot(at(22, 10, 14), ZONE) == at(22, 10, 0)
    assert task.slot(at(22, 10, 15), ZONE) == at(22, 10, 15)


def test_a_task_runs_once_a_night(session: Session) -> None:
    assert not take(session, at(21, 12)), "a new installation does not begin with its nights"
    assert not take(session, at(22, 1, 0))
    assert take(session, at(22, 1, 31))
    schedule.finish(session, "nightly", now=at(22, 1, 40), error=None)
    assert not take(session, at(22, 1, 41))
    assert not take(session, at(22, 23))
    assert take(session, at(23, 2))


def test_after_three_days_without_power_it_runs_once(session: Session) -> None:
    take(session, at(20, 12))
    assert take(session, at(24, 9))
    schedule.finish(session, "nightly", now=at(24, 9, 1), error=None)
    assert not take(session, at(24, 9, 2))


def test_a_run_whose_process_died_is_tried_again_but_not_for_ever(session: Session) -> None:
    take(session, at(20, 12))
    assert take(session, at(21, 2))
    assert not take(session, at(21, 3)), "it may still be running"
    assert take(session, at(21, 4, 5))
    assert take(session, at(21, 6, 10))
    assert not take(session, at(21, 8, 15)), "three times is enough"
    assert take(session, at(22, 2)), "the next night is another run"


def test_how_a_run_ended_is_noted(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Task("broken", f"{__name__}.breaks", at=time(1, 30))
    fine = Task("fine", f"{__name__}.works", at=time(1, 30))
    monkeypatch.setattr(schedule, "SCHEDULE", [broken, fine])
    with unit_of_work() as session:
        for task in (broken, fine):
            schedule.take(session, task, slot=at(20, 1), now=at(20, 1))
    assert not scheduler.run_only("broken")
    assert scheduler.run_only("fine")
    with unit_of_work(write=False) as session:
        assert session.get_one(ScheduledRun, "broken").error == "OSError: no space left"
        assert session.get_one(ScheduledRun, "fine").error is None
    assert ran[-1] == "works"


@pytest.mark.parametrize("task", SCHEDULE, ids=lambda task: task.name)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_task_of_the_schedule_exists_and_runs(database_url: str, task: Task) -> None:
    settings().data.mkdir(parents=True, exist_ok=True)
    schedule.call(task)
