"""How fast a page of the company's report is, beside a bare Flask-WTF form of the same questions on the same server.

Both run under gunicorn with one process and four threads, SQLite beneath. Asked in alternating blocks over one
kept connection; medians. GET = the page "Identity and passport" of a person in a draft; POST = that page sent
(visit, CSRF, check of every cell, draft saved in one transaction, redirect). The sending of a whole report (submission,
receipt, mail and audit in one COMMIT) has no peer and is only said.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.fixtures.web import free_port, hidden, stop, wait_for

BLOCKS, A_BLOCK, GOAL = 12, 25, 0.5
PERSON = {
    "full_name": "KIM MIN JI", "sex": "F", "nationality": "Korea Selatan", "passport_number": "M12345678",
    "birth_place": "Seoul", "passport_country": "",
}  # fmt: skip
OURS = PERSON | {"birth_date-d": "25", "birth_date-m": "3", "birth_date-y": "1985", "passport_expires_on-d": "31",
                 "passport_expires_on-m": "12", "passport_expires_on-y": "2029", "do": "next"}  # fmt: skip
BARE = PERSON | {"birth_date": "1985-03-25", "passport_expires_on": "2029-12-31", "nationality": "KOR"}


@dataclass
class Client:
    """One kept connection with cookies, as a browser has it."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """(status, text, location)."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        self.connection.request("GET" if form is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.seconds = time.perf_counter() - started
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, text, answer.headers.get("Location", "")


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="sinergi-bench-"))
    ours, bare = free_port(), free_port()
    link = prepare(folder, ours)
    processes = [serve(folder), serve_bare(folder, bare)]
    try:
        wait_for(f"http://127.0.0.1:{ours}/healthz", processes[0], folder / "web.log")
        wait_for(f"http://127.0.0.1:{bare}/", processes[1], folder / "bare.log")
        measure(ours, bare, link)
    finally:
        for process in processes:
            stop(process)


def prepare(folder: Path, port: int) -> str:
    """An office with one company and its link."""
    os.environ.update(SINERGI_DATA=str(folder), SINERGI_PORT=str(port), SINERGI_WEB_WORKERS="1",
                      SINERGI_LOG_LEVEL="WARNING", SINERGI_PUBLIC_URL=f"http://127.0.0.1:{port}")  # fmt: skip
    from app.database import create_schema
    from tests.integration.company import issue

    create_schema()
    return issue()[0]


def serve(folder: Path) -> subprocess.Popen[bytes]:
    with (folder / "web.log").open("wb") as log:
        command = [sys.executable, "-m", "gunicorn", "--config", "python:app.serving", "app.wsgi:app"]
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)


def serve_bare(folder: Path, port: int) -> subprocess.Popen[bytes]:
    with (folder / "bare.log").open("wb") as log:
        command = [sys.executable, "-m", "gunicorn", "--config", "python:app.serving", "--bind", f"127.0.0.1:{port}",
                   "bench.peers.bare_form:app"]  # fmt: skip
        env = os.environ | {"BARE_FORM_DATABASE": str(folder / "bare.db")}
        return subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, env=env)


def measure(ours_port: int, bare_port: int, link: str) -> None:
    ours, bare = Client(ours_port), Client(bare_port)
    page = begin(ours, link)
    times: dict[str, list[float]] = {name: [] for name in ("get", "post", "bare_get", "bare_post", "send")}
    for block in range(BLOCKS + 1):
        kept = times if block else {name: [] for name in times}  # the first block warms up
        ours.connection.close()  # the server may have closed it while the other was asked
        ours.ask(page)
        for _ in range(A_BLOCK):
            status, text, _ = ours.ask(page)
            assert status == 200, status
            kept["get"].append(ours.seconds)
            status, text, location = ours.ask(page, hidden(text) | OURS)
            assert (status, "bagian=2" in location) == (303, True), (status, location, text[:500])
            kept["post"].append(ours.seconds)
        bare.connection.close()
        bare.ask("/")
        for _ in range(A_BLOCK):
            status, text, _ = bare.ask("/")
            assert status == 200, status
            kept["bare_get"].append(bare.seconds)
            status, text, _ = bare.ask("/", hidden(text) | BARE)
            assert status == 303, text
            kept["bare_post"].append(bare.seconds)
    ours.connection.close()
    for _ in range(20):
        times["send"].append(send(ours, page))
    for kind in ("get", "post"):
        report(f"form_{kind}", times[kind], times[f"bare_{kind}"])
    sending = statistics.median(times["send"])
    print(f"a whole report is sent in {sending * 1000:.1f} ms", file=sys.stderr)


def begin(client: Client, link: str) -> str:
    """From the link to a draft with one person; the address of the person's first page."""
    _, text, _ = client.ask(link)
    client.ask(link, hidden(text) | {"do": "open"})
    _, text, _ = client.ask("/laporan")
    duty = re.search(r'href="(/laporan/[a-z0-9]{16})"', text)
    assert duty, text
    _, text, _ = client.ask(duty[1])
    client.ask(duty[1], hidden(text) | {"mode": "one"})
    _, text, _ = client.ask(f"{duty[1]}/orang?bagian=1")
    client.ask(f"{duty[1]}/orang?bagian=1", hidden(text) | OURS)
    return f"{duty[1]}/orang?n=1&bagian=1"


def send(client: Client, page: str) -> float:
    """Seconds of sending a nil report, again and again: each is a new version."""
    duty = page.partition("/orang")[0]
    _, text, _ = client.ask(duty)
    client.ask(duty, hidden(text) | {"mode": "nil"})
    _, text, _ = client.ask(f"{duty}/periksa")
    form = {"name": "Siti Contoh", "position": "HRD", "email": "", "do": "send"}
    status, text, location = client.ask(f"{duty}/periksa", hidden(text) | form)
    assert status == 303, text[:500]
    assert "/tanda-terima/" in location, location
    return client.seconds


def report(figure: str, mine: list[float], peer: list[float]) -> None:
    """`ratio` is of requests a second: ours to the bare form's."""
    value = statistics.median(mine)
    line = {"figure": figure, "value": round(value * 1000, 2), "unit": "ms"}
    bare = statistics.median(peer)
    ratio = bare / value
    against = f"bare Flask-WTF form {bare * 1000:.2f} ms"
    line |= {"ratio": round(ratio, 2), "against": against, "goal": f">= {GOAL:g}", "ok": ratio >= GOAL}
    print(json.dumps(line | {"n": len(mine)}))


if __name__ == "__main__":
    main()
