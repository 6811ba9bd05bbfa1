"""The language of a page: `?lang=` (kept in its links), else a chosen cookie, else the person, else the office.

The browser's Accept-Language is not asked: most browsers of the office's companies say English and mean Indonesian.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, g, request
from flask_babel import get_locale, refresh

from app.domain.fields import Label
from app.web import cookies

LANGUAGES: Final = {"id": "Bahasa Indonesia", "en": "English"}
COOKIE = "lang"
COOKIE_AGE = 365 * 24 * 3600


def select() -> str:
    """Locale of this request, for flask_babel."""
    for choice in (request.args.get("lang"), cookies.read(COOKIE), g.get("preferred_language")):
        if choice in LANGUAGES:
            return str(choice)
    return str(g.get("office_language", "id"))


def prefer(language: str | None) -> None:
    """The language of the logged-in user or of the company's contact; weaker than the visitor's own choice."""
    if language in LANGUAGES and language != g.get("preferred_language"):
        g.preferred_language = language
        refresh()


def current() -> str:
    """ "id" or "en"."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "id"


def text(label: Label) -> str:
    """A declared label in the language of this page."""
    return label.text(current())


def keep_in_links(endpoint: str, values: dict[str, Any]) -> None:
    """`?lang=` of this page goes into every link made on it, so that the choice needs no cookie."""
    chosen = request.args.get("lang") if request and b"lang=" in request.query_string else None  # hundreds of links
    if chosen in LANGUAGES and endpoint not in ("static", "office.logo"):
        values.setdefault("lang", chosen)


def init_app(app: Flask) -> None:
    app.url_default_functions.setdefault(None, []).append(keep_in_links)
