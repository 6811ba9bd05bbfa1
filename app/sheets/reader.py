"""Bytes to one grid and one table, inside the limited child: type, pre-scan, parse, find the table.

Never imported by the web process; `app.sheets.read` and the checker call it through the sandbox.
"""

from __future__ import annotations

import datetime as dt
import io
import traceback
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.errors import SheetRejected
from app.domain.grid import MARKS_SHEET, Grid, Note, Table, Value
from app.domain.headings import fill_merged, find_table, table_weight
from app.sheets import child
from app.sheets.prescan import scan
from app.sheets.prescan_facts import Scan, SheetFacts, address, refuse_too_far
from app.sheets.profiles import Profile, profile
from app.sheets.reader_html import read_html
from app.sheets.reader_text import read_text

_SHEETS_LOOKED_AT = 60
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_WHOLE = 1e15  # above, a float no longer holds every digit and stays a float


@dataclass(slots=True)
class ReadResult:
    """One file as understood. `other_sheets`: readable sheets that were not chosen; `rivals`: those, and the chosen
    one, whose headings know about as much, in the order of the book."""

    kind: str
    grid: Grid
    table: Table
    notes: list[Note]
    sheets: list[str]
    other_sheets: list[str] = field(default_factory=list)
    rivals: list[str] = field(default_factory=list)


def read_in_child(payload: dict[str, Any]) -> ReadResult:
    """Target of the sandbox. Payload: `path` or `data`, `profile`, and perhaps `sheet`, `prefer`, `vocabulary`."""
    limits = profile(payload.get("profile") or "staff")
    data = payload.get("data")
    if data is None:
        data = load(payload["path"], limits)
    found = read_bytes(
        data, limits, sheet=payload.get("sheet"), prefer=payload.get("prefer"), vocabulary=payload.get("vocabulary")
    )
    if found.kind == "text" and Path(payload.get("path") or "").suffix.lower() in _WORKBOOKS:
        _refuse_prose(found)
    child.reading_done(len(found.table.body) * len(found.table.columns))
    return found


def _refuse_prose(found: ReadResult) -> None:
    """Tables of text named xls are common; text without columns under that name is no table."""
    if all(note.code != "separator" for note in found.notes):
        raise SheetRejected("not_a_sheet")


def load(path: str, limits: Profile) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read(limits.file_bytes + 1)
    except OSError as error:
        raise SheetRejected("file_missing") from error
    if len(data) > limits.file_bytes:
        raise SheetRejected("file_too_large", max=f"{limits.file_bytes >> 20} MB")
    return data


def read_bytes(
    data: bytes,
    limits: Profile,
    *,
    sheet: str | None = None,
    prefer: str | None = None,
    vocabulary: Collection[str] | None = None,
) -> ReadResult:
    """The best table of a file (or of its sheet named `sheet`); raises `SheetRejected`.

    `prefer`: the sheet to take where the file has a table on it.
    `vocabulary`: headings and aliases of the fields looked for; they decide between sheets and rows.
    """
    try:
        return _read_bytes(data, limits, sheet, prefer, vocabulary)
    except (SheetRejected, MemoryError):
        raise
    except BaseException as error:
        # Also the parser's panics, which are no Exception. A file we stumble over is the sender's to mend,
        # and ours to look at: the log has the way there.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        traceback.print_exc()
        raise SheetRejected("damaged") from None


def _read_bytes(
    data: bytes, limits: Profile, sheet: str | None, prefer: str | None, vocabulary: Collection[str] | None
) -> ReadResult:
    facts = scan(data, limits)
    if facts.kind == "ods":  # its parser unfolds every sheet when it opens the file
        for about in facts.sheets:
            _refuse(about)
    if facts.kind == "text":
        grids = [read_text(data, limits)]
    elif facts.kind == "html":
        grids = read_html(data, limits)
        grids = [grid for grid in grids if grid.sheet == sheet] or grids
    else:
        grids = _Workbook(data, facts, limits).grids(sheet)
    found = _best(facts, grids, prefer, vocabulary)
    if len(found.table.body) > limits.rows:
        raise SheetRejected("too_many_rows", max=limits.rows)
    return found


def _best(facts: Scan, grids: list[Grid], prefer: str | None, vocabulary: Collection[str] | None) -> ReadResult:
    tables = [(table_weight(table, vocabulary), table) for table in (find_table(g, vocabulary) for g in grids)]
    rivals = _rivals([(weight, table.grid.sheet) for weight, table in tables])
    best = max(tables, key=lambda pair: (pair[1].grid.sheet == prefer and prefer in rivals, pair[0]))[1]
    others = [t.grid.sheet for weight, t in tables if t is not best and weight[-1] > 0]
    notes = [*facts.notes, *best.grid.notes, *best.notes, *_cell_notes(best)]
    if others:
        notes.append(Note("other_sheets", {"sheet": best.grid.sheet[:40], "sheets": _listed(others)}))
    notes.extend(fill_merged(best))
    names = [s.name for s in facts.sheets] or [g.sheet for g in grids]
    return ReadResult(facts.kind, best.grid, best, notes, names, others, rivals)


def _rivals(weighed: list[tuple[tuple[float, ...], str]]) -> list[str]:
    """Sheets of no instructions with a table that has at least half of the known headings of the one with most."""
    most = max(known for (_filled, known, *_rest), _sheet in weighed)
    return [
        sheet for (filled, known, _headed, plain, *_rest), sheet in weighed if filled and plain and 2 * known >= most
    ]


def _listed(names: list[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:10])
    return f"{shown}, + {len(names) - 10}" if len(names) > 10 else shown


def _cell_notes(table: Table) -> list[Note]:
    """Formulas and errors. A sum below the list that was never calculated concerns nobody."""
    grid, notes = table.grid, []
    within = {grid.row_numbers[i] for i in table.body} if grid.uncached else set()
    uncached = frozenset(cell for cell in grid.uncached if cell[0] in within and cell[1] in table.columns)
    for code, cells in (("formulas_used", grid.formulas), ("formulas_uncached", uncached)):
        if cells:
            notes.append(Note(code, {"count": len(cells), "cell": address(*min(cells))}))
    if grid.errors:
        first = min(grid.errors)
        sample = grid.errors[first]
        notes.append(Note("error_cells", {"count": len(grid.errors), "cell": address(*first), "sample": sample}))
    return notes


class _Workbook:
    """The parser's side of a workbook: every visible sheet, or hidden ones when nothing else holds rows."""

    def __init__(self, data: bytes, scan: Scan, limits: Profile) -> None:
        self._data = data
        self._scan = scan
        self._limits = limits

    def grids(self, wanted: str | None) -> list[Grid]:
        import python_calamine as calamine

        child.scan_done(self._scan.inflated)
        try:
            book = calamine.load_workbook(io.BytesIO(self._data))
        except calamine.PasswordError as error:
            raise SheetRejected("password") from error
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise SheetRejected("damaged") from error
        facts = {sheet.name: sheet for sheet in self._scan.sheets}
        self._epoch_1904 = any(note.code == "date_1904" for note in self._scan.notes)
        shown: list[SheetFacts] = []
        hidden: list[SheetFacts] = []
        for meta in book.sheets_metadata:
            about = facts.get(meta.name) or SheetFacts(meta.name)
            about.hidden = about.hidden or meta.visible != calamine.SheetVisibleEnum.Visible
            if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                (hidden if about.hidden else shown).append(about)
        shown = [about for about in shown if about.name != MARKS_SHEET] or shown
        if wanted is not None:
            return [self._named(book, [*shown, *hidden], wanted)]
        grids = self._filled(book, shown)
        if hidden and grids:
            said = Note("hidden_sheets", {"sheets": _listed([about.name for about in hidden])})
            for grid in grids:
                grid.notes.append(said)
        if not grids:
            grids = self._filled(book, hidden)
            for grid in grids:
                grid.notes.append(Note("hidden_sheet_read", {"sheet": grid.sheet}))
        return grids or [Grid((shown or hidden)[0].name if shown or hidden else "", [], [])]

    def _named(self, book: Any, sheets: list[SheetFacts], wanted: str) -> Grid:
        for about in sheets:
            if about.name.strip().casefold() == wanted.strip().casefold():
                grid = self._grid(book, about)
                if about.hidden:
                    grid.notes.append(Note("hidden_sheet_read", {"sheet": about.name}))
                return grid
        raise SheetRejected("sheet_unknown", sheet=wanted[:40], sheets=_listed([about.name for about in sheets]))

    def _filled(self, book: Any, sheets: list[SheetFacts]) -> list[Grid]:
        grids = (self._grid(book, about) for about in sheets[:_SHEETS_LOOKED_AT])
        return [grid for grid in grids if grid.rows]

    def _grid(self, book: Any, about: SheetFacts) -> Grid:
        import python_calamine as calamine

        _refuse(about)
        try:
            sheet = book.get_sheet_by_name(about.name)
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise SheetRejected("damaged") from error
        grid = Grid(about.name, [], [])
        if sheet.start is None:
            return grid
        left, (bottom, right) = sheet.start[1], sheet.end
        if right >= self._limits.columns or bottom >= self._limits.last_row:
            code, params = refuse_too_far(bottom + 1, right, self._limits, self._limits.rows)
            raise SheetRejected(code, sheet=about.name, **params)
        pad: list[Value] = [None] * left
        grid.rows = (
            [pad + clean_row(row) for row in sheet.iter_rows()] if left else list(map(clean_row, sheet.iter_rows()))
        )
        grid.row_numbers = list(range(1, 1 + len(grid.rows)))  # calamine begins at row 1, but at the first used column
        ranges = about.merged
        if ranges is None:
            ranges = [(r1 + 1, c1, r2 + 1, c2) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or []]
        grid.epoch_1904 = self._epoch_1904
        return _with_facts(grid, about, ranges)


def _refuse(about: SheetFacts) -> None:
    if about.refusal is not None:
        code, params = about.refusal
        raise SheetRejected(code, sheet=about.name, **params)


def _with_facts(grid: Grid, about: SheetFacts, ranges: list[tuple[int, int, int, int]]) -> Grid:
    grid.merged, grid.active = ranges, about.active
    for (number, column), (front, width) in about.padded.items():
        row = grid.rows[number - 1] if number <= len(grid.rows) else []
        if column < len(row) and type(value := row[column]) is int and value >= 0:
            row[column] = f"{front}{value:0{width}d}"
    grid.formulas = frozenset(about.formulas)
    grid.uncached = frozenset(about.uncached)
    grid.errors = about.errors
    rows = [n for n in about.hidden_rows if 1 <= n <= len(grid.rows)]
    grid.hidden_rows = frozenset(n for n in rows if any(v is not None for v in grid.rows[n - 1]))
    width = max(map(len, grid.rows))
    grid.hidden_columns = frozenset(
        c for c in about.hidden_columns if c < width and any(len(row) > c and row[c] is not None for row in grid.rows)
    )
    return grid


def clean_row(row: list[Any]) -> list[Value]:
    """calamine's row in our words: empty is None, whole numbers are int, times are text."""
    return [
        (None if not value or value.isspace() else value)
        if (kind := type(value)) is str
        else int(value)
        if kind is float and value.is_integer() and -_WHOLE < value < _WHOLE
        else _odd(value)
        if kind in _ODD
        else value
        for value in row
    ]


_ODD = frozenset({float, dt.time, dt.timedelta})


def _odd(value: float | dt.time | dt.timedelta) -> Value:
    if isinstance(value, float):
        return value if value - value == 0 else str(value)  # NaN and infinity are no numbers
    return value.isoformat() if isinstance(value, dt.time) else str(value)
