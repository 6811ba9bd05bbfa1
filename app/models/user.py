"""Users and roles (domain: access). Secrets of a login stand in `credential`, outside the registries."""

from __future__ import annotations

from sqlmodel import SQLModel

from app.domain.types import Email, PersonName, Phone, Text
from app.models.company import LANGUAGES
from app.models.record import Record
from app.registry import Registry, field

USER_STATES = [
    ("invited", "Diundang", "Invited"),
    ("active", "Aktif", "Active"),
    ("locked", "Terkunci", "Locked"),
    ("left", "Keluar", "Left"),
]


class RoleBase(SQLModel):
    code: Text = field("Kode", "Code", natural_key=True, unique=True, listed=True, search=True)
    label_id: Text = field("Nama (Indonesia)", "Name (Indonesian)", listed=True, search=True)
    label_en: Text = field("Nama (Inggris)", "Name (English)", listed=True, search=True)


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
)


class UserBase(SQLModel):
    name: PersonName = field("Nama", "Name", listed=True, search=True, sensitivity="personal")
    email: Email = field(
        "E-mail", "E-mail", natural_key=True, unique=True, listed=True, search=True, sensitivity="personal"
    )
    agency: int | None = field("Instansi", "Agency", default=None, reference="agency", listed=True, filter=True)
    roles: list[int] = field("Peran", "Roles", default_factory=list, reference="role", multiple=True, listed=True)
    phone: Phone | None = field("Telepon", "Phone", default=None, sensitivity="personal")
    language: str = field("Bahasa", "Language", default="id", choices=LANGUAGES)
    status: str = field("Status", "Status", default="invited", choices=USER_STATES, listed=True, filter=True)


class User(UserBase, Record, table=True):
    __tablename__ = "user"


user = Registry(
    User,
    title=("Pengguna", "Users"),
    singular=("Pengguna", "User"),
    icon="user-cog",
    menu="access",
    order_by="name",
    read={"admin", "head", "division_head", "auditor"},
    write={"admin"},
)
