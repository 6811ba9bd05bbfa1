"""Long work of staff: how far it is, how it ended, stopping it, taking it back, fetching what it made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session, col, select

from admin import cells, exports
from app import policy, wording
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import NotFound, Problem, Refused
from app.domain.states import JOB_MOVES, JOB_OPEN, JOB_STATES
from app.models.job import Job
from app.operations import bulk_acts, jobs, row_actions
from app.operations import exports as made_by_worker
from app.queries import lists
from app.queries.keys import among, as_key
from app.registry import get
from app.web import access, language
from app.web.session import current_actor

blueprint = Blueprint("staff_jobs", __name__)
OVERSEERS = frozenset({"admin"})  # see the work of everybody
UNDOABLE = frozenset({"bulk_update", "bulk_delete", "bulk_restore"})  # an import is taken back on its own page
PAGE = 50


@blueprint.get("/")
@access.staff_required()
def index() -> ResponseReturnValue:
    """What this person asked for (an administrator: what everybody did), newest first."""
    actor, before = current_actor(), request.args.get("before", type=as_key)
    query = select(Job).order_by(col(Job.id).desc()).limit(PAGE + 1)
    if not actor.roles & OVERSEERS:
        query = query.where(col(Job.user_id) == actor.user_id)
    if before:
        query = query.where(col(Job.id) < before)
    with unit_of_work(write=False) as session:
        found = session.exec(query).all()
    next_url = url_for(".index", before=found[PAGE - 1].id) if len(found) > PAGE else None
    return render_template("staff/jobs.html", rows=[JobPage(one) for one in found[:PAGE]], next_url=next_url)


@blueprint.get("/<public_id>")
@access.staff_required()
def show(public_id: str) -> ResponseReturnValue:
    """One piece of work; with `?part=1` only what changes while it runs."""
    with unit_of_work(write=False) as session:
        page = JobPage(_asked(session, public_id))
    return render_template("staff/_job.html" if "part" in request.args else "staff/job.html", page=page)


@blueprint.post("/<public_id>/cancel")
@access.staff_required()
def cancel(public_id: str) -> ResponseReturnValue:
    """Stop after the chunk that is being done; what is done stays until it is taken back."""
    return _moved(public_id, "cancelled", _("Stopped. What was finished stays; it can be taken back here."))


@blueprint.post("/<public_id>/retry")
@access.staff_required()
def retry(public_id: str) -> ResponseReturnValue:
    """Go on where it failed."""
    return _moved(public_id, "queued", _("It goes on where it stopped."))


def _on_rights(public_id: str) -> bool:
    """Whether the job is about a registry whose rows are rights."""
    with unit_of_work(write=False) as session:
        return get(_asked(session, public_id).registry_key).guarded


@blueprint.post("/<public_id>/undo")
@access.staff_required()
@access.fresh_if(_on_rights)
def undo(public_id: str) -> ResponseReturnValue:
    """Take back what it did."""
    with unit_of_work() as session:
        job = _asked(session, public_id)
        if job.kind not in UNDOABLE:
            raise NotFound()
        policy.require(current_actor(), "delete", get(job.registry_key))
        made = bulk_acts.ask_undo(session, job, current_actor(), language=language.current(), now=utcnow())
    return redirect(url_for(".show", public_id=made.public_id))


@blueprint.get("/<public_id>/file")
@access.staff_required()
@access.fresh
@access.download
def file(public_id: str) -> ResponseReturnValue:
    """The sheet it made, while it is kept."""
    with unit_of_work(write=False) as session:
        job = _asked(session, public_id)
    actor = current_actor()
    if job.user_id != actor.user_id:
        raise NotFound()
    policy.require(actor, "export", get(job.registry_key))
    made_by_worker.ready(job, utcnow())
    return exports.made(job)


class JobPage:
    """A job as its page and its line in the list draw it."""

    def __init__(self, job: Job) -> None:
        self.job, self.language = job, language.current()
        self.registry = get(job.registry_key)

    @property
    def title(self) -> str:
        return f"{job_title(self.job)}: {self.registry.title.text(self.language)}"

    @property
    def url(self) -> str:
        return url_for("staff_jobs.show", public_id=self.job.public_id)

    @property
    def import_url(self) -> str | None:
        """The page of the import this work belongs to."""
        batch = self.job.params.get("batch") if self.job.kind.startswith("import") else None
        return url_for("staff_import.batch", key=self.registry.key, batch_id=batch) if batch else None

    @property
    def list_url(self) -> str:
        return url_for(f"staff_{self.registry.key}.index_view")

    @property
    def state(self) -> str:
        return JOB_STATES[self.job.state].text(self.language)

    @property
    def tone(self) -> str:
        return {"failed": "bad", "queued": "todo", "running": "todo"}.get(self.job.state, "plain")

    @property
    def open(self) -> bool:
        return self.job.state in JOB_OPEN

    @property
    def asked(self) -> str:
        return cells.instant(self.job.created_at, self.language)

    @property
    def done(self) -> str:
        return wording.number(self.job.done, self.language)

    @property
    def total(self) -> str:
        return "" if self.job.total is None else wording.number(self.job.total, self.language)

    @property
    def error(self) -> str:
        kept = self.job.error
        return wording.sentence(Refused(kept["code"], **kept["params"]), self.language) if kept else ""

    @property
    def figures(self) -> list[tuple[str, str]]:
        """(what, how many) of the result."""
        names = {
            "new": _("new"),
            "changed": _("taken back") if self.job.kind.endswith("undo") else _("changed"),
            "same": _("unchanged"),
            "acted": _("done"),
            "error": _("to be corrected"),
            "left_out": _("left out"),
            "refused_count": _("not changed, see below"),
            "touched_count": _("changed since by somebody and left as they are"),
        }
        result = self.job.result
        return [(text, wording.number(result[key], self.language)) for key, text in names.items() if result.get(key)]

    @property
    def refused(self) -> list[tuple[str, str, str]]:
        """(name, address, why) of records that were not changed."""
        return [
            (one["title"] or one["public_id"], self._record_url(one["public_id"]), self._why(one))
            for one in self.job.result.get("refused", [])
        ]

    @property
    def touched(self) -> list[tuple[str, str]]:
        """(name, address) of records that were left alone, by name where the reader may see them."""
        ids, names = self.job.result.get("touched", [])[:100], dict[str, str]()
        if ids and policy.may(current_actor(), "list", self.registry):
            with unit_of_work(write=False) as session:
                these = among(session, self.registry.table.c.public_id, ids)
                found = lists.page(session, self.registry, current_actor(), extra=these, limit=len(ids), count=False)
                names = {row["public_id"]: lists.title(self.registry, row) for row in found.rows}
        return [
            (names.get(one) or _("Record %(number)s", number=number), self._record_url(one))
            for number, one in enumerate(ids, 1)
        ]

    @property
    def file(self) -> tuple[str, str, str] | None:
        """(address, name, until when) of the sheet it made."""
        job = self.job
        if job.kind != "export" or job.state != "done" or job.expires_at is None or job.expires_at < utcnow():
            return None
        if job.user_id != current_actor().user_id:
            return None
        url = url_for("staff_jobs.file", public_id=job.public_id)
        return url, job.result["name"], cells.instant(job.expires_at, self.language)

    @property
    def can_cancel(self) -> bool:
        return "cancelled" in JOB_MOVES[self.job.state]

    @property
    def can_retry(self) -> bool:
        return self.job.state == "failed"

    @property
    def stopped_short(self) -> bool:
        """It failed for a reason that may be gone by now, not for what it was asked to do."""
        return self.can_retry and (self.job.error or {}).get("code") in ("job_broken", "job_given_up")

    @property
    def can_undo(self) -> bool:
        wrote = any(self.job.result.get(name) for name in ("changed", "new"))
        may = policy.may(current_actor(), "delete", self.registry)
        return self.job.kind in UNDOABLE and "undone" in JOB_MOVES[self.job.state] and wrote and may

    def _record_url(self, public_id: str) -> str:
        return url_for(f"staff_{self.registry.key}.details_view", id=public_id)

    def _why(self, one: Mapping[str, Any]) -> str:
        spec = self.registry.fields.get(one["field"] or "")
        problem = Problem(one["code"], one["field"], params=one["params"])
        return wording.sentence(problem, self.language, spec.label if spec else None)


def job_title(job: Job) -> str:
    """A piece of work in words: how many records it was to change, or the action done with them."""
    if job.kind == "bulk_action":
        found = row_actions.known(job.registry_key, job.params["values"]["action"])
        return found.label.text(language.current()) if found else _("Do with many records")
    count, said = job.total or 0, wording.number(job.total or 0, language.current())
    return {
        "bulk_update": ngettext("Change %(count)s record", "Change %(count)s records", count, count=said),
        "bulk_delete": ngettext(
            "Move %(count)s record to the trash", "Move %(count)s records to the trash", count, count=said
        ),
        "bulk_restore": ngettext("Restore %(count)s record", "Restore %(count)s records", count, count=said),
        "undo": _("Take back"),
        "import": _("Import"),
        "import_check": _("Look at a sheet"),
        "import_undo": _("Take an import back"),
        "export": _("Export"),
    }.get(job.kind, job.kind)


def _asked(session: Session, public_id: str) -> Job:
    """The job, where this person may see it: their own, or any for who oversees."""
    job = session.exec(select(Job).where(col(Job.public_id) == public_id)).first()
    if job is None or not may_see(job.user_id, current_actor()):
        raise NotFound()
    return job


def may_see(user_id: int | None, actor: Actor) -> bool:
    """Whether the page of work that `user_id` asked for is the actor's to see."""
    return bool(actor.roles & OVERSEERS) or user_id == actor.user_id


def _moved(public_id: str, state: str, said: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        jobs.move(session, _asked(session, public_id), state, now=utcnow())
    flash(said, "success")
    return redirect(url_for(".show", public_id=public_id))
