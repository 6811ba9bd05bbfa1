"""The look of the staff door: our own templates on parts of Tabler, without jQuery, select2 or moment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask_admin.theme import Theme

TEMPLATES = Path(__file__).parent / "templates"


@dataclass
class SinergiTheme(Theme):
    """Flask-Admin's theme contract: a folder of templates and the layout they extend."""

    folder: str = "staff"
    base_template: str = "staff/base.html"
