"""Headers every answer carries, and the request id that ties a page, a log line and an audit entry together."""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, current_app, g, request

_FROM_PROXY = re.compile(r"[A-Za-z0-9-]{8,64}")
_PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
_INDEXED = frozenset({"web.index", "web.accessibility"})


def request_id() -> str:
    """Twelve characters in lower case, so that nobody takes them for the code of a receipt: 3f9a-12bc-77de."""
    if "request_id" not in g:
        given = request.headers.get("X-Request-Id", "")
        if current_app.config["TRUSTED_PROXIES"] and _FROM_PROXY.fullmatch(given):
            g.request_id = given
        else:
            mark = secrets.token_hex(6)
            g.request_id = f"{mark[:4]}-{mark[4:8]}-{mark[8:]}"
    return str(g.request_id)


def csp_nonce() -> str:
    """The nonce of this answer; a script or style element without it does not run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def content_security_policy() -> str:
    nonce = f"'nonce-{csp_nonce()}'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {nonce}",
            f"style-src 'self' {nonce}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "frame-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )


def add_headers(response: Response) -> Response:
    """Every answer but a static file is taken for personal unless its view said otherwise."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", content_security_policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", _PERMISSIONS)
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("X-Request-Id", request_id())
    if request.endpoint not in _INDEXED:
        headers.setdefault("X-Robots-Tag", "noindex, nofollow")
    is_static = request.endpoint is not None and request.endpoint.endswith("static")
    if not is_static and headers.get("Cache-Control", "no-cache") == "no-cache":  # as `send_file` leaves it
        headers["Cache-Control"] = "no-store"
    if request.is_secure and str(current_app.config["PUBLIC_URL"]).startswith("https://"):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    return response


def init_app(app: Flask) -> None:
    app.after_request(add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.jinja_env.globals["request_id"] = request_id
