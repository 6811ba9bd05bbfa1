"""What all pages have in common: a structure, no code between the lines, no other host, one language."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web import access
from tests.contracts.test_catalogues import ENGLISH, words
from tests.contracts.test_routes import rules
from tests.fixtures.login import log_in_as

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("pages"),  # drawn once for all of them
]

# English words an Indonesian page may carry: names of things, not sentences.
NAMES = {"file", "back", "filter", "export"}


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return {}


@pytest.fixture
def pages(app: Flask, client: FlaskClient, drawn: dict[str, str]) -> dict[str, str]:
    """Endpoint and what it draws for somebody with every role, where that is a page."""
    if drawn:
        return drawn
    log_in_as(client)
    for endpoint, path, methods in rules(app):
        if "GET" in methods and access.access_of(app, endpoint) != access.STATIC:
            answer = client.get(path)
            if answer.mimetype == "text/html" and answer.status_code != 302:
                drawn[f"{endpoint} ({answer.status_code})"] = answer.text
    return drawn


def test_every_page_can_be_read_by_a_machine_that_reads_aloud(pages: dict[str, str]) -> None:
    assert len(pages) > 20
    for name, page in pages.items():
        if "preview_html" in name or ".html" in name:
            continue  # a letter, shown in a frame
        assert '<html lang="id"' in page, name
        assert len(re.findall(r"<h1\b", page)) == 1, name
        assert len(re.findall(r"<main\b", page)) == 1, name
        assert re.search(r"<title>[^<]+</title>", page), name


def test_no_page_carries_code_between_its_lines(pages: dict[str, str]) -> None:
    """A content security policy with a nonce silently kills inline handlers and styles."""
    for name, page in pages.items():
        if "preview" in name and "html" in name:
            continue
        assert re.findall(r"<[^>]+\s(?:on[a-z]+|style)=", page) == [], name
        assert "javascript:" not in page, name
        for tag in re.findall(r"<(?:script|style)\b[^>]*>", page):
            assert "nonce=" in tag or 'type="application/json"' in tag, (name, tag)


def test_no_page_asks_another_host(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        for tag in re.findall(r"<(?:script|link|img|iframe|source|form|use)\b[^>]*>", page):
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', tag), (name, tag)
        for tag in re.findall(r"<a\b[^>]*>", page):
            if re.search(r'href="https?://', tag):
                assert 'rel="external' in tag, (name, tag)


def test_no_english_is_left_on_an_indonesian_page(pages: dict[str, str]) -> None:
    left = {name: sorted(set(map(str.lower, ENGLISH.findall(words(page)))) - NAMES) for name, page in pages.items()}

    assert {name: found for name, found in left.items() if found} == {}
