"""A draft that begins with a report already sent."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.config import settings
from app.models.draft import Draft
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.submission import Submission
from app.operations import drafts
from app.queries import roster
from app.queries import submissions as queries


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
    for row in queries.rows(session, submission, state=None):
        cells = roster.read_cells(row.cells) if row.state == "ok" else {k: str(v) for k, v in row.cells.items()}
        made = drafts.new_row(data, cells, origin="sent", person=row.person_id, number=row.row_no)
        made["tried"] = [1, 2, 3]
    cells_by_row = {row["n"]: row["cells"] for row in data["rows"]}
    data["returned"] = [
        {**cell, "value": cells_by_row.get(cell["row"], {}).get(cell["field"], "")}
        for cell in submission.decision_cells
    ]
    drafts.check(data, today=settings().today(now))
    return drafts.save(session, draft, data, now=now)
