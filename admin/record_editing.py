"""Creating and changing a record of any registry: the form, its steps, saving, and where two edits meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin import expose
from flask_admin.model import BaseModelView
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from admin import edit_page, record_drafts, record_files, short_form, trash_pages, twins_part
from admin.cell_edit import CellEdit
from admin.short_form import ShortForm
from admin.views import letters, requests
from admin.whole_form import WholeForm
from app import policy
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import Forbidden, NotFound
from app.domain.fields import Label
from app.queries import lists
from app.registry import Registry
from app.web import access, language, next_page
from app.web.session import current_actor
from app.webforms import Control


class RecordEditing(BaseModelView):
    """The part of a registry's view that writes one record."""

    registry: Registry

    # ---- pages

    @expose("/new/", methods=("GET", "POST"))
    @access.body_limit(record_files.LARGEST, fields=4000)
    def create_view(self) -> ResponseReturnValue:
        """A new record; references (`?company=PUBLIC_ID`) or a request it answers may stand in the address."""
        actor = current_actor()
        policy.require(actor, "create", self.registry)
        if request.method == "GET":
            with unit_of_work(write=False) as session:
                asked = requests.prefill(session, self.registry.key, request.args.get("asked", ""), actor)
                begun = letters.prefill(session, self.registry.key, request.args, actor)
                prefill = {**request.args, **asked, **begun}
                typed = record_drafts.asked_for(session, self.registry, actor, None)
                form = WholeForm(session, self.registry, actor, language.current(), prefill=prefill, typed=typed)
                return self._form(form)
        typed = record_files.answers(self.registry, actor)
        with unit_of_work(write=self.step_writes()) as session:
            form = WholeForm(session, self.registry, actor, language.current(), typed=typed)
            form.note_strays()
            if "_step" in request.form:
                return self._step(form)
            outcome = form.save(now=utcnow(), reason=trash_pages.reason())
            if outcome.action == "error":
                return self._form(form), 422
            record_drafts.done(session, self.registry, actor, "")
        flash(_("Saved."), "success")
        if "_another" in request.form:
            return redirect(self._url("create_view", url=self._back()))
        return redirect(self._url("details_view", id=outcome.public_id, url=self._back()))

    @expose("/edit/", methods=("GET", "POST"))
    @access.body_limit(record_files.LARGEST, fields=4000)
    def edit_view(self) -> ResponseReturnValue:
        """Change a record; what a colleague changed meanwhile merges, or a page asks."""
        return edit_page.edit(self)

    @expose("/new/draft/", methods=("POST",))
    def new_draft_view(self) -> ResponseReturnValue:
        """Keeps, or throws away, what is typed into the form of a new record."""
        return record_drafts.hear(self, new=True)

    @expose("/edit/draft/", methods=("POST",))
    def edit_draft_view(self) -> ResponseReturnValue:
        """Keeps, or throws away, what is typed into the form of this record."""
        return record_drafts.hear(self, new=False)

    @expose("/alike/", methods=("POST",))
    def alike_view(self) -> ResponseReturnValue:
        """Records that may be what is being typed: a part of the form, for its script."""
        return twins_part.hear(self)

    @expose("/short/", methods=("GET", "POST"))
    def short_view(self) -> ResponseReturnValue:
        """The shortest form of a new record, for a dialog; saved, it answers {"value", "text"}."""
        actor, posted = current_actor(), request.method == "POST"
        if not short_form.may_create(self.registry, actor):
            raise Forbidden(action="create", registry=self.registry.key)
        if not posted and "X-Part" not in request.headers:
            return redirect(self._url("create_view"))  # a part is no page
        with unit_of_work(write=posted) as session:
            form = ShortForm(
                session, self.registry, actor, language.current(),
                typed=request.form if posted else None, prefill=request.args, prefix=short_form.PREFIX,
            )  # fmt: skip
            outcome = form.save(now=utcnow()) if posted else None
            if outcome is None or outcome.action == "error":
                return self.render("staff/_short.html", form=form, registry=self.registry), 422 if outcome else 200
            row = lists.one(session, self.registry, actor, str(outcome.public_id)) or {}
            return jsonify(value=outcome.public_id, text=lists.title(self.registry, row) if row else "")

    @expose("/cell/", methods=("GET", "POST"))
    def cell_view(self) -> ResponseReturnValue:
        """One cell of the list: its form (GET), saving it (POST). Fragments for the list's script."""
        actor, posted = current_actor(), request.method == "POST"
        policy.require(actor, "update", self.registry)
        with unit_of_work(write=posted) as session:
            row = self._row(session, actor)
            typed = request.form if posted else None
            key = request.args.get("field", "")
            edit = CellEdit(session, self.registry, actor, language.current(), row, key, typed)
            if not posted:
                return self.render("staff/_cell_form.html", edit=edit, registry=self.registry)
            version = request.form.get("row_version", type=int)
            if version is None:
                abort(400)
            outcome = edit.save(version, utcnow())
            if outcome.action in ("error", "conflict"):
                status = 409 if outcome.action == "conflict" else 422
                return self.render("staff/_cell_form.html", edit=edit, registry=self.registry), status
            return self.render("staff/_cell_done.html", cell=edit.cell(self._row(session, actor)))

    # ---- steps

    def _asked(self) -> str:
        public_id = request.args.get("id", "")
        if not public_id:
            raise NotFound()
        return public_id

    def _row(self, session: Session, actor: Actor) -> Mapping[str, Any]:
        row = lists.one(session, self.registry, actor, self._asked())
        if row is None:
            raise NotFound()
        return row

    def _back(self) -> str:
        """The list state this page was opened from."""
        given = request.form.get("_back") or request.args.get("url")
        return next_page.safe(given) or self._url("index_view")

    def _url(self, view: str, **values: Any) -> str:
        return self.get_url(f"staff_{self.registry.key}.{view}", **values)

    def _form(self, form: WholeForm, created: tuple[Label, Control] | None = None) -> str:
        row = form.row
        title = lists.title(self.registry, row) if row else self.registry.singular.text(language.current())
        problems = len(form.summary) + len(form.others)
        return self.render(
            "staff/form.html",
            form=form,
            registry=self.registry,
            row=row,
            name=title,
            back=self._back(),
            problem_count=problems,
            created=created,
            draft=record_drafts.of_form(self, form.session, form.actor, row),
        )

    def _step(self, form: WholeForm) -> ResponseReturnValue:
        """A row opened, added, removed, or a record made for a picker. A script asks for its part of the page only."""
        act, _sep, name = request.form["_step"].partition(":")
        form.say_refused_files()
        if act == "back":
            return self._form(form)
        if act in ("new", "made"):
            return self._create_for(form, form.picker(name), made=act == "made")
        section = form.step(request.form["_step"])
        if "X-Part" in request.headers:
            return self.render("staff/_inline.html", section=section, form=form)
        return self._form(form)

    def _create_for(self, form: WholeForm, picker: Control, *, made: bool) -> ResponseReturnValue:
        """The short form of what a picker did not find, or, once it is saved, this form with it chosen."""
        typed = form.typed or MultiDict[str, Any]()
        short = short_form.asked(form, picker.spec, typed if made else None)
        if made:
            outcome = short.save(now=utcnow())
            if outcome.action != "error":
                typed = short_form.chosen(typed, picker.name, picker.spec, str(outcome.public_id))
                return self._form(form.again(typed), created=(short.registry.singular, picker))
        page = self.render(
            "staff/short.html", form=short, waiting=form, picker=picker, carried=short_form.carried(typed),
            registry=self.registry, problem_count=len(short.summary) + len(short.others),
        )  # fmt: skip
        return page, 422 if made else 200

    @staticmethod
    def step_writes() -> bool:
        """A step only draws the form anew, but for the one that makes a record for a picker."""
        return request.form.get("_step", "made:").startswith("made:")
