"""How the columns of a file were read: shown, corrected, remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import SheetRejected
from app.domain.fields import Field, Label
from app.domain.grid import Note
from app.models.report_row import report_row
from app.web import language
from app.wording import sentence
from forms.scene import Scene, open_scene
from forms.steps import sheets


@dataclass(frozen=True, slots=True)
class Missing:
    """A field no column was found for; `options` where one value may fill it for everybody."""

    key: str
    label: Label
    options: list[tuple[str, str]]
    value: str
    hint: str


def show(scene: Scene, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    data, errors = scene.data, errors or {}
    if not data.get("upload"):
        return redirect(scene.to("unggah"), 303)
    now_language = language.current()
    columns = [
        {"letter": letter, "heading": heading, "field": field, "hint": _hint(how, *samples)}
        for letter, heading, field, how, *samples in data["headings"]  # drafts of before hold none
    ]
    options = [(key, field.label.text(now_language)) for key, field in report_row.fields.items()]
    options += _pairs(columns, now_language)
    return render_template(
        "forms/columns.html",
        **scene.page(
            file_name=data["sheet"]["name"] if data["mode"] == "upload" else scene.title,
            columns=columns,
            options=options,
            questions=[_question(question, data) for question in data["questions"]],
            missing=_missing(data),
            errors=errors,
            summary=list(errors.items()),
            back=scene.to("unggah" if data["mode"] == "upload" else "tempel"),
        ),
    )


def receive(duty_id: str) -> ResponseReturnValue:
    with open_scene(duty_id, write=False) as scene:
        if scene.must_verify:
            return redirect(scene.code_url, 303)
        headings, questions = scene.data.get("headings") or [], scene.data["questions"]
        sheet = (scene.data["sheet"] or {}).get("sheet")
    form = request.form
    mapping = {heading: _field(form.get(f"column-{n}", "")) for n, (_letter, heading, *_rest) in enumerate(headings)}
    answers: dict[str, Any] = {
        one["code"]: chosen for one in questions if (chosen := form.get(f"answer-{one['code']}")) in one["choices"]
    }
    if headings and not any(mapping.values()) and answers.get("sheet", sheet) == sheet:
        with open_scene(duty_id, write=False) as scene:
            nothing = _("All columns are ignored. Please say of at least one column what it holds.")
            return make_response(show(scene, {"column-0": nothing}), 422)
    taken = set(mapping.values())
    fill = {key: form[f"fill-{key}"][:200] for key in report_row.fields if form.get(f"fill-{key}") and key not in taken}
    if fill:
        answers["fill"] = fill
    try:
        return redirect(sheets.again(duty_id, mapping, answers), 303)
    except SheetRejected as refused:
        with open_scene(duty_id, write=False) as scene:
            return make_response(show(scene, {"column-0": sentence(refused, language.current())}), 422)


def keep(scene: Scene) -> None:
    """The draft holds the file already."""


def _field(chosen: str) -> str | None:
    """What a column was said to be: a field, or two that share a cell; nothing that is not of the form."""
    return chosen if all(key in report_row.fields for key in chosen.split("+")) else None


def _hint(how: str, samples: Sequence[str] = ()) -> str | None:
    """How the column was recognised, and what its cells hold."""
    told = {"similar": _("recognised by likeness; please check"), "remembered": _("as you told us last time")}
    holds = _("holds, for example: %(samples)s", samples=" · ".join(samples)) if samples else ""
    return "; ".join(filter(None, (told.get(how), holds))) or None


def _pairs(columns: list[dict[str, Any]], now_language: str) -> list[tuple[str, str]]:
    """Columns that hold two fields in one cell: place and date of birth."""
    fields = report_row.fields
    made: list[tuple[str, str]] = []
    for column in columns:
        key = column["field"]
        if key and "+" in key and key not in dict(made):
            made.append((key, " + ".join(fields[part].label.text(now_language) for part in key.split("+"))))
    return made or [
        (
            "birth_place+birth_date",
            " + ".join(fields[k].label.text(now_language) for k in ("birth_place", "birth_date")),
        )
    ]


def _question(question: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    code, params = question["code"], question["params"]
    labels = {"dmy": _("day first, e.g. 31/12/2026"), "mdy": _("month first, e.g. 12/31/2026")}
    return {
        "code": code,
        "words": sentence(Note(f"question.{code}", params), language.current()),
        "choices": [(choice, labels.get(choice, choice)) for choice in question["choices"]],
        "value": data["answers"].get(code) or question["default"],
        "hint": _("Your file says, for example, %(sample)s.", sample=params["sample"])
        if params.get("sample")
        else None,
    }


def _missing(data: dict[str, Any]) -> list[Missing]:
    chosen = {key for _l, _h, field, *_more in data["headings"] for key in (field or "").split("+")}
    fill = data["answers"].get("fill") or {}
    fields = [field for field in report_row.fields.values() if field.required and field.key not in chosen]
    return [
        Missing(field.key, field.label, fill_options(field), fill.get(field.key, ""), _("the same for every row"))
        for field in fields
    ]


def fill_options(field: Field) -> list[tuple[str, str]]:
    """The values of which one may stand in every row."""
    if field.key == "sex":
        return []
    return field.type.choices(language.current()) or []
