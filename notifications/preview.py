"""Pages for staff that show how each kind of message looks. Nothing is sent from here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from app.config import settings
from app.domain.messages import KINDS
from notifications.samples import preview

ACCESS = "staff:admin,head,division_head,analyst,secretariat,auditor"

# The letter styles itself inline, as mail must; it gets no script, no other host and no way out of its frame.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; sandbox"

blueprint = Blueprint("mail_preview", __name__, url_prefix="/staff/mail/preview", template_folder="templates/pages")


def _staff(view: Callable[..., Any]) -> Callable[..., Any]:
    """The mark of `app.web.access`, which lies above this package."""
    view.access = ACCESS  # type: ignore[attr-defined]
    return view


@blueprint.get("")
@_staff
def index() -> str:
    """Every kind of message."""
    return render_template("mail_preview/index.html", kinds=KINDS.values(), letter_language=_language())


@blueprint.get("/<kind>")
@_staff
def show(kind: str) -> str:
    """One kind: subject, text, HTML, size."""
    if kind not in KINDS:
        abort(404)
    letter = preview(kind, _language(), settings())
    size = len(letter.html.encode()) + len(letter.text.encode())
    return render_template(
        "mail_preview/show.html", kind=KINDS[kind], letter=letter, size=size, letter_language=_language()
    )


@blueprint.get("/<kind>/html")
@_staff
def html(kind: str) -> Response:
    """The HTML part, for the frame of the page."""
    if kind not in KINDS:
        abort(404)
    answer = Response(preview(kind, _language(), settings()).html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _language() -> str:
    wanted = request.args.get("language") or request.args.get("lang")
    return wanted if wanted in ("id", "en") else "id"
