"""Agencies, regions, zones: who stands where (domain: organisation)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Index
from sqlmodel import SQLModel

from app.domain.states import Arrows
from app.domain.types import LongText, RegionCode, Text
from app.models.record import Record
from app.registry import OFFICE, Registry, field

ACTIVITY = [("active", "Aktif", "Active"), ("inactive", "Nonaktif", "Inactive")]
TO_AND_FRO = Arrows({"active": ["inactive"], "inactive": ["active"]})
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
# headings of forms and pages, used by more than one registry
IDENTITY = ("Identitas", "Identity")
ADDRESS = ("Alamat", "Address")
VALIDITY = ("Masa berlaku", "Validity")
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
        help=(
            "Kode Kemendagri; titik boleh ditulis atau tidak",
            "Code of the Ministry of Home Affairs, with or without dots",
        ),
    )
    name: Text = field(
        "Nama",
        "Name",
        listed=True,
        search=True,
        sensitivity="public",
        help=("Nama tanpa kata Kecamatan atau Desa", "Name without the words for its level"),
        example="Ngoro",
    )
    level: str = field(
        "Tingkat",
        "Level",
        choices=REGION_LEVELS,
        listed=True,
        filter=True,
        sensitivity="public",
        help=("Harus sesuai dengan panjang kode", "Goes with the length of the code"),
    )
    parent: int | None = field(
        "Wilayah induk",
        "Parent region",
        default=None,
        reference="region",
        on_delete="block",
        filter=True,
        help=("Wilayah satu tingkat di atasnya", "The region one level above"),
    )
    decree: Text | None = field(
        "Dasar (Kepmendagri)",
        "Decree",
        default=None,
        sensitivity="public",
        help=("Keputusan yang menetapkan kode ini", "The decree that set this code"),
        example="Kepmendagri 300.2.2-2138 Tahun 2025",
    )
    valid_from: date | None = field(
        "Berlaku sejak",
        "Valid from",
        default=None,
        help=("Hari pertama kode ini berlaku", "First day on which this code is in force"),
        group=VALIDITY,
    )
    valid_until: date | None = field(
        "Berlaku sampai",
        "Valid until",
        default=None,
        help=("Hari terakhir; kosongkan bila masih berlaku", "Last day; leave empty while in force"),
        group=VALIDITY,
    )


class Region(RegionBase, Record, table=True):
    __tablename__ = "region"
    # Codes by their bytes, whatever language the database sorts in: what lies under a region (`app.territory`).
    __table_args__ = (Index("ix_region_under", "code", postgresql_ops={"code": "text_pattern_ops"}),)


region = Registry(
    Region,
    title=("Wilayah", "Regions"),
    singular=("Wilayah", "Region"),
    icon="map-2",
    menu="reference",
    order_by="code",
    label="name",
    detail=["level", "parent"],
    read=EVERYONE,
    write={"admin"},
)


class AgencyBase(SQLModel):
    code: Text = field(
        "Kode",
        "Code",
        natural_key=True,
        unique=True,
        listed=True,
        search=True,
        sensitivity="public",
        help=("Singkatan tetap, dipakai di berkas impor", "A short name that stays, used in imported files"),
        example="DISNAKER-MJK",
    )
    name: Text = field(
        "Nama instansi",
        "Agency name",
        listed=True,
        search=True,
        sensitivity="public",
        help=("Nama lengkap seperti pada kop surat", "Full name as on its letterhead"),
        example="Dinas Tenaga Kerja Kabupaten Mojokerto",
    )
    kind: str = field(
        "Jenis",
        "Kind",
        choices=AGENCY_KINDS,
        listed=True,
        filter=True,
        sensitivity="public",
        help=("Menentukan peran instansi dalam Timpora", "Decides its part in the supervision team"),
    )
    region: int | None = field(
        "Wilayah",
        "Region",
        default=None,
        reference="region",
        listed=True,
        filter=True,
        help=(
            "Wilayah kerja: akun instansi hanya melihat data di wilayah ini",
            "Its territory: accounts of the agency see data of this region only",
        ),
    )
    sharing_basis: LongText | None = field(
        "Dasar berbagi data",
        "Sharing basis",
        default=None,
        help=("Perjanjian atau aturan yang membolehkan berbagi data", "Agreement or rule that allows sharing data"),
        example="Perjanjian kerja sama Nomor 12 Tahun 2026",
    )
    time_zone: str = field(
        "Zona waktu",
        "Time zone",
        choices=TIME_ZONES,
        default="Asia/Jakarta",
        help=("Waktu pada surat dan jadwal instansi ini", "Time in letters and schedules of this agency"),
    )
    status: str = field(
        "Status",
        "Status",
        choices=ACTIVITY,
        states=TO_AND_FRO,
        default="active",
        listed=True,
        filter=True,
        help=("Instansi nonaktif tidak ditawarkan lagi di pilihan", "An inactive agency is no longer offered"),
    )


class Agency(AgencyBase, Record, table=True):
    __tablename__ = "agency"


agency = Registry(
    Agency,
    title=("Instansi", "Agencies"),
    singular=("Instansi", "Agency"),
    icon="building-bank",
    menu="reference",
    order_by="name",
    read=EVERYONE,
    write={"admin"},
)


class ZoneBase(SQLModel):
    code: Text = field(
        "Kode",
        "Code",
        natural_key=True,
        unique=True,
        listed=True,
        search=True,
        sensitivity="public",
        help=("Singkatan tetap, dipakai di berkas impor", "A short name that stays, used in imported files"),
        example="KI-CONTOH",
    )
    name: Text = field(
        "Nama kawasan",
        "Zone name",
        listed=True,
        search=True,
        sensitivity="public",
        aliases=["kawasan", "kawasan industri", "industrial estate"],
        help=("Nama resmi kawasan", "Official name of the zone"),
        example="Kawasan Industri Contoh",
    )
    aliases: Text | None = field(
        "Nama lain",
        "Other names",
        default=None,
        search=True,
        sensitivity="public",
        help=(
            "Sebutan lain, dipisah koma, supaya mudah ditemukan",
            "Other names, with commas between, so that it is found",
        ),
        example="KIC, Contoh Industrial Estate",
    )
    manager: Text | None = field(
        "Pengelola",
        "Manager",
        default=None,
        listed=True,
        sensitivity="public",
        help=("Badan pengelola kawasan", "The body that runs the zone"),
        example="PT Contoh Kawasan",
    )
    area_ha: Decimal | None = field(
        "Luas (ha)",
        "Area (ha)",
        default=None,
        sensitivity="public",
        help=("Luas seluruh kawasan dalam hektare", "Area of the whole zone in hectares"),
        example="600",
    )
    regions: list[int] = field(
        "Wilayah",
        "Regions",
        default_factory=list,
        reference="region",
        multiple=True,
        help=("Satu kawasan dapat meliputi beberapa kecamatan", "A zone may lie in several sub-districts"),
    )
    status: str = field(
        "Status",
        "Status",
        choices=ACTIVITY,
        states=TO_AND_FRO,
        default="active",
        listed=True,
        filter=True,
        help=("Kawasan nonaktif tidak ditawarkan lagi di pilihan", "An inactive zone is no longer offered"),
    )


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
