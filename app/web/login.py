"""The ways in besides the password form: passkeys, one-time links, and the page after a login that carried entries."""

from __future__ import annotations

import logging
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import hash_password, login_user
from flask_wtf import FlaskForm
from wtforms.fields import PasswordField

from app.database import unit_of_work, utcnow
from app.extensions import limiter
from app.operations import users
from app.queries.accounts import Account
from app.web import access, limits, next_page, passkeys, resend
from app.web.security import Login, Passwords

blueprint = Blueprint("login", __name__)
log = logging.getLogger("sinergi.web")


class FirstPassword(FlaskForm):
    """A new password, twice."""

    password = PasswordField(render_kw={"autocomplete": "new-password"})
    password_confirm = PasswordField(render_kw={"autocomplete": "new-password"})


@blueprint.get("/masuk/tautan/<token>")
@access.public
@limiter.limit(limits.ONE_TIME_LINK)
def one_time(token: str) -> ResponseReturnValue:
    """A page with a button. Mail scanners open it too: nothing happens here."""
    with unit_of_work(write=False) as session:
        link = users.look_at_link(session, token, _settings(), utcnow())
        account = users.account_of_link(session, link)
    return _page(link.purpose, account, FirstPassword(formdata=None))


@blueprint.post("/masuk/tautan/<token>")
@access.public
@limiter.limit(limits.ONE_TIME_LINK)
def use_one_time(token: str) -> ResponseReturnValue:
    """Spend the link: set the password first where it asks for one, then log in."""
    settings, now = _settings(), utcnow()
    with unit_of_work(write=False) as session:
        link = users.look_at_link(session, token, settings, now)
        account = users.account_of_link(session, link)
    hashed = None
    if link.purpose == "password":
        form = FirstPassword()
        problem = _problem_of(form, account)
        if problem:
            return _page(link.purpose, account, form, problem), 422
        hashed = hash_password(Passwords(current_app).normalize(form.password.data or ""))
    with unit_of_work() as session:
        account = users.use_link(session, token, settings, now)
        if hashed:
            account = users.set_password(session, account, hashed, now=now)
    return enter(account, via="link")


def enter(account: Account, *, via: str) -> ResponseReturnValue:
    """Log in somebody who has proved the first factor; the second one, once switched on, is asked here."""
    login = Login(account)
    plugins = current_app.extensions["security"].two_factor_plugins
    second: ResponseReturnValue | None = plugins.tf_enter(login, False, via, next_loc=None)
    if second:
        return second
    return arrive(login, via)


def arrive(login: Login, via: str) -> ResponseReturnValue:
    """In, all steps passed: to the entries that were carried, else to the page asked for, else to the first page."""
    login_user(login, remember=False, authn_via=[via])
    current_app.extensions["security"].datastore.commit()
    return resend.after_login() or redirect(next_page.asked() or url_for("web.index"))


@blueprint.post("/masuk/passkey/tanya")
@access.public
@limiter.limit(limits.LOGIN_PER_ADDRESS)
def passkey_question() -> ResponseReturnValue:
    """What the browser asks any passkey of this site (JSON). Nothing is told about anybody."""
    asked = passkeys.ask("login")
    return jsonify(options=asked.options, state=asked.state)


@blueprint.post("/masuk/passkey")
@access.public
@limiter.limit(limits.LOGIN_PER_ADDRESS)
def passkey() -> ResponseReturnValue:
    """In by a passkey alone: the device, and the PIN or finger it asked for, are both steps."""
    login = passkeys.answered(request.form.get("passkey", ""), request.form.get("passkey_state", ""), "login")
    if login is None:
        log.warning("login failed", extra={"address": request.remote_addr})
        flash(_("The passkey was not accepted, or the page had been open for too long. Please try again."), "error")
        form = current_app.extensions["security"].forms["login_form"].cls(formdata=None)
        return render_template("security/login_user.html", login_user_form=form), 422
    return arrive(login, "passkey")


@blueprint.post("/session/extend")
@access.signed_in
def extend() -> ResponseReturnValue:
    """The key of "still there?": any request of a logged-in browser moves the end of the session."""
    return Response(status=204)


@blueprint.record_once
def _on_app(state: Any) -> None:
    app: Flask = state.app
    app.view_functions["security.login"] = limits.limit_login(app.view_functions["security.login"])
    app.after_request(_after_login)
    app.jinja_env.globals["passkey_obstacle"] = passkeys.obstacle


def _after_login(response: Response) -> Response:
    """Where a login leads: to the entries it carried, else to the page asked for, else to the first page.

    Flask-Security would take an endpoint's name or another spelling of an address for `next`; we take a path.
    """
    if limits.failed(response) and request.endpoint == "security.login" and request.method == "POST":
        log.warning("login failed", extra={"address": request.remote_addr})
    if request.endpoint != "security.login" or response.status_code != 302 or not current_user.is_authenticated:
        return response
    kept = resend.after_login() if g.get("entered") else None
    if kept is None:
        response.location = next_page.asked() or url_for("web.index")
        return response
    page = make_response(kept)
    response.status_code, response.data = 200, page.data
    response.headers.pop("Location", None)
    response.content_type = page.content_type
    return response


def _page(purpose: str, account: Account, form: FirstPassword, problem: tuple[str, str] | None = None) -> str:
    return render_template(
        "security/one_time.html", purpose=purpose, email=account.user.email, form=form, problem=problem
    )


def _problem_of(form: FirstPassword, account: Account) -> tuple[str, str] | None:
    """(field, sentence) of what is wrong with the passwords typed."""
    first, second = form.password.data or "", form.password_confirm.data or ""
    if not first:
        return "password", _("Please choose a password.")
    wrong, _normal = Passwords(current_app).validate(first, False, user=Login(account))
    if wrong:
        return "password", wrong[0]
    if first != second:
        return "password_confirm", _("The two passwords are not the same. Please type them again.")
    return None


def _settings() -> Any:
    return current_app.extensions["settings"]
