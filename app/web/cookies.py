"""Cookies: `__Host-` and Secure wherever the browser can keep such a cookie, plain only on plain http.

A browser keeps a Secure cookie over https and on its own machine (localhost); over http on another
address it drops it without a word. Only a public address that is itself plain http may fall back.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, request
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response

PREFIX = "__Host-"


class HostSession(SecureCookieSessionInterface):
    """Flask's signed session under a `__Host-` name."""

    def get_cookie_name(self, app: Flask) -> str:
        return cookie_name("sinergi")

    def get_cookie_secure(self, app: Flask) -> bool:
        return is_secure()

    def get_cookie_path(self, app: Flask) -> str:
        return "/"

    def get_cookie_domain(self, app: Flask) -> None:
        return None


def is_secure(to: Request | None = None) -> bool:
    """Whether this request's browser will keep a Secure cookie."""
    asked = to or request
    address = str(current_app.config["PUBLIC_URL"])
    return address.startswith("https://") or asked.is_secure or _is_this_machine(asked.host)


def cookie_name(name: str) -> str:
    return PREFIX + name if is_secure() else name


def read(name: str) -> str | None:
    return request.cookies.get(cookie_name(name))


def write(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """Set a cookie of this host: HttpOnly, SameSite=Lax, whole site. `max_age` in seconds, None = this visit."""
    response.set_cookie(
        cookie_name(name), value, max_age=max_age, path="/", secure=is_secure(), httponly=True, samesite="Lax"
    )


def clear(response: Response, name: str) -> None:
    write(response, name, "", max_age=0)


def _is_this_machine(host: str) -> bool:
    name = urlsplit("//" + host).hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
