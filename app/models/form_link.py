"""FormLink: the row that decides whether a company's link lives. The token itself is never stored."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.models.instant import Instant
from app.models.record import new_public_id, utcnow


class FormLink(SQLModel, table=True):
    """Reusable until it expires or is revoked; revoking bumps `version`, which changes the derived token.

    `email` is where its mails and codes go: the address of the company's contact, which may change (`links.follow`).
    """

    __tablename__ = "form_link"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    version: int = Field(default=1)
    company_id: int = Field(foreign_key="company.id", index=True)
    purpose: str = Field(default="report", max_length=20)
    duty_id: int = Field(foreign_key="duty.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    email: str | None = Field(default=None, max_length=254)
    language: str = Field(default="id", max_length=2)
    step_up: bool = Field(default=True)  # a code before existing workers' data are shown
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
    last_opened_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_count: int = Field(default=0)  # exchanged by POST; a GET is not an opening
    issued_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    issued_by: str = Field(default="", max_length=160)
    renews_id: int | None = Field(default=None, foreign_key="form_link.id")  # the gone link this one replaces

    def state(self, now: datetime) -> str:
        """issued, opened, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        if now >= self.expires_at:
            return "expired"
        return "opened" if self.opened_count else "issued"
