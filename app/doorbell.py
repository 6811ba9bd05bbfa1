"""Telling a worker to look. The database is the truth: a lost, doubled or late ring changes nothing but latency."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from functools import cache

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from app.config import settings

log = logging.getLogger("sinergi.doorbell")

QUEUE = "sinergi"  # a worker listens to one queue only: with several, rq can lose a job for good
BELLS: dict[str, str] = {  # name an operation rings -> function a worker calls
    "mail": "notifications.jobs.drain",
    "jobs": "app.jobs.background.drain",
}
WAIT_S = 0.3  # a page never waits longer for Redis
ENOUGH = 4  # waiting jobs of one queue; each of them will look at everything that is due
QUIET_S = 5.0  # after a failure, how long Redis is not asked again

_silent_until = 0.0


def ring(names: Iterable[str]) -> None:
    """Enqueue one job a name. Never raises, and waits at most WAIT_S for each step."""
    global _silent_until
    wanted = sorted(set(names))
    if not wanted or time.monotonic() < _silent_until:
        return
    try:
        waiting = queue(settings().redis_url)
        for name in wanted:
            if waiting.count < ENOUGH:
                enqueue(waiting, BELLS[name])
    except KeyError as unknown:
        log.error("no bell is called %s", unknown)
    except Exception as deaf:  # whatever Redis does, the work is already committed
        _silent_until = time.monotonic() + QUIET_S
        log.warning("doorbell not heard (%s); the pump will find the work", type(deaf).__name__)


def queue(url: str) -> Queue:
    """The one queue, as whoever fills it sees it."""
    return Queue(QUEUE, connection=connection(url), serializer=JSONSerializer)


def enqueue(waiting: Queue, function: str) -> None:
    """One look-job: no arguments, no result kept, no retry; long enough that rq never interrupts a conversation."""
    waiting.enqueue_call(function, timeout=900, result_ttl=0, failure_ttl=7 * 24 * 3600, ttl=3600)


def wake(name: str) -> bool:
    """Ask a worker to look at once; False when Redis does not answer or nobody works."""
    try:
        waiting = queue(settings().redis_url)
        if not Worker.count(queue=waiting):
            return False
        if waiting.count < ENOUGH:
            enqueue(waiting, BELLS[name])
    except (RedisError, OSError):
        return False
    return True


def hears(url: str) -> bool:
    """Whether Redis answers now."""
    try:
        return bool(connection(url).ping())
    except (RedisError, OSError):
        return False


@cache
def connection(url: str) -> Redis:
    """A client that gives up quickly instead of retrying (redis-py would try ten times)."""
    return Redis.from_url(
        url, socket_timeout=WAIT_S, socket_connect_timeout=WAIT_S, retry=Retry(NoBackoff(), 0), health_check_interval=0
    )
