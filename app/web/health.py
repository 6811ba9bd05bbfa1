"""For machines: is this process alive, can it work, what has it done. No names, no data."""

from __future__ import annotations

import hmac
import os
import shutil
from collections import Counter
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, jsonify, request
from sqlalchemy import text

from app.config import Settings
from app.database import unit_of_work, utcnow
from app.web import access

LEAST_FREE_BYTES = 1_000_000_000
LEAST_FREE_SHARE = 0.05

blueprint = Blueprint("health", __name__)
_answered: Counter[tuple[str, str, int]] = Counter()
_lock = Lock()


@blueprint.get("/healthz")
@access.public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@access.public
def readyz() -> tuple[Response, int]:
    """Whether requests should come here. Without Valkey they should: the pump delivers, later."""
    settings = _settings()
    checks = {"database": _database(), "disk": "ok" if has_space(settings) else "full", "queue": _queue(settings)}
    ready = checks["database"] == "ok" and checks["disk"] == "ok"
    return jsonify(ready=ready, checks=checks), 200 if ready else 503


@blueprint.get("/metrics")
@access.public
def metrics() -> Response:
    """Prometheus text for holders of SINERGI_METRICS_TOKEN; without that setting there is no such page."""
    token = _settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token is None or not hmac.compare_digest(given.encode(), token.get_secret_value().encode()):
        abort(404)
    return Response("\n".join([*_counted(), *_waiting()]) + "\n", mimetype="text/plain; version=0.0.4")


@blueprint.record_once
def _count(state: Any) -> None:
    app: Flask = state.app

    @app.after_request
    def note(response: Response) -> Response:
        with _lock:
            _answered[(request.endpoint or "none", request.method, response.status_code)] += 1
        return response


def has_space(settings: Settings) -> bool:
    """Whether something may still be stored: 1 GB free where the data are, 5 % on a small disk."""
    folder: Path = settings.data
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free >= min(LEAST_FREE_BYTES, usage.total * LEAST_FREE_SHARE)


def require_space() -> None:
    """507 before anything large is taken in, while what runs still has room. For the views that store files."""
    if not has_space(_settings()):
        abort(507)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _database() -> str:
    try:
        with unit_of_work(write=False) as session:
            session.execute(text("SELECT 1"))
    except Exception:
        return "down"
    return "ok"


def _queue(settings: Settings) -> str:
    import redis

    client = redis.Redis.from_url(settings.redis_url, socket_connect_timeout=0.3, socket_timeout=0.3, retry=None)
    try:
        client.ping()
    except redis.RedisError:
        return "down"
    finally:
        client.close()
    return "ok"


def _counted() -> list[str]:
    with _lock:
        counted = sorted(_answered.items())
    lines = [
        "# HELP sinergi_requests_total Requests answered by this process.",
        "# TYPE sinergi_requests_total counter",
    ]
    process = os.getpid()
    for (endpoint, method, status), count in counted:
        labels = f'process="{process}",endpoint="{endpoint}",method="{method}",status="{status}"'
        lines.append(f"sinergi_requests_total{{{labels}}} {count}")
    return lines


def _waiting() -> list[str]:
    """The mail ledger and the inbox, from the database: the same from every process."""
    with unit_of_work(write=False) as session:
        mails = session.execute(text("SELECT state, count(*) FROM outbox_message GROUP BY state")).all()
        reports = session.execute(text("SELECT state, count(*) FROM submission GROUP BY state")).all()
    lines = ["# HELP sinergi_mails Mails in the ledger by state.", "# TYPE sinergi_mails gauge"]
    lines += [f'sinergi_mails{{state="{state}"}} {count}' for state, count in sorted(mails)]
    lines += ["# HELP sinergi_reports Reports by state.", "# TYPE sinergi_reports gauge"]
    lines += [f'sinergi_reports{{state="{state}"}} {count}' for state, count in sorted(reports)]
    return [*lines, f"sinergi_clock_seconds {utcnow().timestamp():.0f}"]
