"""Numbers beside menu entries: how much waits for this person."""

from __future__ import annotations

from flask import g

from app.database import reading
from app.domain.actors import Actor
from app.queries import waiting
from app.queries.waiting import Waiting
from app.web.session import current_account


def counts(actor: Actor) -> dict[str, int]:
    """Waiting work by endpoint; read once a request."""
    if "menu_counts" not in g:
        found = _waiting(actor)
        g.menu_counts = {
            "staff_inbox.index": found.reports,
            "staff_requests.index": found.asked,
            "staff_mail.index": found.mail,
        }
    known: dict[str, int] = g.menu_counts
    return known


def _waiting(actor: Actor) -> Waiting:
    account = current_account()
    if account is not None and account.waiting is not None and waiting.sees_all(actor):
        return account.waiting
    with reading() as session:
        return waiting.counts(session, actor)
