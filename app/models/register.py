"""Registers as other bodies keep them, and every source row as it was given (domain: registers)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.states import Arrows
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
REGISTER_STEPS = Arrows({"staging": ["reviewed"], "reviewed": ["current"], "current": ["superseded"]})
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
DECIDED = ["same", "different", "deferred"]
MATCH_STEPS = Arrows(
    {
        "unmatched": ["auto_matched", "to_review"],
        "auto_matched": DECIDED,
        "to_review": DECIDED,
        "deferred": ["same", "different"],
        "same": ["unmatched"],
    }
)


class RegisterBase(SQLModel):
    code: Text = field(
        "Kode register",
        "Register code",
        listed=True,
        search=True,
        natural_key=True,
        help=("Sebutan tetap daftar ini", "The name of this list that stays"),
        example="disnaker-tka",
    )
    owner_agency: int = field(
        "Instansi pemilik",
        "Owner agency",
        reference="agency",
        listed=True,
        filter=True,
        help=(
            "Instansi yang memiliki dan bertanggung jawab atas daftar",
            "The agency that owns and answers for the list",
        ),
    )
    as_of: date = field(
        "Per tanggal",
        "As of",
        listed=True,
        filter=True,
        natural_key=True,
        help=(
            "Tanggal keadaan data, bukan tanggal berkas diterima",
            "The day the data speak of, not the day the file came",
        ),
    )
    definition: LongText = field(
        "Arti satu baris",
        "What a row means",
        listed=True,
        help=(
            "Apa arti satu baris, supaya jumlahnya dapat dijelaskan",
            "What one row stands for, so that its count can be explained",
        ),
        example="Perusahaan yang melaporkan TKA kepada dinas",
    )
    date_stated: bool = field(
        "Tanggal disebut sumber",
        "Date given by the source",
        default=True,
        help=("Hilangkan tanda bila tanggal hanya perkiraan kantor", "Untick when the date is only the office's guess"),
    )
    unit: str = field(
        "Satuan",
        "Unit",
        choices=UNITS,
        default="company",
        listed=True,
        filter=True,
        help=("Yang dihitung oleh satu baris", "What one row counts"),
    )
    zone: int | None = field(
        "Kawasan",
        "Zone",
        default=None,
        reference="zone",
        filter=True,
        help=("Isi bila daftar hanya meliputi satu kawasan", "Fill in when the list covers one zone only"),
    )
    region: int | None = field(
        "Wilayah",
        "Region",
        default=None,
        reference="region",
        filter=True,
        help=("Isi bila daftar hanya meliputi satu wilayah", "Fill in when the list covers one region only"),
    )
    status: str = field(
        "Status",
        "Status",
        default="current",
        choices=REGISTER_STATES,
        states=REGISTER_STEPS,
        listed=True,
        filter=True,
        help=("Hanya satu daftar berlaku untuk tiap kode", "One current list for each code"),
    )


class Register(RegisterBase, Record, table=True):
    __tablename__ = "register"


register = Registry(
    Register,
    title=("Register", "Registers"),
    singular=("Register", "Register"),
    icon="clipboard-list",
    menu="sources",
    order_by="code",
    scope=Scope(region="region", zone="zone", agency="owner_agency"),
    write={"admin", "analyst"},
)


class RegisterEntryBase(SQLModel):
    source: int = field(
        "Register",
        "Register",
        reference="register",
        on_delete="block",
        listed=True,
        filter=True,
        natural_key=True,
        help=("Daftar tempat baris ini berasal", "The list this row comes from"),
    )
    source_row: int = field(
        "Baris sumber",
        "Source row",
        listed=True,
        natural_key=True,
        help=("Nomor baris pada berkas asli", "Number of the row in the original file"),
    )
    # A row as given holds whatever its sheet held: numbers of passports and permits too.
    raw: dict[str, Any] = field(
        "Isi sebagaimana diberikan",
        "As given",
        default_factory=dict,
        raw=True,
        masked=True,
        sensitivity="personal",
        help=("Tidak pernah diubah", "Never changed"),
    )
    number_in_register: Text | None = field(
        "Nomor dalam register",
        "Number in the register",
        default=None,
        help=("Nomor urut atau nomor pendaftaran pada sumber", "Running or registration number in the source"),
        example="017/2026",
    )
    company: int | None = field(
        "Perusahaan",
        "Company",
        default=None,
        reference="company",
        listed=True,
        filter=True,
        help=("Perusahaan kita yang dimaksud baris ini", "Our company that this row means"),
    )
    person: int | None = field(
        "Orang asing",
        "Person",
        default=None,
        reference="foreign_national",
        filter=True,
        help=("Orang yang dimaksud baris ini", "The person this row means"),
    )
    presence: str = field(
        "Keberadaan dalam register",
        "Presence",
        default="present",
        choices=ENTRY_PRESENCE,
        listed=True,
        filter=True,
        help=("Tidak ada: dicari pada sumber dan tidak ditemukan", "Absent: looked for in the source and not found"),
    )
    match_state: str = field(
        "Hasil pencocokan",
        "Match state",
        default="unmatched",
        choices=MATCHES,
        states=MATCH_STEPS,
        listed=True,
        filter=True,
        help=("Sama atau Berbeda hanya diputuskan orang", "Same or Different is decided by people only"),
    )
    match_score: Decimal | None = field(
        "Nilai kecocokan",
        "Match score",
        default=None,
        help=(
            "Kemiripan baris dan catatan kita, 0 sampai 1; bukan penilaian perusahaan",
            "Likeness of the row and our record, 0 to 1; no score of a company",
        ),
        example="0,93",
    )
    match_reasons: dict[str, Any] | None = field(
        "Alasan kecocokan",
        "Match reasons",
        default=None,
        raw=True,
        help=("Yang sama dan yang berbeda, menurut pencocokan", "What agrees and differs, according to the matching"),
    )
    as_of: date | None = field(
        "Per tanggal",
        "As of",
        default=None,
        filter=True,
        help=(
            "Tanggal keadaan baris ini bila berbeda dari daftarnya",
            "The day this row speaks of, when it differs from the list",
        ),
    )
    batch: Text | None = field(
        "Impor",
        "Import batch",
        default=None,
        filter=True,
        natural_key=True,
        help=("Nomor impor yang membawa baris ini", "Number of the import that brought it"),
        example="a1b2c3d4e5f6g7h8",
    )


class RegisterEntry(RegisterEntryBase, Record, table=True):
    __tablename__ = "register_entry"


register_entry = Registry(
    RegisterEntry,
    title=("Data dalam register", "Register entries"),
    singular=("Data dalam register", "Register entry"),
    icon="list-details",
    menu="sources",
    order_by="source_row",
    scope=Scope(company="company", follows=("person", "source")),
    write={"admin", "analyst"},
)
