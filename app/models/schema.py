"""What the tables need beside themselves: search indexes and the wall around the audit table.

One function makes them all, so a migration that rebuilds a table on SQLite (and thereby drops its
triggers without a word) can put them back.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text
from sqlmodel import SQLModel

from app import search
from app.registry import registries

_APPEND_ONLY_SQLITE = [
    "DROP TRIGGER IF EXISTS audit_entry_no_update",
    "DROP TRIGGER IF EXISTS audit_entry_no_delete",
    "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry"
    " BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
    " BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END",
]
_APPEND_ONLY_POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'audit entries are never changed or deleted'; END $$",
    "DROP TRIGGER IF EXISTS audit_entry_no_change ON audit_entry",
    "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse()",
]


def upgrade(engine: Engine) -> None:
    """Make every table and what stands beside it."""
    registries()
    if inspect(engine).has_table("audit_entry"):
        return
    with engine.connect().execution_options(sinergi_write=True) as connection, connection.begin():
        prepare(connection)
        SQLModel.metadata.create_all(connection)
        furnish(connection)


def prepare(connection: Connection) -> None:
    """What must be there before the first table."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))


def furnish(connection: Connection, only: set[str] | None = None) -> None:
    """(Re)make search indexes and triggers, of all registries or of the tables named in `only`."""
    dialect = connection.dialect.name
    for registry in registries().values():
        if only is None or registry.table.name in only:
            for statement in search.ddl(registry, dialect):
                connection.exec_driver_sql(statement)
    if only is None or "audit_entry" in only:
        for statement in _APPEND_ONLY_SQLITE if dialect == "sqlite" else _APPEND_ONLY_POSTGRESQL:
            connection.exec_driver_sql(statement)
