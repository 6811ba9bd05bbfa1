"""Look-ups of many keys in one statement, however many there are.

The keys travel as one JSON parameter, so neither the number of statements nor of bound variables
grows with the rows (SQLite allows 32,766 variables a statement, PostgreSQL 65,535).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Integer, Result, String, Table, and_, bindparam, cast, func, select
from sqlalchemy.orm import Session

from app import list_indexes

LARGEST = 2**31 - 1  # of an integer column
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def among(session: Session, column: ColumnElement[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column IN values`, with the values as one parameter."""
    listed = list(values)
    numbers = bool(listed) and isinstance(listed[0], int)
    packed = json.dumps([value if numbers else str(value) for value in listed])
    return _among(session.get_bind().dialect.name, column, numbers, bindparam(None, packed, type_=String))


def among_ids(dialect: str, column: Column[Any]) -> ColumnElement[bool]:
    """The same for a statement that is kept: run it with `{"ids": packed(ids)}`."""
    return _among(dialect, column, True, bindparam("ids", type_=String))


def packed(ids: Iterable[int]) -> str:
    return json.dumps(list(ids))


def same(dialect: str, column: ColumnElement[Any], made: Callable[[ColumnElement[Any]], ColumnElement[bool]]) -> Any:
    """Equality of a column: where the index of a list holds words without regard to case, that index is asked first."""
    placed = list_indexes.placed(column) if dialect == "sqlite" and isinstance(column, Column) else column
    return made(column) if placed is column else and_(made(placed), made(column))


def _among(dialect: str, column: ColumnElement[Any], numbers: bool, values: ColumnElement[str]) -> ColumnElement[bool]:
    if dialect == "postgresql":
        elements = func.json_array_elements_text(cast(values, JSON)).column_valued("element")
        target = cast(elements, column.type if not numbers else Integer)
        return column.in_(select(target))
    listed = select(func.json_each(values).table_valued("value").c.value)
    found: ColumnElement[bool] = same(dialect, column, lambda one: one.in_(listed))
    return found


def as_dicts(result: Result[Any]) -> list[dict[str, Any]]:
    """All rows by name, as mappings would give them one at a time."""
    names = tuple(result.keys())
    return [dict(zip(names, row, strict=True)) for row in result.all()]


def fetch(
    session: Session,
    table: Table,
    column: Column[Any],
    values: Iterable[Any],
    *where: ColumnElement[bool],
    only: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Rows whose `column` is one of `values`: whole ones, or `only` some of their columns."""
    wanted = {value for value in values if value is not None and storable(value)}
    if not wanted:
        return []
    asked = select(*(table.c[name] for name in only)) if only else select(table)
    return as_dicts(session.execute(asked.where(among(session, column, wanted), *where)))


def alive(session: Session, table: Table) -> ColumnElement[bool]:
    """Not in the trash: nearly every row, which the database is told.

    SQLite with statistics takes NULL for one value among many and, for the few rows it then expects, walks all of
    an index that begins with something else.
    """
    return standing(session.get_bind().dialect.name, table)


@lru_cache(maxsize=256)
def standing(dialect: str, table: Table) -> ColumnElement[bool]:
    """`alive`, where only the name of the database is known."""
    there: ColumnElement[bool] = table.c.deleted_at.is_(None)
    return func.likely(there) if dialect == "sqlite" else there


def as_key(text: str) -> int:
    """A number of a row as an address gives it. Raises ValueError for one no column holds."""
    number = int(text)
    if not 0 <= number <= LARGEST:
        raise ValueError(text)
    return number


def storable(value: Any) -> bool:
    """Text that a database can hold at all: PostgreSQL refuses NUL, both refuse half a surrogate pair."""
    return not isinstance(value, str) or not _UNSTORABLE.search(value)
