"""A sheet into a registry: send it, see what it would do, apply it, take it back while nobody touched the result."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session, col, select

from admin import cells, incoming
from admin.record_page import Change
from app import policy, wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.errors import NotFound, Problem, Refused
from app.domain.sheet_report import SheetReport
from app.models.import_batch import ImportBatch
from app.operations import imports
from app.queries import lists
from app.registry import Registry, get
from app.sheets.checking import check, import_fields
from app.web import access, language
from app.web.session import current_actor

blueprint = Blueprint("staff_import", __name__)
ROLES = ("admin", "analyst")  # an import also writes the register its rows came from
FRESH = access.fresh_if(lambda key="", **_other: bool(key) and get(key).guarded)
LARGEST = 60  # MB
SHOWN = 50


@blueprint.route("/<key>/", methods=["GET", "POST"])
@access.staff_required(*ROLES)
@FRESH
@access.body_limit(LARGEST)
def index(key: str) -> ResponseReturnValue:
    """Choose a file (GET); what it would do (POST). Nothing is written yet."""
    registry = _registry(key)
    if request.method == "GET":
        return _start(registry)
    sent, source = request.files.get("file"), request.form.get("source", "").strip()
    problems = {}
    if sent is None or not sent.filename:
        problems["file"] = _("Please choose a file first.")
    if not re.fullmatch(r"[\w.-]{2,40}", source):
        problems["source"] = _("Please write a short code of the source, for example disnaker-2026.")
    if problems or sent is None:
        return _start(registry, problems), 422
    token = incoming.keep(sent.stream, sent.filename or "berkas")
    return _preview(registry, token, source)


@blueprint.post("/<key>/apply")
@access.staff_required(*ROLES)
@FRESH
def apply(key: str) -> ResponseReturnValue:
    """Write what the preview showed, in one transaction."""
    registry, actor, now = _registry(key), current_actor(), utcnow()
    path, source = incoming.path_of(request.form.get("token", "")), request.form.get("source", "")
    report = _read(registry, path)
    with unit_of_work() as session:
        plan = imports.plan(session, registry, report, actor, source=source, match=_match(), now=now)
        batch = imports.apply(
            session,
            plan,
            actor,
            source=source,
            file_name=incoming.name_of(path),
            file_hash=hashlib.sha256(path.read_bytes()).hexdigest(),
            now=now,
            today=settings().today(now),
            good_rows_only="good_rows" in request.form,
        )
        new, changed, same, public_id = batch.rows_new, batch.rows_changed, batch.rows_same, batch.public_id
    path.unlink(missing_ok=True)
    flash(
        _("Imported: %(new)s new, %(changed)s changed, %(same)s unchanged.", new=new, changed=changed, same=same),
        "success",
    )
    return redirect(url_for(".batch", key=key, batch_id=public_id))


@blueprint.route("/<key>/batch/<batch_id>", methods=["GET", "POST"])
@access.staff_required(*ROLES)
@FRESH
def batch(key: str, batch_id: str) -> ResponseReturnValue:
    """One import: what it did, and taking it back (POST)."""
    registry = _registry(key)
    if request.method == "POST":
        with unit_of_work() as session:
            back, touched = imports.undo(session, batch_id, current_actor(), now=utcnow())
        flash(ngettext("%(num)s record put back.", "%(num)s records put back.", back), "success")
        if touched:
            flash(
                ngettext(
                    "%(num)s record was changed since and stays.",
                    "%(num)s records were changed since and stay.",
                    len(touched),
                ),
                "warning",
            )
        return redirect(url_for(".batch", key=key, batch_id=batch_id))
    with unit_of_work(write=False) as session:
        found = session.exec(select(ImportBatch).where(col(ImportBatch.public_id) == batch_id)).first()
        if found is None or found.registry_key != key:
            raise NotFound()
        return render_template(
            "staff/import_batch.html",
            registry=registry,
            batch=found,
            at=cells.instant(found.created_at, language.current()),
        )


def _registry(key: str) -> Registry:
    registry = get(key)
    policy.require(current_actor(), "import", registry)
    return registry


def _start(registry: Registry, problems: Mapping[str, str] | None = None) -> str:
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
        recent=recent,
        problems=problems or {},
        typed=request.form,
        problem_count=len(problems or {}),
    )


def _preview(registry: Registry, token: str, source: str) -> ResponseReturnValue:
    actor = current_actor()
    try:
        report = _read(registry, incoming.path_of(token))
        with unit_of_work(write=False) as session:
            plan = imports.plan(session, registry, report, actor, source=source, match=_match(), now=utcnow())
            page = render_template(
                "staff/import_preview.html",
                registry=registry,
                token=token,
                source=source,
                match=", ".join(_match()),
                name=incoming.name_of(incoming.path_of(token)),
                report=report,
                counts={name: plan.count(name) for name in ("new", "changed", "same")},
                changes=_changes(session, registry, plan),
                problems=[_problem(registry, one) for one in plan.problems[:SHOWN]],
                problem_total=len(plan.problems),
                notes=[wording.sentence(note, language.current()) for note in report.notes],
                mapping=[
                    (column.heading, ", ".join(_label(registry, one) for one in column.fields))
                    for column in report.columns
                ],
            )
    except Refused as refused:
        return _start(registry, {"file": wording.sentence(refused, language.current())}), 422
    return page


def _read(registry: Registry, path: Path) -> SheetReport:
    return check(path, import_fields(registry), today=settings().today(utcnow()), profile="staff", rules=registry.rules)


def _changes(session: Session, registry: Registry, plan: imports.Plan) -> list[tuple[str, list[Any]]]:
    """The first records that would change: (name, [(field, before, after)])."""
    outcomes = [one for one in (plan.saving.outcomes if plan.saving else []) if one.action == "changed"][:SHOWN]
    rows = [*(one.before for one in outcomes), *(one.after for one in outcomes)]
    actor = current_actor()
    labels, hidden = lists.labels(session, registry, rows, actor), policy.masked(registry, actor)
    made = []
    for one in outcomes:
        row = lists.one(session, registry, current_actor(), str(one.public_id)) or {}
        what = []
        for key, value in one.after.items():
            spec = registry.fields[key]
            texts = [
                cells.cell(spec, v, language.current(), labels, masked=key in hidden).text
                for v in (one.before.get(key), value)
            ]
            what.append(Change(spec.label.text(language.current()), *texts))
        made.append((lists.title(registry, row) if row else "–", what))
    return made


def _problem(registry: Registry, problem: Problem) -> dict[str, Any]:
    spec = registry.fields.get(problem.field or "")
    cell = f"{problem.column or ''}{problem.row or ''}"
    return {
        "cell": cell,
        "field": spec.label.text(language.current()) if spec else "",
        "value": problem.value or "",
        "sentence": wording.sentence(problem, language.current(), spec.label if spec else None),
    }


def _label(registry: Registry, key: str) -> str:
    spec = registry.fields.get(key)
    return spec.label.text(language.current()) if spec else key


def _match() -> list[str]:
    return [name.strip() for name in request.form.get("match", "").split(",") if name.strip()]
