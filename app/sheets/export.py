"""Tables out: CSV and XLSX, streamed, in which no cell and no heading can start a formula (OWASP ASVS 1.2.10).

Numbers and dates stay numbers and dates. Text that a spreadsheet would run is written as text: in XLSX by the
type of its cell, in CSV by an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from app.domain.fields import Field

_STARTS = frozenset("=+-@\t\r\n\0＝＋－＠﹢﹣﹦﹫")
_DAY, _MOMENT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
_MOST_LETTERS = 32767  # of one cell, by Excel
_WHOLE = 10**15  # Excel keeps 15 digits; longer numbers go out as text
_UNWRITABLE = dict.fromkeys(i for i in range(32) if i not in (9, 10, 13))
_BOM = "\ufeff"  # or Excel reads UTF-8 as the code page of the machine


def neutral(value: Any) -> Any:
    """A value safe in a CSV cell: text that would start a formula gets an apostrophe; the rest is left alone."""
    if isinstance(value, str):
        bare = value.lstrip(" \u00a0\u3000")
        return f"'{value}" if bare[:1] in _STARTS and bare else value
    return value


def csv_lines(headings: Sequence[str], rows: Iterable[Sequence[Any]], *, separator: str = ",") -> Iterator[bytes]:
    """The bytes of a CSV file (UTF-8 with its mark, CRLF), about a hundred rows at a time."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=separator, lineterminator="\r\n")
    buffer.write(_BOM)
    writer.writerow([neutral(_plain(heading)) for heading in headings])
    for count, row in enumerate(rows, 1):
        writer.writerow([_csv_cell(value) for value in row])
        if count % 100 == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_file(
    target: BinaryIO | str,
    headings: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    sheet: str = "Data",
    fields: Sequence[Field | None] = (),
) -> int:
    """Write one sheet, row by row in constant memory; the number of rows. `fields` give the columns their format."""
    import xlsxwriter

    book = xlsxwriter.Workbook(target, WORKBOOK_OPTIONS)
    page = book.add_worksheet(safe_sheet_name(sheet))
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": _DAY, "align": "left"})
    moment = book.add_format({"num_format": _MOMENT, "align": "left"})
    for index, heading in enumerate(headings):
        f = fields[index] if index < len(fields) else None
        page.set_column(index, index, column_width(heading, f), text if _is_text(f) else None)
    page.freeze_panes(1, 0)
    for index, heading in enumerate(headings):
        page.write_string(0, index, _plain(heading), bold)
    count = 0
    for row in rows:
        count += 1
        for index, value in enumerate(row):
            _write(page, count, index, value, text, day, moment)
    book.close()
    return count


WORKBOOK_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def safe_sheet_name(name: str) -> str:
    """At most 31 letters, none of those Excel forbids."""
    kept = "".join("-" if c in "[]:*?/\\" else c for c in name if c >= " ").strip(" '")
    return kept[:31] or "Data"


def column_width(heading: str, f: Field | None) -> float:
    """Wide enough for the heading and what usually stands below it."""
    usual = len(f.sample()) if f else 0
    if f and f.type.max_length:
        usual = max(usual, min(f.type.max_length, 24))
    return float(max(9, min(34, max(len(heading) * 0.75, usual) + 2)))


def _write(page: Any, row: int, column: int, value: Any, text: Any, day: Any, moment: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float | Decimal):
        if -_WHOLE < value < _WHOLE:
            page.write_number(row, column, value)
        else:
            page.write_string(row, column, str(value), text)
    elif isinstance(value, datetime):
        page.write_datetime(
            row, column, (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None), moment
        )
    elif isinstance(value, date):
        if value.year >= 1900:
            page.write_datetime(row, column, value, day)
        else:
            page.write_string(row, column, value.isoformat(), text)
    else:
        page.write_string(row, column, _plain(value), text)


def _is_text(f: Field | None) -> bool:
    return f is not None and f.type.excel_format == "@"


def _plain(value: Any) -> str:
    if isinstance(value, list | tuple | set | frozenset):
        value = ", ".join(str(one) for one in value)
    return str(value).translate(_UNWRITABLE)[:_MOST_LETTERS]


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    return neutral(_plain(value))
