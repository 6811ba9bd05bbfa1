"""The product and its peers, each in a process of its own under gunicorn, signed in and ready to be asked.

All run one process with four threads and keep their connection to the database; a client keeps one connection.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from bench.form import Client
from tests.fixtures.web import free_port, hidden, stop, wait_for

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "bench" / "peers"
PEER_PYTHON = ROOT / "bench" / ".venv" / "bin" / "python"
SECRET = "bench bench bench bench bench bench"


@dataclass
class Contender:
    """Somebody signed in, on one kept connection. `kind` is product, flask_admin or django."""

    name: str
    kind: str
    client: Client

    def ask(self, path: str) -> tuple[float, str]:
        """(seconds, page); anything but a page is an error."""
        status, text, location = self.client.ask(path)
        assert status == 200, (self.name, path, status, location, text[:300])
        return self.client.seconds, text

    def send(self, path: str, form: dict[str, str]) -> float:
        """Seconds of a form that is accepted: it ends with a redirect."""
        status, text, location = self.client.ask(path, form)
        wrong = re.findall(r"errorlist[^>]*>.{0,200}|has-error.{0,200}", text, re.DOTALL)
        assert status in (302, 303), (self.name, path, status, wrong)
        assert "masuk" not in location, location
        return self.client.seconds

    def rest(self) -> None:
        """The server closes a connection nobody used for five seconds: begin the next question with a new one."""
        self.client.connection.close()


@contextmanager
def product(name: str, url: str, folder: Path) -> Iterator[Contender]:
    """The product's own server on this database, an administrator signed in."""
    port = free_port()
    chosen = {"SINERGI_DATABASE_URL": url, "SINERGI_DATA": str(folder), "SINERGI_SECRET_KEY": SECRET,
              "SINERGI_PORT": str(port), "SINERGI_PUBLIC_URL": f"http://127.0.0.1:{port}", "SINERGI_WEB_WORKERS": "1",
              "SINERGI_LOG_LEVEL": "WARNING"}  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "gunicorn", "--config", "python:app.serving", "app.wsgi:app"]
    with _running(command, folder / "web.log", port, "/healthz", ROOT, chosen):
        client = Client(port)
        link = _staff_link(url)
        _status, page, _location = client.ask(link)
        client.ask(link, hidden(page))
        yield Contender(name, "product", client)


@contextmanager
def flask_admin(name: str, url: str, folder: Path) -> Iterator[Contender]:
    with _peer("stock_flask_admin", url, folder / f"{name}.log", "/admin/") as port:
        yield Contender(name, "flask_admin", Client(port))


@contextmanager
def django(name: str, url: str, folder: Path) -> Iterator[Contender]:
    with _peer("stock_django", url, folder / f"{name}.log", "/admin/login/") as port:
        client = Client(port)
        _status, page, _location = client.ask("/admin/login/")
        client.ask("/admin/login/?next=/admin/", hidden(page) | {"username": "bench", "password": "bench"})
        yield Contender(name, "django", client)


def prepare_peers(url: str) -> None:
    """Django's own tables, and somebody who may sign in."""
    command = [str(PEER_PYTHON), "stock_django.py"]
    subprocess.run(command, cwd=PEERS, env=os.environ | {"PEER_DATABASE": url}, check=True)


@contextmanager
def _peer(module: str, url: str, log: Path, path: str) -> Iterator[int]:
    port = free_port()
    command = [str(PEER_PYTHON), "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "4",
               "--keep-alive", "5", "--timeout", "300", "--bind", f"127.0.0.1:{port}", f"{module}:app"]  # fmt: skip
    with _running(command, log, port, path, PEERS, {"PEER_DATABASE": url}):
        yield port


@contextmanager
def _running(command: list[str], log: Path, port: int, path: str, folder: Path, env: dict[str, str]) -> Iterator[None]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}{path}", process, log)
        yield
    finally:
        stop(process)


def _staff_link(url: str) -> str:
    from app import database
    from app.config import settings
    from app.operations import users

    os.environ["SINERGI_SECRET_KEY"] = SECRET
    settings.cache_clear()
    database.use(url)
    try:
        with database.unit_of_work() as session:
            person = users.find(session, "admin@kantor.example")
            made = users.one_time_link(session, person, database.utcnow(), settings())
    finally:
        database.use(None)
        database.engine(url).dispose()
    return made.removeprefix(settings().public_url)


class _Forms(HTMLParser):
    """The forms of a page that are sent by POST, as a browser would send them untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._form: dict[str, str] | None = None
        self._select: str | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        if tag == "form":
            self._form = {}
            if found.get("method", "").lower() == "post":
                self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            self._input(found, self._form)
        elif tag == "select":
            self._select = found.get("name")
        elif tag == "option" and self._select and ("selected" in found or self._select not in self._form):
            self._form[self._select] = found.get("value", "")
        elif tag == "textarea" and found.get("name"):
            self._text = found["name"]
            self._form[self._text] = ""

    @staticmethod
    def _input(found: dict[str, str], form: dict[str, str]) -> None:
        name, kind = found.get("name"), found.get("type", "text")
        if not name or kind in ("submit", "button", "image", "file", "reset") or "disabled" in found:
            return
        if kind not in ("checkbox", "radio"):
            form[name] = found.get("value", "")
        elif "checked" in found:
            form[name] = found.get("value", "on")

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._text is not None:
            self._form[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._form = None


def largest_form(page: str) -> dict[str, str]:
    """The values of the form with the most questions."""
    parser = _Forms()
    parser.feed(page)
    return max(parser.forms, key=len)
