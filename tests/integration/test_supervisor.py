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

PARTS = {"valkey", "mailbox", "web", "worker", "scheduler"}


class World:
    """A folder of data and the `sinergi run` that has it. Tests share it; where it was stopped the next starts it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.started: list[subprocess.Popen[bytes]] = []
        self.supervisor: subprocess.Popen[bytes] | None = None

    def start(self) -> subprocess.Popen[bytes]:
        before = self.children()  # of one that was killed: they and what is written of them live on for a moment
        self.supervisor = self.attempt(self.port)
        _until(lambda: all(self.children().get(part) not in (None, before.get(part)) for part in PARTS))
        wait_for(f"http://127.0.0.1:{self.port}/healthz", self.supervisor, self.log(self.supervisor))
        return self.supervisor

    def running(self) -> subprocess.Popen[bytes]:
        if self.supervisor is None or self.supervisor.poll() is not None:
            return self.start()
        return self.supervisor

    def attempt(self, port: int, data: str = "data") -> subprocess.Popen[bytes]:
        """As a script does with `&`: with INT ignored."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("SINERGI_")}
        env |= {"SINERGI_DATA": str(self.folder / data), "SINERGI_WEB_WORKERS": "1"}
        command = [
            "-c",
            "import signal, os, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])",
        ]
        with (self.folder / f"out-{len(self.started)}").open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, *command, sys.executable, "-m", "app.cli", "run", "--port", str(port)],
                cwd=ROOT,
                env=env,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def log(self, process: subprocess.Popen[bytes]) -> Path:
        return self.folder / f"out-{self.started.index(process)}"

    def children(self) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.folder / "data" / "world.json").read_text())["children"]
        except (OSError, ValueError, KeyError):
            return {}
        return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """What the last test leaves running ends when asked, too."""
    made = World(tmp_path_factory.mktemp("world"))
    yield made
    left = made.supervisor
    if left is not None and left.poll() is None:
        left.send_signal(signal.SIGTERM)
        assert left.wait(15) == 0
    for process in made.started:
        stop(process)


def _until(happens: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


def _gone(children: dict[str, Any]) -> bool:
    return not any(born(pid) == birth for pid, birth in children.values())


def test_busy_port_is_said(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        process = world.attempt(other.getsockname()[1], "busy")
        assert process.wait(30) == 1
    said = world.log(process).read_text()
    assert "is in use by another program" in said
    assert "Traceback" not in said


def test_second_start_with_the_same_data_is_refused(world: World) -> None:
    first = world.running()
    second = world.attempt(free_port())
    assert second.wait(30) == 1
    assert "already running" in world.log(second).read_text()
    assert first.poll() is None


def test_dead_child_is_started_again(world: World) -> None:
    process = world.running()
    before = world.children()
    for name in ("web", "valkey", "worker"):
        os.kill(before[name][0], signal.SIGKILL)
    _until(
        lambda: all(world.children().get(name, before[name]) != before[name] for name in ("web", "valkey", "worker"))
    )
    wait_for(f"http://127.0.0.1:{world.port}/healthz", process)


def test_killed_supervisor_blocks_nothing(world: World) -> None:
    """Not the next start, and that one stops as any other, see below."""
    first = world.running()
    children = world.children()
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    world.start()
    assert world.children().keys() == children.keys()
    assert _gone(children)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_stops_everything(world: World, number: signal.Signals) -> None:
    process = world.running()
    children = world.children()
    assert not _gone(children)
    process.send_signal(number)
    assert process.wait(15) == 0
    assert _gone(children)
    assert not (world.folder / "data" / "valkey" / "valkey.sock").exists()
