"""The sender's own file back: their formatting and macros kept, bad cells red with a comment, a sheet that lists all.

xlsx and xlsm are edited in place; xls, xlsb, ods and text become a new xlsx with the same cells. The file is opened
in the limited child, as on the way in. Sent again as it is, it reads as before: our sheet is passed over, and fills
and comments mean nothing to the reader.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from app.domain.errors import Problem
from app.domain.fields import Label
from app.domain.grid import Grid
from app.domain.sheet_report import SheetReport
from app.sheets.export import safe_sheet_name
from app.sheets.prescan_facts import address
from app.sheets.profiles import ProfileName
from app.sheets.profiles import profile as profile_of
from app.sheets.sandbox import run_limited

LIST_SHEET = "Perlu diperbaiki"
_PATIENCE = 60  # seconds: the file has been read before, and writing 20,000 rows with their formats takes about ten
_MOST_COMMENTS = 2000  # beyond, Excel opens slowly; the list still has every problem
_RED, _INK = "FFF8D7DA", "FF8B0000"
_MARK = "Sinergi"
_HEADINGS: tuple[Label, ...] = (
    Label("Sel", "Cell"),
    Label("Kolom", "Column"),
    Label("Isi sekarang", "Value now"),
    Label("Yang perlu diperbaiki", "What to correct"),
    Label("Saran", "Suggestion"),
)
_TITLE = Label("Perlu diperbaiki: {count} hal di lembar “{sheet}”", "To correct: {count} things on the sheet “{sheet}”")
_ADVICE = Label(
    "Perbaiki sel merah pada lembar “{sheet}”, simpan, lalu unggah kembali. Lembar ini boleh dibiarkan.",
    "Correct the red cells on the sheet “{sheet}”, save, and upload again. This sheet may stay.",
)
_CONVERTED = Label(
    "Berkas asal ({kind}) disalin ke bentuk xlsx; isi selnya sama.",
    "The original file ({kind}) was copied into xlsx; its cells are the same.",
)


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
    marks = [
        (p.row, p.column, (headings or {}).get(p.field or "", p.field or ""), p.value or "", words, p.suggestion or "")
        for p, words in sentences
    ]
    payload = {
        "path": str(path), "profile": profile, "sheet": report.sheet, "heading_rows": list(report.heading_rows),
        "kind": report.kind, "marks": marks, "language": language,
    }  # fmt: skip
    limits = replace(profile_of(profile), cpu_seconds=_PATIENCE, wall_seconds=_PATIENCE + 15)
    made: dict[str, Any] = run_limited("app.sheets.annotate:annotate_in_child", payload, limits)
    macros = made["macros"]
    stem = Path(report.file or path).stem[:80]
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
    from app.sheets.reader import load, read_bytes

    limits = limits_of(payload["profile"])
    data = load(payload["path"], limits)
    facts = scan(data, limits)
    child.reading_done()
    book, macros = _own(data, payload["sheet"]) if facts.kind in ("xlsx", "xlsm") else (None, False)
    converted = None if book else payload["kind"] or facts.kind
    if book is None:
        book = _copied(payload, data)
    page = book[payload["sheet"]] if payload["sheet"] in book.sheetnames else book.worksheets[0]
    _mark(page, payload)
    _list(book, page.title, payload, converted)
    seen: dict[str, Any] = {}
    if converted is None and any(sheet.formulas for sheet in facts.sheets if sheet.name == page.title):
        seen = _calculated(read_bytes(data, limits, sheet=page.title).grid)
    return {"data": _saved(book, page.title, seen), "macros": macros}


def _calculated(grid: Grid) -> dict[str, Any]:
    """Address → what the formula in that cell last showed."""
    first = grid.row_numbers[0] if grid.row_numbers else 1
    seen: dict[str, Any] = {}
    for row, column in grid.formulas:
        cells = grid.rows[row - first] if 0 <= row - first < len(grid.rows) else []
        seen[address(row, column)] = cells[column] if column < len(cells) else None
    seen |= {address(row, column): _Error(text) for (row, column), text in grid.errors.items()}
    return seen


class _Error(str):
    """What an error cell shows, such as #REF!."""


def _with_values(xml: bytes, seen: Mapping[str, Any], epoch: Any) -> bytes:
    """openpyxl writes formulas without their values; a reader that does not calculate needs them."""
    from openpyxl.utils.datetime import to_excel

    def restored(found: re.Match[bytes]) -> bytes:
        value = seen.get(found[1].decode())
        if value is None:
            return found[0]
        kind, text = "", str(value)
        if isinstance(value, _Error):
            kind = ' t="e"'
        elif isinstance(value, str):
            kind, text = ' t="str"', escape(_writable(value))
        elif isinstance(value, bool):
            kind, text = ' t="b"', str(int(value))
        elif isinstance(value, date):  # and datetime
            text = repr(to_excel(value, epoch))  # type: ignore[no-untyped-call]
        style = _STYLE.search(found[2])
        made = f'<c r="{found[1].decode()}"{style[0].decode() if style else ""}{kind}>'
        return made.encode() + found[3] + f"<v>{text}</v></c>".encode()

    return _FORMULA.sub(restored, xml)


_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f.*?(?:</f>|/>))<v ?/></c>', re.DOTALL)
_STYLE = re.compile(rb' s="\d+"')


def _saved(book: Any, title: str, seen: Mapping[str, Any]) -> bytes:
    """The workbook as bytes, made in memory: the child may not write files, and openpyxl would."""
    from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
    from openpyxl.worksheet._writer import WorksheetWriter
    from openpyxl.writer.excel import ExcelWriter

    class InMemory(ExcelWriter):
        def write_worksheet(self, ws: Any) -> None:
            ws._drawing = SpreadsheetDrawing()
            ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
            part = io.BytesIO()
            writer = WorksheetWriter(ws, part)
            writer.write()
            ws._rels = writer._rels  # type: ignore[attr-defined]
            xml = part.getvalue()
            archive.writestr(ws.path[1:], _with_values(xml, seen, book.epoch) if seen and ws.title == title else xml)
            self.manifest.append(ws)

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        InMemory(book, archive).save()
    return out.getvalue()


def _own(data: bytes, sheet: str) -> tuple[Any, bool]:
    """(the sender's workbook, whether it has macros); (None, False) where openpyxl cannot open what Excel can."""
    import openpyxl

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        macros = any(name.endswith("vbaProject.bin") for name in archive.namelist())
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), keep_vba=macros, rich_text=True)
    except MemoryError:
        raise
    except Exception:  # it fails in many ways on files of other programs
        return None, False
    return (book, macros) if sheet in book.sheetnames else (None, False)  # it finds no sheets in a strict workbook


def _copied(payload: Mapping[str, Any], data: bytes) -> Any:
    """The sheet that was checked, cell for cell, in a new workbook."""
    import openpyxl

    from app.sheets.profiles import profile as limits_of
    from app.sheets.reader import read_bytes

    found = read_bytes(data, limits_of(payload["profile"]), sheet=payload["sheet"] or None)
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = safe_sheet_name(found.grid.sheet)
    for number, row in zip(found.grid.row_numbers, found.grid.rows, strict=True):
        for index, value in enumerate(row, 1):
            if value is not None:
                _put(page.cell(number, index), value)
    return book


def _put(cell: Any, value: Any) -> None:
    """A value as it was read; text stays text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = _writable(value)
        cell.data_type = "s"
        cell.number_format = "@"
    else:
        cell.value = value
        if hasattr(value, "year"):
            cell.number_format = "dd/mm/yyyy"


def _mark(page: Any, payload: Mapping[str, Any]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    red = PatternFill("solid", start_color=_RED, end_color=_RED)
    heading = max(payload["heading_rows"], default=1)
    words: dict[tuple[int, str], list[str]] = {}
    for row, column, _, _, said, _ in payload["marks"]:
        if column:
            words.setdefault((row or heading, column), []).append(said)
    for count, ((row, column), said) in enumerate(words.items()):
        cell = _main_cell(page, f"{column}{row}")
        cell.fill = red
        if count < _MOST_COMMENTS:
            text = "\n".join(dict.fromkeys(said))
            before = cell.comment.text.strip() if cell.comment and cell.comment.author != _MARK else ""
            cell.comment = Comment(
                f"{text}\n\n{before}" if before else text, _MARK, width=260, height=40 + 22 * (len(text) // 32 + 1)
            )


def _main_cell(page: Any, address: str) -> Any:
    """The cell itself, or the first cell of the merged range it lies in: only that one shows anything."""
    from openpyxl.cell.cell import MergedCell

    cell = page[address]
    if isinstance(cell, MergedCell):
        for area in page.merged_cells.ranges:
            if address in area:
                return page.cell(area.min_row, area.min_col)
    return cell


def _list(book: Any, sheet: str, payload: Mapping[str, Any], converted: str | None) -> None:
    from openpyxl.styles import Alignment, Font

    language = payload["language"]
    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    page = book.create_sheet(LIST_SHEET)
    marks: Sequence[tuple[Any, ...]] = payload["marks"]
    lines = [_TITLE.text(language).format(count=len(marks), sheet=sheet), _ADVICE.text(language).format(sheet=sheet)]
    if converted:
        lines.append(_CONVERTED.text(language).format(kind=converted))
    for number, text in enumerate(lines, 1):
        page.cell(number, 1, text).font = Font(bold=number == 1)
    top = len(lines) + 2
    for index, label in enumerate(_HEADINGS, 1):
        page.cell(top, index, label.text(language)).font = Font(bold=True, color=_INK)
    wrapped = Alignment(wrap_text=True, vertical="top")
    for number, (row, column, name, value, said, suggestion) in enumerate(marks, top + 1):
        where = f"{column or ''}{row or ''}"
        for index, text in enumerate((where, name, value, said, suggestion), 1):
            cell = page.cell(number, index)
            cell.value, cell.data_type, cell.alignment = _writable(str(text)), "s", wrapped
        if row and column:
            page.cell(number, 1).hyperlink = f"#'{sheet.replace(chr(39), chr(39) * 2)}'!{where}"
    for letter_, width in zip("ABCDE", (9, 28, 24, 70, 24), strict=True):
        page.column_dimensions[letter_].width = width
    page.freeze_panes = page.cell(top + 1, 1)


def _writable(text: str) -> str:
    """Text without the control characters a workbook cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n\r")[:32767]
