"""Receipt: the proof that a report arrived. Never a replacement for APOA or TKA Online."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.domain.states import RECEIPT_STATES as RECEIPT_STATES
from app.models.instant import Instant
from app.models.record import utcnow


class Receipt(SQLModel, table=True):
    """`hash` = SHA-256 over the facts of the receipt (`app.operations.receipts.digest`), printed on the PDF.

    There is no counter of verifications: the check page is a GET, and a GET changes nothing; each
    verification is a line of the log ("receipt.verified").
    """

    __tablename__ = "receipt"

    id: int | None = Field(default=None, primary_key=True)
    submission_id: int = Field(foreign_key="submission.id", unique=True)
    short_code: str = Field(unique=True, max_length=20)
    hash: str = Field(max_length=64)
    state: str = Field(default="valid", max_length=10)
    issued_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    replaced_by: str | None = Field(default=None, max_length=20)  # code of the receipt that corrects or continues it
