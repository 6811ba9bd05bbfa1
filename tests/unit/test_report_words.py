"""What is typed in three boxes is one date, and comes back into the boxes as it was."""

from __future__ import annotations

import pytest

from app.wording import period_name
from forms.words import date_parts, joined_date


@pytest.mark.parametrize(
    ("boxes", "text"),
    [
        (("25", "3", "1985"), "25/3/1985"),
        (("25", "Maret", "1985"), "25 Maret 1985"),
        (("25/3/1985", "", ""), "25/3/1985"),
        (("", "", ""), ""),
        ((" 1 ", " 2 ", " 2026 "), "1/2/2026"),
    ],
)
def test_three_boxes_are_one_date(boxes: tuple[str, str, str], text: str) -> None:
    assert joined_date(*boxes) == text


@pytest.mark.parametrize(
    ("typed", "boxes"),
    [
        ("25/03/1985", ("25", "03", "1985")),
        ("25 Maret 1985", ("25", "Maret", "1985")),
        ("1985-03-25", ("25", "03", "1985")),
        ("kapan-kapan", ("kapan-kapan", "", "")),
        ("31/2/", ("31", "2", "")),
        ("", ("", "", "")),
        (None, ("", "", "")),
    ],
)
def test_a_date_goes_back_into_its_boxes(typed: str | None, boxes: tuple[str, str, str]) -> None:
    assert date_parts(typed) == boxes


def test_periods_have_names_in_both_languages() -> None:
    assert period_name("2026-11", "id") == "November 2026"
    assert period_name("2026-Q4", "id") == "triwulan IV 2026"
    assert period_name("2026-Q4", "en") == "quarter 4 of 2026"
