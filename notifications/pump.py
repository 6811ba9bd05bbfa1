"""Finding due mail without Redis. Everything else only makes it quicker."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta

from redis.exceptions import RedisError
from rq import Worker

from app import database, doorbell
from app.config import BadSetting, Settings, settings, variable
from app.operations import delivery
from app.queries import office
from app.queries.outbox import capped, database_time, due_count, oldest_due_s, relay_trouble
from notifications.delivery import Sender
from notifications.relay import Relay, Timing, mail_config, relay_of
from notifications.transport import Stop

log = logging.getLogger("sinergi.mail")

DEAF_S = 45.0  # mail due for so long although Redis answers: nobody listens, so we send it ourselves


def tick(*, stop: Stop = lambda: False) -> Counter[str]:
    """Recover what dead senders left, then see that what is due gets sent: by workers, or here when none will.

    Returns how many messages this process itself brought to each state.
    """
    know_the_office()
    current = settings()
    timing = timing_of(current)
    with database.unit_of_work() as session:
        now = database_time(session)
        moved = delivery.recover(session, now=now, pause=timedelta(seconds=timing.pause), by="pump")
        urgent = capped(session, current, now)
        due = due_count(session, now, urgent=urgent)
        waited = oldest_due_s(session, now, urgent=urgent) or 0.0
        trouble = relay_trouble(session, now)
    if moved:
        log.info("recovered %d messages", moved)
    if not due or trouble is not None:
        return Counter()
    if waited < max(DEAF_S, 3 * timing.tick) and _ring(current, due):
        return Counter()
    return send(timing.budget, stop=stop)


def send(budget: float, *, stop: Stop = lambda: False, now: datetime | None = None) -> Counter[str]:
    """Send what is due in this process, for at most about `budget` seconds."""
    know_the_office()
    current = settings()
    return Sender(current, relay(current), timing_of(current), stop=stop, now=now).run(budget)


def know_the_office() -> None:
    """What staff changed a moment ago counts from the next message on."""
    with database.unit_of_work(write=False) as session:
        office.refresh(session)


def relay(current: Settings) -> Relay:
    """The configured relay."""
    return relay_of(mail_config(current))


def timing_of(current: Settings) -> Timing:
    """The configured waits; raises BadSetting."""
    try:
        return Timing.parse(current.mail_timing)
    except ValueError as wrong:
        raise BadSetting(variable("mail_timing"), str(wrong)) from None


def _ring(current: Settings, due: int) -> bool:
    """Ask workers to look, one job for each 50 due messages; False when Redis does not answer or nobody works."""
    try:
        queue = doorbell.queue(current.redis_url)
        if not Worker.count(queue=queue):
            return False
        for _ in range(min(doorbell.ENOUGH, 1 + due // 50) - queue.count):
            doorbell.enqueue(queue, doorbell.BELLS["mail"])
    except (RedisError, OSError):
        return False
    return True
