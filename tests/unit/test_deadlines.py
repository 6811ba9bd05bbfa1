"""Due dates and how they are explained."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import wording
from app.domain import deadlines as d
from app.domain.holiday_calendar import national_holidays, work_calendar

HOLIDAYS = Path(__file__).parents[2].parent / "shared/data/codes/id_holidays_2019_2027.csv"
WORK = d.WorkCalendar(
    {date(2026, 12, 24): "Cuti Bersama", date(2026, 12, 25): "Hari Raya Natal", date(2026, 12, 26): "Sabtu libur"}
)
DAYS = st.dates(date(2019, 1, 1), date(2027, 12, 31))


def test_working_days_skip_weekends_and_holidays() -> None:
    due = d.due_from(date(2026, 12, 23), 3, "working", WORK)
    assert due.on == date(2026, 12, 30)
    assert [one["name"] for one in due.explained["skipped"]] == ["Cuti Bersama", "Hari Raya Natal"]


def test_a_calendar_due_date_rolls_to_the_next_working_day() -> None:
    due = d.due_after_period("2026-Q4", 10, "calendar", WORK)
    assert due.on == date(2027, 1, 11)
    assert due.explained["rolled_from"] == "2027-01-10"
    assert d.due_from(date(2026, 12, 31), 10, "calendar", WORK, roll=False).on == date(2027, 1, 10)


def test_a_date_counted_back_never_passes_its_event() -> None:
    assert d.due_from(date(2026, 12, 28), -3, "working", WORK).on == date(2026, 12, 21)
    assert d.due_from(date(2026, 11, 30), -1, "calendar", WORK).on == date(2026, 11, 29)


def test_fixed_days_and_ends_of_months() -> None:
    assert d.due_in_month("2026-11", 10, WORK).on == date(2026, 12, 10)
    assert d.due_in_month("2027-01", 31, WORK, roll=False).on == date(2027, 2, 28)
    assert d.due_at_end("2026-11", WORK).on == date(2026, 11, 30)
    assert d.due_at_end("2026-10", WORK, roll=True).on == date(2026, 11, 2)
    assert d.due_at_end("2028-02", WORK).on == date(2028, 2, 29)


def test_periods() -> None:
    assert d.period_of(date(2026, 11, 22), "monthly") == "2026-11"
    assert d.period_of(date(2026, 11, 22), "quarterly") == "2026-Q4"
    assert d.bounds_of("2026-Q4") == (date(2026, 10, 1), date(2026, 12, 31))
    assert (d.next_period("2026-12"), d.previous_period("2026-Q1"), d.next_period("2026")) == (
        "2027-01",
        "2025-Q4",
        "2027",
    )
    for wrong in ("2026-13", "2026-Q5", "26-01", "2026-1"):
        with pytest.raises(ValueError, match="not a period"):
            d.bounds_of(wrong)


@given(DAYS, st.integers(-60, 60))
def test_shifting_and_counting_agree(day: date, working_days: int) -> None:
    work = work_calendar(2018, 2028)
    there = work.shift(day, working_days)
    assert working_days == 0 or work.works(there)
    if working_days >= 0:
        assert work.working_days(day, there) == working_days


@given(DAYS, st.sampled_from(["monthly", "quarterly", "yearly"]))
def test_every_day_lies_in_its_period(day: date, recurrence: d.Recurrence) -> None:
    period = d.period_of(day, recurrence)
    first, last = d.bounds_of(period)
    assert first <= day <= last
    assert d.previous_period(d.next_period(period)) == period
    assert d.bounds_of(d.next_period(period))[0] == last + timedelta(days=1)


def test_a_due_date_is_explained_in_words() -> None:
    due = d.due_from(date(2026, 12, 23), 3, "working", WORK)
    assert wording.due_sentence(due.explained, due.on) == (
        "30 Desember 2026: 3 hari kerja sesudah 23 Desember 2026. "
        "Tidak dihitung: Cuti Bersama (24/12/2026), Hari Raya Natal (25/12/2026)."
    )
    rolled = d.due_after_period("2026-Q4", 10, "calendar", WORK)
    assert wording.due_sentence(rolled.explained, rolled.on, "en").endswith("10 January 2027 is not a working day.")
    end = d.due_at_end("2026-11", WORK)
    assert wording.due_sentence(end.explained, end.on) == "30 November 2026: hari terakhir periode."


@pytest.mark.skipif(not HOLIDAYS.exists(), reason="the shared list of holidays is not beside the repository")
def test_holidays_are_those_of_the_decrees() -> None:
    with HOLIDAYS.open(encoding="utf-8", newline="") as source:
        listed = {row["tanggal"] for row in csv.DictReader(source)}
    ours = {day.isoformat() for year in range(2019, 2028) for day in national_holidays(year)}
    assert ours == listed
