"""Records that may be what somebody is about to enter again: the same number, or a name that is nearly the same.

Candidates come by `lists.page`, so nobody is told of a row they do not see, nor compared by a field they do not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, func, select
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.conditions import Condition, every
from app.domain.fields import Field, Masked
from app.domain.names import ALIKE, halves, likeness, normalised_company_name
from app.domain.semantic import Invalid
from app.queries import lists
from app.queries.keys import alive, among, as_dicts, storable
from app.registry import Registry

MOST = 5
_LOOKED_AT = 50  # candidates of one search
_STORED = "name_normalised"  # the field that holds a name without its form of business, where there is one
_NAMES = frozenset({"legal_name", "person_name"})

Why = Literal["number", "name", "like"]


@dataclass(frozen=True, slots=True)
class Twin:
    """A record that may be the same one. `why`: same value of `field`, same name but for its writing, or alike.

    `agreeing` are further fields in which both say the same.
    """

    row: dict[str, Any]
    field: Field
    why: Why
    percent: int = 100
    agreeing: tuple[Field, ...] = ()


def compared(registry: Registry, actor: Actor) -> list[Field]:
    """The fields by which this actor's entries are compared: own numbers, and the name records go by."""
    veiled = policy.masked(registry, actor) | policy.hidden(registry, actor)
    shown = [f for f in registry.fields.values() if f.key not in veiled]
    return [f for f in shown if _is_number(registry, f) or _is_name(registry, f)]


def names(registry: Registry, actor: Actor) -> str:
    """The fields a change of which is worth asking, for the form's script; empty where nothing is compared."""
    fields = compared(registry, actor)
    dates = [f for f in policy.fields(registry, actor) if f.type.key == "date"] if fields else []
    return " ".join(f.key for f in (*fields, *dates))


def name_key(registry: Registry, row: Mapping[str, Any]) -> str | None:
    """What the name in checked values is compared by among many: as a record keeps it for that, else its letters."""
    if _STORED in registry.fields:
        return row.get(_STORED)
    name = row.get(registry.label_field)
    return name.lower() if isinstance(name, str) else None


def namesakes(session: Session, registry: Registry, actor: Actor, keys: Iterable[str]) -> dict[str, str]:
    """`name_key` → public id of the oldest record of that name this actor sees: one statement for any number."""
    wanted = {key for key in keys if storable(key)}
    if not wanted or not any(_is_name(registry, f) for f in compared(registry, actor)):
        return {}
    table = registry.table
    key: ColumnElement[str] = (
        table.c[_STORED] if _STORED in registry.fields else func.lower(table.c[registry.label_field], type_=String)
    )
    asked = select(key.label("key"), table.c.public_id).order_by(table.c.id.desc())
    there = asked.where(among(session, key, wanted), policy.visible(registry, actor), alive(session, table))
    return {row["key"]: row["public_id"] for row in as_dicts(session.execute(there))}


def find(
    session: Session, registry: Registry, actor: Actor, typed: Mapping[str, Any], *, but: str | None = None
) -> list[Twin]:
    """The likeliest first, at most MOST. `typed` are answers of the form as they stand, `but` the record itself."""
    known = {f.key: value for f in registry.fields.values() if (value := _parsed(f, typed.get(f.key))) is not None}
    found: dict[str, Twin] = {}
    for twin in _candidates(session, registry, actor, known):
        public_id = twin.row["public_id"]
        if public_id != but and (public_id not in found or _rank(twin) < _rank(found[public_id])):
            found[public_id] = twin
    return sorted(found.values(), key=_rank)[:MOST]


def _rank(twin: Twin) -> tuple[bool, int, int, int]:
    """A number before any name, then the nearer name, then what else agrees."""
    return twin.why != "number", -twin.percent, -len(twin.agreeing), twin.row["id"]


def _candidates(session: Session, registry: Registry, actor: Actor, known: Mapping[str, Any]) -> Iterator[Twin]:
    for spec in compared(registry, actor):
        value = known.get(spec.key)
        if value is None:
            continue
        if _is_name(registry, spec):
            yield from _named(session, registry, actor, spec, known)
        else:
            same = every(Condition(spec.key, "is", (spec.type.entry(value),)))
            for row in _rows(session, registry, actor, where=same):
                yield Twin(row, spec, "number")


def _named(session: Session, registry: Registry, actor: Actor, spec: Field, known: Mapping[str, Any]) -> Iterator[Twin]:
    name = normalised_company_name(str(known[spec.key]))
    telling = sorted((word for word in name.split() if len(word) >= 3), key=len, reverse=True)[:2]
    if not telling:
        return
    for words in product(*(halves(word) for word in telling)):
        for row in _rows(session, registry, actor, search_for=" ".join(words)):
            percent = likeness(name, normalised_company_name(row[spec.key] or ""))
            if percent >= ALIKE:
                agreeing = tuple(_agreeing(registry, row, known))
                yield Twin(row, spec, "name" if percent == 100 else "like", percent, agreeing)


def _rows(session: Session, registry: Registry, actor: Actor, **asked: Any) -> list[dict[str, Any]]:
    found = lists.page(session, registry, actor, limit=_LOOKED_AT, count=False, **asked)
    return [] if found.problems else found.rows  # a condition that was left out would find everybody


def _agreeing(registry: Registry, row: Mapping[str, Any], known: Mapping[str, Any]) -> Iterator[Field]:
    for f in registry.fields.values():
        stands = row.get(f.key)
        if f.type.key == "date" and f.key in known and stands == known[f.key] and not isinstance(stands, Masked):
            yield f


def _is_number(registry: Registry, spec: Field) -> bool:
    """A natural key of its own; part of one says nothing alone."""
    return registry.natural_key == (spec.key,) and not spec.reference


def _is_name(registry: Registry, spec: Field) -> bool:
    return spec.key == registry.label_field and spec.search and spec.type.key in _NAMES


def _parsed(spec: Field, raw: Any) -> Any:
    if raw in (None, "") or spec.reference or not isinstance(raw, str):
        return None
    try:
        return spec.type.parse(raw)
    except Invalid:
        return None
