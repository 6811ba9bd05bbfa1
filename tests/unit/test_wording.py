"""Sentences: both languages, filled, courteous, and never a crash in front of a person."""

# ruff: noqa: E501 (tables of cases)
from __future__ import annotations

import re
import string
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app import wording
from app.domain.errors import LinkGone, NotFound, Problem, Refused
from app.domain.fields import Label
from app.domain.grid import Note

# every code the sheet engine and the doors promise (issue: "Codes at least")
PROMISED = [
    "column_missing",
    "column_duplicate",
    "required",
    "type",
    "date_invalid",
    "date_ambiguous",
    "choice_unknown",
    "pattern",
    "too_long",
    "out_of_range",
    "check_digit",
    "duplicate_in_sheet",
    "reference_unknown",
    "formula_error",
    "scientific_number",
    "conflict",
    "not_found",
    "forbidden",
    "edit_conflict",
    "link_expired",
    "link_revoked",
]
PARAMS: dict[str, Any] = {
    "min": 1, "max": 250, "length": 300, "day": 31, "month": 2, "year": 2026, "row_first": 12, "heading": "Ket.",
    "expires_at": datetime(2026, 11, 22, 7, 3, tzinfo=UTC), "state": Label("masuk", "received"), "key": "zona", "count": 3,
    "other": "Mulai", "registry": Label("Kawasan", "Zones"), "example": "E1", "columns": ["D", "F"], "error": "#DIV/0!",
    "replaced_by": "E23",
}  # fmt: skip


def holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", PROMISED)
def test_every_promised_code_has_a_sentence(code: str) -> None:
    assert code in wording.SENTENCES


@pytest.mark.parametrize("code", sorted(wording.SENTENCES))
def test_a_sentence_stands_in_both_languages_with_the_same_facts(code: str) -> None:
    label = wording.SENTENCES[code]
    assert label.id
    assert label.en
    assert label.id != label.en
    assert holes(label.id) == holes(label.en)
    assert label.id[-1] in ".?"
    assert label.en[-1] in ".?"


@pytest.mark.parametrize("code", sorted(wording.SENTENCES))
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_sentence_is_filled_without_a_gap(code: str, language: str) -> None:
    base, _, kind = code.partition(".")
    facts = dict.fromkeys(holes(wording.SENTENCES[code].text(language)), 3) | PARAMS  # other modules add sentences
    params = {**facts, "kind": kind} if kind not in ("min_max", "min", "max") else facts
    text = wording.sentence(Problem(base, value="x", params=params), language, Label("nomor paspor", "passport number"))
    assert "{" not in text
    assert "…" not in text
    assert text[0] == text[0].upper()


@pytest.mark.parametrize("code", [code for code, label in wording.SENTENCES.items() if "count" in holes(label.en)])
def test_one_is_said_as_one(code: str) -> None:
    facts = dict.fromkeys(holes(wording.SENTENCES[code].en), "A4") | {"count": 1}
    said = wording.sentence(Note(code, facts), "en")
    assert not re.search(r"\b1 (?:more |hidden )?(?!is|was)\w+s\b", said), said


def test_a_sentence_counts_as_people_do() -> None:
    def say(code: str, **facts: object) -> str:
        return wording.sentence(Note(code, facts), "en")

    assert say("hidden_rows", count=1, rows="14") == "1 hidden row was read too (row 14)."
    assert say("hidden_rows", count=1240, rows="4-9, 12") == "1,240 hidden rows were read too (rows 4-9, 12)."
    assert say("rows_total", count=1, rows="14") == "Taken as a total, not data: row 14."
    assert say("columns_without_heading", columns="C").startswith("Column C holds data")
    assert say("columns_without_heading", columns="C, F").startswith("Columns C, F hold data")
    assert say("formulas_used", count=1, cell="B4").endswith("its last calculated value was used (cell B4).")
    assert "1 date has" in say("years_of_two_digits", count=1, heading="Lahir")
    assert say("years_of_two_digits", count=2, heading="Lahir").startswith("The column “Lahir”: 2 dates have")
    assert wording.due_sentence(
        {"kind": "working", "days": 1, "from": "2026-11-02"}, date(2026, 11, 3), "en"
    ).startswith("3 November 2026: 1 working day after")


def test_facts_that_are_missing_leave_a_gap_not_an_error() -> None:
    for code in wording.SENTENCES:
        assert wording.sentence(Problem(code))


def test_an_unknown_code_gets_a_general_sentence() -> None:
    assert wording.sentence(Problem("never_heard_of", params={"a": object()})) == "Isian ini perlu diperiksa kembali."
    assert wording.sentence(Refused("never_heard_of"), "en") == "This needs to be checked again."


def test_the_words_of_the_screens() -> None:
    say = wording.sentence
    assert say(Problem("date_invalid")) == "Tulis tanggal lengkap, misalnya 31/12/2026."
    no_such = Problem("date_invalid", params={"kind": "no_such_day", "day": 31, "month": 2, "year": 2026})
    assert say(no_such).startswith("Tidak ada tanggal 31 Februari.")
    leap = Problem("date_invalid", params={"kind": "no_such_day", "day": 29, "month": 2, "year": 2027})
    assert say(leap).startswith("Tidak ada tanggal 29 Februari 2027.")
    assert say(Problem("choice_unknown", value="Chna", suggestion="Tiongkok")) == "Apakah maksud Anda Tiongkok?"
    assert say(Problem("choice_unknown", value="Chna", suggestion="China"), "en") == "Did you mean China?"
    assert say(Problem("choice_unknown", value="Chna", suggestion="Tiongkok"), "en") == "Did you mean China?"
    label = Label("Nomor paspor", "Passport number")
    assert say(Problem("duplicate_in_sheet", params={"row_first": 12}), "id", label).startswith(
        "Nomor paspor sudah ada di baris 12."
    )
    assert say(Problem("required"), "id", label) == "Mohon isi nomor paspor."
    assert say(NotFound(), "en").startswith("This record or page was not found.")
    assert "22 November 2026 14.03 WIB" in say(LinkGone("link_expired", expires_at=PARAMS["expires_at"]))


def test_limits_are_written_as_numbers_and_names_keep_their_capitals() -> None:
    far = Problem("out_of_range", params={"kind": "number", "min": "1", "max": "1000000"})
    assert wording.sentence(far) == "Tulis nilai antara 1 dan 1.000.000."
    assert wording.sentence(far, "en") == "Write a value between 1 and 1,000,000."
    half = Problem("out_of_range", params={"kind": "number", "min": "0.5", "max": ""})
    assert wording.sentence(half) == "Nilai terkecil adalah 0,5."
    names = ("NIB", "WhatsApp", "English words", "E-mail", "Berlaku sejak")
    assert [wording.inside(name) for name in names] == ["NIB", "WhatsApp", "English words", "e-mail", "berlaku sejak"]


def test_a_note_is_said_too() -> None:
    assert "E23" in wording.sentence(Note("visa_index_retired", {"replaced_by": "E23"}))


def test_the_label_wins_over_a_bare_key_and_days_are_read_as_days() -> None:
    wording.add({"test_only": Label("{field} sejak {value}.", "{field} since {value}.")})
    note = Note("test_only", {"field": "started_on", "value": "2026-11-01"})
    assert wording.sentence(note, "id", Label("Mulai kerja", "Started on")) == "Mulai kerja sejak 01/11/2026."
    del wording.SENTENCES["test_only"]


def test_another_package_may_add_its_codes() -> None:
    wording.add({"test_only.code": Label("Ini {value}.", "This {value}.")})
    assert wording.sentence(Problem("test_only", value="itu", params={"kind": "code"})) == "Ini itu."
    del wording.SENTENCES["test_only.code"]


def test_braces_typed_by_a_person_are_only_text() -> None:
    assert "{0.__class__}" in wording.sentence(Problem("choice_unknown", value="{0.__class__}"))


def test_dates_times_and_numbers_in_both_languages() -> None:
    at = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)
    assert wording.long_date(date(2026, 11, 22)) == "22 November 2026"
    assert wording.long_date(date(2026, 8, 1), "en") == "1 August 2026"
    assert wording.short_date(date(2026, 8, 1)) == "01/08/2026"
    assert [wording.clock(at, zone) for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")] == [
        "14.03 WIB", "15.03 WITA", "16.03 WIT",
    ]  # fmt: skip
    assert wording.clock(at, "Asia/Jakarta", "en") == "14:03 WIB"
    assert wording.moment(datetime(2026, 11, 22, 18, 0, tzinfo=UTC)) == "23 November 2026 01.00 WIB"
    assert (wording.number(1240), wording.number(0.93), wording.number(Decimal("1240.50"))) == (
        "1.240",
        "0,93",
        "1.240,5",
    )
    assert wording.number(1240.5, "en") == "1,240.5"
    assert wording.money(1500000) == "Rp\u00a01.500.000"
    assert wording.money(20, "en", "USD") == "USD\u00a020"


def test_the_catalogue_needs_no_web_application() -> None:
    assert wording.catalogue("en").gettext("Save") == "Save"
    assert wording.catalogue("id").gettext("no such message") == "no such message"


def test_opening_hours_are_read_in_the_language_of_the_reader() -> None:
    office = "Senin-Kamis 08.00-15.00, Jumat 08.00-14.30"
    assert wording.hours(office, "id") == office
    assert wording.hours(office, "en") == "Monday-Thursday 08:00-15:00, Friday 08:00-14:30"
