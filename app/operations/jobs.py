"""The life of a long piece of staff work: asked for, taken, carried on chunk by chunk, ended.

A chunk is one transaction that first renews the lease of its job (on PostgreSQL that locks the row, on SQLite the
write lock is held anyway), then writes records, audit entries and the cursor together. So kill -9 at any moment
repeats nothing and loses nothing: the next worker goes on after the last committed chunk.
`now` is the clock of the database (`app.queries.outbox.database_time`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, null, or_, update
from sqlmodel import Session, col, select

from app.domain.actors import Actor
from app.domain.errors import Refused
from app.domain.states import JOB_MOVES
from app.models.job import Job
from app.models.record import new_public_id
from app.registry import Registry

Step = Callable[..., bool]  # (session, job, actor, *, now) -> is more left
LEASE = timedelta(seconds=40)
MAX_TRIES = 4  # deaths or surprises on one chunk


class LeaseLost(Exception):
    """Another worker has the job, or it was cancelled: the chunk must not be committed."""


def ask(
    session: Session,
    kind: str,
    registry: Registry,
    actor: Actor,
    *,
    params: Mapping[str, Any],
    language: str,
    now: datetime,
    total: int | None = None,
    as_public_id: str | None = None,
) -> Job:
    """Put a piece of work down and ring for a worker; asked twice with one `as_public_id`, it is there once."""
    if as_public_id:
        known = session.exec(select(Job).where(Job.public_id == as_public_id)).first()
        if known is not None:
            return known
    job = Job(
        kind=kind,
        registry_key=registry.key,
        user_id=actor.user_id,
        language=language,
        params=dict(params),
        total=total,
        created_at=now,
        created_by=actor.name,
        updated_at=now,
        public_id=as_public_id or new_public_id(),
    )
    session.add(job)
    session.flush()
    _ring(session)
    return job


def due(now: datetime) -> ColumnElement[bool]:
    """Jobs that wait, and running ones whose worker died."""
    return or_(col(Job.state) == "queued", (col(Job.state) == "running") & (col(Job.lease_until) < now))


def carry_out(session: Session, job: Job, actor: Actor, step: Step, *, now: datetime) -> None:
    """Do small work at once, in the transaction that asked for it: nobody has to wait for a worker."""
    while step(session, job, actor, now=now):
        session.flush()
    end(session, job, "done", now=now)


def claim(session: Session, *, now: datetime, only: int | None = None) -> Job | None:
    """Take the oldest job that waits or whose worker died (or the job `only`), or None."""
    first = select(Job.id).where(due(now)).order_by(col(Job.id)).limit(1)
    if only is not None:
        first = first.where(col(Job.id) == only)
    if session.get_bind().dialect.name == "postgresql":
        first = first.with_for_update(skip_locked=True)
    job_id = session.exec(first).first()
    if job_id is None:
        return None
    token = secrets.token_hex(16)
    taken = _changed(
        session,
        update(Job)
        .where(col(Job.id) == job_id, due(now))
        .values(state="running", tries=col(Job.tries) + 1, lease_token=token, lease_until=now + LEASE, updated_at=now),
    )
    job = session.get(Job, job_id, populate_existing=True) if taken else None
    if job is not None and job.tries > MAX_TRIES:
        end(session, job, "failed", now=now, error=Refused("job_given_up"))
        return None
    return job


def begin_chunk(session: Session, job_id: int, token: str, *, now: datetime) -> Job:
    """The job, locked for one chunk. Raises LeaseLost."""
    held = (col(Job.id) == job_id, col(Job.lease_token) == token, col(Job.state) == "running")
    if not _changed(session, update(Job).where(*held).values(lease_until=now + LEASE)):
        raise LeaseLost
    job = session.get(Job, job_id, populate_existing=True)
    assert job is not None
    return job


def end_chunk(session: Session, job: Job, *, more: bool, now: datetime) -> None:
    """Note that a chunk went well: the job goes on, or is done."""
    job.tries, job.updated_at, job.lease_until = 1, now, now + LEASE
    session.add(job)
    if not more:
        end(session, job, "done", now=now)


def put_back(session: Session, job: Job, *, now: datetime) -> None:
    """Let others have a turn: the job waits for the next worker, which is rung for."""
    job.state, job.lease_token, job.lease_until, job.tries, job.updated_at = "queued", None, None, 0, now
    session.add(job)
    _ring(session)


def end(session: Session, job: Job, state: str, *, now: datetime, error: Refused | None = None) -> None:
    """The last word on a job."""
    job.state, job.lease_token, job.lease_until = state, None, None
    job.finished_at = job.updated_at = now
    job.error = {"code": error.code, "params": dict(error.params)} if error else None
    job.row_version += 1
    session.add(job)


def move(session: Session, job: Job, state: str, *, now: datetime) -> None:
    """What a person decides: cancel, try again. Refused where the job cannot go there any more."""
    moved = state in JOB_MOVES[job.state] and _changed(
        session,
        update(Job)
        .where(col(Job.id) == job.id, col(Job.state) == job.state)
        .values(
            state=state,
            lease_token=None,
            lease_until=None,
            tries=0,
            updated_at=now,
            finished_at=None if state == "queued" else now,
            **({"error": null()} if state == "queued" else {}),
            row_version=col(Job.row_version) + 1,
        ),
    )
    if not moved:
        raise Refused("job_cannot", state=job.state)
    session.refresh(job)
    if state == "queued":
        _ring(session)


def _changed(session: Session, statement: Any) -> bool:
    result: CursorResult[Any] = session.connection().execute(statement)
    return result.rowcount == 1


def _ring(session: Session) -> None:
    session.info.setdefault("rings", set()).add("jobs")
