"""The company journey's blueprint: few URLs, none of them PUT, PATCH or DELETE."""

from __future__ import annotations

from flask import Blueprint, Response

from app.database import utcnow
from forms import visit, words

blueprint = Blueprint("forms", __name__, template_folder="templates")
blueprint.context_processor(words.for_templates)
blueprint.context_processor(lambda: {"visit_ends_in": visit.ends_in(utcnow())})


@blueprint.after_request
def keep_visit(response: Response) -> Response:
    """Every page of a visit keeps it alive: no step has to remember to."""
    visit.go_on(response, now=utcnow())
    return response
