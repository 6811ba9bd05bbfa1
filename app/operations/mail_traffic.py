"""What sending taught us about relays, receiving domains and addresses."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from app.models.outbox_message import MailDomain, MailRelay, MailSuppression, OutboxMessage

DOMAIN_RESTS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60))
LONGEST_CIRCUIT = timedelta(minutes=5)


def relay_failed(session: Session, relay: str, *, now: datetime, reason: str, first: timedelta) -> datetime:
    """Open the circuit: `first`, then twice as long each time, up to five minutes. Returns until when."""
    row = session.get(MailRelay, relay, with_for_update=True)
    if row is None:
        row = MailRelay(name=relay)
        session.add(row)
    if row.open_until is not None and row.open_until > now:
        return row.open_until  # another sender met the same trouble: one failure, not two
    if row.since is None:
        row.since = now
    row.open_until = now + min(first * 2 ** min(row.fails, 10), LONGEST_CIRCUIT)
    row.fails += 1
    row.reason = reason[:500]
    session.flush()
    return row.open_until


def relay_works(session: Session, relay: str) -> None:
    """Close the circuit."""
    row = session.get(MailRelay, relay)
    if row is not None and row.fails:
        row.fails, row.open_until, row.reason, row.since = 0, None, None, None


def domain_busy(session: Session, domain: str, *, now: datetime) -> datetime:
    """Let a domain rest (5, 15, 30, 60 minutes) and halve what is sent to it at once. Returns until when."""
    row = session.get(MailDomain, domain, with_for_update=True)
    if row is None:
        row = MailDomain(domain=domain)
        session.add(row)
    row.backoff_until = now + DOMAIN_RESTS[min(row.fails, len(DOMAIN_RESTS) - 1)]
    row.fails += 1
    row.max_in_flight = max(1, row.max_in_flight // 2)
    session.flush()
    return row.backoff_until


def domain_works(session: Session, domain: str) -> None:
    """Forget the trouble of a domain that takes mail again."""
    row = session.get(MailDomain, domain)
    if row is not None and row.fails:
        row.fails, row.backoff_until = 0, None


def allow(session: Session, address: str) -> bool:
    """Lift a suppression, by a person's decision; False when there was none."""
    row = session.get(MailSuppression, address.strip().casefold())
    if row is None:
        return False
    session.delete(row)
    return True


def suppress(session: Session, message: OutboxMessage, *, now: datetime, reason: str) -> None:
    """Send nothing more to this address, for the relay says it does not exist."""
    address = message.to_address.casefold()
    if session.get(MailSuppression, address) is None:
        session.add(MailSuppression(address=address, reason=reason[:300], since=now, outbox_id=message.id))
        session.flush()
