"""The public door: companies report by link, without an account."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Mount the company journey."""
    from forms import sentences
    from forms.blueprint import blueprint

    sentences.register()
    app.register_blueprint(blueprint)
