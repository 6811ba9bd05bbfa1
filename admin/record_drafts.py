"""What was typed into the form of a record and not saved: kept by the form's script, offered again, thrown away.

Also kept when the form itself was sent after the session had ended: the person finds it after the next login.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask import Flask, abort, current_app, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app import values
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import Refused
from app.models.record import is_public_id, new_public_id
from app.operations import staff_drafts
from app.operations.staff_drafts import Kept
from app.queries import lists
from app.registry import Registry, registries
from app.web import errors, language, resend
from app.web.session import current_actor

if TYPE_CHECKING:
    from admin.record_editing import RecordEditing

PAGE = "_draft"  # the form's own key
USE = "draft"  # in the address: the form with what was kept
log = logging.getLogger("sinergi.forms")


@dataclass(frozen=True, slots=True)
class Drafting:
    """What a form says of drafts: `own` its key, `keep` where its script sends to.

    Of the draft that was found: `page` its key, `at` when it was kept, `stale` whether the record changed since, `use`
    where the form stands with it ("" where it stands already). `gone`: it was asked for and is not there any more.
    """

    own: str
    keep: str
    page: str = ""
    at: str = ""
    stale: bool = False
    use: str = ""
    gone: bool = False


def of_form(view: RecordEditing, session: Session, actor: Actor, row: Mapping[str, Any] | None) -> Drafting:
    """The drafting of a form as it is opened or drawn again."""
    keep = address(view, row)
    if request.method == "POST":
        return Drafting(_page() or new_public_id(), keep)
    kept, used = _kept(session, view.registry, actor, row), USE in request.args
    if kept is None:
        return Drafting(new_public_id(), keep, gone=used)
    return Drafting(
        own=kept.page if used else new_public_id(),
        keep=keep,
        page=kept.page,
        at=values.recent(kept.saved_at, utcnow(), language.current()),
        stale=row is not None and kept.version != row["row_version"],
        use="" if used else _with_draft(view, row),
    )


def asked_for(
    session: Session, registry: Registry, actor: Actor, row: Mapping[str, Any] | None
) -> MultiDict[str, str] | None:
    """The answers of the draft, where the address asks for it."""
    kept = _kept(session, registry, actor, row) if USE in request.args else None
    return MultiDict(kept.entries) if kept else None


def hear(view: RecordEditing, *, new: bool) -> ResponseReturnValue:
    """The script keeps what is typed; the button throws it away."""
    actor, page = current_actor(), _page()
    with unit_of_work() as session:
        row = None if new else view._row(session, actor)
        if not page:
            abort(400)
        record = row["public_id"] if row else ""
        if "_drop" in request.form:
            staff_drafts.drop(session, view.registry, actor, record, page)
        else:
            _keep(session, view.registry, actor, record, page, resend.entries(request.form))
    if "_drop" not in request.form:
        at = values.recent(utcnow(), utcnow(), language.current())
        return jsonify(said=_("Kept as a draft, %(at)s.", at=at))
    if errors.wants_json():
        return jsonify(said="")
    flash(_("The unsent changes were thrown away."), "success")
    return redirect(_form(view, row))


def done(session: Session, registry: Registry, actor: Actor, record: str) -> None:
    """The form was saved: what its page kept is no draft any more."""
    if page := _page():
        staff_drafts.drop(session, registry, actor, record, page)


def address(view: RecordEditing, row: Mapping[str, Any] | None) -> str:
    """Where drafts of this form are kept."""
    back = view._back()
    if row is None:
        return view._url("new_draft_view", url=back)
    return view._url("edit_draft_view", id=row["public_id"], url=back)


def init_app(app: Flask) -> None:
    resend.on_arrival(app, keep_on_arrival)


def keep_on_arrival(path: str, entries: resend.Entries) -> str:
    """The form of a record that met the end of a session is kept as a draft, after the login. Returns its address."""
    found = _form_at(path)
    page = dict(entries).get(PAGE, "")
    if found is None or not is_public_id(page):
        return ""
    registry, record, query = found
    actor = current_actor()
    try:
        with unit_of_work() as session:
            if record and lists.one(session, registry, actor, record) is None:
                return ""
            _keep(session, registry, actor, record, page, entries)
    except (Refused, DBAPIError) as reason:  # the login is worth more; the entries stand on the page all the same
        log.info("a draft of %s was not kept after a login: %s", registry.key, type(reason).__name__)
        return ""
    view = "edit_view" if record else "create_view"
    given: dict[str, Any] = {**query, USE: 1}
    return url_for(f"staff_{registry.key}.{view}", **given)


def _keep(session: Session, registry: Registry, actor: Actor, record: str, page: str, entries: resend.Entries) -> None:
    staff_drafts.keep(
        session, settings(), registry, actor, record=record, page=page, entries=entries, now=utcnow()
    )  # fmt: skip


def _kept(session: Session, registry: Registry, actor: Actor, row: Mapping[str, Any] | None) -> Kept | None:
    record = row["public_id"] if row else ""
    return staff_drafts.find(session, settings(), registry, actor, record, now=utcnow())


def _form_at(path: str) -> tuple[Registry, str, dict[str, str]] | None:
    """(registry, public id or "", query) where a path is that of a record's form."""
    address_, _mark, query = path.partition("?")
    try:
        endpoint, _values = current_app.url_map.bind("localhost").match(address_, method="POST")
    except HTTPException:
        return None
    door, _dot, view = endpoint.rpartition(".")
    registry, asked = registries().get(door.removeprefix("staff_")), dict(parse_qsl(query))
    if registry is None or not door.startswith("staff_"):
        return None
    if view == "create_view":
        return registry, "", asked
    return (registry, asked["id"], asked) if view == "edit_view" and asked.get("id") else None


def _with_draft(view: RecordEditing, row: Mapping[str, Any] | None) -> str:
    return view._url("edit_view" if row else "create_view", **{**request.args.to_dict(), USE: 1})


def _form(view: RecordEditing, row: Mapping[str, Any] | None) -> str:
    back = view._back()
    return view._url("edit_view", id=row["public_id"], url=back) if row else view._url("create_view", url=back)


def _page() -> str:
    page = request.form.get(PAGE, "")
    return page if is_public_id(page) else ""
