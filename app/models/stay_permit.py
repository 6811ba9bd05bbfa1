"""Stay permits (domain: persons and permits)."""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.row_rules import NotReversed
from app.domain.states import Arrows
from app.domain.types import (
    DocumentNumber,
    LongText,
)
from app.models.foreign_national import PERSON_WRITERS
from app.models.organisation import EVERYONE, VALIDITY
from app.models.record import Record
from app.registry import Registry, field

PERMIT_KINDS = [
    ("itk", "ITK (kunjungan)", "ITK (visit)"),
    ("itas", "ITAS (terbatas)", "ITAS (limited)"),
    ("itap", "ITAP (tetap)", "ITAP (permanent)"),
    ("diplomatic", "Diplomatik", "Diplomatic"),
    ("service", "Dinas", "Service"),
]
PERMIT_STATES = [
    ("valid", "Berlaku", "Valid"),
    ("ended_epo", "EPO", "Ended by EPO"),
    ("converted", "Alih status", "Converted"),
    ("ended", "Berakhir", "Ended"),
]
PERMIT_STEPS = Arrows({"valid": ["ended_epo", "converted", "ended"]})


class StayPermitBase(SQLModel):
    person: int = field(
        "Orang asing",
        "Person",
        reference="foreign_national",
        on_delete="together",
        listed=True,
        filter=True,
        help=("Pemegang izin tinggal", "The holder"),
    )
    kind: str = field(
        "Jenis izin tinggal",
        "Kind of permit",
        choices=PERMIT_KINDS,
        listed=True,
        filter=True,
        natural_key=True,
        help=("ITAS dan KITAS sama: KITAS adalah kartunya", "ITAS and KITAS are the same: KITAS is the card"),
    )
    number: DocumentNumber = field(
        "Nomor izin tinggal",
        "Permit number",
        listed=True,
        search=True,
        natural_key=True,
        masked=True,
        sensitivity="personal",
        owner="imigrasi",
        aliases=["no kitas", "kitas", "itas"],
        help=("Persis seperti tercetak pada izin", "Exactly as printed on the permit"),
    )
    visa_index: int | None = field(
        "Indeks visa",
        "Visa index",
        default=None,
        reference="visa_index",
        listed=True,
        filter=True,
        owner="imigrasi",
        help=("Indeks yang berlaku pada tanggal terbit", "The index in force on the day of issue"),
    )
    old_index: int | None = field(
        "Indeks lama",
        "Retired index",
        default=None,
        reference="visa_index",
        help=("Indeks lama yang tercetak pada izin yang masih berjalan", "A retired index printed on a running permit"),
    )
    issued_on: date | None = field(
        "Tanggal terbit",
        "Issued on",
        default=None,
        owner="imigrasi",
        help=("Tanggal terbit yang tercetak", "Date of issue as printed"),
        group=VALIDITY,
    )
    expires_on: date | None = field(
        "Berlaku sampai",
        "Expires on",
        default=None,
        listed=True,
        filter=True,
        owner="imigrasi",
        help=("Masa berlaku izin tinggal, bukan paspor", "Expiry of the stay permit, not of the passport"),
        group=VALIDITY,
    )
    office: int | None = field(
        "Kantor penerbit",
        "Issuing office",
        default=None,
        reference="agency",
        help=("Kantor imigrasi yang menerbitkan", "The immigration office that issued it"),
        group=VALIDITY,
    )
    sponsorship: int | None = field(
        "Penjaminan",
        "Sponsorship",
        default=None,
        reference="sponsorship",
        help=("Penjaminan yang menjadi dasarnya", "The sponsorship it rests on"),
    )
    qr_payload: LongText | None = field(
        "Isi kode QR",
        "QR payload",
        default=None,
        masked=True,
        sensitivity="personal",
        help=("Isi yang terbaca saat kode QR dipindai", "What scanning the QR code gives"),
        example="https://contoh.example/izin/ABC123",
    )
    ended_on: date | None = field(
        "Berakhir tanggal",
        "Ended on",
        default=None,
        help=(
            "Hari izin diakhiri; sistem tidak pernah mengakhirinya sendiri",
            "Day it was ended; the system never ends one by itself",
        ),
        group=VALIDITY,
    )
    status: str = field(
        "Status",
        "Status",
        default="valid",
        choices=PERMIT_STATES,
        states=PERMIT_STEPS,
        listed=True,
        filter=True,
        owner="imigrasi",
        help=("Diubah hanya menurut dokumen", "Changed only by a document"),
        group=VALIDITY,
    )


class StayPermit(StayPermitBase, Record, table=True):
    __tablename__ = "stay_permit"


stay_permit = Registry(
    StayPermit,
    title=("Izin tinggal", "Stay permits"),
    singular=("Izin tinggal", "Stay permit"),
    icon="file-certificate",
    order_by="number",
    scope=Scope(follows="person"),
    read=EVERYONE,
    partners={"person", "kind", "expires_on", "status"},
    write=PERSON_WRITERS,
    rules=[NotReversed("issued_on", "expires_on")],
)
