"""Work sites: where a company's people work, and how to get in (domain: companies)."""

from __future__ import annotations

from decimal import Decimal

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.states import Arrows
from app.domain.types import (
    LongText,
    Text,
)
from app.models.organisation import ADDRESS, EVERYONE
from app.models.record import Record
from app.registry import Registry, field

SITE_STATES = [("active", "Aktif", "Active"), ("closed", "Tutup", "Closed")]
SITE_STEPS = Arrows({"active": ["closed"], "closed": ["active"]})


class WorksiteBase(SQLModel):
    company: int = field(
        "Perusahaan",
        "Company",
        reference="company",
        on_delete="together",
        listed=True,
        filter=True,
        natural_key=True,
        help=("Perusahaan yang bekerja di lokasi ini", "The company that works at this site"),
    )
    label: Text = field(
        "Nama lokasi",
        "Site name",
        listed=True,
        search=True,
        natural_key=True,
        aliases=["lokasi kerja", "lokasi"],
        help=("Sebutan yang dipakai perusahaan sendiri", "What the company itself calls it"),
        example="Pabrik Ngoro 2",
    )
    address: LongText | None = field(
        "Alamat",
        "Address",
        default=None,
        search=True,
        help=("Jalan, nomor, blok; tanpa nama kecamatan", "Street, number, block; without the sub-district"),
        example="Jalan Raya Contoh Kav. 12 Blok B",
        group=ADDRESS,
    )
    region: int | None = field(
        "Wilayah",
        "Region",
        default=None,
        reference="region",
        listed=True,
        filter=True,
        help=(
            "Kecamatan atau desa lokasi; dapat berbeda dari alamat perusahaan",
            "Sub-district or village of the site; may differ from the company's",
        ),
        group=ADDRESS,
    )
    zone: int | None = field(
        "Kawasan",
        "Zone",
        default=None,
        reference="zone",
        filter=True,
        help=("Kawasan industri tempat lokasi berada, bila ada", "The industrial zone the site stands in, if any"),
        group=ADDRESS,
    )
    lat: Decimal | None = field(
        "Lintang",
        "Latitude",
        default=None,
        help=("Derajat desimal, negatif di selatan khatulistiwa", "Decimal degrees, negative south of the equator"),
        example="-7,5512",
        group=ADDRESS,
    )
    lon: Decimal | None = field(
        "Bujur",
        "Longitude",
        default=None,
        help=("Derajat desimal", "Decimal degrees"),
        example="112,6203",
        group=ADDRESS,
    )
    entry_ppe: Text | None = field(
        "APD yang diwajibkan",
        "Protective equipment",
        default=None,
        group=("Aturan masuk", "Entry rules"),
        help=("Alat pelindung diri yang wajib dipakai tamu", "What visitors must wear"),
        example="Helm, sepatu keselamatan, rompi",
    )
    entry_induction: Text | None = field(
        "Induksi K3",
        "Safety induction",
        default=None,
        group=("Aturan masuk", "Entry rules"),
        help=("Pengarahan keselamatan sebelum masuk", "Safety briefing before entering"),
        example="15 menit di pos 1",
    )
    entry_hours: Text | None = field(
        "Jam masuk",
        "Entry hours",
        default=None,
        group=("Aturan masuk", "Entry rules"),
        help=("Jam tamu diterima", "Hours in which visitors are let in"),
        example="Senin–Jumat 08.00–16.00",
    )
    gate_contact: Text | None = field(
        "Pos jaga",
        "Gate contact",
        default=None,
        group=("Aturan masuk", "Entry rules"),
        help=("Pos atau nomor yang dihubungi lebih dulu", "Gate or number to call first"),
        example="Pos 1, pesawat 101",
    )
    default_escort: int | None = field(
        "Pendamping",
        "Escort",
        default=None,
        reference="contact",
        group=("Aturan masuk", "Entry rules"),
        help=("Kontak yang biasanya mendampingi petugas", "The contact who usually goes along with officers"),
    )
    status: str = field(
        "Status",
        "Status",
        default="active",
        choices=SITE_STATES,
        states=SITE_STEPS,
        listed=True,
        filter=True,
        help=("Lokasi tutup tetap tersimpan, tidak ditawarkan lagi", "A closed site is kept, but no longer offered"),
    )


class Worksite(WorksiteBase, Record, table=True):
    __tablename__ = "worksite"


worksite = Registry(
    Worksite,
    title=("Lokasi kerja", "Work sites"),
    singular=("Lokasi kerja", "Work site"),
    icon="map-pin",
    order_by="label",
    detail=["company"],
    scope=Scope(region="region", zone="zone", company="company"),
    read=EVERYONE,
    partners={"company", "label", "address", "region", "zone", "status"},
    write={"admin", "analyst", "field_officer"},
)
