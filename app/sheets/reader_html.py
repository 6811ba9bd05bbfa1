"""Web tables saved under the name of a spreadsheet: many office systems "export to Excel" this way."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from app.domain.errors import SheetRejected
from app.domain.grid import Grid, Note, Value
from app.sheets.profiles import MB, Profile
from app.sheets.reader_text import decode

_MOST = 12 * MB  # the parser is plain Python: about 5 MB a second


def read_html(data: bytes, limits: Profile) -> list[Grid]:
    """One grid for each table of the page that holds anything."""
    if len(data) > _MOST:
        raise SheetRejected("web_page_too_large")
    text, notes = _text(data)
    page = _Page(limits)
    page.feed(text)
    page.close()
    grids = [table.grid(f"Tabel {number}") for number, table in enumerate(page.tables, start=1)]
    grids = [grid for grid in grids if any(any(row) for row in grid.rows)]
    if not grids:
        raise SheetRejected("not_a_sheet", kind="web_page")
    for grid in grids:
        grid.notes.extend([Note("web_page_read"), *notes])
    return grids


def _text(data: bytes) -> tuple[str, list[Note]]:
    declared = re.search(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]{3,20})""", data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode(declared[1].decode("ascii")), []
        except (LookupError, UnicodeError):
            pass
    return decode(data)


class _Table:
    def __init__(self, limits: Profile) -> None:
        self._limits = limits
        self.rows: list[list[Value]] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._taken: dict[int, int] = {}  # column -> rows still covered by a cell from above

    def begin_row(self) -> None:
        if len(self.rows) >= self._limits.rows + 1000:
            raise SheetRejected("too_many_rows", max=self._limits.rows)
        self.rows.append([])
        self._left = dict(self._taken)
        self._taken = {column: left - 1 for column, left in self._taken.items() if left > 1}

    def add(self, text: str, across: int, down: int) -> None:
        if not self.rows:
            self.begin_row()
        row = self.rows[-1]
        while self._left.get(len(row), 0) > 0:
            row.append(None)
        column = len(row)
        if column + across > self._limits.columns:
            raise SheetRejected("cell_far_away", cell=f"baris {len(self.rows)}")
        row.append(text or None)
        row.extend([None] * (across - 1))
        if across * down > 1:
            number = len(self.rows)
            self._merged.append((number, column, number + down - 1, column + across - 1))
        if down > 1:
            self._taken.update(dict.fromkeys(range(column, column + across), down - 1))

    def grid(self, name: str) -> Grid:
        return Grid(name, self.rows, list(range(1, len(self.rows) + 1)), merged=self._merged)


class _Page(HTMLParser):
    def __init__(self, limits: Profile) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Table] = []
        self._limits = limits
        self._open: list[_Table] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            if len(self.tables) >= self._limits.entries:
                raise SheetRejected("too_many_parts", max=self._limits.entries)
            self._open.append(_Table(self._limits))
            self.tables.append(self._open[-1])
        elif tag in ("script", "style"):
            self._silent += 1
        elif not self._open:
            return
        elif tag == "tr":
            self._end_cell()
            self._open[-1].begin_row()
        elif tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            self._span = (_span(given.get("colspan")), _span(given.get("rowspan")))
            self._cell = []
        elif tag in ("br", "p", "div") and self._cell:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table":
            self._end_cell()
            if self._open:
                self._open.pop()
        elif tag in ("script", "style"):
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._silent:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self._open:
            lines = (" ".join(line.split()) for line in "".join(self._cell).split("\n"))
            self._open[-1].add("\n".join(filter(None, lines)), *self._span)
        self._cell = None


def _span(text: str | None) -> int:
    return min(int(text), 250_000) if text and text.strip().isdecimal() and len(text) < 8 and int(text) > 0 else 1
