"""Public holidays of Indonesia and days of joint leave (cuti bersama), from the `holidays` package, and own days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

from app.domain.deadlines import WorkCalendar


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day the office decides about: free under a name, or (`works`) no holiday after all."""

    day: date
    name: str
    works: bool = False


@cache
def national_holidays(year: int, *, joint_leave: bool = True, language: str = "id") -> dict[date, str]:
    """Day → name, of itself the Indonesian one. Years without a decree hold estimates: the office confirms them."""
    categories = ("public", "government") if joint_leave else ("public",)
    found = holidays.country_holidays(
        "ID", years=year, language="en_US" if language == "en" else "id", categories=categories
    )
    return {day: name for day, name in sorted(found.items()) if day.year == year}


def work_calendar(first_year: int, last_year: int, own: Iterable[OwnDay] = ()) -> WorkCalendar:
    """The calendar of an office over some years; `own` days win over the national ones."""
    days: dict[date, str] = {}
    for year in range(first_year, last_year + 1):
        days.update(national_holidays(year))
    for one in own:
        if one.works:
            days.pop(one.day, None)
        else:
            days[one.day] = one.name
    return WorkCalendar(days)
