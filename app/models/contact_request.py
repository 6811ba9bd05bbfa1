"""What a company asks of staff: a link it never got, another contact person, a question or an objection."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app.domain.fields import Label
from app.models.instant import Instant
from app.models.record import new_public_id, utcnow

REQUEST_KINDS: dict[str, Label] = {
    "no_link": Label("Belum menerima tautan", "Has no link"),
    "new_contact": Label("Minta ganti kontak", "Asks for another contact"),
    "not_ours": Label("Bukan perusahaan penerima", "Not the recipient's company"),
}
QUESTION_REASONS: dict[str, Label] = {
    "reported_elsewhere": Label("Sudah lapor lewat APOA/TKA Online", "Already reported through APOA/TKA Online"),
    "no_workers": Label("Tidak ada TKA", "No foreign workers"),
    "not_ours": Label("Bukan perusahaan kami", "Not our company"),
    "closed": Label("Perusahaan tutup atau pindah", "The company closed or moved"),
    "other": Label("Lainnya", "Something else"),
    "question": Label("Saya ingin bertanya", "I have a question"),
}


class ContactRequest(SQLModel, table=True):
    """A person checks it before anything goes out. Without `company_id` the company is unconfirmed."""

    __tablename__ = "contact_request"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    row_version: int = Field(default=1)
    kind: str = Field(max_length=12)
    company_id: int | None = Field(default=None, foreign_key="company.id", index=True)
    link_id: int | None = Field(default=None, foreign_key="form_link.id")
    company_name: str = Field(max_length=200)
    nib: str | None = Field(default=None, max_length=13)
    name: str = Field(max_length=120)
    position: str | None = Field(default=None, max_length=120)
    email: str = Field(max_length=254)
    phone: str | None = Field(default=None, max_length=30)
    note: str | None = Field(default=None)
    state: str = Field(default="new", max_length=10)  # new, confirmed, refused
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    decided_by: str | None = Field(default=None, max_length=160)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)


class Question(SQLModel, table=True):
    """A question or an objection about one duty; sending it pauses that duty at once."""

    __tablename__ = "question"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    row_version: int = Field(default=1)
    kind: str = Field(max_length=10)  # question, objection
    company_id: int = Field(foreign_key="company.id", index=True)
    duty_id: int = Field(foreign_key="duty.id", index=True)
    link_id: int | None = Field(default=None, foreign_key="form_link.id")
    reason: str = Field(max_length=24)
    reference_no: str | None = Field(default=None, max_length=60)
    question: str = Field(default="")
    state: str = Field(default="new", max_length=14)  # new, in_discussion, answered
    due_on: date
    answer: str | None = Field(default=None)
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    answered_by: str | None = Field(default=None, max_length=160)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
