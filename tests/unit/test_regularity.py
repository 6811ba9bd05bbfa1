"""Rutin melapor, pernah terlambat, belum pernah melapor: counted, with reasons, and fair."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.domain.regularity import DutyFact, Regularity, regularity

SINCE, TODAY = date(2024, 11, 22), date(2026, 11, 22)


def duty(month: int, sent: date | None = None, **given: Any) -> DutyFact:
    facts = {"state": "accepted" if sent else "sent", **given}
    return DutyFact(f"d{month}", "wajib-lapor", f"2026-{month:02d}", date(2026, month, 10), sent_on=sent, **facts)


def counted(*duties: DutyFact) -> Regularity:
    return regularity(duties, since=SINCE, today=TODAY)


def test_all_in_time_is_regular() -> None:
    found = counted(duty(9, date(2026, 9, 10)), duty(10, date(2026, 10, 1)))

    assert found.verdict == "regular"
    assert [one.period for one in found.on_time] == ["2026-10", "2026-09"]


def test_one_late_or_missing_report_is_told_with_its_days() -> None:
    late = counted(duty(9, date(2026, 9, 13)), duty(10, date(2026, 10, 1)))
    missing = counted(duty(9, date(2026, 9, 10)), duty(10))

    assert (late.verdict, late.late[0].days_late) == ("late", 3)
    assert (missing.verdict, [one.period for one in missing.missing]) == ("late", ["2026-10"])


def test_nothing_ever_sent_is_never_and_nothing_due_is_said_as_such() -> None:
    assert counted(duty(9), duty(10)).verdict == "never"
    assert counted().verdict == "none"
    assert counted(duty(12)).verdict == "none", "its day has not come"


def test_what_the_office_excused_or_paused_is_not_held_against_anybody() -> None:
    excused, waived = duty(8, state="excused"), duty(9, state="waived")
    asked = duty(10, paused=True)

    assert counted(excused, waived, asked).verdict == "none"


def test_only_the_stated_time_is_looked_at() -> None:
    old = DutyFact("d", "wajib-lapor", "2023-01", date(2023, 1, 10), "sent")

    assert counted(old, duty(10, date(2026, 10, 10))).verdict == "regular"


def test_a_report_before_its_day_counts_already() -> None:
    assert counted(duty(12, date(2026, 11, 20))).verdict == "regular"
