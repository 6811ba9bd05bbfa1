"""Cells as clerks of other companies write them: what is meant is read, what is doubtful is asked."""

from __future__ import annotations

import pytest

from app.domain import countries
from app.domain.semantic import Invalid
from app.domain.types import PassportNumberType
from tests.unit.test_sheet_check import checked, numbered, person


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
