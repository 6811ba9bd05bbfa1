"""Reading the mail ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlmodel import Session, col

from app import policy
from app.domain.actors import Actor
from app.domain.messages import STATES
from app.models.outbox_message import MailRelay, OutboxEvent, OutboxMessage


def database_time(session: Session) -> datetime:
    """The clock of the database: leases of several hosts are measured by one clock."""
    if session.get_bind().dialect.name == "postgresql":
        instant: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
        return instant.astimezone(UTC)
    shown = session.execute(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
    return datetime.fromisoformat(shown).replace(tzinfo=UTC)


def counts(session: Session, actor: Actor | None = None) -> dict[str, int]:
    """Messages a state, of companies the actor may see (None = all); states without one are there with 0."""
    query = select(col(OutboxMessage.state), func.count()).group_by(col(OutboxMessage.state))
    if actor is not None:
        query = query.where(policy.of_company(col(OutboxMessage.company_id), actor))
    found = session.execute(query).all()
    return dict.fromkeys(STATES, 0) | {row[0]: row[1] for row in found}


def due(now: datetime) -> ColumnElement[bool]:
    """Queued messages whose time has come and not gone."""
    waits, ends = col(OutboxMessage.next_at), col(OutboxMessage.expires_at)
    return (col(OutboxMessage.state) == "queued") & or_(waits.is_(None), waits <= now) & or_(ends.is_(None), ends > now)


def due_count(session: Session, now: datetime, limit: int = 1000) -> int:
    """How many messages could be sent now, counted up to `limit`."""
    some = select(col(OutboxMessage.id)).where(due(now)).limit(limit).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def oldest_due_s(session: Session, now: datetime) -> float | None:
    """Seconds the longest-waiting due message has been due, None when nothing is."""
    since = session.execute(
        select(func.coalesce(col(OutboxMessage.next_at), col(OutboxMessage.queued_at)).label("since"))
        .where(due(now))
        .order_by(text("since"))
        .limit(1)
    ).scalar_one_or_none()
    return None if since is None else max(0.0, (now - since).total_seconds())


def relay_trouble(session: Session, now: datetime) -> MailRelay | None:
    """The relay that is not being asked at the moment, with the reason."""
    return session.execute(select(MailRelay).where(col(MailRelay.open_until) > now)).scalars().first()


def history(session: Session, outbox_id: int) -> Sequence[OutboxEvent]:
    """What happened to one message, oldest first."""
    return (
        session.execute(
            select(OutboxEvent).where(col(OutboxEvent.outbox_id) == outbox_id).order_by(col(OutboxEvent.id))
        )
        .scalars()
        .all()
    )
