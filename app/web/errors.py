"""Error pages: what happened, what to do, whom to ask, and a code that finds the log line. Never a stack.

A refusal of an operation (`Refused`) becomes one sentence here, once, for every door.
"""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, TooManyRequests

from app import wording
from app.domain.errors import Refused
from app.web import access, headers, language, next_page, resend

RETRY_SECONDS = 5
SWALLOWED_BYTES = 64_000_000
PASSING = frozenset({429, 500, 503, 507})  # the same form may well be taken a little later

OPENS_AGAIN = frozenset({413, 415})  # the page of the form can be opened for another file

log = logging.getLogger("sinergi.web")


class StorageFull(HTTPException):
    """507, which werkzeug does not know; `abort(507)` raises it."""

    code = 507
    description = "Insufficient storage."


class Page(NamedTuple):
    """Heading and what to do next."""

    title: str
    advice: str


def page_of(status: int) -> Page:
    """The words of one status; an unknown one gets those of its class."""
    pages = _pages()
    if status == 413 and request.mimetype == "application/x-www-form-urlencoded":
        return _too_much_typed()
    return pages.get(status) or pages[500 if status >= 500 else 400]


def init_app(app: Flask) -> None:
    app.aborter.mapping[507] = StorageFull
    app.register_error_handler(CSRFError, _expired_form)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(OSError, _os_error)
    app.register_error_handler(Exception, _unexpected)


def respond(status: int, *, code: str, sentence: str = "", headers_: dict[str, str] | None = None) -> Response:
    """The error page, or its JSON for the API. `sentence` replaces the usual advice."""
    page = page_of(status)
    advice = sentence or page.advice
    if wants_json():
        fault = {"code": code, "message": advice, "request_id": headers.request_id()}
        response = make_response({"error": fault}, status)
    else:
        response = make_response(_html(status, page, advice), status)
    response.headers.update(headers_ or {})
    response.headers["Cache-Control"] = "no-store"
    return response


def wants_json() -> bool:
    """The API and scripts that ask for JSON; browsers never put it first."""
    if request.path.startswith("/api/"):
        return True
    accepted = request.accept_mimetypes
    return accepted.best == "application/json"


def _html(status: int, page: Page, advice: str) -> str:
    """The page, or a bare one when even the layout fails (no built style sheet, broken template)."""
    try:
        again = resend.to_send_again() if status in PASSING else None
        back = next_page.here() if status in OPENS_AGAIN and request.method == "POST" else None
        return render_template("errors/error.html", status=status, page=page, advice=advice, again=again, back=back)
    except Exception:
        log.exception("error page cannot be drawn")
        return (
            f'<!doctype html><html lang="{language.current()}"><meta charset="utf-8">'
            f"<title>{escape(page.title)}</title>"
            f"<h1>{escape(page.title)}</h1><p>{escape(advice)}</p><p>{escape(headers.request_id())}</p>"
            '<p><a href="/">Sinergi</a></p></html>'
        )


def _refused(fact: Refused) -> Response:
    if fact.status == 403:
        log.warning("refused: %s", fact.code, extra={"route": request.url_rule.rule if request.url_rule else "-"})
    return respond(fact.status, code=fact.code, sentence=wording.sentence(fact, language.current()))


def _expired_form(_error: CSRFError) -> Any:
    if wants_json() or request.is_json:
        return respond(400, code="csrf")
    return resend.expired_page()


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    extra: dict[str, str] = {}
    if status == 413:
        _swallow_body()
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        extra["Allow"] = ", ".join(error.valid_methods)
    if isinstance(error, TooManyRequests):
        extra["Retry-After"] = "60"
        log.warning("too many requests", extra={"address": request.remote_addr})
    if status == 503:
        extra["Retry-After"] = str(RETRY_SECONDS)
    if status < 400:
        return make_response(error.get_response())
    return respond(status, code=f"http_{status}", headers_=extra)


def _swallow_body() -> None:
    """Read on for a while: a browser that is still sending when the connection closes shows its own error, not ours."""
    body, left = request.environ["wsgi.input"], SWALLOWED_BYTES
    while left > 0:
        piece = body.read(min(left, 65_536))
        if not piece:
            return
        left -= len(piece)


def _database(error: DBAPIError) -> Response:
    """Busy is 503 and may be tried again; full is 507; anything else is our fault."""
    if _is_full(error.orig):
        log.error("database is full")
        return respond(507, code="storage_full")
    if _is_busy(error):
        log.warning("database is busy or away: %s", type(error.orig).__name__)
        return respond(503, code="busy", headers_={"Retry-After": str(RETRY_SECONDS)})
    return _unexpected(error)


def _os_error(error: OSError) -> Response:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        log.error("no space left")
        return respond(507, code="storage_full")
    return _unexpected(error)


def _unexpected(error: Exception) -> Response:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return respond(500, code="unexpected")


def _is_full(cause: BaseException | None) -> bool:
    return any(
        getattr(link, "sqlite_errorname", "") == "SQLITE_FULL" or getattr(link, "sqlstate", "") == "53100"
        for link in _chain(cause)
    )


def _is_busy(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    for link in _chain(error.orig):
        if str(getattr(link, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return True
        if isinstance(link, sqlite3.OperationalError):
            return False
    state = str(getattr(error.orig, "sqlstate", "") or "")
    return isinstance(error, OperationalError) and state[:2] in ("", "08", "53", "55", "57", "40")


def _chain(cause: BaseException | None) -> Iterator[BaseException]:
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _file_megabytes() -> int:
    """The largest file that fits into a request of this page beside the rest of its form."""
    return max(1, (request.max_content_length or 0) // 1_000_000 - access.FORM_MEGABYTES)


def _too_much_typed() -> Page:
    """Of a form that brings no file."""
    return Page(
        _("What was typed is too long"),
        _("Nothing was stored. Please go back, shorten what you typed, and send it again. What you typed is still on "
          "the page before."),
    )  # fmt: skip


def _pages() -> dict[int, Page]:
    return {
        400: Page(
            _("This request cannot be processed"),
            _("Please go back, check what you entered and try again. What you typed is still on the page before."),
        ),
        401: Page(_("Please log in first"), _("Log in, then open the page again.")),
        403: Page(
            _("You may not do this"),
            _("Your account has no right to this page or action. Please ask your administrator if you need it."),
        ),
        404: Page(
            _("Page not found"),
            _("Please check the address. If you came here by a link in a mail, open the newest mail from us and try "
              "again."),
        ),
        405: Page(_("This page is opened another way"), _("Please go back to the page before and use its button.")),
        409: Page(
            _("Somebody was faster"),
            _("The record changed while you had it open. Please open it again and check what changed."),
        ),
        410: Page(
            _("This link is no longer valid"),
            _("Links stop working after a while or when they are withdrawn. Please ask for a new one."),
        ),
        413: Page(
            _("The file is too large"),
            _("At most %(size)d MB can be received. Please remove pictures and unused sheets from the file, "
              "or split it in two, and send it again.", size=_file_megabytes()),
        ),
        415: Page(
            _("This kind of file cannot be read"), _("Please save it as an Excel workbook (.xlsx) and send it again.")
        ),
        422: Page(_("Some entries need correction"), _("Please go back and correct the entries that are marked.")),
        429: Page(
            _("Too many attempts"),
            _("Please wait one minute and try again. Nothing you entered before is lost."),
        ),
        500: Page(
            _("Something went wrong on our side"),
            _("This is not your fault. Please try again in a few minutes; if it happens again, tell us the code "
              "below."),
        ),
        503: Page(
            _("The system is busy"),
            _("Please try again in a few seconds. What you sent just now was not stored; nothing is stored half."),
        ),
        507: Page(
            _("The storage of the system is full"),
            _("Nothing can be received at the moment and what you sent just now was not stored. "
              "Please tell us, and try again later."),
        ),
    }  # fmt: skip
