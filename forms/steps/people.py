"""The people of a draft: the old list to confirm, or those added one by one."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.states import CHANGES
from app.models.report_row import report_row
from app.operations import drafts, roster
from app.web import language
from forms import conflict
from forms.scene import Scene, led_to, paged, typed_number, visit_url

_ROSTER_CHANGES = ("tetap", "berubah", "keluar")


def show(scene: Scene, errors: dict[str, str] | None = None) -> str:
    rows = scene.data["rows"]
    shown, pages = paged(rows, scene.to("daftar"))
    errors = errors or {}
    return render_template(
        "forms/people.html",
        **scene.page(
            people=rows,
            shown=shown,
            showed=conflict.shown(scene, ((row["n"], row["cells"], ["change"]) for row in shown)),
            pages=pages,
            roster=[row for row in rows if row["origin"] == "roster"],
            fields=report_row.fields,
            changes=[(key, language.text(CHANGES[key])) for key in _ROSTER_CHANGES],
            errors=errors,
            summary=list(errors.items()),
        ),
    )


def save(scene: Scene) -> ResponseReturnValue:
    touched = conflict.merged(scene)
    data = _read(scene, touched)
    removed = typed_number(request.form.get("remove", ""))
    if removed is not None:
        drafts.remove(data, removed)
    if (back := typed_number(request.form.get("restore", ""))) is not None:
        drafts.put_back(data, back)
    act = request.form.get("do")
    if act == "all":
        roster.answer_rest(data)
    drafts.check(data, today=scene.today)
    scene.keep(data)
    if (way := led_to(scene)) is not None:
        return redirect(way, 303)
    if act == "add":
        return redirect(scene.to("orang", bagian=1), 303)
    if act == "next":
        return _next(scene, data)
    here = request.args.get("halaman")
    return redirect(scene.to("daftar", halaman=here) if here else scene.to("daftar"), 303)


def keep(scene: Scene) -> None:
    scene.keep(_read(scene, conflict.merged(scene)))


def _read(scene: Scene, touched: conflict.Cells | None) -> drafts.Data:
    data = scene.data
    changes = {
        number: value
        for name, value in request.form.items()
        if name.startswith("change-")
        and (number := typed_number(name.removeprefix("change-"))) is not None
        and conflict.wants(touched, number, "change")
    }
    roster.answer(data, changes)
    return data


def _next(scene: Scene, data: drafts.Data) -> ResponseReturnValue:
    """To the next page of answers, to a person with a change, to what is wrong, or to the end."""
    if not data["rows"]:
        return redirect(scene.to("orang", bagian=1), 303)
    silent = drafts.unanswered(data)
    if silent:
        _shown, pages = paged(data["rows"], scene.to("daftar"))
        here = {row["n"] for row in _shown}
        if not any(row["n"] in here for row in silent) and pages.current < pages.count:
            return redirect(pages.url(pages.current + 1), 303)
        errors = {f"change-{row['n']}": _("Please answer for %(name)s.", name=row["cells"].get("full_name", ""))
                  for row in silent if row["n"] in here}  # fmt: skip
        if errors:
            return make_response(show(scene, errors), 422)
        position = data["rows"].index(silent[0])
        return redirect(pages.url(position // 50 + 1), 303)
    visited = roster.to_visit(data)
    if visited is not None:
        return redirect(visit_url(scene, visited), 303)
    return redirect(scene.to("perbaiki" if drafts.bad_rows(data) else "periksa"), 303)
