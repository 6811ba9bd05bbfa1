"""Of the sender's own workbook only bad cells change, marks go when a cell is right, and nothing piles up."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from defusedxml.ElementTree import fromstring

from app.domain.grid import MARKS_SHEET
from app.domain.sheet_report import SheetReport
from app.registry import schema
from app.sheets.annotate import Annotated, annotate
from app.sheets.checking import check_for, message
from tests.corpus.lived_in import BAD, SHEET, lived_in
from tests.corpus.people import TODAY
from tests.corpus.reports import reports

OURS = {
    "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
    "xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels",
    "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
}  # fmt: skip
RED = "FFF8D7DA"


def returned(path: Path, *, language: str = "id", as_right: bool = False) -> tuple[SheetReport, Annotated]:
    report = check_for(schema("wajib-lapor"), path, today=TODAY)
    fields = schema("wajib-lapor").fields
    said = [(p, message(p, fields.get(p.field or ""), language)) for p in report.errors]
    return report, annotate(path, report, [] if as_right else said, language=language)


def kept(back: Annotated, folder: Path) -> Path:
    path = folder / back.name
    path.write_bytes(back.data)
    return path


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def red(sheet: Any) -> set[str]:
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.start_color.rgb == RED}


def without_marks(xml: bytes) -> bytes:
    """A sheet's XML but for formats of bad cells, a cell put there to be red, and the way to the comments."""
    xml = re.sub(rb"<c r=\"(?:G8|H9)\"[^>]*/>|<legacyDrawing[^>]*>|(?<=<row r=\"[89]\")[^>]*", b"", xml)
    return re.sub(rb'(<c r="(?:F6|G8|H9)"[^>]*?) s="\d+"', rb"\1", xml)


@pytest.mark.parametrize(("comments", "button"), [(True, False), (False, True), (False, False)])
def test_all_but_the_bad_cells_stays_byte_for_byte(comments: bool, button: bool, tmp_path: Path) -> None:
    path = lived_in(tmp_path / "daftar.xlsx", comments=comments, button=button)
    report, back = returned(path)
    assert {f"{p.column}{p.row}" for p in report.errors} == BAD
    before, after = parts(path.read_bytes()), parts(back.data)
    assert {name for name in before if before[name] != after.get(name)} <= OURS
    assert without_marks(after["xl/worksheets/sheet1.xml"]) == without_marks(before["xl/worksheets/sheet1.xml"])
    sheet = openpyxl.load_workbook(io.BytesIO(back.data))[SHEET]
    assert red(sheet) == BAD
    order = [child.tag.rpartition("}")[2] for child in fromstring(after["xl/worksheets/sheet1.xml"])]
    assert order.index("drawing") < order.index("legacyDrawing") < order.index("extLst")  # as the schema has it
    assert all(fromstring(part) is not None for name, part in after.items() if name.endswith((".xml", ".rels", ".vml")))
    if button:
        assert b"Cetak" in after["xl/drawings/vmlDrawing1.vml"]


def test_a_second_round_adds_nothing_and_keeps_the_comments_of_others(tmp_path: Path) -> None:
    first, back = returned(lived_in(tmp_path / "daftar.xlsx"))
    again, once_more = returned(kept(back, tmp_path))
    assert [(p.row, p.column, p.code) for p in again.errors] == [(p.row, p.column, p.code) for p in first.errors]
    assert once_more.name == back.name
    one, two = (openpyxl.load_workbook(io.BytesIO(made.data)) for made in (back, once_more))
    assert one.sheetnames == two.sheetnames == [SHEET, "Daftar", MARKS_SHEET]
    notes = [
        {c.coordinate: c.comment.text for row in b[SHEET].iter_rows() for c in row if c.comment} for b in (one, two)
    ]
    assert notes[0] == notes[1]
    assert notes[0]["B5"] == "sudah benar"
    assert notes[0]["F6"].endswith("tolong cek & <ricek>")
    assert "Apakah maksud Anda Korea Selatan?" in notes[0]["F6"]
    boxes = [parts(made.data)["xl/drawings/vmlDrawing1.vml"].count(b"<v:shape ") for made in (back, once_more)]
    assert boxes == [4, 4]


def test_a_cell_put_right_looks_as_it_did(tmp_path: Path) -> None:
    path = lived_in(tmp_path / "daftar.xlsx")
    _, back = returned(path)
    _, clean = returned(kept(back, tmp_path), as_right=True)
    old = openpyxl.load_workbook(path)[SHEET]
    new = openpyxl.load_workbook(io.BytesIO(clean.data))[SHEET]
    assert red(new) == set()
    for row in old.iter_rows():
        for cell in row:
            now = new[cell.coordinate]
            assert (now.value, now.number_format, repr(now.fill), repr(now.border)) == (
                cell.value, cell.number_format, repr(cell.fill), repr(cell.border),
            ), cell.coordinate  # fmt: skip
    assert {c.coordinate: c.comment.text for row in new.iter_rows() for c in row if c.comment} == {
        "B5": "sudah benar",
        "F6": "tolong cek & <ricek>",
    }


def test_the_marks_of_a_mended_file_are_gone_after_excel_has_saved_it(tmp_path: Path) -> None:
    _, back = returned(lived_in(tmp_path / "daftar.xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(back.data))
    sheet = book[SHEET]
    sheet["F6"], sheet["G8"] = "Korea Selatan", "TR1234567"
    for row in range(5, 10):
        sheet.cell(row, 9).value = "Teknisi"  # this program saves no values of formulas
    mended = tmp_path / "sudah.xlsx"
    book.save(mended)
    report, once_more = returned(mended)
    assert [(p.row, p.field) for p in report.errors] == [(9, "passport_expires_on")]
    assert red(openpyxl.load_workbook(io.BytesIO(once_more.data))[SHEET]) == {"H9"}


def test_words_and_list_are_in_the_readers_language(tmp_path: Path) -> None:
    _, back = returned(lived_in(tmp_path / "daftar.xlsx"), language="en")
    book = openpyxl.load_workbook(io.BytesIO(back.data))
    assert book[MARKS_SHEET]["A1"].value.startswith("To correct: 3 things")
    assert "passport" in book[SHEET]["G8"].comment.text.lower()


def test_our_list_is_never_read_even_beside_a_list_without_headings(tmp_path: Path) -> None:
    report = next(r for r in reports() if r.file == "21-tanpa-judul.txt")
    first, back = returned(report.write(tmp_path))
    again, _ = returned(kept(back, tmp_path))
    assert first.errors
    assert [(p.row, p.column, p.code) for p in again.errors] == [(p.row, p.column, p.code) for p in first.errors]


def changed(data: bytes, **texts: tuple[bytes, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, part in parts(data).items():
            key = Path(name).stem.strip("[]").lower()
            if texts.get(key) != (b"", b""):
                made.writestr(name, part.replace(*texts[key]) if key in texts else part)
    return out.getvalue()


@pytest.mark.parametrize(
    "texts",
    [
        {"styles": (b"", b"")},  # a program that writes no styles
        {"content_types": (b"sheet.main+xml", b"template.main+xml")},
    ],
)
def test_workbooks_of_other_programs_come_back_openable(texts: dict[str, tuple[bytes, bytes]], tmp_path: Path) -> None:
    path = tmp_path / "lain.xlsx"
    path.write_bytes(changed(lived_in(tmp_path / "daftar.xlsx").read_bytes(), **texts))
    report, back = returned(path)
    assert report.errors
    sheet = openpyxl.load_workbook(io.BytesIO(back.data))[SHEET]
    assert {f"{p.column}{p.row}" for p in report.errors} == red(sheet)
    assert b"sheet.main+xml" in parts(back.data)["[Content_Types].xml"]


@pytest.mark.parametrize(
    "texts",
    [
        {"comments1": (b"<comments", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><comments')},
        {"sheet1.xml": (b"<Relationships", b"<!DOCTYPE x><Relationships")},
        {"styles": (b"<cellXfs", b"<cellXfs></cellXfs><cellXfs")},
    ],
)
def test_where_marking_is_not_safe_the_cells_come_in_a_copy(
    texts: dict[str, tuple[bytes, bytes]], tmp_path: Path
) -> None:
    path = tmp_path / "aneh.xlsx"
    path.write_bytes(changed(lived_in(tmp_path / "daftar.xlsx").read_bytes(), **texts))
    report, back = returned(path)
    book = openpyxl.load_workbook(io.BytesIO(back.data))
    assert book.sheetnames == [report.sheet, MARKS_SHEET]
    assert red(book[report.sheet]) == BAD
    assert book[MARKS_SHEET]["A3"].value.startswith("Berkas xlsx tidak dapat kami tandai langsung.")
    assert b"passwd" not in b"".join(parts(back.data).values())


def test_what_belongs_in_a_column_the_list_lacks_is_said_at_the_row(tmp_path: Path) -> None:
    path = tmp_path / "berhenti.csv"
    path.write_text(
        "Nama,L/P,Tgl Lahir,WN,No Paspor,Paspor berlaku s.d.,Jabatan,Status\n"
        "Kim Min-jun,L,12/03/1985,Korea Selatan,M1234567,01/02/2030,Teknisi,keluar\n"
    )
    report, back = returned(path)
    assert [(p.row, p.column, p.field) for p in report.errors] == [(2, None, "left_on")]
    sheet = openpyxl.load_workbook(io.BytesIO(back.data)).worksheets[0]
    assert red(sheet) == {"A2"}
    assert "Mohon isi tanggal keluar" in sheet["A2"].comment.text
    assert "Mohon tambahkan di sebelah kolom terakhir" in sheet["A2"].comment.text
