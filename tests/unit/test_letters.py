"""Every kind of message says the same in text and HTML, in both languages, courteously and in little space."""

from __future__ import annotations

import re

import pytest

from app.config import settings
from app.domain.messages import KINDS, WRITABLE
from notifications.facts import facts
from notifications.render import MASK, letter
from notifications.samples import preview, sample

every_kind = pytest.mark.parametrize("kind", sorted(KINDS))
both_languages = pytest.mark.parametrize("language", ["id", "en"])


@every_kind
@both_languages
def test_a_letter_is_whole_small_and_asks_no_other_host(kind: str, language: str) -> None:
    made = preview(kind, language, settings())
    assert len(made.html.encode()) < 60_000
    assert made.subject
    assert "\n" not in made.subject
    assert "<img" not in made.html
    assert not re.search(r"<(script|link|iframe|style)\b", made.html)
    assert not re.search(r"\{\{|\{%|None|%\(", made.text + made.html)
    for address in re.findall(r'href="([^"]+)"', made.html):
        assert address.startswith((settings().public_url, "mailto:"))
    for address in re.findall(r"https?://\S+", made.text):
        assert address in made.html, "the text part is as complete as the HTML"


@every_kind
def test_indonesian_letters_are_translated_throughout(kind: str) -> None:
    indonesian, english = preview(kind, "id", settings()), preview(kind, "en", settings())
    same = set(indonesian.text.split("\n\n")) & set(english.text.split("\n\n"))
    assert not [text for text in same if len(text.split()) > 4 and "http" not in text and not text.startswith(">")]
    assert "Yth. " in indonesian.text
    assert kind not in WRITABLE or "Terima kasih" in indonesian.text, "whoever writes to a company thanks first"
    assert "Ada yang keliru? / Ajukan pertanyaan" in indonesian.text
    assert "China" not in indonesian.text


@pytest.mark.parametrize("kind", ["confirmation", "accepted"])
def test_whoever_reads_of_a_receipt_reads_what_it_does_not_replace(kind: str) -> None:
    assert "bukan pengganti APOA/TKA Online" in preview(kind, "id", settings()).text


def test_an_accepted_report_with_an_open_question_is_not_called_complete() -> None:
    context = sample("accepted") | {"asked": 1, "note": "Mohon periksa nomor paspor itu."}
    made = letter("accepted", "id", facts(context, "id", settings(), lambda _id: "http://localhost:8000/t/contoh"))
    assert "mohon jawab pertanyaan petugas kami" in made.text
    assert "Mohon periksa nomor paspor itu." in made.text
    assert "ada pertanyaan" in made.subject
    assert "sudah lengkap" not in made.text


@every_kind
def test_a_context_with_only_the_needed_keys_makes_a_letter(kind: str) -> None:
    context = {key: value for key, value in sample(kind).items() if key in KINDS[kind].needs}
    known = facts(context, "id", settings(), lambda _id: "http://localhost:8000/t/contoh")
    made = letter(kind, "id", known)
    assert "None" not in made.text + made.html + made.subject


def test_names_are_text_in_html_and_one_line_in_a_subject() -> None:
    context = sample("link") | {"company_name": "PT <script>alert(1)</script>\r\nBcc: a@b.example {{ config }}"}
    made = letter("link", "id", facts(context, "id", settings(), lambda _id: "http://localhost:8000/t/x"))
    assert "<script>" not in made.html
    assert "&lt;script&gt;" in made.html
    assert "{{ config }}" in made.text
    assert made.subject.splitlines() == [made.subject]


def test_the_kept_copy_holds_neither_token_nor_code() -> None:
    context = sample("returned")
    known = facts(context, "id", settings(), lambda _id: "http://localhost:8000/t/v1.secret-token")
    made = letter("returned", "id", known)
    kept = made.masked(known.secrets)
    assert "secret-token" in made.text
    assert "secret-token" not in kept.text + kept.html + kept.subject
    known = facts(sample("code"), "id", settings(), lambda _id: "http://localhost:8000/t/x")
    kept = letter("code", "id", known).masked(known.secrets)
    assert "482913" not in kept.text + kept.html
    assert MASK in kept.text


def test_a_code_is_not_in_the_subject() -> None:
    assert "482913" not in preview("code", "id", settings()).subject


@pytest.mark.parametrize(
    ("period", "language", "shown"),
    [
        ("2026-11", "id", "November 2026"),
        ("2026-10", "id", "Oktober 2026"),
        ("2026-Q4", "id", "triwulan IV 2026"),
        ("2026-Q4", "en", "quarter IV 2026"),
        ("2026", "id", "2026"),
    ],
)
def test_periods_are_named_as_people_name_them(period: str, language: str, shown: str) -> None:
    from notifications.facts import period_label

    assert period_label(period, language) == shown


@both_languages
def test_each_news_of_an_account_has_words_of_its_own(language: str) -> None:
    from notifications.render import FOLDER

    told = re.findall(r'news\.what == "(\w+)"', (FOLDER / "account" / "body.jinja").read_text(encoding="utf-8"))
    texts = set()
    for what in dict.fromkeys(told):
        known = dict(sample("account")) | {"what": what}
        made = letter("account", language, facts(known, language, settings(), lambda _id: ""))
        texts.add(made.text)
        assert "/akun/keamanan" in made.text or what == "factors_reset_witness"
    assert len(texts) == len(set(told)) > 10
