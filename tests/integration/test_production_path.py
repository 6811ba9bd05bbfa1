"""The production path for real: PostgreSQL and Valkey over TCP, an SMTP relay, two web processes and two workers."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from app import database
from app.config import settings
from tests.fixtures.production import Processes
from tests.fixtures.smtp import Sink
from tests.fixtures.web import ROOT, free_port, hidden, wait_for
from tests.integration.company import issue

PASSWORD = "kuda lumping di pasar pagi"

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("production")]


class Visitor:
    """Asks the web processes by turns, so that nothing may be remembered in one of them.

    Keeps cookies as Chromium does on 127.0.0.1, where it trusts plain http.
    """

    def __init__(self, addresses: list[str]) -> None:
        jar = CookieJar(DefaultCookiePolicy(secure_protocols=["http", "https"]))
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        self._turns = itertools.cycle(addresses)
        self.path = "/"
        self.page = ""

    def get(self, path: str) -> str:
        return self._ask(path, None)

    def post(self, path: str | None = None, **values: str) -> str:
        """Send the form of the page one is on."""
        return self._ask(path or self.path, hidden(self.page) | values)

    def _ask(self, path: str, fields: dict[str, str] | None) -> str:
        data = None if fields is None else urlencode(fields).encode()
        headers = {"Sec-Fetch-Site": "same-origin"}
        request = urllib.request.Request(urljoin(next(self._turns) + self.path, path), data=data, headers=headers)
        try:
            with self._opener.open(request, timeout=30) as answer:
                self.page = answer.read().decode()
                self.path = urlsplit(answer.url).path
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{refused.code} from {path}\n{refused.read().decode()}") from None
        return self.page


@pytest.fixture
def office(
    postgres_tcp: str, valkey_tcp: str, smtp: Sink, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Addresses of two web processes; two workers and a scheduler run beside them."""
    monkeypatch.setenv("SINERGI_DATABASE_URL", postgres_tcp)
    monkeypatch.setenv("SINERGI_REDIS_URL", valkey_tcp)
    ports = [free_port(), free_port()]
    monkeypatch.setenv("SINERGI_PUBLIC_URL", f"http://127.0.0.1:{ports[0]}")
    settings.cache_clear()
    processes.run("release")
    for port in ports:
        web = processes.start("web", SINERGI_PORT=str(port), SINERGI_WEB_WORKERS="1")
        wait_for(f"http://127.0.0.1:{port}/healthz", web)
    for name in ("worker", "worker", "scheduler"):
        processes.start(name)
    return [f"http://127.0.0.1:{port}" for port in ports]


def test_company_reports_and_staff_see_it(office: list[str], smtp: Sink, processes: Processes) -> None:
    database.use(settings().database_url)
    link, _nib = issue()
    database.dispose()
    database.use(None)
    invitation = smtp.wait(1)[0]  # the worker sent the link
    assert link in invitation.text

    company = Visitor(office)
    company.get(link)
    page = company.post(do="open")
    duty = re.search(r'action="(/laporan/[a-z0-9]{16})"', page)
    assert duty, page
    company.post(duty[1], mode="nil")
    page = company.post(name="Siti Contoh", position="Manajer HRD", email="", do="send")
    code = re.search(r"SNG-20\d\d-[2-9A-Z]{4}-[2-9A-Z]", page)
    assert code, page
    receipt = smtp.wait(2)[1]
    assert code[0] in receipt.text
    assert receipt.recipients == invitation.recipients

    staff = Visitor(office)
    printed = _sinergi("user", "invite", "kepala@kantor.example", "--role", "admin", "--json")
    staff.get(urlsplit(json.loads(printed)["url"]).path)
    staff.post(password=PASSWORD, password_confirm=PASSWORD)
    assert staff.path.startswith("/staff"), staff.page
    assert json.loads(_sinergi("outbox", "status", "--json"))["accepted"] == 2
    assert json.loads(_sinergi("audit", "verify", "--json"))["ok"]

    for process in processes.running:
        process.send_signal(signal.SIGTERM)
    assert [process.wait(30) for process in processes.running] == [0] * len(processes.running)


def _sinergi(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
