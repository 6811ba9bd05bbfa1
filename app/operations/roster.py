"""Putting the people of the last list into a draft, and what the company says of each."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import Session

from app.operations import drafts
from app.queries import roster


def prefill(session: Session, data: drafts.Data, company_id: int) -> int:
    """Fill a draft with the last known people; nothing is said of any of them yet. Returns how many."""
    data["rows"] = []
    data.update(drafts.no_sheet())
    data["mode"], data["guarded"] = "roster", True
    for number, (person_id, cells) in enumerate(roster.current(session, company_id), 1):
        drafts.new_row(data, cells, origin="roster", person=person_id, number=number)
    return len(data["rows"])


def answer(data: drafts.Data, changes: Mapping[int, str]) -> None:
    """What the company says of each person, by row number: tetap, berubah or keluar."""
    for row in data["rows"]:
        change = changes.get(row["n"])
        if row["origin"] == "roster" and change in ("tetap", "berubah", "keluar"):
            row["cells"]["change"] = change
            if change != "keluar":
                row["cells"].pop("left_on", None)


def answer_rest(data: drafts.Data) -> None:
    """ "Semua masih bekerja": for everybody of whom nothing was said yet."""
    for row in drafts.unanswered(data):
        row["cells"]["change"] = "tetap"


def to_visit(data: drafts.Data) -> drafts.Row | None:
    """The next person whose change or leaving has not been filled in."""
    for row in data["rows"]:
        change, cells = row["cells"].get("change"), row["cells"]
        if row["origin"] != "roster":
            continue
        if change == "keluar" and not cells.get("left_on"):
            return row  # type: ignore[no-any-return]
        if change == "berubah" and 3 not in row["tried"]:
            return row  # type: ignore[no-any-return]
    return None
