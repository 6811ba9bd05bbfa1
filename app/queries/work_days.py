"""The one calendar of the office: national holidays and joint leave as decreed, and the office's own days over them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from app.domain.deadlines import WorkCalendar
from app.domain.holiday_calendar import OwnDay, work_calendar
from app.models.holiday import Holiday


def around(session: Session, days: Iterable[date]) -> WorkCalendar:
    """A calendar that covers these days and the year after the last of them."""
    years = [day.year for day in days]
    first, last = min(years), max(years) + 1
    return work_calendar(first, last, own_days(session, first, last))


def own_days(session: Session, first_year: int, last_year: int) -> list[OwnDay]:
    """The office's own days of some years, those in the trash left out."""
    query = select(Holiday).where(
        col(Holiday.deleted_at).is_(None),
        col(Holiday.falls_on).between(date(first_year, 1, 1), date(last_year, 12, 31)),
    )
    rows = session.exec(query.order_by(col(Holiday.falls_on)))
    return [OwnDay(row.falls_on, row.name, works=row.kind == "working") for row in rows]
