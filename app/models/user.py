"""Users and roles (domain: access). Secrets of a login stand in `credential`, outside the registries."""

from __future__ import annotations

from typing import Any

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.states import Arrows
from app.domain.types import Email, PersonName, Phone, Text
from app.models.contact import LANGUAGES
from app.models.record import Record
from app.registry import Registry, field

USER_STATES = [
    ("invited", "Diundang", "Invited"),
    ("active", "Aktif", "Active"),
    ("locked", "Terkunci", "Locked"),
    ("left", "Keluar", "Left"),
]
USER_STEPS = Arrows(
    {"invited": ["active", "locked", "left"], "active": ["locked", "left"], "locked": ["active", "left"]}
)


LIMITS = ("Batas data", "Limits on records")


def limited_to(registry: str, label_id: str, label_en: str, below_id: str, below_en: str) -> Any:
    """A limit on the rows that a user or role sees (`app.queries.grants.bounds`)."""
    return field(
        label_id,
        label_en,
        default_factory=list,
        reference=registry,
        multiple=True,
        group=LIMITS,
        help=(
            f"Kosong berarti tanpa batas; bila diisi, hanya data {below_id} yang terlihat",
            f"Empty means no limit; otherwise only records {below_en} are seen",
        ),
    )


class RoleBase(SQLModel):
    code: Text = field(
        "Kode",
        "Code",
        natural_key=True,
        unique=True,
        listed=True,
        search=True,
        help=("Sebutan tetap yang dipakai aturan hak", "The name the rules of rights use"),
        example="arsiparis",
    )
    label_id: Text = field(
        "Nama (Indonesia)",
        "Name (Indonesian)",
        listed=True,
        search=True,
        help=("Nama yang dilihat orang", "The name people see"),
        example="Magang",
    )
    label_en: Text = field(
        "Nama (Inggris)",
        "Name (English)",
        listed=True,
        search=True,
        help=("Nama pada halaman bahasa Inggris", "The name on English pages"),
        example="Trainee",
    )
    limit_regions: list[int] = limited_to(
        "region", "Batas wilayah", "Limited to regions", "di wilayah ini dan di bawahnya", "in these regions and below"
    )
    limit_zones: list[int] = limited_to("zone", "Batas kawasan", "Limited to zones", "di kawasan ini", "in these zones")
    limit_agencies: list[int] = limited_to(
        "agency", "Batas instansi", "Limited to agencies", "milik atau di wilayah instansi ini", "of these agencies"
    )


class Role(RoleBase, Record, table=True):
    __tablename__ = "role"


role = Registry(
    Role,
    title=("Peran", "Roles"),
    singular=("Peran", "Role"),
    icon="shield",
    menu="access",
    order_by="code",
    label="label_id",
    write={"admin"},
    guarded=True,
    office_only=True,
)


class UserBase(SQLModel):
    name: PersonName = field(
        "Nama",
        "Name",
        listed=True,
        search=True,
        sensitivity="personal",
        help=("Nama orangnya; akun bersama tidak dibolehkan", "Name of the person; shared accounts are not allowed"),
        example="Rani Wulandari",
    )
    email: Email = field(
        "E-mail",
        "E-mail",
        natural_key=True,
        unique=True,
        listed=True,
        search=True,
        sensitivity="personal",
        help=("Dipakai untuk masuk dan menerima tautan", "Used to log in and to receive links"),
        example="rani@kantor.example",
    )
    agency: int | None = field(
        "Instansi",
        "Agency",
        default=None,
        reference="agency",
        listed=True,
        filter=True,
        help=(
            "Instansi asal; menentukan wilayah yang terlihat bagi akun instansi",
            "Where the person works; decides the territory of an agency's account",
        ),
    )
    roles: list[int] = field(
        "Peran",
        "Roles",
        default_factory=list,
        reference="role",
        multiple=True,
        listed=True,
        help=(
            "Beri sesedikit mungkin; hak adalah gabungan semua peran",
            "As few as possible; rights are those of all roles together",
        ),
    )
    phone: Phone | None = field(
        "Telepon",
        "Phone",
        default=None,
        sensitivity="personal",
        help=("Dihubungi bila akun terkunci", "Called when the account is locked"),
    )
    language: str = field(
        "Bahasa",
        "Language",
        default="id",
        choices=LANGUAGES,
        help=("Bahasa halaman dan surat", "Language of pages and mail"),
    )
    status: str = field(
        "Status",
        "Status",
        default="invited",
        choices=USER_STATES,
        states=USER_STEPS,
        listed=True,
        filter=True,
        help=("Terkunci mengeluarkan orangnya dari semua perangkat", "Locked signs the person out everywhere"),
    )
    limit_regions: list[int] = limited_to(
        "region", "Batas wilayah", "Limited to regions", "di wilayah ini dan di bawahnya", "in these regions and below"
    )
    limit_zones: list[int] = limited_to("zone", "Batas kawasan", "Limited to zones", "di kawasan ini", "in these zones")
    limit_agencies: list[int] = limited_to(
        "agency", "Batas instansi", "Limited to agencies", "milik atau di wilayah instansi ini", "of these agencies"
    )


class User(UserBase, Record, table=True):
    __tablename__ = "user"


user = Registry(
    User,
    title=("Pengguna", "Users"),
    singular=("Pengguna", "User"),
    icon="user-cog",
    menu="access",
    order_by="name",
    scope=Scope(agency="agency", region="agency.region"),
    read={"admin", "head", "division_head", "auditor"},
    write={"admin"},
    guarded=True,
    office_only=True,
)
