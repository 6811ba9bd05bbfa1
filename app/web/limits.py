"""Rate limits. They count in Valkey, and in this process while Valkey is away: never open, never a 500."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, g, request
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.config import Settings
from app.extensions import limiter, sender

LOGIN_PER_ADDRESS = "30 per minute; 300 per hour"
LOGIN_PER_ACCOUNT = "5 per minute; 20 per hour"  # failed ones, from one address: a stranger cannot lock a person out
ONE_TIME_LINK = "20 per minute"


def init_app(app: Flask, settings: Settings) -> None:
    app.config.update(
        RATELIMIT_STORAGE_URI=_storage(settings.redis_url),
        RATELIMIT_STORAGE_OPTIONS=_options(),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_SWALLOW_ERRORS=True,  # Valkey may die between the check and the count of a failed login
        RATELIMIT_STRATEGY="fixed-window",
        RATELIMIT_KEY_PREFIX="sinergi",
        RATELIMIT_HEADERS_ENABLED=False,
    )
    limiter.init_app(app)
    limiter._storage_dead = False  # what an earlier application of this process (a test's) found out


def limit_login(view: Callable[..., Any]) -> Callable[..., Any]:
    """Flask-Security's login view with both limits."""
    per_account = limiter.limit(LOGIN_PER_ACCOUNT, key_func=_address_and_account, methods=["POST"], deduct_when=failed)
    per_address = limiter.limit(LOGIN_PER_ADDRESS, methods=["POST"])
    limited: Callable[..., Any] = per_account(per_address(view))
    return limited


def _address_and_account() -> str:
    return sender(request.form.get("email", "").strip().lower()[:254])


def failed(response: Response) -> bool:
    """A password that is right is answered by a redirect, or by the page of the second step."""
    return response.status_code == 200 and not g.get("second_step")


def _storage(url: str) -> str:
    return "redis+unix://" + url.removeprefix("unix://") if url.startswith("unix://") else url


def _options() -> dict[str, Any]:
    """No retries: redis-py would try for seconds while somebody waits for a page."""
    return {"socket_connect_timeout": 0.3, "socket_timeout": 0.3, "retry": Retry(NoBackoff(), 0)}
