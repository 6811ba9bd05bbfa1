"""Bringing a database to the newest schema, and what tables need beside themselves.

Search indexes and the wall around the audit table are made by one function, so a migration that
rebuilds a table on SQLite (and thereby drops its triggers without a word) can put them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from app import search
from app.registry import registries

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
_LOCK = 0x53_43_48_45
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


class SchemaOutdated(RuntimeError):
    """The database stands at another schema than this code: run `sinergi db upgrade`."""

    def __init__(self, current: str | None, newest: str) -> None:
        super().__init__(f"database schema {current or 'none'}, needed {newest}: run `sinergi db upgrade`")
        self.current, self.newest = current, newest


def newest() -> str:
    """The number of the last step: "0001"."""
    return max(step.name[:4] for step in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current(engine: Engine) -> str | None:
    """The step the database stands at; None when it is empty."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found) if found else None


def ensure(engine: Engine) -> None:
    """Make an empty or embedded database ready; refuse a served one that is behind. Raises SchemaOutdated."""
    stands = current(engine)
    if stands == newest():
        return
    if stands is not None and (engine.dialect.name != "sqlite" or stands > newest()):
        raise SchemaOutdated(stands, newest())
    upgrade(engine)


def upgrade(engine: Engine, target: str = "head") -> None:
    """Run the missing steps, alone and in one transaction."""
    from alembic import command  # slow to import, and almost never needed

    with _exclusive(engine) as connection:
        command.upgrade(config(connection), target)


def downgrade(engine: Engine, target: str) -> None:
    """Run steps backwards (tests, and a release that must be taken back)."""
    from alembic import command

    with _exclusive(engine) as connection:
        command.downgrade(config(connection), target)


def config(connection: Connection) -> Config:
    """Alembic's settings over an open connection."""
    from alembic.config import Config

    registries()
    made = Config(str(MIGRATIONS / "alembic.ini"))
    made.attributes["connection"] = connection
    return made


def furnish(connection: Connection, only: set[str] | None = None) -> None:
    """(Re)make search indexes and triggers, of all registries or of the tables named in `only`."""
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
    standing = set(inspect(connection).get_table_names())
    for registry in registries().values():
        if registry.table.name in standing and (only is None or registry.table.name in only):
            for statement in search.ddl(registry, dialect):
                connection.exec_driver_sql(statement)
    if "audit_entry" in standing and (only is None or "audit_entry" in only):
        for statement in _APPEND_ONLY_SQLITE if dialect == "sqlite" else _APPEND_ONLY_POSTGRESQL:
            connection.exec_driver_sql(statement)


def is_furniture(name: str) -> bool:
    """A table or index that `furnish` makes (FTS5 adds shadow tables under the same stem)."""
    stem, found, _ = name.partition("_search")
    return bool(found) and stem in {registry.table.name for registry in registries().values()}


@contextmanager
def _exclusive(engine: Engine) -> Iterator[Connection]:
    connected = engine.connect().execution_options(sinergi_write=True)
    with connected as connection, _unbound(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield connection
        if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise RuntimeError("a step of the schema left a reference that leads nowhere")


@contextmanager
def _unbound(connection: Connection) -> Iterator[None]:
    """SQLite rebuilds a table by dropping it, which its references forbid: they are checked at the end instead."""
    raw = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")  # heeded outside a transaction only
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
