"""What a worker is called to do. No arguments but numbers: the work is in the database."""

from __future__ import annotations

from app import stopping
from app.config import settings
from notifications import pump


def drain() -> dict[str, int]:
    """Send what is due for at most the configured budget (50 s: shorter than rq's patience with a lost parent)."""
    return dict(pump.send(pump.timing_of(settings()).budget, stop=stopping.asked))
