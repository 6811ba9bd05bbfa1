"""Runs one function on one untrusted file in a process of its own, under limits.

A fresh interpreter, not a fork: the web is threaded, and the secrets of the parent stay out of it
(no environment, no open files). Whatever happens in there becomes an answer or one `SheetRejected`.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import pickle
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import app.sheets.wording  # noqa: F401 (registers the sentences of the codes raised here)
from app.domain.errors import SheetRejected
from app.sheets.profiles import Profile, profile

_ROOT = Path(__file__).resolve().parents[2]
_AT_ONCE = threading.BoundedSemaphore(2)  # children a process
_IN_LINE = threading.BoundedSemaphore(
    5
)  # and those waiting: a rush of slow files must not hold every thread of the web
_WAIT_SECONDS = 12
_CHUNK = 1 << 20
_STDERR_BYTES = 64 * 1024
_PLAIN = {("builtins", name) for name in ("set", "frozenset", "bytearray", "complex", "slice", "range")}
_PLAIN |= {("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")}
_PLAIN |= {("decimal", "Decimal"), ("uuid", "UUID"), ("collections", "OrderedDict"), ("copyreg", "__newobj__")}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a child handed back, or why not, and what it cost."""

    result: Any
    rejected: SheetRejected | None
    peak_bytes: int
    seconds: float


def run_limited(target: str, payload: Any, limits: str | Profile = "link") -> Any:
    """Call `target` ("package.module:function") with `payload` in a limited child; its result.

    `payload` is picklable; the result is made of plain values and of classes of `app`. Raises
    `SheetRejected`: the one the target raised, or `too_large_when_opened`, `took_too_long`,
    `damaged`, `busy`. An error in our own code comes as `RuntimeError`.

    Example: `run_limited("app.sheets.child:measure", {"path": "list.xlsx"}, "link")`
    """
    ran = run_measured(target, payload, limits)
    if ran.rejected is not None:
        raise ran.rejected
    return ran.result


def run_measured(target: str, payload: Any, limits: str | Profile = "link") -> Ran:
    """As `run_limited`, but hands a rejection over instead of raising it, with peak memory and wall time."""
    bounds = profile(limits)
    started = time.monotonic()
    with _turn() as mine:
        if not mine:
            return Ran(None, SheetRejected("busy"), 0, time.monotonic() - started)
        started = time.monotonic()
        child = _start({"target": target, "payload": payload, "profile": bounds})
        result, rejected, peak = _outcome(child, bounds)
    seconds = time.monotonic() - started
    if rejected is not None:
        log.info("sheet rejected: %s in %.2f s, peak %d MB", rejected.code, seconds, peak >> 20)
    return Ran(result, rejected, peak, seconds)


@contextlib.contextmanager
def _turn() -> Iterator[bool]:
    if not _IN_LINE.acquire(blocking=False):
        yield False
        return
    try:
        if not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
            yield False
            return
        try:
            yield True
        finally:
            _AT_ONCE.release()
    finally:
        _IN_LINE.release()


def _start(request: dict[str, Any]) -> subprocess.Popen[bytes]:
    with tempfile.TemporaryFile() as question:
        pickle.dump(request, question, protocol=pickle.HIGHEST_PROTOCOL)
        question.seek(0)
        return subprocess.Popen(
            [sys.executable, "-s", "-m", "app.sheets.child"],
            stdin=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=_ROOT,
            env=_environment(),
            start_new_session=True,
        )


def _outcome(child: subprocess.Popen[bytes], bounds: Profile) -> tuple[Any, SheetRejected | None, int]:
    answer = said = b""
    rejected = None
    try:
        answer, said = _collect(child, bounds)
    except SheetRejected as no:
        rejected = no
    finally:
        peak = _end(child)
    if rejected is None:
        try:
            return _understand(answer, said, child.returncode), None, peak
        except SheetRejected as no:
            rejected = no
    return None, rejected, peak


def _environment() -> dict[str, str]:
    """Nothing of ours: settings and secrets stay with the parent."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(_ROOT),
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MALLOC_ARENA_MAX": "2",  # arenas count as address space
    }


def _collect(child: subprocess.Popen[bytes], bounds: Profile) -> tuple[bytes, bytes]:
    assert child.stdout is not None
    assert child.stderr is not None
    deadline = time.monotonic() + bounds.wall_seconds
    kept: dict[str, list[bytes]] = {"answer": [], "said": []}
    size = {"answer": 0, "said": 0}
    most = {"answer": bounds.result_bytes, "said": _STDERR_BYTES}
    with selectors.DefaultSelector() as waiting:
        waiting.register(child.stdout, selectors.EVENT_READ, "answer")
        waiting.register(child.stderr, selectors.EVENT_READ, "said")
        while waiting.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise SheetRejected("took_too_long")
            for key, _ in waiting.select(left):
                piece = os.read(key.fd, _CHUNK)
                size[key.data] += len(piece)
                if not piece:
                    waiting.unregister(key.fileobj)
                elif size[key.data] <= most[key.data]:
                    kept[key.data].append(piece)
                elif key.data == "answer":
                    raise SheetRejected("too_large_when_opened")
    return b"".join(kept["answer"]), b"".join(kept["said"])


def _end(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child that is done, kill one that is not; its peak memory in bytes."""
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
    patience = time.monotonic() + 0.5
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            return usage.ru_maxrss * 1024
        if time.monotonic() > patience:
            os.killpg(child.pid, signal.SIGKILL)
        time.sleep(0.002)


def _understand(answer: bytes, said: bytes, returncode: int) -> Any:
    if returncode == 0 and answer:
        if b"Traceback" in said:
            log.warning("sheet child stumbled: %s", said[-4000:].decode("utf-8", "backslashreplace"))
        told = _Answers(io.BytesIO(answer)).load()
        if told[0] == "rejected":
            raise SheetRejected(told[1], **told[2])
        return told[1]
    words = said[-4000:].decode("utf-8", "backslashreplace")
    if returncode in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM):
        raise SheetRejected("took_too_long")
    if any(sign in words for sign in ("memory allocation of", "MemoryError", "capacity overflow", "cannot allocate")):
        raise SheetRejected("too_large_when_opened")  # the parser asked for more than it may have, and aborted
    if returncode < 0:
        log.warning("sheet child died of signal %d: %s", -returncode, words)
        raise SheetRejected("damaged")
    raise RuntimeError(f"sheet child ended with {returncode}: {words}")


class _Answers(pickle.Unpickler):
    """Plain values and our own classes: a child that a file talked into mischief hands over no code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith("app.") and "." not in name:  # dots would lead on to what our modules import
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not an answer")
