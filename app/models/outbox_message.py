"""The mail ledger: messages, what happened to them, and what is known of addresses, domains and relays.

Written by `app.operations.outbox` only; not a registry, so no screen edits it. A row outlives the record it is about,
therefore `company_id` is a plain number without a foreign key.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.models.instant import Instant
from app.models.record import new_public_id


class OutboxMessage(SQLModel, table=True):
    """One message to one address. `state` is one of `app.domain.messages.STATES`; `phase` is '', claimed or dot.

    `context` and `template_id` are frozen when queued; subject and text are a masked copy of what was sent (no live
    link, no code).
    `next_at` None means due at once. `lease_*` say which process is sending; only the holder of `lease_token`
    may write the outcome.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        Index("ix_outbox_message_due", "state", "priority", "id"),
        Index("ix_outbox_message_settled", "state", "settled_at"),  # for the messages of a day
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    dedupe_key: str = Field(unique=True, max_length=200)
    kind: str = Field(max_length=20)
    priority: int = Field(default=5)
    to_address: str = Field(max_length=320)
    domain: str = Field(max_length=255, index=True)
    language: str = Field(max_length=2)
    company_id: int | None = Field(default=None, index=True)
    context: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    template_id: int | None = Field(default=None)  # the office's own words in force when it was queued

    subject: str | None = Field(default=None, max_length=300)
    body_text: str | None = Field(default=None)
    body_sha: str | None = Field(default=None, max_length=64)

    state: str = Field(default="queued", max_length=12)
    phase: str = Field(default="", max_length=8)
    attempts: int = Field(default=0)  # conversations that reached this message
    infra_attempts: int = Field(default=0)  # conversations that failed before it: relay down, stopped
    unsure: int = Field(default=0)  # times the relay fell silent after the final dot
    deaths: int = Field(default=0)  # senders that died holding it
    queued_at: datetime = Field(sa_type=Instant)
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    lease_token: str | None = Field(default=None, max_length=32)
    lease_owner: str | None = Field(default=None, max_length=120)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)

    message_id: str = Field(unique=True, max_length=320)
    smtp_code: int | None = Field(default=None)
    enhanced: str | None = Field(default=None, max_length=12)
    relay_queue_id: str | None = Field(default=None, max_length=80)
    last_error: str | None = Field(default=None, max_length=500)


class OutboxEvent(SQLModel, table=True):
    """One step in the life of a message; rows are only ever added."""

    __tablename__ = "outbox_event"

    id: int | None = Field(default=None, primary_key=True)
    outbox_id: int = Field(foreign_key="outbox_message.id", index=True)
    at: datetime = Field(sa_type=Instant)
    from_state: str = Field(max_length=12)
    to_state: str = Field(max_length=12)
    code: int | None = Field(default=None)
    text: str | None = Field(default=None, max_length=500)
    by: str = Field(max_length=160)


class MailDomain(SQLModel, table=True):
    """How gently one receiving domain wants to be treated."""

    __tablename__ = "mail_domain"

    domain: str = Field(primary_key=True, max_length=255)
    max_in_flight: int = Field(default=2)
    backoff_until: datetime | None = Field(default=None, sa_type=Instant)
    fails: int = Field(default=0)


class MailRelay(SQLModel, table=True):
    """The circuit breaker of a relay: while `open_until` lies ahead nothing is claimed."""

    __tablename__ = "mail_relay"

    name: str = Field(primary_key=True, max_length=255)
    open_until: datetime | None = Field(default=None, sa_type=Instant)
    fails: int = Field(default=0)
    reason: str | None = Field(default=None, max_length=500)
    since: datetime | None = Field(default=None, sa_type=Instant)


class MailSuppression(SQLModel, table=True):
    """An address nothing is sent to, because it does not exist or asked us not to."""

    __tablename__ = "mail_suppression"

    address: str = Field(primary_key=True, max_length=320)  # casefolded
    reason: str = Field(max_length=300)
    since: datetime = Field(sa_type=Instant)
    until: datetime | None = Field(default=None, sa_type=Instant)
    outbox_id: int | None = Field(default=None)
