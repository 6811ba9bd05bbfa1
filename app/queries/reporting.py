"""What a company had to report and what came: facts for `app.domain.regularity`."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func, select
from sqlmodel import Session, col

from app.domain.regularity import DutyFact, Regularity, regularity
from app.models.duty import Duty
from app.models.submission import Submission


def of_company(session: Session, company_id: int, *, since: date, today: date, zone: ZoneInfo) -> Regularity:
    """The duties of one company due from `since` on, counted; one statement."""
    facts = [
        DutyFact(
            duty.public_id, duty.form, duty.period, duty.due_on, duty.state,
            sent_on=sent.astimezone(zone).date() if sent else None, paused=duty.pause_reason is not None,
        )
        for duty, sent in session.execute(_duties(), {"company": company_id, "since": since})
    ]  # fmt: skip
    return regularity(facts, since=since, today=today)


@cache
def _duties() -> Select[Duty, datetime]:
    """Asked with every page of a company, hence made once."""
    first = (
        select(func.min(col(Submission.sent_at)))
        .where(col(Submission.duty_id) == col(Duty.id), col(Submission.state) != "withdrawn")
        .correlate(Duty)
        .scalar_subquery()
    )
    return select(Duty, first.label("sent_at")).where(
        col(Duty.company_id) == bindparam("company"), col(Duty.due_on) >= bindparam("since")
    )
