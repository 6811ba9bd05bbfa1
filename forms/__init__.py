"""The public door: companies report by link, without an account."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Mount the company journey."""
    from forms import sentences, words
    from forms.blueprint import blueprint

    sentences.register()
    app.jinja_env.globals["report_words"] = words  # imported macros see globals, not the context of a page
    app.register_blueprint(blueprint)
