"""Registers as other bodies keep them, and every source row as it was given (domain: registers)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.types import LongText, Text
from app.models.record import Record
from app.registry import Registry, field

UNITS = [("company", "Perusahaan", "Company"), ("person", "Orang", "Person"), ("permit", "Izin", "Permit")]
REGISTER_STATES = [
    ("staging", "Disiapkan", "Staging"),
    ("reviewed", "Diperiksa", "Reviewed"),
    ("current", "Berlaku", "Current"),
    ("superseded", "Diganti", "Superseded"),
]
ENTRY_PRESENCE = [
    ("present", "Ada", "Present"),
    ("absent", "Tidak ada", "Absent"),
    ("unchecked", "Belum dicek", "Unchecked"),
]
MATCHES = [
    ("unmatched", "Belum dicocokkan", "Unmatched"),
    ("auto_matched", "Cocok otomatis", "Matched automatically"),
    ("to_review", "Perlu ditinjau", "To review"),
    ("same", "Sama", "Same"),
    ("different", "Berbeda", "Different"),
    ("deferred", "Tunda", "Deferred"),
]


class RegisterBase(SQLModel):
    code: Text = field("Kode register", "Register code", listed=True, search=True, natural_key=True)
    owner_agency: int = field("Instansi pemilik", "Owner agency", reference="agency", listed=True, filter=True)
    as_of: date = field("Per tanggal", "As of", listed=True, filter=True, natural_key=True)
    definition: LongText = field("Arti satu baris", "What a row means", listed=True)
    date_stated: bool = field("Tanggal disebut sumber", "Date given by the source", default=True)
    unit: str = field("Satuan", "Unit", choices=UNITS, default="company", listed=True, filter=True)
    zone: int | None = field("Kawasan", "Zone", default=None, reference="zone", filter=True)
    region: int | None = field("Wilayah", "Region", default=None, reference="region", filter=True)
    status: str = field("Status", "Status", default="current", choices=REGISTER_STATES, listed=True, filter=True)


class Register(RegisterBase, Record, table=True):
    __tablename__ = "register"


register = Registry(
    Register,
    title=("Register", "Registers"),
    singular=("Register", "Register"),
    icon="clipboard-list",
    menu="sources",
    order_by="code",
    scope=Scope(agency="owner_agency"),
    write={"admin", "analyst"},
)


class RegisterEntryBase(SQLModel):
    source: int = field("Register", "Register", reference="register", listed=True, filter=True, natural_key=True)
    source_row: int = field("Baris sumber", "Source row", listed=True, natural_key=True)
    # A row as given holds whatever its sheet held: numbers of passports and permits too.
    raw: dict[str, Any] = field(
        "Isi sebagaimana diberikan", "As given", default_factory=dict, raw=True, masked=True, sensitivity="personal"
    )
    number_in_register: Text | None = field("Nomor dalam register", "Number in the register", default=None)
    company: int | None = field("Perusahaan", "Company", default=None, reference="company", listed=True, filter=True)
    person: int | None = field("Orang asing", "Person", default=None, reference="foreign_national", filter=True)
    presence: str = field(
        "Keberadaan dalam register", "Presence", default="present", choices=ENTRY_PRESENCE, listed=True, filter=True
    )
    match_state: str = field(
        "Hasil pencocokan", "Match state", default="unmatched", choices=MATCHES, listed=True, filter=True
    )
    match_score: Decimal | None = field("Nilai kecocokan", "Match score", default=None)
    match_reasons: dict[str, Any] | None = field("Alasan kecocokan", "Match reasons", default=None, raw=True)
    as_of: date | None = field("Per tanggal", "As of", default=None, filter=True)
    batch: Text | None = field("Impor", "Import batch", default=None, filter=True, natural_key=True)


class RegisterEntry(RegisterEntryBase, Record, table=True):
    __tablename__ = "register_entry"


register_entry = Registry(
    RegisterEntry,
    title=("Data dalam register", "Register entries"),
    singular=("Data dalam register", "Register entry"),
    icon="list-details",
    menu="sources",
    order_by="source_row",
    scope=Scope(company="company"),
    write={"admin", "analyst"},
)
