"""Days that are counted from today."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.condition_days import PERIODS, absolute, period, relative
from app.domain.semantic import Invalid

SUNDAY = date(2026, 11, 22)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("operator", "value", "first", "last"),
    [
        ("next", "30", "2026-11-22", "2026-12-22"),
        ("last", "7", "2026-11-15", "2026-11-22"),
        ("next", "0", "2026-11-22", "2026-11-22"),
        ("past", "", "", "2026-11-21"),
        ("ahead", "", "2026-11-22", ""),
        ("ago", "7", "", "2026-11-14"),
        ("beyond", "30", "2026-12-23", ""),
        ("period", "today", "2026-11-22", "2026-11-22"),
        ("period", "tomorrow", "2026-11-23", "2026-11-23"),
        ("period", "this_week", "2026-11-16", "2026-11-22"),
        ("period", "next_week", "2026-11-23", "2026-11-29"),
        ("period", "this_month", "2026-11-01", "2026-11-30"),
        ("period", "next_month", "2026-12-01", "2026-12-31"),
        ("period", "last_month", "2026-10-01", "2026-10-31"),
        ("period", "this_quarter", "2026-10-01", "2026-12-31"),
        ("period", "next_quarter", "2027-01-01", "2027-03-31"),
        ("period", "last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_relative_span_counts_from_today(operator: str, value: str, first: str, last: str) -> None:
    assert relative(operator, value, SUNDAY) == (day(first), day(last))  # type: ignore[arg-type]


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)), st.sampled_from(["week", "month", "quarter", "year"]))
def test_neighbouring_periods_touch_and_the_current_one_holds_today(today: date, unit: str) -> None:
    spans = [period(f"{which}_{unit}", today) for which in ("last", "this", "next")]

    assert spans[1][0] <= today <= spans[1][1]  # type: ignore[operator]
    for (_, ended), (began, _) in pairwise(spans):
        assert ended is not None
        assert began == ended + timedelta(days=1)


def test_every_period_offered_can_be_counted() -> None:
    assert all(period(name, SUNDAY)[0] for name in PERIODS)


@pytest.mark.parametrize("value", ["", "x", "-1", "1e3", "٣", "36501", "9" * 30])
def test_a_number_of_days_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        relative("next", value, SUNDAY)


def test_between_may_be_written_in_either_order() -> None:
    assert absolute("between", SUNDAY, date(2026, 1, 1)) == (date(2026, 1, 1), SUNDAY)
