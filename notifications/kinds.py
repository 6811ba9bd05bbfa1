"""What each kind needs from the database when sent: a link rebuilt, a receipt drawn, whether it still matters."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.config import Settings
from app.models.form_link import FormLink
from app.models.outbox_message import OutboxMessage
from notifications.facts import LinkUrl
from notifications.mime import Attachment


def link_url(session: Session, settings: Settings) -> LinkUrl:
    """A function from a FormLink id to its address; the token is derived anew, never read from a row."""

    from app.operations import links

    def url(link_id: int) -> str:
        link = session.get(FormLink, link_id)
        if link is None:
            raise LookupError(f"no report link {link_id}")
        return links.url_of(link, settings)

    return url


def still_needed(session: Session, message: OutboxMessage, now: datetime) -> bool:
    """Asked inside the claim. A link or code whose report link is revoked or over would only disappoint."""
    link_id = message.context.get("link_id")
    if message.kind not in {"link", "code"} or link_id is None:
        return True
    link = session.get(FormLink, int(link_id))
    return link is not None and link.state(now) in {"issued", "opened"}


def attachments(session: Session, message: OutboxMessage) -> tuple[Attachment, ...]:
    """The files of a message, drawn from ids at the time of sending; the same ids give the same bytes."""
    if message.kind != "confirmation" or message.context.get("submission_id") is None:
        return ()
    try:
        from app.operations.receipts import pdf_of  # type: ignore[attr-defined,unused-ignore]
    except ImportError:
        return ()
    pdf = pdf_of(session, int(message.context["submission_id"]), message.language)
    name = f"tanda-terima-{message.context['receipt_code']}.pdf"
    return (Attachment(name, "application/pdf", pdf),)
