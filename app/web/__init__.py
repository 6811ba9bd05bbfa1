"""What every page needs: access marks, session, language, headers, errors, login, health."""

from __future__ import annotations

from flask import Flask

from app.config import Settings


def init_app(app: Flask, settings: Settings) -> None:
    """Everything below the doors. The order of the `before_request` hooks is part of the design."""
    from app import extensions
    from app.web import (
        account_security,
        assets,
        catalogues,
        cookies,
        drawing,
        errors,
        headers,
        health,
        language,
        limits,
        login,
        logs,
        office,
        pages,
        proof,
        second_step,
        security,
        session,
    )

    drawing.init_app(app)
    app.session_interface = cookies.HostSession()
    logs.init_app(app, settings)
    headers.init_app(app)
    catalogues.init_app(app)
    extensions.babel.init_app(app, locale_selector=language.select)
    app.before_request(session.limit_body)  # before CSRF, which reads the form
    office.init_app(app)
    extensions.csrf.init_app(app)
    limits.init_app(app, settings)
    extensions.mail.init_app(app)
    security.init_app(app, settings)
    session.init_app(app)
    language.init_app(app)
    assets.init_app(app)
    errors.init_app(app)
    for screen in (health, login, second_step, pages, proof, account_security):
        app.register_blueprint(screen.blueprint)


def finish(app: Flask, settings: Settings) -> None:
    """What must see the whole application."""
    from app.web import static

    static.init_app(app, settings)
