"""Logged-in browsers: their start, what the person last proved in them, and their end."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Update, delete, update
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.models.credential import Credential, LoginSession
from app.models.user import User
from app.operations import audit, notices
from app.queries.accounts import Account

KEPT = timedelta(days=90)


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


def end_one(session: Session, credential_id: int, public_id: str, now: datetime) -> bool:
    """One browser of a person, by the name a page has for it; False when it was out already."""
    theirs = _open().where(col(LoginSession.credential_id) == credential_id, col(LoginSession.public_id) == public_id)
    return bool(session.execute(theirs.values(ended_at=now)).rowcount)  # type: ignore[attr-defined]


def end_others(session: Session, account: Account, now: datetime) -> int:
    """Every browser of a person but the one they sit at; returns how many were in."""
    here = account.session.id if account.session else ""
    others = _open().where(col(LoginSession.credential_id) == account.credential.id, col(LoginSession.id) != here)
    return int(session.execute(others.values(ended_at=now)).rowcount)  # type: ignore[attr-defined]


def end_all_of(session: Session, user: User, actor: Actor, now: datetime) -> int:
    """Sign a person out of everything, by somebody else's hand: audited, and they hear of it. How many were in."""
    found = session.execute(select(col(Credential.id)).where(col(Credential.user_id) == user.id)).scalar_one_or_none()
    count = end_all(session, found, now) if found is not None else 0
    audit.record(
        session, actor=actor, now=now, entity="user", entity_id=user.public_id, action="sessions_ended",
        after={"browsers": count},
    )  # fmt: skip
    if count:
        notices.tell(session, user, "sessions_ended", now=now, by=actor.name)
    return count


def seen(session: Session, session_id: str, now: datetime) -> None:
    """The person used this browser just now; for their own list, written every few minutes at most."""
    session.execute(_open().where(col(LoginSession.id) == session_id).values(seen_at=now))


def sweep(session: Session, now: datetime) -> int:
    """Forget browsers that were in long ago: who came in and when stays in the audit table, what they used does not."""
    gone = session.execute(delete(LoginSession).where(col(LoginSession.started_at) < now - KEPT))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def prove(session: Session, session_id: str, now: datetime) -> None:
    """The person proved in this browser, once more, who they are."""
    session.execute(_open().where(col(LoginSession.id) == session_id).values(proven_at=now))


def _open() -> Update:
    return update(LoginSession).where(col(LoginSession.ended_at).is_(None))
