"""What every record of a registry carries besides its own fields."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

_LETTERS = b"0123456789abcdefghjkmnpqrstvwxyz"  # 32 without look-alikes: people read these aloud
_TABLE = bytes(_LETTERS[byte % 32] for byte in range(256))


def new_public_id() -> str:
    """16 characters, 80 random bits: shown in URLs, never a credential."""
    return secrets.token_bytes(16).translate(_TABLE).decode("ascii")


def is_public_id(text: str) -> bool:
    """Whether `text` could be one that we made."""
    return len(text) == 16 and set(text.encode()) <= set(_LETTERS)


def utcnow() -> datetime:
    return datetime.now(UTC)


class Record(SQLModel):
    """`row_version` is compared when an edit comes back; `extra` holds run-time fields."""

    record_columns: ClassVar[frozenset[str]] = frozenset()
    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    row_version: int = Field(default=1)
    created_at: datetime = Field(default_factory=utcnow)
    created_by: str | None = Field(default=None, max_length=160)
    updated_at: datetime = Field(default_factory=utcnow)
    updated_by: str | None = Field(default=None, max_length=160)
    deleted_at: datetime | None = Field(default=None)
    extra: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, nullable=False)


Record.record_columns = frozenset(Record.model_fields)
