"""The connections of a process outlive restarts of the database."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from app import database


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_connections_that_died_at_rest_are_replaced_before_anybody_notices(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit_of_work(write=False) as one, database.unit_of_work(write=False) as other:
        first, second = (two.execute(text("SELECT pg_backend_pid()")).scalar_one() for two in (one, other))
    killer = create_engine(database_url)
    with killer.connect() as connection:
        for pid in (first, second):
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    killer.dispose()
    monkeypatch.setattr(database, "_RESTED_S", 0.0)

    with database.unit_of_work(write=False) as session:
        assert session.execute(text("SELECT pg_backend_pid()")).scalar_one() not in (first, second)
