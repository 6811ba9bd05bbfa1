"""The scheduler process: pumps mail every few seconds and starts what the schedule says. Any number may run."""

from __future__ import annotations

import importlib
import logging
import subprocess
import sys
import time

from sqlalchemy.exc import DBAPIError

from app import database, stopping
from app.config import settings
from app.jobs import background, schedule
from app.queries.outbox import database_time

log = logging.getLogger("sinergi.scheduler")

PUMP = "notifications.pump"


def run() -> None:
    """Until asked to stop. A database that is away is asked again at the next tick."""
    stopping.listen()
    pump = importlib.import_module(PUMP)
    every = pump.timing_of(settings()).tick
    children: dict[str, subprocess.Popen[bytes]] = {}
    while not stopping.asked():
        started = time.monotonic()
        try:
            start_due(children)
            pump.tick(stop=stopping.asked)
            background.tick(stop=stopping.asked)
        except Exception:
            log.exception("tick failed")
        _reap(children)
        stopping.wait(max(0.1, every - (time.monotonic() - started)))
    for child in children.values():
        child.terminate()


def start_due(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Start each task whose time has come and which no other scheduler took."""
    for task in schedule.SCHEDULE:
        with database.unit_of_work() as session:
            now = database_time(session)
            slot = task.slot(now, settings().office_time_zone)
            won = schedule.take(session, task, slot=slot, now=now)
        if won:
            log.info("starting %s", task.name)
            children[task.name] = subprocess.Popen([sys.executable, "-m", "app.cli", "scheduler", "--only", task.name])


def run_only(name: str) -> bool:
    """Run one task here and note how it ended; False when it failed."""
    task = schedule.find(name)
    error: str | None = None
    try:
        schedule.call(task)
    except Exception as failed:
        log.exception("%s failed", name)
        error = f"{type(failed).__name__}: {failed}"
    try:
        with database.unit_of_work() as session:
            schedule.finish(session, name, now=database_time(session), error=error)
    except DBAPIError:
        log.exception("the end of %s could not be noted", name)
    return error is None


def _reap(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in list(children.items()):
        if child.poll() is not None:
            del children[name]
