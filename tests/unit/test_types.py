"""The vocabulary: what is taken, what is refused, and that every door can rely on it."""

# ruff: noqa: E501, DTZ001 (tables of cases; a sheet has no time zone)
from __future__ import annotations

import pickle
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import Field, Session, SQLModel, create_engine

from app.domain import types as t
from app.domain.fields import Label
from app.domain.semantic import Invalid

CHOICE = t.ChoiceType([("big", Label("Besar", "Large")), ("small", Label("Kecil", "Small"))], {"small": ["mini"]})
MULTI = t.MultiChoiceType([("a", Label("Satu", "One")), ("b", Label("Dua", "Two"))])
ALL = [
    CHOICE, MULTI, t.ReferenceType("zone"),
    *(one() for one in t.BY_KEY.values() if one not in (t.ChoiceType, t.MultiChoiceType, t.ReferenceType)),
]  # fmt: skip
WITH_EXAMPLE = [one for one in ALL if one.example and one.key not in ("mrz",)]


def name(kind: Any) -> str:
    return str(kind.key) if hasattr(kind, "key") else str(kind)


def refused(kind: t.SemanticType, raw: Any) -> Invalid:
    with pytest.raises(Invalid) as caught:
        kind.parse(raw)
    return caught.value


@pytest.mark.parametrize("kind", WITH_EXAMPLE, ids=name)
def test_the_example_of_a_type_is_taken_by_it(kind: t.SemanticType) -> None:
    value = kind.parse(kind.example)
    assert isinstance(value, kind.python)
    assert kind.parse(kind.entry(value)) == value
    assert kind.show(value)
    assert kind.show(value, "en")
    if kind.max_length is not None and isinstance(value, str):
        assert len(value) <= kind.max_length


@pytest.mark.parametrize("kind", ALL, ids=name)
def test_nothing_is_shown_of_nothing(kind: t.SemanticType) -> None:
    assert kind.show(None) == kind.entry(None) == kind.mask(None) == ""


@pytest.mark.parametrize("kind", ALL, ids=name)
def test_a_type_crosses_to_another_process(kind: t.SemanticType) -> None:
    again = pickle.loads(pickle.dumps(kind))
    if kind.example and kind.key != "mrz":
        assert again.parse(kind.example) == kind.parse(kind.example)


@pytest.mark.parametrize("kind", ALL, ids=name)
@pytest.mark.parametrize(
    "hostile",
    [
        "a\x00b",
        "\ud800",
        "abc\u202edcba",
        "\x07",
        "\x1b[31m",
        "\ufeff",
        "9" * 5000,
        "=1+1",
        "⁠",
        "\u2028",
        "🙂",
        "1e999",
    ],
)
def test_hostile_text_is_refused_or_cleaned_never_an_accident(kind: t.SemanticType, hostile: str) -> None:
    try:
        value = kind.parse(hostile)
    except Invalid as wrong:
        assert wrong.code  # noqa: PT017 (a value is fine too)
        return
    if isinstance(value, str):
        assert not set(value) & set("\x00\x07\x1b\u202e\ud800\ufeff\u2028")
        assert len(value) <= (kind.max_length or 10**6)


@pytest.mark.parametrize("kind", ALL, ids=name)
@pytest.mark.parametrize(
    "odd", [True, 0, -1, 1.5, 1e300, float("nan"), float("inf"), date(2026, 1, 1), datetime(2026, 1, 1, 8)]
)
def test_odd_cells_never_escape_as_other_errors(kind: t.SemanticType, odd: Any) -> None:
    try:
        kind.parse(odd)
    except Invalid as wrong:
        assert wrong.code  # noqa: PT017 (a value is fine too)


@given(st.text(max_size=60))
def test_any_text_ends_in_a_value_or_a_fact(text: str) -> None:
    for kind in ALL:
        try:
            value = kind.parse(text)
        except Invalid:
            continue
        assert kind.parse(kind.entry(value)) == value


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_reads_back_in_every_common_spelling(day: date) -> None:
    kind = t.DateType()
    months = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des"]
    for text in (
        f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day.year}", f"{day:%d.%m.%Y}", f"{day:%Y-%m-%d}", f"{day:%Y/%m/%d}",
        f"{day.day} {months[day.month - 1]} {day.year}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日",
    ):  # fmt: skip
        assert kind.parse(text) == day
    serial = (day - date(1899, 12, 30)).days
    if day >= date(1911, 1, 1):
        assert kind.parse(float(serial)) == kind.parse(serial) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31 Des 2026", date(2026, 12, 31)),
        ("31 Desember 2026", date(2026, 12, 31)),
        ("1 Pebruari 1990", date(1990, 2, 1)),
        ("Senin, 5 Agustus 1985", date(1985, 8, 5)),
        ("Jum'at, 2 Okt 2026", date(2026, 10, 2)),
        ("Dec 31, 2026", date(2026, 12, 31)),
        ("31st December 2026", date(2026, 12, 31)),
        ("31-Dec-26", date(2026, 12, 31)),
        ("31/12/26", date(2026, 12, 31)),
        ("12/03/85", date(1985, 3, 12)),
        ("31/12/2026 00:00:00", date(2026, 12, 31)),
        ("2026-12-31T00:00:00", date(2026, 12, 31)),
        ("２０２６年１２月３１日", date(2026, 12, 31)),
        ("３１／１２／２０２６", date(2026, 12, 31)),
        ("31 / 12 / 2026", date(2026, 12, 31)),
        ("31122026", date(2026, 12, 31)),
        (20261231.0, date(2026, 12, 31)),
        (datetime(2026, 12, 31, 9, 30), date(2026, 12, 31)),
        ("'31/12/2026", date(2026, 12, 31)),
        ("\u200e31/12/2026", date(2026, 12, 31)),
        ("31-XII-2026", date(2026, 12, 31)),
        ("5 v 1985", date(1985, 5, 5)),
        ("2026. 12. 31.", date(2026, 12, 31)),
        ("31/12/2026 12:00:00 AM", date(2026, 12, 31)),
    ],
)
def test_dates_as_people_write_them(text: Any, day: date) -> None:
    assert t.DateType().parse(text) == day


def test_a_day_that_does_not_exist_is_named() -> None:
    wrong = refused(t.DateType(), "31/02/2026")
    assert (wrong.code, wrong.params["kind"]) == ("date_invalid", "no_such_day")
    assert (wrong.params["day"], wrong.params["month"], wrong.params["year"]) == (31, 2, 2026)
    assert refused(t.DateType(), "31 Februari 2026").params["kind"] == "no_such_day"
    assert refused(t.DateType(), "2026-02-30").params["kind"] == "no_such_day"


def test_a_misspelt_month_is_offered_not_taken() -> None:
    wrong = refused(t.DateType(), "31 Desmber 2026")
    assert (wrong.code, wrong.suggestion) == ("date_invalid", "31/12/2026")
    assert refused(t.DateType(), "31 kucing 2026").suggestion is None


def test_month_first_is_recognised_and_offered_the_right_way_round() -> None:
    wrong = refused(t.DateType(), "12/31/2026")
    assert (wrong.code, wrong.suggestion) == ("date_invalid", "31/12/2026")
    assert t.DateType(order="mdy").parse("12/31/2026") == date(2026, 12, 31)
    assert t.DateType(order="mdy").parse("03/04/2026") == date(2026, 3, 4)
    assert t.DateType(order="mdy").parse("2026-03-04") == date(2026, 3, 4)


@pytest.mark.parametrize(
    "text", ["x", "Desember", "12/2026", "32/01/2026", "0/1/2026", "1/13/2026x", 12.0, -5, 1e12, True, "1/1/1"]
)
def test_what_is_no_date_is_refused(text: Any) -> None:
    assert refused(t.DateType(), text).code in ("date_invalid", "out_of_range")


def test_years_out_of_reason_are_refused() -> None:
    assert refused(t.DateType(), "01/01/0202").code == "out_of_range"
    assert refused(t.DateType(), "01/01/2206").params["year"] == 2206
    assert refused(t.DateType(max=date(2026, 1, 1)), "02/01/2026").params["max"] == date(2026, 1, 1)


def test_a_birth_date_of_two_digits_is_in_the_past() -> None:
    assert t.BirthDateType().parse("12/03/35") == date(1935, 3, 12)
    assert t.BirthDateType().parse("12/03/05") == date(2005, 3, 12)


def test_partial_dates_keep_what_is_known() -> None:
    kind = t.PartialDateType()
    assert [kind.parse(x) for x in ("1985", "03/1985", "Maret 1985", "00/00/1985", "1985-03", "12/03/1985", 1985.0)] == [
        "1985", "1985-03", "1985-03", "1985", "1985-03", "1985-03-12", "1985",
    ]  # fmt: skip
    assert kind.show("1985-03") == "03/1985"
    assert refused(kind, "13/1985").code == "date_invalid"


def test_instants_are_utc_and_read_in_the_office_zone() -> None:
    kind = t.InstantType()
    moment = kind.parse("31/12/2026 14.30")
    assert moment.isoformat() == "2026-12-31T07:30:00+00:00"
    assert kind.parse("31/12/2026 pukul 14.30 WITA").isoformat() == "2026-12-31T06:30:00+00:00"
    assert kind.parse("2026-12-31T14:30:00+07:00") == moment
    assert kind.parse(kind.entry(moment)) == moment
    assert kind.show(moment) == "31/12/2026 14.30"


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (t.NibType(), " 8120-0012 34567 ", "8120001234567"),
        (t.NibType(), 8120001234567.0, "8120001234567"),
        (t.NibType(), "８１２０００１２３４５６７", "8120001234567"),
        (t.NpwpType(), "01.234.567.8-901.000", "0012345678901000"),
        (t.NpwpType(), "3516010101800001", "3516010101800001"),
        (t.NikType(), "3516 0101 0180 0001", "3516010101800001"),
        (t.NitkuType(), "0012345678901000000001", "0012345678901000000001"),
        (t.KbliType(), "24101 - Industri Besi", "24101"),
        (t.RegionCodeType(), "3516", "35.16"),
        (t.RegionCodeType(), "35.16.01.2001", "35.16.01.2001"),
        (t.RegionCodeType(), 35.16, "35.16"),
        (t.RegionCodeType(), 35.1, "35.10"),
        (t.RegionCodeType(), 3516012001.0, "35.16.01.2001"),
        (t.VisaIndexType(), "e 23", "E23"),
        (t.VisaIndexType(), "Visa C312", "C312"),
        (t.VisaIndexType(), "b211a", "B211A"),
        (t.PassportNumberType(), "e 1234-5678", "E12345678"),
        (t.PassportNumberType(), 512345678.0, "512345678"),
        (t.PassportNumberType(), "00123456", "00123456"),
        (t.DocumentNumberType(), "2c21je 0001-x", "2C21JE 0001-X"),
        (t.PhoneType(), "0812 3456 7890", "+6281234567890"),
        (t.PhoneType(), 81234567890.0, "+6281234567890"),
        (t.PhoneType(), "6281234567890", "+6281234567890"),
        (t.PhoneType(), "+86 10 1234 5678", "+861012345678"),
        (t.EmailType(), "Nama@PT-Contoh.Example", "Nama@pt-contoh.example"),
        (t.EmailType(), "<a.b+c@contoh.example>", "a.b+c@contoh.example"),
        (t.UrlType(), "www.contoh.example", "https://www.contoh.example"),
        (t.MoneyType(), "Rp 1.500.000,50", Decimal("1500000.50")),
        (t.MoneyType(), "1,500,000.50", Decimal("1500000.50")),
        (t.MoneyType(), "1.500", Decimal("1500")),
        (t.MoneyType(), "Rp1.500.000,-", Decimal("1500000")),
        (t.PercentType(), "12,5 %", Decimal("12.5")),
        (t.DecimalType(), "1.240,5", Decimal("1240.5")),
        (t.DecimalType(), "0.125", Decimal("0.125")),
        (t.IntType(), "1.240", 1240),
        (t.IntType(), 12.0, 12),
        (t.BoolType(), "Ya", True),
        (t.BoolType(), "tidak ada", False),
        (t.BoolType(), "✓", True),
        (t.SexType(), "L", "M"),
        (t.SexType(), "perempuan", "F"),
        (t.SexType(), "Wanita", "F"),
        (t.SexType(), "pria", "M"),
        (t.SexType(), "F", "F"),
        (t.KbliSectionType(), "C – Industri Pengolahan", "C"),
        (t.KbliSectionType(), "industri pengolahan", "C"),
        (t.GeoPointType(), "-7.4726, 112.4338", "-7.472600,112.433800"),
        (t.GeoPointType(), "7°28'21\"LS 112°26'2\"BT", "-7.472500,112.433889"),
        (t.PersonNameType(), "  Kim   Min-jun ", "Kim Min-jun"),
        (t.PersonNameType(), "Sukarno", "Sukarno"),
        (t.PersonNameType(), "O’Brien, Jr.", "O’Brien, Jr."),
        (t.PersonNameType(), "王伟", "王伟"),
        (t.PersonNameType(), "Tan Ah Kow @ Tan Beng", "Tan Ah Kow @ Tan Beng"),
        (t.PersonNameType(), "Ravi A/L Kumar", "Ravi A/L Kumar"),
        (t.LegalNameType(), "PT\u00a0Contoh\u200b Maju", "PT Contoh Maju"),
        (t.TextType(), "Cafe\u0301", "Café"),
        (t.TextType(), 12.0, "12"),
        (t.LongTextType(), "satu\r\n dua ", "satu\ndua"),
        (CHOICE, "KECIL", "small"),
        (CHOICE, "Large", "big"),
        (CHOICE, "mini", "small"),
        (MULTI, "Dua; satu", ["a", "b"]),
        (MULTI, ["b"], ["b"]),
        (t.ReferenceType("zone"), 7, 7),
        (t.ReferenceType("zone"), " zona-a ", "zona-a"),
    ],
)
def test_values_are_normalised(kind: t.SemanticType, raw: Any, value: Any) -> None:
    assert kind.parse(raw) == value


@pytest.mark.parametrize(
    ("kind", "raw", "code"),
    [
        (t.NibType(), "812000123456", "pattern"),
        (t.NibType(), "8.12E+12", "scientific_number"),
        (t.NibType(), "8,12000123E+12", "scientific_number"),
        (t.NikType(), 3516010101800001.0, "scientific_number"),
        (t.NikType(), 1e16, "scientific_number"),
        (t.PassportNumberType(), "1.23457E+15", "scientific_number"),
        (t.PassportNumberType(), "E123 4567!", "pattern"),
        (t.PassportNumberType(), "A" * 21, "too_long"),
        (t.PassportNumberType(), "Е12345678", "pattern"),  # a Cyrillic Е
        (t.RegionCodeType(), "351", "pattern"),
        (t.VisaIndexType(), "G12", "pattern"),
        (t.EmailType(), "a@b", "pattern"),
        (t.EmailType(), "a@contoh.example, b@contoh.example", "pattern"),
        (t.EmailType(), "a@localhost", "pattern"),
        (t.EmailType(), "a\r\nBcc: x@contoh.example", "pattern"),
        (t.PhoneType(), "0812-1111-2222 / 0813-1111-2222", "pattern"),
        (t.PhoneType(), "123", "pattern"),
        (t.UrlType(), "javascript:alert(1)", "pattern"),
        (t.UrlType(), "https://user:pass@contoh.example", "pattern"),
        (t.UrlType(), "ftp://contoh.example", "pattern"),
        (t.IntType(), "12,5", "type"),
        (t.IntType(min=1), "0", "out_of_range"),
        (t.IntType(), "9" * 19, "out_of_range"),
        (t.DecimalType(), "nan", "type"),
        (t.PercentType(), "101", "out_of_range"),
        (t.MoneyType(), "-1", "out_of_range"),
        (t.MoneyType(), "Rp", "type"),
        (t.BoolType(), "mungkin", "type"),
        (t.SexType(), "?", "choice_unknown"),
        (t.TextType(5), "terlalu panjang", "too_long"),
        (t.TextType(), "\u200b", "required"),
        (t.PersonNameType(), "Kim 2", "pattern"),
        (t.PersonNameType(), 12.0, "pattern"),
        (t.PersonNameType(), "hrd@contoh.example", "pattern"),
        (t.PersonNameType(), "M\ufffdller", "pattern"),
        (t.LegalNameType(), "--", "pattern"),
        (t.GeoPointType(), "112.4338, -7.4726", "out_of_range"),
        (t.FileType(), "../etc/passwd", "file_by_hand"),
        (t.FileType(), ["../etc/passwd"], "file_by_hand"),
        (t.FileType(1), [{"id": "a", "name": "a.pdf"}, {"id": "b", "name": "b.pdf"}], "files_too_many"),
        (t.CountryCodeType(), 62.0, "choice_unknown"),
        (CHOICE, "sedang", "choice_unknown"),
    ],
)
def test_what_cannot_be_taken_is_a_code(kind: t.SemanticType, raw: Any, code: str) -> None:
    assert refused(kind, raw).code == code


def test_a_lost_leading_zero_is_offered_back() -> None:
    assert refused(t.NibType(), 120001234567.0).suggestion == "0120001234567"
    assert refused(t.KbliType(), 1111.0).suggestion == "01111"
    assert refused(t.NibType(), "120001234567").suggestion is None


def test_a_likely_choice_is_offered() -> None:
    assert refused(CHOICE, "kecill").suggestion == "Kecil"
    assert refused(t.GeoPointType(), "112.4338, -7.4726").suggestion == "-7.472600,112.433800"


def test_a_slip_in_an_address_is_offered_mended() -> None:
    assert refused(t.EmailType(), "hrd@contoh,example").suggestion == "hrd@contoh.example"
    assert refused(t.EmailType(), "hrd @ contoh.example").suggestion == "hrd@contoh.example"
    assert refused(t.EmailType(), "hrd").suggestion is None


def test_o_and_zero_are_a_hint_never_an_error() -> None:
    kind = t.PassportNumberType()
    assert kind.parse("E1234O678") == "E1234O678"
    assert kind.hint("E1234O678") == "E12340678"
    assert kind.hint("EO1234567") == "E01234567"
    assert kind.hint("E12345678") is None
    assert kind.hint("GOOD12345") is None


def test_masks_give_away_little() -> None:
    assert t.PassportNumberType().mask("E12345678") == "•••678"
    assert t.EmailType().mask("hrd@contoh.example") == "h•••@contoh.example"
    assert "85" not in t.DateType().mask(date(1985, 3, 12))


def test_a_base_model_validates_and_its_table_has_the_columns() -> None:
    class BirdBase(SQLModel):
        nib: t.Nib | None = Field(default=None)
        nationality: t.CountryCode | None = Field(default=None)
        born: t.Date | None = Field(default=None)
        cost: t.Money | None = Field(default=None)
        size: t.Int | None = Field(default=None)

    class Bird(BirdBase, table=True):
        __tablename__ = "test_types_bird"
        id: int | None = Field(default=None, primary_key=True)

    good = BirdBase.model_validate(
        {"nib": "8120 0012 34567", "nationality": "Cina", "born": "1 Mei 1990", "cost": "1.500", "size": "3"}
    )
    assert (good.nib, good.nationality, good.born, good.cost) == (
        "8120001234567",
        "CHN",
        date(1990, 5, 1),
        Decimal(1500),
    )
    with pytest.raises(ValidationError) as caught:
        BirdBase.model_validate({"nib": "12", "born": "31/02/2026"})
    codes = {error["loc"][0]: (error["type"], error["ctx"]["params"]) for error in caught.value.errors()}
    assert codes["nib"][0] == "pattern"
    assert codes["born"][1]["kind"] == "no_such_day"
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine, tables=[Bird.__table__])  # type: ignore[attr-defined]
    with Session(engine) as session:
        session.add(Bird(**good.model_dump()))
        session.commit()
        assert session.get(Bird, 1).born == date(1990, 5, 1)  # type: ignore[union-attr]
    SQLModel.metadata.remove(Bird.__table__)  # type: ignore[attr-defined]


def test_closed_lists_offer_their_choices_in_both_languages() -> None:
    assert CHOICE.choices("en") == [("big", "Large"), ("small", "Small")]
    assert dict(t.CountryCodeType().choices("id") or [])["CHN"] == "Tiongkok"
    assert dict(t.CountryCodeType().choices("en") or [])["CHN"] == "China"
    assert t.TextType().choices() is None


def test_the_marker_is_found_inside_an_optional() -> None:
    assert isinstance(t.type_of(t.Nib | None), t.NibType)
    assert isinstance(t.type_of(t.Nib), t.NibType)
    assert t.type_of(str) is None
