"""A draft that begins with a report already sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from app.config import settings
from app.models.draft import Draft
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.submission import Submission, SubmissionRow
from app.operations import drafts
from app.queries import roster
from app.queries import submissions as queries


def reopen(session: Session, submission: Submission, duty: Duty, link: FormLink, *, now: datetime) -> Draft:
    """A draft that begins with a report already sent: for a correction, or at the cells staff returned.

    A correction already begun goes on; rows that still waited to be sent come along.
    """
    found = drafts.find(session, duty)
    mine = found is not None and found.data.get("corrects") == submission.code
    returned = submission.state == "needs_fix"
    if found is not None and mine and not found.data.get("adds_to"):
        draft, data = found, found.data
        if not returned or "reasons" in data:
            return draft
    else:
        waiting = found.data["rows"] if found is not None and mine else []
        if found is not None:
            drafts.discard(session, found, now=now)
        draft = drafts.open_(session, duty, link, now=now)
        data = _as_sent(session, submission, waiting)
    if returned:
        data |= _returned(session, submission)
    drafts.check(data, today=settings().today(now))
    return drafts.save(session, draft, data, now=now)


def _as_sent(session: Session, submission: Submission, waiting: Sequence[drafts.Row]) -> drafts.Data:
    data = drafts.empty()
    data |= {"mode": submission.mode, "guarded": True, "corrects": submission.code}
    for row in queries.rows(session, submission):
        made = drafts.new_row(
            data, roster.read_cells(row.cells), origin="sent", person=row.person_id, number=row.row_no
        )
        made["tried"] = [1, 2, 3]
    taken = {row["n"] for row in data["rows"]}
    for late in waiting:
        number = late["n"] if late["n"] not in taken else None
        made = drafts.new_row(data, late["cells"], origin=late["origin"], person=late["person"], number=number)
        made["tried"] = [1, 2, 3]
    data["rows"].sort(key=lambda row: row["n"])
    return data


def _returned(session: Session, submission: Submission) -> drafts.Data:
    """What staff asked, each cell with the value they saw: what was changed since is answered already."""
    sent = {row.row_no: _entries(row) for row in queries.rows(session, submission, state=None)}
    cells = [{**cell, "value": sent.get(cell["row"], {}).get(cell["field"], "")} for cell in submission.decision_cells]
    return {"reasons": list(submission.decision_reasons), "note": submission.decision_note, "returned": cells}


def _entries(row: SubmissionRow) -> dict[str, str]:
    """Its cells as they stand in input boxes; of a row that waited, as they were typed."""
    return roster.read_cells(row.cells) if row.state == "ok" else {key: str(value) for key, value in row.cells.items()}
