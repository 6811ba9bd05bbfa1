"""One person in three parts: identity, permit, work; or, for who has left, the day alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import NotFound
from app.domain.fields import Field
from app.models.report_row import IDENTITY, STAY, WORK, report_row
from app.operations import drafts, roster
from forms import conflict, words
from forms.scene import Scene, typed_number, visit_url

_LEFT = 4  # the part of who has left
_GROUPS = {1: IDENTITY, 2: STAY, 3: WORK}


def show(scene: Scene) -> ResponseReturnValue:
    part, row = _part(), _row(scene)
    fields = _fields(part, row)
    errors: dict[str, str] = {}
    if row is not None and part in row["tried"]:
        keys = {field.key for field in fields}
        errors = {p["field"]: words.problem_words(p) for p in reversed(row["problems"]) if p["field"] in keys}
    cells = row["cells"] if row else {}
    summary = [(field.key, errors[field.key]) for field in fields if field.key in errors]
    return render_template(
        "forms/person.html",
        **scene.page(
            part_title=_title(part),
            name=cells.get("full_name"),
            fields=fields,
            cells=cells,
            errors=errors,
            shown=conflict.shown(scene, [(row["n"], cells, [field.key for field in fields])] if row else []),
            summary=summary,
            hints=_hints(row),
            back=_back(scene, row, part),
        ),
    )


def save(scene: Scene) -> ResponseReturnValue:
    row, part = keep(scene)
    keys = {field.key for field in _fields(part, row)}
    if any(problem["field"] in keys for problem in row["problems"]):
        return redirect(scene.to("orang", n=row["n"], bagian=part), 303)
    if part < 3:
        return redirect(scene.to("orang", n=row["n"], bagian=part + 1), 303)
    visited = roster.to_visit(scene.data)
    if visited is not None:
        return redirect(visit_url(scene, visited), 303)
    if scene.data["mode"] in ("upload", "paste"):
        return redirect(scene.to("perbaiki"), 303)
    if scene.data["mode"] == "roster" and not drafts.unanswered(scene.data) and row["origin"] == "roster":
        return redirect(scene.to("perbaiki" if drafts.bad_rows(scene.data) else "periksa"), 303)
    return redirect(scene.to("daftar"), 303)


def keep(scene: Scene) -> Any:
    """Save what stands in the boxes, right or wrong. Returns (row, part)."""
    part, row, data = _part(), _row(scene), scene.data
    touched = conflict.merged(scene)
    if row is None:
        if data["mode"] is None:
            data["mode"] = "one"
        drafts.require_room(data)
        row = drafts.new_row(data, {}, origin="form")
    for field in _fields(part, row):
        if request.args.get("n") and not conflict.wants(touched, row["n"], field.key):
            continue
        typed = words.came_back(field, row["cells"].get(field.key), _typed(field))
        if typed:
            row["cells"][field.key] = typed
        else:
            row["cells"].pop(field.key, None)
    if part not in row["tried"]:
        row["tried"].append(part)
    drafts.check(data, today=scene.today)
    scene.keep(data)
    kept = next(one for one in scene.data["rows"] if one["n"] == row["n"])
    return kept, part


def _typed(field: Field) -> str:
    form = request.form
    if field.type.input == "date":
        return words.joined_date(*(form.get(f"{field.key}-{box}", "")[:30] for box in "dmy"))
    return form.get(field.key, "").strip()[:2000]


def _part() -> int:
    part = typed_number(request.args.get("bagian", "1")) or 1
    if part not in (1, 2, 3, _LEFT):
        raise NotFound
    return part


def _row(scene: Scene) -> drafts.Row | None:
    raw = request.args.get("n", "")
    if not raw:
        return None
    found = next((row for row in scene.data["rows"] if str(row["n"]) == raw), None)
    if found is None:
        raise NotFound
    return found  # type: ignore[no-any-return]


def _fields(part: int, row: drafts.Row | None) -> list[Field]:
    fields = report_row.fields
    if part == _LEFT:
        return [replace(fields["left_on"], required=True, help=None), fields["note"]]
    group = _GROUPS[part]
    found = [field for field in fields.values() if field.group and field.group.id == group[0]]
    if row is not None and row["origin"] == "roster":
        return [field for field in found if field.key not in ("change", "left_on")]
    return found


def _title(part: int) -> str:
    return {
        1: _("Identity and passport"),
        2: _("Visa and stay permit"),
        3: _("Work"),
        _LEFT: _("When did this person leave?"),
    }[part]


def _hints(row: drafts.Row | None) -> dict[str, str]:
    if row is None:
        return {}
    return {key: _("In your file: %(value)s", value=value) for key, value in (row.get("given") or {}).items()}


def _back(scene: Scene, row: drafts.Row | None, part: int) -> str:
    if row is not None and part in (2, 3):
        return scene.to("orang", n=row["n"], bagian=part - 1)
    if scene.data["mode"] in ("upload", "paste"):
        return scene.to("perbaiki")
    if scene.data["rows"]:
        return scene.to("daftar")
    return url_for("forms.choose", duty_id=scene.duty.public_id)
