"""What companies ask of staff: a link they never got, another contact, a question or an objection about a duty.

Nothing goes out by itself: a person looks at each. A question pauses its duty at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.config import settings
from app.domain.actors import Actor
from app.models.company import Company
from app.models.contact_request import ContactRequest, Question
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.operations import audit
from app.queries import work_days

ANSWER_DAYS = 3  # working days
OBJECTIONS = frozenset({"reported_elsewhere", "no_workers", "not_ours", "closed"})
_A_DAY_FROM_ONE_ADDRESS = 5
Asked = TypeVar("Asked", ContactRequest, Question)


def ask_for_link(session: Session, values: Mapping[str, str | None], *, now: datetime) -> ContactRequest | None:
    """ "Perusahaan kami belum menerima tautan": an unconfirmed company in the inbox. None beyond the daily limit."""
    email = (values.get("email") or "").casefold()
    query = select(func.count()).where(
        ContactRequest.email == email, col(ContactRequest.created_at) > now - timedelta(days=1)
    )
    if int(session.exec(query).one()) >= _A_DAY_FROM_ONE_ADDRESS:
        return None
    made = ContactRequest(
        kind="no_link",
        company_name=values.get("company_name") or "",
        nib=values.get("nib") or None,
        name=values.get("name") or "",
        position=values.get("position"),
        email=email,
        phone=values.get("phone"),
        created_at=now,
    )
    return _kept(session, made)


def ask_for_contact(
    session: Session, link: FormLink, company: Company, values: Mapping[str, str | None], *, now: datetime
) -> ContactRequest:
    """ "Minta ganti kontak perusahaan": staff confirm before anything changes."""
    made = ContactRequest(
        kind="new_contact",
        company_id=company.id,
        link_id=link.id,
        company_name=company.legal_name,
        nib=company.nib,
        name=values.get("name") or "",
        position=values.get("position"),
        email=(values.get("email") or "").casefold(),
        phone=values.get("phone"),
        note=values.get("note"),
        created_at=now,
    )
    return _kept(session, made)


def ask(
    session: Session, duty: Duty, link: FormLink, *, reason: str, reference_no: str | None, text: str, now: datetime
) -> Question:
    """A question or objection about a duty; the duty pauses at once, until a person has answered."""
    assert duty.id is not None
    today = settings().today(now)
    due_on: date = work_days.around(session, [today]).shift(today, ANSWER_DAYS)
    made = Question(
        kind="objection" if reason in OBJECTIONS else "question",
        company_id=duty.company_id,
        duty_id=duty.id,
        link_id=link.id,
        reason=reason,
        reference_no=reference_no or None,
        question=text,
        due_on=due_on,
        created_at=now,
    )
    kept = _kept(session, made)
    if kept is made and duty.is_open:
        duty.pause_reason, duty.paused_until, duty.updated_at = made.kind, None, now
        duty.row_version += 1
        session.add(duty)
        session.flush()
    return kept


def decide_request(session: Session, request: ContactRequest, state: str, actor: Actor, *, now: datetime) -> None:
    """Staff looked at a request: "confirmed" or "refused". What follows (company, contact, link) is theirs to do."""
    request.state, request.decided_by, request.decided_at = state, actor.name, now
    request.row_version += 1
    session.add(request)
    audit.record(session, actor=actor, now=now, entity="contact_request", entity_id=request.public_id, action=state)


def answer(
    session: Session, question: Question, text: str, actor: Actor, *, now: datetime, outcome: str = "go_on"
) -> None:
    """Answer a question; `outcome`: "go_on" ends the pause, "excused" or "waived" closes the duty."""
    question.answer, question.state = text, "answered"
    question.answered_by, question.answered_at = actor.name, now
    question.row_version += 1
    session.add(question)
    duty = session.get_one(Duty, question.duty_id)
    if duty.is_open:
        duty.pause_reason = duty.paused_until = None
        if outcome in ("excused", "waived"):
            duty.state, duty.exempt_reason = outcome, text
        duty.updated_at = now
        duty.row_version += 1
        session.add(duty)
    audit.record(
        session, actor=actor, now=now, entity="question", entity_id=question.public_id, action="answer", reason=outcome
    )


_OF_ITS_OWN = {"id", "public_id", "row_version", "created_at", "due_on", "link_id"}


def _kept(session: Session, made: Asked) -> Asked:
    """`made`, stored; or the equal one that still waits, so that a page sent again asks once."""
    model = type(made)
    same = [col(getattr(model, name)) == getattr(made, name) for name in model.model_fields if name not in _OF_ITS_OWN]
    waiting = session.exec(select(model).where(*same)).first()
    if waiting is not None:
        return waiting
    session.add(made)
    session.flush()
    return made
