"""The security of one's own account: second steps, recovery codes, logged-in browsers. For everybody who logs in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from app.config import Settings
from app.database import unit_of_work, utcnow
from app.models.credential import LoginSession, Passkey
from app.operations import factors, sessions
from app.queries import browsers
from app.queries import factors as known
from app.queries.accounts import Account
from app.web import access, authenticator, devices, headers, language, passkeys, tries
from app.web.second_step import Wrong, passkey_refused, wrong_code
from app.web.security import Login
from app.wording import clock, long_date

blueprint = Blueprint("account", __name__, url_prefix="/akun/keamanan")


@blueprint.get("")
@access.signed_in
def index() -> str:
    """Everything at a glance."""
    account, settings = _account(), _settings()
    with unit_of_work(write=False) as session:
        keys = known.passkeys(session, _id(account))
        open_ = browsers.live(session, _id(account), utcnow())
        session.expunge_all()
    return render_template(
        "security/overview.html",
        account=account,
        keys=[_key(one) for one in keys],
        codes=len(account.credential.mf_recovery_codes),
        sessions=[shown_browser(one, account) for one in open_],
        must=known.must_have(account, settings),
        only=account.passkeys + account.has_totp == 1,
        due=_day(known.asked_by(account, settings)),
        now_or_never=known.must_set_up_now(account, settings),
        obstacle=passkeys.obstacle(),
    )


@blueprint.get("/passkey")
@access.signed_in
@access.fresh
def new_passkey() -> str:
    """The page that makes a passkey."""
    return _new_passkey()


@blueprint.post("/passkey/tanya")
@access.signed_in
@access.fresh
def passkey_question() -> ResponseReturnValue:
    """What the browser asks the person's device (JSON)."""
    asked = passkeys.ask_new(_login())
    return jsonify(options=asked.options, state=asked.state)


@blueprint.post("/passkey")
@access.signed_in
@access.fresh
def add_passkey() -> ResponseReturnValue:
    """Keep the new passkey; with the first second step come recovery codes."""
    account, name = _account(), request.form.get("name", "").strip()
    made = passkeys.made(_login(), request.form.get("passkey", ""), request.form.get("passkey_state", ""))
    if made is None:
        return _new_passkey(Wrong("passkey", passkey_refused())), 422
    with unit_of_work() as session:
        factors.add_passkey(
            session, account, key_id=made.key_id, public_key=made.public_key, sign_count=made.sign_count,
            transports=made.transports, synced=made.synced, name=name or _here(), now=utcnow(), actor=_actor(),
        )  # fmt: skip
        codes = _first_codes(session, account)
    return _done(_("The passkey was added."), codes)


@blueprint.post("/passkey/<public_id>")
@access.signed_in
@access.fresh
def change_passkey(public_id: str) -> ResponseReturnValue:
    """Another name for it, or no longer valid."""
    with unit_of_work() as session:
        if "remove" in request.form:
            factors.remove_passkey(session, _account(), public_id, settings=_settings(), now=utcnow(), actor=_actor())
        else:
            name = request.form.get("name", "")
            factors.rename_passkey(session, _account(), public_id, name, now=utcnow(), actor=_actor())
    return _done(_("The passkey was removed.") if "remove" in request.form else _("The name was changed."))


@blueprint.get("/aplikasi")
@access.signed_in
@access.fresh
def new_app() -> str:
    """The picture and key for an authenticator app."""
    return _new_app()


@blueprint.post("/aplikasi")
@access.signed_in
@access.fresh
def add_app() -> ResponseReturnValue:
    """Connect the app once it shows the right code."""
    account, state = _account(), request.form.get("state", "")
    if "remove" in request.form:
        with unit_of_work() as session:
            factors.remove_totp(session, account, settings=_settings(), now=utcnow(), actor=_actor())
        return _done(_("The authenticator app was disconnected."))
    if not request.form.get("code", "").strip():
        return _new_app(Wrong("code", _("Please type the code.")), state), 422
    found = authenticator.proven(_login(), request.form["code"], state)
    if found is None:
        return _new_app(Wrong("code", wrong_code(tries.Outcome(False))), state), 422
    sealed, counter = found
    with unit_of_work() as session:
        factors.set_totp(session, account, sealed, counter=counter, now=utcnow(), actor=_actor())
        codes = _first_codes(session, account)
    return _done(_("The authenticator app is connected."), codes)


@blueprint.post("/kode")
@access.signed_in
@access.fresh
def make_codes() -> ResponseReturnValue:
    """New recovery codes, shown this once."""
    account = _account()
    if not account.has_factor:
        return redirect(url_for(".index"))
    with unit_of_work() as session:
        codes = factors.new_codes(session, account, settings=_settings(), now=utcnow(), actor=_actor())
    return _done("", codes)


@blueprint.post("/sesi")
@access.signed_in
def end_sessions() -> ResponseReturnValue:
    """Sign out one other browser, or all of them; at their next click they are out."""
    account, now = _account(), utcnow()
    with unit_of_work() as session:
        if "all" in request.form:
            count = sessions.end_others(session, account, now)
        else:
            count = int(sessions.end_one(session, _id(account), request.form.get("session", ""), now))
    flash(ngettext("%(num)s device was signed out.", "%(num)s devices were signed out.", count), "success")
    return redirect(url_for(".index") + "#sessions")


def _done(sentence: str, codes: list[str] | None = None) -> ResponseReturnValue:
    if codes:
        return render_template("security/codes.html", codes=codes, sentence=sentence, email=_account().user.email)
    flash(sentence, "success")
    return redirect(url_for(".index"))


def _first_codes(session: Any, account: Account) -> list[str] | None:
    if account.credential.mf_recovery_codes:
        return None
    return factors.new_codes(session, account, settings=_settings(), now=utcnow(), actor=_actor(), quietly=True)


def _new_passkey(wrong: Wrong | None = None) -> str:
    typed = request.form.get("name", "")
    return render_template(
        "security/passkey.html",
        wrong=wrong,
        name=typed or _here(),
        obstacle=passkeys.obstacle(),
        longest=factors.LONGEST_NAME,
    )


def _new_app(wrong: Wrong | None = None, state: str | None = None) -> str:
    return render_template(
        "security/authenticator.html", setup=authenticator.begin(_login(), state), wrong=wrong, account=_account()
    )


def _key(one: Passkey) -> dict[str, Any]:
    return {
        "id": one.public_id,
        "name": one.name,
        "added": _day(one.created_at),
        "used": _day(one.used_at),
        "synced": one.synced,
    }


def shown_browser(one: LoginSession, account: Account) -> dict[str, Any]:
    """One logged-in browser for a page: device, since when and how, last used, whether the person sits at it."""
    return {
        "id": one.public_id,
        "device": devices.described(one.agent) or _("Unknown browser"),
        "since": _time(one.started_at),
        "seen": _time(one.seen_at or one.started_at),
        "here": account.session is not None and one.id == account.session.id,
        "via": via_title(one.via),
    }


def due_date() -> str:
    """By when the person who looks is asked to set up a second step, in words; "" for everybody else."""
    account = current_user.account if current_user and current_user.is_authenticated else None
    return _day(known.asked_by(account, _settings())) if account else ""


@blueprint.record_once
def _on_app(state: Any) -> None:
    state.app.jinja_env.globals["second_step_due"] = due_date


def via_title(via: str) -> str:
    """How somebody came in, in words: "password+totp"."""
    words = {
        "password": _("password"),
        "link": _("one-time link"),
        "passkey": _("passkey"),
        "totp": _("code of the app"),
        "code": _("recovery code"),
    }
    return " + ".join(words.get(one, one) for one in via.split("+"))


def _here() -> str:
    return devices.described(request.headers.get("User-Agent", "")) or "Passkey"


def _day(at: datetime | None) -> str:
    return long_date(_settings().today(at), language.current()) if at else ""


def _time(at: datetime) -> str:
    """The clock today, the date before it on other days."""
    said = clock(at, _settings().office_time_zone, language.current())
    return said if _settings().today(at) == _settings().today(utcnow()) else f"{_day(at)}, {said}"


def _login() -> Login:
    login: Login = current_user._get_current_object()
    return login


def _account() -> Account:
    return _login().account


def _actor() -> Any:
    return _account().actor(headers.request_id())


def _id(account: Account) -> int:
    return int(account.credential.id or 0)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
