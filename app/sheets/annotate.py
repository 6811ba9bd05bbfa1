"""The sender's own file back: bad cells red with a comment, a sheet that lists all, everything else as it was.

xlsx and xlsm are marked in place: only the tags of bad cells change, and parts nobody here understands go over as
they are. xls, xlsb, ods and text become a new xlsx with the same cells. The file is opened in the limited child, as on
the way in. Sent again as it is, it reads as before, and marks of an earlier round go when its cell is right.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.domain.errors import Problem
from app.domain.fields import Label
from app.domain.sheet_report import SheetReport
from app.sheets.mark_book import mark
from app.sheets.package import Package, Unmarkable
from app.sheets.profiles import ProfileName
from app.sheets.profiles import profile as profile_of
from app.sheets.sandbox import run_limited

_PATIENCE = 60  # seconds: the file has been read before, and marking thousands of cells takes a while
_NO_COLUMN = Label(
    "(Kolom “{name}” belum ada di daftar ini. Mohon tambahkan di sebelah kolom terakhir.)",
    "(This list has no column “{name}” yet. Please add it beside the last column.)",
)
_AGAIN = re.compile(r"(?:-perlu-diperbaiki(?: ?\(\d+\))?)+$")  # the name of a file that was here before


@dataclass(frozen=True, slots=True)
class Annotated:
    """`data` is the workbook; `name` what to call it; `media_type` for the download."""

    data: bytes
    name: str
    media_type: str


def annotate(
    path: str | Path,
    report: SheetReport,
    sentences: Iterable[tuple[Problem, str]],
    *,
    language: str = "id",
    profile: ProfileName = "link",
    headings: Mapping[str, str] | None = None,
) -> Annotated:
    """Mark the problems in a copy of the file. `sentences` pairs each problem with its words; `headings` names fields.

    Raises `SheetRejected` as reading does. The original is not touched.
    """
    named = headings or {}
    first = next((column.letter for column in report.columns if column.fields), None)
    marks = []
    for p, words in sentences:
        name = named.get(p.field or "", p.field or "")
        column = p.column or (first if p.row else None)
        said = words if p.column or not p.row or not name else f"{words} {_NO_COLUMN.text(language).format(name=name)}"
        marks.append((p.row, column, name, p.value or "", said, p.suggestion or ""))
    payload = {
        "path": str(path), "profile": profile, "sheet": report.sheet, "heading_rows": list(report.heading_rows),
        "kind": report.kind, "marks": marks, "language": language,
    }  # fmt: skip
    limits = replace(profile_of(profile), cpu_seconds=_PATIENCE, wall_seconds=_PATIENCE + 15)
    made: dict[str, Any] = run_limited("app.sheets.annotate:annotate_in_child", payload, limits)
    macros = made["macros"]
    stem = _AGAIN.sub("", Path(report.file or path).stem[:80])
    suffix = "xlsm" if macros else "xlsx"
    return Annotated(made["data"], f"{stem}-perlu-diperbaiki.{suffix}", _MEDIA_TYPES[suffix])


_MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.12",
}


def annotate_in_child(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Target of the sandbox: the marked workbook as {"data": bytes, "macros": bool}."""
    from app.sheets import child
    from app.sheets.prescan import scan
    from app.sheets.profiles import profile as limits_of
    from app.sheets.reader import load

    limits = limits_of(payload["profile"])
    data = load(payload["path"], limits)
    kind = scan(data, limits).kind
    child.reading_done()
    if kind == "xlsx":
        try:
            return _marked(data, payload, payload["sheet"], None)
        except MemoryError:
            raise
        except Exception as error:  # files of other programs surprise in many ways: their cells still go back
            if not isinstance(error, Unmarkable):
                traceback.print_exc()
    from app.sheets.annotate_copy import copied

    copy, sheet = copied(data, limits, payload["sheet"] or None)
    return _marked(copy, payload, sheet, payload["kind"] or kind)


def _marked(data: bytes, payload: Mapping[str, Any], sheet: str, converted: str | None) -> dict[str, Any]:
    package = Package(data)
    macros = mark(package, sheet, payload["heading_rows"], payload["marks"], payload["language"], converted)
    return {"data": package.saved(), "macros": macros}
