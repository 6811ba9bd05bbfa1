"""Many records at once: choose on the list, say what is to become of them, see it beforehand, start it.

The choice travels in the form (ids, or the state of the list), never in the session: two tabs are two choices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import wtforms
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from admin import cells, exports, trash_pages
from admin.history_events import Change
from admin.lookups import lookups_for
from app import policy, webforms, wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import Problem, Refused
from app.domain.fields import Field
from app.domain.list_state import ListState, filter_kind
from app.models.record import new_public_id
from app.operations import bulk_acts, records, row_actions
from app.queries import lists
from app.queries.keys import among
from app.queries.selection import Selection, count
from app.registry import Registry, get
from app.web import access, language, next_page
from app.web.session import current_actor

blueprint = Blueprint("staff_bulk", __name__)
ACTIONS: dict[str, tuple[str, policy.Action]] = {
    "edit": ("bulk_update", "update"),
    "delete": ("bulk_delete", "delete"),
    "restore": ("bulk_restore", "restore"),
    "run": ("bulk_action", "list"),
}
MOST = 1000  # rows named one by one
LOOKED_AT = 200  # records tried out for the preview
SHOWN = 20
TYPED_ABOVE = 100  # so many records are started only by typing their number


@blueprint.post("/<key>/")
@access.staff_required()
@access.body_limit(4, fields=4000)
def choose(key: str) -> ResponseReturnValue:
    """From the list: what is asked, and for an edit which fields get which value."""
    step = request.form.get("_step", "")
    with unit_of_work(write=False) as session:
        page = BulkPage(session, get(key), current_actor())
        if not page.total:
            flash(_("Please choose at least one row first."), "warning")
            return redirect(page.back)
        if page.action != "edit":
            return render_template("staff/bulk_confirm.html", page=page)
        if step == "preview" and page.fields:
            return page.preview()
        return render_template("staff/bulk_edit.html", page=page, problem_count=0)


@blueprint.post("/<key>/start")
@access.staff_required()
@access.fresh_if(lambda key: get(key).guarded)
@access.body_limit(4, fields=4000)
def start(key: str) -> ResponseReturnValue:
    """Begin; the same form sent twice begins once."""
    with unit_of_work() as session:
        page = BulkPage(session, get(key), current_actor())
        if page.must_type and request.form.get("_count", "").strip().replace(".", "") != str(page.total):
            page.count_problem = _("Please type the number %(count)s to confirm.", count=page.total_text)
            return page.again(), 422
        job = bulk_acts.ask(
            session,
            page.kind,
            page.registry,
            page.actor,
            page.selection,
            values=page.given,
            reason=page.reason or None,
            language=page.language,
            now=utcnow(),
            as_public_id=page.nonce,
        )
    return redirect(url_for("staff_jobs.show", public_id=job.public_id))


class BulkPage:
    """The choice and what is to be done with it, as posted."""

    def __init__(self, session: Session, registry: Registry, actor: Actor) -> None:
        self.session, self.registry, self.actor, self.language = session, registry, actor, language.current()
        self.action, _dash, run = request.form.get("_action", "").partition("-")
        if self.action not in ACTIONS:
            abort(400)
        self.kind, needed = ACTIONS[self.action]
        policy.require(actor, needed, registry)
        self.run = row_actions.find(registry.key, run, actor) if self.action == "run" else None
        self.everything = request.form.get("_scope") == "all"
        self.ids = [] if self.everything else list(dict.fromkeys(filter(None, request.form.getlist("_id"))))[:MOST]
        self.state = request.form.get("_state", "")
        self.back = next_page.safe(request.form.get("_back")) or url_for(f"staff_{registry.key}.index_view")
        self.nonce = request.form.get("_nonce") or new_public_id()
        self.reason = request.form.get("_reason", "").strip()[:500]
        self.selection = self._selection()
        known = self.everything or self.ids
        self.total = count(session, registry, actor, self.selection) if known else 0
        self.fields = self._fields()
        self.form = self._form()
        self.count_problem = ""

    def _selection(self) -> Selection:
        trash = self.action == "restore"
        if not self.everything:
            return Selection(public_ids=tuple(self.ids), deleted=trash)
        readable = [f for f in policy.fields(self.registry, self.actor) if filter_kind(f)]
        state = ListState.read(readable, parse_qsl(self.state))
        if state.problems:  # the list said them and left them out; here that would reach rows nobody meant
            raise Refused("selection_unclear")
        where, today = exports.asked(self.registry, self.actor, state), settings().today(utcnow())
        return Selection(where=where, search=state.search, deleted=trash, today=today)

    # ---- fields of an edit

    @property
    def offered(self) -> list[Field]:
        """Fields that can have one value for many records: what names one record alone, or is its file, is not."""
        alone = {name for name, f in self.registry.fields.items() if f.unique} | {self.registry.label_field}
        alone |= self.registry.files.keys()
        masked = policy.masked(self.registry, self.actor)
        return [f for f in policy.fields(self.registry, self.actor, "update") if f.key not in alone | masked]

    @property
    def still_offered(self) -> list[tuple[str, str]]:
        chosen = {spec.key for spec in self.fields}
        return [(f.key, f.label.text(self.language)) for f in self.offered if f.key not in chosen]

    def _fields(self) -> list[Field]:
        step, wanted = request.form.get("_step", ""), request.form.getlist("_field")
        if step == "add":
            wanted.append(request.form.get("_new_field", ""))
        if step.startswith("drop-"):
            wanted = [name for name in wanted if name != step.removeprefix("drop-")]
        by_key = {spec.key: spec for spec in self.offered} if self.action == "edit" else {}
        return [by_key[name] for name in dict.fromkeys(wanted) if name in by_key]

    def _form(self) -> wtforms.Form:
        chosen = {
            spec.key: request.form.getlist(spec.key) if spec.type.python is list else request.form.get(spec.key)
            for spec in self.fields
            if spec.reference
        }
        lookups = lookups_for(self.session, self.actor, self.fields, chosen)
        made = webforms.build(self.fields, self.language, lookups=lookups)
        return made(request.form)

    @property
    def values(self) -> dict[str, Any]:
        """What every chosen record gets; an empty box empties the field."""
        return webforms.values(self.form)

    @property
    def given(self) -> dict[str, Any] | None:
        if self.run:
            return {"action": self.run.key}
        return self.values if self.action == "edit" else None

    # ---- before it starts

    def preview(self) -> ResponseReturnValue:
        """What would become of the first records; a value no record can have goes back to its box."""
        rows = self._first(LOOKED_AT)
        wanted = [{**self.values, "public_id": row["public_id"]} for row in rows]
        tried = records.save_many(
            self.session, self.registry, wanted, self.actor, now=utcnow(), dry_run=True, partial=True
        ).outcomes
        wrong = [one for one in tried if one.action == "error"]
        if len(wrong) == len(tried):
            homeless = webforms.errors_onto(self.form, wrong[0].problems, self.language)
            said = [self._sentence(problem) for problem in homeless]
            summary = webforms.summary(self.form)
            page = render_template(
                "staff/bulk_edit.html", page=self, summary=summary, others=said, problem_count=len(summary) + len(said)
            )
            return page, 422
        return self._confirm(rows, tried)

    def again(self) -> str:
        """The page before the start once more, with what is missing."""
        if self.action != "edit":
            return render_template("staff/bulk_confirm.html", page=self)
        shown = self.preview()
        return shown if isinstance(shown, str) else str(shown[0])  # type: ignore[index]

    def _confirm(self, rows: Sequence[Any], tried: Sequence[records.Outcome]) -> str:
        names = {row["public_id"]: lists.title(self.registry, row) for row in rows}
        changed = [one for one in tried if one.action == "changed"]
        wrong = [one for one in tried if one.action == "error"]
        spoken = [v for one in changed[:SHOWN] for v in (one.before, one.after)]
        labels = lists.labels(self.session, self.registry, spoken, self.actor)
        return render_template(
            "staff/bulk_confirm.html",
            page=self,
            looked_at=len(tried),
            counts=[
                (_("would change"), len(changed)),
                (_("already so"), sum(one.action == "same" for one in tried)),
                (_("cannot be changed"), len(wrong)),
            ],
            more=wording.number(max(0, len(changed) - SHOWN) + self.total - len(tried), self.language),
            changes=[(names[str(one.public_id)], self._differences(one, labels)) for one in changed[:SHOWN]],
            refused=[(names.get(str(one.public_id), ""), self._sentence(one.problems[0])) for one in wrong[:SHOWN]],
        )

    def _differences(self, outcome: records.Outcome, labels: cells.Labels) -> list[Change]:
        made, closed = [], policy.hidden(self.registry, self.actor) | policy.masked(self.registry, self.actor)
        for key in (name for name in outcome.after if name not in closed):
            spec = self.registry.fields[key]
            before, after = (
                cells.text(spec, v.get(key), self.language, labels) for v in (outcome.before, outcome.after)
            )
            made.append(Change(spec.label.text(self.language), before, after))
        return made

    def _sentence(self, problem: Problem) -> str:
        spec = self.registry.fields.get(problem.field or "")
        return wording.sentence(problem, self.language, spec.label if spec else None)

    def _first(self, limit: int) -> Sequence[Mapping[str, Any]]:
        """The first of them as the list has them."""
        chosen, table = self.selection, self.registry.table
        return lists.page(
            self.session,
            self.registry,
            self.actor,
            where=chosen.where,
            search_for=chosen.search,
            today=chosen.today,
            order=dict(parse_qsl(self.state)).get("order", ""),
            limit=limit,
            deleted=chosen.deleted,
            extra=among(self.session, table.c.public_id, chosen.public_ids) if chosen.public_ids else None,
            count=False,
        ).rows

    @property
    def names(self) -> list[str]:
        rows = self._first(SHOWN)
        return [lists.title(self.registry, row) for row in rows]

    @property
    def departure(self) -> trash_pages.Departure | None:
        """What goes along with the first records, what stays, what forbids."""
        if self.action != "delete":
            return None
        rows = self._first(LOOKED_AT)
        return trash_pages.departure(self.session, self.registry, rows, self.actor)

    @property
    def total_text(self) -> str:
        return wording.number(self.total, self.language)

    @property
    def must_type(self) -> bool:
        return self.total > TYPED_ABOVE and self.action != "restore"

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What every next form carries on."""
        action = f"run-{self.run.key}" if self.run else self.action
        made = [("_action", action), ("_scope", "all" if self.everything else "chosen"), ("_state", self.state)]
        made += [("_back", self.back), ("_nonce", self.nonce)]
        made += [("_id", one) for one in self.ids]
        return made + [("_field", spec.key) for spec in self.fields]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """The values of an edit, for the form that starts it."""
        keys = {spec.key for spec in self.fields}
        return [(name, text) for name, text in request.form.items(multi=True) if name.partition("-")[0] in keys]
