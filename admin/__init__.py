"""The staff door: generated screens for every registry, and the few screens that are not lists."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Mount the staff door under /staff."""
    from admin import site

    site.init_app(app)
