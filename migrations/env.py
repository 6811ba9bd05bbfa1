"""How Alembic meets our metadata: one transaction a step, no opinion about search tables and triggers."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

from app.models.schema import is_furniture
from app.registry import registries

registries()


def include_name(name: str | None, type_: str, parents: Any) -> bool:
    """Search tables and indexes are made by `furnish`; autogenerate would drop them."""
    return not is_furniture(name or "")


def render_item(type_: str, item: Any, autogen_context: Any) -> str | bool:
    """Plain SQLAlchemy types in the steps, so that an old step never depends on today's code."""
    if type_ != "type":
        return False
    name = type(item).__name__
    if name == "AutoString":
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if name in ("UTCDateTime", "Instant"):
        return "sa.DateTime(timezone=True)"
    if name == "JSON":
        return "sa.JSON()"
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_name=include_name,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is None:
    raise RuntimeError("run migrations with: sinergi db upgrade")
run(given)
