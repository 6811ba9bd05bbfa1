"""Saved views: open, keep, rename, share, delete; and the columns a person likes to see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from admin import list_columns
from admin.list_filters import FilterPanel
from app import policy, wording
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.list_state import DENSITIES, ListState, filter_kind
from app.domain.roles import TITLES
from app.models.saved_view import SavedView
from app.models.user import User
from app.operations import views
from app.queries import saved_views
from app.registry import Registry, get
from app.web import access, language, next_page
from app.web.session import current_actor

blueprint = Blueprint("staff_views", __name__)
LOOKERS = access.ROLES  # every signed-in person keeps views of what they may list


@dataclass(frozen=True, slots=True)
class Line:
    """One view on the page of all."""

    view: SavedView
    list_title: str
    icon: str
    asks: str
    owner: str
    mine: bool
    may_change: bool
    stale: bool


@blueprint.get("/")
@access.staff_required(*LOOKERS)
def index() -> ResponseReturnValue:
    """Every view this person may use, list by list."""
    actor = current_actor()
    with unit_of_work(write=False) as session:
        lines = [_line(session, view, actor) for view in saved_views.of_person(session, actor)]
        return render_template(
            "staff/views.html", lines=lines, roles=_roles(actor), may_share=saved_views.may_share(actor)
        )


@blueprint.get("/<public_id>")
@access.staff_required(*LOOKERS)
def show(public_id: str) -> ResponseReturnValue:
    """The list as the view holds it now: a short address to pass on."""
    actor = current_actor()
    with unit_of_work(write=False) as session:
        view = saved_views.one(session, public_id, actor)
        state = replace(saved_views.state(view, actor), view=view.public_id)
    return redirect(state.url(_list_url(view.registry_key)))


@blueprint.post("/new/<key>")
@access.staff_required(*LOOKERS)
def new(key: str) -> ResponseReturnValue:
    """Keep the list as it stands."""
    actor, registry = current_actor(), get(key)
    state = _state(registry, actor, request.form.get("_state", ""))
    try:
        with unit_of_work() as session:
            view = views.keep(
                session,
                registry,
                actor,
                state,
                name=request.form.get("name", ""),
                shared="shared" in request.form,
                default_for=request.form.getlist("role"),
                now=utcnow(),
            )
    except Refused as refused:
        return _again(refused, state.url(_list_url(key)))
    flash(_("The view “%(name)s” is kept.", name=view.name), "success")
    return redirect(url_for(".show", public_id=view.public_id))


@blueprint.post("/<public_id>")
@access.staff_required(*LOOKERS)
def change(public_id: str) -> ResponseReturnValue:
    """Rename or share a view, or let it show what the list shows now (with `_state`)."""
    actor, form = current_actor(), request.form
    back = next_page.safe(form.get("_back")) or url_for(".index")
    try:
        with unit_of_work() as session:
            view = saved_views.one(session, public_id, actor)
            if "_state" in form:
                state = _state(get(view.registry_key), actor, form["_state"])
                views.change(session, view, actor, state=state, now=utcnow())
                back = url_for(".show", public_id=public_id)
            else:
                roles = form.getlist("role") if actor.roles & saved_views.OVERSEERS else None
                views.change(session, view, actor, name=form.get("name", ""), shared="shared" in form,
                             default_for=roles, now=utcnow())  # fmt: skip
    except Refused as refused:
        return _again(refused, back if "_state" in form else url_for(".index", edit=public_id))
    flash(_("Saved."), "success")
    return redirect(back)


@blueprint.post("/<public_id>/delete")
@access.staff_required(*LOOKERS)
def remove(public_id: str) -> ResponseReturnValue:
    """Delete a view; its records stay."""
    actor = current_actor()
    with unit_of_work() as session:
        view = saved_views.one(session, public_id, actor)
        views.remove(session, view, actor, now=utcnow())
    flash(_("The view “%(name)s” is deleted. The records in it stay.", name=view.name), "success")
    return redirect(url_for(".index"))


@blueprint.post("/columns/<key>")
@access.staff_required(*LOOKERS)
def columns(key: str) -> ResponseReturnValue:
    """Remember which columns this person wants to see, and show the list so."""
    actor, registry, form = current_actor(), get(key), request.form
    policy.require(actor, "list", registry)
    state = _state(registry, actor, form.get("_state", ""))
    offered = list_columns.offered(registry, actor)
    wanted = [one for one in dict.fromkeys(form.getlist("col")) if one in offered]
    declared = list_columns.declared(registry, actor)
    if "_reset" in form:
        wanted, density = [], DENSITIES[""]
    else:
        wanted = list_columns.moved(wanted, form.get("move", ""))
        density = DENSITIES.get(form.get("density", ""), "")
    chosen = tuple(wanted) if wanted != declared else ()
    with unit_of_work() as session:
        views.prefer(session, registry, actor, chosen, density)
    anchor = "#columns" if "move" in form else ""
    return redirect(state.looking(chosen, density).url(_list_url(key)) + anchor)


def _again(refused: Refused, back: str) -> ResponseReturnValue:
    """What was typed will not do: back to where it was. What is not there, or not theirs to change, says so itself."""
    if isinstance(refused, NotFound | Forbidden):
        raise refused
    flash(wording.sentence(refused, language.current()), "error")
    return redirect(back)


def _list_url(key: str) -> str:
    return url_for(f"staff_{key}.index_view")


def _state(registry: Registry, actor: Actor, text: str) -> ListState:
    readable = [f for f in policy.fields(registry, actor) if filter_kind(f)]
    return ListState.read(readable, parse_qsl(text))


def _roles(actor: Actor) -> list[tuple[str, str]]:
    """Roles a view may open for by itself; none for those who do not choose that."""
    if not actor.roles & saved_views.OVERSEERS:
        return []
    return [(code, TITLES[code].text(language.current())) for code in saved_views.sharing_roles()]


def _line(session: Session, view: SavedView, actor: Actor) -> Line:
    registry, state = get(view.registry_key), saved_views.state(view, actor)
    panel = FilterPanel(session, registry, actor, state, language.current(), _list_url(registry.key), None)
    owner = session.get(User, view.owner_id)
    return Line(
        view=view,
        list_title=registry.title.text(language.current()),
        icon=registry.icon,
        asks=" · ".join(chip.text for chip in panel.chips),
        owner=owner.name if owner else "–",
        mine=view.owner_id == actor.user_id,
        may_change=saved_views.may_change(view, actor),
        stale=bool(state.problems),
    )
