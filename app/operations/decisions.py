"""What staff decide about a report: accepted into the registries, returned at cells, rejected with a reason.

Each decision moves the duty, is audited, and mails the company, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from app.config import settings
from app.domain.actors import Actor
from app.domain.errors import EditConflict
from app.domain.states import RETURN_REASONS, ROW_LEFT_OUT, SUBMISSION_MOVES, SUBMISSION_STATES, step
from app.models.company import Company
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.submission import Submission
from app.operations import acceptance, audit, links, outbox, receipts
from app.operations.acceptance_plan import Preview
from app.operations.duty_steps import move_duty
from app.operations.reopening import reopen
from app.queries import duties
from app.registry import forms


def preview_accept(session: Session, submission: Submission, actor: Actor) -> Preview:
    """What accepting would write, person by person, with notes; changes nothing."""
    return acceptance.plan(session, submission, actor)


def accept(
    session: Session,
    submission: Submission,
    actor: Actor,
    *,
    now: datetime,
    note: str | None = None,
    version: int | None = None,
    same: Mapping[int, str] | None = None,
) -> Preview:
    """Accept: the rows reach the registries through `records.save_many`. `version`: the row_version shown.

    `same`: see `acceptance.plan`. A row left out stays in the report, and the company is asked about it by mail.
    """
    _decide(submission, "accepted", actor, now, version)
    done = acceptance.apply(session, submission, actor, now=now, same=same)
    submission.decision_note = note
    session.add(submission)
    duty = session.get_one(Duty, submission.duty_id)
    move_duty(session, duty, "accepted", now)
    _queue_decision(
        session, "accepted", submission, duty, now,
        note=_words(done, note, submission.language), asked=len(done.left_out),
    )  # fmt: skip
    _audit_decision(session, submission, actor, now, _answers(done))
    return done


def _words(done: Preview, note: str | None, language: str) -> str | None:
    """The officer's note, and what the company is asked about rows that were left out."""
    asked = [ROW_LEFT_OUT.text(language).format(row=p.row.row_no, name=p.name) for p in done.left_out]
    return "\n\n".join([*([note] if note else []), *asked]) or None


def _answers(done: Preview) -> dict[str, list[int]]:
    """Row numbers of the questions of a report by their answer, for the history."""
    made = {"left_out": done.left_out, "same_person": done.same_person}
    return {key: [plan.row.row_no for plan in plans] for key, plans in made.items() if plans}


def return_(
    session: Session,
    submission: Submission,
    actor: Actor,
    *,
    reasons: Sequence[str],
    now: datetime,
    note: str | None = None,
    cells: Sequence[Mapping[str, Any]] = (),
    version: int | None = None,
) -> FormLink:
    """Give back with reasons (keys of RETURN_REASONS); the link reopens at `cells` = [{"row", "field", "message"}]."""
    _decide(submission, "needs_fix", actor, now, version)
    submission.decision_reasons, submission.decision_note = list(reasons), note
    submission.decision_cells = [dict(cell) for cell in cells]
    session.add(submission)
    duty = session.get_one(Duty, submission.duty_id)
    company = session.get_one(Company, submission.company_id)
    link = links.issue(session, duty.form, company, actor=actor, now=now, period=duty.period, mail=False)
    correct_by = max(duty.due_on, settings().today(now) + timedelta(days=settings().correction_days))
    links.prolong(session, link, correct_by)
    reopen(session, submission, duty, link, now=now)
    move_duty(session, duty, "returned", now)
    sentences = [RETURN_REASONS[code].text(link.language) for code in reasons if code in RETURN_REASONS]
    _queue_decision(
        session, "returned", submission, duty, now,
        note=note, reasons=sentences, cells=len(submission.decision_cells), link_id=link.id,
        due_on=correct_by.isoformat(), expires_at=link.expires_at.isoformat(),
    )  # fmt: skip
    _audit_decision(session, submission, actor, now, {"link_until": link.expires_at})
    return link


def reject(
    session: Session,
    submission: Submission,
    actor: Actor,
    *,
    reason: str,
    now: datetime,
    version: int | None = None,
) -> None:
    """Refuse, finally and with a reason; the duty is open again and the receipt no longer stands."""
    _decide(submission, "rejected", actor, now, version)
    submission.decision_note = reason
    session.add(submission)
    duty = session.get_one(Duty, submission.duty_id)
    move_duty(session, duty, "sent", now)
    receipt = duties.receipt_of(session, submission)
    if receipt is not None and receipt.state == "valid":
        receipts.withdraw(session, receipt)
    link = session.get_one(FormLink, submission.link_id)
    _queue_decision(
        session, "rejected", submission, duty, now,
        note=reason, link_id=link.id if link.state(now) in ("issued", "opened") else None, due_on=_still_due(duty, now),
    )  # fmt: skip
    _audit_decision(session, submission, actor, now)


def _still_due(duty: Duty, now: datetime) -> str | None:
    """The day to ask for; none when it has passed, for nobody can keep it any more."""
    return duty.due_on.isoformat() if duty.due_on >= settings().today(now) else None


def _decide(submission: Submission, state: str, actor: Actor, now: datetime, version: int | None) -> None:
    if submission.state != "submitted" and state in ("accepted", "needs_fix", "rejected"):
        by = submission.decided_by
        code = "decided" if by is None else "decided_by_you" if by == actor.name else "already_decided"
        raise EditConflict(code, public_id=submission.public_id)
    if version is not None and version != submission.row_version:
        raise EditConflict("edit_conflict", public_id=submission.public_id)
    submission.state = step(SUBMISSION_MOVES, SUBMISSION_STATES, submission.state, state)
    submission.decided_by, submission.decided_at = actor.name, now
    submission.row_version += 1


def _queue_decision(
    session: Session, kind: str, submission: Submission, duty: Duty, now: datetime, **more: Any
) -> None:
    company = session.get_one(Company, submission.company_id)
    link = session.get_one(FormLink, submission.link_id)
    links.follow(session, link, now=now)
    declared = str(submission.filled_by.get("email") or "")
    to = link.email or declared
    if not to:
        return
    context = {
        "company_name": company.legal_name,
        "receipt_code": submission.code,
        "submission_id": submission.id,
        "contact_name": submission.filled_by.get("name"),
        "form_title": forms()[duty.form].title.text(submission.language),
        "period": duty.period,
        "sent_at": submission.sent_at.isoformat(),
        "decided_at": now.isoformat(),
        **more,
    }
    outbox.enqueue(
        session, kind, to=to, language=submission.language, company_id=submission.company_id, context=context,
        dedupe_key=f"{kind}:{submission.code}:{submission.row_version}", now=now,
    )  # fmt: skip


def _audit_decision(
    session: Session, submission: Submission, actor: Actor, now: datetime, more: Mapping[str, Any] | None = None
) -> None:
    audit.record(
        session, actor=actor, now=now, entity="submission", entity_id=submission.public_id, action=submission.state,
        after={"code": submission.code, **(more or {})}, reason=submission.decision_note,
    )  # fmt: skip
