"""Logged-in browsers: their start, what the person last proved in them, and their end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Update, update
from sqlmodel import Session, col

from app.models.credential import LoginSession
from app.operations import audit
from app.queries.accounts import Account


def start(
    session: Session,
    account: Account,
    *,
    via: str,
    now: datetime,
    agent: str = "",
    ended: str | None = None,
    request_id: str | None = None,
) -> str:
    """A new login session, audited; `ended` is the session this browser had before. Returns its id.

    Whoever has just logged in has just proved who they are.
    """
    if ended:
        end(session, ended, now)
    actor = account.actor(request_id)
    started = LoginSession(
        credential_id=int(account.credential.id or 0),
        via=via[:20],
        agent=agent[:255],
        started_at=now,
        seen_at=now,
        proven_at=now,
    )
    session.add(started)
    audit.record(
        session, actor=actor, now=now, entity="user", entity_id=account.user.public_id, action="login",
        after={"via": via},
    )  # fmt: skip
    return started.id


def end(session: Session, session_id: str, now: datetime) -> None:
    """This browser is out at its next click."""
    session.execute(_open().where(col(LoginSession.id) == session_id).values(ended_at=now))


def end_all(session: Session, credential_id: int, now: datetime) -> int:
    """Every browser of a person is out at its next click; returns how many were in."""
    ended = session.execute(_open().where(col(LoginSession.credential_id) == credential_id).values(ended_at=now))
    return int(ended.rowcount)  # type: ignore[attr-defined]


def prove(session: Session, session_id: str, now: datetime) -> None:
    """The person proved in this browser, once more, who they are."""
    session.execute(_open().where(col(LoginSession.id) == session_id).values(proven_at=now))


def _open() -> Update:
    return update(LoginSession).where(col(LoginSession.ended_at).is_(None))
