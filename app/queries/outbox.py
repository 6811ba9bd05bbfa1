"""Reading the mail ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlmodel import Session, col

from app import policy
from app.config import Settings
from app.domain.actors import Actor
from app.domain.messages import STATES, URGENT
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


def due(now: datetime, *, urgent: bool = False) -> ColumnElement[bool]:
    """Queued messages whose time has come and not gone; `urgent` only those the daily limit does not hold."""
    waits, ends = col(OutboxMessage.next_at), col(OutboxMessage.expires_at)
    ready = (col(OutboxMessage.state) == "queued") & or_(waits.is_(None), waits <= now)
    ready &= or_(ends.is_(None), ends > now)
    return ready & (col(OutboxMessage.priority) <= URGENT) if urgent else ready


def due_count(session: Session, now: datetime, limit: int = 1000, *, urgent: bool = False) -> int:
    """How many messages could be sent now, counted up to `limit`."""
    some = select(col(OutboxMessage.id)).where(due(now, urgent=urgent)).limit(limit).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def sent_today(session: Session, settings: Settings, now: datetime, limit: int) -> int:
    """Messages of every kind taken by the relay since midnight of the office, those on their way too, up to `limit`."""
    today = settings.today(now)
    midnight = datetime.combine(today, time(), ZoneInfo(settings.office_time_zone)).astimezone(UTC)
    gone = (col(OutboxMessage.state) == "accepted") & (col(OutboxMessage.settled_at) >= midnight)
    on_the_way = col(OutboxMessage.state).in_(("sending", "uncertain"))
    some = select(col(OutboxMessage.id)).where(gone | on_the_way).limit(limit).subquery()
    return int(session.execute(select(func.count()).select_from(some)).scalar_one())


def capped(session: Session, settings: Settings, now: datetime) -> bool:
    """Whether the messages of today are used up: what is not urgent waits for the office's next day."""
    cap = settings.mail_daily_cap
    return bool(cap) and sent_today(session, settings, now, cap) >= cap


def oldest_due_s(session: Session, now: datetime, *, urgent: bool = False) -> float | None:
    """Seconds the longest-waiting due message has been due, None when nothing is."""
    since = session.execute(
        select(func.coalesce(col(OutboxMessage.next_at), col(OutboxMessage.queued_at)).label("since"))
        .where(due(now, urgent=urgent))
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
