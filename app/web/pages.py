"""The few pages that belong to no door: the first page, accessibility, the choice of language, robots.txt."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.web import access, cookies, language, next_page
from app.web.session import current_account

blueprint = Blueprint("web", __name__)
_STAFF_HOME = "admin.index"
_NO_LINK_YET = "forms.no_link"


@blueprint.get("/")
@access.public
def index() -> ResponseReturnValue:
    """Whoever has a role goes to the home page; a visitor, or somebody without a role yet, reads where to go."""
    views, account = current_app.view_functions, current_account()
    may = access.roles_of(access.access_of(current_app, _STAFF_HOME) or "") if _STAFF_HOME in views else frozenset()
    if account is not None and may & set(account.roles):
        return redirect(url_for(_STAFF_HOME))
    no_link = url_for(_NO_LINK_YET) if _NO_LINK_YET in views else None
    return render_template("web/index.html", no_link=no_link, account=account)


@blueprint.get("/aksesibilitas")
@access.public
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("web/accessibility.html")


@blueprint.get("/robots.txt")
@access.public
def robots() -> Response:
    """Only the first page and the statement are for search engines."""
    return Response("User-agent: *\nAllow: /$\nAllow: /aksesibilitas$\nDisallow: /\n", mimetype="text/plain")


@blueprint.post("/language")
@access.public
def choose_language() -> ResponseReturnValue:
    """Keep the choice in a cookie; `?lang=` in an address works without one."""
    chosen = request.form.get("language", "")
    response = redirect(next_page.asked() or url_for("web.index"))
    if chosen in language.LANGUAGES:
        cookies.write(response, language.COOKIE, chosen, max_age=language.COOKIE_AGE)
    return response
