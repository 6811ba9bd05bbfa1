"""The schema steps and the models say the same, forwards and backwards, on both databases."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, inspect, text

from app import database, list_indexes
from app.models import schema
from app.registry import registries


def drift(engine: Engine) -> None:
    with engine.connect() as connection:
        command.check(schema.config(connection))


def triggers(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        else:
            found = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
        return {row[0] for row in found}


def test_models_and_steps_agree(database_url: str) -> None:
    drift(database.engine())


def test_every_step_goes_down_and_up_again(database_url: str) -> None:
    engine = database.engine()
    before = triggers(engine)
    schema.downgrade(engine, "base")
    left = {name for name in inspect(engine).get_table_names() if not schema.is_furniture(name)}
    assert left <= {"alembic_version"}
    schema.upgrade(engine)
    drift(engine)
    assert triggers(engine) == before


def test_steps_are_numbered_without_a_gap_and_have_one_head() -> None:
    numbers = sorted(step.name[:4] for step in (schema.MIGRATIONS / "versions").glob("*.py"))
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]


def test_a_served_database_that_is_behind_is_refused_by_name(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(schema.SchemaOutdated, match="sinergi db upgrade"):
        schema.ensure(engine)
    engine.dispose()


def test_the_indexes_of_lists_leave_out_the_trash_as_declared(database_url: str) -> None:
    """Autogenerate does not compare the condition of an index."""
    engine = database.engine()
    with engine.connect() as connection:
        catalogue = "sqlite_master" if connection.dialect.name == "sqlite" else "pg_indexes"
        column, name = ("sql", "name") if catalogue == "sqlite_master" else ("indexdef", "indexname")
        made = {row[0]: row[1] or "" for row in connection.execute(text(f"SELECT {name}, {column} FROM {catalogue}"))}
    for registry in registries().values():
        for index in registry.table.indexes:
            if index.dialect_options["sqlite"]["where"] is not None:
                assert "deleted_at" in made[str(index.name)], index.name


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_indexes_of_words_look_past_capitals(database_url: str) -> None:
    """Nor does it know the collation of an index, and a table that is copied in a step loses it."""
    with database.engine().connect() as connection:
        made = dict(connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'index'")).all())
    wrong = [
        str(index.name)
        for registry in registries().values()
        for index in registry.table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
        and ("NOCASE" in made[str(index.name)])
        != (list_indexes.placed(first := next(iter(index.columns))) is not first)
    ]
    assert not wrong
