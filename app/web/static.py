"""Static files, looked up once at the start: a long cache for hashed names, and the gzip copies of the build."""

from __future__ import annotations

import re
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from app.config import Settings

_HASHED = re.compile(r"-[0-9a-f]{8,}\.[a-z0-9]+$")
_YEAR = 365 * 24 * 3600


def init_app(app: Flask, settings: Settings) -> None:
    """Answer /static/ before Flask is asked; files that appear later are still found by Flask."""
    folder = Path(app.static_folder or "")
    served = WhiteNoise(
        app.wsgi_app,
        max_age=300,
        add_headers_function=_secure,
        immutable_file_test=lambda _path, url: bool(_HASHED.search(url)),
        allow_all_origins=False,
    )
    if folder.is_dir():
        served.add_files(str(folder), prefix=app.static_url_path)
    app.wsgi_app = served  # type: ignore[method-assign]


def _secure(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
