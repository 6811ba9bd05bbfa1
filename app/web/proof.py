"""Who is it, once more? Asked before views marked `fresh`; then what was asked goes on by itself.

A GET is sent to a page of its own and back. A POST is answered by a form to the same address that carries
everything typed as hidden fields beside the proof: one click, no script, the CSRF token checked as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, current_app, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException

from app.config import Settings
from app.database import unit_of_work, utcnow
from app.operations import proofs
from app.queries.accounts import Account
from app.web import access, authenticator, errors, headers, next_page, passkeys, resend, second_step, tries
from app.web.second_step import Wrong
from app.web.security import Login, Passwords

blueprint = Blueprint("proof", __name__)
PREFIX = "proof_"  # of the fields of a proof; no view ever sees them


@dataclass(frozen=True, slots=True)
class Ways:
    """How a person can prove who they are. In a demo, whoever has nothing to prove it with presses a button."""

    password: bool
    passkey: bool
    code: bool
    demo: bool

    @property
    def any(self) -> bool:
        return self.password or self.passkey or self.code or self.demo


def ways_of(account: Account) -> Ways:
    password = account.credential.password is not None
    return Ways(
        password=password,
        passkey=account.passkeys > 0,
        code=account.has_totp,
        demo=_settings().demo and not (password or account.has_factor),
    )


def is_fresh(account: Account, now: datetime) -> bool:
    """Whether the person proved who they are, in this browser, within the last minutes."""
    proven = account.session.proven_at if account.session else None
    return proven is not None and now - proven < timedelta(minutes=_settings().fresh_minutes)


def demand(account: Account) -> ResponseReturnValue | None:
    """None when the request may go on; else the page (or JSON) that asks for the proof. Called by the guard."""
    typed = _taken_out()
    if is_fresh(account, utcnow()):
        return None
    if request.method in ("GET", "HEAD"):
        return _refuse_script(next_page.here()) or redirect(url_for("proof.ask", next=next_page.here()))
    wrong = check(account, typed) if typed else None
    if typed and wrong is None:
        return None
    if g.get("proof_ended"):
        return resend.log_in_first()
    script = _refuse_script("")
    return script or (_page(account, request.path, resend.entries(request.form), wrong), 401)


def check(account: Account, typed: Mapping[str, str]) -> Wrong | None:
    """Look at a proof; None when it is right, and this browser is fresh from now on."""
    login: Login = current_user._get_current_object()
    if typed.get("proof_passkey"):
        person = passkeys.answered(typed["proof_passkey"], typed.get("proof_passkey_state", ""), "proof", login)
        if person is None:
            return Wrong("proof_passkey", second_step.passkey_refused())
        _proven(account)
        return None
    if "proof_demo" in typed and ways_of(account).demo:
        _proven(account)
        return None
    if account.has_totp and typed.get("proof_code", "").strip():
        found = _attempt(account, lambda: authenticator.is_right(login, typed["proof_code"]))
        return None if found.right else Wrong("proof_code", second_step.wrong_code(found))
    if not typed.get("proof_password"):
        return _nothing(account)
    found = _attempt(account, lambda: _is_password(typed["proof_password"]))
    if found.right:
        return None
    sentence = _("That is not your password. Please check it and try again.")
    return Wrong("proof_password", tries.too_often(found.until) if found.until else sentence)


def _attempt(account: Account, look: Callable[[], bool]) -> tries.Outcome:
    found = tries.attempt(account, look, session_id=str(session.get("sid", "")))
    if found.last and found.until:  # whoever sits here is out
        g.proof_ended = True
        flash(tries.too_often(found.until), "error")
    return found


def _proven(account: Account) -> None:
    with unit_of_work() as database:
        proofs.succeeded(database, account, utcnow(), session_id=str(session.get("sid", "")))


def _nothing(account: Account) -> Wrong:
    if account.has_totp:
        return Wrong("proof_code", _("Please type the code."))
    return Wrong("proof_password", _("Please type your password."))


@blueprint.post("/akun/konfirmasi/passkey")
@access.signed_in
def question() -> ResponseReturnValue:
    """What the browser asks the person's device (JSON)."""
    asked = passkeys.ask("proof", current_user._get_current_object())
    return jsonify(options=asked.options, state=asked.state)


@blueprint.get("/akun/konfirmasi")
@access.signed_in
def ask() -> ResponseReturnValue:
    """The question before a page or a download."""
    account = current_user.account
    if is_fresh(account, utcnow()):
        return redirect(_next())
    return _page(account, url_for(".answer"), [("next", _next())])


@blueprint.post("/akun/konfirmasi")
@access.signed_in
def answer() -> ResponseReturnValue:
    """Right: on to what was asked for; wrong: the question again."""
    account, typed = current_user.account, _taken_out()
    wrong = None if is_fresh(account, utcnow()) else check(account, typed)
    if g.get("proof_ended"):
        return redirect(url_for("security.login", next=_next()))
    if wrong:
        return _page(account, url_for(".answer"), [("next", _next())], wrong), 422
    endpoint, back = _endpoint(_next())
    if endpoint and access.is_download(current_app, endpoint):
        return render_template("security/proof_download.html", path=_next(), back=back)
    return redirect(_next())


def _page(account: Account, action: str, kept: resend.Entries, wrong: Wrong | None = None) -> str:
    full = request.full_path if request.method == "POST" and request.query_string else None
    return render_template(
        "security/proof.html",
        ways=ways_of(account),
        action=full if action == request.path and full else action,
        kept=kept,
        wrong=wrong,
        files=any(file.filename for file in request.files.values()),
        email=account.user.email,
        minutes=_settings().fresh_minutes,
        obstacle=passkeys.obstacle() if account.passkeys else None,
    )


def _taken_out() -> dict[str, str]:
    """The fields of the proof, taken out of the form before the view reads it."""
    if request.method in ("GET", "HEAD"):
        return {}
    fields = list(request.form.items(multi=True))
    proof = {name: value for name, value in fields if name.startswith(PREFIX)}
    if proof:
        request.form = ImmutableMultiDict([one for one in fields if not one[0].startswith(PREFIX)])
    return proof


def _is_password(typed: str) -> bool:
    return bool(current_user.verify_and_update_password(Passwords(current_app).normalize(typed)))


def _refuse_script(here: str) -> ResponseReturnValue | None:
    """A script cannot show our page: it is told where a person can prove themselves."""
    if not errors.wants_json() and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        return None
    fault = {
        "code": "proof_required",
        "message": _("Please confirm first that it is you."),
        "confirm": url_for("proof.ask", next=here or None),
        "request_id": headers.request_id(),
    }
    return jsonify(error=fault), 401


def _next() -> str:
    return next_page.asked() or url_for("web.index")


def _endpoint(path: str) -> tuple[str | None, str]:
    """The endpoint of a path of ours, and the page its list stands on, in the same state."""
    address, _mark, query = path.partition("?")
    adapter = current_app.url_map.bind("localhost", url_scheme="https")
    try:
        endpoint, arguments = adapter.match(address, method="GET")
    except HTTPException:
        return None, url_for("web.index")
    for name in ("index_view", "index"):
        home = f"{endpoint.rpartition('.')[0]}.{name}"
        if home in current_app.view_functions and not set(arguments) & {"public_id"}:
            return endpoint, url_for(home) + (f"?{query}" if query else "")
    return endpoint, url_for("web.index")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
