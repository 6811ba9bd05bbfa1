"""The guard before every view: is the route marked, is the browser still logged in, may this person call it."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from flask import (
    Flask,
    Request,
    abort,
    current_app,
    g,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import DBAPIError

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import Forbidden
from app.operations import sessions
from app.queries import factors
from app.queries.accounts import Account
from app.queries.browsers import SEEN_EVERY
from app.web import access, headers, language, next_page, proof, resend
from app.web.security import IDLE_SECONDS

FORM_FIELDS = 2_000
MOST_ANSWERS = 60_000  # of a form without files, which werkzeug counts by size alone

_SETTING_UP = frozenset({"account", "proof", "security", "login"})  # open to somebody who must set up a second step

log = logging.getLogger("sinergi.web")


def current_account() -> Account | None:
    """Who is logged in, None for a visitor."""
    return getattr(current_user._get_current_object(), "account", None) if has_request_context() else None


def current_actor() -> Actor:
    """The logged-in person as the Actor of an operation. Raises Forbidden `login_required` for a visitor."""
    account = current_account()
    if account is None:
        raise Forbidden("login_required")
    return account.actor(headers.request_id())


def session_ends_in() -> int | None:
    """Seconds until this browser is logged out for being idle, None for a visitor; the page warns 5 minutes before."""
    return IDLE_SECONDS if current_account() else None


def limit_body() -> None:
    """Runs first: CSRF reads the form, and a form larger than its view allows must not be read at all."""
    view = current_app.view_functions.get(request.endpoint or "")
    own, fields = getattr(view, "body_limit", (None, None))
    largest: int = own or current_app.config["MAX_CONTENT_LENGTH"]
    request.max_content_length = largest
    request.max_form_memory_size = min(largest, 4_000_000)
    request.max_form_parts = fields or FORM_FIELDS
    if _is_foreign(request) or _is_strange(request):
        log.warning("refused a %s of another site", request.method)
        abort(400)
    if request.endpoint is not None:
        _refuse_unreadable(request)


def guard() -> ResponseReturnValue | None:
    """Enforce the mark of the view."""
    if request.endpoint is None:
        return None
    mark = access.access_of(current_app, request.endpoint)
    if not mark:
        log.error("route %s has no access mark", request.endpoint)
        abort(404)
    if mark in (access.PUBLIC, access.LINK, access.STATIC):
        return None
    account = current_account()
    if account is None:
        session.pop("_user_id", None)
        return _ask_to_log_in()
    language.prefer(account.user.language)
    _note_seen(account)
    if not access.lets_in(current_app, request.endpoint, account.roles):
        raise Forbidden("role_required", roles=sorted(access.roles_of(mark)))
    if factors.must_set_up_now(account, current_app.extensions["settings"]) and request.blueprint not in _SETTING_UP:
        return _set_up_first()
    if access.needs_proof(current_app, request.endpoint, request.view_args or {}):
        return proof.demand(account)
    return None


def _set_up_first() -> ResponseReturnValue:
    """The days of grace are over: first the second step, then everything else. What was sent can be copied."""
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("account.index"))
    return render_template("security/set_up_first.html", typed=resend.entries(request.form)), 403


def _note_seen(account: Account) -> None:
    """When this browser was last used, for the person's list: a line of a log, to five minutes, not worth a failure."""
    now, browser = utcnow(), account.session
    if browser is None or now - (browser.seen_at or browser.started_at) < SEEN_EVERY:
        return
    try:
        with unit_of_work() as database:
            sessions.seen(database, browser.id, now)
    except DBAPIError:
        log.info("the time of a session was not noted: the database is busy")


def init_app(app: Flask) -> None:
    app.before_request(guard)
    app.jinja_env.globals["session_ends_in"] = session_ends_in
    app.jinja_env.globals["current_account"] = current_account
    app.jinja_env.globals["session_ended"] = lambda: bool(g.get("session_ended"))
    app.jinja_env.filters["by_hand"] = resend.by_hand
    app.jinja_env.globals["kept_entries"] = resend.kept_for_retry


def _ask_to_log_in() -> ResponseReturnValue:
    if request.method in ("GET", "HEAD"):
        return redirect(url_for("security.login", next=next_page.here()))
    return resend.log_in_first()


def _is_strange(asked: Request) -> bool:
    """Asked under a name that is not ours. Whoever only wants to know whether we are well may use any address."""
    own = current_app.config["OWN_HOSTS"]
    if own is None or (asked.endpoint or "").startswith("health."):
        return False
    return urlsplit("//" + asked.host).hostname not in own


def _refuse_unreadable(asked: Request) -> None:
    """NUL, which PostgreSQL cannot hold and nobody types; and more answers than any page asks for."""
    if "\0" in asked.path or b"%00" in asked.query_string:
        abort(400)
    if asked.mimetype == "application/x-www-form-urlencoded" and len(list(asked.form.items(multi=True))) > MOST_ANSWERS:
        abort(413)
    if any("\0" in name or "\0" in value for name, value in asked.form.items(multi=True)):
        abort(400)


def _is_foreign(asked: Request) -> bool:
    """A second wall beside the CSRF token, told by the browser itself; Referer and Origin are withheld on our pages."""
    site = asked.headers.get("Sec-Fetch-Site", "same-origin")
    return asked.method not in ("GET", "HEAD", "OPTIONS") and site in ("cross-site", "same-site")
