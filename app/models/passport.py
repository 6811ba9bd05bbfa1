"""Passports (domain: persons and permits)."""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.row_rules import NotReversed
from app.domain.states import Arrows, Dated
from app.domain.types import (
    CountryCode,
    FileType,
    MrzLine,
    PassportNumber,
    StoredFile,
)
from app.models.foreign_national import PERSON_WRITERS
from app.models.record import Record
from app.registry import Registry, field

PASSPORT_STATES = [
    ("current", "Berlaku", "Current"),
    ("expired", "Kedaluwarsa", "Expired"),
    ("replaced", "Diganti", "Replaced"),
    ("lost", "Hilang", "Lost"),
]
PASSPORT_STEPS = Arrows(
    {"current": ["expired", "replaced", "lost"], "expired": ["replaced", "current"]},  # back: its date was mistyped
    dated=[Dated("current", "expired", "expires_on")],
)


class PassportBase(SQLModel):
    person: int = field(
        "Orang asing",
        "Person",
        reference="foreign_national",
        on_delete="together",
        listed=True,
        filter=True,
        help=("Pemegang paspor", "The holder"),
    )
    issuing_state: CountryCode = field(
        "Negara penerbit",
        "Issuing state",
        natural_key=True,
        listed=True,
        filter=True,
        sensitivity="personal",
        help=(
            "Negara yang menerbitkan; biasanya sama dengan kewarganegaraan",
            "The state that issued it; usually the nationality",
        ),
    )
    number: PassportNumber = field(
        "Nomor paspor",
        "Passport number",
        natural_key=True,
        listed=True,
        search=True,
        masked=True,
        sensitivity="personal",
        aliases=["no paspor", "passport no"],
        help=(
            "Persis seperti tercetak; bedakan huruf O dan angka 0",
            "Exactly as printed; tell the letter O from the digit 0",
        ),
    )
    issued_on: date | None = field(
        "Tanggal terbit",
        "Issued on",
        default=None,
        sensitivity="personal",
        help=("Tanggal terbit yang tercetak", "Date of issue as printed"),
    )
    expires_on: date | None = field(
        "Berlaku sampai",
        "Expires on",
        default=None,
        listed=True,
        filter=True,
        sensitivity="personal",
        help=("Masa berlaku paspor, bukan izin tinggal", "Expiry of the passport, not of the stay permit"),
    )
    mrz1: MrzLine | None = field(
        "MRZ baris 1",
        "MRZ line 1",
        default=None,
        masked=True,
        sensitivity="personal",
        help=("44 huruf pada baris pertama di bawah foto", "44 characters of the first line below the photo"),
    )
    mrz2: MrzLine | None = field(
        "MRZ baris 2",
        "MRZ line 2",
        default=None,
        masked=True,
        sensitivity="personal",
        help=(
            "44 huruf pada baris kedua; angka kontrol diperiksa",
            "44 characters of the second line; check digits are checked",
        ),
        example="L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    )
    scan: list[StoredFile] = field(
        "Pindaian paspor",
        "Scan",
        default_factory=list,
        files=FileType(),
        masked=True,
        sensitivity="personal",
        help=("Halaman dengan foto dan dua baris MRZ", "The page with the photo and the two MRZ lines"),
    )
    replaced_by: int | None = field(
        "Diganti oleh",
        "Replaced by",
        default=None,
        reference="passport",
        help=("Paspor baru yang menggantikan", "The new passport in its place"),
    )
    status: str = field(
        "Status",
        "Status",
        default="current",
        choices=PASSPORT_STATES,
        states=PASSPORT_STEPS,
        listed=True,
        filter=True,
        help=("Satu paspor berlaku untuk tiap negara penerbit", "One current passport for each issuing state"),
    )


class Passport(PassportBase, Record, table=True):
    __tablename__ = "passport"


passport = Registry(
    Passport,
    title=("Paspor", "Passports"),
    singular=("Paspor", "Passport"),
    icon="id",
    order_by="number",
    detail=["person"],
    scope=Scope(follows="person"),
    write=PERSON_WRITERS,
    rules=[NotReversed("issued_on", "expires_on")],
)
