"""Carrying out long staff work: take a job, run its chunks, each in a transaction of its own.

`KINDS` names the step of each kind: `step(session, job, actor, *, now) -> bool` does the next chunk with the rights
the person has now, moves `job.cursor` and `job.done`, and says whether more is left. A Refused ends the job.
"""

from __future__ import annotations

import importlib
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, col, select

from app import database, doorbell, stopping
from app.config import settings
from app.domain.actors import Actor
from app.domain.errors import Refused
from app.models.job import Job
from app.operations import exports, jobs
from app.queries import accounts
from app.queries.outbox import database_time

log = logging.getLogger("sinergi.jobs")

KINDS: dict[str, str] = {  # kind -> dotted step
    "bulk_update": "app.operations.bulk_acts.update",
    "bulk_delete": "app.operations.bulk_acts.delete",
    "bulk_restore": "app.operations.bulk_acts.restore",
    "undo": "app.operations.bulk_acts.undo",
}
READERS: dict[str, str] = {"export": "app.operations.exports.write"}  # these only read, in one go, and say so meanwhile
DEAF = timedelta(seconds=90)  # waiting for so long although Redis answers: nobody listens, so we do it ourselves
BUDGET_S = 20.0  # then the job goes to the end of the queue, so that mail and other work get their turn

Stop = Callable[[], bool]


def drain() -> None:
    """What a worker is rung for: one job, or a good part of it."""
    run(BUDGET_S, stop=stopping.asked)


def tick(*, stop: Stop = lambda: False) -> None:
    """Find waiting work without Redis: ring for a worker, or do it here when none hears."""
    with database.unit_of_work(write=False) as session:
        now = database_time(session)
        since = session.exec(select(Job.updated_at).where(jobs.due(now)).order_by(col(Job.id)).limit(1)).first()
    if since is None:
        return
    if now - since > DEAF or not doorbell.wake("jobs"):
        run(BUDGET_S, stop=stop)


def run(budget: float, *, stop: Stop = lambda: False) -> int:
    """Work on one job for about `budget` seconds; returns the chunks done. A job is never left half-written."""
    try:
        with database.unit_of_work() as session:
            job = jobs.claim(session, now=database_time(session))
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
    try:
        with database.unit_of_work() as session:
            now = database_time(session)
            job = jobs.begin_chunk(session, job_id, token, now=now)
            more = _named(KINDS[job.kind])(session, job, _actor(session, job), now=now)
            jobs.end_chunk(session, job, more=more, now=database_time(session))
            return bool(more)
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


def _read(job_id: int, token: str) -> int:
    """Work that reads for long: no transaction of its own but a word now and then; begun again when its worker dies."""

    def beat(done: int) -> None:
        with database.unit_of_work() as session:
            job = jobs.begin_chunk(session, job_id, token, now=database_time(session))
            job.done = done

    try:
        with database.unit_of_work(write=False) as session:
            job = session.get_one(Job, job_id)
            result = _named(READERS[job.kind])(
                session, job, _actor(session, job), now=database_time(session), beat=beat
            )
        with database.unit_of_work() as session:
            now = database_time(session)
            job = jobs.begin_chunk(session, job_id, token, now=now)
            job.result, job.done, job.expires_at = result, job.total or job.done, now + exports.KEPT
            jobs.end_chunk(session, job, more=False, now=now)
    except jobs.LeaseLost:
        return 0
    except Refused as refused:
        _failed(job_id, token, refused)
    except DBAPIError:
        log.exception("job %s stopped by the database; it goes on when its lease is over", job_id)
    except Exception:
        log.exception("job %s failed", job_id)
        _failed(job_id, token, Refused("job_broken"))
    return 1


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
