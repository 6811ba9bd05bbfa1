"""Numbers beside menu entries: how much waits for this person."""

from __future__ import annotations

from flask import g

from app.database import reading
from app.domain.actors import Actor
from app.queries import waiting


def counts(actor: Actor) -> dict[str, int]:
    """Waiting work by endpoint; read once a request."""
    if "menu_counts" not in g:
        with reading() as session:
            found = waiting.counts(session, actor)
        g.menu_counts = {
            "staff_inbox.index": found.reports,
            "staff_requests.index": found.asked,
            "staff_mail.index": found.mail,
        }
    known: dict[str, int] = g.menu_counts
    return known
