"""The sender's own file comes back with marks, in their formatting, and can be sent again as it is."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from app.domain.grid import MARKS_SHEET
from app.domain.sheet_report import SheetReport
from app.registry import schema
from app.sheets.annotate import Annotated, annotate
from app.sheets.checking import check_for, message
from tests.corpus.people import TODAY
from tests.corpus.reports import reports
from tests.corpus.writers import Formula

REPORTS = {report.file: report for report in reports()}


def returned(path: Path) -> tuple[SheetReport, Annotated]:
    report = check_for(schema("wajib-lapor"), path, today=TODAY)
    fields = schema("wajib-lapor").fields
    labels = {key: f.label.id for key, f in fields.items()}
    words = [(p, message(p, fields.get(p.field or ""))) for p in report.errors]
    return report, annotate(path, report, words, headings=labels)


@pytest.mark.parametrize(
    "file",
    [
        "02-ttl.xlsx",
        "03-judul-dua-baris.xlsx",
        "08-lama.xls",
        "09-libreoffice.ods",
        "07-titik-koma.csv",
        "10-makro.xlsm",
    ],
)
def test_bad_cells_are_red_and_say_why_and_the_file_reads_as_before(file: str, tmp_path: Path) -> None:
    report, back = returned(REPORTS[file].write(tmp_path))
    copy = tmp_path / back.name
    copy.write_bytes(back.data)
    book = openpyxl.load_workbook(io.BytesIO(back.data), keep_vba=True)
    sheet = book[report.sheet] if report.sheet in book.sheetnames else book.worksheets[0]
    for problem in report.errors:
        cell = sheet[f"{problem.column}{problem.row}"]
        assert cell.fill.start_color.rgb == "FFF8D7DA", cell.coordinate
        assert message(problem, schema("wajib-lapor").fields[problem.field or ""]) in cell.comment.text
    listed = [[c.value for c in row] for row in book[MARKS_SHEET].iter_rows()]
    assert [line[0] for line in listed if line[0] and line[3]][1:] == [f"{p.column}{p.row}" for p in report.errors]
    again = check_for(schema("wajib-lapor"), copy, today=TODAY)
    key = lambda r: [(p.row, p.column, p.field, p.code) for p in r.errors]  # noqa: E731
    assert key(again) == key(report)
    assert (again.rows, again.good) == (report.rows, report.good)


def test_their_formatting_stays(tmp_path: Path) -> None:
    path = REPORTS["01-daftar-tka.xlsx"].write(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["A1"].font = Font(bold=True, size=18)
    sheet.column_dimensions["B"].width = 41
    sheet["B7"].comment = openpyxl.comments.Comment("catatan kami", "HRD")
    book.save(path)
    _, back = returned(path)
    after = openpyxl.load_workbook(io.BytesIO(back.data)).worksheets[0]
    assert (after["A1"].font.size, after.column_dimensions["B"].width) == (18, 41)
    assert after["B7"].comment.text == "catatan kami"
    assert back.name == "01-daftar-tka-perlu-diperbaiki.xlsx"


def test_formulas_keep_their_values_for_readers_that_do_not_calculate(tmp_path: Path) -> None:
    report = REPORTS["14-bulan-dahulu.xlsx"]
    page = report.pages[0]
    cells = dict(page.cells)
    row = 2
    page.cells[row, 0] = Formula('="Kim"&" "&"Min-jun <b>"', "Kim Min-jun")
    page.cells[row, 2] = Formula('=B1&"x"', "Seoul")
    page.cells[row, 13] = Formula("=DATE(2020,1,2)", 43832)
    try:
        found, back = returned(report.write(tmp_path))
    finally:
        page.cells = cells
    copy = tmp_path / back.name
    copy.write_bytes(back.data)
    again = check_for(schema("wajib-lapor"), copy, today=TODAY)
    assert [(p.row, p.field, p.code) for p in again.errors] == [(p.row, p.field, p.code) for p in found.errors]
    assert again.good_rows[0][1] == found.good_rows[0][1]
    sheet = openpyxl.load_workbook(io.BytesIO(back.data))[report.pages[0].name]
    assert sheet.cell(row, 1).value.startswith("=")


def test_macros_are_kept_and_never_run(tmp_path: Path) -> None:
    _, back = returned(REPORTS["10-makro.xlsm"].write(tmp_path))
    assert back.name.endswith(".xlsm")
    assert "xl/vbaProject.bin" in zipfile.ZipFile(io.BytesIO(back.data)).namelist()


def test_a_missing_column_is_in_the_list(tmp_path: Path) -> None:
    _, back = returned(REPORTS["16-kolom.xlsx"].write(tmp_path))
    page = openpyxl.load_workbook(io.BytesIO(back.data))[MARKS_SHEET]
    said = " ".join(str(cell.value) for row in page.iter_rows() for cell in row)
    assert "Kolom paspor berlaku s.d. tidak ditemukan" in said


def test_what_they_typed_never_becomes_a_formula(tmp_path: Path) -> None:
    path = REPORTS["11-tempel.txt"].write(tmp_path)
    text = path.read_bytes().decode()
    lines = text.split("\r\n")
    cells = lines[1].split("\t")
    cells[4] = "=cmd|' /C calc'!A0"
    lines[1] = "\t".join(cells)
    path.write_bytes("\r\n".join(lines).encode())
    report, back = returned(path)
    assert ("passport_number", "pattern") in {(p.field, p.code) for p in report.errors}
    book = openpyxl.load_workbook(io.BytesIO(back.data))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
        "n",
        "d",
    }


def test_a_strict_workbook_comes_back_as_a_copy(tmp_path: Path) -> None:
    path = REPORTS["02-ttl.xlsx"].write(tmp_path)
    strict = tmp_path / "ketat.xlsx"
    with zipfile.ZipFile(path) as plain, zipfile.ZipFile(strict, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in plain.namelist():
            part = plain.read(name)
            for part_of in (b"spreadsheetml/2006/main", b"officeDocument/2006/relationships"):
                ours = b"http://schemas.openxmlformats.org/" + part_of
                part = part.replace(ours, b"http://purl.oclc.org/ooxml/" + part_of.replace(b"/2006", b""))
            archive.writestr(name, part)
    report, back = returned(strict)
    (tmp_path / back.name).write_bytes(back.data)
    again = check_for(schema("wajib-lapor"), tmp_path / back.name, today=TODAY)
    assert report.errors
    assert [(p.row, p.column, p.code) for p in again.errors] == [(p.row, p.column, p.code) for p in report.errors]
