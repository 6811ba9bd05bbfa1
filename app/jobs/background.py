"""Long work of staff, found by workers and by the clock."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from app import database, doorbell, stopping, working
from app.models.job import Job
from app.operations import jobs
from app.queries import office
from app.queries.outbox import database_time

DEAF = timedelta(seconds=90)  # waiting for so long although Redis answers: nobody listens, so we do it ourselves
BUDGET_S = 20.0  # then the job goes to the end of the queue, so that mail and other work get their turn


def drain() -> None:
    """What a worker is rung for: one job, or a good part of it."""
    with database.unit_of_work(write=False) as session:
        office.refresh(session)  # dates of files are those of the office
    working.run(BUDGET_S, stop=stopping.asked)


def tick(*, stop: working.Stop = lambda: False) -> None:
    """Find waiting work without Redis: ring for a worker, or do it here when none hears."""
    with database.unit_of_work(write=False) as session:
        now = database_time(session)
        since = session.exec(select(Job.updated_at).where(jobs.due(now)).order_by(col(Job.id)).limit(1)).first()
    if since is None:
        return
    if now - since > DEAF or not doorbell.wake("jobs"):
        working.run(BUDGET_S, stop=stop)
