"""One import of one file: what it would do, what it did, and enough to undo it (domain: ImportBatch)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, SQLModel

from app.models.record import Record


class ImportBatch(Record, table=True):
    """`status`: uploaded, checked, merged, partly_merged, undone. The changes themselves stand in the audit table.

    `public_id` is the batch of its audit entries and of the job that applies it. `report` is what the check said of
    the file as a whole; what it would do row by row are `ImportRow`s.
    """

    __tablename__ = "import_batch"

    registry_key: str = Field(max_length=60)
    register_id: int | None = Field(default=None, foreign_key="register.id", index=True)
    source: str = Field(default="", max_length=40)  # code of the register
    file_name: str = Field(max_length=255)
    file_hash: str = Field(max_length=64, index=True)
    stored: str | None = Field(default=None, max_length=120)  # token of the file while it is kept
    match: list[str] = Field(default_factory=list, sa_type=JSON, nullable=False)
    mapping: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, nullable=False)
    report: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, nullable=False)
    rows_total: int = 0
    rows_new: int = 0
    rows_changed: int = 0
    rows_same: int = 0
    rows_bad: int = 0
    rows_missing: int = 0  # records of the last import of this source that this file does not name
    status: str = Field(default="uploaded", max_length=20)
    undone_at: datetime | None = None
    job: str | None = Field(default=None, max_length=20)  # public id of the newest work on it


class ImportRow(SQLModel, table=True):
    """What one row of the file would do. `before` and `after` hold only the fields that change.

    `action`: new, changed, same, repeat (folded into an earlier row), error, missing (a record, not a row).
    """

    __tablename__ = "import_row"
    __table_args__ = (Index("ix_import_row_action", "batch_id", "action", "row_no"),)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id")
    row_no: int
    action: str = Field(max_length=10)
    public_id: str | None = Field(default=None, max_length=20)
    title: str = Field(default="", max_length=300)
    version: int | None = None  # row_version the comparison saw
    before: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, nullable=False)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, nullable=False)
    problems: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON, nullable=False)
