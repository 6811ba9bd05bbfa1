"""What a company had to report and what came: facts for `app.domain.regularity`."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.domain.regularity import DutyFact, Regularity, regularity
from app.models.duty import Duty
from app.models.submission import Submission


def of_company(session: Session, company_id: int, *, since: date, today: date, zone: ZoneInfo) -> Regularity:
    """The duties of one company due from `since` on, counted; one statement."""
    first = (
        select(func.min(col(Submission.sent_at)))
        .where(col(Submission.duty_id) == col(Duty.id), col(Submission.state) != "withdrawn")
        .correlate(Duty)
        .scalar_subquery()
    )
    query = select(Duty, first.label("sent_at")).where(
        col(Duty.company_id) == company_id, col(Duty.due_on) >= since
    )  # fmt: skip
    facts = [
        DutyFact(
            duty.public_id, duty.form, duty.period, duty.due_on, duty.state,
            sent_on=sent.astimezone(zone).date() if sent else None, paused=duty.pause_reason is not None,
        )
        for duty, sent in session.execute(query)
    ]  # fmt: skip
    return regularity(facts, since=since, today=today)
