"""What people really send is read: every format, encoding and habit, with row numbers as they see them."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

from app import sheets
from app.domain.errors import SheetRejected
from app.sheets.reader import ReadResult
from app.wording import sentence

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
WORKBOOKS = SHARED / "workbooks"
SPONSORS = SHARED / "sponsors"
HEADS = ["No", "Nama Lengkap", "Tgl Lahir", "No Paspor"]
PEOPLE = [[1, "Kim Min Jun", date(1985, 3, 12), "0123456"], [2, "José Pérez", date(1990, 12, 31), "TK1234567"]]


def manifest() -> list[dict[str, str]]:
    if not WORKBOOKS.exists():
        return []
    with open(WORKBOOKS / "manifest.csv", newline="") as file:
        return list(csv.DictReader(file))


def rows(found: ReadResult) -> list[list[Any]]:
    body = (found.grid.rows[i] for i in found.table.body)
    return [[row[j] if j < len(row) else None for j in found.table.columns] for row in body]


def numbers(found: ReadResult) -> list[int]:
    return [found.grid.row_numbers[i] for i in found.table.body]


def codes(found: ReadResult) -> set[str]:
    return {note.code for note in found.notes}


# --- real files --------------------------------------------------------------------------------------------


@pytest.mark.skipif(not WORKBOOKS.exists(), reason="the collection of real workbooks is not beside this repository")
@pytest.mark.parametrize("entry", manifest() or [{}], ids=lambda entry: entry.get("file", "none"))
def test_every_workbook_of_the_collection_is_read_or_politely_refused(entry: dict[str, str]) -> None:
    path = WORKBOOKS / entry["file"]
    if entry["opens"].startswith("GAGAL"):
        with pytest.raises(SheetRejected) as no:
            sheets.read(path)
        assert no.value.code == "password"
        return
    found = sheets.read(path)
    assert len(found.sheets) == int(entry["sheets"])
    assert (
        len(found.grid.rows) <= max(int(entry["max_rows"]), 0) + 30
    )  # the collection does not count empty rows on top
    assert bool(entry["date1904"] == "1") <= ("date_1904" in codes(found))
    assert all(sentence(note) for note in found.notes)
    for language in ("id", "en"):
        assert not [note.code for note in found.notes if "…" in sentence(note, language).replace(", …", "")]


@pytest.mark.skipif(not SPONSORS.exists(), reason="the register of sponsors is not beside this repository")
def test_a_register_of_thirty_thousand_rows_is_read_whole() -> None:
    [path] = SPONSORS.glob("*2020-07-27*.csv")
    found = sheets.read(path)
    assert found.table.headings == ["Organisation Name", "Town/City", "County", "Type & Rating", "Route"]
    assert found.table.heading_rows == [1]
    assert len(found.table.body) == 31_320
    assert numbers(found)[0] == 2
    with open(path, newline="", encoding="utf-8") as file:
        given = list(csv.reader(file))[1:]
    assert [row[0] for row in rows(found)] == [row[0] or None for row in given]


# --- one list in every format ------------------------------------------------------------------------------


def as_xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Daftar")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADS)
        for number, person in enumerate(PEOPLE, start=1):
            sheet.write_number(number, 0, person[0])
            sheet.write_string(number, 1, person[1])
            sheet.write_datetime(number, 2, person[2], day)
            sheet.write_string(number, 3, person[3])


def as_xls(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Daftar")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for row, values in enumerate([HEADS, *PEOPLE]):
        for column, value in enumerate(values):
            sheet.write(row, column, value, day if isinstance(value, date) else xlwt.Style.default_style)
    book.save(path)


def as_ods(path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    table = Table(name="Daftar")
    for values in [HEADS, *PEOPLE]:
        row = TableRow()
        for value in values:
            row.addElement(ods_cell(value))
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.save(path)


def ods_cell(value: Any, **more: Any) -> TableCell:
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat(), **more)
    elif isinstance(value, int):
        cell = TableCell(valuetype="float", value=value, **more)
    else:
        cell = TableCell(valuetype="string", **more)
    cell.addElement(P(text=str(value)))
    return cell


@pytest.mark.parametrize(("kind", "write"), [("xlsx", as_xlsx), ("xls", as_xls), ("ods", as_ods)])
def test_the_same_list_reads_the_same_in_every_format(tmp_path: Path, kind: str, write: Callable[[Path], None]) -> None:
    path = tmp_path / f"list.{kind}"
    write(path)
    found = sheets.read(path)
    assert (found.kind, found.grid.sheet, found.table.headings) == (kind, "Daftar", HEADS)
    assert rows(found) == PEOPLE
    assert numbers(found) == [2, 3]
    assert [type(value) for value in rows(found)[0]] == [int, str, date, str]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_text_in_the_usual_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    lines = [HEADS, ["1", "José Pérez", "12/03/1985", "0123456"], ["2", 'Kim "MJ", Min', "31 Des 1990", "TK 1"]]
    path = tmp_path / "list.csv"
    with open(path, "w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=separator).writerows(lines)
    found = sheets.read(path, profile="link")
    assert found.table.headings == HEADS
    assert rows(found) == lines[1:]
    assert "separator" in codes(found)
    assert ("encoding_guessed" in codes(found)) == (encoding in ("utf-16-le", "cp1252", "latin-1"))


def test_east_asian_letters_are_guessed_and_said(tmp_path: Path) -> None:
    text = "姓名,国籍,职位\n" + "".join(f"王小明{n},中国,经理\n张伟{n},中国,工程师\n" for n in range(30))
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode("gb18030"))
    found = sheets.read(path)
    assert rows(found)[0] == ["王小明0", "中国", "经理"]
    assert "encoding_guessed" in codes(found)


def test_two_encodings_in_one_file_are_both_understood(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("Nama,Umur\nJosé,1\nZoë,2\n".encode() + "Günter,3\n".encode("cp1252"))
    found = sheets.read(path)
    assert [row[0] for row in rows(found)] == ["José", "Zoë", "Günter"]
    assert "encoding_mixed" in codes(found)


def test_rows_of_a_text_file_are_counted_as_a_spreadsheet_program_counts(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b'sep=;\r\nNama;Alamat;Umur\r\n"Budi";"Jl. Raya\r\nNgoro";41\r\n\r\nSiti;Pacet;33\r\n')
    found = sheets.read(path)
    assert (found.table.heading_rows, numbers(found)) == ([1], [2, 4])
    assert rows(found)[0] == ["Budi", "Jl. Raya\r\nNgoro", "41"]


def test_lines_wrapped_in_quotation_marks_are_unwrapped(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b'"No,Nama,Alamat"\r\n"1,Budi,""Ngoro, Mojokerto"""\r\n"2,Siti,Pacet"\r\n')
    found = sheets.read(path)
    assert rows(found) == [["1", "Budi", "Ngoro, Mojokerto"], ["2", "Siti", "Pacet"]]
    path.write_bytes(b'"Nama"\r\n"Budi"\r\n')
    plain = sheets.read(path)
    assert rows(plain) == [["Budi"]]
    assert "lines_unquoted" in codes(found) - codes(plain)


def test_pasted_cells_are_read(tmp_path: Path) -> None:
    found = sheets.read_pasted('Nama\tAlamat\tUmur\nBudi\t"Jl. ""Raya"", 1"\t41\nSiti\tPacet\t33\n')
    assert found.table.headings == ["Nama", "Alamat", "Umur"]
    assert rows(found) == [["Budi", 'Jl. "Raya", 1', "41"], ["Siti", "Pacet", "33"]]
    with pytest.raises(SheetRejected) as no:
        sheets.read_pasted("Nama\tUmur\nBu\ud800di\t41\n")
    assert no.value.code == "control_characters"


# --- what cells hide ---------------------------------------------------------------------------------------


def test_formulas_errors_and_what_is_hidden_in_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Daftar")
        book.add_worksheet("_lists").hide()
        sheet.write_row("A1", ["No", "Nama", "Umur", "Catatan"])
        sheet.write_row("A2", [1, "Budi"])
        sheet.write_formula("C2", "=40+1", None, 41)
        sheet.write_formula("C3", "=1/0", None, "#DIV/0!")
        sheet.write_formula("C4", "=B4+1")
        sheet.write_formula("D4", '=IF(1,"","")', None, "x")
        sheet.write_row("A3", [2, "Siti"])
        sheet.write_row("A4", [3, "Agus"])
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("B:B", 20, None, {"hidden": True})
    found = sheets.read(path)
    assert found.grid.formulas == {(2, 2), (4, 3)}
    assert found.grid.errors == {(3, 2): "#DIV/0!"}
    assert found.grid.uncached == {(4, 2)}
    assert (found.grid.hidden_rows, found.grid.hidden_columns) == ({3}, {1})
    assert [row[1] for row in rows(found)] == ["Budi", "Siti", "Agus"]
    expected = {"hidden_rows", "hidden_columns", "hidden_sheets", "formulas_used", "formulas_uncached", "error_cells"}
    assert codes(found) >= expected


def test_a_formula_saved_without_its_value_is_known(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Nama", "Umur"])
    book.active.append(["Budi", "=20+21"])
    book.save(tmp_path / "list.xlsx")
    assert sheets.read(tmp_path / "list.xlsx").grid.uncached == {(2, 1)}


def test_formulas_errors_and_what_is_hidden_in_xls(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Daftar")
    book.add_sheet("Kode").visibility = 1
    for row, values in enumerate([["No", "Nama", "Umur"], [1, "Budi", 41], [2, "Siti", None]]):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    sheet.row(3).write(0, 3)
    sheet.row(3).write(1, "Agus")
    sheet.row(3).set_cell_error(2, 42)
    sheet.row(4).write(0, 4)
    sheet.row(4).write(1, "Wati")
    sheet.row(4).write(2, xlwt.Formula("20+21"))
    sheet.row(2).hidden = True
    sheet.col(1).hidden = True
    book.save(tmp_path / "list.xls")
    written = (tmp_path / "list.xls").read_bytes()
    blank = b"\x03\x00\x00\x00\x00\x00\xff\xff\x00\x00"  # xlwt cannot say "calculate on load"; others do
    assert written.count(blank) == 1
    (tmp_path / "list.xls").write_bytes(written.replace(blank, bytes(8) + b"\x02\x00"))
    found = sheets.read(tmp_path / "list.xls")
    assert found.grid.errors == {(4, 2): "#N/A"}
    assert found.grid.uncached == {(5, 2)}
    assert (found.grid.hidden_rows, found.grid.hidden_columns) == ({3}, {1})
    assert codes(found) >= {"hidden_rows", "hidden_columns", "hidden_sheets"}


def test_formulas_errors_and_merges_in_ods(tmp_path: Path) -> None:
    document = OpenDocumentSpreadsheet()
    hidden = Style(name="ta9", family="table")
    hidden.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(hidden)
    table = Table(name="Daftar")
    top = TableRow()
    top.addElement(ods_cell("Nama"))
    top.addElement(ods_cell("Paspor", numbercolumnsspanned=2, numberrowsspanned=1))
    top.addElement(CoveredTableCell())
    second = TableRow()
    for text in ("", "Nomor", "Berlaku s.d."):
        second.addElement(ods_cell(text) if text else TableCell())
    third = TableRow(visibility="collapse")
    third.addElement(ods_cell("Budi"))
    third.addElement(TableCell(valuetype="string", formula="of:=[.A3]&1", stringvalue="Budi1"))
    third.addElement(TableCell(formula="of:=TODAY()"))
    for row in (top, second, third):
        table.addElement(row)
    document.spreadsheet.addElement(table)
    document.spreadsheet.addElement(Table(name="Kode", stylename=hidden))
    document.save(tmp_path / "list.ods")
    found = sheets.read(tmp_path / "list.ods")
    assert found.table.headings == ["Nama", "Paspor / Nomor", "Paspor / Berlaku s.d."]
    assert found.grid.merged == [(1, 1, 1, 2)]
    assert (found.grid.formulas, found.grid.uncached, found.grid.hidden_rows) == ({(3, 1)}, {(3, 2)}, {3})
    assert "hidden_sheets" in codes(found)


def test_dates_of_the_1904_system_are_the_same_days(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nama", "Lahir"])
        sheet.write_row(1, 0, ["Budi"])
        sheet.write_datetime(1, 1, datetime(1985, 3, 12), book.add_format({"num_format": "d mmm yyyy"}))  # noqa: DTZ001
    found = sheets.read(path)
    assert rows(found) == [["Budi", date(1985, 3, 12)]]
    assert "date_1904" in codes(found)


# --- which sheet, which rows -------------------------------------------------------------------------------


def company_report(path: Path) -> None:
    """An instruction sheet first, a hidden list, and a report with everything people put round a table."""
    with xlsxwriter.Workbook(path) as book:
        advice = book.add_worksheet("Petunjuk")
        for row in range(12):
            advice.write(row, 0, f"{row + 1}. Isilah kolom sesuai dengan paspor yang masih berlaku.")
        sheet = book.add_worksheet("TKA")
        sheet.merge_range("A1:F1", "DAFTAR TENAGA KERJA ASING PT CONTOH SEJAHTERA")
        for place, text in (("A3:A4", "No"), ("B3:B4", "Nama"), ("C3:D3", "Paspor"), ("E3:F3", "Izin Tinggal")):
            sheet.merge_range(place, text)
        sheet.write_row("C4", ["Nomor", "Berlaku s.d.", "Nomor", "Berlaku s.d."])
        sheet.write_row("A5", [1, 2, 3, 4, 5, 6])
        sheet.write("A6", "KANTOR")
        sheet.write_row("A7", [1, "Kim Min Jun", "M12345678", "12/03/2030", "2C21AB1234", "01/02/2027"])
        sheet.write("A9", "PABRIK")
        sheet.write_row("A10", [2, "Suharto", "B1234567", "01/09/2031", "2C21AB1235", "01/02/2027"])
        sheet.write("B11", "Jumlah")
        sheet.write("C11", 2)
        sheet.write("E13", "Ngoro, 12 November 2026")
        sheet.write("E14", "HRD Manager")
        sheet.write("E18", "Siti Aminah")


def test_a_report_as_companies_draw_it(tmp_path: Path) -> None:
    company_report(tmp_path / "report.xlsx")
    found = sheets.read(tmp_path / "report.xlsx", profile="link")
    assert found.grid.sheet == "TKA"
    assert found.table.heading_rows == [3, 4]
    assert found.table.headings[2:] == [
        "Paspor / Nomor", "Paspor / Berlaku s.d.", "Izin Tinggal / Nomor", "Izin Tinggal / Berlaku s.d.",
    ]  # fmt: skip
    assert numbers(found) == [7, 10]
    assert codes(found) >= {"rows_group", "rows_total", "rows_closing", "other_sheets"}


def test_a_sheet_can_be_named(tmp_path: Path) -> None:
    company_report(tmp_path / "report.xlsx")
    assert sheets.read(tmp_path / "report.xlsx", sheet="petunjuk ").grid.sheet == "Petunjuk"
    with pytest.raises(SheetRejected) as no:
        sheets.read(tmp_path / "report.xlsx", sheet="Data")
    assert sentence(no.value) == "Tidak ada lembar bernama “Data”. Lembar yang ada: Petunjuk, TKA."


def test_known_headings_decide_between_sheets(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "two.xlsx") as book:
        stock = book.add_worksheet("Persediaan")
        for row in range(50):
            stock.write_row(
                row, 0, ["Barang", "Gudang", "Rak", "Jumlah", "Satuan"] if row == 0 else ["Baut", "A", "B", row, "kg"]
            )
        people = book.add_worksheet("Orang")
        people.write_row(0, 0, HEADS)
        people.write_row(1, 0, [1, "Kim", "12/03/1985", "M12345678"])
    assert sheets.read(tmp_path / "two.xlsx").grid.sheet == "Persediaan"
    assert sheets.read(tmp_path / "two.xlsx", vocabulary={"nama lengkap", "no paspor"}).grid.sheet == "Orang"


# --- the command -------------------------------------------------------------------------------------------


def command(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "sheet", "read", *arguments], capture_output=True, text=True
    )
    return done.returncode, done.stdout


def test_the_command_prints_json_only(tmp_path: Path) -> None:
    as_xlsx(tmp_path / "list.xlsx")
    code, said = command(str(tmp_path / "list.xlsx"), "--json")
    assert code == 0
    assert json.loads(said) == {
        "sheet": "Daftar",
        "heading_rows": [1],
        "headings": HEADS,
        "rows": [[1, "Kim Min Jun", "1985-03-12", "0123456"], [2, "José Pérez", "1990-12-31", "TK1234567"]],
        "row_numbers": [2, 3],
        "notes": [],
    }


def test_the_command_refuses_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"%PDF-1.7")
    code, said = command(str(path), "--json")
    assert code == 1
    assert json.loads(said) == {
        "refused": {
            "code": "not_a_sheet",
            "message": "Ini berkas PDF. Mohon unggah berkas Excel aslinya (xlsx, xls, ods, atau csv).",
        }
    }
    assert command(str(path))[1].startswith("Ini berkas PDF.")
    assert command(str(tmp_path / "none.xlsx"))[0] == 2
