"""The production path for real: PostgreSQL and Valkey over TCP, an SMTP relay, two web processes and two workers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app import database
from app.config import settings
from app.domain.actors import Actor
from tests.fixtures.production import Processes
from tests.fixtures.smtp import Sink
from tests.fixtures.web import ROOT, free_port, wait_for

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("production")]


class Browser:
    """Keeps cookies as Chromium does on 127.0.0.1, where it trusts plain http."""

    def __init__(self) -> None:
        jar = CookieJar(DefaultCookiePolicy(secure_protocols=["http", "https"]))
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, url: str) -> tuple[int, str]:
        return self._ask(urllib.request.Request(url))

    def post(self, url: str, fields: dict[str, str]) -> tuple[int, str]:
        request = urllib.request.Request(url, data=urlencode(fields).encode(), method="POST")
        origin = "/".join(url.split("/")[:3])
        request.add_header("Origin", origin)
        request.add_header("Referer", url)
        return self._ask(request)

    def _ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()


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


def test_processes_of_the_procfile_serve_staff_and_send_mail(
    office: list[str], smtp: Sink, now: datetime, admin_actor: Actor
) -> None:
    for url in office:
        assert Browser().get(f"{url}/readyz")[0] == 200
        status, page = Browser().get(f"{url}/masuk")
        assert status == 200
        assert "csrf_token" in page
    printed = _sinergi("outbox", "status", "--json")
    assert json.loads(printed)["oldest_due_s"] in (None, 0)


def _sinergi(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
