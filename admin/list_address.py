"""From the address of a list to what it shows.

A wordy address leads to its short form, an empty one to the view that opens by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import url_for
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from admin import filter_builder, list_views
from admin.filter_builder import Draft
from app import policy
from app.domain.actors import Actor
from app.domain.list_state import ListState, filter_kind
from app.queries import saved_views
from app.queries.filters import targets
from app.registry import Registry


@dataclass(frozen=True, slots=True)
class Opened:
    """`elsewhere` is the address to go to instead."""

    state: ListState
    draft: Draft | None = None
    elsewhere: str = ""


def state(registry: Registry, actor: Actor, parameters: Iterable[tuple[str, str]]) -> ListState:
    """What the parameters of an address say, as far as this actor may ask it."""
    readable = [f for f in policy.fields(registry, actor) if filter_kind(f)]
    return ListState.read(readable, parameters)


def read(session: Session, registry: Registry, actor: Actor, args: MultiDict[str, str]) -> Opened:
    """What a request for the list asks."""
    pairs = list(args.items(multi=True))
    asked = state(registry, actor, pairs)
    base = url_for(f"staff_{registry.key}.index_view")
    if not [name for name, _text in pairs if name != "lang"]:
        view = saved_views.opening(list_views.mine(session, registry, actor), actor)
        if view is not None:
            shown = replace(saved_views.state(view, actor), view=view.public_id)
            return Opened(asked, elsewhere=shown.url(base))
    draft = filter_builder.read(pairs)
    asked, settled = filter_builder.settled(asked, draft, targets(registry, actor) if draft else {})
    if settled and not asked.problems and (draft or any(not text for _name, text in pairs)):
        return Opened(asked, elsewhere=asked.url(base))  # what a form without JavaScript sends is longer than need be
    return Opened(asked, draft)
