"""A sheet that cannot be marked in place (xls, xlsb, ods, text), cell for cell in a new workbook."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from app.domain.grid import Grid, Value
from app.sheets.export import WORKBOOK_OPTIONS, safe_sheet_name
from app.sheets.profiles import Profile
from app.sheets.reader import read_bytes

_WIDEST, _NARROWEST = 40, 9
_LOOKED_AT = 200  # rows that decide how wide a column is


def copied(data: bytes, limits: Profile, sheet: str | None) -> tuple[bytes, str]:
    """(the new workbook, the name of its sheet). Values, merged ranges and what is hidden stay where they were."""
    import xlsxwriter

    grid = read_bytes(data, limits, sheet=sheet).grid
    out = io.BytesIO()
    name = safe_sheet_name(grid.sheet)
    book = xlsxwriter.Workbook(
        out, {**WORKBOOK_OPTIONS, "constant_memory": False, "in_memory": True, "date_1904": grid.epoch_1904}
    )
    page = book.add_worksheet(name)
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
        "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
    }
    for column, width in enumerate(_widths(grid)):
        page.set_column(column, column, width, None, {"hidden": column in grid.hidden_columns})
    for number in grid.hidden_rows:
        page.set_row(number - 1, None, None, {"hidden": True})
    for top, left, bottom, right in _apart(grid):
        page.merge_range(top - 1, left, bottom - 1, right, "")
    for number, row in zip(grid.row_numbers, grid.rows, strict=True):
        for column, value in enumerate(row):
            if value is not None:
                _put(page, number - 1, column, value, formats)
    book.close()
    return out.getvalue(), name


def _put(page: Any, row: int, column: int, value: Value, formats: dict[str, Any]) -> None:
    """A value as it was read; text stays text, whatever it begins with."""
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    elif isinstance(value, date) and value.year >= 1900:
        timed = getattr(value, "hour", 0) or getattr(value, "minute", 0)
        page.write_datetime(row, column, value, formats["moment" if timed else "day"])
    else:
        text = value.isoformat() if isinstance(value, date) else str(value)
        page.write_string(row, column, "".join(c for c in text if c >= " " or c in "\t\n\r")[:32767], formats["text"])


def _widths(grid: Grid) -> list[float]:
    found: list[float] = []
    for row in grid.rows[:_LOOKED_AT]:
        found += [_NARROWEST] * (len(row) - len(found))
        for column, value in enumerate(row):
            length = 10 if isinstance(value, date) else len(str(value)) if value is not None else 0
            if length < _WIDEST + 10:  # a title runs on over its neighbours
                found[column] = max(found[column], min(length + 2, _WIDEST))
    return found


def _apart(grid: Grid) -> list[tuple[int, int, int, int]]:
    """Merged ranges within the sheet that do not overlap: a workbook cannot hold others."""
    bottom = max(grid.row_numbers, default=0)
    width = max(map(len, grid.rows), default=0)
    taken: set[tuple[int, int]] = set()
    kept = []
    for top, left, last, right in grid.merged[:2000]:
        last, right = min(last, bottom), min(right, width - 1)
        size = (last - top + 1) * (right - left + 1)
        if last < top or right < left or not 1 < size <= 10_000:
            continue
        cells = {(row, column) for row in range(top, last + 1) for column in range(left, right + 1)}
        if taken.isdisjoint(cells):
            taken |= cells
            kept.append((top, left, last, right))
    return kept
