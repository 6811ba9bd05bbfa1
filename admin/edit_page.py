"""Changing one record: the form, the save, and what happens when a colleague was faster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from admin import conflict_page, record_drafts, record_files, trash_pages
from admin.whole_form import WholeForm
from app import policy
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import EditConflict, NotFound
from app.operations import trash
from app.operations.merging import Merged
from app.queries import history, lists
from app.web import language
from app.web.session import current_actor

if TYPE_CHECKING:
    from admin.record_editing import RecordEditing

TRIES = 3  # somebody may save between our reading and our writing


def edit(view: RecordEditing) -> ResponseReturnValue:
    """GET shows the form; POST saves, merges, or asks."""
    actor = current_actor()
    policy.require(actor, "update", view.registry)
    if request.method == "GET":
        with unit_of_work(write=False) as session:
            row = view._row(session, actor)
            if row["deleted_at"] is not None:
                raise NotFound()
            typed = record_drafts.asked_for(session, view.registry, actor, row)
            return view._form(WholeForm(session, view.registry, actor, language.current(), row=row, typed=typed))
    typed = record_files.answers(view.registry, actor)
    if "_step" in request.form:
        with unit_of_work(write=view.step_writes()) as session:
            row = view._row(session, actor)
            return view._step(WholeForm(session, view.registry, actor, language.current(), row=row, typed=typed))
    for left in range(TRIES - 1, -1, -1):
        try:
            return _save(view, actor, typed)
        except EditConflict:
            if not left:
                raise
    raise AssertionError("unreachable")


def _save(view: RecordEditing, actor: Actor, typed: MultiDict[str, Any]) -> ResponseReturnValue:
    with unit_of_work() as session:
        row, version = view._row(session, actor), request.form.get("row_version", type=int)
        if version is None:
            abort(400)
        if row["deleted_at"] is not None:
            if "_restore" not in request.form:
                return _gone(view, session, actor, row, typed)
            trash.restore(session, view.registry, [row["public_id"]], actor, now=utcnow())
            row = view._row(session, actor)
        form = WholeForm(session, view.registry, actor, language.current(), row=row, typed=typed)
        form.note_strays()
        merged = form.merge(
            now=utcnow(),
            version=version,
            seen=request.form.get("_seen", type=int),
            choices=conflict_page.choices(),
            reason=trash_pages.reason(),
        )
        if merged.outcome.action == "error":
            return view._form(form), 422
        if merged.outcome.action == "conflict":
            return _ask(view, session, actor, row, merged, version, typed)
        record_drafts.done(session, view.registry, actor, row["public_id"])
    _say(view, actor, merged)
    return _away(view, row)


def _ask(
    view: RecordEditing,
    session: Session,
    actor: Actor,
    row: Mapping[str, Any],
    merged: Merged,
    version: int,
    typed: MultiDict[str, Any],
) -> ResponseReturnValue:
    found = conflict_page.conflict(session, view.registry, actor, language.current(), merged, version)
    page = render_template(
        "staff/conflict.html",
        registry=view.registry,
        row=row,
        name=lists.title(view.registry, row),
        found=found,
        typed=conflict_page.carried(typed),
        action=view._url("edit_view", id=row["public_id"]),
        keep=record_drafts.address(view, row),
        back=view._back(),
    )
    return page, 409


def _gone(
    view: RecordEditing, session: Session, actor: Actor, row: Mapping[str, Any], typed: MultiDict[str, Any]
) -> ResponseReturnValue:
    """The record went to the trash while the form was open; what was typed travels on."""
    newest = history.of(session, view.registry, row["public_id"], actor, limit=1)
    page = render_template(
        "staff/conflict_gone.html",
        registry=view.registry,
        row=row,
        name=lists.title(view.registry, row),
        who=row["updated_by"],
        event=newest[0] if newest else None,
        typed=[*conflict_page.carried(typed), ("row_version", request.form["row_version"])],
        keep=record_drafts.address(view, row),
        may_restore=policy.may(actor, "restore", view.registry),
        back=view._back(),
    )
    return page, 409


def _say(view: RecordEditing, actor: Actor, merged: Merged) -> None:
    merge = merged.merge
    theirs = conflict_page.labels_of(view.registry, actor, language.current(), merge.theirs)
    if merge.conflicts and merged.outcome.action == "same":
        flash(_("What was stored stays as it is."), "success")
        return
    flash(_("Saved."), "success")
    if theirs and merged.outcome.action == "changed":
        who = conflict_page.authors(merged, merge.theirs)
        flash(_("%(who)s changed this record at the same time: %(fields)s. Both changes are kept.",
                who=who, fields=theirs), "info")  # fmt: skip


def _away(view: RecordEditing, row: Mapping[str, Any]) -> ResponseReturnValue:
    back = view._back()
    if back.startswith(view._url("index_view")):
        return redirect(back)
    return redirect(view._url("details_view", id=row["public_id"]))
