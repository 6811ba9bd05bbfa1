"""Lists that people keep: named views, and how each person likes to see a list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.instant import Instant
from app.models.record import new_public_id, utcnow


class SavedView(SQLModel, table=True):
    """A list under a name. `state` is its address (`ListState.kept`), read anew each time it is opened."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("registry_key", "owner_id", "name", name="uq_saved_view_name"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    registry_key: str = Field(max_length=60, index=True)
    name: str = Field(max_length=80)
    owner_id: int = Field(foreign_key="user.id", index=True)
    shared: bool = False
    default_for: list[str] = Field(default_factory=list, sa_type=JSON, nullable=False)  # roles; a shared view only
    state: str = Field(max_length=4000)
    version: int = 1  # of the address: `app.domain.conditions.VERSION`
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    updated_at: datetime = Field(default_factory=utcnow, sa_type=Instant)


class ListPreference(SQLModel, table=True):
    """Columns and row height one person chose last for one list; it holds where the address says nothing."""

    __tablename__ = "list_preference"
    __table_args__ = (UniqueConstraint("user_id", "registry_key", name="uq_list_preference"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id")
    registry_key: str = Field(max_length=60)
    columns: list[Any] = Field(default_factory=list, sa_type=JSON, nullable=False)
    density: str = Field(default="", max_length=10)
