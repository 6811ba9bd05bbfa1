"""Long work of staff: done chunk by chunk, whoever dies; a chunk is there whole with its cursor, or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select, update

from app import working
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import Refused
from app.models.audit import AuditEntry
from app.models.job import Job
from app.operations import audit, jobs
from app.registry import get

SHELL = Actor.system("office")


def count_up(session: Session, job: Job, actor: Actor, *, now: object) -> bool:
    """A kind of work for these tests: one audit entry a chunk."""
    if job.params.get("refuse"):
        raise Refused("import_has_errors", count=3)
    if job.params.get("break"):
        raise KeyError("a surprise")
    done = (job.cursor or {}).get("done", 0) + 1
    audit.record(session, actor=actor, now=utcnow(), entity="job", entity_id=str(done), action="update")
    job.cursor, job.done = {"done": done}, done
    return done < job.params["chunks"]


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setitem(working.STEPS, "count", f"{__name__}.count_up")


def put(chunks: int = 3, **params: object) -> int:
    with unit_of_work() as session:
        job = jobs.ask(
            session, "count", get("company"), SHELL, params={"chunks": chunks, **params}, language="id", now=utcnow()
        )
        assert job.id is not None
        return job.id


def job_of(job_id: int) -> Job:
    with unit_of_work(write=False) as session:
        return session.exec(select(Job).where(Job.id == job_id)).one()


def written() -> list[str]:
    with unit_of_work(write=False) as session:
        return list(session.exec(select(AuditEntry.entity_id).where(AuditEntry.entity == "job")).all())


def test_work_is_done_chunk_by_chunk_and_ends() -> None:
    asked = put(3)
    assert working.run(60) == 3
    assert (job_of(asked).state, job_of(asked).done, written()) == ("done", 3, ["1", "2", "3"])


def test_work_gives_others_a_turn_and_goes_on_where_it_was() -> None:
    asked = put(3)
    assert working.run(0) == 1
    assert job_of(asked).state == "queued"
    while working.run(0):
        pass
    assert written() == ["1", "2", "3"]
    assert job_of(asked).state == "done"


def test_the_same_request_twice_is_one_job() -> None:
    with unit_of_work() as session:
        twice = [
            jobs.ask(
                session, "count", get("company"), SHELL, params={"chunks": 1}, language="id", now=utcnow(),
                as_public_id="0123456789abcdef",
            ).id
            for _ in range(2)
        ]  # fmt: skip
    assert twice[0] == twice[1]


def test_a_refusal_ends_the_work_and_says_why() -> None:
    asked = put(refuse=True)
    working.run(60)
    assert job_of(asked).state == "failed"
    assert job_of(asked).error == {"code": "import_has_errors", "params": {"count": 3}}


def test_a_surprise_ends_the_work_without_a_word_of_it_on_the_page() -> None:
    asked = put(**{"break": True})
    working.run(60)
    assert (job_of(asked).error or {})["code"] == "job_broken"


def test_cancelled_work_writes_nothing_more() -> None:
    asked = put(5)
    with unit_of_work() as session:
        job = jobs.claim(session, now=utcnow())
    assert job is not None
    assert job.lease_token is not None
    with unit_of_work() as session:
        jobs.move(session, session.get_one(Job, asked), "cancelled", now=utcnow())
    with pytest.raises(jobs.LeaseLost), unit_of_work() as session:
        jobs.begin_chunk(session, asked, job.lease_token, now=utcnow())
    assert working.run(60) == 0
    assert written() == []


def test_two_workers_never_hold_one_job() -> None:
    put(1)
    with unit_of_work() as session:
        assert jobs.claim(session, now=utcnow()) is not None
    with unit_of_work() as session:
        assert jobs.claim(session, now=utcnow()) is None


def test_work_of_a_dead_worker_is_taken_up_when_its_lease_is_over() -> None:
    asked = put(3)
    with unit_of_work() as session:
        jobs.claim(session, now=utcnow())
    assert working.run(60) == 0
    with unit_of_work() as session:
        session.exec(update(Job).where(col(Job.id) == asked).values(lease_until=utcnow() - timedelta(seconds=1)))
    assert working.run(60) == 3


def test_work_that_kills_its_workers_is_given_up() -> None:
    asked = put(1)
    for _ in range(jobs.MAX_TRIES):
        with unit_of_work() as session:
            assert jobs.claim(session, now=utcnow()) is not None
            session.exec(update(Job).where(col(Job.id) == asked).values(lease_until=utcnow() - timedelta(seconds=1)))
    working.run(60)
    assert (job_of(asked).state, (job_of(asked).error or {})["code"]) == ("failed", "job_given_up")


DIES = """
import os, signal, sys
from app import working, database
from tests.integration import test_jobs
working.STEPS["count"] = "tests.integration.test_jobs.count_up"
ended = working.jobs.end_chunk
def die(session, job, **rest):
    ended(session, job, **rest)
    if job.done == 2:
        session.flush()
        os.kill(os.getpid(), signal.SIGKILL)
working.jobs.end_chunk = die
working.run(60)
"""


@pytest.mark.kill
def test_kill_in_the_middle_of_a_chunk_repeats_and_loses_nothing() -> None:
    asked = put(4)
    died = subprocess.run([sys.executable, "-c", DIES], check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-2000:]
    assert written() == ["1"]
    with unit_of_work() as session:
        session.exec(update(Job).where(col(Job.id) == asked).values(lease_until=utcnow() - timedelta(seconds=1)))
    working.run(60)
    assert written() == ["1", "2", "3", "4"]
    assert job_of(asked).state == "done"
