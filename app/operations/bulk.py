"""One INSERT for many rows, or COPY on PostgreSQL, without the toolkit's work per row and column.

SQLAlchemy's own executemany builds and processes a dict a row; for wide registry tables that costs
more than the database does. Types and SQL still come from it, so both databases get what they expect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

_MANY = 50  # rows from which COPY is worth its two more turns with the server


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
    prepare = [(name, _processor(connection, table, name)) for name in (compiled.positiontup or names)]
    made: Sequence[Any]
    if compiled.positiontup:
        made = [tuple([row[name] if do is None else do(row[name]) for name, do in prepare]) for row in rows]
    else:
        made = [{name: row[name] if do is None else do(row[name]) for name, do in prepare} for row in rows]
    connection.exec_driver_sql(str(compiled), made)


def _copy(connection: Connection, table: Table, names: list[str], rows: Sequence[Mapping[str, Any]]) -> None:
    prepare = [(name, _processor(connection, table, name)) for name in names]
    quoted = connection.dialect.identifier_preparer.quote
    into = f"COPY {quoted(table.name)} ({', '.join(map(quoted, names))}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row([row[name] if do is None else do(row[name]) for name, do in prepare])


def _processor(connection: Connection, table: Table, name: str) -> Any:
    # Of the type as this database has it: a decorator's own processor would skip how SQLite writes an instant.
    return table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
