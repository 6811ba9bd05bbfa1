"""The demo world on a free port, for figures that need a browser or a client."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fixtures.browser import ARGUMENTS
from tests.fixtures.web import free_port, stop, wait_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
AXE = ROOT / "app" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass(frozen=True)
class Site:
    """A running office: its address, a one-time staff link a call, and a living company link."""

    url: str

    @contextmanager
    def strict(self) -> Iterator[Site]:
        """The same office by another door that is no demo and demands a second step of everybody."""
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        more = {"SINERGI_PORT": str(port), "SINERGI_PUBLIC_URL": url, "SINERGI_DEMO": "0", "SINERGI_FACTOR_FOR": "all"}
        with _served(port, os.environ | more):
            yield Site(url)

    def staff_link(self) -> str:
        from app import database
        from app.config import settings
        from app.operations import users

        with database.unit_of_work() as session:
            person = users.find(session, "admin@kantor.example")
            return users.one_time_link(session, person, database.utcnow(), settings())

    def company_link(self) -> str:
        """The link of a company whose report has not been sent."""
        from sqlmodel import col, select

        from app import database
        from app.models.duty import Duty
        from app.models.form_link import FormLink
        from app.operations import links

        with database.unit_of_work(write=False) as session:
            waiting = select(FormLink).join(Duty, col(Duty.id) == col(FormLink.duty_id)).where(
                col(Duty.state).in_(("sent", "opened")), col(FormLink.revoked_at).is_(None),
                col(FormLink.expires_at) > database.utcnow())  # fmt: skip
            found = session.exec(waiting.order_by(col(FormLink.id).desc())).first()
            assert found is not None, "the demo has a waiting company"
            return links.url_of(found)

    def reporting_link(self) -> str:
        """The living link of a company whose people of last time are known, and whose address takes a code."""
        from sqlmodel import col, select

        from app import database
        from app.models.form_link import FormLink
        from app.operations import links
        from app.queries import roster

        with database.unit_of_work(write=False) as session:
            living = select(FormLink).where(
                col(FormLink.revoked_at).is_(None), col(FormLink.email).is_not(None),
                col(FormLink.expires_at) > database.utcnow())  # fmt: skip
            for found in session.exec(living):
                if roster.exists(session, found.company_id):
                    return links.url_of(found)
        raise AssertionError("the demo has a company with people")

    def expired_link(self) -> str:
        """The link of a new company, its time over."""
        from datetime import timedelta

        from app import database
        from app.operations import links

        url = self.fresh_link()
        with database.unit_of_work() as session:
            found = links.find(session, url.rpartition("/")[2], now=database.utcnow())
            found.expires_at = database.utcnow() - timedelta(days=1)
            session.add(found)
        return url

    def mailed_code(self) -> str:
        """The newest code that waits to be mailed."""
        from sqlmodel import col, select

        from app import database
        from app.models.outbox_message import OutboxMessage

        with database.unit_of_work(write=False) as session:
            newest = select(OutboxMessage).where(OutboxMessage.kind == "code").order_by(col(OutboxMessage.id).desc())
            return str(session.exec(newest).first().context["code"])  # type: ignore[union-attr]

    def fresh_link(self) -> str:
        """The link of a new company that never reported: its journey has every step."""
        import secrets

        from app import database
        from app.domain.actors import Actor
        from app.models.company import Company
        from app.operations import links, records
        from app.registry import get

        name, now = f"PT Contoh {secrets.choice('ABCDEFGH')}{secrets.token_hex(3)}", database.utcnow()
        with database.unit_of_work() as session:
            made = records.save(session, get("company"), {"legal_name": name}, Actor.system("bench"), now=now)
            company = session.get_one(Company, made.id)
            return links.url_of(
                links.issue(session, "wajib-lapor", company, actor=Actor.system("bench"), now=now, mail=False)
            )

    def ids(self) -> dict[str, Any]:
        """A public id of every registry, and of a report and a message."""
        from sqlalchemy import text

        from app import database
        from app.registry import registries

        made: dict[str, Any] = {}
        with database.unit_of_work(write=False) as session:
            for name in [*registries(), "submission", "outbox_message", "receipt"]:
                column = "short_code" if name == "receipt" else "public_id"
                made[name] = session.execute(text(f'SELECT {column} FROM "{name}" ORDER BY id LIMIT 1')).scalar()
            waiting = "SELECT public_id FROM submission WHERE state = 'submitted' ORDER BY rows_ok LIMIT 1"
            made["waiting"] = session.execute(text(waiting)).scalar()
        return made


@contextmanager
def running() -> Iterator[Site]:
    """Load the demo into a new folder and serve it with the product's own server."""
    folder, port = Path(tempfile.mkdtemp(prefix="sinergi-bench-")), free_port()
    chosen = {"SINERGI_DATA": str(folder), "SINERGI_PORT": str(port), "SINERGI_PUBLIC_URL": f"http://127.0.0.1:{port}",
              "SINERGI_WEB_WORKERS": "1", "SINERGI_LOG_LEVEL": "WARNING"}  # fmt: skip
    os.environ.update(chosen)
    from app.config import settings

    settings.cache_clear()
    load = [sys.executable, "-m", "app.cli", "demo", "--load-only", "--data", str(folder)]
    subprocess.run(load, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with _served(port, os.environ):
            yield Site(f"http://127.0.0.1:{port}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _served(port: int, environment: Mapping[str, str]) -> Iterator[None]:
    log = Path(os.environ["SINERGI_DATA"]) / f"web-{port}.log"
    server = [sys.executable, "-m", "gunicorn", "--config", "python:app.serving", "app.wsgi:app"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            server, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True, env=environment
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process, log)
        yield
    finally:
        stop(process)


@contextmanager
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *sandbox])
        yield browser
        browser.close()
