"""The browsers a person is logged in with."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.models.credential import LoginSession
from app.queries.accounts import LONGEST_SESSION

SEEN_EVERY = timedelta(minutes=5)  # `seen_at` is no nearer to the truth than this
LONGEST_IDLE = timedelta(minutes=30)  # the signed cookie ends a session after so long; the list follows it


def live(session: Session, credential_id: int, now: datetime) -> list[LoginSession]:
    """Sessions that a click would still find open, the last used first."""
    seen = func.coalesce(col(LoginSession.seen_at), col(LoginSession.started_at))
    wanted = select(LoginSession).where(
        col(LoginSession.credential_id) == credential_id,
        col(LoginSession.ended_at).is_(None),
        col(LoginSession.started_at) > now - LONGEST_SESSION,
        seen > now - LONGEST_IDLE - SEEN_EVERY,
    )
    return list(session.exec(wanted.order_by(seen.desc())).all())
