"""The company journey's blueprint: few URLs, none of them PUT, PATCH or DELETE."""

from __future__ import annotations

from flask import Blueprint

from forms import words

blueprint = Blueprint("forms", __name__, template_folder="templates")
blueprint.context_processor(words.for_templates)
