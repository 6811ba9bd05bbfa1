"""The office's own holidays change due dates made from then on, and none that stands."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app import wording
from app.config import settings
from app.database import unit_of_work
from app.domain.actors import Actor
from app.models.company import Company
from app.models.duty import Duty
from app.operations import links, records
from app.queries import work_days
from app.registry import get
from tests.factories import record
from tests.fixtures.login import log_in_as

SYSTEM = Actor.system("uji")


def own_day(session: Session, now: datetime, day: str, kind: str, name: str = "Hari Jadi Kota") -> str:
    given = {"falls_on": day, "kind": kind, "name": name}
    return str(records.save(session, get("holiday"), given, SYSTEM, now=now).public_id)


def company(session: Session, now: datetime, name: str) -> Company:
    made = record(session, get("company"), now=now, legal_name=name, nib=None)
    return session.exec(select(Company).where(Company.id == made.id)).one()


def test_added_removed_and_joint_leave_days_are_one_calendar(session: Session, now: datetime) -> None:
    year = date(2026, 12, 1)
    before = work_days.around(session, [year])
    assert before.works(date(2026, 12, 10))
    assert not before.works(date(2026, 12, 25))

    own_day(session, now, "10/12/2026", "local")
    removed = own_day(session, now, "25/12/2026", "working", "Hari Natal")
    own_day(session, now, "04/01/2027", "joint_leave", "Cuti bersama")
    after = work_days.around(session, [year])

    assert not after.works(date(2026, 12, 10))
    assert after.works(date(2026, 12, 25))
    assert not after.works(date(2027, 1, 4))
    records.delete_many(session, get("holiday"), [removed], SYSTEM, now=now)
    assert not work_days.around(session, [year]).works(date(2026, 12, 25)), "a day in the trash counts no more"


def test_a_new_holiday_moves_new_due_dates_and_leaves_those_that_stand(session: Session, now: datetime) -> None:
    first = links.open_duty(session, "wajib-lapor", company(session, now, "PT Satu"), now=now)
    due = date(2026, 12, settings().report_due_day)
    assert first.due_on == due

    own_day(session, now, f"{due:%d/%m/%Y}", "local")
    second = links.open_duty(session, "wajib-lapor", company(session, now, "PT Dua"), now=now)

    assert second.due_on == date(2026, 12, 11)
    said = wording.due_sentence(second.due_explained, second.due_on)
    assert "Hari Jadi Kota (10/12/2026)" in said
    kept = session.exec(select(Duty).where(Duty.id == first.id)).one()
    assert (kept.due_on, kept.due_explained) == (due, first.due_explained)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_calendar_of_a_year_is_seen_by_all_staff(client: FlaskClient, now: datetime) -> None:
    with unit_of_work() as session:
        own_day(session, now, "25/12/2026", "working", "Tetap masuk")

    staff_client = log_in_as(client, "field_officer")
    page = staff_client.get("/staff/calendar/?year=2026")

    assert page.status_code == 200
    assert "25 Desember 2026" in page.text
    assert "Tetap masuk kerja" in page.text
    assert "Cuti bersama" in page.text
    assert staff_client.get("/staff/calendar/?year=1").status_code == 200
    assert "17 Agustus 2030" in staff_client.get("/staff/calendar/?year=2030").text
    english = staff_client.get("/staff/calendar/?year=2026&lang=en").text
    assert "Independence Day" in english
    assert "Tetap masuk (Christmas Day)" in english
