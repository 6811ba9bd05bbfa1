"""The words of each message: which are in force, how they look with invented facts, and where to begin one's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app import policy
from app.config import settings
from app.database import unit_of_work
from app.domain import letters
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.domain.messages import WRITABLE
from app.models.message_template import MessageTemplate
from app.queries import lists, templates
from app.registry import get
from app.web import access, language
from app.web.session import current_actor
from notifications import own_words
from notifications.preview import LETTER_POLICY
from notifications.samples import preview

blueprint = Blueprint("staff_letters", __name__)
READERS = policy.READERS["mail"]
KEY = "message_template"


@dataclass(frozen=True, slots=True)
class InForce:
    """What is said in one language: the product's words (no version) or the office's."""

    language: str
    version: int | None
    look_url: str
    write_url: str | None


@blueprint.get("/")
@access.staff_required(*READERS)
def index() -> ResponseReturnValue:
    """Every kind of message in both languages."""
    actor = current_actor()
    with unit_of_work(write=False) as session:
        rows = [
            (kind.title.text(language.current()), [_in_force(session, actor, kind.key, code) for code in ("id", "en")])
            for kind in WRITABLE.values()
        ]
    return render_template("staff/letters.html", rows=rows)


@blueprint.get("/<public_id>")
@access.staff_required(*READERS)
def show(public_id: str) -> ResponseReturnValue:
    """One version with invented facts, and the placeholders its kind knows."""
    with unit_of_work(write=False) as session:
        row = _row(session, public_id)
    kind, code = row["kind"], row["language"]
    letter = preview(kind, code, settings(), _words(row))
    return render_template(
        "staff/letter.html",
        row=row,
        kind=WRITABLE[kind].title.text(language.current()),
        letter=letter,
        letter_language=code,
        usable=[_placeholder(kind, one) for one in letters.allowed(kind).values()],
        record_url=url_for(f"staff_{KEY}.details_view", id=public_id),
    )


@blueprint.get("/<public_id>/html")
@access.staff_required(*READERS)
def html(public_id: str) -> Response:
    """The HTML part, for the frame of the page."""
    with unit_of_work(write=False) as session:
        row = _row(session, public_id)
    answer = Response(preview(row["kind"], row["language"], settings(), _words(row)).html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def prefill(session: Session, registry_key: str, args: Mapping[str, str], actor: Actor) -> dict[str, str]:
    """Where a new version begins: `?of=PUBLIC_ID` from another one, `?kind=…&language=…` from the product's words."""
    if registry_key != KEY:
        return {}
    if args.get("of"):
        row = lists.one(session, get(KEY), actor, args["of"])
        return {name: row[name] for name in ("kind", "language", "subject", "body")} if row else {}
    kind, code = args.get("kind", ""), args.get("language", "id")
    if kind not in WRITABLE or code not in ("id", "en") or args.get("body"):
        return {}
    subject, body = own_words.starter(kind, code)
    return {"subject": subject, "body": body}


def _in_force(session: Session, actor: Actor, kind: str, code: str) -> InForce:
    found = templates.in_force(session, kind, code)
    may_write = policy.may(actor, "create", get(KEY))
    if found is None:
        look = url_for("mail_preview.show", kind=kind, language=code)
        write = url_for(f"staff_{KEY}.create_view", kind=kind, language=code) if may_write else None
        return InForce(code, None, look, write)
    row = session.get_one(MessageTemplate, found)
    write = url_for(f"staff_{KEY}.create_view", of=row.public_id) if may_write else None
    return InForce(code, row.version, url_for(".show", public_id=row.public_id), write)


def _row(session: Session, public_id: str) -> dict[str, Any]:
    row = lists.one(session, get(KEY), current_actor(), public_id)
    if row is None:
        raise NotFound()
    return row


def _words(row: Mapping[str, Any]) -> Any:
    return SimpleNamespace(subject=row["subject"], body=row["body"])


def _placeholder(kind: str, one: letters.Placeholder) -> tuple[str, str, str]:
    """(as written, what it means, what to know)."""
    known = [_("stands alone")] if one.block else []
    known += [_("not in every message")] if letters.may_be_empty(kind, one) else []
    known += [_("must be there")] if one.name in letters.MUST.get(kind, ()) else []
    return one.written, one.means.text(language.current()), ", ".join(known)
