"""Look-ups of many keys in one statement, however many there are.

The keys travel as one JSON parameter, so neither the number of statements nor of bound variables
grows with the rows (SQLite allows 32,766 variables a statement, PostgreSQL 65,535).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Integer, Result, String, Table, bindparam, cast, func, select
from sqlalchemy.orm import Session

LARGEST = 2**31 - 1  # of an integer column
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def among(session: Session, column: Column[Any], values: Iterable[Any]) -> ColumnElement[bool]:
    """`column IN values`, with the values as one parameter."""
    listed = list(values)
    numbers = bool(listed) and isinstance(listed[0], int)
    packed = bindparam(None, json.dumps([value if numbers else str(value) for value in listed]), type_=String)
    if session.get_bind().dialect.name == "postgresql":
        elements = func.json_array_elements_text(cast(packed, JSON)).column_valued("element")
        target = cast(elements, column.type if not numbers else Integer)
        return column.in_(select(target))
    return column.in_(select(func.json_each(packed).table_valued("value").c.value))


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
    standing: ColumnElement[bool] = table.c.deleted_at.is_(None)
    return func.likely(standing) if session.get_bind().dialect.name == "sqlite" else standing


def as_key(text: str) -> int:
    """A number of a row as an address gives it. Raises ValueError for one no column holds."""
    number = int(text)
    if not 0 <= number <= LARGEST:
        raise ValueError(text)
    return number


def storable(value: Any) -> bool:
    """Text that a database can hold at all: PostgreSQL refuses NUL, both refuse half a surrogate pair."""
    return not isinstance(value, str) or not _UNSTORABLE.search(value)
