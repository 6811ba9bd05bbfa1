"""Agencies, regions, zones: who stands where (domain: organisation)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.types import LongText, RegionCode, Text
from app.models.record import Record
from app.registry import OFFICE, Registry, field

ACTIVITY = [("active", "Aktif", "Active"), ("inactive", "Nonaktif", "Inactive")]
TIME_ZONES = [("Asia/Jakarta", "WIB", "WIB"), ("Asia/Makassar", "WITA", "WITA"), ("Asia/Jayapura", "WIT", "WIT")]
AGENCY_KINDS = [
    ("imigrasi", "Kantor imigrasi", "Immigration office"),
    ("disnaker", "Dinas tenaga kerja", "Manpower office"),
    ("dukcapil", "Dukcapil", "Civil registry"),
    ("kesbangpol", "Kesbangpol", "National unity and politics agency"),
    ("kecamatan", "Kecamatan", "Sub-district"),
    ("koramil", "Koramil", "Army sub-district command"),
    ("polsek", "Polsek", "Sub-district police"),
    ("kejaksaan", "Kejaksaan negeri", "District prosecutor"),
    ("desa", "Desa / kelurahan", "Village"),
    ("pengelola_kawasan", "Pengelola kawasan", "Estate manager"),
    ("other", "OPD lain", "Other local government unit"),
]
REGION_LEVELS = [
    ("province", "Provinsi", "Province"),
    ("kab", "Kabupaten", "Regency"),
    ("kota", "Kota", "City"),
    ("kecamatan", "Kecamatan", "Sub-district"),
    ("kelurahan", "Kelurahan", "Urban village"),
    ("desa", "Desa", "Village"),
    ("desa_adat", "Desa adat", "Customary village"),
]
EVERYONE = OFFICE | {"agency_coordinator", "agency_member"}


class RegionBase(SQLModel):
    code: RegionCode = field(
        "Kode wilayah",
        "Region code",
        natural_key=True,
        unique=True,
        listed=True,
        search=True,
        aliases=["kode", "code", "kode kemendagri"],
        sensitivity="public",
    )
    name: Text = field("Nama", "Name", listed=True, search=True, sensitivity="public")
    level: str = field("Tingkat", "Level", choices=REGION_LEVELS, listed=True, filter=True, sensitivity="public")
    parent: int | None = field("Wilayah induk", "Parent region", default=None, reference="region", filter=True)
    decree: Text | None = field("Dasar (Kepmendagri)", "Decree", default=None, sensitivity="public")
    valid_from: date | None = field("Berlaku sejak", "Valid from", default=None)
    valid_until: date | None = field("Berlaku sampai", "Valid until", default=None)


class Region(RegionBase, Record, table=True):
    __tablename__ = "region"


region = Registry(
    Region,
    title=("Wilayah", "Regions"),
    singular=("Wilayah", "Region"),
    icon="map-2",
    menu="reference",
    order_by="code",
    label="name",
    read=EVERYONE,
    write={"admin"},
)


class AgencyBase(SQLModel):
    code: Text = field("Kode", "Code", natural_key=True, unique=True, listed=True, search=True, sensitivity="public")
    name: Text = field("Nama instansi", "Agency name", listed=True, search=True, sensitivity="public")
    kind: str = field("Jenis", "Kind", choices=AGENCY_KINDS, listed=True, filter=True, sensitivity="public")
    region: int | None = field("Wilayah", "Region", default=None, reference="region", listed=True, filter=True)
    sharing_basis: LongText | None = field("Dasar berbagi data", "Sharing basis", default=None)
    time_zone: str = field("Zona waktu", "Time zone", choices=TIME_ZONES, default="Asia/Jakarta")
    status: str = field("Status", "Status", choices=ACTIVITY, default="active", listed=True, filter=True)


class Agency(AgencyBase, Record, table=True):
    __tablename__ = "agency"


agency = Registry(
    Agency,
    title=("Instansi", "Agencies"),
    singular=("Instansi", "Agency"),
    icon="building-bank",
    menu="reference",
    order_by="name",
    scope=Scope(region="region"),
    read=EVERYONE,
    write={"admin"},
)


class ZoneBase(SQLModel):
    code: Text = field("Kode", "Code", natural_key=True, unique=True, listed=True, search=True, sensitivity="public")
    name: Text = field(
        "Nama kawasan",
        "Zone name",
        listed=True,
        search=True,
        sensitivity="public",
        aliases=["kawasan", "kawasan industri", "industrial estate"],
    )
    aliases: Text | None = field("Nama lain", "Other names", default=None, search=True, sensitivity="public")
    manager: Text | None = field("Pengelola", "Manager", default=None, listed=True, sensitivity="public")
    area_ha: Decimal | None = field("Luas (ha)", "Area (ha)", default=None, sensitivity="public")
    regions: list[int] = field("Wilayah", "Regions", default_factory=list, reference="region", multiple=True)
    status: str = field("Status", "Status", choices=ACTIVITY, default="active", listed=True, filter=True)


class Zone(ZoneBase, Record, table=True):
    __tablename__ = "zone"


zone = Registry(
    Zone,
    title=("Kawasan", "Zones"),
    singular=("Kawasan", "Zone"),
    icon="building-factory-2",
    menu="reference",
    order_by="name",
    read=EVERYONE,
    write={"admin", "secretariat"},
)
