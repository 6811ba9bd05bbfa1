"""Figures of many records at once, over the million companies of the lists: an export of all, an edit of 100,000.

Each runs in a process of its own on a copy of the database (PostgreSQL: the export only reads, the edit is taken
back). The floor of the export is the same bytes without the product: the cells of one page written again and again.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import million

ROOT = Path(__file__).resolve().parent.parent
ROWS, EDITED = 1_000_000, 100_000
FIRST_BYTE_S, GROWTH_MB, RATE = 0.5, 60.0, 5_000.0


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "sinergi.db"
        shutil.copy(million.sqlite(ROWS), copy)
        figures("SQLite", f"sqlite:///{copy}")
    with million.postgres(ROWS) as url:
        figures("PostgreSQL", url)


def figures(engine: str, url: str) -> None:
    answer = measured("export", url)
    first = answer["first_byte_s"]
    report(f"export_first_byte_{engine}", first, "s", first / FIRST_BYTE_S, "0.5 s", "<= 0.5 s", first <= FIRST_BYTE_S,
           answer["rows"])  # fmt: skip
    grown = answer["grown_mb"]
    report(f"export_memory_{engine}", grown, "MB", grown / GROWTH_MB, "60 MB", "<= 60 MB", grown <= GROWTH_MB,
           answer["rows"])  # fmt: skip
    edit = measured("edit", url)
    rate = edit["rows"] / edit["seconds"]
    report(f"bulk_edit_{engine}", round(rate), "rows/s", rate / RATE, "5,000 rows/s with audit", ">= 5,000 rows/s",
           rate >= RATE, edit["rows"])  # fmt: skip


def report(figure: str, value: float, unit: str, ratio: float, against: str, goal: str, ok: bool, n: int) -> None:
    line: dict[str, Any] = {"figure": figure, "value": round(value, 3), "unit": unit, "ratio": round(ratio, 3)}
    print(json.dumps(line | {"against": against, "goal": goal, "ok": ok, "n": n}), flush=True)


def measured(what: str, url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "SINERGI_DATA": folder, "SINERGI_SECRET_KEY": "bench bench bench bench bench bench"}
        done = subprocess.run(
            [sys.executable, "-m", "bench.many", what, url],
            cwd=ROOT,
            env=env,
            check=True,
            capture_output=True,
            text=True,
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def export(url: str) -> dict[str, Any]:
    """The whole list as CSV through the application, as a browser asks for it."""
    from app import database
    from app.config import settings
    from app.factory import create_app
    from app.operations import users

    database.use(url)
    app = create_app(settings())
    client = app.test_client()
    with database.unit_of_work() as session:
        person = users.find(session, "admin@kantor.example")
        link = users.one_time_link(session, person, database.utcnow(), settings()).removeprefix(settings().public_url)
    client.get(link)
    from tests.fixtures.web import hidden

    client.post(link, data=hidden(client.get(link).text))
    client.get("/staff/company/export/csv/?now=1&q=9120000000007", buffered=True)  # what is loaded once is loaded
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    answer = client.get("/staff/company/export/csv/?now=1", buffered=False)
    pieces = iter(answer.response)
    next(pieces)
    first = time.perf_counter() - started
    lines = sum(piece.count(b"\r\n") for piece in pieces)
    seconds = time.perf_counter() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert answer.status_code == 200, answer.status
    return {"first_byte_s": first, "seconds": seconds, "rows": lines, "grown_mb": grown}


def edit(url: str) -> dict[str, Any]:
    """100,000 matching records get a new value in the worker, each with its audit entry; then it is taken back."""
    from app import database, working
    from app.domain.actors import Actor
    from app.models.job import Job
    from app.operations import bulk_acts
    from app.queries.selection import Selection
    from app.registry import get

    database.use(url)
    actor, company = Actor.system("bench"), get("company")
    ids = Selection(up_to=EDITED + EDITED // 900)
    with database.unit_of_work() as session:
        job = bulk_acts.ask(
            session, "bulk_update", company, actor, ids, values={"risk": "low"}, language="id", now=database.utcnow()
        )
        job.params = {**job.params, "selection": {**job.params["selection"], "up_to": ids.up_to}}
    started = time.perf_counter()
    while working.run(600):
        pass
    seconds = time.perf_counter() - started
    with database.unit_of_work(write=False) as session:
        done = session.get_one(Job, job.id)
        assert done.state == "done", done.error
        changed = int(done.result["changed"])
    with database.unit_of_work() as session:
        bulk_acts.ask_undo(session, session.get_one(Job, job.id), actor, language="id", now=database.utcnow())
    started = time.perf_counter()
    while working.run(600):
        pass
    return {"rows": changed, "seconds": seconds, "undo_seconds": time.perf_counter() - started}


if __name__ == "__main__":
    print(json.dumps({"export": export, "edit": edit}[sys.argv[1]](sys.argv[2])))
