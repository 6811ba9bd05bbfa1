"""Reports, sent once by a company. What staff decide about them: `app.operations.decisions`.

`submit` is idempotent: the draft's nonce is the key, so a double click, a reload and a second tab end at the
same receipt. Submission, rows, receipt and mail are one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from app.config import settings
from app.domain.actors import Actor
from app.domain.deadlines import WorkCalendar
from app.domain.errors import Refused
from app.domain.sheet_report import plain_value
from app.domain.states import SUBMISSION_MOVES, SUBMISSION_STATES, step
from app.models.company import Company
from app.models.draft import Draft, Upload
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.receipt import Receipt
from app.models.submission import Submission, SubmissionRow
from app.operations import audit, drafts, outbox, receipts, rest
from app.operations.decisions import accept, preview_accept, reject, return_
from app.operations.duty_steps import move_duty
from app.operations.reopening import reopen
from app.queries import duties, work_days
from app.queries import submissions as queries
from app.registry import forms

__all__ = ["Sent", "accept", "preview_accept", "reject", "reopen", "return_", "review_by", "submit"]

REVIEW_DAYS = 3  # working days


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender gets. `again` is True when this very report had been sent before."""

    submission: Submission
    receipt: Receipt
    again: bool


@dataclass(slots=True)
class NewRow:
    """A row on its way into the table: a plain object, for a report may have 20,000."""

    row_no: int
    cells: dict[str, Any]
    raw: dict[str, Any]
    change: str = "tetap"
    errors: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    state: str = "ok"
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of one state of a draft, checked: `rows` go, `deferred` wait."""

    version: int
    rows: list[NewRow]
    deferred: list[NewRow]


def prepare(draft: Draft, *, now: datetime, part: bool = False) -> Prepared:
    """Check a draft before the transaction that sends it, so that a long list keeps nobody waiting.

    Raises Refused: rows_not_ready (rows with problems and not `part`), nothing_to_send.
    """
    rows, deferred = _rows_to_send(draft.data, settings().today(now), part)
    return Prepared(draft.row_version, rows, deferred)


def submit(
    session: Session,
    draft: Draft,
    link: FormLink,
    *,
    filler: Mapping[str, str],
    now: datetime,
    part: bool = False,
    saw_roster: bool = False,
    ip_hash: str | None = None,
    prepared: Prepared | None = None,
) -> Sent:
    """Send a draft. `filler` = name, position, email, as declared; `part` leaves rows with problems in the draft.

    `prepared` saves the check when the draft has not changed since. Raises Refused as `prepare`.
    """
    duty = session.exec(select(Duty).where(Duty.id == draft.duty_id).with_for_update()).one()
    already = _sent_before(session, draft.nonce)
    if already is not None:
        return already
    if prepared is None or prepared.version != draft.row_version:
        prepared = prepare(draft, now=now, part=part)
    data, rows, deferred = draft.data, prepared.rows, prepared.deferred
    before = _newest(session, duty)
    if data.get("adds_to"):
        rows = rest.join(_sent_rows(session, data["adds_to"]), rows, deferred)
    made = _new_submission(session, duty, draft, link, filler, now, before)
    made.rows_ok, made.rows_deferred = len(rows), len(deferred)
    made.saw_roster, made.ip_hash = saw_roster, ip_hash
    made.body_hash = _body_hash(rows)
    session.add(made)
    session.flush()
    assert made.id is not None
    _write_rows(session, made.id, [*rows, *deferred])
    _take_attachments(session, duty, made)
    receipt = receipts.issue(session, made, rows, now=now)
    _supersede(session, before, made, data)
    _close(session, duty, draft, data, now)
    if deferred:
        _keep_rest(session, duty, link, data, made, rows, now)
    _queue_confirmation(session, made, receipt, duty, link, rows, now)
    actor = Actor.link(made.company_id, f"link:{link.public_id}")
    audit.record(
        session,
        actor=actor,
        now=now,
        entity="submission",
        entity_id=made.public_id,
        action="submit",
        after={"code": made.code, "rows": made.rows_ok, "deferred": made.rows_deferred, "version": made.version},
    )
    return Sent(made, receipt, again=False)


def review_by(submission: Submission, work: WorkCalendar) -> date:
    """The day by which the office means to have looked: three working days."""
    return work.shift(settings().today(submission.sent_at), REVIEW_DAYS)


def _sent_before(session: Session, nonce: str) -> Sent | None:
    query = select(Submission, Receipt).join(Receipt, col(Receipt.submission_id) == col(Submission.id))
    found = session.exec(query.where(Submission.idempotency_key == nonce)).first()
    return Sent(found[0], found[1], again=True) if found else None


def _rows_to_send(data: drafts.Data, today: date, part: bool) -> tuple[list[NewRow], list[NewRow]]:
    """(rows that go, rows that wait)."""
    if data["mode"] == "nil":
        return [], []
    if not data["rows"] and not data.get("adds_to"):
        raise Refused("nothing_to_send")
    report = drafts.check(data, today=today)
    good: list[NewRow] = []
    waiting: list[NewRow] = []
    places = {number: place for place, number in enumerate(report.row_numbers)}
    for row in data["rows"]:
        raw = {**row["cells"], **(row.get("given") or {})}
        if row["problems"]:
            waiting.append(
                NewRow(row_no=row["n"], cells=row["cells"], raw=raw, errors=row["problems"],
                              state="deferred", person_id=row["person"])
            )  # fmt: skip
            continue
        values = {key: plain_value(column[places[row["n"]]]) for key, column in report.values.items()}
        cells = {key: value for key, value in values.items() if value is not None}
        good.append(
            NewRow(row_no=row["n"], change=cells.get("change", "tetap"), cells=cells, raw=raw,
                          notes=row["notes"], person_id=row["person"])
        )  # fmt: skip
    if waiting and not part:
        raise Refused("rows_not_ready", count=len(waiting))
    if not good:
        raise Refused("nothing_to_send")
    return good, waiting


def _write_rows(session: Session, submission_id: int, rows: Sequence[NewRow]) -> None:
    if rows:
        names = [one.name for one in fields(NewRow)]
        values = [{name: getattr(row, name) for name in names} | {"submission_id": submission_id} for row in rows]
        session.execute(insert(SubmissionRow), values)


def _sent_rows(session: Session, code: str) -> list[NewRow]:
    """The rows sent earlier that this report adds to."""
    earlier = session.exec(select(Submission).where(Submission.code == code)).one()
    return [
        NewRow(row_no=row.row_no, change=row.change, cells=dict(row.cells), raw=dict(row.raw),
                      notes=list(row.notes), person_id=row.person_id)
        for row in queries.rows(session, earlier)
    ]  # fmt: skip


def _newest(session: Session, duty: Duty) -> Submission | None:
    query = select(Submission).where(Submission.duty_id == duty.id).order_by(col(Submission.version).desc())
    return session.exec(query).first()


def _new_submission(
    session: Session,
    duty: Duty,
    draft: Draft,
    link: FormLink,
    filler: Mapping[str, str],
    now: datetime,
    before: Submission | None,
) -> Submission:
    assert duty.id is not None
    assert link.id is not None
    return Submission(
        code=receipts.new_code(session, settings().today(now).year),
        duty_id=duty.id,
        company_id=duty.company_id,
        link_id=link.id,
        version=before.version + 1 if before else 1,
        corrects_id=before.id if before and before.state not in ("rejected", "withdrawn") else None,
        filled_by={key: filler.get(key, "") for key in ("name", "position", "email")},
        sent_at=now,
        idempotency_key=draft.nonce,
        body_hash="",
        mode=draft.data["mode"] or "one",
        language=link.language,
        created_at=now,
    )


def _body_hash(rows: Sequence[NewRow]) -> str:
    body = json.dumps([[row.row_no, row.cells] for row in rows], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


def _take_attachments(session: Session, duty: Duty, submission: Submission) -> None:
    session.connection().execute(
        update(Upload)
        .where(col(Upload.duty_id) == duty.id, col(Upload.submission_id).is_(None))
        .values(submission_id=submission.id)
    )


def _supersede(session: Session, before: Submission | None, made: Submission, data: drafts.Data) -> None:
    """The one before: its receipt leads to the new one; if nobody looked at it yet, nobody needs to."""
    if before is None:
        return
    receipt = duties.receipt_of(session, before)
    if receipt is not None and receipt.state == "valid":
        receipts.replace(session, receipt, made.code, rest=data.get("adds_to") == before.code)
    if before.state == "submitted":
        before.state = step(SUBMISSION_MOVES, SUBMISSION_STATES, before.state, "withdrawn")
        before.decision_note = f"→ {made.code}"
        before.row_version += 1
        session.add(before)


def _close(session: Session, duty: Duty, draft: Draft, data: drafts.Data, now: datetime) -> None:
    draft.state, draft.saved_at = "sent", now
    session.add(draft)
    duty.pause_reason = duty.paused_until = None
    move_duty(session, duty, "nil" if data["mode"] == "nil" else "submitted", now)
    session.flush()


def _keep_rest(
    session: Session,
    duty: Duty,
    link: FormLink,
    data: drafts.Data,
    made: Submission,
    rows: Sequence[NewRow],
    now: datetime,
) -> None:
    """The rows that wait become a new draft that adds to what was sent."""
    draft = drafts.open_(session, duty, link, now=now)
    waiting = {**data, "rows": drafts.bad_rows(data), "adds_to": made.code, "corrects": made.code}
    waiting["filler"] = dict(made.filled_by)  # who signs the rest is most likely who signed this
    waiting["sent"] = [rest.facts(row.cells) for row in rows]
    drafts.save(session, draft, waiting, now=now)


def _queue_confirmation(
    session: Session,
    made: Submission,
    receipt: Receipt,
    duty: Duty,
    link: FormLink,
    rows: Sequence[NewRow],
    now: datetime,
) -> None:
    """To the address on file, and to the one the sender declared where it is another."""
    company = session.get_one(Company, made.company_id)
    context = {
        "company_name": company.legal_name,
        "receipt_code": receipt.short_code,
        "sent_at": made.sent_at.isoformat(),
        "submission_id": made.id,
        "receipt_id": receipt.id,
        "contact_name": made.filled_by.get("name"),
        "form_title": forms()[duty.form].title.text(made.language),
        "period": duty.period,
        "rows": len(rows),
        "new": sum(row.change == "baru" for row in rows),
        "left": sum(row.change == "keluar" for row in rows),
        "later": made.rows_deferred,
        "review_by": review_by(made, work_days.around(session, [settings().today(made.sent_at)])).isoformat(),
    }
    declared = str(made.filled_by.get("email") or "")
    for to, extra in ((link.email, {"link_id": link.id}), (declared, {})):
        if to and not (to == declared and link.email and to.casefold() == link.email.casefold() and not extra):
            outbox.enqueue(
                session, "confirmation", to=to, language=made.language, company_id=made.company_id,
                context=context | extra, dedupe_key=f"confirmation:{made.code}:{bool(extra):d}", now=now,
            )  # fmt: skip
