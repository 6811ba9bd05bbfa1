"""Runs one function on one untrusted file in a process of its own, under limits.

A fresh interpreter, not a fork: the web is threaded, and the secrets of the parent stay out of it
(no environment, no open files). Whatever happens in there becomes an answer or one `SheetRejected`.
"""

from __future__ import annotations

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import app.sheets.wording  # noqa: F401 (registers the sentences of the codes raised here)
from app.domain.errors import SheetRejected
from app.sheets.profiles import Profile, profile

_ROOT = Path(__file__).resolve().parents[2]
_AT_ONCE = threading.BoundedSemaphore(2)  # children a process: a rush of uploads waits, pages do not
_WAIT_SECONDS = 30
_CHUNK = 1 << 20
_STDERR_BYTES = 64 * 1024
_PLAIN = {("builtins", name) for name in ("set", "frozenset", "bytearray", "complex", "slice", "range")}
_PLAIN |= {("datetime", name) for name in ("date", "datetime", "time", "timedelta", "timezone")}
_PLAIN |= {("decimal", "Decimal"), ("uuid", "UUID"), ("collections", "OrderedDict"), ("copyreg", "__newobj__")}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a child handed back and what it cost."""

    result: Any
    peak_bytes: int
    seconds: float


def run_limited(target: str, payload: Any, limits: str | Profile = "link") -> Any:
    """Call `target` ("package.module:function") with `payload` in a limited child; its result.

    `payload` is picklable; the result is made of plain values and of classes of `app`. Raises
    `SheetRejected`: the one the target raised, or `too_large_when_opened`, `took_too_long`,
    `damaged`, `busy`. An error in our own code comes as `RuntimeError`.

    Example: `run_limited("app.sheets.child:measure", {"path": "list.xlsx"}, "link")`
    """
    return run_measured(target, payload, limits).result


def run_measured(target: str, payload: Any, limits: str | Profile = "link") -> Ran:
    """As `run_limited`, with the child's peak memory and wall time; `SheetRejected.params` never carry them."""
    bounds = profile(limits)
    if not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
        raise SheetRejected("busy")
    started = time.monotonic()
    try:
        answer = _run({"target": target, "payload": payload, "profile": bounds}, bounds)
    finally:
        _AT_ONCE.release()
    seconds = time.monotonic() - started
    if answer[0] == "rejected":
        log.info("sheet rejected: %s in %.2f s, peak %d MB", answer[1], seconds, answer[3] >> 20)
        raise SheetRejected(answer[1], **answer[2])
    return Ran(answer[1], answer[2], seconds)


def _run(request: dict[str, Any], bounds: Profile) -> tuple[Any, ...]:
    with tempfile.TemporaryFile() as question:
        pickle.dump(request, question, protocol=pickle.HIGHEST_PROTOCOL)
        question.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-s", "-m", "app.sheets.child"],
            stdin=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=_ROOT,
            env=_environment(),
            start_new_session=True,
        )
    try:
        answer, said = _collect(child, bounds)
    finally:
        _end(child)
    return _understand(answer, said, child.returncode)


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


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        try:
            child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()


def _understand(answer: bytes, said: bytes, returncode: int) -> tuple[Any, ...]:
    if returncode == 0 and answer:
        understood: tuple[Any, ...] = _Answers(io.BytesIO(answer)).load()
        return understood
    if returncode == -signal.SIGXCPU or returncode == -signal.SIGKILL:
        raise SheetRejected("took_too_long")
    if b"memory allocation of" in said or b"MemoryError" in said or b"capacity overflow" in said:
        raise SheetRejected("too_large_when_opened")  # calamine asked for more than it may have, and aborts
    if returncode < 0:
        raise SheetRejected("damaged")
    raise RuntimeError(f"sheet child ended with {returncode}: {said[-4000:].decode('utf-8', 'backslashreplace')}")


class _Answers(pickle.Unpickler):
    """Plain values and our own classes: a child that a file talked into mischief hands over no code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.startswith("app."):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not an answer")
