"""Choices as columns of ticks, and values of several columns on their way to the page."""

from __future__ import annotations

from app.domain.grid import Value
from app.operations import drafts
from tests.unit.test_sheet_check import GOOD, HEADINGS, TODAY, checked, numbered, person

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
