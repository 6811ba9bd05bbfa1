"""The rq worker of this product: it looks into the database when idle, and ends when asked.

Losing Redis stops nothing: between two tries to reach it the worker pumps by itself.
"""

from __future__ import annotations

import importlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from redis.retry import Retry
from rq import Queue, Worker, worker_registration
from rq.exceptions import DequeueTimeout, StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import WorkerStatus

from app import database, doorbell, stopping
from app.config import settings
from app.jobs import background

log = logging.getLogger("sinergi.worker")

PUMP = "notifications.pump"  # by name, as jobs are: what sends mail stands above the wiring of queues
HORSE_GRACE_S = 7.0

Tick = Callable[[], object]


def work(queue: str = doorbell.QUEUE, *, burst: bool = False) -> None:
    """Work until asked to stop (or, with `burst`, until the queue is empty and nothing is due)."""
    stopping.listen()
    pump = importlib.import_module(PUMP)
    every = pump.timing_of(settings()).tick
    tick = _Every(every, lambda: _pump(pump))
    while not stopping.asked():
        tick()
        try:
            worker = BellWorker([queue], connection=_connection(), serializer=JSONSerializer, worker_ttl=90, tick=tick)
            worker.work(logging_level="WARNING", burst=burst)
        except (RedisError, OSError) as away:
            log.warning("Redis does not answer (%s); mail is pumped without it", type(away).__name__)
        except StopRequested:
            break
        if burst:
            break
        stopping.wait(1.0)


class BellWorker(Worker):
    """A fork worker on one queue (with several rq can lose a job between queue and worker)."""

    def __init__(self, *args: Any, tick: Tick, **options: Any) -> None:
        super().__init__(*args, **options)
        self._tick = tick

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Wait for a job in short steps, pumping between them; a lost Redis ends `work`, whose caller comes back."""
        self.set_state(WorkerStatus.IDLE)
        while not (self._stop_requested or stopping.asked()):
            self._tick()
            try:
                return self._next(timeout and 1)
            except DequeueTimeout:
                continue
            except (RedisConnectionError, RedisTimeoutError) as away:
                log.warning("Redis is gone (%s)", away)
                break
        raise StopRequested

    def _next(self, timeout: int | None) -> tuple[Job, Queue] | None:
        """The next job; None when the queue is empty and `timeout` None. Raises DequeueTimeout."""
        self.heartbeat()
        if not self.connection.sismember(worker_registration.REDIS_WORKER_KEYS, self.key):
            worker_registration.register(self)  # Redis was wiped: tell it again that we are here
        if self.should_run_maintenance_tasks:
            self.run_maintenance_tasks()  # type: ignore[no-untyped-call]
        found: tuple[Job, Queue] | None = self.queue_class.dequeue_any(
            self._ordered_queues,
            timeout,
            connection=self.connection,
            job_class=self.job_class,
            serializer=self.serializer,
            death_penalty_class=self.death_penalty_class,
        )
        if found is not None:
            found[0].redis_server_version = self.get_redis_server_version()  # type: ignore[no-untyped-call]
        self.heartbeat()
        return found

    def subscribe(self) -> None:
        """rq's remote commands are not used, and their listening thread is a danger to a process that forks."""

    def execute_job(self, job: Job, queue: Queue) -> None:
        database.dispose()  # a connection must not be shared with the child
        super().execute_job(job, queue)

    def request_stop(self, signum: int, frame: Any) -> None:
        """Never raises in the middle of something: the waiting loops look at the flag."""
        stopping.ask()
        self._stop_requested = True
        self.handle_warm_shutdown_request()

    request_force_stop = request_stop

    def handle_warm_shutdown_request(self) -> None:
        """Ask the horse to end after its message; take it down when it does not."""
        if not self.horse_pid:
            return
        with suppress(ProcessLookupError):
            os.kill(self.horse_pid, signal.SIGTERM)
        late = threading.Timer(HORSE_GRACE_S, self.kill_horse)
        late.daemon = True
        late.start()

    def setup_work_horse_signals(self) -> None:
        stopping.forget()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: stopping.ask())
        end_with_parent = stopping.with_parent()  # then its message goes back to the queue at once
        if end_with_parent:
            end_with_parent()

    def _install_signal_handlers(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.request_stop)


class _Every:
    """Calls an action at most every `seconds`."""

    def __init__(self, seconds: float, action: Tick) -> None:
        self._seconds = seconds
        self._action = action
        self._due = 0.0

    def __call__(self) -> None:
        if time.monotonic() >= self._due:
            self._action()
            self._due = time.monotonic() + self._seconds


def _pump(pump: Any) -> None:
    try:
        pump.tick(stop=stopping.asked)
        background.tick(stop=stopping.asked)
    except Exception:  # the database is away: the next tick asks again
        log.exception("pump failed")


def _connection() -> Redis:
    return Redis.from_url(settings().redis_url, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))
