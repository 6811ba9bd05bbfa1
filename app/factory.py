"""The composition root: one Flask application out of settings, the web layer and the doors."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import web
from app.config import Settings
from app.web import access

DOORS = ("forms", "admin", "notifications")


def create_app(settings: Settings) -> Flask:
    """A ready application. Touches neither database nor network."""
    app = Flask("app", root_path=str(Path(__file__).parent), instance_path=str(settings.data))
    app.config.update(_configuration(settings))
    app.extensions["settings"] = settings
    web.init_app(app, settings)
    for name in DOORS:
        importlib.import_module(name).init_app(app)
    web.finish(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    host = urlsplit(settings.public_url).hostname
    return {
        "SECRET_KEY": settings.key("session").hex(),
        "RESEND_KEY": settings.key("resend"),
        "LIMIT_KEY": settings.key("limit"),
        "PUBLIC_URL": settings.public_url,
        "TRUSTED_PROXIES": settings.trusted_proxies,
        # An https address is served under its own name only; a plain one is a demo on any address of the network.
        "OWN_HOSTS": frozenset({host, "localhost", "127.0.0.1", "::1"}) if _is_https(settings) else None,
        "PREFERRED_URL_SCHEME": settings.public_url.partition("://")[0],
        "MAX_CONTENT_LENGTH": (10 + access.FORM_MEGABYTES) * 1_000_000,  # where the view says nothing else
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,  # as old as the session: a long form never expires by itself
        "WTF_CSRF_SSL_STRICT": False,  # wants a Referer, which our own pages withhold; Sec-Fetch-Site is asked instead
        "BABEL_DEFAULT_LOCALE": settings.language,
        "BABEL_DEFAULT_TIMEZONE": settings.office_time_zone,
        "TEMPLATES_AUTO_RELOAD": False,
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USERNAME": settings.mail_username,
        "MAIL_PASSWORD": settings.mail_password,
        "MAIL_USE_TLS": settings.mail_tls == "starttls",
        "MAIL_USE_SSL": settings.mail_tls == "tls",
        "MAIL_DEFAULT_SENDER": settings.mail_sender,
    }


def _is_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")
