"""How gunicorn serves the application; the same in the embedded world, in tests and in production.

Threads, because a request mostly waits for the database; two processes, because one may be busy or die.
"""

from __future__ import annotations

from app.config import settings

_settings = settings()

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
