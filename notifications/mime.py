"""A letter as bytes for the wire: the same bytes on every attempt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.config import Settings
from notifications.relay import Relay
from notifications.render import Letter


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that travels with a letter."""

    name: str
    media_type: str  # "application/pdf"
    content: bytes


def wire(
    letter: Letter,
    *,
    to: str,
    message_id: str,
    written_at: datetime,
    language: str,
    relay: Relay,
    settings: Settings,
    attachments: tuple[Attachment, ...] = (),
) -> bytes:
    """The whole message with CRLF line ends, 7-bit safe; raises ValueError where a header would break.

    Date, Message-ID and boundaries derive from the stored row, so a repeated mail is the same mail.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = relay.address
    message["To"] = to if to.isascii() else Address(addr_spec=to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(written_at)
    message["Message-ID"] = message_id
    reply_to = settings.mail_reply_to or settings.office_email
    if reply_to:
        message["Reply-To"] = Address(settings.office_name, addr_spec=reply_to)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    for file in attachments:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=file.name)
    message["Content-Language"] = language  # last: making parts moves every Content header into the first one
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            seed = hashlib.sha256(f"{message_id}/{number}".encode()).hexdigest()[:32]
            part.set_boundary(f"=_{seed}")  # "=_" cannot occur in quoted-printable
    return message.as_bytes(policy=SMTP)
