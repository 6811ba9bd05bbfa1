"""A letter: subject, text and HTML of one message, made without a web request.

Each kind has one body template; the two layouts draw its paragraphs, buttons and tables as text or as HTML, so both
parts of a mail always say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app import wording
from notifications.facts import Facts

FOLDER = Path(__file__).parent / "templates"
MASK = "•••"


@dataclass(frozen=True, slots=True)
class Letter:
    """What one message says. `text` is complete by itself."""

    subject: str
    text: str
    html: str

    def masked(self, secrets: tuple[str, ...]) -> Letter:
        """The copy that may be kept: no live link, no code."""
        copy = self
        for secret in secrets:
            copy = replace(
                copy,
                subject=copy.subject.replace(secret, MASK),
                text=copy.text.replace(secret, MASK),
                html=copy.html.replace(secret, MASK),
            )
        return copy


def letter(kind: str, language: str, facts: Facts) -> Letter:
    """The letter of a kind; raises jinja2.UndefinedError where a template names what is not there."""
    return drawn(kind, language, facts.values, subject=subject_of(kind, language, facts.values))


def drawn(template: str, language: str, values: Mapping[str, Any], *, subject: str) -> Letter:
    """A body template in both frames, under that subject."""
    text, html = (
        _environment(language, form)
        .get_template(f"{template}/body.jinja")
        .render(values, layout=f"layout.{form}", parts=f"parts.{form}")
        for form in ("txt", "html")
    )
    return Letter(subject=_one_line(subject), text=_tidy(text), html=html.strip() + "\n")


def bare(template: str, language: str, values: Mapping[str, Any]) -> str:
    """The text of a body template without its frame."""
    body = _environment(language, "txt").get_template(f"{template}/body.jinja")
    return _tidy(body.render(values, layout="layout.draft", parts="parts.txt")).strip()


def subject_of(kind: str, language: str, values: Mapping[str, Any]) -> str:
    """The subject of a kind in the words of the product."""
    return _one_line(_environment(language, "txt").get_template(f"{kind}/subject.txt").render(values))


def draft(kind: str, language: str, facts: Facts) -> tuple[str, str]:
    """(subject, text) of a kind without its frame, for somebody who starts from it."""
    body = _environment(language, "txt").get_template(f"{kind}/body.jinja")
    text = _tidy(body.render(facts.values, layout="layout.draft", parts="parts.draft"))
    return subject_of(kind, language, facts.values), text.strip()


def _one_line(subject: str) -> str:
    return re.sub(r"\s+", " ", subject).strip()[:200]


@cache
def _environment(language: str, form: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=form == "html",  # noqa: S701 - the other form is plain text
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(wording.catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return made


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
