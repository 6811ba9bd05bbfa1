"""A long piece of staff work as a row: what is asked, how far it is, how it ended. An rq job only says "look"."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from app.models.instant import Instant
from app.models.record import Record


class Job(Record, table=True):
    """One bulk edit, import, undo or export. `public_id` is also its batch in the audit table.

    `cursor` is what the kind needs to go on after the last committed chunk; `done` of `total` are records.
    States: `app.domain.states.JOB_STATES`. A running job whose lease is over is taken up by the next worker.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_open", "state", "lease_until"),)

    kind: str = Field(max_length=40)
    registry_key: str = Field(max_length=60)
    user_id: int | None = Field(default=None, index=True)  # whose rights count; None: the office's own shell
    language: str = Field(default="id", max_length=2)
    params: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: str = Field(default="queued", max_length=12)
    cursor: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    total: int | None = None
    done: int = 0
    result: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    error: dict[str, Any] | None = Field(default=None, sa_type=JSON)  # {code, params} of a refusal
    tries: int = 0  # of the same chunk: a chunk that kills its worker again and again is given up
    lease_token: str | None = Field(default=None, max_length=32)
    lease_until: datetime | None = Field(default=None, sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)  # of a file it made
