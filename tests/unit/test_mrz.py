"""Check digits of passports, after ICAO Doc 9303 part 4."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.domain import mrz
from app.domain.semantic import Invalid
from app.domain.types import MrzType

SPECIMENS = Path(__file__).parents[2].parent / "shared/data/people/td3_specimens.csv"
FIRST = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
SECOND = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def test_the_specimen_of_the_standard_is_right() -> None:
    assert mrz.check_digit("L898902C3") == 6
    assert mrz.problems(SECOND) == []
    zone = mrz.read(f"{FIRST}\n{SECOND}")
    assert (zone.surname, zone.given_names, zone.number, zone.nationality) == (
        "ERIKSSON",
        "ANNA MARIA",
        "L898902C3",
        "UTO",
    )
    assert (zone.birth, zone.sex, zone.expiry) == ("740812", "F", "120415")


@pytest.mark.parametrize("position", [i for i in range(44) if i not in (10, 11, 12, 20)])
def test_one_wrong_character_never_passes(position: int) -> None:
    other = "7" if SECOND[position] != "7" else "8"
    assert mrz.problems(SECOND[:position] + other + SECOND[position + 1 :])


def test_lines_are_read_however_they_were_copied() -> None:
    kind = MrzType()
    assert kind.parse(f" {FIRST.lower()}\r\n {SECOND} ") == f"{FIRST}\n{SECOND}"
    assert kind.parse(FIRST + SECOND) == f"{FIRST}\n{SECOND}"
    assert kind.parse(SECOND) == SECOND
    assert kind.parse(FIRST) == FIRST


def test_a_failing_check_digit_offers_the_likely_reading() -> None:
    misread = SECOND.replace("L898902C36", "L8989O2C36")
    with pytest.raises(Invalid) as caught:
        MrzType().parse(f"{FIRST}\n{misread}")
    assert caught.value.code == "check_digit"
    assert caught.value.suggestion == f"{FIRST}\n{SECOND}"
    assert MrzType(strict=False).parse(misread) == misread


@pytest.mark.parametrize(
    "text", ["", "P<UTO", FIRST[:-1], FIRST + SECOND + "A", FIRST.replace("<", "*"), SECOND + FIRST]
)
def test_what_is_no_zone_is_refused(text: str) -> None:
    assert mrz.normalise(text) is None


@pytest.mark.skipif(not SPECIMENS.exists(), reason="the shared specimens are not beside the repository")
def test_all_shared_specimens_agree() -> None:
    with SPECIMENS.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            zone = mrz.normalise(row["line1"] + row["line2"])
            right = zone is not None and not mrz.problems(zone.partition("\n")[2])
            assert right == (row["valid_checker"] == "True"), row["id"]
