"""What we say: letters, the relay they go to, and the ledger worked off. Imports no web until `init_app` is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def init_app(app: Flask) -> None:
    """Give the staff door its preview pages."""
    from notifications.preview import blueprint

    app.register_blueprint(blueprint)
