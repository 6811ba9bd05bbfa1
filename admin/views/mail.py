"""Outgoing mail: what waits, what went, what did not, and why. Letters are shown as the masked copy kept of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from admin.cells import doer
from admin.report_view import moment
from app import policy
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.errors import NotFound
from app.domain.messages import KINDS, OPEN_STATES, STATES, WRITABLE
from app.models.company import Company
from app.models.outbox_message import OutboxMessage
from app.operations import outbox
from app.queries import outbox as queries
from app.queries.keys import as_key
from app.web import access, language
from app.web.session import current_actor
from notifications import paper

blueprint = Blueprint("staff_mail", __name__)
READERS = policy.READERS["mail"]
MOVERS = ("admin", "secretariat")
PAGE = 50
TROUBLE = ("failed", "uncertain", "held", "suppressed")
_ACTS = {"retry": outbox.retry, "hold": outbox.hold, "release": outbox.release, "cancel": outbox.cancel}


@blueprint.get("/")
@access.staff_required(*READERS)
def index() -> ResponseReturnValue:
    """Messages, newest first, one state or all."""
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    before = request.args.get("before", type=as_key)
    with unit_of_work(write=False) as session:
        query = select(OutboxMessage).where(_seen()).order_by(col(OutboxMessage.id).desc()).limit(PAGE + 1)
        if state:
            query = query.where(col(OutboxMessage.state) == state)
        if before:
            query = query.where(col(OutboxMessage.id) < before)
        found = list(session.exec(query))
        counts = queries.counts(session, current_actor())
        next_url = url_for(".index", state=state or None, before=found[PAGE - 1].id) if len(found) > PAGE else None
        return render_template(
            "staff/mail.html",
            rows=[_row(one) for one in found[:PAGE]],
            tabs=_tabs(counts),
            state=state,
            next_url=next_url,
        )


@blueprint.get("/<public_id>")
@access.staff_required(*READERS)
def show(public_id: str) -> ResponseReturnValue:
    """One message: its letter as kept, and every attempt."""
    with unit_of_work(write=False) as session:
        message = _one(session, public_id)
        company = session.get(Company, message.company_id) if message.company_id else None
        events = [
            {
                "at": moment(event.at, language.current()),
                "title": state_title(event.to_state),
                "by": doer(event.by, language.current()),
                "text": event.text,
            }
            for event in queries.history(session, message.id or 0)
        ]
        return render_template(
            "staff/mail_show.html",
            m=message,
            row=_row(message),
            company=company,
            events=events,
            acts=_acts(message),
            letter_url=url_for(".letter", public_id=public_id) if printable(message.kind) else None,
        )


@blueprint.get("/<public_id>/letter.pdf")
@access.staff_required(*READERS)
@access.download
def letter(public_id: str) -> ResponseReturnValue:
    """The message on the office's paper, for a company no e-mail reaches; without live link or code."""
    with unit_of_work(write=False) as session:
        message = _one(session, public_id)
        if not printable(message.kind):
            raise NotFound()
        made = paper.pdf(session, message, settings())
    answer = Response(made, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="surat-{public_id}.pdf"'
    return answer


@blueprint.post("/<public_id>")
@access.staff_required(*MOVERS)
def act(public_id: str) -> ResponseReturnValue:
    """Try again, hold, release or cancel."""
    action = _ACTS.get(request.form.get("action", ""))
    if action is None:
        raise NotFound()
    with unit_of_work() as session:
        message = _one(session, public_id)
        count = action(session, col(OutboxMessage.id) == message.id, by=current_actor().name, now=utcnow())
    flash(
        _("Done.") if count else _("Nothing to do: the message is in another state by now."),
        "success" if count else "warning",
    )
    return redirect(url_for(".show", public_id=public_id))


def _one(session: Session, public_id: str) -> OutboxMessage:
    found = session.exec(select(OutboxMessage).where(col(OutboxMessage.public_id) == public_id, _seen())).first()
    if found is None:
        raise NotFound()
    return found


def _seen() -> ColumnElement[bool]:
    return policy.of_company(col(OutboxMessage.company_id), current_actor())


def _row(message: OutboxMessage) -> dict[str, Any]:
    kind = KINDS.get(message.kind)
    return {
        "id": message.public_id,
        "kind": kind.title.text(language.current()) if kind else message.kind,
        "to": message.to_address,
        "state": state_title(message.state),
        "open": message.state in OPEN_STATES,
        "tone": "bad" if message.state == "failed" else "todo" if message.state in TROUBLE else "plain",
        "queued": moment(message.queued_at, language.current()),
        "attempts": message.attempts,
    }


def _tabs(counts: dict[str, int]) -> list[dict[str, Any]]:
    shown = [state for state in STATES if counts.get(state) or state in ("queued", "accepted", "failed", "held")]
    everything = {"key": "", "title": _("All"), "count": 0}
    return [
        everything,
        *({"key": state, "title": state_title(state), "count": counts.get(state, 0)} for state in shown),
    ]


def _acts(message: OutboxMessage) -> list[tuple[str, str]]:
    offered = {
        "failed": [("retry", _("Try again"))],
        "expired": [("retry", _("Try again"))],
        "uncertain": [("retry", _("Try again")), ("hold", _("Hold"))],
        "queued": [("hold", _("Hold")), ("cancel", _("Do not send"))],
        "held": [("release", _("Release")), ("cancel", _("Do not send"))],
    }
    return offered.get(message.state, [])


def printable(kind: str) -> bool:
    """Whether a message makes sense on paper: to a company, and nothing that lives for minutes."""
    return kind in WRITABLE and not WRITABLE[kind].secrets


def state_title(state: str) -> str:
    """A state of the mail ledger in words."""
    return {
        "queued": _("waiting"),
        "sending": _("being sent"),
        "accepted": _("accepted by the mail server"),
        "failed": _("refused"),
        "uncertain": _("answer awaited"),
        "suppressed": _("address blocked"),
        "cancelled": _("not sent"),
        "obsolete": _("no longer needed"),
        "expired": _("too late"),
        "held": _("held"),
    }.get(state, state)
