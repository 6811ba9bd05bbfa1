"""How many records a registry has in all, without counting them one by one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, func, select, text
from sqlmodel import Session

from app.queries.plans import Tally

SMALL = 20_000  # counted to the last row: that costs nothing yet


def everything(session: Session, table: Table) -> Tally:
    """All rows that are not in the trash.

    PostgreSQL must look at every row, so that a large table is told as its statistics have it, and said to be
    estimated. SQLite counts from an index, and says by itself whether anything was written since.
    """
    gone = select(func.count()).select_from(table).where(table.c.deleted_at.is_not(None))
    if session.get_bind().dialect.name == "postgresql":
        known = "SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(:name)"
        rows = int(session.execute(text(known), {"name": f'"{table.name}"'}).scalar() or 0)
        if rows > SMALL:
            return Tally(max(rows - int(session.execute(gone).scalar() or 0), 0), estimated=True)
    all_ = select(func.count()).select_from(table)
    counted = select(all_.scalar_subquery() - gone.scalar_subquery())
    connection = session.connection()
    if connection.dialect.name != "sqlite" or connection.get_execution_options().get("sinergi_write"):
        return Tally(int(session.execute(counted).scalar() or 0))
    driver: Any = connection.connection.driver_connection
    seen = (driver.execute("PRAGMA data_version").fetchone()[0], driver.total_changes)  # of others, and our own
    kept: dict[str, tuple[Any, int]] = connection.info.setdefault("totals", {})
    if kept.get(table.name, (None, 0))[0] != seen:
        kept[table.name] = (seen, int(session.execute(counted).scalar() or 0))
    return Tally(kept[table.name][1])
