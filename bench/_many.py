"""Many records at once, on a copy of the million companies: an export of all, an edit of a tenth of them.

Each runs in a process of its own. The edit is killed once in its middle by SIGKILL and goes on in a new process; its
rate is of the part that was not disturbed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench._report import Report

ROOT = Path(__file__).resolve().parent.parent
SHARE = 10  # one row of so many is edited
FIRST_BYTE_S, GROWTH_MB, RATE = 0.5, 60.0, 5_000.0
CHUNK = 2_000  # rows the worker writes in one transaction


def figures(report: Report, engine: str, url: str, rows: int) -> None:
    answer = _measured("export", url)
    first = answer["first_byte_s"]
    said = f"all in {answer['seconds']:.0f} s"
    report.line(f"CSV export, first byte, {engine}", first, "s", f"<= {FIRST_BYTE_S} s", first <= FIRST_BYTE_S,
                answer["rows"], ratio=first / FIRST_BYTE_S, against=said)  # fmt: skip
    grown = answer["grown_mb"]
    report.line(f"CSV export, memory, {engine}", grown, "MB", f"<= {GROWTH_MB:g} MB", grown <= GROWTH_MB,
                answer["rows"], ratio=grown / GROWTH_MB, against=said)  # fmt: skip
    edited = rows // SHARE
    edit = _measured("edit", url, str(edited))
    rate = edit["rows"] / edit["seconds"]
    report.line(f"bulk edit with audit, {engine}", rate, "rows/s", f">= {RATE:,.0f} rows/s", rate >= RATE,
                edit["rows"], ratio=rate / RATE, against="each row with its audit entry")  # fmt: skip
    again = _resumed(url, edited)
    report.line(f"bulk edit after SIGKILL, {engine}", again["once"], "rows", f"{again['rows']:,} rows, each once",
                again["once"] == again["rows"] == again["entries"], edited,
                ratio=again["once"] / max(again["rows"], 1), against=f"killed at {again['before']:,} rows")  # fmt: skip


def _measured(what: str, url: str, *arguments: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(_command(what, url, *arguments), cwd=ROOT, env=_env(folder), check=True,
                              stdout=subprocess.PIPE, text=True)  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _resumed(url: str, edited: int) -> dict[str, int]:
    """Begin an edit, kill its worker, let another go on; how many rows have exactly one audit entry of it."""
    with tempfile.TemporaryDirectory() as folder:
        begun = subprocess.Popen(_command("begin", url, str(edited)), cwd=ROOT, env=_env(folder),
                                 stdout=subprocess.PIPE, text=True)  # fmt: skip
        assert begun.stdout is not None
        for _chunk in range(edited // CHUNK // 2 + 1):
            begun.stdout.readline()
        time.sleep(0.1)
        begun.send_signal(signal.SIGKILL)
        begun.wait()
    return _measured("finish", url)


def _command(what: str, url: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "bench._many", what, url, *arguments]


def _env(folder: str) -> dict[str, str]:
    return os.environ | {"SINERGI_DATA": folder, "SINERGI_SECRET_KEY": "bench bench bench bench bench bench",
                         "SINERGI_LOG_LEVEL": "WARNING"}  # fmt: skip


def export(url: str) -> dict[str, Any]:
    """The whole list as CSV through the application, as a browser asks for it."""
    from app import database
    from app.config import settings
    from app.factory import create_app
    from app.operations import users
    from tests.fixtures.web import hidden

    database.use(url)
    client = create_app(settings()).test_client()
    with database.unit_of_work() as session:
        person = users.find(session, "admin@kantor.example")
        link = users.one_time_link(session, person, database.utcnow(), settings()).removeprefix(settings().public_url)
    client.post(link, data=hidden(client.get(link).text))
    client.get("/staff/company/export/csv/?now=1&q=9120000000007", buffered=True)  # what is loaded once is loaded
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _memory("VmRSS")
    started = time.perf_counter()
    answer = client.get("/staff/company/export/csv/?now=1", buffered=False)
    assert answer.status_code == 200, answer.status
    pieces = iter(answer.response)
    next(pieces)
    first = time.perf_counter() - started
    lines = sum(piece.count(b"\r\n") for piece in pieces)
    seconds = time.perf_counter() - started
    grown = (_memory("VmHWM") - before) / 1024
    return {"first_byte_s": first, "seconds": seconds, "rows": lines, "grown_mb": grown}


def _memory(name: str) -> int:
    """kB of this process; not from getrusage, whose peak a process inherits from the one that started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


def edit(url: str, edited: str) -> dict[str, Any]:
    """So many matching records get a new value in the worker, each with its audit entry."""
    from app import database
    from app.models.job import Job

    job = _ask(url, int(edited), "low")
    started = time.perf_counter()
    _work()
    seconds = time.perf_counter() - started
    with database.unit_of_work(write=False) as session:
        done = session.get_one(Job, job)
        assert done.state == "done", done.error
        return {"rows": int(done.result["changed"]), "seconds": seconds}


def begin(url: str, edited: str) -> dict[str, Any]:
    """The same again, until somebody kills it."""
    from app import working

    def told() -> bool:
        print("a chunk begins", flush=True)
        return False

    _ask(url, int(edited), "high")
    working.run(600, stop=told)
    raise SystemExit("it was over before it could be killed")


def finish(url: str) -> dict[str, Any]:
    """Another worker goes on, once the lease of the dead one is over."""
    from datetime import timedelta

    from sqlalchemy import text
    from sqlmodel import col, select

    from app import database
    from app.models.job import Job

    database.use(url)
    with database.unit_of_work() as session:
        job = session.exec(select(Job).order_by(col(Job.id).desc())).first()
        assert job is not None
        assert job.state == "running", job.state
        assert job.lease_until is not None
        id_, before = job.id, job.done
        job.lease_until = database.utcnow() - timedelta(seconds=1)  # instead of waiting for it
    _work()
    with database.unit_of_work(write=False) as session:
        done = session.get_one(Job, id_)
        assert done.state == "done", (done.state, done.error)
        entries = "SELECT count(*), count(DISTINCT entity_id) FROM audit_entry WHERE batch = :batch"
        counted, once = session.execute(text(entries), {"batch": done.public_id}).one()
        return {"rows": int(done.result["changed"]), "entries": counted, "once": once, "before": before}


def _ask(url: str, edited: int, risk: str) -> int:
    from app import database
    from app.domain.actors import Actor
    from app.operations import bulk_acts
    from app.queries.selection import Selection
    from app.registry import get

    database.use(url)
    ids = Selection(up_to=edited + edited // 900)
    with database.unit_of_work() as session:
        job = bulk_acts.ask(session, "bulk_update", get("company"), Actor.system("bench"), ids, values={"risk": risk},
                            language="id", now=database.utcnow())  # fmt: skip
        job.params = {**job.params, "selection": {**job.params["selection"], "up_to": ids.up_to}}
        return int(job.id or 0)


def _work() -> None:
    from app import working

    while working.run(600):
        pass


if __name__ == "__main__":
    steps: dict[str, Callable[..., dict[str, Any]]] = {"export": export, "edit": edit, "begin": begin, "finish": finish}
    print(json.dumps(steps[sys.argv[1]](*sys.argv[2:])))
