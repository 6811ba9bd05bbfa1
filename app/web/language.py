"""The language of a page: `?lang=` (kept in its links), else a chosen cookie, else the person, else the office.

The browser's Accept-Language is not asked: most browsers of the office's companies say English and mean Indonesian.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from flask import Flask, g, has_app_context, request
from flask_babel import Domain, get_locale, get_translations, refresh
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app import wording
from app.domain.fields import Label
from app.extensions import babel
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
        g.pop("page_language", None)
        refresh()


def current() -> str:
    """ "id" or "en"."""
    known = g.get("page_language") if has_app_context() else "id"
    if known is None:
        locale = get_locale()
        known = g.page_language = "en" if locale is not None and locale.language == "en" else "id"
    return str(known)


def text(label: Label) -> str:
    """A declared label in the language of this page."""
    return label.text(current())


def new(title: str) -> str:
    """What a page on which one is made is called: "Perusahaan baru", "New company"."""
    return _("New %(title)s", title=wording.inside(title) if current() == "en" else title)


def chosen() -> str | None:
    """`?lang=` of this page."""
    asked = request.args.get("lang") if request and b"lang=" in request.query_string else None  # hundreds of links
    return asked if asked in LANGUAGES else None


def keep_in_links(endpoint: str, values: dict[str, Any]) -> None:
    """`?lang=` of this page goes into every link made on it, so that the choice needs no cookie."""
    if (asked := chosen()) and endpoint not in ("static", "office.logo"):
        values.setdefault("lang", asked)


def _said(message: str, **variables: object) -> Markup:
    """What templates call `_`, all of them HTML: as the library's, which looks for the catalogue at each sentence."""
    found = _sentence(current(), message, bool(variables))
    if not variables:
        return found
    given = {name: value if isinstance(value, int | float) else escape(value) for name, value in variables.items()}
    return Markup(str.__mod__(found, given))  # noqa: S704 - a sentence of ours round what is escaped


def _counted(singular: str, plural: str, num: int, **variables: object) -> Markup:
    """What templates call `ngettext`: `%(num)s` is the count as the language of the page writes it."""
    found = get_translations().ngettext(singular, plural, num)
    said = {"num": wording.number(num, current()), **variables}
    given = {name: value if isinstance(value, int | float) else escape(value) for name, value in said.items()}
    return Markup(str.__mod__(found, given))  # noqa: S704 - a sentence of ours round what is escaped


@lru_cache(maxsize=8192)
def _sentence(_language: str, message: str, is_pattern: bool) -> Markup:
    found = get_translations().gettext(message)
    return Markup(found if is_pattern else found.replace("%%", "%"))  # noqa: S704 - of our own catalogues and templates


class Sentences(Domain):
    """Our catalogues: found by the language of the page, which is known, not by a locale spelt out each time."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Any] = {}

    def get_translations(self) -> Any:
        if not has_app_context():
            return super().get_translations()
        language = current()
        if language not in self.known:
            self.known[language] = super().get_translations()
        return self.known[language]

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """What code calls: `%(num)s` is the count as the language of the page writes it."""
        found = self.get_translations().ngettext(singular, plural, num)
        return str(found % {"num": wording.number(num, current()), **variables})


def init_app(app: Flask) -> None:
    babel.domain_instance = Sentences()
    app.jinja_env.globals.update({"gettext": _said, "_": _said, "ngettext": _counted})
    app.url_default_functions.setdefault(None, []).append(keep_in_links)
