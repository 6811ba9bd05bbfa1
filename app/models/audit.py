"""The one audit table: append-only, before and after per field, an HMAC chain over all of it.

Serves history, revert, undo of an import, and proof that nobody tampered (`app.operations.audit`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer
from sqlmodel import Field, SQLModel

LOOKED = frozenset({"reveal", "download"})  # actions that change nothing


class AuditEntry(SQLModel, table=True):
    """One action on one record. `before` and `after` hold only the fields that differ.

    `door` says through what it came: screen, shell, job, link, import, "report:CODE", "revert:VERSION"; entries
    older than the column have none.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_record", "entity", "entity_id", "seq"),  # newest first without sorting
        Index("ix_audit_entry_batch", "batch"),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=BigInteger().with_variant(Integer, "sqlite"))
    at: datetime
    actor: str = Field(max_length=200)
    actor_kind: str = Field(max_length=10)
    user_id: int | None = None
    agency_id: int | None = None
    entity: str = Field(max_length=60)
    entity_id: str = Field(max_length=40)
    action: str = Field(max_length=30)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    reason: str | None = None
    request_id: str | None = Field(default=None, max_length=64)
    batch: str | None = Field(default=None, max_length=40)
    door: str | None = Field(default=None, max_length=60)
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
