"""A letter on the office's paper, for whoever no e-mail reaches. Not printed while nobody knows whose it is."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app import wording
from app.config import Settings
from app.documents.letterhead import letterhead
from app.documents.typesetting import typeset
from app.domain.errors import Refused
from app.domain.fields import Label

_LAYOUT = Path(__file__).with_name("letter.typ")
_WORDS = {
    "subject": Label("Perihal", "Subject"),
    "to": Label("Kepada", "To"),
    "page": Label("Halaman", "Page"),
    "of": Label("dari", "of"),
}


def pdf(settings: Settings, *, subject: str, text: str, to: str, day: date, language: str = "id") -> bytes:
    """The letter as PDF bytes; `text` has blank lines between paragraphs. Raises Refused("office_unset")."""
    if not settings.office_known and not settings.demo:
        raise Refused("office_unset")
    paragraphs = [one.splitlines() for one in text.strip().split("\n\n") if one.strip()]
    data = {
        "head": letterhead(settings),
        "subject": subject,
        "to": to,
        "day": wording.long_date(day, language),
        "paragraphs": paragraphs,
        "lang": language,
        "words": {key: label.text(language) for key, label in _WORDS.items()},
    }
    return typeset(_LAYOUT, data)
