"""A letter in the office's own words: placeholders that are known, facts that are there, and nothing that runs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app.operations.sentences  # noqa: F401 - what the refusals say
from app import wording
from app.config import settings
from app.domain import letters, tone
from app.domain.errors import Problem
from app.domain.messages import WRITABLE
from notifications import own_words
from notifications.render import Letter
from notifications.samples import preview, sample_facts

every_kind = pytest.mark.parametrize("kind", sorted(WRITABLE))
both_languages = pytest.mark.parametrize("language", ["id", "en"])


def found(kind: str, subject: str, body: str) -> list[Problem]:
    return list(letters.problems(kind, subject, body))


def said(problem: Problem, language: str = "id") -> str:
    return wording.sentence(problem, language)


def drawn(kind: str, body: str, subject: str = "{laporan}", language: str = "id") -> Letter:
    assert found(kind, subject, body) == []
    return preview(kind, language, settings(), SimpleNamespace(subject=subject, body=body))


@every_kind
@both_languages
def test_the_words_of_the_product_are_a_good_beginning(kind: str, language: str) -> None:
    subject, body = own_words.starter(kind, language)
    assert found(kind, subject, body) == []
    assert tone.harsh_words(f"{subject} {body}") == []

    own, shipped = (
        preview(kind, language, settings(), words) for words in (SimpleNamespace(subject=subject, body=body), None)
    )
    assert own.subject == shipped.subject
    assert {*own.text.split("\n\n")} >= {
        part for part in shipped.text.split("\n\n") if "(" not in part and ": " not in part and not part[:1].isspace()
    }  # all paragraphs but those with counts and the table


def test_a_mistyped_placeholder_is_refused_with_the_right_one() -> None:
    (problem,) = found("link", "{laporan}", "Yth. pimpinan {perusahan},\n\n{tombol}")

    assert (problem.code, problem.field, problem.suggestion) == ("placeholder_unknown", "body", "{perusahaan}")
    assert said(problem).startswith("Isian {perusahan} tidak dikenal")
    assert said(problem).endswith("Apakah maksud Anda {perusahaan}?")
    assert "{tenggat}" in said(problem)


@pytest.mark.parametrize(
    ("kind", "subject", "body", "code"),
    [
        ("link", "{kode}", "{tombol}", "placeholder_unknown"),  # of another kind
        ("code", "x", "{kode}\n\n{tombol}", "placeholder_unknown"),  # the link never travels with the code
        ("link", "{tombol}", "{tombol}", "placeholder_in_subject"),
        ("link", "x", "Buka {tombol} ini", "placeholder_alone"),
        ("link", "x", "Mohon melapor.", "placeholder_missing"),
        ("code", "x", "Ini kodenya", "placeholder_missing"),
        ("link", "x", "{tombol}\n\n{% if 1 %}", "placeholder_unknown"),
        ("link", "x", "{tombol}\n\nkurung { terbuka", "placeholder_brace"),
        ("link", "x", "{tombol}\n\n{{ 7 * 7 }}", "placeholder_unknown"),
        ("link", "x" * 151, "{tombol}", "too_long"),
    ],
)
def test_what_is_no_letter_is_refused(kind: str, subject: str, body: str, code: str) -> None:
    assert code in {problem.code for problem in found(kind, subject, body)}


def test_facts_stand_in_text_and_html_and_are_never_markup() -> None:
    body = "Yth. {perusahaan} <b>&amp;\nbaris kedua\n\n- satu\n- dua {periode}\n\n{tombol}"
    letter = drawn("link", body)

    assert "Yth. PT Contoh Maju Sejahtera <b>&amp;\nbaris kedua" in letter.text
    assert "Yth. PT Contoh Maju Sejahtera &lt;b&gt;&amp;amp;<br>baris kedua" in letter.html
    assert "- dua November 2026" in letter.text
    assert "<li" in letter.html
    assert f"{settings().public_url}/t/contoh" in letter.text
    assert letter.html.count("<a href=") >= 1
    assert settings().office_name in letter.html, "the frame is that of every letter"


def test_a_paragraph_without_its_fact_is_left_out_and_so_is_what_announces_it() -> None:
    facts = sample_facts("accepted", "id", settings())
    values = {**facts.values, "note": None, "decided_at": None}
    body = "Terima kasih.\n\nDiperiksa {diperiksa}.\n\nCatatan petugas:\n\n{catatan}\n\nSalam."
    words = SimpleNamespace(subject="{laporan} {periode}: {diperiksa}", body=body)

    letter = own_words.letter("accepted", "id", type(facts)(values, facts.secrets), words)

    assert "Terima kasih." in letter.text
    assert "Salam." in letter.text
    assert "Diperiksa" not in letter.text
    assert "Catatan petugas" not in letter.text
    assert letter.subject == "Laporan TKA November 2026"


def test_receipts_always_say_what_they_are_not() -> None:
    silent = drawn("confirmation", "Diterima.\n\n{periksa}")
    speaking = drawn("confirmation", "Diterima; bukan pengganti APOA/TKA Online.")

    assert "bukan pengganti APOA/TKA Online" in silent.text
    assert speaking.text.count("APOA") == 1


def test_secrets_leave_the_copy_that_is_kept() -> None:
    facts = sample_facts("code", "id", settings())
    letter = own_words.letter("code", "id", facts, SimpleNamespace(subject="Kode", body="{kode}"))

    assert "482913" in letter.text
    assert "482913" not in letter.masked(facts.secrets).text + letter.masked(facts.secrets).html


@given(st.text(max_size=300), st.text(max_size=80))
def test_whatever_is_typed_is_refused_or_drawn(body: str, subject: str) -> None:
    text = f"{body}\n\n{{tombol}}"
    if not found("link", subject, text):
        assert preview("link", "id", settings(), SimpleNamespace(subject=subject, body=text)).html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mohon kiranya Bapak/Ibu berkenan melapor.", []),
        ("Bila lalai, perusahaan dikenai sanksi pidana!", ["sanksi", "pidana", "lalai"]),
        ("SEGERA LAPORKAN SEKARANG JUGA", ["SEGERA LAPORKAN SEKARANG JUGA"]),
        ("Report immediately!!", ["immediately", "!!"]),
        ("Laporan TKA untuk PT ABC NUSA RAYA", []),
    ],
)
def test_a_harsh_word_is_noticed(text: str, words: list[str]) -> None:
    assert tone.harsh_words(text) == words
