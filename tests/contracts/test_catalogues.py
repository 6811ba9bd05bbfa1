"""Indonesian is complete: no message without words, and no English left on an Indonesian page."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import users
from app.web import catalogues

ENGLISH = re.compile(
    r"\b(the|and|or|you|your|please|with|this|that|have|has|been|not|from|are|was|save|create|edit|delete|search|filter|"
    r"login|logout|submit|password|welcome|error|required|invalid|selected|record|records|add|apply|export|page|next|"
    r"previous|upload|file|help|warning|language|accessibility|cancel|back|continue|change|new|all|none|yes|details)\b",
    re.IGNORECASE,
)


def test_every_message_of_ours_and_of_the_libraries_has_its_indonesian() -> None:
    assert list(catalogues.problems()) == []
    assert len([message for message in catalogues.said_by("admin") if message.id]) >= 116


def test_no_sentence_stands_inside_an_f_string() -> None:
    """The reader of messages does not look there: such a sentence would stay English, and no check would miss it."""
    root = Path(__file__).resolve().parents[2]
    hidden = [
        f"{path.relative_to(root)}:{node.lineno}"
        for package in catalogues.PACKAGES
        for path in (root / package).rglob("*.py")
        if "node_modules" not in path.parts
        for text in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(text, ast.JoinedStr)
        for node in ast.walk(text)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "_l", "_n", "ngettext")
    ]
    assert hidden == []


def test_a_page_says_anda_and_a_letter_bapak_ibu() -> None:
    pages = [catalogues.po_of(package).read_text("utf-8") for package in ("app", "forms", "admin")]
    pages += [label.id for label in wording.SENTENCES.values()]
    assert [line for page in pages for line in page.splitlines() if "Bapak/Ibu" in line] == []
    letters = catalogues.po_of("notifications").read_text("utf-8")
    assert re.findall(r".*\bAnda\b.*", letters) == []


def test_the_check_finds_a_missing_and_a_fuzzy_one(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(tmp_path, Path)
    path = tmp_path / "messages.po"
    path.write_text('msgid "Cancel"\nmsgstr ""\n\n#, fuzzy\nmsgid "Log in"\nmsgstr "Masuk"\n', encoding="utf-8")
    monkeypatch.setattr(catalogues, "po_of", lambda _package: path)

    found = "\n".join(catalogues.problems())

    assert "no Indonesian for 'Cancel'" in found
    assert "fuzzy 'Log in'" in found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_libraries_speak_indonesian_on_our_pages(app: Flask) -> None:
    from flask_admin.babel import gettext as admin_gettext
    from flask_admin.babel import ngettext as admin_ngettext
    from flask_security.utils import get_message
    from flask_wtf import FlaskForm
    from wtforms.fields import StringField
    from wtforms.validators import InputRequired

    class Sample(FlaskForm):  # type: ignore[misc]
        name = StringField(validators=[InputRequired()])

    for language, expected in (
        ("id", ["Simpan", "3 data telah dihapus.", "Kata sandi salah", "Mohon isi bagian ini."]),
        ("en", ["Save", "3 records were successfully deleted.", "Invalid password", "This field is required."]),
    ):
        with app.test_request_context(f"/?lang={language}", method="POST", data={"name": ""}):
            form = Sample(meta={"csrf": False})
            form.validate()
            said = [
                admin_gettext("Save"),
                admin_ngettext(
                    "Record was successfully deleted.", "%(count)s records were successfully deleted.", 3, count=3
                ),
                get_message("INVALID_PASSWORD")[0],
                form.name.errors[0],
            ]
            assert [str(one) for one in said] == expected


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_english_is_left_on_the_pages_of_the_web_layer(client: FlaskClient) -> None:
    now = utcnow()
    with unit_of_work() as session:
        user = users.add(
            session,
            email="a@kantor.example",
            name="Siti",
            roles=["analyst"],
            actor=Actor.system("uji"),
            now=now,
            status="active",
        )
        link = users.one_time_link(session, user, now, settings(), purpose="password").removeprefix(
            settings().public_url
        )
    pages = {path: client.get(path).text for path in ("/", "/aksesibilitas", "/masuk", "/nowhere", link)}
    pages["csrf"] = client.post("/masuk", data={"email": "x"}).text
    pages["weak"] = client.post(link, data={**_hidden(pages[link]), "password": "abc"}).text

    for name, page in pages.items():
        assert words(page), name
        assert ENGLISH.findall(words(page)) == [], name


def _hidden(page: str) -> dict[str, str]:
    from tests.fixtures.web import hidden

    return hidden(page)


class _Text(HTMLParser):
    """What a person reads or hears: text, labels of controls, alternative texts; marked foreign words left out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        foreign = tag != "html" and found.get("lang") == "en"
        if foreign or tag in ("script", "style", "code"):
            self.skipped.append(tag)
        elif not self.skipped:
            self.said += [found.get(name) or "" for name in ("aria-label", "title", "alt", "placeholder")]

    def handle_endtag(self, tag: str) -> None:
        if self.skipped and self.skipped[-1] == tag:
            self.skipped.pop()

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.said.append(data)


def words(page: str) -> str:
    reader = _Text()
    reader.feed(page)
    return " ".join(" ".join(reader.said).split())
