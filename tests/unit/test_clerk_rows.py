"""Paper around the people, as clerks type it: pages, sums, second lists and "nihil" are no people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.domain.grid import Grid, Table
from app.domain.headings import find_table
from app.domain.sheets import check
from app.registry import schema
from app.sheets.checking import vocabulary
from tests.unit.test_sheet_check import TODAY

HEADS = ["No", "Nama", "JK", "Tgl Lahir", "Kebangsaan", "No Paspor", "Paspor s.d.", "Jabatan", "Status"]
FIELDS = list(schema("wajib-lapor").fields.values())
WORDS = vocabulary(FIELDS)


def person(number: int) -> list[Any]:
    passport = f"M{10_000_000 + number}"
    return [number, "Kim Min-jun", "L", date(1985, 3, 12), "Jepang", passport, date(2030, 1, 31), "Manajer", "aktif"]


def table(*rows: list[Any]) -> Table:
    return find_table(Grid("TKA", list(rows), list(range(1, len(rows) + 1))), WORDS)


def people(found: Table) -> list[int]:
    return [found.grid.row_numbers[i] for i in found.body]


def left_out(found: Table) -> dict[str, str]:
    return {note.code: str(note.params.get("rows", "")) for note in found.notes}


def test_a_sub_jumlah_is_a_sum() -> None:
    found = table(HEADS, person(1), person(2), [None, "Sub Jumlah", None, None, 2], person(3), ["Sub Jml", None, 1])
    assert people(found) == [2, 3, 5]
    assert left_out(found) == {"rows_total": "4, 6"}


def test_the_top_of_a_page_comes_again_with_its_headings() -> None:
    title = ["PT Contoh Enam"]
    top = ["PT Contoh Enam", None, None, None, None, None, None, None, "Hal. 2"]
    found = table(title, [], HEADS, person(1), person(2), [], top, HEADS, person(3))
    assert people(found) == [4, 5, 9]
    assert left_out(found) == {"rows_headings": "7-8"}


@pytest.mark.parametrize("heads", [["No", "Dokter", "Unit"], ["NO.", "Nama Tamu", "Instansi", "Keperluan", "Pukul"]])
def test_a_list_of_something_else_below_is_left_out_aloud(heads: list[Any]) -> None:
    other = [[n, "Budi Contoh", *["Klinik"] * (len(heads) - 2)] for n in (1, 2)]
    found = table(HEADS, person(1), person(2), [], heads, *other)
    assert people(found) == [2, 3]
    assert left_out(found) == {"rows_other_table": "5-7"}


def test_rows_of_dashes_and_nihil_are_empty() -> None:
    found = table(HEADS, person(1), [2, *["-"] * 8], [3, "NIHIL"], ["-"] * 9)
    assert people(found) == [2]
    assert left_out(found) == {"rows_nothing": "3-5"}


def test_formats_under_the_headings_say_how_to_fill_in() -> None:
    hints = [None, "sesuai paspor", "M/F", "dd/mm/yyyy", "negara", "tanpa spasi", "dd/mm/yyyy", None, "baru/tetap"]
    assert people(table(HEADS, hints, person(1))) == [3]


def test_headings_come_twice_in_two_languages() -> None:
    korean = ["번호", "성명", "성별", "생년월일", "국적", "여권번호", "만료일", "직책", "상태"]
    found = table(HEADS, korean, person(1))
    assert found.heading_rows == [1, 2]
    assert people(found) == [3]


@pytest.mark.parametrize(
    "rows",
    [[HEADS, [1, "NIHIL"]], [HEADS, ["Tidak ada TKA bulan ini"]], [["LAPORAN TKA"], ["NIHIL"]]],
)
def test_a_file_that_says_nihil_is_told_where_to_say_so(rows: list[list[Any]]) -> None:
    found = table(*rows)
    report = check(found.grid, found, FIELDS, today=TODAY)
    assert [(p.code, p.params.get("kind")) for p in report.errors] == [("no_rows", "nihil")]


def test_one_person_with_a_remark_nihil_is_a_person() -> None:
    found = table([*HEADS, "Ket"], [*person(1), "nihil"])
    report = check(found.grid, found, FIELDS, today=TODAY)
    assert (report.rows, report.errors) == (1, [])


def test_the_meaning_of_letters_is_a_remark() -> None:
    legend = [[None, "L = Laki-laki"], [None, "P = Perempuan"]]
    found = table(HEADS, person(1), [], ["Ket :"], *legend)
    assert people(found) == [2]
    assert left_out(found) == {"rows_footnote": "4-6"}


def test_repeated_headings_that_say_something_else_are_pointed_out() -> None:
    other = [*HEADS[:8], "Tgl Keluar"]
    found = table(HEADS, person(1), ["B. TKA YANG KELUAR"], other, person(2), HEADS, person(3))
    notes = {note.code: note.params for note in found.notes}
    assert people(found) == [2, 5, 7]
    assert notes["rows_headings_differ"] == {"rows": "4", "columns": "I"}


@pytest.mark.parametrize(
    "end",
    [[None, "합계", None, None, 2], ["合计", "2人"], ["总计：2人"], [None, "小計", 2], [None, "J U M L A H", 2]],
)
def test_sums_are_known_in_east_asian_words(end: list[Any]) -> None:
    found = table(HEADS, person(1), person(2), end)
    assert people(found) == [2, 3]
    assert left_out(found) == {"rows_total": "4"}


def test_who_signs_in_chinese_is_no_worker() -> None:
    found = table(HEADS, person(1), [], [None, "制表人：王经理", None, None, None, None, "审核："])
    assert people(found) == [2]


@pytest.mark.parametrize("line", ["Tanggal cetak : 22/11/2026 10:15", "Dicetak oleh: admin"])
def test_a_line_that_tells_something_below_the_list_is_a_remark(line: str) -> None:
    assert people(table(HEADS, person(1), [], [None, line])) == [2]


@pytest.mark.parametrize(
    "heads",
    [
        ["No", "Nama", "Hubungan", "Tgl Lahir", "Kebangsaan"],
        ["No", "Hubungan", "Nama", "Kebangsaan", "Tgl Lahir"],
        [None, "Tgl Lahir", "Nama", "Kebangsaan", "Hubungan"],
    ],
)
def test_the_family_below_the_workers_is_a_table_of_its_own(heads: list[Any]) -> None:
    child = [1, "Kim Anak", "Anak", date(2015, 2, 1), "Jepang"]
    found = table(HEADS, person(1), person(2), [], ["B. KELUARGA"], heads, child, child)
    assert people(found) == [2, 3]
    assert left_out(found)["rows_other_table"] == "6-8"
