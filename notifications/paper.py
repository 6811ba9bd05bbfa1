"""A message as a letter on paper: the words of the mail without its frame, and without what only a mail may carry."""

from __future__ import annotations

from sqlmodel import Session

from app.config import Settings
from app.documents import letter as paper
from app.models.company import Company
from app.models.message_template import MessageTemplate
from app.models.outbox_message import OutboxMessage
from notifications import kinds, own_words
from notifications.facts import facts
from notifications.render import MASK


def pdf(session: Session, message: OutboxMessage, settings: Settings) -> bytes:
    """The letter as PDF bytes. A live link or a code is never printed. Raises Refused("office_unset")."""
    known = facts(message.context, message.language, settings, kinds.link_url(session, settings))
    words = session.get(MessageTemplate, message.template_id) if message.template_id else None
    subject, text = own_words.bare(message.kind, message.language, known, words)
    for secret in known.secrets:
        subject, text = subject.replace(secret, MASK), text.replace(secret, MASK)
    company = session.get(Company, message.company_id) if message.company_id else None
    to = company.legal_name if company else message.to_address
    day = settings.today(message.queued_at)
    return paper.pdf(settings, subject=subject, text=text, to=to, day=day, language=message.language)
