"""Queueing a message, and what staff may do with it afterwards.

The row is inserted in the caller's transaction, so the message exists exactly when the business fact does; the unique
`dedupe_key` makes a second call for the same fact do nothing. Sending is `app.operations.delivery`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import idna
from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session, col

from app.config import settings
from app.domain.messages import KINDS, OPEN_STATES, blotted, checked_context
from app.models.outbox_message import OutboxEvent, OutboxMessage
from app.models.record import new_public_id
from app.operations.bulk import insert_or
from app.queries import templates


def enqueue(
    session: Session,
    kind: str,
    *,
    to: str,
    language: str,
    context: Mapping[str, Any],
    dedupe_key: str,
    now: datetime,
    company_id: int | None = None,
    priority: int | None = None,
    expires_at: datetime | None = None,
) -> OutboxMessage | None:
    """Queue one message of a kind in `app.domain.messages.KINDS`; None when `dedupe_key` is already there.

    `context` holds what the kind needs (ids and plain JSON values). An address nothing can be sent to does not stop
    the caller: the row is kept as failed, where staff see it. Raises ValueError for a kind or context that cannot be.
    """
    known = checked_context(kind, context)
    try:
        address, domain = normalised(to)
        state, error = "queued", None
    except ValueError as unusable:
        address, domain, state, error = to[:320], "", "failed", f"address: {unusable}"[:500]
    values = {
        "public_id": new_public_id(),
        "dedupe_key": dedupe_key,
        "kind": kind,
        "priority": known.priority if priority is None else priority,
        "to_address": address,
        "domain": domain,
        "language": "en" if language == "en" else "id",
        "company_id": company_id,
        "context": dict(context),
        "template_id": templates.in_force(session, kind, "en" if language == "en" else "id"),
        "state": state,
        "queued_at": now,
        "settled_at": None if error is None else now,
        "expires_at": expires_at or (now + known.lifetime if known.lifetime else None),
        "message_id": message_id(dedupe_key),
        "last_error": error,
        "phase": "",
    } | dict.fromkeys(("attempts", "infra_attempts", "unsure", "deaths"), 0)
    added = session.execute(
        insert_or(session, OutboxMessage)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["dedupe_key"])
        .returning(col(OutboxMessage.id))
    ).scalar_one_or_none()
    if added is None:
        return None
    session.add(OutboxEvent(outbox_id=added, at=now, from_state="", to_state=state, text=error, by="enqueue"))
    if state == "queued":
        session.info.setdefault("rings", set()).add("mail")
    return session.get(OutboxMessage, added)


def message_id(dedupe_key: str) -> str:
    """The Message-ID of the message with that key, the same on every attempt, made before anything is sent."""
    digest = hmac.digest(settings().key("mail"), b"message-id/" + dedupe_key.encode(), hashlib.sha256)
    return f"<{base64.b32encode(digest[:20]).decode().lower()}@{settings().mail_domain}>"


def normalised(address: str) -> tuple[str, str]:
    """(address, domain) with the domain lower-case and in ASCII (IDNA); the local part is left as typed.

    Raises ValueError. Whether the mailbox exists is for the relay to say.
    """
    local, at, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    if not at or not local or not domain:
        raise ValueError("not an e-mail address")
    if any(ord(c) <= 32 or ord(c) == 127 or c in '<>()[]\\,;:"@' for c in local) or len(local.encode()) > 64:
        raise ValueError("unusable part before the @")
    try:
        host = idna.encode(domain.rstrip("."), uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise ValueError("unusable part after the @") from None
    return f"{local}@{host}", host


def hold(session: Session, chosen: ColumnElement[bool], *, by: str, now: datetime) -> int:
    """Keep waiting messages from being sent; returns how many."""
    return _move(session, chosen, ("queued", "uncertain"), "held", by=by, now=now)


def release(session: Session, chosen: ColumnElement[bool], *, by: str, now: datetime) -> int:
    """Let held messages go; returns how many."""
    return _move(session, chosen, ("held",), "queued", by=by, now=now, deaths=0, unsure=0)


def retry(session: Session, chosen: ColumnElement[bool], *, by: str, now: datetime) -> int:
    """Try failed, expired and waiting messages at once; returns how many. A code is not tried: it is blotted by now."""
    lasting = [kind.key for kind in KINDS.values() if not kind.secrets]
    chosen = chosen & col(OutboxMessage.kind).in_(lasting)
    return _move(
        session, chosen, ("failed", "expired", "queued", "uncertain"), "queued", by=by, now=now, expires_at=None
    )


def cancel(session: Session, chosen: ColumnElement[bool], *, by: str, now: datetime) -> int:
    """Send these no more. One already in conversation stops at the fence; one after it has left."""
    not_left = chosen & (col(OutboxMessage.phase) != "dot")
    return _move(session, not_left, ("queued", "uncertain", "held", "sending"), "cancelled", by=by, now=now)


def _move(
    session: Session,
    chosen: ColumnElement[bool],
    sources: tuple[str, ...],
    target: str,
    *,
    by: str,
    now: datetime,
    **changes: Any,
) -> int:
    found = session.execute(
        select(OutboxMessage)
        .where(chosen, col(OutboxMessage.state).in_(sources))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    moved = 0
    for message in found.scalars().all():
        final = target not in OPEN_STATES
        values = {
            "state": target,
            "phase": "",
            "next_at": None,
            "lease_token": None,
            "lease_until": None,
            "settled_at": now if final else None,
            "context": blotted(message.kind, message.context) if final else message.context,
        }
        done = session.execute(
            update(OutboxMessage)
            .where(col(OutboxMessage.id) == message.id, col(OutboxMessage.state) == message.state)
            .values(**values | changes)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount and message.id is not None:  # type: ignore[attr-defined]
            step = OutboxEvent(outbox_id=message.id, at=now, from_state=message.state, to_state=target, by=by)
            session.add(step)
            moved += 1
    if moved and target == "queued":
        session.info.setdefault("rings", set()).add("mail")
    return moved
