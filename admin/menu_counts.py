"""Numbers beside menu entries: how much waits for this person."""

from __future__ import annotations

from app.domain.actors import Actor


def counts(actor: Actor) -> dict[str, int]:
    """Waiting work by endpoint; read once a request."""
    return {}
