"""Choices as columns of ticks, and values of several columns on their way to the page."""

from __future__ import annotations

from app.domain.grid import Value
from app.operations import drafts
from app.sheets.checking import message
from tests.unit.test_sheet_check import GOOD, HEADINGS, TODAY, checked, fields, numbered, person

TICKED = [
    "Nama", "Jenis Kelamin / L", "Jenis Kelamin / P", "Tgl Lahir", "WN", "No Paspor", "Paspor berlaku s.d.", "Jabatan",
    "Status / Tetap", "Status / Baru", "Status / Keluar",
]  # fmt: skip


def ticked(number: int, man: Value, woman: Value, stays: Value, new: Value) -> list[Value]:
    return [GOOD[0], man, woman, GOOD[2], GOOD[3], f"M{number:08d}", *GOOD[5:7], stays, new, None]


def test_a_tick_below_a_choice_is_that_choice() -> None:
    rows = [ticked(1, "v", None, "√", None), ticked(2, None, "v", None, "√"), ticked(3, 1, "-", "X", None)]
    report = checked(rows, TICKED)
    assert report.errors == []
    assert (report.values["sex"], report.values["change"]) == (["M", "F", "M"], ["tetap", "baru", "tetap"])
    again = checked(rows, TICKED, mapping=report.mapping)
    assert (again.errors, again.values["sex"]) == ([], ["M", "F", "M"])


def test_no_tick_and_two_ticks_are_said_at_their_row() -> None:
    report = checked([ticked(1, None, None, "√", None), ticked(2, "v", None, "√", "√")], TICKED)
    assert [(p.row, p.field, p.code) for p in report.errors] == [
        (2, "sex", "required"),
        (3, "change", "choice_unknown"),
    ]


def test_letters_that_are_no_ticks_make_no_choices() -> None:
    rows: list[list[Value]] = [["L" if n == 1 else None, "K1", *person()[1:]] for n in (1, 2)]
    report = checked(
        rows, ["L", "P", "L/P", "Tgl Lahir", "WN", "No Paspor", "Paspor berlaku s.d.", "Jabatan", "Status"]
    )
    assert report.mapping["L/P"] == "sex"
    assert report.mapping["P"] is None


def test_a_bad_name_of_two_columns_comes_whole_to_the_page() -> None:
    headings = [
        "Surname",
        "Given Name",
        "L/P",
        "Tgl Lahir",
        "WN",
        "No Paspor",
        "Paspor berlaku s.d.",
        "Jabatan",
        "Status",
    ]
    sheet = checked([["WANG", "W3i", *person()[1:]]], headings)
    data = drafts.empty()
    drafts.read_report(data, sheet, origin="sheet")
    assert data["rows"][0]["cells"]["full_name"] == "WANG W3i"
    assert [p.field for p in drafts.check(data, today=TODAY).errors] == ["full_name"]


def test_codes_are_read_by_the_legend_in_their_heading() -> None:
    headings = [*HEADINGS[:-1], "Status (T=Tetap, B = Baru, K=Kontrak)"]
    report = checked(numbered(person(change="T"), person(change="b"), person(change="K"), person(change="Z")), headings)
    assert report.values["change"] == ["tetap", "baru", None, None]
    assert [(p.row, p.code, p.value) for p in report.errors] == [
        (4, "choice_unknown", "K"),
        (5, "choice_unknown", "Z"),
    ]


PAIRED = ["Nama / Jabatan", "L/P", "Tgl Lahir", "WN", "No. Paspor / No. KITAS", "Paspor berlaku s.d.", "Status"]


def test_two_texts_of_one_cell_are_two_fields() -> None:
    first = ["Kim Min-jun\nManajer", *GOOD[1:4], "M1234567 / 2C21JE0012-X", GOOD[5], "tetap"]
    second = ["Lee Ji-woo / Teknisi", *GOOD[1:4], "M76543*1 / 2C21JE0013-X", GOOD[5], "tetap"]
    report = checked([first, second], PAIRED)
    assert report.mapping["No. Paspor / No. KITAS"] == "passport_number+permit_number"
    assert report.values["full_name"] == ["Kim Min-jun", "Lee Ji-woo"]
    assert report.values["permit_number"] == ["2C21JE0012-X", "2C21JE0013-X"]
    assert [(p.row, p.column, p.field, p.code) for p in report.errors] == [(3, "E", "passport_number", "pattern")]
    assert report.entries()[1]["passport_number"] == "M76543*1"


def test_a_column_of_a_lists_words_is_that_list_whatever_it_is_called() -> None:
    headings = [*HEADINGS[:-1], "Status Aktif/Resign"]
    assert checked([person(change="aktif")], headings).mapping["Status Aktif/Resign"] == "change"


def test_a_status_of_something_else_is_no_second_status() -> None:
    headings = ["Status Karyawan", *HEADINGS]
    report = checked([["PKWT", *row] for row in numbered(person(), person())], headings)
    assert (report.errors, report.mapping["Status Karyawan"]) == ([], None)


def test_a_status_of_something_else_is_named_when_ours_is_missing() -> None:
    report = checked(numbered(person(change="Menikah"), person(change="Lajang")))
    [problem] = report.errors
    assert (problem.code, problem.field, problem.column) == ("column_missing", "change", None)
    change = next(f for f in fields() if f.key == "change")
    assert message(problem, change).startswith("Kolom “Status” berisi “Menikah”, “Lajang”, sehingga tidak kami baca")
