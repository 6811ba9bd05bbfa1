"""StaffDraft: what a member of staff typed into the form of a record and did not save yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.instant import Instant
from app.models.record import utcnow


class StaffDraft(SQLModel, table=True):
    """At most one a person, registry and record. `sealed` opens only with a key that is not in the database."""

    __tablename__ = "staff_draft"
    __table_args__ = (UniqueConstraint("user_id", "registry_key", "record", name="uq_staff_draft"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id")
    registry_key: str = Field(max_length=60)
    record: str = Field(default="", max_length=20)  # public id; "" of a record that is not there yet
    page: str = Field(max_length=20)  # the opened form it comes from: no other page writes over it
    sealed: str = Field(sa_type=Text)
    saved_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant, index=True)
