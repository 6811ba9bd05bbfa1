"""The life of a queued message: claim, fence, outcome, recovery. No conversation happens inside these transactions.

Each step is a compare-and-set on (id, lease_token): whoever lost the lease changes nothing. `now` is the clock of the
database (`app.queries.outbox.database_time`), for a lease is kept by several hosts.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Update, func, select, update
from sqlmodel import Session, col

from app.config import Settings
from app.domain.messages import KINDS, OPEN_STATES, blotted
from app.models.outbox_message import MailDomain, MailRelay, MailSuppression, OutboxEvent, OutboxMessage
from app.queries import outbox as queries

MAX_DEATHS = 3  # senders that died holding one message: it is held for a person
MAX_UNSURE = 5  # silences after the final dot on one message
_COUNTING = 0x4D_41_49_4C  # advisory lock of the daily count
DOMAIN_IN_FLIGHT = 2  # conversations at once with a domain nothing is known about

Needed = Callable[[Session, OutboxMessage, datetime], bool]


def claim(
    session: Session, *, owner: str, now: datetime, lease: timedelta, relay: str, needed: Needed, settings: Settings
) -> OutboxMessage | None:
    """Take the most urgent due message for `lease`, or None. Messages nobody needs any more are put away on the way.

    Once the messages of the day are used up (`mail_daily_cap`) only urgent ones are taken.
    """
    circuit = session.get(MailRelay, relay)
    if circuit is not None and circuit.open_until is not None and circuit.open_until > now:
        return None
    if settings.mail_daily_cap and session.get_bind().dialect.name == "postgresql":
        # Two that count at the same moment would both take the last message of the day; SQLite has one writer anyway.
        session.execute(select(func.pg_advisory_xact_lock(_COUNTING)))
    urgent = queries.capped(session, settings, now)
    while True:
        message = _take_one(session, owner, now, lease, urgent)
        if message is None:
            return None
        reason = _reason_not_to_send(session, message, now, needed)
        if reason is None:
            _event(session, message, "queued", "sending", now, owner)
            return message
        state, text = reason
        finish(session, message, state, now=now, by=owner, text=text, was="queued")


def renew(session: Session, outbox_id: int, token: str, *, now: datetime, lease: timedelta) -> bool:
    """Keep the lease while a slow relay thinks; False when it is lost."""
    return _set(session, _held_by(outbox_id, token).values(lease_until=now + lease))


def fence(
    session: Session, outbox_id: int, token: str, *, now: datetime, lease: timedelta, copy: dict[str, str]
) -> bool:
    """Write down that the final dot comes next. False: lease lost or message cancelled, the dot must not be sent.

    `copy` = subject, body_text (masked) and body_sha of what is being sent.
    """
    return _set(session, _held_by(outbox_id, token).values(phase="dot", lease_until=now + lease, **copy))


def finish(
    session: Session,
    message: OutboxMessage,
    state: str,
    *,
    now: datetime,
    by: str,
    text: str | None = None,
    code: int | None = None,
    was: str = "sending",
    **changes: Any,
) -> bool:
    """End or put off the claimed message; False when the lease was lost in the meantime (nothing is written).

    A late outcome still counts while the row waits as uncertain under the same lease: the answer is known now.
    """
    assert message.id is not None
    values = {"state": state, "phase": "", "lease_until": None, "lease_owner": None, "next_at": None} | changes
    if code is not None:
        values["smtp_code"] = code
    values |= _settled(message, state, now)
    if state != "accepted":
        values["last_error"] = text[:500] if text else None
    done = _set(
        session,
        update(OutboxMessage)
        .where(
            col(OutboxMessage.id) == message.id,
            col(OutboxMessage.lease_token) == message.lease_token,
            col(OutboxMessage.state).in_(("sending", "uncertain")),
        )
        .values(**values),
    )
    if done:
        _event(session, message, was, state, now, by, text=text, code=code)
    return done


def recover(session: Session, *, now: datetime, pause: timedelta, by: str) -> int:
    """Put right what dead senders left: expired leases, unsure messages whose pause is over, messages past their time.

    Returns how many rows moved. Two recoveries at once move each row once.
    """
    lapsed = (col(OutboxMessage.state) == "sending") & (col(OutboxMessage.lease_until) < now)
    unsure = (col(OutboxMessage.state) == "uncertain") & (col(OutboxMessage.next_at) <= now)
    late = (col(OutboxMessage.state) == "queued") & (col(OutboxMessage.expires_at) <= now)
    moved = 0
    for message in session.execute(select(OutboxMessage).where(lapsed | unsure | late).limit(500)).scalars().all():
        if message.state == "sending" and message.phase == "dot":
            state, changes = _silence(message, now, pause)
            moved += _change(session, message, state, now, by, "sender died after the final dot", **changes)
        elif message.state == "sending":
            moved += _after_death(session, message, now, by)
        elif message.state == "uncertain":
            moved += _change(session, message, "queued", now, by, "sent again")
        else:
            moved += _change(session, message, "expired", now, by, "not sent in time")
    return moved


def lost_track(
    session: Session, message: OutboxMessage, *, now: datetime, pause: timedelta, by: str, text: str
) -> bool:
    """The relay fell silent after the final dot: it may or may not have the message. Written by the lease holder."""
    state, changes = _silence(message, now, pause)
    return finish(session, message, state, now=now, by=by, text=text, attempts=message.attempts + 1, **changes)


def _silence(message: OutboxMessage, now: datetime, pause: timedelta) -> tuple[str, dict[str, Any]]:
    """The message waits as uncertain, or for a person where its kind says so or it happened too often."""
    unsure = message.unsure + 1
    if KINDS[message.kind].when_unsure == "hold" or unsure >= MAX_UNSURE:
        return "held", {"unsure": unsure}
    return "uncertain", {"unsure": unsure, "next_at": now + pause}


def _take_one(session: Session, owner: str, now: datetime, lease: timedelta, urgent: bool) -> OutboxMessage | None:
    other = select(OutboxMessage.__table__.c).where(col(OutboxMessage.state) == "sending").subquery()  # type: ignore[attr-defined]
    in_flight = select(func.count()).where(other.c.domain == col(OutboxMessage.domain)).scalar_subquery()
    allowed = (
        select(col(MailDomain.max_in_flight)).where(col(MailDomain.domain) == col(OutboxMessage.domain))
    ).scalar_subquery()
    resting = select(col(MailDomain.domain)).where(col(MailDomain.backoff_until) > now)
    best = (
        select(col(OutboxMessage.id))
        .where(
            queries.due(now, urgent=urgent),
            col(OutboxMessage.domain).not_in(resting),
            in_flight < func.coalesce(allowed, DOMAIN_IN_FLIGHT),
        )
        .order_by(col(OutboxMessage.priority), col(OutboxMessage.id))
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(OutboxMessage)
        .where(col(OutboxMessage.id) == best, col(OutboxMessage.state) == "queued")
        .values(
            state="sending",
            phase="claimed",
            lease_token=secrets.token_hex(16),
            lease_owner=owner,
            lease_until=now + lease,
        )
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.execute(taken).scalars().first()


def _reason_not_to_send(
    session: Session, message: OutboxMessage, now: datetime, needed: Needed
) -> tuple[str, str] | None:
    suppressed = session.get(MailSuppression, message.to_address.casefold())
    if suppressed is not None and (suppressed.until is None or suppressed.until > now):
        return "suppressed", suppressed.reason
    if not needed(session, message, now):
        return "obsolete", "no longer needed"
    return None


def _after_death(session: Session, message: OutboxMessage, now: datetime, by: str) -> bool:
    deaths = message.deaths + 1
    if deaths >= MAX_DEATHS:
        return _change(session, message, "held", now, by, f"{deaths} senders died holding it", deaths=deaths)
    return _change(session, message, "queued", now, by, "sender died before the final dot", deaths=deaths)


def _change(
    session: Session, message: OutboxMessage, state: str, now: datetime, by: str, text: str, **changes: Any
) -> bool:
    """Move a row that is still exactly as it was read."""
    values = {"state": state, "phase": "", "lease_until": None, "next_at": None, "last_error": text} | changes
    values |= _settled(message, state, now)
    done = _set(
        session,
        update(OutboxMessage)
        .where(
            col(OutboxMessage.id) == message.id,
            col(OutboxMessage.state) == message.state,
            col(OutboxMessage.phase) == message.phase,
            col(OutboxMessage.lease_token).is_not_distinct_from(message.lease_token),
            col(OutboxMessage.lease_until).is_not_distinct_from(message.lease_until),
        )
        .values(**values),
    )
    if done:
        _event(session, message, message.state, state, now, by, text=text)
    return done


def _settled(message: OutboxMessage, state: str, now: datetime) -> dict[str, Any]:
    """What a final state adds to the row: when it came, and a context without secrets."""
    return {} if state in OPEN_STATES else {"settled_at": now, "context": blotted(message.kind, message.context)}


def _held_by(outbox_id: int, token: str) -> Update:
    return update(OutboxMessage).where(
        col(OutboxMessage.id) == outbox_id,
        col(OutboxMessage.lease_token) == token,
        col(OutboxMessage.state) == "sending",
    )


def _set(session: Session, statement: Update) -> bool:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def _event(
    session: Session,
    message: OutboxMessage,
    source: str,
    target: str,
    now: datetime,
    by: str,
    *,
    text: str | None = None,
    code: int | None = None,
) -> None:
    assert message.id is not None
    session.add(
        OutboxEvent(
            outbox_id=message.id,
            at=now,
            from_state=source,
            to_state=target,
            code=code,
            text=text[:500] if text else None,
            by=by[:160],
        )
    )
