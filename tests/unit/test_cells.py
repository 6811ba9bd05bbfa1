"""Who did something and why, in the reader's language: machines too."""

from __future__ import annotations

import pytest

from admin import cells


@pytest.mark.parametrize(
    ("name", "indonesian", "english"),
    [
        ("Dewi Anggraini", "Dewi Anggraini", "Dewi Anggraini"),
        ("kalender", "kalender", "calendar"),
        ("enqueue", "antrean surat", "mail queue"),
        ("link:12", "perusahaan, lewat tautannya", "the company, by its link"),
        (None, "", ""),
    ],
)
def test_whoever_acts_has_a_name_in_both_languages(name: str | None, indonesian: str, english: str) -> None:
    assert (cells.doer(name, "id"), cells.doer(name, "en")) == (indonesian, english)


def test_a_reason_a_machine_gave_is_said_and_a_persons_stays() -> None:
    assert cells.reason("dihitung ulang", "en") == "reckoned anew"
    assert cells.reason("Surat perusahaan", "en") == "Surat perusahaan"
