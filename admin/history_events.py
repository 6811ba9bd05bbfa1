"""Entries of a record's history in words: what, by whom, when, why, and through which door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Row
from sqlmodel import Session, col, select

from admin import cells
from admin.views.jobs import job_title, may_see
from app import policy, wording
from app.domain.actors import Actor
from app.models.audit import LOOKED
from app.models.import_batch import ImportBatch
from app.models.job import Job
from app.operations.batches import undone
from app.queries import history, lists
from app.queries.keys import fetch
from app.registry import Registry, get

Link = tuple[str, str | None]  # words, address


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """`door`, `together` and `cause` (what was taken back, instead of a reason) are (words, address); `version` is the
    one the entry made, None where it made none."""

    title: str
    at: str
    actor: str
    reason: str
    changes: list[Change] = field(default_factory=list)
    door: Link = ("", None)
    together: Link = ("", None)
    cause: Link = ("", None)
    note: str = ""
    version: int | None = None
    request_id: str | None = None


class Words:
    """Draws entries of one registry; look-ups are made once for all of them."""

    def __init__(
        self, session: Session, registry: Registry, actor: Actor, language: str, events: Sequence[history.Event]
    ) -> None:
        self.registry, self.actor, self.language, self.events = registry, actor, language, events
        changed = [
            {c.field.key: v} for e in events for c in e.changes if c.field.reference for v in (c.before, c.after)
        ]
        self.labels = lists.labels(session, registry, changed, actor)
        self.undone = {e.seq: batch for e in events if (batch := undone(e.reason))}
        self.files = _files(session, {e.batch for e in events if e.batch} | set(self.undone.values()))
        self.jobs = _jobs(session, set(self.undone.values()) - self.files.keys())
        self.owners = _owners(session, actor, events)

    def all(self) -> list[Event]:
        return [self._event(one) for one in self.events]

    def _event(self, one: history.Event) -> Event:
        changes = [] if one.action in LOOKED else [self._change(change) for change in one.changes]
        return Event(
            title=self._title(one),
            at=cells.instant(one.at, self.language),
            actor=cells.doer(one.actor, self.language),
            reason="" if one.seq in self.undone else cells.reason(one.reason, self.language),
            changes=[change for change in changes if change.before or change.after],
            door=self._door(one),
            together=self._together(one),
            cause=self._cause(one),
            note=self._note(one),
            version=one.version,
            request_id=one.request_id,
        )

    def _title(self, one: history.Event) -> str:
        if one.reverted_to is not None:
            return _("Went back to version %(number)s", number=wording.number(one.reverted_to, self.language))
        return action_title(one.action)

    def _change(self, change: history.Change) -> Change:
        label = change.field.label.text(self.language)
        if change.masked:
            return Change(label, "", "•••")
        before = cells.stored(change.field, change.before, self.language, self.labels)
        return Change(label, before, cells.stored(change.field, change.after, self.language, self.labels))

    def _note(self, one: history.Event) -> str:
        if one.action in LOOKED:
            spec = self.registry.fields.get(str(one.facts.get("field")))
            return spec.label.text(self.language) if spec else ""
        if one.hidden:
            return ngettext("%(num)s field you may not see", "%(num)s fields you may not see", one.hidden)
        return ""

    def _together(self, one: history.Event) -> Link:
        owner = one.facts.get("with")
        if not isinstance(owner, Mapping) or (owner.get("registry"), owner.get("id")) not in self.owners:
            return "", None
        name = self.owners[owner["registry"], owner["id"]]
        return name, url_for(f"staff_{owner['registry']}.details_view", id=owner["id"])

    def _cause(self, one: history.Event) -> Link:
        """What was taken back, where that is why the entry was written."""
        batch = self.undone.get(one.seq)
        if batch in self.files:
            words, url = self._import(batch or "")
            return _("%(what)s was taken back", what=words), url
        if batch in self.jobs:
            job = self.jobs[batch or ""]
            url = url_for("staff_jobs.show", public_id=batch) if may_see(job.user_id, self.actor) else None
            return _("“%(what)s” was taken back", what=job_title(job)), url
        return cells.reason(one.reason, self.language) if batch else "", None

    def _import(self, batch: str) -> Link:
        key = self.files[batch].registry_key
        may = policy.may(self.actor, "import", get(key))
        url = url_for("staff_import.batch", key=key, batch_id=batch) if may else None
        return _("import of %(name)s", name=self.files[batch].file_name), url

    def _door(self, one: history.Event) -> Link:
        door, _sep, detail = (one.door or "").partition(":")
        if one.batch in self.files:
            return self._import(one.batch or "")
        if door == "report":
            url = url_for("staff_inbox.show", public_id=detail) if policy.sees(self.actor, "report") else None
            return _("report %(code)s", code=detail), url
        return {
            "screen": _("on screen"),
            "revert": _("on screen"),
            "bulk": _("many records at once"),
            "import": _("by an import"),
            "link": _("through the company's link"),
            "shell": _("by a command on the server"),
            "job": _("by the system"),
        }.get(door, _("by the system") if one.actor_kind == "system" else ""), None


_ACTIONS = {
    "create": _l("Created"),
    "update": _l("Changed"),
    "revert": _l("Went back to an earlier version"),
    "delete": _l("Moved to the trash"),
    "restore": _l("Restored"),
    "reveal": _l("Sensitive value looked at"),
    "download": _l("File downloaded"),
    "undo": _l("Taken back"),
    "login": _l("Logged in"),
    "link_issued": _l("Login link issued"),
    "link_used": _l("Login link used"),
    "password_set": _l("Password chosen"),
    "passkey_added": _l("Passkey added"),
    "passkey_renamed": _l("Passkey renamed"),
    "passkey_removed": _l("Passkey removed"),
    "totp_set": _l("Authenticator app connected"),
    "totp_replaced": _l("Authenticator app replaced"),
    "totp_removed": _l("Authenticator app disconnected"),
    "codes_made": _l("Recovery codes made"),
    "code_used": _l("Recovery code used"),
    "factors_reset": _l("Second step reset"),
    "sessions_ended": _l("Signed out everywhere"),
    "proof_locked": _l("Too many wrong tries"),
}


def action_title(action: str) -> str:
    """An action of the audit table in words."""
    return str(_ACTIONS.get(action, action))


def _files(session: Session, batches: set[str]) -> dict[str | None, Row[Any]]:
    """(public_id, file_name, registry_key) of the batches that are imports."""
    if not batches:
        return {}
    asked = select(col(ImportBatch.public_id), col(ImportBatch.file_name), col(ImportBatch.registry_key))
    return {one[0]: one for one in session.execute(asked.where(col(ImportBatch.public_id).in_(batches)))}


def _jobs(session: Session, batches: set[str]) -> dict[str | None, Job]:
    """The batches that are work on many records."""
    if not batches:
        return {}
    return {one.public_id: one for one in session.exec(select(Job).where(col(Job.public_id).in_(batches)))}


def _owners(session: Session, actor: Actor, events: Iterable[history.Event]) -> dict[tuple[str, str], str]:
    """Names of records with which others went to the trash, as far as the actor may see them."""
    wanted: dict[str, set[str]] = {}
    for one in events:
        owner = one.facts.get("with")
        if isinstance(owner, Mapping):
            wanted.setdefault(str(owner["registry"]), set()).add(str(owner["id"]))
    made: dict[tuple[str, str], str] = {}
    for key, ids in wanted.items():
        registry = get(key)
        if policy.may(actor, "read", registry):
            rows = fetch(session, registry.table, registry.table.c.public_id, ids, policy.visible(registry, actor))
            made |= {(key, row["public_id"]): lists.title(registry, row) for row in lists.seen(registry, actor, rows)}
    return made
