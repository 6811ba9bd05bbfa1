"""Draft: what a company typed so far; Upload: a file it sent; HeadingMap: how its columns were read last time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.instant import Instant
from app.models.record import new_public_id, utcnow


class Draft(SQLModel, table=True):
    """One open draft a duty: an expired link leaves it to the next link of the same duty.

    `data` is the document of `app.operations.drafts`; `nonce` becomes the submission's idempotency key.
    """

    __tablename__ = "draft"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    row_version: int = Field(default=1)
    duty_id: int = Field(foreign_key="duty.id", index=True)
    link_id: int = Field(foreign_key="form_link.id")
    form: str = Field(max_length=40)
    form_version: str = Field(default="1", max_length=40)
    nonce: str = Field(unique=True, max_length=64)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    cells_bad: int = Field(default=0)
    state: str = Field(default="open", max_length=10)
    saved_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)


class Upload(SQLModel, table=True):
    """A file as it came. `stored` is its name under the uploads folder, generated, never the sender's.

    It belongs to a duty, or to the `field` of a record (`entity`, `entity_id`): to none yet while `user_id`, who sent
    it, has not saved.
    """

    __tablename__ = "upload"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    duty_id: int | None = Field(default=None, foreign_key="duty.id", index=True)
    submission_id: int | None = Field(default=None, foreign_key="submission.id", index=True)
    kind: str = Field(max_length=12)  # sheet, attachment, record
    entity: str | None = Field(default=None, max_length=60)  # key of a registry
    entity_id: str | None = Field(default=None, max_length=20, index=True)  # public id of its record
    field: str | None = Field(default=None, max_length=60)
    user_id: int | None = Field(default=None)
    name: str = Field(max_length=255)  # as the sender calls it: shown, never used as a path
    media_type: str = Field(max_length=100)
    size: int  # bytes
    sha256: str = Field(max_length=64)
    stored: str = Field(max_length=100)
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)


class HeadingMap(SQLModel, table=True):
    """The mapping one sender confirmed for one set of headings: offered again for the next such file."""

    __tablename__ = "heading_map"
    __table_args__ = (UniqueConstraint("sender", "form", "signature", name="uq_heading_map_sender_form_signature"),)

    id: int | None = Field(default=None, primary_key=True)
    sender: str = Field(max_length=40)  # "company:12", "user:3"
    form: str = Field(max_length=40)
    signature: str = Field(max_length=64)  # sha256 of the normalised headings, in order
    mapping: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # heading -> field key or None
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # question code:field -> answer
    used_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
