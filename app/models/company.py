"""Companies (domain: companies)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.companies import address_not_seen, sponsors_without_number
from app.domain.kbli import section_of
from app.domain.names import normalised_company_name
from app.domain.states import Arrows
from app.domain.types import (
    Kbli,
    KbliSection,
    LegalName,
    LongText,
    Nib,
    Nitku,
    Npwp,
    Text,
)
from app.models.organisation import ADDRESS, EVERYONE, IDENTITY
from app.models.record import Record
from app.registry import Registry, field

COMPANY_STATES = [
    ("unconfirmed", "Belum terkonfirmasi", "Not yet confirmed"),
    ("documented", "Terdokumen", "Documented"),
    ("field_verified", "Terverifikasi lapangan", "Field-verified"),
    ("not_found", "Tidak ditemukan", "Not found"),
    ("closed", "Tutup", "Closed"),
]
COMPANY_STEPS = Arrows(
    {
        "unconfirmed": ["documented", "not_found", "closed"],
        "documented": ["field_verified", "not_found", "closed"],
        "field_verified": ["closed"],
        "not_found": ["documented", "closed"],
        "closed": ["documented"],
    }
)
LEGAL_FORMS = [
    ("pt", "PT", "Limited company (PT)"),
    ("pt_perorangan", "PT perorangan", "One-person company"),
    ("cv", "CV", "Limited partnership (CV)"),
    ("firma", "Firma", "Partnership (firma)"),
    ("koperasi", "Koperasi", "Cooperative"),
    ("yayasan", "Yayasan", "Foundation"),
    ("perkumpulan", "Perkumpulan", "Association"),
    ("mission", "Perwakilan negara asing", "Foreign mission"),
    ("ingo", "Organisasi internasional", "International NGO"),
    ("government", "Instansi pemerintah", "Government body"),
]
NIB_STATES = [
    ("active", "Aktif", "Active"),
    ("revoked", "Dicabut", "Revoked"),
    ("unknown", "Tidak diketahui", "Unknown"),
]
CAPITAL = [("pma", "PMA", "Foreign investment (PMA)"), ("pmdn", "PMDN", "Domestic investment (PMDN)")]
SCALES = [
    ("micro", "Mikro", "Micro"),
    ("small", "Kecil", "Small"),
    ("medium", "Menengah", "Medium"),
    ("large", "Besar", "Large"),
]
RISKS = [
    ("low", "Rendah", "Low"),
    ("medium_low", "Menengah rendah", "Medium low"),
    ("medium_high", "Menengah tinggi", "Medium high"),
    ("high", "Tinggi", "High"),
]
KBLI_LISTS = [("2020", "KBLI 2020", "KBLI 2020"), ("2025", "KBLI 2025", "KBLI 2025")]
BUSINESS = ("Usaha", "Business")
ROLES = ("Peran dan status", "Role and status")
WRITERS = {"admin", "analyst", "field_officer", "division_head"}


def sector_of(row: Mapping[str, Any]) -> str | None:
    """The KBLI section of the main code; without a code, what was typed."""
    code = row.get("kbli")
    return section_of(code) if code else row.get("sector_stated")


def normalised_legal_name(row: Mapping[str, Any]) -> str | None:
    return normalised_company_name(row["legal_name"]) if row.get("legal_name") else None


class CompanyBase(SQLModel):
    legal_name: LegalName = field(
        "Nama resmi",
        "Legal name",
        listed=True,
        search=True,
        sensitivity="internal",
        aliases=[
            "nama perusahaan",
            "nama pt",
            "perusahaan",
            "company name",
            "company",
            "organisation name",
            "nama badan usaha",
        ],
        help=("Nama lengkap seperti pada akta atau OSS", "Full name as in the deed or in OSS"),
        group=IDENTITY,
    )
    nib: Nib | None = field(
        "NIB",
        "Business number (NIB)",
        default=None,
        natural_key=True,
        unique=True,
        listed=True,
        search=True,
        owner="oss",
        help=("Nomor Induk Berusaha dari OSS, 13 angka", "Business identification number from OSS, 13 digits"),
        aliases=["nomor induk berusaha", "no nib"],
        group=IDENTITY,
    )
    nib_status: str | None = field(
        "Status NIB",
        "NIB status",
        default=None,
        choices=NIB_STATES,
        filter=True,
        owner="oss",
        help=("Menurut OSS pada tanggal di sebelahnya", "According to OSS on the day beside it"),
        group=IDENTITY,
    )
    nib_status_as_of: date | None = field(
        "Status NIB per tanggal",
        "NIB status as of",
        default=None,
        help=("Hari status NIB terakhir dicek di OSS", "Day on which the status was last checked in OSS"),
        group=IDENTITY,
    )
    npwp16: Npwp | None = field(
        "NPWP",
        "Tax number (NPWP)",
        default=None,
        search=True,
        aliases=["no npwp"],
        help=("16 angka; nomor lama 15 angka diubah sendiri", "16 digits; an old number of 15 digits is converted"),
        group=IDENTITY,
    )
    nitku: Nitku | None = field(
        "NITKU",
        "Branch tax number (NITKU)",
        default=None,
        help=(
            "22 angka: nomor tempat kegiatan usaha atau cabang",
            "22 digits: number of a place of business or branch",
        ),
        group=IDENTITY,
    )
    legal_form: str | None = field(
        "Bentuk badan",
        "Legal form",
        default=None,
        choices=LEGAL_FORMS,
        filter=True,
        help=("Seperti pada akta pendirian", "As in the deed of foundation"),
        group=IDENTITY,
    )
    capital_status: str | None = field(
        "Status modal",
        "Capital status",
        default=None,
        choices=CAPITAL,
        listed=True,
        filter=True,
        aliases=["pma/pmdn", "pma pmdn"],
        help=("PMA bila ada modal asing, berapa pun besarnya", "PMA when any capital is foreign"),
        group=BUSINESS,
    )
    scale: str | None = field(
        "Skala usaha",
        "Scale",
        default=None,
        choices=SCALES,
        filter=True,
        help=("Seperti pada NIB", "As on the NIB"),
        group=BUSINESS,
    )
    risk: str | None = field(
        "Risiko usaha (NIB)",
        "Business risk (NIB)",
        default=None,
        choices=RISKS,
        help=(
            "Tingkat risiko kegiatan usaha yang tercetak pada NIB; bukan penilaian kantor",
            "Risk level of the business as printed on the NIB; no judgement of the office",
        ),
        group=BUSINESS,
    )
    kbli: Kbli | None = field(
        "KBLI utama",
        "Main business class (KBLI)",
        default=None,
        aliases=["kbli"],
        help=("Kode lima angka kegiatan usaha utama", "Five-digit code of the main business"),
        group=BUSINESS,
    )
    kbli_year: str | None = field(
        "Tahun KBLI",
        "KBLI year",
        default="2020",
        choices=KBLI_LISTS,
        help=("Daftar KBLI tempat kode itu diambil", "The list the code was taken from"),
        group=BUSINESS,
    )
    sector_stated: KbliSection | None = field(
        "Sektor menurut keterangan",
        "Sector as stated",
        default=None,
        aliases=["sektor", "bidang usaha"],
        help=("Dipakai hanya bila kode KBLI tidak diketahui", "Used only while the KBLI code is not known"),
        group=BUSINESS,
    )
    sector: KbliSection | None = field(
        "Sektor", "Sector", default=None, listed=True, filter=True, compute=sector_of, group=BUSINESS
    )
    zone: int | None = field(
        "Kawasan",
        "Zone",
        default=None,
        reference="zone",
        listed=True,
        filter=True,
        help=("Kawasan industri tempat perusahaan berada, bila ada", "The industrial zone it stands in, if any"),
        group=ADDRESS,
    )
    region: int | None = field(
        "Wilayah",
        "Region",
        default=None,
        reference="region",
        filter=True,
        group=ADDRESS,
        help=(
            "Kecamatan atau desa; menentukan instansi mana yang melihat data ini",
            "Sub-district or village; decides which agencies see this record",
        ),
    )
    address: LongText | None = field(
        "Alamat",
        "Address",
        default=None,
        group=ADDRESS,
        aliases=["alamat perusahaan"],
        help=("Jalan, nomor, blok; tanpa nama kecamatan", "Street, number, block; without the sub-district"),
        example="Jalan Raya Contoh Kav. 12 Blok B",
    )
    address_verified_on: date | None = field(
        "Alamat diperiksa tanggal",
        "Address verified on",
        default=None,
        group=ADDRESS,
        help=("Hari petugas terakhir memeriksa alamat di lapangan", "Day an officer last checked the address on site"),
    )
    lat: Decimal | None = field(
        "Lintang",
        "Latitude",
        default=None,
        group=ADDRESS,
        help=("Derajat desimal, negatif di selatan khatulistiwa", "Decimal degrees, negative south of the equator"),
        example="-7,5512",
    )
    lon: Decimal | None = field(
        "Bujur",
        "Longitude",
        default=None,
        group=ADDRESS,
        help=("Derajat desimal", "Decimal degrees"),
        example="112,6203",
    )
    is_sponsor: bool = field(
        "Penjamin",
        "Sponsor",
        default=False,
        filter=True,
        help=("Menjamin orang asing kepada imigrasi", "Guarantees foreigners to immigration"),
        group=ROLES,
    )
    is_employer: bool = field(
        "Pemberi kerja",
        "Employer",
        default=False,
        filter=True,
        help=("Membayar upah orang asing", "Pays the wages of foreigners"),
        group=ROLES,
    )
    status: str = field(
        "Status",
        "Status",
        default="unconfirmed",
        choices=COMPANY_STATES,
        states=COMPANY_STEPS,
        listed=True,
        filter=True,
        help=(
            "Terverifikasi lapangan hanya setelah petugas datang ke alamatnya",
            "Field-verified only after an officer has been at its address",
        ),
        group=ROLES,
    )
    name_normalised: Text | None = field(
        "Nama ternormalisasi", "Normalised name", default=None, compute=normalised_legal_name
    )


class Company(CompanyBase, Record, table=True):
    __tablename__ = "company"


company = Registry(
    Company,
    title=("Perusahaan", "Companies"),
    singular=("Perusahaan", "Company"),
    icon="building",
    order_by="legal_name",
    scope=Scope(region="region", zone="zone"),
    read=EVERYONE,
    partners={"legal_name", "sector", "zone", "region", "address", "status"},
    write=WRITERS,
    form=True,
    api=True,
    remarks=[sponsors_without_number, address_not_seen],
    inlines=("contact", "worksite", "company_name", "sponsorship"),
)
