"""Asking a worker or scheduler process to end: TERM and INT set a flag that long loops look at.

The handlers are set by us, because a process started with `&` from a script ignores INT and Python then installs none.
"""

from __future__ import annotations

import ctypes
import functools
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType

LAST_WORD_S = 9.0  # a process that could not end by itself in this time ends all the same; no state lives in it
_PR_SET_PDEATHSIG = 1

_asked = threading.Event()


def listen() -> None:
    """Take TERM and INT for this process from now on."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _on_signal)


def asked() -> bool:
    """Whether somebody asked us to stop."""
    return _asked.is_set()


def wait(seconds: float) -> bool:
    """Sleep, shorter when asked to stop; True when asked."""
    return _asked.wait(seconds)


def ask() -> None:
    """Stop soon; a second time does nothing more."""
    if not _asked.is_set():
        _asked.set()
        last_word = threading.Timer(LAST_WORD_S, os._exit, (0,))
        last_word.daemon = True
        last_word.start()


def forget() -> None:
    """In a fresh child: what the parent was asked is not asked of us."""
    _asked.clear()


def with_parent() -> Callable[[], object] | None:
    """To be called in a fresh child: TERM for it when its parent dies. None where no kernel does that."""
    libc = _libc()
    if libc is None or not hasattr(libc, "prctl"):
        return None
    return functools.partial(libc.prctl, _PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


@functools.cache
def _libc() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(None, use_errno=True)
    except OSError:
        return None


def _on_signal(_number: int, _frame: FrameType | None) -> None:
    ask()
