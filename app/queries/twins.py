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
from app.domain.alike import Alike
from app.domain.conditions import Condition, every
from app.domain.fields import Field, Masked
from app.domain.names import ALIKE, halves, likeness, normalised_company_name, telling
from app.domain.semantic import Invalid
from app.queries import lists
from app.queries.keys import alive, among, as_dicts, storable
from app.registry import Registry

MOST = 5
_LOOKED_AT = 50  # candidates of one search
_RECORDS = 300_000  # newest records that many names are compared with; older ones are known by the very name only
_PAIRS = 5_000_000  # compared for many names at once: some seconds
_STRETCH = 20_000  # records read at a time
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
    if not wanted or not _by_name(registry, actor):
        return {}
    table, key = registry.table, _key(registry)
    asked = select(key.label("key"), table.c.public_id).order_by(table.c.id.desc())
    there = asked.where(among(session, key, wanted), policy.visible(registry, actor), alive(session, table))
    return {row["key"]: row["public_id"] for row in as_dicts(session.execute(there))}


def nearly(session: Session, registry: Registry, actor: Actor, keys: Iterable[str]) -> dict[str, str]:
    """`name_key` → public id of the record this actor sees whose name is likest, where one is nearly that name.

    By the rule of `find`, yet the records pass by the names: the statements and the memory needed do not grow with
    the names. Only the newest `_RECORDS` are looked at, and `_PAIRS` compared.
    """
    comparable = {key: normalised_company_name(key) for key in keys}
    if not comparable or not _by_name(registry, actor):
        return {}
    alike = Alike(comparable.values(), most=_PAIRS)
    best: dict[str, tuple[int, str]] = {}
    for public_id, stands in _passing(session, registry, actor):
        for name, percent in alike.met(normalised_company_name(stands)):
            if percent >= best.get(name, (0, ""))[0]:  # of equal ones the oldest, which comes last
                best[name] = percent, public_id
        if alike.left < 0:
            break
    return {key: best[name][1] for key, name in comparable.items() if name in best}


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


def _passing(session: Session, registry: Registry, actor: Actor) -> Iterator[tuple[str, str]]:
    """(public id, name) of the records this actor sees, newest first, a stretch at a time."""
    table = registry.table
    asked = select(table.c.id, table.c.public_id, _key(registry)).order_by(table.c.id.desc()).limit(_STRETCH)
    asked = asked.where(policy.visible(registry, actor), alive(session, table))
    page = session.execute(asked).all()
    for _more in range(_RECORDS // _STRETCH):
        yield from ((public_id, name) for _id, public_id, name in page if name)
        if len(page) < _STRETCH:
            return
        page = session.execute(asked.where(table.c.id < page[-1][0])).all()


def _key(registry: Registry) -> ColumnElement[str]:
    """What `name_key` is in the database."""
    table = registry.table
    return table.c[_STORED] if _STORED in registry.fields else func.lower(table.c[registry.label_field], type_=String)


def _by_name(registry: Registry, actor: Actor) -> bool:
    """Whether this actor's entries are compared by name."""
    return any(_is_name(registry, f) for f in compared(registry, actor))


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
    words_told = telling(name)
    if not words_told:
        return
    for words in product(*(halves(word) for word in words_told)):
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
