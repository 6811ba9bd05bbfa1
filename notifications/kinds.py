"""What each kind needs from the database when sent: a link rebuilt, a receipt drawn, whether it still matters."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from app.config import Settings
from app.documents import receipt
from app.models.company import Company
from app.models.duty import Duty
from app.models.form_link import FormLink
from app.models.outbox_message import OutboxMessage
from app.models.receipt import Receipt
from app.models.submission import Submission
from app.operations import links
from app.queries import submissions
from app.registry import forms
from notifications.facts import LinkUrl
from notifications.mime import Attachment


def link_url(session: Session, settings: Settings) -> LinkUrl:
    """A function from a FormLink id to its address; the token is derived anew, never read from a row."""

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


def attachments(session: Session, message: OutboxMessage, settings: Settings) -> tuple[Attachment, ...]:
    """The files of a message, drawn from ids at the time of sending; the same ids give the same bytes.

    Raises LookupError where the report of a confirmation is not there.
    """
    if message.kind != "confirmation" or message.context.get("submission_id") is None:
        return ()
    submission = session.get(Submission, int(message.context["submission_id"]))
    if submission is None:
        raise LookupError(f"no report {message.context['submission_id']}")
    issued = session.exec(select(Receipt).where(Receipt.submission_id == submission.id)).one_or_none()
    if issued is None:
        raise LookupError(f"no receipt of report {submission.code}")
    duty = session.get_one(Duty, submission.duty_id)
    company = session.get_one(Company, submission.company_id)
    place = submissions.place(session, submission)
    known = receipt.facts(issued, submission, duty, company, forms()[duty.form], settings, place)
    # As it was when this mail was queued: what became of it later is on the check page.
    pdf = receipt.pdf(known | {"state": "valid"}, message.language)
    return (Attachment(f"tanda-terima-{issued.short_code}.pdf", "application/pdf", pdf),)
