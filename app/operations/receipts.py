"""Receipts: numbers people can read out, a digest printed on paper, states the public page shows."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlmodel import Session, select

from app.domain import receipts
from app.domain.states import RECEIPT_MOVES, RECEIPT_STATES, step
from app.models.receipt import Receipt
from app.models.submission import Submission


class Row(Protocol):
    """What the digest needs of a row."""

    row_no: int
    cells: dict[str, Any]


log = logging.getLogger("sinergi.receipts")


def new_code(session: Session, year: int) -> str:
    """A code no report has yet."""
    while True:
        code = receipts.new(year)
        if session.exec(select(Submission.id).where(Submission.code == code)).first() is None:
            return code


def issue(session: Session, submission: Submission, rows: Sequence[Row], *, now: datetime) -> Receipt:
    """The receipt of a report, under the report's own code."""
    assert submission.id is not None
    made = Receipt(
        submission_id=submission.id,
        short_code=submission.code,
        hash=digest(submission, rows),
        issued_at=now,
    )
    session.add(made)
    session.flush()
    return made


def replace(session: Session, old: Receipt, code: str, *, rest: bool) -> None:
    """A correction arrived, or the `rest` of what was sent: the old receipt says so and leads to the new one."""
    old.state = step(RECEIPT_MOVES, RECEIPT_STATES, old.state, "continued" if rest else "corrected")
    old.replaced_by = code
    session.add(old)


def withdraw(session: Session, receipt: Receipt) -> None:
    receipt.state = step(RECEIPT_MOVES, RECEIPT_STATES, receipt.state, "withdrawn")
    session.add(receipt)


def digest(submission: Submission, rows: Sequence[Row]) -> str:
    """SHA-256 over what was sent: code, duty, version, instant, sender and every row, as canonical JSON."""
    facts = {
        "code": submission.code,
        "duty": submission.duty_id,
        "version": submission.version,
        "sent_at": submission.sent_at.isoformat(),
        "filled_by": submission.filled_by,
        "rows": [[row.row_no, row.cells] for row in rows],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def note_verified(code: str, state: str) -> None:
    """Each look at the public page is an event of the log: a GET never writes to the database."""
    log.info("receipt.verified", extra={"code": code, "state": state})
