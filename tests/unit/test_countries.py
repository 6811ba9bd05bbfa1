"""Countries: every spelling that real sheets use ends in one code, and none is guessed."""

# ruff: noqa: E501 (tables of cases)
from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.domain import countries
from app.domain.semantic import Invalid
from app.domain.types import CountryCodeType

LIST = Path(__file__).parents[2].parent / "shared/data/codes/countries_id.csv"
# names that mean something else in Indonesian, or that no passport office bears
LEFT_OUT = {("ASM", "AS"), ("HMD", "Heard Island and McDonald Islands"), ("NFK", "Pulau Norfolk")}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cina", "CHN"), ("Tiongkok", "CHN"), ("CHINA", "CHN"), ("P.R.C.", "CHN"), ("RRT", "CHN"), ("R.R.C", "CHN"),
        ("China (PRC)", "CHN"), ("CHN - China", "CHN"), ("WN Tiongkok", "CHN"), ("中国", "CHN"), ("chinese", "CHN"),
        ("Korsel", "KOR"), ("Korea Selatan", "KOR"), ("Republic of Korea", "KOR"), ("Korea, Republic of", "KOR"),
        ("the Republic of Korea", "KOR"), ("대한민국", "KOR"), ("USA", "USA"), ("Amerika", "USA"), ("AS", "USA"), ("U.S.A.", "USA"),
        ("Inggris", "GBR"), ("UK", "GBR"), ("United Kingdom", "GBR"), ("Taiwan", "TWN"), ("Taiwan, Province of China", "TWN"),
        ("D", "DEU"), ("D<<", "DEU"), ("Jerman", "DEU"), ("Jepang", "JPN"), ("Japan", "JPN"), ("jp", "JPN"), ("JPN", "JPN"),
        ("Filipina", "PHL"), ("Selandia Baru", "NZL"), ("Hongkong", "HKG"), ("UNO", "UNO"), ("UNK", "UNK"), ("XXA", "XXA"),
        ("stateless", "XXA"), ("XXB", "XXB"), ("XXC", "XXC"), ("XXX", "XXX"), ("GBD", "GBD"), ("Côte d'Ivoire", "CIV"),
        ("Republik Ceko", "CZE"), ("Türkiye", "TUR"), ("Kosovo", "RKS"), ("Burma", "MMR"), ("Perancis", "FRA"),
    ],
)  # fmt: skip
def test_a_spelling_finds_its_country(text: str, code: str) -> None:
    assert CountryCodeType().parse(text) == code
    assert CountryCodeType().parse(f"  {text} ") == code


@pytest.mark.parametrize(
    ("text", "meant"),
    [("Tionghkok", "Tiongkok"), ("Chna", "Tiongkok"), ("Jepanng", "Jepang"), ("Malasyia", "Malaysia"), ("Fillipina", "Filipina"),
     ("Indai", "India"), ("Korea", "Korea Selatan"), ("Singapur a", "Singapura")],
)  # fmt: skip
def test_a_misspelling_is_asked_about_never_taken(text: str, meant: str) -> None:
    with pytest.raises(Invalid) as caught:
        CountryCodeType().parse(text)
    assert caught.value.code == "choice_unknown"
    assert caught.value.suggestion == meant


@pytest.mark.parametrize("text", ["zzz", "?", "12", "WNA", "-", "asing"])
def test_what_resembles_nothing_is_offered_nothing(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        CountryCodeType().parse(text)
    assert caught.value.suggestion is None


def test_a_label_reads_back_as_its_code_in_both_languages() -> None:
    kind = CountryCodeType()
    for language in ("id", "en"):
        for code, label in kind.choices(language) or []:
            assert kind.parse(label) == code, label
            assert kind.parse(code) == code


def test_names_are_those_of_the_language() -> None:
    assert countries.name("CHN") == "Tiongkok"
    assert countries.name("CHN", "en") == "China"
    assert countries.name("QQQ") == "QQQ"


@pytest.mark.skipif(not LIST.exists(), reason="the shared list of country names is not beside the repository")
def test_the_names_of_three_public_lists_are_known() -> None:
    with LIST.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    columns = ("alpha2", "alpha3", "mrz_code", "name_en", "name_id_cldr", "name_id_isocodes", "name_id_i18n")
    wrong = [
        (row["alpha3"], row[column])
        for row in rows
        for column in columns
        if countries.find(row[column]) != row["alpha3"] and (row["alpha3"], row[column]) not in LEFT_OUT
    ]
    assert len(rows) == 249
    assert wrong == []
