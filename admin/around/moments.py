"""What happened to a record and around it, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _

from admin import cells
from admin.history_events import Change, action_title
from admin.views.mail import READERS as MAIL_READERS
from admin.views.mail import state_title
from app import wording
from app.domain.messages import KINDS as LETTERS
from app.domain.states import SUBMISSION_STATES
from app.models.audit import LOOKED
from app.models.contact_request import QUESTION_REASONS, REQUEST_KINDS
from app.queries.history import Change as Stored
from app.queries.timeline import KINDS, Moment, TimelinePage
from app.registry import get

if TYPE_CHECKING:
    from admin.around.tabs import TabbedPage


@dataclass(frozen=True, slots=True)
class Entry:
    """One moment as the page draws it."""

    title: str
    at: str
    who: str
    icon: str
    about: str = ""
    url: str | None = None
    note: str = ""
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MomentPage:
    """`kinds` are (title, address, current) of the ways to narrow; `older` the address of the following page."""

    entries: list[Entry]
    kinds: list[tuple[str, str, bool]]
    older: str | None


ICONS = {
    "change": "pencil", "report": "clipboard-list", "link": "link", "mail": "mail", "request": "message-question",
    "question": "message-question", "source": "list-details",
}  # fmt: skip


def kind_titles() -> dict[str, str]:
    return {
        "change": _("Changes"),
        "report": _("Reports"),
        "mail": _("Mail"),
        "link": _("Links"),
        "request": _("Requests"),
        "question": _("Questions"),
        "source": _("Registers"),
    }


def page(found: TimelinePage, language: str, kind: str, around: TabbedPage) -> MomentPage:
    titles = kind_titles()
    narrowed = [(_("All"), around.tab_url("history"), not kind)]
    narrowed += [(titles[key], around.tab_url("history", kind=key), kind == key) for key in titles if key in KINDS]
    older = around.tab_url("history", kind=kind, before=found.next) if found.next else None
    return MomentPage([_entry(one, found, language, around) for one in found.moments], narrowed, older)


def _entry(one: Moment, found: TimelinePage, language: str, around: TabbedPage) -> Entry:
    title, about, url = _SAID[one.kind](one, language, around)
    labels = found.labels.get(one.about, {})
    shown = one.event.changes if one.event and one.event.action not in LOOKED else []
    return Entry(
        title=title,
        at=cells.instant(one.at, language),
        who=cells.doer(one.who, language),
        icon=ICONS[one.kind],
        about=about,
        url=url,
        note=_note(one, language),
        changes=[_change(change, language, labels) for change in shown],
    )  # fmt: skip


def _change(change: Stored, language: str, labels: cells.Labels) -> Change:
    label = change.field.label.text(language)
    if change.masked:
        return Change(label, "", "•••")
    before = cells.stored(change.field, change.before, language, labels)
    return Change(label, before, cells.stored(change.field, change.after, language, labels))


Said = tuple[str, str, str | None]


def _changed(one: Moment, language: str, around: TabbedPage) -> Said:
    action = action_title(one.action)
    if one.own:
        return action, "", None
    registry = get(one.about)
    name = registry.singular.text(language)
    about = f"{name}: {one.title}" if one.title else name
    return action, about, around.open_url(one.about, one.public_id) if one.title else None


def _reported(one: Moment, language: str, around: TabbedPage) -> Said:
    state = SUBMISSION_STATES.get(one.action)
    said = (
        _("Report sent")
        if one.action == "submit"
        else _("Report: %(state)s", state=state.text(language) if state else one.action)
    )
    return said, one.title, url_for("staff_inbox.show", public_id=one.public_id)  # fmt: skip


def _linked(one: Moment, _language: str, _around: TabbedPage) -> Said:
    said = {
        "issue": _("Report link issued"),
        "revoke": _("Report link ended"),
        "follow": _("Report link follows a changed address"),
    }.get(one.action, one.action)
    return said, one.title, None


def _mailed(one: Moment, language: str, around: TabbedPage) -> Said:
    kind = LETTERS.get(str(one.facts.get("kind")))
    said = _("Mail: %(kind)s", kind=kind.title.text(language) if kind else one.facts.get("kind"))
    url = url_for("staff_mail.show", public_id=one.public_id) if around.actor.roles & set(MAIL_READERS) else None
    return said, str(one.facts.get("to") or ""), url


def _asked(one: Moment, language: str, _around: TabbedPage) -> Said:
    kind = REQUEST_KINDS.get(str(one.facts.get("kind")))
    return _("Request: %(kind)s", kind=kind.text(language) if kind else one.facts.get("kind")), "", None


def _questioned(one: Moment, language: str, _around: TabbedPage) -> Said:
    reason = QUESTION_REASONS.get(str(one.facts.get("reason")))
    return (
        _("Question: %(reason)s", reason=reason.text(language) if reason else one.facts.get("reason")),
        one.title,
        None,
    )


def _stood_in(one: Moment, language: str, around: TabbedPage) -> Said:
    as_of = one.facts.get("as_of")
    said = _("Stands in a register: %(register)s", register=one.title or "–")
    about = _("as of %(day)s", day=wording.short_date(as_of, language)) if as_of else ""
    return said, about, around.open_url("register_entry", one.public_id)


_SAID: dict[str, Callable[[Moment, str, TabbedPage], Said]] = {
    "change": _changed,
    "report": _reported,
    "link": _linked,
    "mail": _mailed,
    "request": _asked,
    "question": _questioned,
    "source": _stood_in,
}


def _note(one: Moment, language: str) -> str:
    if one.kind == "mail":
        return state_title(str(one.facts.get("state")))
    said = [cells.reason(one.event.reason, language) if one.event else one.facts.get("note") or one.facts.get("reason")]
    said.append(_("from the file %(name)s", name=one.facts["file"]) if one.facts.get("file") else None)
    said += _answered(one)
    return " · ".join(str(text) for text in said if text and one.kind != "question")


def _answered(one: Moment) -> list[str]:
    """What was decided about rows whose passport is on record for somebody else."""
    if one.kind != "report":
        return []
    left, same = (", ".join(map(str, one.facts.get(key) or ())) for key in ("left_out", "same_person"))
    return [
        *([_("left out, passport of somebody else: row %(rows)s", rows=left)] if left else []),
        *([_("said to be the same person: row %(rows)s", rows=same)] if same else []),
    ]
