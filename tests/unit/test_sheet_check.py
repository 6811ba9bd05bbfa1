"""A table against the fields of the report: every problem at its cell, questions asked, nothing changed in secret."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pytest

from app.domain.errors import Problem
from app.domain.fields import Field, Label
from app.domain.grid import Grid, Note, Table, Value
from app.domain.sheet_report import SheetReport, letter
from app.domain.sheet_rules import WORKER_RULES
from app.domain.sheets import check, check_entries
from app.domain.types import NibType, ReferenceType, TextType
from app.registry import schema
from app.sheets.checking import as_json, message
from app.wording import sentence

TODAY = date(2026, 11, 22)
HEADINGS = ["Nama", "L/P", "Tgl Lahir", "WN", "No Paspor", "Paspor berlaku s.d.", "Jabatan", "Status"]
GOOD: list[Value] = [
    "Kim Min-jun",
    "L",
    date(1985, 3, 12),
    "Korea Selatan",
    "M12345678",
    date(2029, 12, 31),
    "Manajer",
    "tetap",
]


def fields() -> list[Field]:
    return list(schema("wajib-lapor").fields.values())


def person(**changed: Value) -> list[Value]:
    keys = [
        "full_name",
        "sex",
        "birth_date",
        "nationality",
        "passport_number",
        "passport_expires_on",
        "job_title",
        "change",
    ]
    return [changed.get(key, value) for key, value in zip(keys, GOOD, strict=True)]


def numbered(*rows: list[Value]) -> list[list[Value]]:
    """The same people with passports of their own, where theirs is the usual one."""
    return [[f"M{n:08d}" if v == "M12345678" else v for v in row] for n, row in enumerate(rows, 1)]


def checked(rows: Sequence[list[Value]], headings: Sequence[str] = HEADINGS, **options: Any) -> SheetReport:
    facts = {name: options.pop(name) for name in ("errors", "uncached", "notes") if name in options}
    cells: list[list[Value]] = [list(headings), *rows]
    grid = Grid("Lembar1", cells, list(range(1, len(cells) + 1)), **facts)
    table = Table(grid, [1], list(headings), list(range(len(headings))), list(range(1, len(cells))))
    asked = options.pop("fields", None) or fields()
    return check(grid, table, asked, today=TODAY, row_rules=options.pop("row_rules", WORKER_RULES), **options)


def said(report: SheetReport) -> list[tuple[int | None, str | None, str | None, str]]:
    return [(p.row, p.column, p.field, p.code) for p in report.errors]


def test_a_good_row_comes_back_clean_and_as_given() -> None:
    report = checked(
        [["kim  min-jun ", "L", "12/03/1985", "korea selatan", "m 1234-5678", "2029-12-31", "Manajer", "Tetap"]]
    )
    assert said(report) == []
    assert (report.rows, report.good) == (1, 1)
    [(number, clean)] = report.good_rows
    assert number == 2
    assert clean["full_name"] == "kim min-jun"
    assert clean["birth_date"] == date(1985, 3, 12)
    assert clean["nationality"] == "KOR"
    assert clean["passport_country"] == "KOR"  # the issuer is the nation unless it says otherwise
    assert clean["passport_number"] == "M12345678"
    assert clean["change"] == "tetap"
    assert report.raw_rows[0]["No Paspor"] == "m 1234-5678"


def test_every_problem_comes_at_once_in_the_order_of_the_rows() -> None:
    rows = [person(job_title=None, nationality="Chna"), person(passport_expires_on="31/02/2028", passport_number="X1")]
    assert said(checked(rows)) == [
        (2, "D", "nationality", "choice_unknown"),
        (2, "G", "job_title", "required"),
        (3, "E", "passport_number", "pattern"),
        (3, "F", "passport_expires_on", "date_invalid"),
    ]


def test_columns_come_before_rows() -> None:
    headings = [h for h in HEADINGS if h != "L/P"]
    row = [v for v in person(job_title=None) if v != "L"]
    report = checked([row, row], headings)
    assert [p.code for p in report.errors][:2] == ["column_missing", "required"]
    assert [p.code for p in report.errors].count("column_missing") == 1
    assert report.good == 0


def test_a_missing_column_may_be_answered_once_for_all() -> None:
    headings, rows = HEADINGS[:-1], [person()[:-1]]
    report = checked(rows, headings, answers={"fill": {"change": "tetap"}})
    assert said(report) == []
    assert report.good_rows[0][1]["change"] == "tetap"
    (note,) = (n for n in report.notes if n.code == "column_filled")
    assert "“Masih bekerja”" in sentence(note, "id"), "as it is read, not as it is stored"
    assert "“Still working”" in sentence(note, "en")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("31/12/2029", date(2029, 12, 31)),
        ("31-12-2029", date(2029, 12, 31)),
        ("31.12.2029", date(2029, 12, 31)),
        ("2029-12-31", date(2029, 12, 31)),
        ("2029/12/31", date(2029, 12, 31)),
        ("31 Des 2029", date(2029, 12, 31)),
        ("31 Desember 2029", date(2029, 12, 31)),
        ("31-Dec-29", date(2029, 12, 31)),
        ("December 31, 2029", date(2029, 12, 31)),
        ("31/12/29", date(2029, 12, 31)),
        ("31／12／2029", date(2029, 12, 31)),
        ("３１/１２/２０２９", date(2029, 12, 31)),
        ("31\u00a0Des\u00a02029", date(2029, 12, 31)),
        ("31–12–2029", date(2029, 12, 31)),
        ("2029年12月31日", date(2029, 12, 31)),
        ("2029. 12. 31", date(2029, 12, 31)),
        ("31/12/2029 00:00:00", date(2029, 12, 31)),
        ("Senin, 31 Desember 2029", date(2029, 12, 31)),
        ("20291231", date(2029, 12, 31)),
        (datetime(2029, 12, 31), date(2029, 12, 31)),  # noqa: DTZ001 (a sheet knows no zones)
        (47483, date(2029, 12, 31)),
        (47483.0, date(2029, 12, 31)),
        ("47483", date(2029, 12, 31)),
    ],
)
def test_dates_are_read_as_people_write_them(typed: Value, meant: date) -> None:
    report = checked([person(passport_expires_on=typed)])
    assert said(report) == []
    assert report.good_rows[0][1]["passport_expires_on"] == meant


@pytest.mark.parametrize(
    "typed", ["31/02/2029", "2029", 2029, "Des 2029", "besok", "00/00/2029", "31/12", "seumur hidup", True, 3.5]
)
def test_what_is_no_full_date_is_an_error_of_the_cell(typed: Value) -> None:
    assert said(checked([person(passport_expires_on=typed)])) == [(2, "F", "passport_expires_on", "date_invalid")]


def test_serial_numbers_count_from_1904_where_the_file_says_so() -> None:
    report = checked([person(passport_expires_on=46021)], notes=[Note("date_1904")])
    assert report.good_rows[0][1]["passport_expires_on"] == date(2029, 12, 31)


def test_a_column_that_could_be_either_is_asked_about_once_and_read_day_first() -> None:
    rows = numbered(person(birth_date="03/04/1985", passport_expires_on="05/06/2029"), person(birth_date="01/02/1990"))
    report = checked(rows)
    assert said(report) == []
    assert [q.code for q in report.questions] == ["date_ambiguous"]
    assert report.good_rows[0][1]["birth_date"] == date(1985, 4, 3)


def test_the_answer_is_taken_and_not_asked_again() -> None:
    report = checked([person(birth_date="03/04/1985")], answers={"date_ambiguous": "mdy"})
    assert report.questions == []
    assert report.good_rows[0][1]["birth_date"] == date(1985, 3, 4)


def test_a_column_with_proof_decides_for_itself() -> None:
    rows = numbered(person(birth_date="03/04/1985"), person(birth_date="12/25/1990"), person(birth_date="01/31/1991"))
    report = checked(rows)
    assert (said(report), report.questions) == ([], [])
    assert [row["birth_date"] for _, row in report.good_rows] == [
        date(1985, 3, 4),
        date(1990, 12, 25),
        date(1991, 1, 31),
    ]


def test_one_swapped_date_in_a_day_first_column_is_that_cell_s_error() -> None:
    days = ["13/01/1985", "14/02/1985", "15/03/1985", "16/04/1985", "05/06/1985", "05/16/1985"]
    report = checked(numbered(*[person(birth_date=day) for day in days]))
    assert said(report) == [(7, "C", "birth_date", "date_invalid")]
    assert report.errors[0].suggestion == "16/05/1985"


def test_where_neither_order_prevails_the_doubtful_cells_are_errors() -> None:
    report = checked(numbered(*[person(birth_date=day) for day in ("13/01/1985", "01/14/1985", "03/04/1985")]))
    assert (4, "C", "birth_date", "date_ambiguous") in said(report)
    assert (2, "C", "birth_date", "date_ambiguous") not in said(report)


def test_excel_dates_beside_texts_that_excel_could_not_read_are_remarked() -> None:
    days: list[Value] = [
        date(1985, 1, 5),
        date(1985, 2, 6),
        date(1985, 3, 7),
        date(1985, 4, 8),
        date(1985, 5, 9),
        "13/06/1985",
    ]
    report = checked(numbered(*[person(birth_date=day) for day in days]))
    assert "dates_mixed" in {n.code for n in report.notes}
    assert said(report) == []


def test_the_same_passport_twice_names_the_first_row() -> None:
    report = checked([person(), person(full_name="Lee Ji-woo"), person(nationality="Jepang")])
    assert said(report) == [(3, "E", "passport_number", "duplicate_in_sheet")]  # another country, another passport
    assert report.errors[0].params["row_first"] == 2


def test_a_bad_country_does_not_hide_a_repeated_passport() -> None:
    assert (3, "E", "passport_number", "duplicate_in_sheet") in said(checked([person(), person(nationality="Chna")]))


@pytest.mark.parametrize("typed", ["1,23457E+15", "1.23457E+15", 1.2345678901234567e18])
def test_numbers_a_spreadsheet_has_cut_are_refused(typed: Value) -> None:
    assert said(checked([person(passport_number=typed)])) == [(2, "E", "passport_number", "scientific_number")]


@pytest.mark.parametrize("typed", ["2,31457E+15", 2.3145678901234567e18])
def test_the_number_of_a_permit_is_no_amount_either(typed: Value) -> None:
    report = checked([[*GOOD, typed]], [*HEADINGS, "No. KITAS"])
    assert said(report) == [(2, "I", "permit_number", "scientific_number")]


def test_whole_numbers_stay_whole_and_zeros_stay_in_front() -> None:
    report = checked([person(passport_number=123456789), person(passport_number="012345678")])
    assert [row["passport_number"] for _, row in report.good_rows] == ["123456789", "012345678"]


def test_error_cells_and_formulas_without_a_value_are_errors() -> None:
    report = checked([person(), person(passport_number="M2")], errors={(2, 4): "#REF!"}, uncached=frozenset({(2, 2)}))
    assert (2, "E", "passport_number", "formula_error") in said(report)
    assert (2, "C", "birth_date", "formula_error") in said(report)
    assert next(p for p in report.errors if p.column == "E" and p.row == 2).value == "#REF!"


@pytest.mark.parametrize("nothing", [None, "", "  ", "\u00a0", "-", "–", "N/A", "n/a", "nihil"])
def test_what_people_write_for_nothing_is_nothing(nothing: Value) -> None:
    assert said(checked([person(job_title=nothing)])) == [(2, "G", "job_title", "required")]
    assert said(checked([[*GOOD, nothing]], [*HEADINGS, "Tgl Keluar"])) == []


def test_who_has_left_has_a_day_and_who_stays_is_asked() -> None:
    headings = [*HEADINGS, "Tgl Keluar"]
    report = checked(numbered([*person(change="keluar"), None], [*person(), "12/10/2026"]), headings)
    assert said(report) == [(2, "I", "left_on", "required")]
    assert ("left_without_leaving", 3) in {(n.code, n.params.get("row")) for n in report.notes}


def test_a_day_of_leaving_years_ahead_is_asked_about() -> None:
    headings = [*HEADINGS, "Tgl Keluar"]
    rows = numbered([*person(change="keluar"), "12/10/2031"], [*person(change="keluar"), "12/12/2026"])
    asked = [note.params.get("row") for note in checked(rows, headings).notes if note.code == "left_far_ahead"]
    assert asked == [2]


def test_passports_that_may_have_lost_a_zero_in_front_are_named_once() -> None:
    rows = [person(passport_number=number) for number in (123456789, 12345678, "023456789", "E1234567")]
    (note,) = [note for note in checked(numbered(*rows)).notes if note.code == "zeros_perhaps_lost"]
    assert note.params["count"] == 1
    assert note.params["cell"] == "E3"


def test_a_missing_leaving_column_is_the_error_of_the_leaver() -> None:
    assert said(checked([person(change="keluar")])) == [(2, None, "left_on", "required")]


def test_a_bad_leaving_date_is_one_error_only() -> None:
    assert said(checked([[*person(change="keluar"), "besok"]], [*HEADINGS, "Tgl Keluar"])) == [
        (2, "I", "left_on", "date_invalid")
    ]


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("Masa Berlaku KITAS", date(2035, 1, 1), "permit_outlives_passport"),
        ("Indeks Visa", "C312", "visa_index_retired"),
        ("Indeks Visa", "E23B", "visa_index_retired"),
        ("Mulai Kerja", date(1984, 1, 1), "started_before_birth"),
        ("Masa Berlaku KITAS", date(2026, 11, 1), "permit_expired"),
    ],
)
def test_what_is_only_odd_is_a_note_at_its_cell(heading: str, value: Value, code: str) -> None:
    report = checked([[*GOOD, value]], [*HEADINGS, heading])
    assert said(report) == []
    assert [(n.params["row"], n.params["column"]) for n in report.notes if n.code == code] == [(2, "I")]


def test_an_o_among_digits_is_asked_about_and_kept() -> None:
    report = checked([person(passport_number="E12O45678")])
    assert said(report) == []
    assert report.good_rows[0][1]["passport_number"] == "E12O45678"
    assert "passport_o_or_zero" in {n.code for n in report.notes}


def test_nobody_is_born_tomorrow() -> None:
    assert said(checked([person(birth_date=date(2026, 11, 23))])) == [(2, "C", "birth_date", "out_of_range")]


def test_one_wrong_word_in_many_cells_is_replaced_at_once() -> None:
    rows = numbered(*[person(nationality="Chna") for _ in range(5)], person(nationality="Jepan"))
    report = checked(rows)
    first, second = report.replacements()
    assert (first.value, first.suggestion, first.rows) == ("Chna", "Tiongkok", (2, 3, 4, 5, 6))
    assert second.suggestion == "Jepang"
    again = checked(rows, answers={"replace": {"nationality": {"Chna": "Tiongkok", "Jepan": "Jepang"}}})
    assert said(again) == []
    assert again.good_rows[0][1]["nationality"] == "CHN"


def test_place_and_date_in_one_column_are_parted() -> None:
    headings = [h if h != "Tgl Lahir" else "TTL" for h in HEADINGS]
    births: list[Value] = [
        "Seoul, 12-03-1985",
        "Xi'an 12 Maret 1985",
        "Johor Bahru/31.12.1990",
        "12/03/1985",
        "Busan",
        "12-03-1985, Daegu",
        date(1985, 3, 12),
    ]
    report = checked(numbered(*[person(birth_date=born) for born in births]), headings)
    assert said(report) == [(6, "C", "birth_date", "date_invalid")]
    assert report.errors[0].value == "Busan"
    rows = [row for _, row in report.good_rows]
    assert [row["birth_place"] for row in rows] == ["Seoul", "Xi'an", "Johor Bahru", None, "Daegu", None]
    assert {row["birth_date"] for row in rows} == {date(1985, 3, 12), date(1990, 12, 31)}


def test_two_columns_that_contradict_are_a_conflict() -> None:
    report = checked([["Seoul, 13-03-1985", *GOOD]], ["TTL", *HEADINGS])
    assert said(report) == [(2, "A", "birth_place", "conflict")]


def test_a_reference_must_be_known() -> None:
    asked = [
        Field("code", Label("Kode", "Code"), TextType(20), required=True),
        Field("zone", Label("Kawasan", "Zone"), ReferenceType("zone")),
    ]
    known = {"zone": {"ngoro industri persada": "zon-1"}}
    report = checked([["A", "Ngoro Industri  Persada"], ["B", "Ngoro Industri Persadda"]], ["Kode", "Kawasan"],
                     fields=asked, references=known, row_rules=())  # fmt: skip
    assert said(report) == [(3, "B", "zone", "reference_unknown")]
    assert report.good_rows[0][1]["zone"] == "zon-1"


def test_a_natural_key_may_not_repeat() -> None:
    asked = [
        Field("legal_name", Label("Nama resmi", "Legal name"), TextType(), required=True),
        Field("nib", Label("NIB", "NIB"), NibType(), natural_key=True),
    ]
    rows: list[list[Value]] = [["PT A", "8120001234567"], ["PT B", None], ["PT C", 8120001234567], ["PT D", None]]
    report = checked(rows, ["Nama resmi", "NIB"], fields=asked, row_rules=())
    assert said(report) == [(4, "B", "nib", "duplicate_in_sheet")]


def left_handed(row: Mapping[str, Any]) -> list[Problem]:
    return [Problem("conflict", field="job_title")] if row.get("job_title") == "Kidal" else []


def test_rules_of_the_schema_hold_in_sheets_too() -> None:
    assert said(checked([person(job_title="Kidal")], rules=[left_handed])) == [(2, "G", "job_title", "conflict")]


def test_a_correction_of_the_mapping_is_used() -> None:
    headings = ["Kolom 1", *HEADINGS[1:]]
    assert [p.field for p in checked([GOOD], headings).errors if p.code == "column_missing"] == ["full_name"]
    report = checked([GOOD], headings, mapping={"Kolom 1": "full_name"})
    assert said(report) == []
    remembered = {report.signature: report.mapping}
    assert said(checked([GOOD], headings, memory=remembered)) == []


def test_a_sheet_without_a_known_heading_is_one_sentence() -> None:
    assert said(checked([["a", "b"]], ["x1", "x2"])) == [(None, None, None, "no_table")]


def test_a_table_that_runs_sideways_is_one_sentence() -> None:
    upright = [HEADINGS, GOOD, person(passport_number="M2345678")]
    sideways = [[row[i] for row in upright] for i in range(len(HEADINGS))]
    assert said(checked(sideways[1:], [str(v) for v in sideways[0]])) == [(None, None, None, "table_sideways")]


def test_no_rows_is_said() -> None:
    assert ("no_rows" in [p.code for p in checked([]).errors]) is True


def test_entries_typed_on_a_page_are_judged_alike() -> None:
    good = {"full_name": "Kim", "sex": "L", "nationality": "KOR", "passport_number": "M1234567"}
    good |= {"birth_date": "03/04/1985", "passport_expires_on": "05/06/2029", "job_title": "Manajer", "change": "tetap"}
    rows = [good, {**good, "birth_date": "31/02/1985"}, {}]
    report = check_entries(rows, fields(), today=TODAY, row_numbers=[7, 9, 12], row_rules=WORKER_RULES)
    assert (9, "birth_date", "date_invalid") in {(p.row, p.field, p.code) for p in report.errors}
    assert (9, "passport_number", "duplicate_in_sheet") in {(p.row, p.field, p.code) for p in report.errors}
    assert {p.field for p in report.errors if p.row == 12} == {f.key for f in fields() if f.required}
    assert report.questions == []
    assert report.bad_rows == {9, 12}


def test_the_report_is_plain_data() -> None:
    report = checked([person(nationality="Chna", birth_date="31/02/1985")])
    assert pickle.loads(pickle.dumps(report)) == report
    made = as_json(report, fields(), "en")
    assert json.loads(json.dumps(made))["errors"][0] == {
        "row": 2, "column": "C", "field": "birth_date", "code": "date_invalid", "value": "31/02/1985",
        "message": "There is no 31 February. Write the full date, for example 31/12/2026.", "suggestion": None,
    }  # fmt: skip
    assert made["mapping"]["WN"] == "nationality"


def test_sentences_say_what_to_do() -> None:
    report = checked([person(nationality="Chna", job_title="x" * 300)])
    labels = {f.key: f for f in fields()}
    assert [message(p, labels[p.field or ""]) for p in report.errors] == [
        "Apakah maksud Anda Tiongkok?",
        "Jabatan paling banyak 250 huruf; sekarang 300. Mohon dipersingkat.",
    ]


def test_letters_go_past_z() -> None:
    assert [letter(i) for i in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_thousands_of_remarks_are_counted_not_carried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.domain.sheets.MOST_NOTES", 3)
    rows = numbered(*[[*person(), "C312"] for _ in range(8)])
    report = checked(rows, [*HEADINGS, "Indeks Visa"])
    assert [n.code for n in report.notes].count("visa_index_retired") == 3
    assert next(n for n in report.notes if n.code == "more_notes").params == {"count": 5}
