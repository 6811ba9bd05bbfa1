"""What one installation's processes agreed on: ports, and whose they are. `world.json` in the data folder.

Other commands (`sinergi link issue` beside a running demo) read the ports from here, see `app.config`.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.config import WORLD_FILE


class Busy(Exception):
    """Somebody else holds what this start needs; the text is a sentence for the person who started it."""


def read(data: Path) -> dict[str, Any]:
    """{"settings": {...}, "children": {name: [pid, birth]}}, empty when nothing ran here yet."""
    try:
        found = json.loads((data / WORLD_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def note(data: Path, **changes: Any) -> None:
    """Write down what changed; what else stands there stays."""
    content = read(data) | changes
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, aside = tempfile.mkstemp(dir=data)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
    os.replace(aside, data / WORLD_FILE)


@contextmanager
def held(data: Path) -> Iterator[None]:
    """This process alone supervises `data`; the kernel lets go when it ends, however it ends. Raises Busy."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "supervisor.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"Sinergi is already running with the data in {data}.") from None
        yield


def free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server will
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def first_free(host: str, port: int, taken: set[int]) -> int:
    """The first port from `port` on that nobody uses."""
    for candidate in range(port, min(port + 200, 65536)):
        if candidate not in taken and free(host, candidate):
            return candidate
    raise Busy(f"No free port found from {port} on.")
