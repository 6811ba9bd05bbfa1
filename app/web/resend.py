"""Nothing typed is lost when a page expired or a session ended: the same entries are offered for sending again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RoutingException

from app.registry import registries
from app.web import language, next_page

FIELD = "kept"
_LARGEST = 400_000  # characters of entries; beyond it they are too heavy to carry through a login
_SECONDS = 3600
_NEVER = ("csrf_token", "password", "passwd", "sandi", "proof_", FIELD)

Entries = list[tuple[str, str]]
Teller = Callable[[Entries, str], Entries]  # given (entries, path); names them as the page of that path did
Arrival = Callable[[str, Entries], str]  # told (path, entries); answers with the page where they stand filled in, or ""


def entries(form: MultiDict[str, str]) -> Entries:
    """What was typed, in order, without tokens and passwords."""
    return [(name, value) for name, value in form.items(multi=True) if not any(word in name.lower() for word in _NEVER)]


def by_hand(typed: Entries, path: str = "") -> Entries:
    """What of it a person typed, under the names the form showed: to be read and copied, not to be sent."""
    path = path or request.path
    if (told := _teller(path)) is not None:
        return told(typed, path)
    door = path.removeprefix("/staff/").partition("/")[0]
    registry = registries().get(door)
    labels = {name: language.text(field.label) for name, field in registry.fields.items()} if registry else {}
    ours = ("new_id", "row_version", "version", "nonce", "do", "next")
    return [(labels.get(name, name), value) for name, value in typed if value and name[:1] != "_" and name not in ours]


def to_send_again() -> dict[str, Any] | None:
    """What a form sent that could not be taken just now, for one more try: our own page's, and nothing secret in it."""
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return None
    try:
        form, files = request.form, request.files
    except (HTTPException, OSError):  # the body itself is what could not be taken
        return None
    typed = entries(form)
    if not typed or len(typed) < len([name for name, _ in form.items(multi=True) if name != "csrf_token"]):
        return None
    return {"typed": typed, "path": next_page.here(), "has_files": _has_files(files)}


def told_by(app: Flask, blueprint: str, teller: Teller) -> None:
    """Let a door say itself what was typed on its pages."""
    app.extensions.setdefault("sinergi_tellers", {})[blueprint] = teller


def on_arrival(app: Flask, arrival: Arrival) -> None:
    """Tell somebody of the entries that a login carried."""
    app.extensions["sinergi_arrival"] = arrival


def expired_page() -> ResponseReturnValue:
    """The form's security code is not this browser's (any more): show the entries, with a button to send them again.

    The button exists only where the browser itself says that our own page sent the form; otherwise a
    stranger's page could put its wishes behind our button.
    """
    ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    return _page(next_page.here(), entries(request.form), has_files=_has_files(request.files), resend=ours), 400


def log_in_first() -> ResponseReturnValue:
    """The login page for a form that arrived after the session's end; the entries travel with it, signed."""
    g.session_ended = True
    form = current_app.extensions["security"].forms["login_form"].cls(formdata=None)
    typed = entries(request.form)
    kept = _signer().dumps({"path": next_page.here(), "entries": typed, "files": _has_files(request.files)})
    return render_template(
        "security/login_user.html",
        login_user_form=form,
        kept=kept if len(kept) <= _LARGEST else None,
        typed=typed if len(kept) > _LARGEST else [],
    ), 401


def after_login() -> ResponseReturnValue | None:
    """The page with the kept entries, when a login carried some; else None."""
    kept = request.form.get(FIELD)
    if not kept:
        return None
    try:
        load: dict[str, Any] = _signer().loads(kept, max_age=_SECONDS)
    except BadData:
        return None
    typed = [(str(name), str(value)) for name, value in load["entries"]]
    arrival: Arrival | None = current_app.extensions.get("sinergi_arrival")
    form = arrival(str(load["path"]), typed) if arrival else ""
    return _page(str(load["path"]), typed, has_files=bool(load["files"]), resend=True, form=form)


def kept_for_retry() -> str | None:
    """The kept entries of a login that failed, to go into the form again."""
    return request.form.get(FIELD) if request else None


def _page(path: str, typed: Entries, *, has_files: bool, resend: bool, form: str = "") -> str:
    return render_template("errors/resend.html", path=path, typed=typed, has_files=has_files, resend=resend, form=form)


def _teller(path: str) -> Teller | None:
    tellers: Mapping[str, Teller] = current_app.extensions.get("sinergi_tellers", {})
    try:
        endpoint, _arguments = current_app.url_map.bind("").match(path.partition("?")[0], method="POST")
    except (HTTPException, RoutingException):
        return None
    return tellers.get(str(endpoint).partition(".")[0])


def _has_files(files: MultiDict[str, FileStorage]) -> bool:
    chosen: Iterable[FileStorage] = files.values()
    return any(file.filename for file in chosen)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["RESEND_KEY"], salt="resend")
