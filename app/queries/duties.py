"""Reads about duties: which company, which duties, what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

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
    """A duty with the newest report of it, if any came; `rest` = rows of it that still wait in the draft."""

    duty: Duty
    submission: Submission | None
    receipt: Receipt | None
    rest: int = 0


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
    query = select(Contact).where(
        Contact.company == company_id,
        Contact.status != "inactive",
        col(Contact.email).is_not(None),
        col(Contact.deleted_at).is_(None),
    )
    contacts = session.exec(query.order_by(col(Contact.id))).all()
    working = [contact for contact in contacts if contact.email_state in ("ok", "soft_bounce")]
    return next(iter(working or contacts), None)


def of_company(session: Session, company_id: int, *, most: int = 12) -> list[DutyStanding]:
    """The duties of a company, open ones first by due date, then the newest done ones."""
    query = select(Duty).where(Duty.company_id == company_id).order_by(col(Duty.due_on).desc()).limit(most)
    duties = session.exec(query).all()
    newest = _newest(session, [duty.id for duty in duties if duty.id is not None])
    receipts = _receipts(session, [s.id for s in newest.values() if s.id is not None])
    standings = []
    for duty in duties:
        submission = newest.get(duty.id or 0)
        receipt = receipts.get(submission.id or 0) if submission else None
        standings.append(DutyStanding(duty, submission, receipt, rest(session, submission) if submission else 0))
    done = [s for s in standings if not s.duty.is_open]
    return sorted((s for s in standings if s.duty.is_open), key=lambda s: s.duty.due_on) + done


def rest(session: Session, submission: Submission) -> int:
    """Rows that were left out of a report and still wait: none once they were sent, deleted or too old."""
    if not submission.rows_deferred:
        return 0
    draft = session.exec(select(Draft).where(Draft.duty_id == submission.duty_id, Draft.state == "open")).first()
    return len(draft.data["rows"]) if draft else 0


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


def _newest(session: Session, duty_ids: Sequence[int]) -> dict[int, Submission]:
    query = select(Submission).where(col(Submission.duty_id).in_(duty_ids), Submission.state != "withdrawn")
    found = session.exec(query.order_by(col(Submission.version))).all()
    return {submission.duty_id: submission for submission in found}


def _receipts(session: Session, submission_ids: Sequence[int]) -> dict[int, Receipt]:
    found = session.exec(select(Receipt).where(col(Receipt.submission_id).in_(submission_ids))).all()
    return {receipt.submission_id: receipt for receipt in found}
