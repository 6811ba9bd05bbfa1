"""Pages of cells and the five programs that save them: Excel new and old, LibreOffice, and two kinds of text."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Formula:
    """A formula with the value Excel last saw; None: never calculated."""

    text: str
    cached: Any = None


@dataclass(frozen=True)
class Broken:
    """A cell that shows an error, such as #REF!."""

    text: str


@dataclass
class Page:
    """Cells by (row from 1, column from 0)."""

    name: str = "Sheet1"
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # row, column, row, column
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    hidden: bool = False
    as_serials: set[int] = field(default_factory=set)  # columns whose dates are bare numbers

    def row(self, number: int, *values: Any, start: int = 0) -> None:
        for index, value in enumerate(values, start):
            if value is not None:
                self.cells[number, index] = value

    def merge(self, row: int, column: int, row2: int, column2: int) -> None:
        self.merges.append((row, column, row2, column2))

    @property
    def last(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    def lines(self) -> list[list[Any]]:
        width = max((column for _, column in self.cells), default=-1) + 1
        return [[self.cells.get((row, column)) for column in range(width)] for row in range(1, self.last + 1)]


Writer = Callable[[list[Page], Path], None]


def xlsx(pages: list[Page], path: Path, *, date_1904: bool = False, macros: bool = False) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "date_1904": date_1904}
    book = xlsxwriter.Workbook(str(path), options)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    if macros:
        binary = io.BytesIO(b"\xd0\xcf\x11\xe0 not a real project: only its presence matters")
        book.add_vba_project(binary, is_stream=True)
    for page in pages:
        sheet = book.add_worksheet(page.name)
        for row, column, row2, column2 in page.merges:
            sheet.merge_range(row - 1, column, row2 - 1, column2, "")
        for (row, column), value in page.cells.items():
            _xlsx_cell(sheet, row - 1, column, value, day, serial=column in page.as_serials)
        for row in page.hidden_rows:
            sheet.set_row(row - 1, None, None, {"hidden": True})
        for column in page.hidden_columns:
            sheet.set_column(column, column, None, None, {"hidden": True})
        if page.hidden:
            sheet.hide()
    book.close()


def _xlsx_cell(sheet: Any, row: int, column: int, value: Any, day: Any, *, serial: bool) -> None:
    if isinstance(value, Formula):
        sheet.write_formula(row, column, value.text, None, value.cached if value.cached is not None else "")
    elif isinstance(value, Broken):
        sheet.write_formula(row, column, "=VLOOKUP(A1,B1:C2,9)", None, value.text)
    elif isinstance(value, date) and serial:
        sheet.write_number(row, column, (value - date(1899, 12, 30)).days)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    else:
        sheet.write_number(row, column, value)


def openpyxl_file(pages: list[Page], path: Path) -> None:
    """As a program that never calculates saves it: formulas without a value."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        sheet = book.create_sheet(page.name)
        for (row, column), value in page.cells.items():
            cell = sheet.cell(row, column + 1)
            cell.value = value.text if isinstance(value, Formula | Broken) else value
            if isinstance(value, date):
                cell.number_format = "yyyy-mm-dd"
        for row, column, row2, column2 in page.merges:
            sheet.merge_cells(start_row=row, start_column=column + 1, end_row=row2, end_column=column2 + 1)
    book.save(path)


def xls(pages: list[Page], path: Path, *, date_1904: bool = False) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = date_1904
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for page in pages:
        sheet = book.add_sheet(page.name)
        merged = {(row, column): (row, row2, column, column2) for row, column, row2, column2 in page.merges}
        for (row, column), value in page.cells.items():
            shape = (day,) if isinstance(value, date) else ()
            if (row, column) in merged:
                top, bottom, left, right = merged[row, column]
                sheet.write_merge(top - 1, bottom - 1, left, right, value, *shape)
            else:
                sheet.write(row - 1, column, value, *shape)
    book.save(str(path))


def ods(pages: list[Page], path: Path) -> None:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for page in pages:
        table = Table(name=page.name)
        for line in page.lines():
            row = TableRow()
            for value in line:
                if value is None:
                    row.addElement(TableCell())
                    continue
                if isinstance(value, date):
                    cell = TableCell(valuetype="date", datevalue=value.isoformat())
                elif isinstance(value, str):
                    cell = TableCell(valuetype="string")
                else:
                    cell = TableCell(valuetype="float", value=value)
                cell.addElement(P(text=value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value)))
                row.addElement(cell)
            table.addElement(row)
        book.spreadsheet.addElement(table)
    book.save(str(path))


def text(pages: list[Page], path: Path, *, separator: str = ",", encoding: str = "utf-8") -> None:
    import csv

    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    for line in pages[0].lines():
        writer.writerow(["" if v is None else v.strftime("%d/%m/%Y") if isinstance(v, date) else v for v in line])
    path.write_bytes(buffer.getvalue().encode(encoding))


_MADE = re.compile(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")


def repack(path: Path) -> None:
    """Give an archive fixed times, so that the same seed makes the same bytes."""
    with zipfile.ZipFile(path) as archive:
        parts = [(info.filename, _MADE.sub(b"2026-11-22T00:00:00Z", archive.read(info))) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts:
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 22, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
