"""Holding on to a message while a slow relay thinks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app import database
from app.models.outbox_message import OutboxMessage
from app.operations import delivery
from notifications.relay import Timing


class Heartbeat:
    """Renews the lease of one message while a conversation lasts; costs nothing for a quick one."""

    def __init__(self, message: OutboxMessage, timing: Timing, now: Callable[[Session], datetime]) -> None:
        self._message = message
        self._timing = timing
        self._now = now
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="lease", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_failure: object) -> None:
        self._done.set()

    def _beat(self) -> None:
        while not self._done.wait(self._timing.heartbeat):
            with suppress(DBAPIError), database.unit_of_work() as session:
                if not delivery.renew(
                    session, *key_of(self._message), now=self._now(session), lease=self._timing.lease_time
                ):
                    return


def key_of(message: OutboxMessage) -> tuple[int, str]:
    """What the holder of a message shows at every step: its id and lease token."""
    assert message.id is not None
    assert message.lease_token is not None
    return message.id, message.lease_token
