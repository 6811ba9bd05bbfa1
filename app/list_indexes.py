"""The indexes that keep every list fast at a million rows: declared by the hub, one set a registry.

Lists show what is not in the trash, so the indexes hold only that; each ends with the id, which breaks ties in
the order of a list. The index of a field serves three questions: sort by it, filter by it, count its values.
That of a reference serves what points at a record as well, in the trash or not. The index of the usual order carries
the states of a record too: a list of those in one state is read along it without a look at each record.

Words stand in the order in which people look for them, "LEE" beside "Lee". SQLite compares letters by their numbers
unless it is told otherwise: in the index (migration 0017) and in every question that wants it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.domain.fields import Field
from app.domain.types import TextType

_WORDS = "words"  # mark of a column of free text
LONGEST = 300  # characters; what may be longer is not worth an index of its own


def declare(table: Table, order_by: str, fields: Collection[Field]) -> None:
    """Add the indexes to the table's metadata."""
    key = table.name
    for spec in fields:
        if isinstance(spec.type, TextType):
            table.c[spec.key].info[_WORDS] = True
    alive, gone = table.c.deleted_at.is_(None), table.c.deleted_at.is_not(None)
    states = [table.c[spec.key] for spec in fields if spec.states and spec.key != order_by and not spec.runtime]
    Index(f"ix_{key}_order", table.c[order_by], table.c.id, *states, sqlite_where=alive, postgresql_where=alive)
    Index(f"ix_{key}_changed", table.c.updated_at, table.c.id, sqlite_where=alive, postgresql_where=alive)
    Index(f"ix_{key}_trash", table.c.deleted_at, sqlite_where=gone, postgresql_where=gone)
    for spec in fields:
        if spec.reference and spec.type.python is not list and not spec.runtime:
            Index(f"ix_{key}_{spec.key}", table.c[spec.key], table.c.deleted_at)
        elif spec.key != order_by and wanted(spec):
            name = f"ix_{key}_{spec.key}_list"
            Index(name, table.c[spec.key], table.c.id, sqlite_where=alive, postgresql_where=alive)


def placed(column: Column[Any], shown: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
    """What a list by this column is ordered and compared by; `shown` where a statement has it under another name."""
    here = column if shown is None else shown
    return _Words(here) if column.info.get(_WORDS) else here


class _Words(FunctionElement[Any]):
    """Text as people look for it: PostgreSQL orders by the collation of its database."""

    inherit_cache = True

    def __init__(self, text: ColumnElement[Any]) -> None:
        super().__init__(text)
        self.type = text.type


@compiles(_Words)
def _plain(element: _Words, compiler: Any, **how: Any) -> str:
    return str(compiler.process(element.clauses, **how))


@compiles(_Words, "sqlite")
def _caseless(element: _Words, compiler: Any, **how: Any) -> str:
    return f"{compiler.process(element.clauses, **how)} COLLATE NOCASE"


def wanted(spec: Field) -> bool:
    """Whether a field has an index for lists: natural keys have one of their own already."""
    if not (spec.filter or spec.sortable) or spec.natural_key or spec.unique:
        return False
    if spec.type.python is list or spec.runtime:
        return False
    return spec.type.python is not str or spec.type.max_length is None or spec.type.max_length <= LONGEST


def serves(table: Table, key: str) -> bool:
    """Whether an index gives the list in the order of this column."""
    return key == "id" or any(next(iter(index.columns)).name == key for index in table.indexes)


def carries(table: Table, key: str, columns: Collection[Column[Any]]) -> bool:
    """Whether that index holds these columns too."""
    known = (set(index.columns) for index in table.indexes if next(iter(index.columns)).name == key)
    return any(held.issuperset(columns) for held in known)
