"""A draft report on the server: every step is saved, nothing typed is lost, an expired link leaves it behind.

`Draft.data` is one JSON document:

    mode      "roster" | "one" | "paste" | "upload" | "nil" | None
    rows      [{"n", "cells": {field: as typed}, "origin", "person",
               "given": {field: as it stood in the sheet}, "tried": [part], "problems": [...], "notes": [...]}]
    guarded   people already known to the office are among the rows: a code is asked before they are shown
    corrects  code of the report this one corrects, or None
    adds_to   code of the report whose rest this is; sent = the people in it (app.operations.rest)
    returned  [{"row", "field", "message"}] what staff asked to look at
    upload    public id of the sheet; sheet, columns, mapping, answers, questions, notes, file_problems: what was read
    removed   rows taken out of the list, the newest last: they can be put back
    read_as   row_version in which the rows are as the sheet was read; away = its rows that were removed or sent
    filler    {"name", "position", "email"} as typed

`n` is the row a person sees: of their sheet, else 1, 2, 3.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import Session, col, select

from app.domain.errors import EditConflict, Problem, Refused
from app.domain.sheet_cells import UNCACHED, is_blank
from app.domain.sheet_dates import DOUBT
from app.domain.sheet_report import SheetReport, plain_value, problem_json
from app.domain.sheet_rows import DefaultFrom
from app.domain.sheets import check_entries
from app.models.draft import Draft
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.report_row import report_row
from app.models.submission import Submission
from app.operations import rest
from app.operations.duty_steps import move_duty

KEPT = timedelta(days=30)
_PUT_BACK = 20  # rows taken out that are kept
MOST_ROWS = 20_000  # as the page says of a file
# Fields that go without saying where the sheet leaves them blank.
_FOLLOWS = frozenset(rule.field for rule in report_row.row_rules if isinstance(rule, DefaultFrom))
Row = dict[str, Any]
Data = dict[str, Any]


def empty() -> Data:
    return {
        "mode": None,
        "rows": [],
        "guarded": False,
        "corrects": None,
        "returned": [],
        "filler": {},
        **no_sheet(),
    }


def no_sheet() -> Data:
    """The part of the document that speaks of a sheet, when there is none."""
    return {
        "upload": None,
        "sheet": None,
        "columns": {},
        "mapping": {},
        "answers": {},
        "questions": [],
        "notes": [],
        "file_problems": [],
    }


def find(session: Session, duty: Duty) -> Draft | None:
    """The open draft of a duty, whoever's link it was begun with."""
    return session.exec(select(Draft).where(Draft.duty_id == duty.id, Draft.state == "open")).first()


def open_(session: Session, duty: Duty, link: FormLink, *, now: datetime) -> Draft:
    """The open draft of a duty; a new one moves the duty to "draft"."""
    session.exec(select(Duty.id).where(Duty.id == duty.id).with_for_update()).one()  # two first clicks, one draft
    found = find(session, duty)
    if found is not None:
        return found
    assert duty.id is not None
    assert link.id is not None
    made = Draft(
        duty_id=duty.id,
        link_id=link.id,
        form=duty.form,
        form_version=str(report_row.version),
        nonce=secrets.token_urlsafe(24),
        row_version=_next_version(session, duty),
        data=empty(),
        saved_at=now,
        expires_at=max(link.expires_at, now) + KEPT,
    )
    session.add(made)
    move_duty(session, duty, "draft", now)
    session.flush()
    return made


def save(session: Session, draft: Draft, data: Data, *, now: datetime, version: int | None = None) -> Draft:
    """Keep the document. `version` is what the page was made from: a second tab never overwrites in silence."""
    if version is not None and version != draft.row_version:
        raise EditConflict("draft_changed", public_id=draft.public_id)
    draft.data = copy.deepcopy(data)
    flag_modified(draft, "data")  # the document may have been changed in place, and then looks the same
    draft.cells_bad = sum(len(row.get("problems", ())) for row in data["rows"])
    draft.row_version += 1
    draft.saved_at = now
    session.add(draft)
    session.flush()
    return draft


def expire(session: Session, *, now: datetime) -> int:
    """Empty the drafts nobody sent in time: what was typed goes, that there was a draft stays. Returns how many."""
    old = session.exec(
        select(Draft).where(Draft.state != "sent", col(Draft.expires_at) < now, Draft.state != "expired")
    )
    count = 0
    for draft in old:
        draft.state, draft.data, draft.cells_bad = "expired", empty(), 0
        session.add(draft)
        count += 1
    session.flush()
    return count


def discard(session: Session, draft: Draft, *, now: datetime) -> None:
    """Start again: the old answers are kept aside until they expire."""
    draft.state, draft.saved_at = "discarded", now
    session.add(draft)
    session.flush()


def aside(session: Session, duty: Duty, *, now: datetime) -> Draft | None:
    """The newest draft somebody left for another way of reporting, while nothing was sent since."""
    sent = select(func.max(Submission.sent_at)).where(Submission.duty_id == duty.id).scalar_subquery()
    query = select(Draft).where(
        Draft.duty_id == duty.id,
        Draft.state == "discarded",
        col(Draft.expires_at) > now,
        or_(sent.is_(None), col(Draft.saved_at) > sent),
    )
    found = session.exec(query.order_by(col(Draft.saved_at).desc()).limit(5)).all()
    return next((draft for draft in found if draft.data["rows"]), None)


def take_up(session: Session, duty: Duty, draft: Draft, *, now: datetime) -> Draft:
    """A draft put aside is the open one again; the one open until now is put aside in its place."""
    current = find(session, duty)
    if current is not None:
        discard(session, current, now=now)
    draft.state, draft.saved_at = "open", now
    draft.row_version = _next_version(session, duty)
    session.add(draft)
    session.flush()
    return draft


def _next_version(session: Session, duty: Duty) -> int:
    """Above every draft of the duty: a page made from one never passes for a page of another."""
    highest = session.exec(select(func.max(Draft.row_version)).where(Draft.duty_id == duty.id)).one()
    return (highest or 0) + 1


def require_room(data: Data, more: int = 1) -> None:
    """Raises Refused too_many_rows where a draft would grow beyond what a list may have."""
    if more and len(data["rows"]) + more > MOST_ROWS:
        raise Refused("too_many_rows", max=MOST_ROWS)


def new_row(
    data: Data, cells: Mapping[str, str], *, origin: str, person: int | None = None, number: int | None = None
) -> Row:
    """Append a person; the number is the next free one where the caller does not know it."""
    if number is None:
        number = max((r["n"] for r in data["rows"]), default=0) + 1
    row = _row(number, cells, origin, person=person)
    data["rows"].append(row)
    return row


def check(data: Data, *, today: date) -> SheetReport:
    """Check every row again; what is wrong or odd is kept beside its row."""
    rows = data["rows"]
    report = check_entries(
        [row["cells"] for row in rows],
        report_row.fields.values(),
        today=today,
        row_numbers=[row["n"] for row in rows],
        row_rules=report_row.row_rules,
    )
    by_number: dict[int, Row] = {}
    for row in rows:
        row["problems"], row["notes"] = [], []
        by_number[row["n"]] = row
    for problem in report.errors:
        if problem.row in by_number:
            column = data["columns"].get(problem.field)
            by_number[problem.row]["problems"].append(problem_json(replace(problem, column=column)))
    for note in report.notes:
        number = note.params.get("row")
        if number in by_number:
            by_number[number]["notes"].append({"code": note.code, "params": dict(note.params)})
    _sent_to_another(data, report, by_number)
    _returned_cells(data, by_number)
    return report


def _sent_to_another(data: Data, report: SheetReport, by_number: Mapping[int, Row]) -> None:
    """The rest of a report is checked against those who were sent: a repeat does not become right by waiting."""
    if not data.get("adds_to"):
        return
    sent = rest.by_passport(data.get("sent", ()))
    for position, number in enumerate(report.row_numbers):
        cells = {key: plain_value(column[position]) for key, column in report.values.items()}
        found = rest.clash(sent, cells, data["adds_to"])
        if found is not None:
            found = replace(found, row=number, column=data["columns"].get(found.field))
            by_number[number]["problems"].append(problem_json(found))


def _returned_cells(data: Data, by_number: Mapping[int, Row]) -> None:
    """Cells staff asked about stay marked until they change or the sender says that they are right."""
    data["returned"] = [mark for mark in data["returned"] if _still_asked(mark, by_number)]
    for mark in data["returned"]:
        row = by_number[mark["row"]]
        if not any(problem["field"] == mark["field"] for problem in row["problems"]):
            facts = {"message": mark.get("message") or ""}
            typed = row["cells"].get(mark["field"])
            found = Problem("returned_cell", field=mark["field"], row=mark["row"], value=typed, params=facts)
            row["problems"].append(problem_json(found))


def _still_asked(mark: Mapping[str, Any], by_number: Mapping[int, Row]) -> bool:
    row = by_number.get(mark["row"])
    return row is not None and row["cells"].get(mark["field"], "") == mark.get("value", "")


def read_report(data: Data, report: SheetReport, *, origin: str) -> None:
    """The rows of a checked sheet replace the rows of the draft: clean values as entries, bad cells as typed."""
    fields, typed = report_row.fields, report.entries()
    lost = _said_only_of_the_sheet(report, dict(zip(report.row_numbers, typed, strict=True)))
    rows: list[Row] = []
    for position, (number, cells) in enumerate(zip(report.row_numbers, typed, strict=True)):
        entries: dict[str, str] = {}
        for key in report.values.keys() | cells.keys():
            value = report.values[key][position] if key in report.values else None
            entry = fields[key].type.entry(value) if value is not None else cells.get(key, "")
            entry = lost.get((number, key), entry)
            if entry and (key not in _FOLLOWS or cells.get(key)):
                entries[key] = entry
        given = {key: text for key, text in cells.items() if text and text != entries.get(key)}
        rows.append(_row(number, entries, origin, given=given, tried=[1, 2, 3]))
    data["rows"] = rows
    data["columns"] = report.letters


def _said_only_of_the_sheet(report: SheetReport, typed: Mapping[int, dict[str, str]]) -> dict[tuple[int, str], str]:
    """(row, field) → entry of cells that a check of texts alone would pass: a broken formula, a date in doubt."""
    said: dict[tuple[int, str], str] = {}
    for problem in report.errors:
        if problem.row is None or problem.field is None:
            continue
        if problem.code == "formula_error":
            said[problem.row, problem.field] = problem.value or UNCACHED
        elif problem.code == "date_ambiguous" and (text := typed.get(problem.row, {}).get(problem.field)):
            said[problem.row, problem.field] = f"{text}{DOUBT}"
    return said


def replace_all(data: Data, field: str, value: str, suggestion: str) -> int:
    """ "Ganti semua": the suggestion in every cell of the column that holds the value. Returns how many."""
    changed = [row for row in data["rows"] if row["cells"].get(field) == value]
    for row in changed:
        row["cells"][field] = suggestion
    return len(changed)


def fill_empty(data: Data, field: str, value: str) -> int:
    """ "Isi semua": the value in every cell that was found missing and is empty still. Returns how many."""
    missing = [row for row in data["rows"] if (field, "required") in ((p["field"], p["code"]) for p in row["problems"])]
    changed = [row for row in missing if is_blank(row["cells"].get(field, ""))]
    for row in changed:
        row["cells"][field] = value
    return len(changed)


def remove(data: Data, number: int) -> None:
    """Take a person out of the list; the last few can be put back."""
    gone = [row for row in data["rows"] if row["n"] == number]
    data["rows"] = [row for row in data["rows"] if row["n"] != number]
    data["removed"] = [*data.get("removed", ()), *gone][-_PUT_BACK:]


def put_back(data: Data, number: int) -> None:
    """A person taken out is in the list again, at the end where the number was given away since."""
    back = [row for row in data.get("removed", ()) if row["n"] == number][-1:]
    data["removed"] = [row for row in data.get("removed", ()) if row not in back]
    taken = {row["n"] for row in data["rows"]}
    for row in back:
        row["n"] = number if number not in taken else max(taken) + 1
    data["rows"] = sorted([*data["rows"], *back], key=lambda row: row["n"])


def bad_rows(data: Data) -> list[Row]:
    return [row for row in data["rows"] if row["problems"]]


def good_rows(data: Data) -> list[Row]:
    return [row for row in data["rows"] if not row["problems"]]


def unanswered(data: Data) -> list[Row]:
    """People of the last report of whom nothing was said yet: silence is not "still working"."""
    return [row for row in data["rows"] if row["origin"] == "roster" and not row["cells"].get("change")]


def _row(
    number: int,
    cells: Mapping[str, str],
    origin: str,
    *,
    person: int | None = None,
    given: Mapping[str, str] | None = None,
    tried: Sequence[int] = (),
) -> Row:
    return {
        "n": number,
        "cells": dict(cells),
        "origin": origin,
        "person": person,
        "given": dict(given or {}),
        "tried": list(tried),
        "problems": [],
        "notes": [],
    }
