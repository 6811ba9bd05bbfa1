"""Reads about duties: which company, which duties, what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.domain.errors import NotFound
from app.models.company import Company
from app.models.contact import Contact
from app.models.draft import Draft
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.receipt import Receipt
from app.models.submission import Submission


@dataclass(frozen=True, slots=True)
class DutyStanding:
    """A duty with the newest report of it, if any came.

    `rest` = rows of it that still wait in the draft; `correcting` = a report to take its place has been begun.
    """

    duty: Duty
    submission: Submission | None
    receipt: Receipt | None
    rest: int = 0
    correcting: bool = False


def company_by(session: Session, text: str) -> Company:
    """A company by NIB, public id or number. Raises NotFound."""
    typed = text.strip()
    digits = "".join(c for c in typed if c.isdigit())
    query = select(Company).where(col(Company.deleted_at).is_(None))
    for condition in (
        Company.nib == digits if len(digits) == 13 else None,
        Company.public_id == typed,
        Company.id == int(typed) if typed.isdigit() and len(typed) < 10 else None,
    ):
        if condition is not None:
            found = session.exec(query.where(condition)).first()
            if found is not None:
                return found
    raise NotFound("company_unknown", value=typed)


def contact_for(session: Session, company_id: int) -> Contact | None:
    """The contact reports are asked of: active, reachable by mail, the oldest first."""
    contacts = _reachable(session, company_id)
    working = [contact for contact in contacts if contact.email_state in ("ok", "soft_bounce")]
    return next(iter(working or contacts), None)


def addresses(session: Session, company_id: int) -> set[str]:
    """Every address on file of a company, casefolded."""
    return {(contact.email or "").casefold() for contact in _reachable(session, company_id)}


def _reachable(session: Session, company_id: int) -> Sequence[Contact]:
    query = select(Contact).where(
        Contact.company == company_id,
        Contact.status != "inactive",
        col(Contact.email).is_not(None),
        col(Contact.deleted_at).is_(None),
    )
    return session.exec(query.order_by(col(Contact.id))).all()


def of_company(session: Session, company_id: int, *, most: int = 12) -> list[DutyStanding]:
    """The duties of a company, open ones first by due date, then the newest done ones."""
    query = select(Duty).where(Duty.company_id == company_id).order_by(col(Duty.due_on).desc()).limit(most)
    duties = session.exec(query).all()
    newest = _newest(session, [duty.id for duty in duties if duty.id is not None])
    receipts = _receipts(session, [s.id for s in newest.values() if s.id is not None])
    drafts = {draft.duty_id: draft for draft in session.exec(_open_drafts([duty.id for duty in duties])).all()}
    standings = []
    for duty in duties:
        submission, draft = newest.get(duty.id or 0), drafts.get(duty.id or 0)
        receipt = receipts.get(submission.id or 0) if submission else None
        waiting = _waiting(submission, draft) if submission else 0
        correcting = not duty.is_open and not waiting and draft is not None and _has_answers(draft)
        standings.append(DutyStanding(duty, submission, receipt, waiting, correcting))
    done = [s for s in standings if not s.duty.is_open]
    return sorted((s for s in standings if s.duty.is_open), key=lambda s: s.duty.due_on) + done


def rest(session: Session, submission: Submission) -> int:
    """Rows that were left out of a report and still wait: none once they were sent, deleted or too old."""
    return _waiting(submission, session.exec(_open_drafts([submission.duty_id])).first())


def newest_submission(session: Session, duty: Duty) -> Submission | None:
    return _newest(session, [duty.id] if duty.id is not None else []).get(duty.id or 0)


def receipt_by_code(session: Session, code: str) -> tuple[Receipt, Submission, Duty] | None:
    """Receipt, report and duty of a code in its full form."""
    query = (
        select(Receipt, Submission, Duty)
        .join(Submission, col(Submission.id) == col(Receipt.submission_id))
        .join(Duty, col(Duty.id) == col(Submission.duty_id))
        .where(Receipt.short_code == code)
    )
    found = session.exec(query).first()
    return (found[0], found[1], found[2]) if found else None


def receipt_of(session: Session, submission: Submission) -> Receipt | None:
    return session.exec(select(Receipt).where(Receipt.submission_id == submission.id)).first()


def link_of(session: Session, duty: Duty) -> FormLink | None:
    """The newest link of a duty, living or not."""
    return session.exec(select(FormLink).where(FormLink.duty_id == duty.id).order_by(col(FormLink.id).desc())).first()


def _open_drafts(duty_ids: Sequence[int | None]) -> SelectOfScalar[Draft]:
    return select(Draft).where(col(Draft.duty_id).in_(duty_ids), Draft.state == "open")


def _waiting(submission: Submission, draft: Draft | None) -> int:
    if draft is None or not submission.rows_deferred or draft.data.get("adds_to") != submission.code:
        return 0
    return len(draft.data["rows"])


def _has_answers(draft: Draft) -> bool:
    return bool(draft.data["rows"]) or draft.data["mode"] == "nil"


def _newest(session: Session, duty_ids: Sequence[int]) -> dict[int, Submission]:
    query = select(Submission).where(col(Submission.duty_id).in_(duty_ids), Submission.state != "withdrawn")
    found = session.exec(query.order_by(col(Submission.version))).all()
    return {submission.duty_id: submission for submission in found}


def _receipts(session: Session, submission_ids: Sequence[int]) -> dict[int, Receipt]:
    found = session.exec(select(Receipt).where(col(Receipt.submission_id).in_(submission_ids))).all()
    return {receipt.submission_id: receipt for receipt in found}
