"""Former, trade and other names of a company (domain: companies)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.names import normalised_company_name
from app.domain.types import (
    LegalName,
    Text,
)
from app.models.record import Record
from app.registry import Registry, field

NAME_KINDS = [
    ("official", "Nama resmi", "Official name"),
    ("former", "Nama lama", "Former name"),
    ("trade", "Nama dagang", "Trade name"),
    ("abbreviation", "Singkatan", "Abbreviation"),
    ("misspelling", "Salah tulis", "Misspelling"),
]


def normalised_name(row: Mapping[str, Any]) -> str | None:
    return normalised_company_name(row["name"]) if row.get("name") else None


class CompanyNameBase(SQLModel):
    company: int = field(
        "Perusahaan",
        "Company",
        reference="company",
        on_delete="together",
        listed=True,
        filter=True,
        natural_key=True,
        help=("Perusahaan yang memakai nama ini", "The company that bears this name"),
    )
    name: LegalName = field(
        "Nama",
        "Name",
        listed=True,
        search=True,
        sensitivity="public",
        help=("Nama lain persis seperti tertulis pada sumbernya", "The other name exactly as its source has it"),
    )
    kind: str = field(
        "Jenis nama",
        "Kind of name",
        choices=NAME_KINDS,
        listed=True,
        filter=True,
        natural_key=True,
        help=(
            "Nama lama setelah perubahan akta; nama dagang yang dikenal umum",
            "A former name after a change of deed; a trade name people know",
        ),
    )
    name_normalised: Text | None = field(
        "Nama ternormalisasi", "Normalised name", default=None, natural_key=True, compute=normalised_name
    )
    used_from: date | None = field(
        "Dipakai sejak",
        "Used from",
        default=None,
        help=("Hari pertama nama dipakai, bila diketahui", "First day the name was used, if known"),
    )
    used_until: date | None = field(
        "Dipakai sampai",
        "Used until",
        default=None,
        help=("Hari terakhir; kosongkan bila masih dipakai", "Last day; leave empty while in use"),
    )
    source: Text | None = field(
        "Sumber",
        "Source",
        default=None,
        help=("Dokumen atau register yang menyebut nama ini", "Document or register that gives this name"),
        example="Akta perubahan 12 Maret 2024",
    )


class CompanyName(CompanyNameBase, Record, table=True):
    __tablename__ = "company_name"


company_name = Registry(
    CompanyName,
    title=("Nama lama dan nama dagang", "Former and trade names"),
    singular=("Nama lama atau nama dagang", "Former or trade name"),
    icon="signature",
    order_by="name",
    scope=Scope(company="company"),
    write={"admin", "analyst"},
)
