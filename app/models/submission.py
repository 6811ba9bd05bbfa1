"""Submission: a report as sent, and its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.domain.states import CHANGES as CHANGES
from app.domain.states import RETURN_REASONS as RETURN_REASONS
from app.domain.states import SUBMISSION_MOVES as SUBMISSION_MOVES
from app.domain.states import SUBMISSION_STATES as SUBMISSION_STATES
from app.models.instant import Instant
from app.models.record import new_public_id, utcnow


class Submission(SQLModel, table=True):
    """`version` counts the reports of one duty; a correction or a later part points at the one it replaces.

    `filled_by` = {name, position, email}. `decision_reasons` = codes of RETURN_REASONS;
    `decision_cells` = [{"row": n, "field": key, "message": text}] where the link reopens.
    """

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("duty_id", "version", name="uq_submission_duty_version"),)

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    row_version: int = Field(default=1)
    code: str = Field(unique=True, max_length=20)
    duty_id: int = Field(foreign_key="duty.id", index=True)
    company_id: int = Field(foreign_key="company.id", index=True)
    link_id: int = Field(foreign_key="form_link.id")
    version: int = Field(default=1)
    corrects_id: int | None = Field(default=None, foreign_key="submission.id")
    filled_by: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    sent_at: datetime = Field(sa_type=Instant, index=True)
    ip_hash: str | None = Field(default=None, max_length=64)
    idempotency_key: str = Field(unique=True, max_length=64)
    body_hash: str = Field(max_length=64)
    mode: str = Field(max_length=12)  # one, paste, upload, nil, roster
    language: str = Field(default="id", max_length=2)
    saw_roster: bool = Field(default=False)  # whether the sender was shown last period's people
    rows_ok: int = Field(default=0)
    rows_deferred: int = Field(default=0)
    state: str = Field(default="submitted", max_length=12, index=True)
    decided_by: str | None = Field(default=None, max_length=160)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)
    decision_reasons: list[str] = Field(default_factory=list, sa_type=JSON)
    decision_note: str | None = Field(default=None)
    decision_cells: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)


class SubmissionRow(SQLModel, table=True):
    """One person of a report. `cells` are clean values (dates ISO), `raw` what was typed; nothing changes silently."""

    __tablename__ = "submission_row"
    __table_args__ = (UniqueConstraint("submission_id", "row_no", name="uq_submission_row_no"),)

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", index=True)
    row_no: int  # as the sender sees it: the row of the sheet, else 1, 2, 3
    person_id: int | None = Field(default=None, foreign_key="foreign_national.id", index=True)
    change: str = Field(default="tetap", max_length=8)
    cells: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    raw: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    errors: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    notes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    state: str = Field(default="ok", max_length=8)  # ok, bad, deferred
