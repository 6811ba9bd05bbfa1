"""Nothing that leaves as a table can start a formula, and numbers and dates stay what they are."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from app.sheets.export import csv_lines, neutral, safe_sheet_name, xlsx_file

DANGEROUS = [
    "=1+1",
    "+62812",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\0=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u3000=1",
    "=cmd|' /C calc'!A0",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_csv_cells_and_headings_are_inert(text: str) -> None:
    body = b"".join(csv_lines([text], [[text]])).decode("utf-8-sig")
    for [cell] in csv.reader(io.StringIO(body, newline="")):
        assert cell.startswith("'") or cell.strip(" \u3000")[:1] not in "=+-@\t\r\0＝＋－＠", cell


@pytest.mark.parametrize("text", DANGEROUS)
def test_xlsx_cells_and_headings_are_text(text: str) -> None:
    buffer = io.BytesIO()
    xlsx_file(buffer, [text], [[text]])
    sheet = openpyxl.load_workbook(buffer).worksheets[0]
    assert [sheet["A1"].data_type, sheet["A2"].data_type] == ["s", "s"]


def test_harmless_text_is_left_alone() -> None:
    for text in ("PT Contoh", "O'Brien", "2C21JE0012-X", "", "a=b", "中文"):
        assert neutral(text) == text


def test_types_survive() -> None:
    buffer = io.BytesIO()
    row = [
        12,
        1.5,
        Decimal("2.50"),
        date(2026, 11, 22),
        datetime(2026, 11, 22, 7, 3, tzinfo=UTC),
        True,
        None,
        "0012",
        10**17,
        ["a", "b"],
    ]
    assert xlsx_file(buffer, [str(i) for i in range(10)], [row]) == 1
    cells = [cell.value for cell in openpyxl.load_workbook(buffer).worksheets[0][2]]
    assert cells[:3] == [12, 1.5, 2.5]
    assert cells[3].date() == date(2026, 11, 22)
    assert (cells[4].hour, cells[5], cells[6], cells[7], cells[8], cells[9]) == (
        7,
        True,
        None,
        "0012",
        str(10**17),
        "a, b",
    )


def test_csv_numbers_stay_numbers() -> None:
    lines = (
        b"".join(csv_lines(["a", "b", "c"], [[-5, Decimal("-1.5"), date(2026, 1, 2)]])).decode("utf-8-sig").splitlines()
    )
    assert lines == ["a,b,c", "-5,-1.5,2026-01-02"]


def test_csv_is_streamed() -> None:
    def endless() -> object:
        while True:
            yield ["x"]

    lines = csv_lines(["a"], endless())  # type: ignore[arg-type]
    assert next(lines).count(b"\r\n") == 101


def test_sheet_names_are_those_excel_takes() -> None:
    assert safe_sheet_name("Laporan [2026]: A/B?") == "Laporan -2026-- A-B-"
    assert len(safe_sheet_name("x" * 40)) == 31
    assert safe_sheet_name("''") == "Data"
