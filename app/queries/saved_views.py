"""Saved views: which there are for a person, and the records one of them stands for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement, Integer, ScalarSelect, Select, String, Table, bindparam, func, or_
from sqlmodel import Session, col, select

from app import policy
from app.domain.actors import Actor
from app.domain.errors import NotFound, Refused
from app.domain.list_state import ListState, filter_kind
from app.domain.roles import TITLES
from app.models.saved_view import ListPreference, SavedView
from app.queries import lists
from app.registry import Registry, get

OVERSEERS = frozenset({"admin"})  # order the shared views of others, and choose what opens by itself


def listed(session: Session, registry: Registry, actor: Actor) -> Sequence[SavedView]:
    """The views of one list this person has: their own and the shared ones, by name."""
    asked = {"list": registry.key, "person": actor.user_id}
    return session.execute(_listed(may_share(actor)), asked).scalars().all()


@cache
def _listed(office: bool) -> Select[SavedView]:
    """Asked before every list, hence made once."""
    own = col(SavedView.owner_id).is_not_distinct_from(bindparam("person", type_=Integer))
    views = select(SavedView).where(col(SavedView.registry_key) == bindparam("list", type_=String))
    usable = views.where(or_(own, col(SavedView.shared)) if office else own)
    return usable.order_by(col(SavedView.name), col(SavedView.id))


@dataclass(frozen=True, slots=True)
class Liking:
    """How a person likes to see a list, where the address says nothing: columns in their order, and how close."""

    columns: tuple[str, ...] = ()
    density: str = ""


def likings(dialect: str, user: Any) -> ScalarSelect[Any]:
    """How a person likes their lists, for a query that is asked anyway; `liked` reads the answer."""
    own: Table = ListPreference.__table__  # type: ignore[attr-defined]
    if dialect == "sqlite":
        pair: Any = func.json_array(func.json(own.c.columns), own.c.density)
        made = func.json_group_object(own.c.registry_key, pair)
    else:
        made = func.json_object_agg(own.c.registry_key, func.json_build_array(own.c.columns, own.c.density))
    return select(made).where(own.c.user_id == user).scalar_subquery()


def liked(answer: Any) -> dict[str, Liking]:
    """By list."""
    found: dict[str, Any] = (json.loads(answer) if isinstance(answer, str) else answer) or {}
    return {key: Liking(tuple(columns), density) for key, (columns, density) in found.items()}


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


def sharing_roles() -> list[str]:
    """The roles whose people see shared views: one of those may open by itself for them."""
    return [code for code in TITLES if code not in policy.AGENCY_ROLES]


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
    own = select(ListPreference).where(
        col(ListPreference.user_id) == actor.user_id, col(ListPreference.registry_key) == registry.key
    )
    return session.exec(own).first()
