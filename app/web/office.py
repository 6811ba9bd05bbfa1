"""The office on every page: its newest settings, its colour, its logo."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request, session, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from app import database
from app.config import settings
from app.domain import colours
from app.domain.errors import NotFound
from app.queries import office
from app.web import access, headers

blueprint = Blueprint("office", __name__)
_QUIET = ("static", "health.", "office.")  # endpoints that say nothing of the office, or only what they were asked for
_SUFFIX = {"image/png": "png", "image/jpeg": "jpg"}


def refresh() -> None:
    """Before a page: what another process saved is known here. Who is logged in is asked about together with that."""
    endpoint = request.endpoint or ""
    if not endpoint or endpoint.startswith(_QUIET) or endpoint.endswith(".static") or session.get("_user_id"):
        return
    ask()


def ask() -> None:
    """Read what is newer than this process knows."""
    try:
        with database.unit_of_work(write=False) as reading:
            office.refresh(reading)
    except (SQLAlchemyError, OSError):
        return  # the page itself says what is wrong with the database


@blueprint.get("/logo/<name>")
@access.static
def logo(name: str) -> Response:
    """The picture under a name that changes with it; nothing but a picture, whatever somebody put into it."""
    found = settings().logo
    if found is None or name != _name(found.digest, found.media_type):
        raise NotFound()
    answer = Response(found.content, mimetype=found.media_type)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Content-Disposition"] = "inline"
    return answer


def logo_url() -> str | None:
    """Where the logo is served, None where there is none."""
    found = settings().logo
    return url_for("office.logo", name=_name(found.digest, found.media_type)) if found else None


def office_style(*, night: bool = False) -> Markup:
    """A style element that puts the colour of the office in the place of ours; `night`: dark pages too."""
    colour = settings().office_colour
    if not colour:
        return Markup()
    rule = _rule(colours.palette(colour))
    if night:
        rule += f"@media (prefers-color-scheme:dark){{{_rule(colours.night(colour))}}}"
    return Markup('<style nonce="{}">{}</style>').format(headers.csp_nonce(), Markup(rule))  # noqa: S704 - of checked colours


def init_app(app: Flask) -> None:
    app.before_request(refresh)
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(office_logo=logo_url, office_style=office_style)


def _rule(names: dict[str, str]) -> str:
    return ":root{" + "".join(f"--sinergi-{name}:{value};" for name, value in names.items()) + "}"


def _name(digest: str, media_type: str) -> str:
    return f"{digest[:16]}.{_SUFFIX[media_type]}"
