"""Where to go after a login or a choice of language: a path of this site, or nowhere."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request


def safe(target: str | None) -> str:
    """`target` when it is a plain path of this site ("/a?b=c"), else "".

    Browsers drop control characters and read "\\" as "/": either in front makes another host of it.
    """
    if not target or len(target) > 2000 or not target.startswith("/"):
        return ""
    if target.startswith("//") or "\\" in target or any(ord(sign) < 33 or ord(sign) == 127 for sign in target):
        return ""
    parts = urlsplit(target)
    return "" if parts.scheme or parts.netloc else target


def here() -> str:
    """The address of this request as a path to come back to."""
    return safe(request.full_path if request.query_string else request.path) or "/"


def asked() -> str:
    """The safe `next` of this request, "" without one."""
    return safe(request.form.get("next")) or safe(request.args.get("next"))
