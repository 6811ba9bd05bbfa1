"""Which columns a list shows, in which order and how close: the address, else the person's choice, else as declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app import policy
from app.domain.actors import Actor
from app.domain.fields import Field
from app.domain.list_state import DENSITIES, Density, ListState
from app.domain.record_fields import RECORD_FIELDS
from app.queries.saved_views import Liking
from app.registry import Registry

IN_TRASH = 2  # columns beside those of the trash itself


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the menu of columns."""

    key: str
    label: str
    shown: bool


def offered(registry: Registry, actor: Actor) -> dict[str, Field]:
    """Every field that may be a column for this actor."""
    own = {f.key: f for f in policy.fields(registry, actor) if f.type.key != "raw_row"}
    return own | RECORD_FIELDS


def declared(registry: Registry, actor: Actor) -> list[str]:
    """The columns as the declaration has them. What names the record leads, unless it is masked and says too little."""
    masked = policy.masked(registry, actor)
    listed = [f for f in policy.fields(registry, actor) if f.listed]
    return [f.key for f in sorted(listed, key=lambda f: f.key != registry.label_field or f.key in masked)]


def shown(registry: Registry, actor: Actor, state: ListState, liking: Liking) -> list[Field]:
    """The columns of the list, in order."""
    fields = offered(registry, actor)
    usual = declared(registry, actor)
    if state.trash:  # the trash adds who, when and why
        liking, usual = Liking(), usual[:IN_TRASH]
    for keys in (state.columns, liking.columns, usual):
        chosen = [fields[key] for key in keys if key in fields]
        if chosen:
            return chosen
    return list(fields.values())[:1]


def density(state: ListState, liking: Liking) -> Density:
    return state.density or DENSITIES.get(liking.density, "")


def menu(registry: Registry, actor: Actor, columns: Sequence[Field], language: str) -> list[Choice]:
    """Shown columns in their order, then the others as declared."""
    fields = offered(registry, actor)
    keys = [f.key for f in columns]
    return [
        *(Choice(key, fields[key].label.text(language), True) for key in keys),
        *(Choice(key, f.label.text(language), False) for key, f in fields.items() if key not in keys),
    ]


def moved(keys: Sequence[str], button: str) -> list[str]:
    """The keys after "up:zone" or "down:zone"."""
    way, _, key = button.partition(":")
    order = list(keys)
    if key in order and way in ("up", "down"):
        place = order.index(key)
        other = place + (1 if way == "down" else -1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
    return order
