"""Ways in for staff: a link to choose a password, the second step, devices, lock. Nobody knows anybody's password."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session, col, select

from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.errors import NotFound
from app.models.user import User
from app.operations import factors, sessions, users
from app.queries import accounts, browsers
from app.queries import factors as known
from app.web import access
from app.web.account_security import shown_browser
from app.web.session import current_actor

blueprint = Blueprint("staff_accounts", __name__)
MANAGERS = ("admin",)


@dataclass
class Ways:
    """What the page says of one person."""

    person: User
    passkeys: int = 0
    app: bool = False
    codes: int = 0
    must: bool = False
    browsers: list[dict[str, Any]] = field(default_factory=list)
    witnesses: list[tuple[str, str]] = field(default_factory=list)  # (public id, name)


@blueprint.get("/<public_id>")
@access.staff_required(*MANAGERS)
@access.fresh
def index(public_id: str) -> ResponseReturnValue:
    """What can be done for this person."""
    return _page(public_id)


@blueprint.post("/<public_id>")
@access.staff_required(*MANAGERS)
@access.fresh
def act(public_id: str) -> ResponseReturnValue:
    """Make a link (shown once), reset the second step, sign out, lock, or unlock."""
    action, actor, now = request.form.get("action", ""), current_actor(), utcnow()
    with unit_of_work() as session:
        person = _person(session, public_id)
        other = person.id != actor.user_id
        if action == "link":
            url = users.one_time_link(session, person, now, settings(), purpose="password", actor=actor)
        elif action == "reset" and other:
            wrong = _reset(session, person)
            if wrong:
                return _page(public_id, wrong=wrong), 422
        elif action == "out" and other:
            count = sessions.end_all_of(session, person, actor, now)
        elif action == "lock" and other:
            users.disable(session, person, actor, now=now, reason=_("locked on the screen of users"))
        elif action == "unlock" and person.status == "locked":
            users.activate(session, person, actor, now=now)
        else:
            raise NotFound()
    if action == "link":
        response = make_response(_page(public_id, issued=url))
        response.headers["Cache-Control"] = "no-store"
        return response
    said = {
        "reset": _("The second step was reset; at the next login a new one is set up. The person hears of it by mail."),
        "lock": _("The account is locked; every browser of this person is signed out."),
        "unlock": _("The account is open again."),
    }
    if action == "out":
        said["out"] = ngettext("%(num)s device was signed out.", "%(num)s devices were signed out.", count)
    flash(said[action], "success")
    return redirect(url_for(".index", public_id=public_id))


def _reset(session: Session, person: User) -> tuple[str, str] | None:
    """(field, sentence) of what is missing; two people must have made sure who asks (ASVS 6.4.4)."""
    witness_id, reason = request.form.get("witness", ""), request.form.get("reason", "").strip()
    if witness_id not in [public_id for public_id, _name in _witnesses(session, person)]:
        return "witness", _("Please name the colleague who made sure with you who it is.")
    if len(reason) < 5:
        return "reason", _("Please write in a few words what happened and how you made sure.")
    factors.reset(
        session, person, now=utcnow(), actor=current_actor(), reason=reason[:500], witness=_person(session, witness_id)
    )
    return None


def _page(public_id: str, *, issued: str | None = None, wrong: tuple[str, str] | None = None) -> str:
    with unit_of_work(write=False) as session:
        ways = _ways(session, _person(session, public_id))
        return render_template("staff/account.html", ways=ways, person=ways.person, issued=issued, wrong=wrong)


def _ways(session: Session, person: User) -> Ways:
    account = accounts.by_user(session, int(person.id or 0))
    ways = Ways(person, witnesses=_witnesses(session, person))
    if account is not None:  # made on a screen and never invited: nothing to show yet
        open_ = browsers.live(session, int(account.credential.id or 0), utcnow())
        ways.passkeys, ways.app = account.passkeys, account.has_totp
        ways.codes, ways.must = len(account.credential.mf_recovery_codes), known.must_have(account, settings())
        ways.browsers = [shown_browser(one, account) for one in open_]
    return ways


def _witnesses(session: Session, person: User) -> list[tuple[str, str]]:
    """Colleagues who can vouch for somebody: neither that person nor the one who asks."""
    wanted = select(User).where(
        col(User.deleted_at).is_(None),
        col(User.status) == "active",
        col(User.agency).is_(None),
        col(User.id).not_in([person.id, current_actor().user_id]),
    )
    return [(one.public_id, one.name) for one in session.exec(wanted.order_by(col(User.name)))]


def _person(session: Session, public_id: str) -> User:
    found = session.exec(select(User).where(col(User.public_id) == public_id, col(User.deleted_at).is_(None))).first()
    if found is None:
        raise NotFound()
    return found
