"""Duty: one thing one company has to report for one period."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.states import DUTY_MOVES as DUTY_MOVES
from app.domain.states import DUTY_OPEN
from app.domain.states import DUTY_STATES as DUTY_STATES
from app.models.instant import Instant
from app.models.record import new_public_id, utcnow


class Duty(SQLModel, table=True):
    """Key (company, form, period). `period` is a month "2026-11" or a quarter "2026-Q4"."""

    __tablename__ = "duty"
    __table_args__ = (UniqueConstraint("company_id", "form", "period", name="uq_duty_company_form_period"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    row_version: int = Field(default=1)
    company_id: int = Field(foreign_key="company.id", index=True)
    form: str = Field(max_length=40)
    rule: str | None = Field(default=None, max_length=40)  # code of the duty rule, once duties have rules
    period: str = Field(max_length=10)
    due_on: date = Field(index=True)
    due_explained: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # the calculation, as facts
    state: str = Field(default="upcoming", max_length=12, index=True)
    paused_until: date | None = Field(default=None)
    pause_reason: str | None = Field(default=None, max_length=40)
    exempt_reason: str | None = Field(default=None)
    ladder_step: int = Field(default=0)  # last step delivered
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    updated_at: datetime = Field(default_factory=utcnow, sa_type=Instant)

    @property
    def is_open(self) -> bool:
        return self.state in DUTY_OPEN

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.pause_reason is None and today > self.due_on
