"""Telling a person by mail what happened to their account, so that a thief cannot do it unseen (ASVS 6.3.7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from app.models.user import User
from app.operations import outbox

WORTH = timedelta(days=3)  # older news about an account only worries


def tell(session: Session, user: User, what: str, *, now: datetime, **facts: Any) -> None:
    """Queue one notice; `what` is told apart in notifications/templates/account. Nobody is written to who has left."""
    if user.status == "left":
        return
    context = {"what": what, "person_name": user.name, "happened_at": now.isoformat()}
    context |= {name: facts[name] for name in ("name", "left", "by", "about") if facts.get(name) is not None}
    outbox.enqueue(
        session,
        "account",
        to=user.email,
        language=user.language,
        context=context,
        dedupe_key=f"account/{user.public_id}/{what}/{now.isoformat()}",
        now=now,
        expires_at=now + WORTH,
    )
