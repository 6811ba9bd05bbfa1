"""Two windows on one draft: what was typed in the older one stands beside what is kept now; the sender chooses."""

from __future__ import annotations

from dataclasses import dataclass

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.models.report_row import report_row
from app.web import language, next_page, resend
from forms import words
from forms.scene import Scene, open_scene, typed_number

_MOST_SHOWN = 200
_NEW = "n"
_PRESSED = frozenset({"version", "remove", "restore", "replace", "use", "keep"})  # meant for the list as it was


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that was typed in this window and says something else in the draft; `row` None for a person to come."""

    row: int | None
    label: str
    typed: str
    kept: str


def page(duty_id: str) -> ResponseReturnValue:
    """409: the differences, a button that saves what was typed over them, a link to the page as it is now."""
    with open_scene(duty_id, write=False) as scene:
        differences = _differences(scene)
        typed = [(name, value) for name, value in resend.entries(request.form) if name not in _PRESSED]
        shown = render_template(
            "forms/conflict.html",
            **scene.page(
                differences=differences[:_MOST_SHOWN],
                more=max(0, len(differences) - _MOST_SHOWN),
                typed=typed if differences else [],
                path=next_page.here(),
                back=None,
            ),
        )
    return make_response(shown, 409)


def _differences(scene: Scene) -> list[Difference]:
    rows = {str(row["n"]): row for row in scene.data["rows"]}
    found = []
    for number, key, typed in _cells():
        row = rows.get(number)
        if number != _NEW and row is None:
            continue  # taken out in the other window
        field = report_row.fields[key]
        kept = words.shown_cell(field, row["cells"].get(key, "")) if row else ""
        mine = words.shown_cell(field, typed)
        if mine != kept:
            found.append(Difference(row["n"] if row else None, language.text(field.label), mine, kept))
    return found


def _cells() -> list[tuple[str, str, str]]:
    """(row, field, text) of the boxes of any step: of the table, of the cards, of one person."""
    found = []
    for name, value in request.form.items():
        kind, _dash, rest = name.partition("-")
        number, _dash, key = rest.partition("-")
        if kind == "c" and key in report_row.fields:
            found.append((number, key, value.strip()))
        elif kind == _NEW and key in report_row.fields and value.strip():
            found.append((_NEW, key, value.strip()))
        elif kind == "change":
            found.append((rest, "change", value))
    return found + _of_one_person()


def _of_one_person() -> list[tuple[str, str, str]]:
    asked = request.args.get("n", "")
    number = str(typed_number(asked)) if asked else _NEW
    form, found = request.form, []
    for key, field in report_row.fields.items():
        if field.type.input == "date" and f"{key}-d" in form:
            found.append((number, key, words.joined_date(*(form.get(f"{key}-{box}", "") for box in "dmy"))))
        elif key in form:
            found.append((number, key, form[key].strip()))
    return found
