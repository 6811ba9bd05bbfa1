"""The limited process: `python -m app.sheets.child`, started by `app.sheets.sandbox` only.

It limits itself before it looks at anything, reads one request from standard input, calls one
function and writes one answer to what was standard output. Imports stay light: start-up is paid
for every file.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import pickle
import resource
import sys
import time
from typing import Any

from app.domain.errors import SheetRejected
from app.sheets.profiles import Profile

# A tenth of what is usual, so that a slow machine is no reason to refuse a file.
_PARSED_A_SECOND, _CHECKED_A_SECOND = 5_000_000, 100_000  # bytes, cells
_PARSING, _CHECKING = 3, 5  # seconds beside

_profile: Profile | None = None


def main() -> None:
    answer_to = os.dup(1)
    os.dup2(2, 1)  # nothing a library prints may reach the answer
    request = pickle.load(sys.stdin.buffer)  # noqa: S301 -- written by our own parent
    limits: Profile = request["profile"]
    _limit(limits)
    answer = _answer(request["target"], request["payload"])
    with os.fdopen(answer_to, "wb") as pipe:
        pickle.dump(answer, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    os._exit(0)  # no time for taking a million cells down one by one


def scan_done(inflated: int) -> None:
    """The file is what it says, and its size is known: a parser that goes on for longer than that takes is lost."""
    _allow(_PARSING + inflated / _PARSED_A_SECOND)


def reading_done(cells: int | None = None) -> None:
    """Rows are read and bounded: checking may use the whole memory, and time for its cells; None is all there is."""
    if _profile is not None:
        resource.setrlimit(resource.RLIMIT_AS, (_profile.memory, _profile.memory))
        _allow(_profile.cpu_seconds if cells is None else _CHECKING + cells / _CHECKED_A_SECOND)


def _allow(seconds: float) -> None:
    """So much processor time from now on, within the profile."""
    if _profile is not None:
        most = min(math.ceil(time.process_time() + seconds), _profile.cpu_seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (most, _profile.cpu_seconds + 2))


def measure(payload: Any) -> dict[str, Any]:
    """The smallest target: says what it was given and under which limits (used by tests and `doctor`)."""
    return {
        "payload": payload,
        "memory": resource.getrlimit(resource.RLIMIT_AS)[0],
        "cpu_seconds": resource.getrlimit(resource.RLIMIT_CPU)[0],
        "environment": sorted(os.environ),
    }


def _limit(limits: Profile) -> None:
    global _profile
    _profile = limits
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_reading, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_scanning, limits.cpu_seconds + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(5)  # pages before files, when both want the processor


def _answer(target: str, payload: Any) -> tuple[Any, ...]:
    module, _, name = target.partition(":")
    try:
        result = getattr(importlib.import_module(module), name)(payload)
        return "ok", result
    except SheetRejected as no:
        return "rejected", no.code, dict(no.params)
    except MemoryError:
        return "rejected", "too_large_when_opened", {}


if __name__ == "__main__":
    # Under this name the module would be loaded twice: targets must see the same `_profile`.
    from app.sheets import child

    child.main()
