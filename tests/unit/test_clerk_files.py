"""Files as people and programs of companies leave them."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
import xlwt  # type: ignore[import-untyped]
from click.testing import CliRunner
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from app.cli.sheet import command
from app.registry import schema
from app.sheets.checking import check_for
from app.sheets.profiles import profile
from app.sheets.reader import read_bytes


def test_numbers_kept_as_text_by_a_formula_are_read_as_shown() -> None:
    text = 'Nama\tNo Paspor\tJabatan\r\nKim\t="00123456"\tManajer\r\nLee\t"=""M1234567"""\t=""\r\n'
    grid = read_bytes(text.encode(), profile("link")).grid
    assert grid.rows[1:] == [["Kim", "00123456", "Manajer"], ["Lee", "M1234567"]]


@pytest.mark.parametrize(("active", "read"), [(0, "Sep"), (1, "Okt"), (2, "Nov")])
def test_of_months_alike_the_one_left_open_is_read(active: int, read: str) -> None:
    book = Workbook(write_only=True)
    for month, people in (("Sep", 5), ("Okt", 7), ("Nov", 6)):
        sheet = book.create_sheet(month)
        sheet.append(["Nama", "No Paspor", "Jabatan"])
        for number in range(people):
            sheet.append(["Kim Min-jun", f"M{number:08d}", "Manajer"])
    book.active = active
    book.save(kept := io.BytesIO())
    assert read_bytes(kept.getvalue(), profile("link")).grid.sheet == read


def test_the_template_says_as_json_where_it_is(tmp_path: Path) -> None:
    out = tmp_path / "templat.xlsx"
    done = CliRunner().invoke(command, ["template", "wajib-lapor", str(out), "--json"])
    assert (done.exit_code, json.loads(done.output)) == (0, {"key": "wajib-lapor", "file": str(out)})
    assert out.stat().st_size > 0


def test_zeros_that_a_cell_format_shows_belong_to_the_number() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Nama", "No Paspor", "NIK", "Gaji"])
    for number, (cell, shape) in enumerate([(123456, "00000000"), (7654321, '"E"00000000'), (5, "#,##0.00")], 2):
        sheet.append(["Kim Min-jun", cell, 42, 1000])
        sheet.cell(number, 2).number_format = shape
    book.save(kept := io.BytesIO())
    rows = read_bytes(kept.getvalue(), profile("link")).grid.rows
    assert [row[1] for row in rows[1:]] == ["00123456", "E07654321", 5]
    assert [row[2:] for row in rows[1:]] == [[42, 1000]] * 3


@pytest.mark.parametrize(("shape", "shown"), [("00000000", "00123456"), ('"E"00000000', "E00123456"), ("0", 123456)])
def test_an_old_workbook_shows_its_zeros_too(shape: str, shown: str | int) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("TKA")
    for column, heading in enumerate(["Nama", "No Paspor", "NIK", "Jabatan"]):
        sheet.write(0, column, heading)
    style = xlwt.easyxf(num_format_str=shape)
    sheet.write(1, 0, "Kim Min-jun")
    sheet.write(1, 1, 123456, style)
    sheet.write(1, 2, 42)
    sheet.write(2, 1, 123456.5, style)
    book.save(kept := io.BytesIO())
    rows = read_bytes(kept.getvalue(), profile("link")).grid.rows
    assert rows[1][1:3] == [shown, 42]
    assert rows[2][1] == 123456.5


@pytest.mark.parametrize(("place", "said"), [("B3", True), ("B4", False)])
def test_a_sum_never_calculated_is_no_reason_to_send_the_file_again(place: str, said: bool) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Nama", "No Paspor", "Jabatan"], ["Kim", "M12345678", "Staf"], ["Lee", "M1", "Staf"], ["Jumlah", 2]):
        sheet.append(row)
    sheet[place] = "=COUNTA(A2:A3)"
    book.save(kept := io.BytesIO())
    codes = [note.code for note in read_bytes(kept.getvalue(), profile("link")).notes]
    assert ("formulas_uncached" in codes) is said


def test_bare_numbers_of_the_1904_calendar_are_days_of_that_calendar(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    expiry = date(2029, 7, 27)
    sheet.append(["Nama", "Paspor berlaku s.d.", "TTL"])
    sheet.append(["Kim Min-jun", (expiry - date(1904, 1, 1)).days, (date(1985, 3, 12) - date(1904, 1, 1)).days])
    book.save(tmp_path / "mac.xlsx")
    report = check_for(schema("wajib-lapor"), tmp_path / "mac.xlsx", today=date(2026, 11, 22))
    assert (report.values["passport_expires_on"], report.values["birth_date"]) == ([expiry], [date(1985, 3, 12)])


def test_accents_of_an_old_macintosh_are_read() -> None:
    text = "Nama\tNo Paspor\tJabatan\rJosé Peña\tP1234567A\tManajer\rJörg Schäfer\tC12345678\tStaf\r"
    found = read_bytes(text.encode("mac-roman"), profile("link"))
    assert [row[0] for row in found.grid.rows[1:]] == ["José Peña", "Jörg Schäfer"]
    assert [row[0] for row in read_bytes(text.encode("cp1252"), profile("link")).grid.rows[1:]] == [
        "José Peña",
        "Jörg Schäfer",
    ]
