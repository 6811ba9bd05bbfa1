"""The last run of each scheduled task: one row a task, moved on by compare-and-set, so two schedulers run it once."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.instant import Instant


class ScheduledRun(SQLModel, table=True):
    """`slot` is the start of the period this run belongs to; a later slot may be taken by one process only."""

    __tablename__ = "scheduled_run"

    name: str = Field(primary_key=True, max_length=80)
    slot: datetime = Field(sa_type=Instant)
    started_at: datetime = Field(sa_type=Instant)
    finished_at: datetime | None = Field(default=None, sa_type=Instant)
    tries: int = Field(default=1)
    error: str | None = Field(default=None, max_length=500)
