"""Pieces of pages that are kept as drawn, by everything that decides them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from flask import Flask, current_app, request
from markupsafe import Markup

from app import keeping
from app.web import assets, language

_MOST = 256  # pieces of a process; each is some kilobytes


def init_app(app: Flask) -> None:
    app.extensions["staff_drawn"] = {}


def kept(template: str, facts: Callable[[], dict[str, Any]], *decides: Hashable) -> Markup:
    """Draw the template with these facts, once for every language and place of the pages and all that `decides`."""
    of = (template, language.current(), language.chosen(), request.script_root, assets.asset("icons.svg"), *decides)
    known: dict[Hashable, Markup] = current_app.extensions["staff_drawn"]
    return keeping.kept(known, of, lambda: draw(template, facts()), most=_MOST)


def draw(template: str, facts: dict[str, Any]) -> Markup:
    """The template with these facts."""
    return Markup(current_app.jinja_env.get_template(template).render(facts))  # noqa: S704 - our own template
