"""Copying every row out of a database and back: SQLite by its online backup, PostgreSQL by COPY in one snapshot.

A copy taken while people write is one moment of the database, not a mixture.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text
from sqlmodel import SQLModel

SQLITE_FILE = "database.sqlite"


class NotWhole(Exception):
    """The database or its copy is damaged; the text says where."""


def copy_out(engine: Engine, folder: Path) -> dict[str, int]:
    """Write the database into `folder` (one SQLite file, or one .copy file a table); returns rows by table."""
    return _sqlite_out(engine, folder) if engine.dialect.name == "sqlite" else _postgresql_out(engine, folder)


def copy_in(engine: Engine, folder: Path, tables: dict[str, int]) -> None:
    """Fill a PostgreSQL database that has the schema and no rows; SQLite copies are moved into place as a file."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        known = {table.name: number for number, table in enumerate(SQLModel.metadata.sorted_tables)}
        # Parents before children; a table that refers to itself is checked once its COPY is complete.
        ordered = sorted(tables, key=lambda name: known.get(name, -1))
        for name in reversed(
            ordered
        ):  # what the schema's own steps put there stands in the copy, as the office left it
            if _count(connection, name):
                connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608
        for name in ordered:
            _load(connection, name, folder / f"{name}.copy")
            _move_sequence(connection, name)


def rows(engine: Engine) -> dict[str, int]:
    """How many rows each table holds."""
    with engine.connect() as connection:
        return {name: _count(connection, name) for name in _tables(connection)}


def check_whole(path: Path) -> None:
    """Raises NotWhole unless a SQLite file passes its own check."""
    try:
        with sqlite3.connect(path) as database:
            answer = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as damaged:
        raise NotWhole(str(damaged)) from None
    if answer != "ok":
        raise NotWhole(answer)


def is_empty(engine: Engine) -> bool:
    """Whether nobody has worked here yet: no audited action."""
    with engine.connect() as connection:
        return "audit_entry" not in _tables(connection) or _count(connection, "audit_entry") == 0


def _sqlite_out(engine: Engine, folder: Path) -> dict[str, int]:
    target = folder / SQLITE_FILE
    raw = engine.raw_connection()
    copy = sqlite3.connect(target)
    try:
        source = raw.driver_connection
        assert isinstance(source, sqlite3.Connection)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a -wal beside it
        names = [name for (name,) in copy.execute(_SQLITE_TABLES)]
        counts = {name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
    finally:
        copy.close()
        raw.close()
    check_whole(target)
    return counts


_SQLITE_TABLES = (
    "SELECT m.name FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
    " AND NOT EXISTS (SELECT 1 FROM sqlite_master v WHERE v.sql LIKE 'CREATE VIRTUAL%'"
    " AND (m.name = v.name OR m.name LIKE v.name || '_%')) ORDER BY m.name"
)


def _postgresql_out(engine: Engine, folder: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for name in _tables(connection):
            counts[name] = _count(connection, name)
            columns = _columns(connection, name)
            with (folder / f"{name}.copy").open("wb") as file:
                file.write((",".join(columns) + "\n").encode())
                with _driver(connection).cursor().copy(f'COPY "{name}" ({_quoted(columns)}) TO STDOUT') as lines:
                    for block in lines:
                        file.write(block)
        connection.rollback()
    return counts


def _load(connection: Connection, name: str, path: Path) -> None:
    with path.open("rb") as file:
        columns = file.readline().decode().strip().split(",")
        with _driver(connection).cursor().copy(f'COPY "{name}" ({_quoted(columns)}) FROM STDIN') as lines:
            while block := file.read(1 << 20):
                lines.write(block)


def _move_sequence(connection: Connection, name: str) -> None:
    """The next new row continues after the restored ones."""
    for column in _columns(connection, name):
        sequence = connection.execute(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": f'"{name}"', "column": column}
        ).scalar()
        if sequence:
            highest = f'SELECT max("{column}") FROM "{name}"'  # noqa: S608 - names come from the catalogue
            connection.execute(text(f"SELECT setval('{sequence}', coalesce(({highest}), 1), ({highest}) IS NOT NULL)"))


def _tables(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        return list(connection.execute(text(_SQLITE_TABLES)).scalars())
    return sorted(inspect(connection).get_table_names())


def _columns(connection: Connection, name: str) -> list[str]:
    return [column["name"] for column in inspect(connection).get_columns(name) if not column.get("computed")]


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one())  # noqa: S608


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection
