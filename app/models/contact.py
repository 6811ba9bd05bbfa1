"""Contacts: whom a company's links and mails go to (domain: companies)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.errors import Problem
from app.domain.states import Arrows
from app.domain.types import (
    Email,
    PersonName,
    Phone,
    Text,
)
from app.models.record import Record
from app.registry import Registry, field

CONTACT_STATES = [
    ("active", "Aktif", "Active"),
    ("bouncing", "Terpental", "Bouncing"),
    ("inactive", "Nonaktif", "Inactive"),
]
CONTACT_STEPS = Arrows({"active": ["bouncing", "inactive"], "bouncing": ["active", "inactive"], "inactive": ["active"]})
EMAIL_STATES = [
    ("ok", "Baik", "OK"),
    ("soft_bounce", "Terpental sementara", "Soft bounce"),
    ("hard_bounce", "Terpental tetap", "Hard bounce"),
    ("complaint", "Keberatan", "Complaint"),
]
LANGUAGES = [("id", "Bahasa Indonesia", "Indonesian"), ("en", "Inggris", "English")]
CONTACT_WRITERS = {"admin", "secretariat", "analyst"}


def reachable(row: Mapping[str, Any]) -> Iterable[Problem]:
    """A contact needs an e-mail address or a phone number."""
    if not row.get("email") and not row.get("phone"):
        yield Problem("contact_unreachable", field="email")


class ContactBase(SQLModel):
    company: int = field(
        "Perusahaan",
        "Company",
        reference="company",
        on_delete="together",
        listed=True,
        filter=True,
        natural_key=True,
        help=("Perusahaan yang diwakili", "The company this person speaks for"),
    )
    name: PersonName = field(
        "Nama kontak",
        "Contact name",
        listed=True,
        search=True,
        sensitivity="personal",
        aliases=["pic", "nama pic", "contact person"],
        help=("Orang yang menerima tautan laporan", "The person who receives the report link"),
        example="Sari Dewi",
    )
    position: Text | None = field(
        "Jabatan",
        "Position",
        default=None,
        listed=True,
        help=("Jabatan di perusahaan", "Position in the company"),
        example="Manajer HRD",
    )
    email: Email | None = field(
        "E-mail",
        "E-mail",
        default=None,
        listed=True,
        search=True,
        natural_key=True,
        sensitivity="personal",
        help=(
            "Tautan dan tanda terima dikirim ke alamat ini; e-mail atau telepon wajib ada",
            "Links and receipts go to this address; e-mail or phone must be given",
        ),
    )
    phone: Phone | None = field(
        "Telepon / WA",
        "Phone / WhatsApp",
        default=None,
        sensitivity="personal",
        aliases=["telepon", "no hp", "hp", "wa"],
        help=("Nomor Indonesia; +62 ditambahkan sendiri", "An Indonesian number; +62 is added"),
    )
    is_whatsapp: bool = field(
        "Nomor WhatsApp",
        "WhatsApp number",
        default=False,
        help=("Nomor di atas dapat dihubungi lewat WhatsApp", "The number above can be reached by WhatsApp"),
    )
    language: str = field(
        "Bahasa",
        "Language",
        default="id",
        choices=LANGUAGES,
        help=("Bahasa surat kepada kontak ini", "Language of mail to this contact"),
    )
    email_state: str = field(
        "Keadaan e-mail",
        "E-mail state",
        default="ok",
        choices=EMAIL_STATES,
        filter=True,
        help=(
            "Diisi sistem dari pengiriman; ubah ke Baik setelah alamat diperbaiki",
            "Kept by the system from deliveries; set to OK once the address is right",
        ),
    )
    status: str = field(
        "Status",
        "Status",
        default="active",
        choices=CONTACT_STATES,
        states=CONTACT_STEPS,
        listed=True,
        filter=True,
        help=("Kontak nonaktif tidak dikirimi surat lagi", "An inactive contact gets no mail"),
    )


class Contact(ContactBase, Record, table=True):
    __tablename__ = "contact"


contact = Registry(
    Contact,
    title=("Kontak", "Contacts"),
    singular=("Kontak", "Contact"),
    icon="address-book",
    order_by="name",
    detail=["company"],
    scope=Scope(company="company"),
    write=CONTACT_WRITERS,
    rules=[reachable],
)
