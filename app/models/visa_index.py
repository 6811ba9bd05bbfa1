"""Visa indices, in force and retired (domain: persons and permits)."""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from app.domain.row_rules import NotReversed
from app.domain.states import Arrows, Dated
from app.domain.types import (
    LongText,
    Text,
)
from app.domain.types import VisaIndex as VisaIndexCode
from app.models.organisation import EVERYONE, VALIDITY
from app.models.record import Record
from app.registry import Registry, field

LETTERS = [(letter, letter, letter) for letter in "ABCDEF"]
SPONSOR_KINDS = [
    ("company", "Perusahaan", "Company"),
    ("non_company", "Bukan perusahaan", "Not a company"),
    ("none", "Tanpa penjamin", "None"),
]
INDEX_STATES = [("in_force", "Berlaku", "In force"), ("retired", "Tidak berlaku lagi", "Retired")]
INDEX_STEPS = Arrows({"in_force": ["retired"]}, dated=[Dated("in_force", "retired", "valid_until")])


class VisaIndexBase(SQLModel):
    code: VisaIndexCode = field(
        "Indeks",
        "Index",
        natural_key=True,
        listed=True,
        search=True,
        sensitivity="public",
        aliases=["indeks visa", "kode", "visa index"],
        help=("Kode pada keputusan menteri", "Code in the minister's decree"),
    )
    title: Text = field(
        "Nama",
        "Title",
        listed=True,
        search=True,
        sensitivity="public",
        help=("Nama indeks pada keputusan", "Title in the decree"),
        example="Tenaga kerja asing",
    )
    letter: str | None = field(
        "Huruf",
        "Letter",
        default=None,
        choices=LETTERS,
        filter=True,
        sensitivity="public",
        help=("Huruf pertama kode", "First letter of the code"),
    )
    purpose: LongText | None = field(
        "Tujuan",
        "Purpose",
        default=None,
        sensitivity="public",
        help=(
            "Kegiatan yang dibolehkan, dengan kata-kata keputusan",
            "Permitted activities, in the words of the decree",
        ),
        example="Bekerja pada perusahaan penjamin",
    )
    work_allowed: bool = field(
        "Boleh bekerja",
        "Work allowed",
        default=False,
        listed=True,
        filter=True,
        sensitivity="public",
        help=("Pemegang boleh bekerja dan menerima upah", "The holder may work and be paid"),
    )
    sponsor_kind: str | None = field(
        "Jenis penjamin",
        "Kind of sponsor",
        default=None,
        choices=SPONSOR_KINDS,
        sensitivity="public",
        help=("Siapa yang harus menjamin", "Who has to guarantee"),
    )
    max_days: int | None = field(
        "Paling lama (hari)",
        "Longest stay (days)",
        default=None,
        sensitivity="public",
        help=("Lama tinggal terpanjang sekali izin", "Longest stay of one permit"),
        example="365",
    )
    basis: Text | None = field(
        "Dasar hukum",
        "Legal basis",
        default=None,
        sensitivity="public",
        help=("Nomor keputusan dan tahunnya", "Number and year of the decree"),
        example="Kepmen M.IP-08.GR.01.01 Tahun 2025",
    )
    valid_from: date = field(
        "Berlaku sejak",
        "Valid from",
        natural_key=True,
        listed=True,
        sensitivity="public",
        help=("Hari pertama indeks berlaku", "First day the index is in force"),
        group=VALIDITY,
    )
    valid_until: date | None = field(
        "Berlaku sampai",
        "Valid until",
        default=None,
        listed=True,
        sensitivity="public",
        help=("Hari terakhir; kosongkan bila masih berlaku", "Last day; leave empty while in force"),
        group=VALIDITY,
    )
    replaced_by: int | None = field(
        "Diganti oleh",
        "Replaced by",
        default=None,
        reference="visa_index",
        listed=True,
        help=("Indeks baru bagi pemegang indeks lama ini", "The new index for holders of this old one"),
        group=VALIDITY,
    )
    status: str = field(
        "Status",
        "Status",
        default="in_force",
        choices=INDEX_STATES,
        states=INDEX_STEPS,
        listed=True,
        filter=True,
        sensitivity="public",
        help=(
            "Indeks lama tetap diterima pada izin yang sedang berjalan",
            "A retired index stays accepted on running permits",
        ),
        group=VALIDITY,
    )


class VisaIndex(VisaIndexBase, Record, table=True):
    __tablename__ = "visa_index"


visa_index = Registry(
    VisaIndex,
    title=("Indeks visa", "Visa indices"),
    singular=("Indeks visa", "Visa index"),
    icon="list-numbers",
    menu="reference",
    order_by="code",
    read=EVERYONE,
    write={"admin", "division_head"},
    rules=[NotReversed("valid_from", "valid_until")],
)
