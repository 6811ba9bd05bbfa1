"""How many records each value of a filter has, within everything else that is asked.

Counted on demand and never for long. Of a whole large registry each value is counted in its own index, up to a cap;
else the rows that fit are read once, up to a cap, and all fields are counted among them. A number that met a cap
is a lower bound ("1.000+").
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Integer,
    String,
    bindparam,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.conditions import Group
from app.domain.fields import Field
from app.domain.list_state import EMPTY, filter_kind
from app.queries import lists, totals
from app.queries.keys import among
from app.queries.plans import Wanted
from app.registry import Registry, get

CAP = 1_000  # of one value of a whole large registry
MOST = 60  # values of a field that are counted, or named
TELLING = 8  # so many values of a reference may well stand once each
READ = 10_000  # rows that are read once for all fields
_Capped = tuple[list[tuple[Any, int]], int]  # values with their numbers, rows without a value


@dataclass(frozen=True, slots=True)
class Value:
    """`value` as the filter takes it (a reference by its public id, EMPTY for none), `key` as stored; `more` means
    "or more"."""

    value: str
    key: Any
    count: int
    more: bool = False


def countable(registry: Registry, actor: Actor) -> list[Field]:
    """Fields whose values may be counted for this actor: closed lists and references that filter, none masked."""
    closed = policy.masked(registry, actor) | policy.veiled(registry, actor)
    return [
        f for f in policy.fields(registry, actor) if f.key not in closed and filter_kind(f) in ("choice", "reference")
    ]


def count(
    session: Session,
    registry: Registry,
    actor: Actor,
    fields: Sequence[Field],
    *,
    where: Group,
    search_for: str = "",
    today: date | None = None,
    deleted: bool = False,
    ids: Sequence[int] | None = None,
) -> dict[str, list[Value]]:
    """The values of each field with their numbers, the most frequent first.

    A field that narrows the list itself is asked about with a `where` that leaves it out. One that is missing in the
    answer has too many values to count, or a value of its own for nearly every row. `ids` are all the rows, where the
    list has found them already.
    """
    wanted, _problems = lists.wanted(
        session, registry, actor, where=where, search_for=search_for, today=today, deleted=deleted
    )
    if wanted.narrowed is None and not deleted and totals.everything(session, registry.table).count > READ:
        return _of_everything(session, wanted, actor, fields)
    if ids is not None:
        id_ = wanted.table.c.id
        wanted = replace(wanted, hits=lambda: among(session, id_, ids))
    return _of_rows(session, wanted, actor, fields)


def _of_rows(session: Session, wanted: Wanted, actor: Actor, fields: Sequence[Field]) -> dict[str, list[Value]]:
    """Read the rows once, count every field among them."""
    table = wanted.table
    columns = [table.c[f.key].label(f"f{n}") for n, f in enumerate(fields)]
    read = wanted.found(literal(1).label("row"), *columns).limit(READ + 1).cte("read").prefix_with("MATERIALIZED")
    number = func.count()
    parts = [select(literal(-1).label("field"), literal(None, String).label("value"), number).select_from(read)]
    for n in range(len(fields)):
        value = read.c[f"f{n}"]
        parts.append(select(literal(n), cast(value, String), number).group_by(value))
    counted: dict[int, list[tuple[str, int]]] = {n: [] for n in range(-1, len(fields))}
    empty: dict[int, int] = {}
    for n, value, number_ in session.execute(union_all(*parts)):
        if value is None:
            empty[n] = number_
        else:
            counted[n].append((value, number_))
    more = empty[-1] > READ
    made = {}
    for n, f in enumerate(fields):
        if f.reference and len(counted[n]) > TELLING and sum(number for _, number in counted[n]) < 2 * len(counted[n]):
            continue  # nearly every row names another record: a list of names with 1 beside each tells nothing
        most = sorted(counted[n], key=lambda one: (-one[1], one[0]))[:MOST]
        keys = [(_stored(table.c[f.key], text), number_) for text, number_ in most]
        found = [Value(value, key, number_, more) for value, key, number_ in _named(session, actor, f, keys)]
        made[f.key] = _with_empty(found, Value(EMPTY, None, empty.get(n, 0), more))
    return made


def _with_empty(found: Sequence[Value], empty: Value) -> list[Value]:
    """With the rows that have no value, where there are any, at their place among the others."""
    return sorted([*found, *([empty] if empty.count else [])], key=lambda one: -one.count)


def _stored(column: Column[Any], text: str) -> Any:
    kind = column.type.python_type
    if kind is bool:
        return text in ("1", "true", "t")
    return int(text) if kind is int else text


def _named(
    session: Session, actor: Actor, field: Field, counted: Sequence[tuple[Any, int]]
) -> list[tuple[str, Any, int]]:
    """Stored values as the filter takes them; a reference only as far as the actor may see it."""
    if not field.reference:
        return [(field.type.entry(key), key, number) for key, number in counted]
    other = get(field.reference)
    asked = policy.rows(select(other.table.c.id, other.table.c.public_id), other, actor)
    rows = session.execute(asked.where(among(session, other.table.c.id, [key for key, _number in counted])))
    known = {row[0]: str(row[1]) for row in rows}
    return [(known[key], key, number) for key, number in counted if key in known]


def _of_everything(session: Session, wanted: Wanted, actor: Actor, fields: Sequence[Field]) -> dict[str, list[Value]]:
    made = {}
    for f in fields:
        candidates = _candidates(session, actor, f)
        if candidates is not None:
            counted, empty = _capped(session, wanted, wanted.table.c[f.key], list(candidates))
            found = [Value(candidates[key], key, min(number, CAP), number > CAP) for key, number in counted if number]
            made[f.key] = _with_empty(found, Value(EMPTY, None, min(empty, CAP), empty > CAP))
    return made


def _candidates(session: Session, actor: Actor, field: Field) -> dict[Any, str] | None:
    """Every value there could be: stored → as the filter takes it; None where they are too many."""
    if not field.reference:
        return {field.type.parse(value): value for value, _label in field.type.choices() or ()}
    other = get(field.reference)
    asked = policy.rows(select(other.table.c.id, other.table.c.public_id), other, actor).limit(MOST + 1)
    found = {row[0]: str(row[1]) for row in session.execute(asked)}
    return found if len(found) <= MOST else None


def _capped(session: Session, wanted: Wanted, column: Column[Any], keys: list[Any]) -> _Capped:
    """(value, count up to the cap and one), and that of the rows without a value: all in one statement."""
    each = _values(session, column, keys)
    number = _rows_up_to_cap(session, wanted, column == each)
    none = _rows_up_to_cap(session, wanted, column.is_(None)) if column.nullable else literal(0)
    found = session.execute(select(each, number, none)).all()
    return [(keys[place], int(row[1])) for place, row in enumerate(found)], int(found[0][2]) if found else 0


def _rows_up_to_cap(session: Session, wanted: Wanted, same: ColumnElement[bool]) -> ColumnElement[int]:
    if session.get_bind().dialect.name == "sqlite":  # else its statistics may tell it to read the whole table
        same = func.unlikely(same)
    rows = select(literal(1)).where(wanted.standing, same).limit(CAP + 1).correlate_except(wanted.table).subquery()
    return select(func.count()).select_from(rows).scalar_subquery()


def _values(session: Session, column: Column[Any], keys: list[Any]) -> ColumnElement[Any]:
    packed = bindparam(None, json.dumps(keys), type_=String)
    if session.get_bind().dialect.name == "postgresql":
        element = func.json_array_elements_text(cast(packed, JSON)).table_valued("value", name="each")
        kind = Integer if column.type.python_type is int else Boolean if column.type.python_type is bool else String
        return cast(element.c.value, kind)
    each = func.json_each(packed).table_valued("value", name="each")
    value: ColumnElement[Any] = each.c.value
    return value
