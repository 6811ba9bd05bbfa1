"""The second step of a login: a passkey, a code of the app, or a recovery code. Nobody is in before it is right.

Who passed the first step stands in the signed cookie for ten minutes; that alone opens nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue, ResponseValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import UserMixin
from flask_security.tf_plugin import TfPlugin

from app.config import Settings
from app.database import unit_of_work, utcnow
from app.extensions import limiter, security
from app.operations import factors
from app.web import access, authenticator, limits, next_page, passkeys, resend, tries
from app.web.login import arrive
from app.web.security import Login

blueprint = Blueprint("second_step", __name__)
_WITHIN = 600  # seconds
_PENDING = "second"  # in the session: who passed the first step, how, and when


@dataclass(frozen=True, slots=True)
class Wrong:
    """The field to mend and the sentence beside it."""

    field: str
    sentence: str


class SecondStep(TfPlugin):
    """Flask-Security asks here, after each first step, whether a second one is due; our one page is for all kinds."""

    def tf_enter(
        self, user: UserMixin, remember_me: bool | None, primary_authn_via: str, next_loc: str | None
    ) -> ResponseValue | None:
        if not isinstance(user, Login) or not user.account.has_factor:
            return None
        session[_PENDING] = {"who": user.fs_uniquifier, "via": primary_authn_via, "at": int(time.time())}
        g.second_step = True
        if resend.kept_for_retry():  # too much for an address: the entries stay in the page
            return _page(user)
        return redirect(url_for("second_step.ask", next=next_page.asked() or None))


@blueprint.get("/masuk/langkah-kedua")
@access.public
def ask() -> ResponseReturnValue:
    """The question, for somebody who has just passed the first step."""
    login = _pending()
    return _page(login) if login else redirect(url_for("security.login", next=next_page.asked() or None))


@blueprint.post("/masuk/langkah-kedua")
@access.public
@limiter.limit(limits.LOGIN_PER_ADDRESS)
def answer() -> ResponseReturnValue:
    """Right: in, and on to where the person was going. Wrong: the question again."""
    login = _pending()
    if login is None:
        flash(_("That took too long. Please log in again."), "error")
        return redirect(url_for("security.login", next=next_page.asked() or None))
    how, wrong = _look(login)
    if wrong:
        return _page(login, wrong), 422
    first = session.pop(_PENDING)["via"]
    return arrive(login, f"{first}+{how}")


@blueprint.post("/masuk/langkah-kedua/passkey")
@access.public
@limiter.limit(limits.LOGIN_PER_ADDRESS)
def question() -> ResponseReturnValue:
    """What the browser asks the person's device (JSON)."""
    login = _pending()
    if login is None:
        abort(404)
    asked = passkeys.ask("second", login)
    return jsonify(options=asked.options, state=asked.state)


def _look(login: Login) -> tuple[str, Wrong | None]:
    typed = request.form
    if typed.get("passkey"):
        person = passkeys.answered(typed["passkey"], typed.get("passkey_state", ""), "second", login)
        return "passkey", None if person else Wrong("passkey", passkey_refused())
    if typed.get("recovery", "").strip():
        return "code", _try_recovery(login, typed["recovery"])
    if not typed.get("code", "").strip():
        return "", Wrong("code" if login.account.has_totp else "recovery", _("Please type the code."))
    found = tries.attempt(login.account, lambda: authenticator.is_right(login, typed["code"]))
    return "totp", None if found.right else Wrong("code", wrong_code(found))


def _try_recovery(login: Login, typed: str) -> Wrong | None:
    left: list[int] = []

    def look() -> bool:
        with unit_of_work() as database:
            rest = factors.spend_code(database, login.account, typed, settings=_settings(), now=utcnow())
        left.extend([] if rest is None else [rest])
        return rest is not None

    found = tries.attempt(login.account, look)
    if not found.right:
        sentence = _("That is not one of your recovery codes, or it was used before. Please check it and try again.")
        return Wrong("recovery", tries.too_often(found.until) if found.until else sentence)
    told = ngettext("%(num)s recovery code is left.", "%(num)s recovery codes are left.", left[0])
    flash(_("You logged in with a recovery code.") + " " + told, "warning")
    return None


def wrong_code(found: tries.Outcome) -> str:
    """Why a code of the app was not taken."""
    if found.until:
        return tries.too_often(found.until)
    return _("That code is not right. Each code works once and for half a minute; please type the one shown now. If it "
             "is refused again, check that the clock of your telephone sets itself.")  # fmt: skip


def passkey_refused() -> str:
    """Why an answer of a passkey was not taken."""
    return _("The passkey was not accepted, or the page had been open for too long. Please try again.")


def _pending() -> Login | None:
    """Who passed the first step in this browser, within the last ten minutes."""
    note = session.get(_PENDING)
    if not note or time.time() - int(note["at"]) > _WITHIN:
        session.pop(_PENDING, None)
        return None
    login = security.datastore.find_user(fs_uniquifier=note["who"])
    return login if isinstance(login, Login) and login.active else None


def _page(login: Login, wrong: Wrong | None = None) -> str:
    return render_template(
        "security/second_step.html",
        account=login.account,
        wrong=wrong,
        obstacle=passkeys.obstacle() if login.account.passkeys else None,
        has_codes=bool(login.account.credential.mf_recovery_codes),
        next=next_page.asked(),
    )


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
