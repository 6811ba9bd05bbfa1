"""The local mail box as a process: it takes mail by SMTP, keeps it over a restart, and shows it without danger."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from app.embedded.world import first_free

Start = Callable[[], subprocess.Popen[bytes]]


@pytest.fixture
def ports() -> tuple[int, int]:
    smtp = first_free("127.0.0.1", 20_000 + os.getpid() % 20_000, set())
    return smtp, first_free("127.0.0.1", smtp + 1, {smtp})


@pytest.fixture
def start(tmp_path: Path, ports: tuple[int, int]) -> Iterator[Start]:
    running: list[subprocess.Popen[bytes]] = []
    env = {name: value for name, value in os.environ.items() if not name.startswith("SINERGI_MAIL_")} | {
        "SINERGI_DATA": str(tmp_path / "data"),
        "SINERGI_MAIL_PORT": str(ports[0]),
        "SINERGI_MAILBOX_PORT": str(ports[1]),
    }

    def run() -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-m", "app.mailbox"], env=env)
        running.append(process)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            assert process.poll() is None
            try:
                get(ports[1], "/api").close()
            except OSError:
                time.sleep(0.05)
            else:
                return process
        raise AssertionError("the mail box did not start")

    yield run
    for process in running:
        process.kill()
        process.wait()


def test_mail_is_taken_listed_shown_and_kept(start: Start, ports: tuple[int, int]) -> None:
    process = start()
    send(ports[0])
    (listed,) = api(ports[1], "/api?to=penerima")["messages"]
    assert listed["subject"] == "Tautan laporan"
    assert api(ports[1], "/api?to=somebody-else")["messages"] == []
    whole = api(ports[1], f"/api/{listed['id']}")
    assert whole["links"] == ["http://localhost:8000/t/abc"]
    assert whole["files"] == [{"name": "tanda-terima.pdf", "type": "application/pdf", "size": 4}]
    page = text(ports[1], f"/mail/{listed['id']}")
    assert '<a href="http://localhost:8000/t/abc"' in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    with get(ports[1], f"/mail/{listed['id']}/file/0") as answer:
        assert answer.read() == b"%PDF"
        assert "attachment" in answer.headers["Content-Disposition"]
    process.send_signal(signal.SIGKILL)
    process.wait()
    start()
    assert api(ports[1], "/api")["count"] == 1, "an accepted mail survives a kill"


def test_a_strangers_html_cannot_do_anything(start: Start, ports: tuple[int, int]) -> None:
    start()
    send(ports[0])
    with get(ports[1], "/mail/1/html") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "<script>" in answer.read().decode()
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in text(ports[1], "/mail/1")


def test_a_page_of_another_name_gets_nothing(start: Start, ports: tuple[int, int]) -> None:
    start()
    request = urllib.request.Request(f"http://127.0.0.1:{ports[1]}/api", headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=5)
    assert refused.value.code == 421


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_asked(start: Start, number: signal.Signals) -> None:
    process = start()
    process.send_signal(number)
    assert process.wait(10) == 0


def send(port: int) -> None:
    message = EmailMessage()
    message["From"] = "Kantor <sinergi@kantor.example>"
    message["To"] = "penerima@pt.example"
    message["Subject"] = "Tautan laporan"
    message.set_content("Silakan <script>alert(1)</script> buka http://localhost:8000/t/abc.\n")
    message.add_alternative("<html><head></head><body><script>alert(1)</script>Halo</body></html>", subtype="html")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="tanda-terima.pdf")
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as smtp:
        smtp.send_message(message)


def get(port: int, path: str) -> HTTPResponse:
    answer: HTTPResponse = urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5)
    return answer


def text(port: int, path: str) -> str:
    with get(port, path) as answer:
        return answer.read().decode()


def api(port: int, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text(port, path))
    return found
