"""The database of this process: engine, sessions, and the unit of work every edge uses.

SQLite: WAL, synchronous=FULL (a power cut must not undo what was acknowledged), busy timeout, and BEGIN
IMMEDIATE for writers (a reader that becomes a writer half-way cannot wait for the lock, it fails).
PostgreSQL: connections that rested are asked whether they live, statement timeout.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlmodel import Session

from app import doorbell
from app.config import settings

_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_engines: dict[str, Engine] = {}
_readers: dict[Engine, Engine] = {}
_chosen: str | None = None
_RESTED_S = 1.0
_READING = "-c default_transaction_read_only=on"
_open: ContextVar[Session | None] = ContextVar("open", default=None)  # the session that is reading here


def use(url: str | None) -> None:
    """Choose another database than the configured one (tests, restore)."""
    global _chosen
    _chosen = url


def engine(url: str | None = None) -> Engine:
    """The engine of `url`, made once a process and url."""
    wanted = url or _chosen or settings().database_url
    if wanted not in _engines:
        _engines[wanted] = _build(wanted)
    return _engines[wanted]


def dispose() -> None:
    """Close every pooled connection (before a fork, at the end of a test)."""
    for made in (*_engines.values(), *_readers.values()):
        made.dispose()
    _engines.clear()
    _readers.clear()


def create_schema() -> None:
    """Bring an empty or embedded database to the newest schema; refuse a served one that is behind."""
    from app.models import schema  # models stand above: they are named by this edge only when it is asked

    schema.ensure(engine())


@contextmanager
def unit_of_work(write: bool = True) -> Iterator[Session]:
    """One session, one COMMIT at the end, then the doorbells the operations asked for."""
    with (engine() if write else reader()).connect() as connection:
        if write:
            connection = connection.execution_options(sinergi_write=True)
        with Session(connection, expire_on_commit=False, autoflush=write) as session:
            before = _open.set(None if write else session)
            try:
                yield session
                if write:
                    session.commit()
                else:
                    session.expunge_all()  # a rollback would empty what was read
                    session.rollback()
            except BaseException:
                session.rollback()
                raise
            finally:
                _open.reset(before)
    if write:
        doorbell.ring(session.info.pop("rings", ()))


@contextmanager
def reading() -> Iterator[Session]:
    """The session that reads here already, for what a page asks beside its own matter; else one of its own."""
    known = _open.get()
    if known is not None:
        yield known
        return
    with unit_of_work(write=False) as session:
        yield session


def utcnow() -> datetime:
    """The clock, read at the edge and handed down as `now`."""
    return datetime.now(UTC)


def reader() -> Engine:
    """PostgreSQL is read without transactions: each statement sees what was committed before it, as inside one of
    READ COMMITTED, and a page spares the ways to the server that begin and end them. Whatever would write is refused.
    """
    made = engine()
    if made.dialect.name == "sqlite":
        return made
    if made not in _readers:
        url = made.url.render_as_string(hide_password=False)
        _readers[made] = _build(url, _READING, isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True)
    return _readers[made]


def _build(url: str, options: str = "", **how: Any) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        return _build_sqlite(url)
    made = create_engine(
        url,
        pool_size=5,
        max_overflow=10,
        json_serializer=_dumps,
        connect_args={"options": f"-c statement_timeout=60000 -c timezone=UTC {options}"},
        **how,
    )
    _ask_who_rested(made)
    return made


def _ask_who_rested(made: Engine) -> None:
    """A connection that lay idle is asked whether it still lives; one used a moment ago, four times a page, is not."""

    @event.listens_for(made, "checkin")
    def _rest(_raw: Any, record: Any) -> None:
        record.info["rested_at"] = time.monotonic()

    @event.listens_for(made, "checkout")
    def _ask(raw: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("rested_at", math.inf) > _RESTED_S:
            try:
                made.dialect.do_ping(raw)
            except made.dialect.loaded_dbapi.Error as dead:
                raise InvalidatePoolError from dead


def _build_sqlite(url: str) -> Engine:
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(url, json_serializer=_dumps, connect_args={"check_same_thread": False, "timeout": 5.0})

    @event.listens_for(made, "connect")
    def _prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # the driver's own BEGIN would be deferred
        cursor = raw.cursor()
        for pragma in (
            "journal_mode=WAL",
            "busy_timeout=5000",
            "foreign_keys=ON",
            "synchronous=FULL",
            "cache_size=-65536",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(made, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("sinergi_write"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("BEGIN")  # waits for nobody, hence fails not; by way of the library it takes ten times as long

    return made
