"""The embedded world starts as one, heals, stops as one, and leaves nothing behind, however it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.embedded.child import born
from tests.fixtures.web import ROOT, free_port, stop, wait_for

pytestmark = [pytest.mark.kill, pytest.mark.xdist_group("supervisor")]

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts `sinergi run` as a script does with `&`: with INT ignored."""
    running: list[subprocess.Popen[bytes]] = []

    def go(port: int, data: Path | None = None) -> subprocess.Popen[bytes]:
        env = {name: value for name, value in os.environ.items() if not name.startswith("SINERGI_")}
        env |= {"SINERGI_DATA": str(data or tmp_path / "data"), "SINERGI_WEB_WORKERS": "1"}
        out = (tmp_path / f"out-{len(running)}").open("wb")
        command = [
            "-c",
            "import signal, os, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])",
        ]
        process = subprocess.Popen(
            [sys.executable, *command, sys.executable, "-m", "app.cli", "run", "--port", str(port)],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        running.append(process)
        return process

    yield go
    for process in running:
        stop(process)


def _up(port: int, process: subprocess.Popen[bytes], tmp_path: Path) -> None:
    wait_for(f"http://127.0.0.1:{port}/healthz", process, tmp_path / "out-0")
    _until(lambda: {"valkey", "mailbox", "web", "worker", "scheduler"} <= _children(tmp_path).keys())


def _children(tmp_path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((tmp_path / "data" / "world.json").read_text())["children"]
    except (OSError, ValueError, KeyError):
        return {}
    return found


def _until(happens: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


def _gone(children: dict[str, Any]) -> bool:
    return not any(born(pid) == birth for pid, birth in children.values())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_everything(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    process = start(port)
    _up(port, process, tmp_path)
    children = _children(tmp_path)
    assert not _gone(children)
    process.send_signal(number)
    assert process.wait(15) == 0
    assert _gone(children)
    assert not (tmp_path / "data" / "valkey" / "valkey.sock").exists()


def test_killed_supervisor_blocks_nothing(start: Start, tmp_path: Path) -> None:
    port = free_port()
    first = start(port)
    _up(port, first, tmp_path)
    children = _children(tmp_path)
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    second = start(port)
    _until(lambda: bool(_children(tmp_path)) and _children(tmp_path) != children)
    _up(port, second, tmp_path)
    assert _gone(children)
    second.send_signal(signal.SIGTERM)
    assert second.wait(15) == 0


def test_dead_child_is_started_again(start: Start, tmp_path: Path) -> None:
    port = free_port()
    process = start(port)
    _up(port, process, tmp_path)
    before = _children(tmp_path)
    for name in ("web", "valkey", "worker"):
        os.kill(before[name][0], signal.SIGKILL)
    _until(
        lambda: all(_children(tmp_path).get(name, before[name]) != before[name] for name in ("web", "valkey", "worker"))
    )
    wait_for(f"http://127.0.0.1:{port}/healthz", process)


def test_busy_port_is_said(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        process = start(other.getsockname()[1])
        assert process.wait(30) == 1
    said = (tmp_path / "out-0").read_text()
    assert "is in use by another program" in said
    assert "Traceback" not in said


def test_second_start_with_the_same_data_is_refused(start: Start, tmp_path: Path) -> None:
    port = free_port()
    first = start(port)
    _up(port, first, tmp_path)
    second = start(free_port())
    assert second.wait(30) == 1
    assert "already running" in (tmp_path / "out-1").read_text()
    assert first.poll() is None
