"""A sheet into a registry: send it, say what its columns and values mean, see what it would do, apply it, take it back.

Every step is kept with the import: the page may be closed and opened again, by a colleague too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from admin import import_columns, import_files
from admin.import_page import ImportPage
from admin.views.jobs import JobPage
from app import policy, wording, working
from app.database import unit_of_work, utcnow
from app.domain.errors import NotFound, Refused
from app.models.import_batch import ImportBatch
from app.models.job import Job
from app.operations import bulk_acts, import_steps, incoming
from app.registry import Registry, get
from app.web import access, language
from app.web.session import current_actor

blueprint = Blueprint("staff_import", __name__)
ROLES = access.STAFF_ROLES  # which of them, the policy says for each registry
FRESH = access.fresh_if(lambda key, **_other: get(key).guarded)
LARGEST = 60  # MB
AT_ONCE = 400_000  # bytes; a larger file is read by a worker
PATIENCE_S = 20.0


@blueprint.route("/<key>/", methods=["GET", "POST"])
@access.staff_required(*ROLES)
@FRESH
@access.body_limit(LARGEST)
def index(key: str) -> ResponseReturnValue:
    """Choose a file (GET); put it down to be looked at (POST). Nothing is written to the registry yet."""
    registry, actor, now = _registry(key), current_actor(), utcnow()
    if request.method == "GET":
        return _start(registry)
    token, source = _sent_file(now), request.form.get("source", "").strip()
    problems = {}
    if not token:
        problems["file"] = _("Please choose a file first.")
    if not re.fullmatch(r"[\w.-]{2,33}", source):
        problems["source"] = _(
            "Please write a short code of the source: 2 to 33 letters, digits, dots or dashes without spaces, "
            "for example disnaker-2026."
        )
    if problems:
        return _start(registry, problems, kept=token), 422
    match = [name.strip() for name in request.form.get("match", "").split(",") if name.strip()]
    try:
        with unit_of_work() as session:
            batch = import_steps.put_down(session, registry, actor, token=token, source=source, match=match, now=now)
            job = import_steps.ask_check(session, batch, actor, language=language.current(), now=now)
    except Refused as again:
        if again.code != "import_again":
            raise
        flash(wording.sentence(again, language.current()), "warning")
        return redirect(url_for(".batch", key=key, batch_id=again.params["batch"]))
    return _looked_at(batch, job)


@blueprint.get("/<key>/<batch_id>")
@access.staff_required(*ROLES)
def batch(key: str, batch_id: str) -> ResponseReturnValue:
    """One import, wherever it stands: being read, to be looked at, applied, taken back."""
    registry = _registry(key)
    with unit_of_work(write=False) as session:
        found = _batch(session, registry, batch_id)
        page = ImportPage(session, registry, found, current_actor(), language.current(), request.args)
        job = _job(session, found)
        shown = JobPage(job) if job is not None else None
        if shown is not None and (shown.open or found.status == "uploaded"):
            return render_template("staff/import_wait.html", page=page, job=shown)
        return render_template("staff/import_batch.html", page=page, job=shown, problem_count=0)


@blueprint.route("/<key>/<batch_id>/columns", methods=["GET", "POST"])
@access.staff_required(*ROLES)
@access.body_limit(2, fields=2000)
def columns(key: str, batch_id: str) -> ResponseReturnValue:
    """What each column is (GET); read the file so from now on, this one and the next of this source (POST)."""
    registry, actor, now = _registry(key), current_actor(), utcnow()
    if request.method == "GET":
        with unit_of_work(write=False) as session:
            found = _batch(session, registry, batch_id)
            page = ImportPage(session, registry, found, actor, language.current(), request.args)
            return render_template("staff/import_columns.html", page=page)
    with unit_of_work() as session:
        found = _open(session, registry, batch_id)
        page = ImportPage(session, registry, found, actor, language.current(), request.args)
        mapping, match, answers = page.answered(request.form)
        import_steps.settle(session, found, mapping=mapping, match=match, answers=answers, now=now)
        job = import_steps.ask_check(session, found, actor, language=language.current(), now=now)
    return _looked_at(found, job)


@blueprint.post("/<key>/<batch_id>/values")
@access.staff_required(*ROLES)
@access.body_limit(2, fields=2000)
def values(key: str, batch_id: str) -> ResponseReturnValue:
    """Put another value in the place of each that was not known, everywhere at once, and look again."""
    registry, actor, now = _registry(key), current_actor(), utcnow()
    with unit_of_work() as session:
        found = _open(session, registry, batch_id)
        page = ImportPage(session, registry, found, actor, language.current(), request.args)
        answers = page.replaced(request.form)
        import_steps.settle(session, found, mapping=found.mapping, match=found.match, answers=answers, now=now)
        job = import_steps.ask_check(session, found, actor, language=language.current(), now=now)
    return _looked_at(found, job)


@blueprint.post("/<key>/<batch_id>/apply")
@access.staff_required(*ROLES)
@FRESH
def apply(key: str, batch_id: str) -> ResponseReturnValue:
    """Write what the preview showed: all of it, or the rows without a problem."""
    registry, actor, now = _registry(key), current_actor(), utcnow()
    with unit_of_work() as session:
        found = _batch(session, registry, batch_id)
        page = ImportPage(session, registry, found, actor, language.current(), request.args)
        wrong = page.not_confirmed(request.form)
        if wrong:
            page.count_problem = wrong
            return render_template("staff/import_batch.html", page=page, job=None, problem_count=1), 422
        job = import_steps.ask_apply(
            session, found, actor, good_rows=request.form.get("mode") == "good",
            mark_missing="missing" in request.form, language=language.current(), now=now,
        )  # fmt: skip
    return _looked_at(found, job)


@blueprint.route("/<key>/<batch_id>/undo", methods=["GET", "POST"])
@access.staff_required(*ROLES)
@FRESH
def undo(key: str, batch_id: str) -> ResponseReturnValue:
    """What taking the import back means (GET); take it back, but for records changed since, which are named (POST)."""
    registry, actor = _registry(key), current_actor()
    if request.method == "GET":
        return _ask_undo(registry, batch_id)
    with unit_of_work() as session:
        found = _batch(session, registry, batch_id)
        page = ImportPage(session, registry, found, actor, language.current(), request.args)
        wrong = page.undo_not_confirmed(request.form)
        if wrong:
            page.count_problem = wrong
            return render_template("staff/import_undo.html", page=page, problem_count=1), 422
        job = import_steps.ask_undo(session, found, actor, language=language.current(), now=utcnow())
    if (job.total or 0) <= bulk_acts.AT_ONCE:
        working.run(PATIENCE_S, only=job.id)
    return redirect(url_for("staff_jobs.show", public_id=job.public_id))


def _ask_undo(registry: Registry, batch_id: str) -> ResponseReturnValue:
    """The page that asks; where there is nothing to take back, the import itself."""
    with unit_of_work(write=False) as session:
        found = _batch(session, registry, batch_id)
        page = ImportPage(session, registry, found, current_actor(), language.current(), request.args)
        job = _job(session, found)
        if not page.can_undo or (job is not None and JobPage(job).open):
            return redirect(page.url())
        return render_template("staff/import_undo.html", page=page, problem_count=0)


@blueprint.get("/<key>/<batch_id>/marked")
@access.staff_required(*ROLES)
@access.download
def marked(key: str, batch_id: str) -> ResponseReturnValue:
    """The file as it was sent, with what is wrong marked in its cells."""
    registry = _registry(key)
    with unit_of_work(write=False) as session:
        found = _open(session, registry, batch_id)
        made = import_files.marked(session, registry, found, current_actor(), language.current(), utcnow())
    return send_file(made.stream, mimetype=made.media_type, as_attachment=True, download_name=made.name)


def _registry(key: str) -> Registry:
    registry = get(key)
    policy.require(current_actor(), "import", registry)
    return registry


def _batch(session: Session, registry: Registry, batch_id: str) -> ImportBatch:
    found = import_steps.find(session, batch_id)
    if found.registry_key != registry.key:
        raise NotFound()
    return found


def _open(session: Session, registry: Registry, batch_id: str) -> ImportBatch:
    """An import that can still be changed: its file is here, and nothing of it is written."""
    found = _batch(session, registry, batch_id)
    if found.status not in ("uploaded", "checked") or not found.stored:
        raise NotFound()
    incoming.path_of(found.stored)
    return found


def _job(session: Session, batch: ImportBatch) -> Job | None:
    """The newest work on an import."""
    return session.exec(select(Job).where(Job.public_id == batch.job)).first() if batch.job else None


def _looked_at(batch: ImportBatch, job: Job) -> ResponseReturnValue:
    """Do small work while the person waits; then the page of the import, which says how far it is."""
    path = incoming.path_of(batch.stored or "")
    if path.stat().st_size <= AT_ONCE:
        working.run(PATIENCE_S, only=job.id)
    return redirect(url_for(".batch", key=batch.registry_key, batch_id=batch.public_id))


def _sent_file(now: datetime) -> str:
    """The token of the file that came, or of the one kept when the form came without a code; "" for none."""
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return incoming.keep(sent.stream, sent.filename, now=now)
    kept = request.form.get("kept", "")
    return incoming.path_of(kept).name if kept else ""


def _start(registry: Registry, problems: Mapping[str, str] | None = None, *, kept: str = "") -> str:
    with unit_of_work(write=False) as session:
        recent = session.exec(
            select(ImportBatch)
            .where(col(ImportBatch.registry_key) == registry.key)
            .order_by(col(ImportBatch.id).desc())
            .limit(10)
        ).all()
    return render_template(
        "staff/import.html",
        registry=registry,
        matching=import_columns.matching(registry, language.current()),
        recent=recent,
        problems=problems or {},
        kept=kept,
        kept_name=incoming.name_of(incoming.path_of(kept)) if kept else "",
        typed=request.form,
        problem_count=len(problems or {}),
    )
