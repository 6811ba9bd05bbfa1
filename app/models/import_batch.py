"""One import of one file: what it did, and enough to undo it (domain: ImportBatch)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from app.models.record import Record


class ImportBatch(Record, table=True):
    """`status`: uploaded, checked, merged, undone. The changes themselves stand in the audit table."""

    __tablename__ = "import_batch"

    registry_key: str = Field(max_length=60)
    register_id: int | None = Field(default=None, foreign_key="register.id", index=True)
    file_name: str = Field(max_length=255)
    file_hash: str = Field(max_length=64, index=True)
    mapping: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    rows_total: int = 0
    rows_new: int = 0
    rows_changed: int = 0
    rows_same: int = 0
    rows_bad: int = 0
    status: str = Field(default="uploaded", max_length=20)
    undone_at: datetime | None = None
