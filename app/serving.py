"""How gunicorn serves the application; the same in the embedded world, in tests and in production.

Threads, because a request mostly waits for the database; two processes, because one may be busy or die.
"""

from __future__ import annotations

import gc
import logging
import socket
import struct
from typing import Any

from app.config import settings

_PATIENCE_S = 15  # without a byte of a request that was begun: a phone that lost its network holds a thread until then
_settings = settings()
gc.disable()  # until all is imported: what is loaded then stays, and a fifth of the start goes into looking through it

bind = f"{_settings.host}:{_settings.port}"
worker_class = "gthread"
workers = _settings.web_workers
threads = _settings.web_threads
preload_app = True  # imported once, then forked: starts faster, shares memory
timeout = 60
graceful_timeout = 5
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
limit_request_line = 4_094
control_socket_disable = True
loglevel = _settings.log_level.lower()


def pre_fork(_server: Any, _worker: Any) -> None:
    """What was loaded once lives as long as the process: the collector need not walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.enable()


def when_ready(server: Any) -> None:
    """Every connection inherits the patience of the socket it came in by. Proxies that buffer never need it."""
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", _PATIENCE_S, 0))
    server.log.error_log.addFilter(_is_fault)


def _is_fault(record: logging.LogRecord) -> bool:
    """Patience that ran out is no fault of ours and fills no log."""
    return not (record.exc_info and isinstance(record.exc_info[1], BlockingIOError))
