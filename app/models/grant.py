"""What the office changed of the declared rights, one row a change; interpreted by `app.policy` alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.instant import Instant


class Grant(SQLModel, table=True):
    """The value of one right of one role: "allow" or "deny"; of a field's "read" "plain", "masked" or "hidden".

    `field` "" is the whole registry. An empty `value` is a change that was taken back: the row stays, to say who did
    it and when. `version` grows with every change, so that a process sees by one number whether it knows them all.
    """

    __tablename__ = "grant"
    __table_args__ = (UniqueConstraint("role", "registry_key", "field", "right"),)

    id: int | None = Field(default=None, primary_key=True)
    role: str = Field(max_length=60)
    registry_key: str = Field(max_length=60)
    field: str = Field(default="", max_length=60)
    right: str = Field(max_length=12)
    value: str = Field(max_length=10)
    version: int = Field(index=True)
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str = Field(max_length=160)
    user_id: int | None = None
    reason: str | None = None
