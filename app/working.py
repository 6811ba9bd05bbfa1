"""Carrying out long staff work: take a job, do it, write down how far it came. For workers, and pages with small work.

`STEPS` go chunk by chunk, each in a transaction: `step(session, job, actor, *, now) -> bool`, true while more is left.
`READERS` read for long without a lock, then write once: `read(session, job, actor, *, now, beat) -> finish`, and
`finish(session) -> result` runs in the transaction that ends the job. Both act with the rights the person has now;
a Refused ends the job and is its last word.
"""

from __future__ import annotations

import importlib
import logging
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from app import collector, database
from app.config import settings
from app.domain.actors import Actor
from app.domain.errors import Refused
from app.models.job import Job
from app.operations import jobs
from app.queries import accounts
from app.queries.outbox import database_time

log = logging.getLogger("sinergi.jobs")

STEPS: dict[str, str] = {
    "bulk_update": "app.operations.bulk_acts.update",
    "bulk_delete": "app.operations.bulk_acts.delete",
    "bulk_restore": "app.operations.bulk_acts.restore",
    "bulk_action": "app.operations.bulk_acts.act",
    "undo": "app.operations.bulk_acts.undo",
    "import_undo": "app.operations.import_steps.undo",
}
READERS: dict[str, str] = {
    "export": "app.operations.exports.write",
    "import_check": "app.operations.import_steps.compare",
    "import": "app.operations.import_steps.apply",
}

Stop = Callable[[], bool]


@collector.seldom()
def run(budget: float, *, stop: Stop = lambda: False, only: int | None = None) -> int:
    """Work on one job (the job `only`, where it is given) for about `budget` seconds; returns the chunks done.

    A job is never left half-written, and goes to the end of the queue when the time is over.
    """
    try:
        with database.unit_of_work() as session:
            job = jobs.claim(session, now=database_time(session), only=only)
    except OperationalError:  # SQLite: another writer is at it, perhaps with this very job
        return 0
    if job is None or job.id is None or job.lease_token is None:
        return 0
    if job.kind in READERS:
        return _read(job.id, job.lease_token)
    until, chunks = time.monotonic() + budget, 0
    while not stop():
        more = _chunk(job.id, job.lease_token)
        chunks += 1
        if not more:
            return chunks
        if time.monotonic() > until:
            break
    _put_back(job.id, job.lease_token)
    return chunks


def _chunk(job_id: int, token: str) -> bool:
    """One step, committed with how far it came; False when there is nothing more to do here."""

    def work() -> bool:
        with database.unit_of_work() as session:
            now = database_time(session)
            job = jobs.begin_chunk(session, job_id, token, now=now)
            more = _named(STEPS[job.kind])(session, job, _actor(session, job), now=now)
            jobs.end_chunk(session, job, more=more, now=database_time(session))
            return bool(more)

    return _guarded(job_id, token, work)


def _read(job_id: int, token: str) -> int:
    """Work that reads for long: a word now and then that it lives; begun again when its worker dies."""

    def beat(done: int) -> None:
        with database.unit_of_work() as session:
            jobs.begin_chunk(session, job_id, token, now=database_time(session)).done = done

    def work() -> bool:
        with database.unit_of_work(write=False) as session:
            job = session.get_one(Job, job_id)
            read = _named(READERS[job.kind])
            finish = read(session, job, _actor(session, job), now=database_time(session), beat=beat)
        with database.unit_of_work() as session:
            now = database_time(session)
            job = jobs.begin_chunk(session, job_id, token, now=now)
            job.result = finish(session)
            job.done = job.total or job.done
            jobs.end_chunk(session, job, more=False, now=now)
        return False

    _guarded(job_id, token, work)
    return 1


def _guarded(job_id: int, token: str, work: Callable[[], bool]) -> bool:
    try:
        return work()
    except jobs.LeaseLost:
        return False
    except Refused as refused:
        return _failed(job_id, token, refused)
    except DBAPIError:
        log.exception("job %s stopped by the database; it goes on when its lease is over", job_id)
        return False
    except Exception:
        log.exception("job %s failed", job_id)
        return _failed(job_id, token, Refused("job_broken"))


def _failed(job_id: int, token: str, refused: Refused) -> bool:
    with database.unit_of_work() as session:
        now = database_time(session)
        try:
            jobs.end(session, jobs.begin_chunk(session, job_id, token, now=now), "failed", now=now, error=refused)
        except jobs.LeaseLost:
            log.info("job %s was taken or cancelled meanwhile", job_id)
    return False


def _put_back(job_id: int, token: str) -> None:
    with database.unit_of_work() as session:
        now = database_time(session)
        try:
            jobs.put_back(session, jobs.begin_chunk(session, job_id, token, now=now), now=now)
        except jobs.LeaseLost:
            return


def _actor(session: Session, job: Job) -> Actor:
    """Who asked, with the rights of this moment. Refused when the account is no longer active."""
    if job.user_id is None:
        return Actor.system(job.created_by or settings().office_name)
    account = accounts.by_user(session, job.user_id)
    if account is None or not account.active:
        raise Refused("job_account_gone")
    return account.actor(request_id=job.public_id)


def _named(dotted: str) -> Callable[..., Any]:
    module, _, function = dotted.rpartition(".")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found
