"""A sheet as we understood it: what the reader hands to the checker. No per-cell objects: speed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

MARKS_SHEET = "Perlu diperbaiki"  # our own last sheet in a file handed back: never the list of its sender
Value = str | float | int | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Note:
    """Something said aloud about the file: hidden rows, a guessed encoding, formulas used by value."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Grid:
    """One sheet, cell for cell. `rows[i]` stands at the sheet's row `row_numbers[i]` (1-based).

    Cell addresses in the side tables are (row number 1-based, column index 0-based).
    """

    sheet: str
    rows: list[list[Value]]
    row_numbers: list[int]
    formulas: frozenset[tuple[int, int]] = frozenset()  # cached value present and used
    uncached: frozenset[tuple[int, int]] = frozenset()  # formula that was never calculated
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)  # "#DIV/0!"
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # row1, col1, row2, col2
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    notes: list[Note] = field(default_factory=list)
    epoch_1904: bool = False  # its numbers count days from 1904
    active: bool = False  # the sheet one sees on opening the workbook


@dataclass(slots=True)
class Table:
    """The table found in a grid: heading rows joined to one heading a column, body rows below.

    `headings[j]` stands over `columns[j]` (0-based column index in the grid); `body` are indices into
    `grid.rows`. Blank, numbering, group, subtotal, total and signature rows are not in `body`.
    """

    grid: Grid
    heading_rows: list[int]
    headings: list[str]
    columns: list[int]
    body: list[int]
    notes: list[Note] = field(default_factory=list)
