"""The company journey's blueprint: few URLs, none of them PUT, PATCH or DELETE."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("forms", __name__, template_folder="templates")

from forms import words  # noqa: E402
from forms.views import duties, files, landing, receipts, report  # noqa: E402

blueprint.context_processor(words.for_templates)

__all__ = ["blueprint", "duties", "files", "landing", "receipts", "report"]
