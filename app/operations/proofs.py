"""Tries at proving who one is, once more or in the second step: five in a row, then a pause. No Redis is asked.

A try is counted before it is looked at, so that many at once are not more than five. What cannot be guessed
(a passkey) is never counted and never refused.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.models.credential import Credential
from app.operations import audit, notices, sessions
from app.queries.accounts import Account

TRIES = 5
PAUSE = timedelta(minutes=15)


def take_try(session: Session, account: Account, now: datetime) -> datetime | None:
    """Count one try. None when it may be made, else until when the person has to wait."""
    wanted = select(Credential).where(col(Credential.id) == account.credential.id)
    credential = session.exec(wanted.with_for_update().execution_options(populate_existing=True)).one()
    if credential.proof_locked_until is not None and credential.proof_locked_until > now:
        return credential.proof_locked_until
    credential.proof_failures += 1
    if credential.proof_failures >= TRIES:
        credential.proof_failures, credential.proof_locked_until = 0, now + PAUSE
    session.add(credential)
    return None


def failed(session: Session, account: Account, now: datetime, *, session_id: str | None = None) -> datetime | None:
    """The try was wrong. After the last one: until when to wait; the browser `session_id` is out then."""
    wanted = select(col(Credential.proof_locked_until)).where(col(Credential.id) == account.credential.id)
    until: datetime | None = session.execute(wanted).scalar_one()
    if until is None or until <= now:
        return None
    if session_id:
        sessions.end(session, session_id, now)
    audit.record(
        session, actor=account.actor(), now=now, entity="user", entity_id=account.user.public_id, action="proof_locked"
    )
    notices.tell(session, account.user, "tries", now=now)
    return until


def succeeded(session: Session, account: Account, now: datetime, *, session_id: str | None = None) -> None:
    """The try was right: earlier wrong ones are forgotten, and the browser `session_id` is fresh again."""
    forget = update(Credential).where(col(Credential.id) == account.credential.id)
    session.execute(forget.values(proof_failures=0, proof_locked_until=None))
    if session_id:
        sessions.prove(session, session_id, now)
