"""The working calendar of a year as due dates reckon with it: decreed holidays, and the office's own days over them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from app import policy, wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.deadlines import WorkCalendar
from app.domain.holiday_calendar import national_holidays
from app.models.holiday import Holiday
from app.queries import work_days
from app.registry import get
from app.web import access, language
from app.web.session import current_actor

blueprint = Blueprint("staff_calendar", __name__)
_YEARS = range(2015, 2061)


@dataclass(frozen=True, slots=True)
class Day:
    """One line: `worked` when the office takes the holiday out."""

    day: str
    weekday: str
    name: str
    kind: str
    worked: bool
    own: bool
    url: str | None
    act: str


@blueprint.get("/")
@access.staff_required()
def index() -> ResponseReturnValue:
    """One year; another by `?year=`."""
    actor = current_actor()
    this_year = settings().today(utcnow()).year
    year = request.args.get("year", default=this_year, type=int)
    year = year if year in _YEARS else this_year
    first, last = date(year, 1, 1), date(year, 12, 31)
    with unit_of_work(write=False) as session:
        days = _days(session, year, actor)
        work = work_days.around(session, [first])
    free = sum(not one.worked for one in days)
    return render_template(
        "staff/calendar.html",
        year=year,
        days=days,
        free=wording.number(free, language.current()),
        working=wording.number(work.working_days(first, last) + work.works(first), language.current()),
        previous=url_for(".index", year=year - 1) if year - 1 in _YEARS else None,
        next=url_for(".index", year=year + 1) if year + 1 in _YEARS else None,
        create=url_for("staff_holiday.create_view") if policy.may(actor, "create", get("holiday")) else None,
        list_url=url_for("staff_holiday.index_view"),
    )


def _days(session: Session, year: int, actor: Actor) -> list[Day]:
    query = select(Holiday).where(
        col(Holiday.deleted_at).is_(None), col(Holiday.falls_on).between(date(year, 1, 1), date(year, 12, 31))
    )
    own = {one.falls_on: one for one in session.exec(query)}
    decreed, public = national_holidays(year), national_holidays(year, joint_leave=False)
    said = national_holidays(year, language=language.current())
    may_write = policy.may(actor, "create", get("holiday"))
    made = []
    for day in sorted({*decreed, *own}):
        if day in own:
            made.append(_own(day, own[day], decreed.get(day, ""), said.get(day, "")))
        else:
            kind = "national" if day in public else "joint_leave"
            filled = {"falls_on": f"{day:%d/%m/%Y}", "kind": "working", "name": decreed[day]}
            free_anyway = day.weekday() in WorkCalendar().weekend
            act = None if free_anyway or not may_write else url_for("staff_holiday.create_view", **filled)  # type: ignore[arg-type]
            made.append(_day(day, said[day], _kind(kind), url=act, act=_("Work on this day")))
    return made


def _own(day: date, row: Holiday, decreed: str, said: str) -> Day:
    """Under the name the office gave it; what else the day would be stands behind it."""
    name = row.name if not decreed else said if decreed == row.name else f"{row.name} ({said})"
    url = url_for("staff_holiday.details_view", id=row.public_id)
    return _day(day, name, _kind(row.kind), worked=row.kind == "working", own=True, url=url, act=_("Open"))


def _day(day: date, name: str, kind: str, *, worked: bool = False, own: bool = False, **more: Any) -> Day:
    language_ = language.current()
    return Day(wording.long_date(day, language_), wording.weekday(day, language_), name, kind, worked, own, **more)


def _kind(kind: str) -> str:
    return get("holiday").fields["kind"].type.show(kind, language.current())
