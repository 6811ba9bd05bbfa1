"""Saved views: which there are for a person, and the records one of them stands for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, Integer, Select, String, bindparam, literal, or_
from sqlmodel import Session, col, select

from app import policy
from app.domain.actors import Actor
from app.domain.errors import NotFound, Refused
from app.domain.list_state import ListState, filter_kind
from app.models.saved_view import ListPreference, SavedView
from app.queries import lists
from app.registry import Registry, get

OVERSEERS = frozenset({"admin"})  # order the shared views of others, and choose what opens by itself


def listed(session: Session, registry: Registry, actor: Actor) -> Sequence[SavedView]:
    """The views of one list this person has: their own and the shared ones, by name."""
    return beside(session, registry, actor)[0]


def beside(session: Session, registry: Registry, actor: Actor) -> tuple[Sequence[SavedView], ListPreference | None]:
    """What a list is drawn with: its views, and how this person likes to see it. One question."""
    asked = {"list": registry.key, "person": actor.user_id}
    found = session.execute(_beside(may_share(actor)), asked).all()
    return [view for view, _liked in found if view is not None], found[0][1]


@cache
def _beside(office: bool) -> Select[SavedView, ListPreference]:
    """Asked before every list, hence made once. A row a view, one without where there is none."""
    person, key = bindparam("person", type_=Integer), bindparam("list", type_=String)
    own = col(SavedView.owner_id).is_not_distinct_from(person)
    views = (col(SavedView.registry_key) == key) & (or_(own, col(SavedView.shared)) if office else own)
    liked = (col(ListPreference.user_id) == person) & (col(ListPreference.registry_key) == key)
    row = select(literal(1).label("one")).subquery()
    asked = select(SavedView, ListPreference).select_from(row).outerjoin(SavedView, views)
    return asked.outerjoin(ListPreference, liked).order_by(col(SavedView.name), col(SavedView.id))


def of_person(session: Session, actor: Actor) -> Sequence[SavedView]:
    """Every view this person may use, list by list."""
    asked = select(SavedView).where(_usable(actor)).order_by(col(SavedView.registry_key), col(SavedView.name))
    found = session.exec(asked).all()
    return [one for one in found if policy.may(actor, "list", get(one.registry_key))]


def one(session: Session, public_id: str, actor: Actor) -> SavedView:
    """A view by its public id. Raises NotFound where it is not there for this person."""
    view = session.exec(select(SavedView).where(col(SavedView.public_id) == public_id, _usable(actor))).first()
    if view is None:
        raise NotFound()
    if not policy.may(actor, "list", get(view.registry_key)):
        raise NotFound()
    return view


def may_share(actor: Actor) -> bool:
    """Views are shared within the office: an agency neither sees them nor shares its own."""
    return actor.kind == "staff"


def _usable(actor: Actor) -> ColumnElement[bool]:
    own = col(SavedView.owner_id) == actor.user_id
    return or_(own, col(SavedView.shared)) if may_share(actor) else own


def may_change(view: SavedView, actor: Actor) -> bool:
    return view.owner_id == actor.user_id or (view.shared and bool(actor.roles & OVERSEERS))


def opening(views: Sequence[SavedView], actor: Actor) -> SavedView | None:
    """The view that opens by itself for one of the person's roles."""
    return next((view for view in views if view.shared and actor.roles & set(view.default_for)), None)


def state(view: SavedView, actor: Actor) -> ListState:
    """What a view shows; a field that is gone, or closed to this person, is a problem of the state and left out."""
    readable = [f for f in policy.fields(get(view.registry_key), actor) if filter_kind(f)]
    return ListState.read(readable, parse_qsl(view.state))


def rows(session: Session, view: SavedView, actor: Actor, today: date) -> Select[Any]:
    """The ids of the records of a view, as the actor may see them: segments and recipients.

    Raises Refused "view_stale" where some of it cannot be read any more: left out, it would reach people nobody meant.
    """
    registry = get(view.registry_key)
    policy.require(actor, "list", registry)
    shown = state(view, actor)
    masked = policy.masked(registry, actor)
    where = shown.asked(f for f in policy.fields(registry, actor) if filter_kind(f) and f.key not in masked)
    found, problems = lists.query(session, registry, actor, where=where, search_for=shown.search, today=today)
    if problems or shown.problems:
        raise Refused("view_stale", name=view.name)
    return found.with_only_columns(registry.table.c.id)


def preference(session: Session, registry: Registry, actor: Actor) -> ListPreference | None:
    """How this person likes to see a list; None where they never said."""
    return beside(session, registry, actor)[1]
