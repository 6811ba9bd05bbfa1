"""Duty: one thing one company has to report for one period."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.fields import Label
from app.models.instant import Instant
from app.models.record import new_public_id, utcnow

# Arrows of domain §4.4. "Overdue" is computed (open and past due_on), never stored.
DUTY_STATES: dict[str, Label] = {
    "upcoming": Label("akan datang", "upcoming"),
    "sent": Label("tautan dikirim", "link sent"),
    "opened": Label("dibuka", "opened"),
    "draft": Label("draf", "draft"),
    "nil": Label("nihil", "nil"),
    "submitted": Label("masuk", "submitted"),
    "accepted": Label("selesai diperiksa", "accepted"),
    "returned": Label("dikembalikan", "returned"),
    "excused": Label("dimaklumi", "excused"),
    "waived": Label("dikecualikan", "waived"),
}
DUTY_OPEN = frozenset({"upcoming", "sent", "opened", "draft", "returned"})
DUTY_MOVES: dict[str, frozenset[str]] = {
    "upcoming": frozenset({"sent", "opened", "draft", "excused", "waived"}),
    "sent": frozenset({"opened", "draft", "excused", "waived"}),
    "opened": frozenset({"draft", "nil", "submitted", "excused", "waived"}),
    "draft": frozenset({"submitted", "nil", "excused", "waived"}),
    "nil": frozenset({"accepted", "sent", "returned", "submitted"}),
    "submitted": frozenset({"accepted", "sent", "returned", "nil"}),
    "accepted": frozenset({"submitted", "nil"}),  # by a correction only
    "returned": frozenset({"draft", "submitted", "nil", "excused", "waived"}),
    "excused": frozenset(),
    "waived": frozenset(),
}


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
