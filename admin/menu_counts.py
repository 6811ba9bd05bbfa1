"""Numbers beside menu entries: how much waits for this person."""

from __future__ import annotations

from flask import g

from app.database import unit_of_work
from app.domain.actors import Actor
from app.queries import outbox, submissions


def counts(actor: Actor) -> dict[str, int]:
    """Waiting work by endpoint; read once a request."""
    if "menu_counts" not in g:
        with unit_of_work(write=False) as session:
            reports = submissions.counts(session, actor)
            mail = outbox.counts(session, actor)
            asked = len(submissions.requests(session, actor)) + len(submissions.questions(session, actor))
            g.menu_counts = {
                "staff_inbox.index": reports.get("submitted", 0),
                "staff_requests.index": asked,
                "staff_mail.index": mail.get("held", 0) + mail.get("failed", 0),
            }
    found: dict[str, int] = g.menu_counts
    return found
