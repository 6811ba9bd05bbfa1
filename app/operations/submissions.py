"""Reports: sent once by a company, decided once by a person.

`submit` is idempotent: the draft's nonce is the key, so a double click, a reload and a second tab end at the
same receipt. Submission, rows, receipt and mail are one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.config import settings
from app.domain.actors import Actor
from app.domain.errors import EditConflict, Refused
from app.domain.holiday_calendar import work_calendar
from app.domain.sheet_report import plain_value
from app.domain.states import DUTY_MOVES, RETURN_REASONS, SUBMISSION_MOVES, SUBMISSION_STATES, may, step
from app.models.company import Company
from app.models.draft import Draft, Upload
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.receipt import Receipt
from app.models.submission import Submission, SubmissionRow
from app.operations import acceptance, audit, drafts, links, outbox, receipts
from app.operations.acceptance import Preview
from app.queries import duties, roster
from app.registry import forms

REVIEW_DAYS = 3  # working days


@dataclass(frozen=True, slots=True)
class Sent:
    """What the sender gets. `again` is True when this very report had been sent before."""

    submission: Submission
    receipt: Receipt
    again: bool


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
) -> Sent:
    """Send a draft. `filler` = name, position, email, as declared; `part` leaves rows with problems in the draft.

    Raises Refused: rows_not_ready (rows with problems and not `part`), nothing_to_send.
    """
    duty = session.exec(select(Duty).where(Duty.id == draft.duty_id).with_for_update()).one()
    already = _sent_before(session, draft.nonce)
    if already is not None:
        return already
    data, today = draft.data, _today(now)
    rows, deferred = _rows_to_send(data, today, part)
    before = _newest(session, duty)
    if data.get("adds_to"):
        rows = _kept_rows(session, data["adds_to"], {row.row_no for row in rows}) + rows
    made = _new_submission(session, duty, draft, link, filler, now, before)
    made.rows_ok, made.rows_deferred = len(rows), len(deferred)
    made.saw_roster, made.ip_hash = saw_roster, ip_hash
    made.body_hash = _body_hash(rows)
    session.add(made)
    session.flush()
    assert made.id is not None
    for row in (*rows, *deferred):
        row.submission_id = made.id
    session.add_all([*rows, *deferred])
    _take_attachments(session, duty, made)
    receipt = receipts.issue(session, made, rows, now=now)
    _supersede(session, before, made)
    _close(session, duty, draft, data, now)
    if deferred:
        _keep_rest(session, duty, link, data, made, now)
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
) -> Preview:
    """Accept: the rows reach the registries through `records.save_many`. `version`: the row_version shown."""
    _decide(submission, "accepted", actor, now, version)
    done = acceptance.apply(session, submission, actor, now=now)
    submission.decision_note = note
    session.add(submission)
    duty = session.get_one(Duty, submission.duty_id)
    _move(session, duty, "accepted", now)
    _queue_decision(session, "accepted", submission, duty, now, note=note)
    _audit_decision(session, submission, actor, now)
    return done


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
    reopen(session, submission, duty, link, now=now)
    _move(session, duty, "returned", now)
    sentences = [RETURN_REASONS[code].text(link.language) for code in reasons if code in RETURN_REASONS]
    _queue_decision(
        session, "returned", submission, duty, now,
        note=note, reasons=sentences, cells=len(submission.decision_cells), link_id=link.id,
        due_on=duty.due_on.isoformat(), expires_at=link.expires_at.isoformat(),
    )  # fmt: skip
    _audit_decision(session, submission, actor, now)
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
    _move(session, duty, "sent", now)
    receipt = duties.receipt_of(session, submission)
    if receipt is not None and receipt.state == "valid":
        receipts.withdraw(session, receipt)
    _queue_decision(session, "rejected", submission, duty, now, note=reason, due_on=duty.due_on.isoformat())
    _audit_decision(session, submission, actor, now)


def reopen(session: Session, submission: Submission, duty: Duty, link: FormLink, *, now: datetime) -> Draft:
    """A draft that begins with a report already sent: for a correction, or at the cells staff returned."""
    found = drafts.find(session, duty)
    if found is not None and found.data.get("corrects") == submission.code:
        return found
    if found is not None:
        drafts.discard(session, found, now=now)
    draft = drafts.open_(session, duty, link, now=now)
    data = drafts.empty()
    data |= {"mode": submission.mode, "guarded": True, "corrects": submission.code}
    if submission.state == "needs_fix":
        data |= {"reasons": list(submission.decision_reasons), "note": submission.decision_note}
    for row in _rows_of(session, submission):
        cells = roster.read_cells(row.cells) if row.state == "ok" else {k: str(v) for k, v in row.cells.items()}
        made = drafts.new_row(data, cells, origin="sent", person=row.person_id)
        made["n"], made["tried"] = row.row_no, [1, 2, 3]
    cells_by_row = {row["n"]: row["cells"] for row in data["rows"]}
    data["returned"] = [
        {**cell, "value": cells_by_row.get(cell["row"], {}).get(cell["field"], "")}
        for cell in submission.decision_cells
    ]
    drafts.check(data, today=_today(now))
    return drafts.save(session, draft, data, now=now)


def review_by(submission: Submission) -> date:
    """The day by which the office means to have looked: three working days."""
    day = _today(submission.sent_at)
    return work_calendar(day.year, day.year + 1).shift(day, REVIEW_DAYS)


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings().office_time_zone)).date()


def _sent_before(session: Session, nonce: str) -> Sent | None:
    query = select(Submission, Receipt).join(Receipt, col(Receipt.submission_id) == col(Submission.id))
    found = session.exec(query.where(Submission.idempotency_key == nonce)).first()
    return Sent(found[0], found[1], again=True) if found else None


def _rows_to_send(data: drafts.Data, today: date, part: bool) -> tuple[list[SubmissionRow], list[SubmissionRow]]:
    """(rows that go, rows that wait)."""
    if data["mode"] == "nil":
        return [], []
    if not data["rows"] and not data.get("adds_to"):
        raise Refused("nothing_to_send")
    report = drafts.check(data, today=today)
    good: list[SubmissionRow] = []
    waiting: list[SubmissionRow] = []
    for position, row in enumerate(data["rows"]):
        raw = {**row["cells"], **(row.get("given") or {})}
        if row["problems"]:
            waiting.append(
                SubmissionRow(submission_id=0, row_no=row["n"], cells=row["cells"], raw=raw, errors=row["problems"],
                              state="deferred", person_id=row["person"])
            )  # fmt: skip
            continue
        values = {key: plain_value(column[position]) for key, column in report.values.items()}
        cells = {key: value for key, value in values.items() if value is not None}
        good.append(
            SubmissionRow(submission_id=0, row_no=row["n"], change=cells.get("change", "tetap"), cells=cells, raw=raw,
                          notes=row["notes"], person_id=row["person"])
        )  # fmt: skip
    if waiting and not part:
        raise Refused("rows_not_ready", count=len(waiting))
    if not good:
        raise Refused("nothing_to_send")
    return good, waiting


def _kept_rows(session: Session, code: str, replaced: set[int]) -> list[SubmissionRow]:
    """The rows sent earlier that this report adds to."""
    earlier = session.exec(select(Submission).where(Submission.code == code)).one()
    return [
        SubmissionRow(submission_id=0, row_no=row.row_no, change=row.change, cells=dict(row.cells), raw=dict(row.raw),
                      notes=list(row.notes), person_id=row.person_id)
        for row in _rows_of(session, earlier)
        if row.state == "ok" and row.row_no not in replaced
    ]  # fmt: skip


def _rows_of(session: Session, submission: Submission) -> Sequence[SubmissionRow]:
    query = select(SubmissionRow).where(SubmissionRow.submission_id == submission.id)
    return session.exec(query.order_by(col(SubmissionRow.row_no))).all()


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
        code=receipts.new_code(session, _today(now).year),
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


def _body_hash(rows: Sequence[SubmissionRow]) -> str:
    body = json.dumps([[row.row_no, row.cells] for row in rows], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()


def _take_attachments(session: Session, duty: Duty, submission: Submission) -> None:
    session.connection().execute(
        update(Upload)
        .where(col(Upload.duty_id) == duty.id, col(Upload.submission_id).is_(None))
        .values(submission_id=submission.id)
    )


def _supersede(session: Session, before: Submission | None, made: Submission) -> None:
    """The report before this one: its receipt is corrected; one that nobody looked at yet need not be looked at."""
    if before is None:
        return
    receipt = duties.receipt_of(session, before)
    if receipt is not None and receipt.state == "valid":
        receipts.replace(session, receipt, made.code)
    if before.state == "submitted":
        before.state = step(SUBMISSION_MOVES, SUBMISSION_STATES, before.state, "withdrawn")
        before.decision_note = f"→ {made.code}"
        before.row_version += 1
        session.add(before)


def _close(session: Session, duty: Duty, draft: Draft, data: drafts.Data, now: datetime) -> None:
    draft.state, draft.saved_at = "sent", now
    session.add(draft)
    duty.pause_reason = duty.paused_until = None
    _move(session, duty, "nil" if data["mode"] == "nil" else "submitted", now)
    session.flush()


def _keep_rest(
    session: Session, duty: Duty, link: FormLink, data: drafts.Data, made: Submission, now: datetime
) -> None:
    """The rows that wait become a new draft that adds to what was sent."""
    draft = drafts.open_(session, duty, link, now=now)
    rest = {**data, "rows": drafts.bad_rows(data), "adds_to": made.code, "corrects": made.code}
    drafts.save(session, draft, rest, now=now)


def _queue_confirmation(
    session: Session,
    made: Submission,
    receipt: Receipt,
    duty: Duty,
    link: FormLink,
    rows: Sequence[SubmissionRow],
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
        "review_by": review_by(made).isoformat(),
    }
    declared = str(made.filled_by.get("email") or "")
    for to, extra in ((link.email, {"link_id": link.id}), (declared, {})):
        if to and not (to == declared and link.email and to.casefold() == link.email.casefold() and not extra):
            outbox.enqueue(
                session, "confirmation", to=to, language=made.language, company_id=made.company_id,
                context=context | extra, dedupe_key=f"confirmation:{made.code}:{bool(extra):d}", now=now,
            )  # fmt: skip


def _decide(submission: Submission, state: str, actor: Actor, now: datetime, version: int | None) -> None:
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


def _audit_decision(session: Session, submission: Submission, actor: Actor, now: datetime) -> None:
    audit.record(
        session, actor=actor, now=now, entity="submission", entity_id=submission.public_id, action=submission.state,
        after={"code": submission.code}, reason=submission.decision_note,
    )  # fmt: skip


def _move(session: Session, duty: Duty, state: str, now: datetime) -> None:
    if may(DUTY_MOVES, duty.state, state):
        duty.state, duty.updated_at = state, now
        duty.row_version += 1
        session.add(duty)
