"""One INSERT for many rows, or COPY on PostgreSQL, without the toolkit's work per row and column.

SQLAlchemy's own executemany builds and processes a dict a row; for wide registry tables that costs
more than the database does. Types and SQL still come from it, so both databases get what they expect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

_MANY = 50  # rows from which COPY is worth its two more turns with the server
_TOGETHER = 100
_PARAMETERS = 32_000  # of one statement; SQLite takes 32,766


def insert_or(session: Session, model: Any) -> Any:
    """An INSERT of this database's own kind, which knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    made = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return made(model)


def bulk_insert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of equal keys, values as the columns' Python types."""
    if not rows:
        return
    names = [column.name for column in table.columns if column.name in rows[0]]
    if connection.dialect.name == "postgresql" and len(rows) >= _MANY:
        _copy(connection, table, names, rows)
        return
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=names)
    made = list(_written(connection, table, compiled.positiontup or names, rows))
    if compiled.positiontup:
        _together(connection, str(compiled), made)
    else:
        connection.exec_driver_sql(str(compiled), [dict(zip(names, values, strict=True)) for values in made])


def _together(connection: Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Rows a hundred a statement, the rest one by one: each statement makes SQLite put its search index away."""
    many = min(_TOGETHER, _PARAMETERS // len(rows[0]))
    whole = (len(rows) - 1) // many * many
    if whole:
        start, _, one = statement.rpartition(" VALUES ")
        groups = [tuple(chain.from_iterable(rows[at : at + many])) for at in range(0, whole, many)]
        connection.exec_driver_sql(f"{start} VALUES {', '.join([one] * many)}", groups)
    connection.exec_driver_sql(statement, rows[whole:])


def _copy(connection: Connection, table: Table, names: list[str], rows: Sequence[Mapping[str, Any]]) -> None:
    quoted = connection.dialect.identifier_preparer.quote
    into = f"COPY {quoted(table.name)} ({', '.join(map(quoted, names))}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for values in _written(connection, table, names, rows):
            copy.write_row(values)


def _written(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """The values of each row as the driver takes them, put in order column by column."""
    columns = zip(*map(itemgetter(*names, names[0]), rows), strict=True)  # one name more: of one it makes no tuple
    made = []
    for name, column in zip(names, columns, strict=False):
        do = _processor(connection, table, name)
        made.append(column if do is None else _processed(do, column))
    return zip(*made, strict=True)


def _processed(do: Callable[[Any], Any], column: Iterable[Any]) -> Iterator[Any]:
    """Many columns hold one value throughout: who wrote it, when, nothing."""
    last, made = None, do(None)
    for value in column:
        if value is not last:
            last, made = value, do(value)
        yield made


def _processor(connection: Connection, table: Table, name: str) -> Any:
    # Of the type as this database has it: a decorator's own processor would skip how SQLite writes an instant.
    return table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
