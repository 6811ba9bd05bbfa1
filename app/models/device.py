"""The 6-digit code sent to a company's registered address, and the device that once knew it."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.instant import Instant
from app.models.record import new_public_id, utcnow


class AccessCode(SQLModel, table=True):
    """Only a keyed hash of the code is kept. Lives 10 minutes, five tries, used once."""

    __tablename__ = "access_code"

    id: int | None = Field(default=None, primary_key=True)
    link_id: int = Field(foreign_key="form_link.id", index=True)
    link_version: int
    code_hash: str = Field(max_length=64)
    tries: int = Field(default=0)
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


class Device(SQLModel, table=True):
    """A browser that gave the right code; its signed cookie carries `public_id`. 12 hours, one link."""

    __tablename__ = "device"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    link_id: int = Field(foreign_key="form_link.id", index=True)
    link_version: int
    verified_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
