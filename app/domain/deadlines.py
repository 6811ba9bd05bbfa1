"""Due dates: calendar and working days, ends of months and quarters, and how each date came about.

Pure: holidays come in as data (`app.queries.work_days`); days are local dates.
`Due.explained` holds facts only, JSON-ready; `app.wording.due_sentence` says them.
"""

from __future__ import annotations

import calendar as _calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

DayKind = Literal["calendar", "working"]
Recurrence = Literal["monthly", "quarterly", "yearly"]

_PERIOD = re.compile(r"(\d{4})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days an office works. `holidays`: day → name; `weekend`: weekdays, Monday is 0."""

    holidays: Mapping[date, str] = field(default_factory=dict)
    weekend: frozenset[int] = frozenset({5, 6})

    def works(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_working(self, day: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.works(day):
            day += timedelta(days=1)
        return day

    def shift(self, day: date, working_days: int) -> date:
        """So many working days after (before, when negative) a day, which itself is not counted."""
        step = timedelta(days=1 if working_days >= 0 else -1)
        left = abs(working_days)
        while left:
            day += step
            left -= self.works(day)
        return day

    def working_days(self, after: date, until: date) -> int:
        """How many working days lie after one day, up to and with the other; negative when it has passed."""
        if until < after:
            return -self.working_days(until, after)
        return sum(self.works(after + timedelta(days=i)) for i in range(1, (until - after).days + 1))

    def holidays_between(self, after: date, until: date) -> dict[date, str]:
        """Named holidays on what would be working days, both ends excluded and included as in `working_days`."""
        low, high = sorted((after, until))
        return {
            day: name
            for day, name in sorted(self.holidays.items())
            if low < day <= high and day.weekday() not in self.weekend
        }


@dataclass(frozen=True, slots=True)
class Due:
    """A due date and the facts it was made of."""

    on: date
    explained: dict[str, Any]


def due_from(start: date, days: int, kind: DayKind, work: WorkCalendar, *, roll: bool = True) -> Due:
    """So many calendar or working days from `start` (not counted; negative = before).

    A calendar-day date on a free day rolls to the next working day unless `roll` is False; one before
    `start` never rolls past it.
    """
    facts: dict[str, Any] = {"from": start.isoformat(), "days": days, "kind": kind}
    if kind == "working":
        on = work.shift(start, days)
        facts["skipped"] = _named(work.holidays_between(start, on))
        return Due(on, facts)
    plain = start + timedelta(days=days)
    return _rolled(plain, facts, work, roll=roll and days >= 0)


def due_in_month(period: str, day: int, work: WorkCalendar, *, roll: bool = True) -> Due:
    """A fixed day of the month after the period (31 = its last day), e.g. the 10th of the next month."""
    first = end_of(period) + timedelta(days=1)
    plain = first.replace(day=min(day, _calendar.monthrange(first.year, first.month)[1]))
    return _rolled(plain, {"period": period, "day": day, "kind": "fixed"}, work, roll=roll)


def due_at_end(period: str, work: WorkCalendar, *, roll: bool = False) -> Due:
    """The last day of the period; by default as it stands, for a month-end is named by its date."""
    return _rolled(end_of(period), {"period": period, "kind": "end"}, work, roll=roll)


def due_after_period(period: str, days: int, kind: DayKind, work: WorkCalendar) -> Due:
    """So many days after the period ends."""
    due = due_from(end_of(period), days, kind, work)
    return Due(due.on, {**due.explained, "period": period})


def period_of(day: date, recurrence: Recurrence) -> str:
    """The period a day lies in: 2026-11, 2026-Q4 or 2026."""
    if recurrence == "monthly":
        return f"{day.year}-{day.month:02d}"
    if recurrence == "quarterly":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return str(day.year)


def bounds_of(period: str) -> tuple[date, date]:
    """First and last day of a period. ValueError for what is none."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(f"not a period: {period!r}")
    year = int(found[1])
    if found[2]:
        first = last = int(found[2])
    elif found[3]:
        first, last = int(found[3]) * 3 - 2, int(found[3]) * 3
    else:
        first, last = 1, 12
    return date(year, first, 1), date(year, last, _calendar.monthrange(year, last)[1])


def end_of(period: str) -> date:
    return bounds_of(period)[1]


def next_period(period: str) -> str:
    return period_of(end_of(period) + timedelta(days=1), _recurrence(period))


def previous_period(period: str) -> str:
    return period_of(bounds_of(period)[0] - timedelta(days=1), _recurrence(period))


def _recurrence(period: str) -> Recurrence:
    return "quarterly" if "Q" in period else "monthly" if "-" in period else "yearly"


def _rolled(plain: date, facts: dict[str, Any], work: WorkCalendar, *, roll: bool) -> Due:
    on = work.next_working(plain) if roll else plain
    if on != plain:
        facts["rolled_from"] = plain.isoformat()
        facts["skipped"] = _named(work.holidays_between(plain - timedelta(days=1), on))
    return Due(on, facts)


def _named(days: Mapping[date, str]) -> list[dict[str, str]]:
    return [{"on": day.isoformat(), "name": name} for day, name in days.items()]
