"""A page without its visit: the visit is over, or this browser visits for another company by now.

What was typed is kept on the page: once the right link is open again in another tab, it is sent from here.
"""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.web import next_page, resend
from forms import visit as visits
from forms.blueprint import blueprint


@blueprint.app_errorhandler(visits.VisitEnded)
def visit_ended(_error: visits.VisitEnded) -> ResponseReturnValue:
    return make_response(render_template("forms/ended.html", **_typed()), 403)


@blueprint.app_errorhandler(visits.VisitElsewhere)
def visit_elsewhere(error: visits.VisitElsewhere) -> ResponseReturnValue:
    return make_response(render_template("forms/elsewhere.html", company=error.company, **_typed()), 404)


def _typed() -> dict[str, Any]:
    """What the page sent, to be sent once more; it came from our own page, for its token was asked first."""
    if request.method != "POST":
        return {"typed": [], "path": "", "has_files": False}
    return {
        "typed": resend.entries(request.form),
        "path": next_page.here(),
        "has_files": any(file.filename for file in request.files.values()),
    }
