"""Companies, their names, contacts and work sites (domain: companies)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.errors import Problem
from app.domain.names import normalised_company_name
from app.domain.types import Email, Kbli, KbliSection, LegalName, LongText, Nib, Nitku, Npwp, PersonName, Phone, Text
from app.models.organisation import EVERYONE
from app.models.record import Record
from app.registry import Registry, field

COMPANY_STATES = [
    ("unconfirmed", "Belum terkonfirmasi", "Not yet confirmed"),
    ("documented", "Terdokumen", "Documented"),
    ("field_verified", "Terverifikasi lapangan", "Field-verified"),
    ("not_found", "Tidak ditemukan", "Not found"),
    ("closed", "Tutup", "Closed"),
]
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
NAME_KINDS = [
    ("official", "Nama resmi", "Official name"),
    ("former", "Nama lama", "Former name"),
    ("trade", "Nama dagang", "Trade name"),
    ("abbreviation", "Singkatan", "Abbreviation"),
    ("misspelling", "Salah tulis", "Misspelling"),
]
CONTACT_STATES = [
    ("active", "Aktif", "Active"),
    ("bouncing", "Terpental", "Bouncing"),
    ("inactive", "Nonaktif", "Inactive"),
]
EMAIL_STATES = [
    ("ok", "Baik", "OK"),
    ("soft_bounce", "Terpental sementara", "Soft bounce"),
    ("hard_bounce", "Terpental tetap", "Hard bounce"),
    ("complaint", "Keberatan", "Complaint"),
]
LANGUAGES = [("id", "Bahasa Indonesia", "Indonesian"), ("en", "Inggris", "English")]
SITE_STATES = [("active", "Aktif", "Active"), ("closed", "Tutup", "Closed")]
ADDRESS = ("Alamat", "Address")
WRITERS = {"admin", "analyst", "field_officer", "division_head"}
CONTACT_WRITERS = {"admin", "secretariat", "analyst"}

# first two digits of a KBLI code → section (BPS Regulation 2/2020)
_SECTIONS = [
    (3, "A"),
    (9, "B"),
    (33, "C"),
    (35, "D"),
    (39, "E"),
    (43, "F"),
    (47, "G"),
    (53, "H"),
    (56, "I"),
    (63, "J"),
    (66, "K"),
    (68, "L"),
    (75, "M"),
    (82, "N"),
    (84, "O"),
    (85, "P"),
    (88, "Q"),
    (93, "R"),
    (96, "S"),
]


def sector_of(row: Mapping[str, Any]) -> str | None:
    """The KBLI section of the main code; without a code, what was typed."""
    code = row.get("kbli")
    if not code:
        return row.get("sector_stated")
    return next((section for last, section in _SECTIONS if int(code[:2]) <= last), None)


def normalised_legal_name(row: Mapping[str, Any]) -> str | None:
    return normalised_company_name(row["legal_name"]) if row.get("legal_name") else None


def normalised_name(row: Mapping[str, Any]) -> str | None:
    return normalised_company_name(row["name"]) if row.get("name") else None


def reachable(row: Mapping[str, Any]) -> Iterable[Problem]:
    """A contact needs an e-mail address or a phone number."""
    if not row.get("email") and not row.get("phone"):
        yield Problem("contact_unreachable", field="email")


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
    )
    nib_status: str | None = field(
        "Status NIB", "NIB status", default=None, choices=NIB_STATES, filter=True, owner="oss"
    )
    nib_status_as_of: date | None = field("Status NIB per tanggal", "NIB status as of", default=None)
    npwp16: Npwp | None = field("NPWP", "Tax number (NPWP)", default=None, search=True, aliases=["no npwp"])
    nitku: Nitku | None = field("NITKU", "Branch tax number (NITKU)", default=None)
    legal_form: str | None = field("Bentuk badan", "Legal form", default=None, choices=LEGAL_FORMS, filter=True)
    capital_status: str | None = field(
        "Status modal",
        "Capital status",
        default=None,
        choices=CAPITAL,
        listed=True,
        filter=True,
        aliases=["pma/pmdn", "pma pmdn"],
    )
    scale: str | None = field("Skala usaha", "Scale", default=None, choices=SCALES, filter=True)
    risk: str | None = field("Risiko usaha (NIB)", "Business risk (NIB)", default=None, choices=RISKS)
    kbli: Kbli | None = field("KBLI utama", "Main business class (KBLI)", default=None, aliases=["kbli"])
    kbli_year: str | None = field("Tahun KBLI", "KBLI year", default="2020", choices=KBLI_LISTS)
    sector_stated: KbliSection | None = field(
        "Sektor menurut keterangan", "Sector as stated", default=None, aliases=["sektor", "bidang usaha"]
    )
    sector: KbliSection | None = field("Sektor", "Sector", default=None, listed=True, filter=True, compute=sector_of)
    zone: int | None = field("Kawasan", "Zone", default=None, reference="zone", listed=True, filter=True)
    region: int | None = field("Wilayah", "Region", default=None, reference="region", filter=True, group=ADDRESS)
    address: LongText | None = field("Alamat", "Address", default=None, group=ADDRESS, aliases=["alamat perusahaan"])
    address_verified_on: date | None = field(
        "Alamat diperiksa tanggal", "Address verified on", default=None, group=ADDRESS
    )
    lat: Decimal | None = field("Lintang", "Latitude", default=None, group=ADDRESS)
    lon: Decimal | None = field("Bujur", "Longitude", default=None, group=ADDRESS)
    is_sponsor: bool = field("Penjamin", "Sponsor", default=False, filter=True)
    is_employer: bool = field("Pemberi kerja", "Employer", default=False, filter=True)
    status: str = field("Status", "Status", default="unconfirmed", choices=COMPANY_STATES, listed=True, filter=True)
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
    write=WRITERS,
    form=True,
    api=True,
)


class CompanyNameBase(SQLModel):
    company: int = field("Perusahaan", "Company", reference="company", listed=True, filter=True, natural_key=True)
    name: LegalName = field("Nama", "Name", listed=True, search=True, sensitivity="public")
    kind: str = field("Jenis nama", "Kind of name", choices=NAME_KINDS, listed=True, filter=True, natural_key=True)
    name_normalised: Text | None = field(
        "Nama ternormalisasi", "Normalised name", default=None, natural_key=True, compute=normalised_name
    )
    used_from: date | None = field("Dipakai sejak", "Used from", default=None)
    used_until: date | None = field("Dipakai sampai", "Used until", default=None)
    source: Text | None = field("Sumber", "Source", default=None)


class CompanyName(CompanyNameBase, Record, table=True):
    __tablename__ = "company_name"


company_name = Registry(
    CompanyName,
    title=("Nama lama dan nama dagang", "Company names"),
    singular=("Nama perusahaan", "Company name"),
    icon="signature",
    order_by="name",
    scope=Scope(company="company"),
    write={"admin", "analyst"},
)


class ContactBase(SQLModel):
    company: int = field("Perusahaan", "Company", reference="company", listed=True, filter=True, natural_key=True)
    name: PersonName = field(
        "Nama kontak",
        "Contact name",
        listed=True,
        search=True,
        sensitivity="personal",
        aliases=["pic", "nama pic", "contact person"],
    )
    position: Text | None = field("Jabatan", "Position", default=None, listed=True)
    email: Email | None = field(
        "E-mail", "E-mail", default=None, listed=True, search=True, natural_key=True, sensitivity="personal"
    )
    phone: Phone | None = field(
        "Telepon / WA",
        "Phone / WhatsApp",
        default=None,
        sensitivity="personal",
        aliases=["telepon", "no hp", "hp", "wa"],
    )
    is_whatsapp: bool = field("Nomor WhatsApp", "WhatsApp number", default=False)
    language: str = field("Bahasa", "Language", default="id", choices=LANGUAGES)
    email_state: str = field("Keadaan e-mail", "E-mail state", default="ok", choices=EMAIL_STATES, filter=True)
    status: str = field("Status", "Status", default="active", choices=CONTACT_STATES, listed=True, filter=True)


class Contact(ContactBase, Record, table=True):
    __tablename__ = "contact"


contact = Registry(
    Contact,
    title=("Kontak", "Contacts"),
    singular=("Kontak", "Contact"),
    icon="address-book",
    order_by="name",
    scope=Scope(company="company"),
    write=CONTACT_WRITERS,
    rules=[reachable],
)


class WorksiteBase(SQLModel):
    company: int = field("Perusahaan", "Company", reference="company", listed=True, filter=True, natural_key=True)
    label: Text = field(
        "Nama lokasi", "Site name", listed=True, search=True, natural_key=True, aliases=["lokasi kerja", "lokasi"]
    )
    address: LongText | None = field("Alamat", "Address", default=None, search=True)
    region: int | None = field("Wilayah", "Region", default=None, reference="region", listed=True, filter=True)
    zone: int | None = field("Kawasan", "Zone", default=None, reference="zone", filter=True)
    lat: Decimal | None = field("Lintang", "Latitude", default=None)
    lon: Decimal | None = field("Bujur", "Longitude", default=None)
    entry_ppe: Text | None = field(
        "APD yang diwajibkan", "Protective equipment", default=None, group=("Aturan masuk", "Entry rules")
    )
    entry_induction: Text | None = field(
        "Induksi K3", "Safety induction", default=None, group=("Aturan masuk", "Entry rules")
    )
    entry_hours: Text | None = field("Jam masuk", "Entry hours", default=None, group=("Aturan masuk", "Entry rules"))
    gate_contact: Text | None = field("Pos jaga", "Gate contact", default=None, group=("Aturan masuk", "Entry rules"))
    default_escort: int | None = field(
        "Pendamping", "Escort", default=None, reference="contact", group=("Aturan masuk", "Entry rules")
    )
    status: str = field("Status", "Status", default="active", choices=SITE_STATES, listed=True, filter=True)


class Worksite(WorksiteBase, Record, table=True):
    __tablename__ = "worksite"


worksite = Registry(
    Worksite,
    title=("Lokasi kerja", "Work sites"),
    singular=("Lokasi kerja", "Work site"),
    icon="map-pin",
    order_by="label",
    scope=Scope(region="region", zone="zone", company="company"),
    read=EVERYONE,
    write={"admin", "analyst", "field_officer"},
)
