"""The public door: companies report by link, without an account."""

from __future__ import annotations

import importlib

from flask import Flask

VIEWS = ("landing", "duties", "report", "files", "receipts", "ended")


def init_app(app: Flask) -> None:
    """Mount the company journey."""
    from app.web import resend
    from forms import by_hand, sentences, words
    from forms.blueprint import blueprint

    for name in VIEWS:
        importlib.import_module(f"forms.views.{name}")  # each puts its views on the blueprint
    sentences.register()
    app.register_blueprint(blueprint)
    resend.told_by(app, blueprint.name, by_hand.told)
    app.jinja_env.globals["report_words"] = words  # imported macros see globals, not the context of a page
