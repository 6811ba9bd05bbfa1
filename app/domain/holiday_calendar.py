"""Public holidays of Indonesia and days of joint leave (cuti bersama), from the `holidays` package."""

from __future__ import annotations

from datetime import date
from functools import cache

import holidays

from app.domain.deadlines import WorkCalendar


@cache
def national_holidays(year: int, *, joint_leave: bool = True) -> dict[date, str]:
    """Day → Indonesian name. Years without a decree hold estimates: the office confirms them."""
    categories = ("public", "government") if joint_leave else ("public",)
    found = holidays.country_holidays("ID", years=year, language="id", categories=categories)
    return {day: name for day, name in sorted(found.items()) if day.year == year}


def work_calendar(first_year: int, last_year: int, own: dict[date, str] | None = None) -> WorkCalendar:
    """The calendar of an office over some years; `own` adds its local free days."""
    days: dict[date, str] = {}
    for year in range(first_year, last_year + 1):
        days.update(national_holidays(year))
    return WorkCalendar(days | (own or {}))
