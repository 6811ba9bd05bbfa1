"""Flask extensions without an app: made here, given their app by `app.factory`, used by web and doors only."""

from __future__ import annotations

import hashlib
import hmac

from flask import current_app, request
from flask_babel import Babel
from flask_limiter import Limiter
from flask_mail import Mail
from flask_security import Security
from flask_wtf import CSRFProtect


def sender(*also: str) -> str:
    """Who is counted by a rate limit: the address, and what else is given, as a keyed hash. Valkey learns no names."""
    counted = "\0".join((request.remote_addr or "127.0.0.1", *also))
    key: bytes = current_app.config["LIMIT_KEY"]
    return hmac.new(key, counted.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(key_func=sender)
mail = Mail()
security = Security()
