"""Rows copied in Excel and pasted into a box: read like a file."""

from __future__ import annotations

import io

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import SheetRejected
from app.operations.uploads import FileRefused
from app.web import language
from app.wording import sentence
from forms.scene import Scene, open_scene
from forms.steps import sheets

NAME = "tempelan.tsv"


def show(scene: Scene, typed: str = "", errors: dict[str, str] | None = None) -> str:
    errors = errors or {}
    return render_template("forms/paste.html", **scene.page(typed=typed, errors=errors, summary=list(errors.items())))


def receive(duty_id: str) -> ResponseReturnValue:
    typed = request.form.get("rows", "")
    if not typed.strip():
        return _again(duty_id, typed, _("Please paste the rows into the box."))
    try:
        body = io.BytesIO(typed.replace("\r\n", "\n").encode("utf-8", "replace"))
        return redirect(sheets.take(duty_id, NAME, body, "paste"), 303)
    except (FileRefused, SheetRejected) as refused:
        return _again(duty_id, typed, sentence(refused, language.current()))


def _again(duty_id: str, typed: str, words: str) -> ResponseReturnValue:
    with open_scene(duty_id, write=False) as scene:
        return make_response(show(scene, typed, {"rows": words}), 422)


def keep(scene: Scene) -> None:
    """Nothing to keep: the box is read when it is sent."""
