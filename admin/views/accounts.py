"""Ways in for staff: a one-time link to choose a password, lock, unlock. Nobody knows anybody's password."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session, col, select

from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.errors import NotFound
from app.models.user import User
from app.operations import users
from app.web import access
from app.web.session import current_actor

blueprint = Blueprint("staff_accounts", __name__)
MANAGERS = ("admin",)


@blueprint.get("/<public_id>")
@access.staff_required(*MANAGERS)
@access.fresh
def index(public_id: str) -> ResponseReturnValue:
    """What can be done for this person."""
    with unit_of_work(write=False) as session:
        return render_template("staff/account.html", person=_person(session, public_id), issued=None)


@blueprint.post("/<public_id>")
@access.staff_required(*MANAGERS)
@access.fresh
def act(public_id: str) -> ResponseReturnValue:
    """Make a link (shown once), lock, or unlock."""
    action, actor, now = request.form.get("action", ""), current_actor(), utcnow()
    with unit_of_work() as session:
        person = _person(session, public_id)
        if action == "link":
            url = users.one_time_link(session, person, now, settings(), purpose="password", actor=actor)
        elif action == "lock" and person.id != actor.user_id:
            users.disable(session, person, actor, now=now, reason=_("locked on the screen of users"))
        elif action == "unlock" and person.status == "locked":
            users.activate(session, person, actor, now=now)
        else:
            raise NotFound()
    if action == "link":
        response = make_response(render_template("staff/account.html", person=person, issued=url))
        response.headers["Cache-Control"] = "no-store"
        return response
    flash(
        _("The account is locked; every browser of this person is signed out.")
        if action == "lock"
        else _("The account is open again."),
        "success",
    )
    return redirect(url_for(".index", public_id=public_id))


def _person(session: Session, public_id: str) -> User:
    found = session.exec(select(User).where(col(User.public_id) == public_id, col(User.deleted_at).is_(None))).first()
    if found is None:
        raise NotFound()
    return found
