"""A process the supervisor starts, watches, starts again and stops."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app import stopping

_LOG_LIMIT = 5_000_000  # bytes; a longer log is set aside at the next start
_CALM_S = 60.0  # a child that ran this long starts again at once when it dies
_SLOWEST_S = 30.0


@dataclass
class Child:
    """One command. `start` and `tick` belong to the main thread: the kernel ties the child's life to that thread."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    due: float = 0.0

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                list(self.command),
                env=dict(self.env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches the supervisor only; a group can be killed whole
                preexec_fn=stopping.with_parent(),  # where there is none the next start ends it
            )
        self.started = time.monotonic()

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def tick(self, now: float) -> str | None:
        """Start again when dead and due; a sentence when it has just died."""
        if self.alive():
            return None
        if self.process is not None:
            code, self.process = self.process.returncode, None
            self.failures = 1 if now - self.started > _CALM_S else self.failures + 1
            wait = min(_SLOWEST_S, 0.5 * 2 ** (self.failures - 1))
            self.due = now + wait
            how = f"signal {-code}" if code < 0 else f"exit {code}"
            return f"{self.name} stopped ({how}); starting again in {wait:.1f} s. See {self.log}"
        if now >= self.due:
            self.start()
        return None

    def signal(self, number: int) -> None:
        if self.process is not None and self.alive():
            self.process.send_signal(number)

    def kill_group(self) -> None:
        """End the process and whatever it left running."""
        if self.process is None:
            return
        kill_group(self.process.pid)
        self.process.wait()

    def tail(self, lines: int = 15) -> str:
        """The end of its log, for the message of a start that failed."""
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def born(pid: int) -> str | None:
    """When a process started, in the kernel's ticks: with the pid it names one process for ever. None when gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *rest = stat.rpartition(")")[2].split()
    return None if state == "Z" else rest[18]


def end_orphan(pid: int, birth: str | None, patience: float = 5.0) -> bool:
    """End a process left by a supervisor that was killed; False when it is gone or is another one by now."""
    if birth is None or born(pid) != birth:
        return False
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + patience
    while born(pid) == birth and time.monotonic() < until:
        time.sleep(0.05)
    kill_group(pid)
    return True


def kill_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
