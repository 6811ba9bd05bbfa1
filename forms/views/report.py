"""The report itself: how, who, what is wrong, check, send. One URL a step; every POST ends in a redirect."""

from __future__ import annotations

from types import ModuleType

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.errors import EditConflict, NotFound
from app.operations import drafts
from app.queries import duties as standings
from app.queries import roster as known_people
from app.web import access
from forms import conflict
from forms.blueprint import blueprint
from forms.scene import Scene, begin_roster, not_here, open_scene, resume_url
from forms.steps import check, columns, fix, paste, people, person, upload
from forms.views.landing import error_page

STEPS: dict[str, ModuleType] = {
    "daftar": people,
    "orang": person,
    "tempel": paste,
    "unggah": upload,
    "kolom": columns,
    "perbaiki": fix,
    "periksa": check,
}


@blueprint.route("/laporan/<duty_id>", methods=["GET", "POST"])
@access.link
def choose(duty_id: str) -> ResponseReturnValue:
    """C2: one by one, paste, upload, the old list, or nil."""
    with open_scene(duty_id) as scene:
        if request.method == "GET":
            return _choose_page(scene, {})
        mode = request.form.get("mode", "")
        if mode not in ("roster", "one", "paste", "upload", "nil", "previous"):
            return make_response(_choose_page(scene, {"mode": _("Please choose how you would like to report.")}), 422)
        return redirect(_start(scene, mode), 303)


@blueprint.route("/laporan/<duty_id>/<step>", methods=["GET", "POST"])
@access.link
@access.body_limit(fields=4000)
def step(duty_id: str, step: str) -> ResponseReturnValue:
    """C3 to C5."""
    module = STEPS.get(step)
    if module is None:
        raise NotFound
    try:
        return _taken(module, duty_id, step)
    except EditConflict:
        return conflict.page(duty_id)


def _taken(module: ModuleType, duty_id: str, step: str) -> ResponseReturnValue:
    if request.method == "POST" and hasattr(module, "receive"):
        return module.receive(duty_id)  # type: ignore[no-any-return]  # reads files: no transaction may be open meanwhile
    with open_scene(duty_id) as scene:
        elsewhere = not_here(scene, step)
        if elsewhere is not None:
            return redirect(elsewhere, 303)
        if request.method == "GET":
            return module.show(scene)  # type: ignore[no-any-return]
        if request.form.get("do") == "later":
            module.keep(scene)
            return render_template("forms/saved.html", **scene.page(back=None))
        return module.save(scene)  # type: ignore[no-any-return]


def _start(scene: Scene, mode: str) -> str:
    """Begin in a mode, or go on in it; what was begun in another mode is put aside."""
    if mode == "previous":
        return _take_up(scene)
    if mode == "roster":
        return begin_roster(scene) if scene.visit.verified else scene.code_for("roster")
    if mode in ("paste", "upload"):
        if scene.must_verify:  # reports without seeing the old list
            scene.put_aside()
        return scene.to("tempel" if mode == "paste" else "unggah")
    if scene.data["mode"] != mode or scene.data["guarded"]:
        scene.put_aside()
        scene.keep(drafts.empty() | {"mode": mode})
    if mode == "nil":
        return scene.to("periksa")
    return scene.to("daftar") if scene.data["rows"] else scene.to("orang", bagian=1)


def _take_up(scene: Scene) -> str:
    aside = drafts.aside(scene.session, scene.duty, now=scene.now)
    if aside is None:
        return url_for("forms.choose", duty_id=scene.duty.public_id)
    scene.draft = drafts.take_up(scene.session, scene.duty, aside, now=scene.now)
    return scene.code_url if scene.must_verify else resume_url(scene)


def _choose_page(scene: Scene, errors: dict[str, str]) -> str:
    assert scene.visit.company.id is not None
    options = [
        ("one", _("Fill in one by one"), _("1 to 5 people; works on a phone")),
        ("paste", _("Paste from Excel"), _("on a computer, 5 to 500 people")),
        ("upload", _("Upload an Excel file"), _("up to 20,000 people; your own layout is fine")),
        ("nil", _("No foreign workers (nil)"), _("a full answer, done in two steps")),
    ]
    if known_people.exists(scene.session, scene.visit.company.id):
        hint = _("tick who still works for you; we first send a code to the registered e-mail")
        options.insert(0, ("roster", _("Go through the list of the last report"), hint))
    newest = standings.newest_submission(scene.session, scene.duty)
    sent = newest is not None and newest.state in ("submitted", "accepted")
    return render_template(
        "forms/choose.html",
        **scene.page(
            back=url_for("forms.duties"),
            options=options,
            chosen=request.form.get("mode") or options[0][0] if options[0][0] == "roster" else request.form.get("mode"),
            resume=resume_url(scene) if scene.draft and (scene.data["rows"] or scene.data["mode"] == "nil") else None,
            newest=newest if sent and not (scene.draft and scene.data.get("corrects")) else None,
            aside=drafts.aside(scene.session, scene.duty, now=scene.now),
            **error_page(errors),
        ),
    )
