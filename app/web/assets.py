"""Built files of the front end: `asset("staff.css")` is the address of the file whose name carries its hash.

`app/frontend/build.mjs` writes app/static/dist with a manifest; nothing here builds.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, g, request, url_for
from markupsafe import Markup, escape

from app import wording
from app.config import settings
from app.web import language

DIST = Path(__file__).parents[1] / "static" / "dist"


class NotBuilt(RuntimeError):
    """The style sheets and scripts were never built in this copy."""

    def __init__(self) -> None:
        super().__init__("the front end is not built: run `make setup` (or `node app/frontend/build.mjs`)")


def asset(name: str) -> str:
    """URL of a built file by its plain name. Raises NotBuilt, KeyError for a name the build does not know."""
    made: dict[str, str] = g.setdefault("assets", {})  # a page draws its icons by the dozen
    if name not in made:
        if "built" not in g:
            g.built = (url_for("static", filename="dist/"), manifest()["files"])
        folder, files = g.built
        made[name] = folder + files[name]["file"]
    return made[name]


def icon(name: str, label: str = "") -> Markup:
    """An icon of the sprite; decorative unless `label` says what it means."""
    return _icon(asset("icons.svg"), name, label)


@lru_cache(maxsize=1024)  # a page draws the same few a hundred times
def _icon(sprite: str, name: str, label: str) -> Markup:
    said = f' role="img" aria-label="{escape(label)}"' if label else ' aria-hidden="true"'
    target = escape(f"{sprite}#{name}")
    return Markup(f'<svg class="icon"{said} width="20" height="20"><use href="{target}"/></svg>')  # noqa: S704 - escaped


def manifest() -> dict[str, Any]:
    """What the build wrote: {"files": {name: {file, sha256, bytes, gzip, packages}}, "packages": […]}."""
    path = DIST / "manifest.json"
    try:
        written = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise NotBuilt from None
    if _read.get("at") != written:
        _read.update(at=written, manifest=json.loads(path.read_text("utf-8")))
    found: dict[str, Any] = _read["manifest"]
    return found


_read: dict[str, Any] = {}


def switch() -> list[dict[str, Any]]:
    """The language switch of this page: code, name, current, url (this page, in that language)."""
    query = request.args.to_dict(flat=False)
    links = []
    for code, name in language.LANGUAGES.items():
        target = f"{request.path}?{urlencode({**query, 'lang': [code]}, doseq=True)}"
        links.append({"code": code, "name": name, "current": code == language.current(), "url": target})
    return links


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, icon=icon, language_switch=switch, page_language=language.current)
    app.jinja_env.filters["label"] = language.text
    app.jinja_env.filters["titled_new"] = language.new
    app.context_processor(lambda: {"site": _site()})


def _site() -> dict[str, Any]:
    """What the layouts say about the office and this installation."""
    known = settings()
    warning = None if known.demo else known.public_url_problem()  # no mail leaves a demo
    return {
        "office": known.office_name,
        "phone": known.office_phone,
        "email": known.office_email,
        "hours": wording.hours(known.office_hours, language.current()),
        "colour": known.office_colour or "#17457f",
        "demo": known.demo,
        "warning": language.text(warning) if warning else "",
    }
