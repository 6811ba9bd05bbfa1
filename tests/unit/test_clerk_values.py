"""Cells as clerks of other companies write them: what is meant is read, what is doubtful is asked."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain import countries
from app.domain.semantic import Invalid
from app.domain.types import PassportNumberType
from app.operations import drafts
from app.sheets.checking import message
from tests.unit.test_sheet_check import HEADINGS, TODAY, checked, fields, numbered, person


@pytest.mark.parametrize(
    ("written", "code"),
    [("越南", "VNM"), ("德国", "DEU"), ("越南籍", "VNM"), ("베트남", "VNM"), ("ベトナム", "VNM"), ("日本人", "JPN")],
)
def test_states_are_known_in_chinese_japanese_and_korean(written: str, code: str) -> None:
    assert countries.find(written) == code


@pytest.mark.parametrize(
    ("written", "code"), [("Irish", "IRL"), ("Spaniard", "ESP"), ("Burmese", "MMR"), ("Sri Lankan", "LKA")]
)
def test_people_may_be_named_instead_of_their_state(written: str, code: str) -> None:
    assert countries.find(written) == code


def test_a_name_cut_short_is_completed_before_another_is_guessed() -> None:
    assert countries.closest("Malay") == "Malaysia"
    assert countries.closest("Chna") == "Tiongkok"


def test_a_passport_number_typed_with_arabic_digits_is_the_same_number() -> None:
    assert PassportNumberType().parse("E ٢٢٠٠٠٠٣٦") == "E22000036"


@pytest.mark.parametrize("two", ["E1234567/ B7654321", "E1234567 B7654321", "12345678 / 87654321"])
def test_two_passports_in_one_cell_are_not_glued_together(two: str) -> None:
    with pytest.raises(Invalid) as no:
        PassportNumberType().parse(two)
    assert no.value.code == "pattern"
    assert PassportNumberType().parse("A12-345-678 9") == "A123456789"


def test_statuses_in_east_asian_words_are_read() -> None:
    words = ["在职", "재직", "新入职", "변경"]
    report = checked(numbered(*(person(change=word) for word in words)))
    assert report.errors == []
    assert report.values["change"] == ["tetap", "tetap", "baru", "berubah"]


def test_a_status_inside_a_remark_is_offered_and_not_taken() -> None:
    report = checked(numbered(person(change="resign 3 Okt"), person(change="tidak aktif lagi"), person(change="Cuti")))
    assert [(p.code, p.suggestion) for p in report.errors] == [
        ("choice_unknown", "Sudah berhenti"),
        ("choice_unknown", "Sudah berhenti"),
        ("choice_unknown", None),
    ]


def test_a_question_mark_in_a_cell_is_a_doubt() -> None:
    report = checked(numbered(person(sex="L?"), person(sex="Ny."), person(sex="Tn")))
    assert [(p.row, p.field, p.code) for p in report.errors] == [(2, "sex", "choice_unknown")]
    assert report.values["sex"] == [None, "F", "M"]


@pytest.mark.parametrize("left", ["#N/A", "#REF!", "=VLOOKUP(A2,Data!A:F,3,0)", "='Data TKA'!B4", "=$B$2"])
def test_what_a_formula_left_in_a_text_is_never_taken_for_a_value(left: str) -> None:
    headings = [*HEADINGS, "No KITAS"]
    report = checked([[*person(job_title=left), left]], headings)
    assert {(p.column, p.code) for p in report.errors} == {("G", "formula_error"), ("I", "formula_error")}
    assert checked([person(job_title="= Manajer #2")]).errors == []


def test_a_day_that_is_first_where_months_come_first_is_offered_by_name() -> None:
    dates = ["02/13/2030", "03/14/2030", "04/15/2030", "13/02/2029"]
    report = checked(numbered(*(person(passport_expires_on=day) for day in dates)))
    assert [(p.row, p.params["kind"], p.suggestion) for p in report.errors] == [(5, "day_first", "13 Feb 2029")]
    answers = {"replace": {"passport_expires_on": {"13/02/2029": "13 Feb 2029"}}}
    assert checked(numbered(*(person(passport_expires_on=day) for day in dates)), answers=answers).errors == []


def test_what_only_the_sheet_could_tell_stays_marked_on_the_page() -> None:
    headings = [*HEADINGS, "KITAS berlaku s.d."]
    torn = ["13/02/2030", "02/14/2030", "03/04/2030", "05/05/2030"]
    rows = numbered(*(person(passport_expires_on=day) for day in torn))
    sheet = checked([[*row, None] for row in rows], headings, errors={(2, 8): "#REF!"}, uncached=frozenset({(3, 8)}))
    before = [(p.row, p.field, p.code) for p in sheet.errors]
    data = drafts.empty()
    drafts.read_report(data, sheet, origin="sheet")
    after = drafts.check(data, today=TODAY)
    assert ("date_ambiguous", 4) in [(code, row) for row, _, code in before]
    assert [(p.row, p.field, p.code) for p in after.errors if p.row != 3] == [at for at in before if at[0] != 3]
    assert (3, "permit_expires_on", "formula_error") in [(p.row, p.field, p.code) for p in after.errors]


def test_a_date_in_a_column_of_words_is_no_word() -> None:
    day = date(2027, 2, 28)
    headings = [*HEADINGS, "No KITAS", "Lokasi"]
    report = checked([[*person(job_title=day, passport_number=day), day, day]], headings)
    kinds = {(p.field, p.code, p.params["kind"]) for p in report.errors}
    number, words = ("type", "number_as_date"), ("type", "date")
    assert kinds == {
        ("passport_number", *number), ("permit_number", *number), ("job_title", *words), ("worksite", *words),
    }  # fmt: skip
    sentences = {message(p, None) for p in report.errors if p.field == "passport_number"}
    assert sentences == {
        "Excel mengubah nomor ini menjadi tanggal. Ubah format kolom menjadi Teks, lalu ketik ulang nomornya."
    }


def test_a_date_with_a_remark_is_offered_without_it() -> None:
    dates = ["31/12/2029 (perpanjang)", "31,12,2029", "2 x 31/12/2029, 31/12/2030", "lihat paspor"]
    report = checked(numbered(*(person(passport_expires_on=day) for day in dates)))
    assert [(p.row, p.code, p.suggestion) for p in report.errors] == [
        (2, "date_invalid", "31/12/2029"),
        (3, "date_invalid", "31/12/2029"),
        (4, "date_invalid", None),
        (5, "date_invalid", None),
    ]


def test_a_short_list_is_told_to_who_mends_a_file() -> None:
    report = checked(numbered(person(change="Cuti"), person(nationality="WNA"), person(sex="?")))
    told = [message(p, next(f for f in fields() if f.key == p.field)) for p in report.errors]
    assert told == [
        "“Cuti” tidak ada dalam daftar. Pilih salah satu: Masih bekerja, Baru, Ada perubahan, Sudah berhenti.",
        "“WNA” tidak ada dalam daftar. Pilih salah satu dari daftar.",
        "“?” tidak ada dalam daftar. Pilih salah satu: Laki-laki, Perempuan, Tidak disebutkan.",
    ]


def test_what_stands_before_a_bracket_is_offered() -> None:
    assert countries.closest("Vietnam (Socialist Republic of)") == "Vietnam"


@pytest.mark.parametrize("written", ["dalam proses", "PENDING", "tidak diketahui"])
def test_words_are_no_passport_number(written: str) -> None:
    with pytest.raises(Invalid) as no:
        PassportNumberType().parse(written)
    assert no.value.code == "pattern"


@pytest.mark.parametrize("written", ["No. E12345678", "No E12345678", "Paspor: E 1234 5678", "passport no. E12345678"])
def test_what_a_number_is_called_is_no_part_of_it(written: str) -> None:
    assert PassportNumberType().parse(written) == "E12345678"
    assert PassportNumberType().parse("NO1234567") == "NO1234567"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("W.N. Jepang", "JPN"), ("Warganegara Jepang", "JPN"), ("R. R. C.", "CHN"), ("Kingdom of Thailand", "THA"),
        ("Peoples Rep. of China", "CHN"), ("Rep. of China", "TWN"), ("Socialist Republic of Vietnam", "VNM"),
        ("日本国", "JPN"),
    ],
)  # fmt: skip
def test_states_are_known_by_what_goes_with_their_name(written: str, code: str) -> None:
    assert countries.find(written) == code


@pytest.mark.parametrize(("written", "name"), [("WNA Korea", "Korea Selatan"), ("Republik China", "Tiongkok")])
def test_a_name_that_two_states_share_is_offered_and_not_taken(written: str, name: str) -> None:
    assert countries.find(written) is None
    assert countries.closest(written) == name


def test_p_beside_w_is_a_man() -> None:
    report = checked(numbered(person(sex="P"), person(sex=" p "), person(sex="W")), ["Nama", "JK", *HEADINGS[2:]])
    assert report.values["sex"] == ["M", "M", "F"]
    assert checked(numbered(person(sex="P"), person(sex="L"))).values["sex"] == ["F", "M"]
    headed = checked(numbered(person(sex="P")), ["Nama", "P/W", *HEADINGS[2:]])
    assert headed.values["sex"] == ["M"]


def test_a_last_day_is_read_after_the_word_until() -> None:
    dates = ["s.d. 31-12-2028", "s/d 31 Des 2028", "tgl 31/12/2028", "31-12-'28", "berlaku sampai dengan 31/12/2028"]
    report = checked(numbered(*(person(passport_expires_on=day) for day in dates)))
    assert report.errors == []
    assert set(report.values["passport_expires_on"]) == {date(2028, 12, 31)}


def test_a_worded_date_inside_a_remark_is_offered() -> None:
    report = checked(numbered(*(person(passport_expires_on=day) for day in ("31 Des 2029 (proses)", "31\\12\\2029"))))
    assert [(p.code, p.suggestion) for p in report.errors] == [("date_invalid", "31/12/2029")] * 2


def test_one_date_in_numbers_decides_nothing_for_a_column_of_worded_ones() -> None:
    worded = [f"{day} Des 2028" for day in (1, 5, 9, 20)]
    asked = checked(numbered(*(person(passport_expires_on=day) for day in [*worded, "03/04/2029"])))
    assert (asked.errors, asked.questions) == ([], [])
    assert asked.values["passport_expires_on"][-1] == date(2029, 4, 3)
    torn = checked(numbered(*(person(passport_expires_on=day) for day in [*worded, "03/25/2029", "03/04/2029"])))
    assert [(p.row, p.code, p.suggestion) for p in torn.errors] == [
        (6, "date_invalid", "25/03/2029"),
        (7, "date_ambiguous", None),
    ]
    said = message(torn.errors[1], None)
    assert said.startswith("Tanggal ini dapat berarti 3 April 2029 atau 4 Maret 2029.")


def test_years_of_two_digits_are_told_beside_named_months_too() -> None:
    report = checked(numbered(person(passport_expires_on="31-Des-28")))
    assert [n.params["count"] for n in report.notes if n.code == "years_of_two_digits"] == [1]


def test_a_cell_of_blanks_is_weighed_and_not_chewed() -> None:
    blanks = " " * 32_000
    report = checked(numbered(person(), person(birth_date=f"1{blanks}2", nationality=f"1{blanks}2")))
    assert {(p.field, p.code) for p in report.errors} == {
        ("birth_date", "date_invalid"),
        ("nationality", "choice_unknown"),
    }


def test_two_passports_in_one_cell_are_called_so() -> None:
    report = checked([person(passport_number="E12345678 / M87654321")])
    assert [message(p, None) for p in report.errors] == [
        "Sel ini tampaknya berisi dua nomor. Mohon isi satu nomor paspor, yang sekarang berlaku."
    ]


def test_a_leaver_without_a_day_is_told_why_it_is_asked() -> None:
    report = checked([[*person(change="keluar"), None]], [*HEADINGS, "Tgl Keluar"])
    [problem] = report.errors
    left_on = next(f for f in fields() if f.key == "left_on")
    assert message(problem, left_on) == "Mohon isi tanggal keluar, karena statusnya “Sudah berhenti”."


def test_an_offered_word_of_a_list_is_in_the_language_of_the_page() -> None:
    [problem] = checked([person(change="Aktiff")]).errors
    change = next(f for f in fields() if f.key == "change")
    assert message(problem, change, "en") == "Did you mean Still working?"
