"""Order and place of a list: pages by keyset, so that the millionth row costs what the first one does.

Blank values stand last, whichever way the list runs. A list by a column that may be blank is read as two stretches,
the filled and the blank, because databases order NULL each in their own way and an index serves only its own.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, literal, tuple_

from app import list_indexes
from app.domain.errors import Problem
from app.queries.keys import LARGEST, storable

END = "end"  # the cursor of the last page


@dataclass(frozen=True, slots=True)
class Order:
    """A column of the table and which way it runs; the id breaks ties the same way."""

    key: str
    falling: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read on from: (value, id) of a row, or None for the very beginning, or the very end when backwards."""

    backwards: bool = False
    after: tuple[Any, int] | None = None

    @property
    def inside(self) -> bool:
        """Not at an outer end of the list."""
        return self.after is not None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the list that an index can be walked along, in the direction of reading."""

    conditions: tuple[ColumnElement[bool], ...]
    order_by: tuple[ColumnElement[Any], ...]
    down: bool


def stretches(table: Table, order: Order, place: Place, dialect: str) -> list[Stretch]:
    """What is still to be read from `place` on, in the order of reading."""
    column, id_ = table.c[order.key], table.c.id
    down = order.falling != place.backwards
    ordered = tuple(one.desc() if down else one.asc() for one in (list_indexes.placed(column), id_))
    if order.key == "id":
        beyond = () if place.after is None else ((id_ < place.after[1]) if down else (id_ > place.after[1]),)
        return [Stretch(beyond, ordered[1:], down)]
    value = None if place.after is None else _typed(column, place.after[0])
    if not column.nullable:
        beyond = () if place.after is None else (_beyond(column, id_, value, place.after[1], down, dialect),)
        return [Stretch(beyond, ordered, down)]
    filled = Stretch((column.is_not(None),), ordered, down)
    blank = Stretch((column.is_(None),), ordered[1:], down)
    in_reading = [blank, filled] if place.backwards else [filled, blank]
    if place.after is None:
        return in_reading
    if value is None:
        left = Stretch((column.is_(None), id_ < place.after[1] if down else id_ > place.after[1]), ordered[1:], down)
        return [left, filled] if place.backwards else [left]
    left = Stretch((column.is_not(None), _beyond(column, id_, value, place.after[1], down, dialect)), ordered, down)
    return [left] if place.backwards else [left, blank]


def up_to(table: Table, order: Order, place: Place, last: tuple[Any, int], dialect: str) -> ColumnElement[bool]:
    """True for the rows of a stretch up to and with the row `last`."""
    column, id_ = table.c[order.key], table.c.id
    down = order.falling != place.backwards
    if order.key == "id" or last[0] is None:
        return id_ >= last[1] if down else id_ <= last[1]
    placed, value = list_indexes.placed(column), literal(last[0], column.type)
    pair, bound = tuple_(placed, id_), tuple_(value, literal(last[1]))
    return _sought(placed, value, pair >= bound if down else pair <= bound, down, dialect)


def encoded(direction: str, row: Mapping[str, Any], key: str) -> str:
    """The cursor that stands at a row: "n" reads on behind it, "p" before it."""
    value = row[key]
    if isinstance(value, datetime | date):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = str(value)
    packed = json.dumps([direction, value, row["id"]], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def decoded(cursor: str | None, problems: list[Problem]) -> Place:
    """The place a cursor names; a forged or broken one is a problem and means the beginning."""
    if not cursor:
        return Place()
    if cursor == END:
        return Place(backwards=True)
    try:
        direction, value, id_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(value, str | int | float | None) or direction not in ("n", "p") or not storable(value):
            raise ValueError
        if not 0 <= int(id_) <= LARGEST:
            raise ValueError
        return Place(direction == "p", (value, int(id_)))
    except (ValueError, TypeError, OverflowError):
        problems.append(Problem("cursor_unknown"))
        return Place()


def _beyond(
    column: Column[Any], id_: Column[Any], value: Any, after: int, down: bool, dialect: str
) -> ColumnElement[bool]:
    """Rows behind (value, id), as one comparison of pairs: that is what an index of both columns seeks by."""
    if value is None:  # a forged cursor over a column that is never blank
        return and_(column.is_not(None), id_ < after if down else id_ > after)
    placed, here = list_indexes.placed(column), literal(value, column.type)
    pair, place = tuple_(placed, id_), tuple_(here, literal(after))
    return _sought(placed, here, pair < place if down else pair > place, not down, dialect)


def _sought(
    placed: ColumnElement[Any], value: ColumnElement[Any], pairs: ColumnElement[bool], up: bool, dialect: str
) -> ColumnElement[bool]:
    """SQLite seeks by a pair of plain columns only: of words it is told the first one besides. `up`: from there on."""
    if dialect != "sqlite" or isinstance(placed, Column):
        return pairs
    return and_(placed >= value if up else placed <= value, pairs)


def _typed(column: Column[Any], value: Any) -> Any:
    stored = getattr(column.type, "impl_instance", column.type)  # the type under a decorator
    kind = stored.python_type
    try:
        if kind is datetime:
            return datetime.fromisoformat(value)
        if kind is date:
            return date.fromisoformat(value)
        if kind is Decimal:
            return None if value is None else Decimal(value)
        return value if type(value) is kind and (kind is not int or abs(value) <= LARGEST) else None
    except (TypeError, ValueError, InvalidOperation):
        return None
