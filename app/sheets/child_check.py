"""Read and check one file inside the limited child: rows stay in there unless they are asked for."""

from __future__ import annotations

import gc
from typing import Any

from app.domain.sheet_report import Question
from app.domain.sheets import SheetReport, check
from app.sheets.reader import ReadResult, read_in_child


def check_in_child(payload: dict[str, Any]) -> SheetReport:
    """Target of the sandbox. Payload: what `reader.read_in_child` takes, and `check` = the arguments of `check`."""
    gc.disable()  # a million cells without cycles, in a process that ends with its answer
    wanted = payload["check"]
    payload["prefer"] = (wanted.get("answers") or {}).get("sheet")
    found: ReadResult = read_in_child(payload)
    report = check(found.grid, found.table, **wanted)
    report.notes = [*found.notes, *report.notes[len(found.grid.notes) + len(found.table.notes) :]]
    report.kind = found.kind
    report.other_sheets = list(found.other_sheets)
    if len(found.rivals) > 1:
        report.questions.insert(0, Question("sheet", None, tuple(found.rivals), found.grid.sheet, {}))
    return report
