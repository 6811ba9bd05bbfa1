"""A company's own file: kept as it came, read and checked in the limited child."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import SheetRejected
from app.operations.uploads import FileRefused
from app.web import language
from app.wording import sentence
from forms.scene import Scene, open_scene
from forms.steps import sheets


def show(scene: Scene, errors: dict[str, str] | None = None) -> str:
    errors = errors or {}
    return render_template("forms/upload.html", **scene.page(errors=errors, summary=list(errors.items())))


def receive(duty_id: str) -> ResponseReturnValue:
    file = request.files.get("file")
    if file is None or not file.filename:
        return _again(duty_id, _("Please choose a file."))
    try:
        return redirect(sheets.take(duty_id, file.filename, file.stream, "upload"), 303)
    except (FileRefused, SheetRejected) as refused:
        return _again(duty_id, sentence(refused, language.current()))


def _again(duty_id: str, words: str) -> ResponseReturnValue:
    with open_scene(duty_id, write=False) as scene:
        return make_response(show(scene, {"file": words}), 422)


def keep(scene: Scene) -> None:
    """Nothing to keep: a file is read when it is sent."""
