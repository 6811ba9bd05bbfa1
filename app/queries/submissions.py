"""Reads for the inbox: reports by state, their rows, and how each differs from the report before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from app import policy
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.domain.receipts import Place
from app.models.company import Company
from app.models.contact_request import ContactRequest, Question
from app.models.draft import Draft, Upload
from app.models.duty import Duty
from app.models.receipt import Receipt
from app.models.submission import Submission, SubmissionRow
from app.search import escaped

_QUIET = frozenset({"change", "note", "left_on"})  # what changes from report to report by nature
_REPORTS = (
    select(Submission, Duty, Company, Receipt)
    .join(Duty, col(Duty.id) == col(Submission.duty_id))
    .join(Company, col(Company.id) == col(Submission.company_id))
    .outerjoin(Receipt, col(Receipt.submission_id) == col(Submission.id))
)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One report in the list."""

    submission: Submission
    duty: Duty
    company: Company
    receipt: Receipt | None
    place: Place


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`next` is the cursor of the following page, None at the end; `counts` are reports by state."""

    rows: list[InboxRow]
    next: int | None
    counts: dict[str, int]


@dataclass(slots=True)
class Difference:
    """+new −left ~changed against the report before (None = there is none). `changed`: row, {field: (before, now)}."""

    earlier: Submission | None
    new: list[SubmissionRow] = field(default_factory=list)
    left: list[SubmissionRow] = field(default_factory=list)  # said to have left, in this report
    missing: list[SubmissionRow] = field(default_factory=list)  # in the earlier report, not named in this one
    changed: list[tuple[SubmissionRow, dict[str, tuple[Any, Any]]]] = field(default_factory=list)
    same: list[SubmissionRow] = field(default_factory=list)


def inbox(
    session: Session,
    actor: Actor,
    *,
    states: Sequence[str] = ("submitted",),
    search: str = "",
    before: int | None = None,
    limit: int = 50,
) -> InboxPage:
    """Reports in these states, newest first; `before` is the last page's cursor, `search` a code or company name."""
    query = _REPORTS.where(col(Submission.state).in_(states), _seen(actor))
    if search.strip():
        like = f"%{escaped(search.strip())}%"
        query = query.where(
            or_(col(Submission.code).ilike(like, escape="\\"), col(Company.legal_name).ilike(like, escape="\\"))
        )
    if before is not None:
        query = query.where(col(Submission.id) < before)
    found = session.exec(query.order_by(col(Submission.id).desc()).limit(limit + 1)).all()
    stands = places(session, [submission for submission, *_ in found[:limit]])
    rows = [InboxRow(*one, place=stands[one[0].code]) for one in found[:limit]]
    after = rows[-1].submission.id if len(found) > limit else None
    return InboxPage(rows, after, counts(session, actor))


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """Reports by state."""
    query = select(Submission.state, func.count()).where(_seen(actor)).group_by(Submission.state)
    return {state: int(count) for state, count in session.exec(query).all()}


def one(session: Session, public_id: str, actor: Actor) -> InboxRow:
    """One report by its public id or code. Raises NotFound; a company beyond the actor's rights has no reports."""
    query = _REPORTS.where(or_(col(Submission.public_id) == public_id, col(Submission.code) == public_id))
    found = session.exec(query.where(_seen(actor))).first()
    if found is None:
        raise NotFound()
    return InboxRow(*found, place=place(session, found[0]))


def place(session: Session, submission: Submission) -> Place:
    return places(session, [submission])[submission.code]


def places(session: Session, reports: Sequence[Submission]) -> dict[str, Place]:
    """The place of each report, by its code: what it was sent from tells a further part from a correction."""
    found: dict[str, Place] = {one.code: Place() for one in reports}
    later = {one.duty_id for one in reports if one.version > 1}
    if not later:
        return found
    adds_to = col(Draft.data)["adds_to"].as_string()
    query = (
        select(Submission.code, Submission.duty_id, Submission.corrects_id, adds_to)
        .outerjoin(Draft, col(Draft.nonce) == col(Submission.idempotency_key))
        .where(col(Submission.duty_id).in_(later))
        .order_by(col(Submission.duty_id), col(Submission.version))
    )
    last: dict[int, Place] = {}
    for code, duty_id, corrects_id, more in session.exec(query).all():
        before = last.get(duty_id, Place())
        if more:
            found[code] = Place(before.part + 1, before.correction)
        else:
            found[code] = Place(1, before.correction + 1 if corrects_id else 0)
        last[duty_id] = found[code]
    return found


def rows(session: Session, submission: Submission, *, state: str | None = "ok") -> Sequence[SubmissionRow]:
    """The rows of a report in its own order; `state` None = deferred ones too."""
    query = select(SubmissionRow).where(SubmissionRow.submission_id == submission.id)
    if state is not None:
        query = query.where(SubmissionRow.state == state)
    return session.exec(query.order_by(col(SubmissionRow.row_no))).all()


def change_counts(session: Session, submission: Submission) -> dict[str, int]:
    """How many people of a report are tetap, baru, berubah, keluar."""
    query = select(SubmissionRow.change, func.count()).where(
        SubmissionRow.submission_id == submission.id, SubmissionRow.state == "ok"
    )
    return {change: int(count) for change, count in session.exec(query.group_by(SubmissionRow.change)).all()}


def attachments(session: Session, submission: Submission) -> Sequence[Upload]:
    """Scans and photos that came with a report; for staff only, always served as downloads."""
    query = select(Upload).where(Upload.submission_id == submission.id, Upload.kind == "attachment")
    return session.exec(query.order_by(col(Upload.id))).all()


def attachment(session: Session, submission: Submission, public_id: str) -> Upload:
    """A scan or photo of this report; what a company has not sent yet is not there. Raises NotFound."""
    found = session.exec(select(Upload).where(Upload.public_id == public_id)).first()
    if found is None or found.kind != "attachment" or found.submission_id != submission.id:
        raise NotFound()
    return found


def earlier(session: Session, submission: Submission) -> Submission | None:
    """The report to compare with: the company's last one that was accepted, or that waits for another duty.

    What a later part or a correction of the same duty takes the place of was looked at by nobody, or sent back.
    """
    query = select(Submission).where(
        Submission.company_id == submission.company_id,
        col(Submission.id) < submission.id,
        or_(
            col(Submission.state) == "accepted",
            (col(Submission.state) == "submitted") & (col(Submission.duty_id) != submission.duty_id),
        ),
    )
    return session.exec(query.order_by(col(Submission.id).desc())).first()


def difference(session: Session, submission: Submission) -> Difference:
    """How a report differs from the one before it, person by person (passport, else name and birth date)."""
    before = earlier(session, submission)
    made = Difference(before)
    old: dict[tuple[Any, ...], SubmissionRow] = {}
    for row in rows(session, before) if before is not None else ():
        if row.change != "keluar":
            for key in _keys(row):
                old.setdefault(key, row)
    met: set[int] = set()
    for row in rows(session, submission):
        match = next((old[key] for key in _keys(row) if key in old), None)
        if match is not None:
            met.add(match.row_no)
        _place(made, row, match)
    unmet = {row.row_no: row for row in old.values() if row.row_no not in met}
    made.missing = [unmet[number] for number in sorted(unmet)]
    return made


def requests(session: Session, actor: Actor, *, state: str = "new") -> Sequence[ContactRequest]:
    """Requests for links and contacts, oldest first."""
    query = select(ContactRequest).where(
        ContactRequest.state == state, policy.of_company(col(ContactRequest.company_id), actor)
    )
    return session.exec(query.order_by(col(ContactRequest.id))).all()


def questions(session: Session, actor: Actor, *, open_only: bool = True) -> Sequence[Question]:
    """Questions and objections, the one due first on top."""
    query = select(Question).where(policy.of_company(col(Question.company_id), actor))
    if open_only:
        query = query.where(Question.state != "answered")
    return session.exec(query.order_by(col(Question.due_on), col(Question.id))).all()


def _seen(actor: Actor) -> ColumnElement[bool]:
    return policy.of_company(col(Submission.company_id), actor)


def _place(made: Difference, row: SubmissionRow, match: SubmissionRow | None) -> None:
    if row.change == "keluar":
        made.left.append(row)
        return
    if match is None:
        made.new.append(row)
        return
    keys = [key for key in {**match.cells, **row.cells} if key not in _QUIET]
    changed = {
        key: (match.cells.get(key), row.cells.get(key)) for key in keys if match.cells.get(key) != row.cells.get(key)
    }
    if changed:
        made.changed.append((row, changed))
    else:
        made.same.append(row)


def _keys(row: SubmissionRow) -> list[tuple[Any, ...]]:
    cells = row.cells
    name = "".join(sorted(str(cells.get("full_name", "")).casefold().split()))
    return [
        ("passport", cells.get("passport_number"), cells.get("passport_country") or cells.get("nationality")),
        ("person", name, cells.get("birth_date"), cells.get("nationality")),
    ]
