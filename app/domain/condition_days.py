"""Days a condition speaks of without naming them: "within 30 days", "overdue", "this month".

Every span is (first day, last day), both included; None is open. `today` is the date at the office.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal, get_args

from app.domain.conditions import Operator
from app.domain.semantic import Invalid

Span = tuple[date | None, date | None]
Period = Literal[
    "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month", "next_month",
    "this_quarter", "last_quarter", "next_quarter", "this_year", "last_year", "next_year",
]  # fmt: skip
PERIODS: tuple[Period, ...] = get_args(Period)
MOST_DAYS = 36_500
RELATIVE: frozenset[Operator] = frozenset({"next", "last", "past", "ahead", "ago", "beyond", "period"})


def relative(operator: Operator, value: str, today: date) -> Span:
    """The span of a relative operator. Raises Invalid.

    next 30: today up to and with the thirtieth day from it; last 7: the seven days before today, and today;
    past: before today; ahead: today or later; ago 7, beyond 30: what lies outside those.
    """
    if operator == "past":
        return None, today - timedelta(days=1)
    if operator == "ahead":
        return today, None
    if operator == "period":
        return period(value, today)
    days = timedelta(days=_days(value))
    if operator == "next":
        return today, today + days
    if operator == "last":
        return today - days, today
    if operator == "ago":
        return None, today - days - timedelta(days=1)
    return today + days + timedelta(days=1), None


def absolute(operator: Operator, first: date, last: date) -> Span:
    """The span of an operator over named days; `last` counts for between only, which may stand reversed."""
    one = timedelta(days=1)
    if operator == "between":
        return min(first, last), max(first, last)
    spans: dict[Operator, Span] = {
        "ge": (first, None),
        "gt": (first + one, None),
        "le": (None, first),
        "lt": (None, first - one),
    }
    return spans.get(operator, (first, first))


def period(name: str, today: date) -> Span:
    """A day, week (from Monday), month, quarter or year counted from today. Raises Invalid."""
    near = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if name in near:
        day = today + timedelta(days=near[name])
        return day, day
    which, _, unit = name.partition("_")
    steps = {"last": -1, "this": 0, "next": 1}
    if which not in steps or unit not in _UNITS:
        raise Invalid("choice_unknown")
    return _UNITS[unit](today, steps[which])


def _week(today: date, step: int) -> Span:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=step)
    return monday, monday + timedelta(days=6)


def _months(today: date, step: int, size: int) -> Span:
    first = (today.year * 12 + today.month - 1) // size * size + step * size
    last = first + size - 1
    year, month = divmod(last, 12)
    return date(first // 12, first % 12 + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])


_UNITS: dict[str, Callable[[date, int], Span]] = {
    "week": _week,
    "month": lambda today, step: _months(today, step, 1),
    "quarter": lambda today, step: _months(today, step, 3),
    "year": lambda today, step: _months(today, step, 12),
}


def _days(text: str) -> int:
    sign, digits = ("-", text.strip()[1:]) if text.strip().startswith("-") else ("", text.strip())
    if not (digits.isascii() and digits.isdigit()):
        raise Invalid("type", expected="int")
    if sign or len(digits) > len(str(MOST_DAYS)) or int(digits) > MOST_DAYS:
        raise Invalid("out_of_range", min=0, max=MOST_DAYS)
    return int(digits)
