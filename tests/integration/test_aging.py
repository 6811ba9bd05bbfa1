"""What a passing day changes by itself, and what it never does."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app import database
from app.domain.actors import Actor
from app.jobs import nightly
from app.operations import aging, records
from app.queries import history, lists
from app.registry import get
from tests.factories import record

SYSTEM = Actor.system("uji")


def night(session: Session, now: datetime, today: date) -> None:
    for registry, name, step in aging.steps():
        last: int | None = 0
        while last is not None:
            _moved, last = aging.take(session, registry, name, step, now=now, today=today, after=last)


def plan(session: Session, now: datetime, ends_on: date, **given: Any) -> str:
    made = record(
        session, get("work_plan"), now=now, approval_no=None, starts_on=ends_on - timedelta(days=300), ends_on=ends_on,
        **given,
    )  # fmt: skip
    return str(made.public_id)


def status(session: Session, key: str, public_id: str) -> str:
    return str((lists.one(session, get(key), SYSTEM, public_id) or {})["status"])


def test_a_plan_is_due_for_renewal_thirty_working_days_before_it_ends(session: Session, now: datetime) -> None:
    today = date(2026, 7, 1)  # thirty working days on: 12 August, before the holiday of the 17th
    soon, later, past = (plan(session, now, day) for day in (date(2026, 8, 12), date(2026, 8, 13), date(2026, 6, 30)))
    last_day = plan(session, now, today)

    night(session, now, today)
    session.commit()

    assert [status(session, "work_plan", one) for one in (soon, later, past, last_day)] == [
        "renewal_due", "in_force", "past", "renewal_due",
    ]  # fmt: skip
    event = history.of(session, get("work_plan"), soon, SYSTEM)[0]
    assert (event.actor, event.reason) == ("kalender", "menurut tanggal")

    night(session, now, today)
    assert status(session, "work_plan", soon) == "renewal_due", "a second night changes nothing"


def test_an_own_holiday_brings_the_renewal_forward(session: Session, now: datetime) -> None:
    today = date(2026, 7, 1)
    one = plan(session, now, date(2026, 8, 13))
    records.save(
        session, get("holiday"), {"falls_on": "15/07/2026", "name": "Hari Jadi", "kind": "local"}, SYSTEM, now=now
    )

    night(session, now, today)

    assert status(session, "work_plan", one) == "renewal_due"


def test_teams_indices_and_passports_end_with_their_term_and_no_permit_ever_does(
    session: Session, now: datetime
) -> None:
    agency = record(session, get("agency"), now=now, kind="imigrasi")
    team = record(session, get("task_force"), now=now, valid_from="01/01/2025", valid_until="31/12/2025")
    record(session, get("task_force_member"), now=now, task_force=team.id, agency=agency.id, role="chair",
           started_on=None, ended_on=None)  # fmt: skip
    records.save(session, get("task_force"), {"status": "in_force"}, SYSTEM, now=now, public_id=team.public_id)
    index = record(session, get("visa_index"), now=now, valid_from="01/01/2024", valid_until="01/06/2025")
    permit = record(session, get("stay_permit"), now=now, issued_on="01/01/2024", expires_on="31/12/2024")
    passport = record(session, get("passport"), now=now, issued_on="01/01/2015", expires_on="30/06/2026")

    night(session, now, date(2026, 7, 1))

    assert status(session, "task_force", str(team.public_id)) == "ended"
    assert status(session, "visa_index", str(index.public_id)) == "retired"
    assert status(session, "passport", str(passport.public_id)) == "expired"
    assert status(session, "stay_permit", str(permit.public_id)) == "valid"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_task_of_the_night_commits_what_it_does(database_url: str) -> None:
    now = database.utcnow()
    with database.unit_of_work() as session:
        one = plan(session, now, date(2020, 1, 1))

    nightly.age()

    with database.unit_of_work(write=False) as session:
        assert status(session, "work_plan", one) == "past"
