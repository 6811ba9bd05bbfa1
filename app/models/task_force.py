"""Supervision teams (Tim Pora, Timpora) and who sits in them (domain: organisation)."""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.row_rules import NotReversed, within
from app.domain.states import Arrows, Dated
from app.domain.task_forces import (
    chair_of,
    chair_sits_at_immigration,
    led_by_immigration,
    one_chair,
    term_covers_members,
)
from app.domain.types import Email, PersonName, Text
from app.models.organisation import VALIDITY
from app.models.record import Record
from app.registry import Registry, field

LEVELS = [
    ("national", "Pusat", "National"),
    ("province", "Provinsi", "Province"),
    ("kab_kota", "Kabupaten/kota", "Regency or city"),
    ("kecamatan", "Kecamatan", "Sub-district"),
]
TEAM_STATES = [("draft", "Draf", "Draft"), ("in_force", "Berlaku", "In force"), ("ended", "Berakhir", "Ended")]
TEAM_STEPS = Arrows(
    {"draft": ["in_force"], "in_force": ["ended"]},
    start=["draft"],
    by={"in_force": ["division_head"]},
    dated=[Dated("in_force", "ended", "valid_until")],
)
MEMBER_ROLES = [
    ("chair", "Ketua", "Chair"),
    ("deputy", "Wakil ketua", "Deputy chair"),
    ("secretary", "Sekretaris", "Secretary"),
    ("member", "Anggota", "Member"),
]
MEMBER_STATES = [("active", "Aktif", "Active"), ("replaced", "Diganti", "Replaced"), ("ended", "Berakhir", "Ended")]
MEMBER_STEPS = Arrows({"active": ["replaced", "ended"]})
WRITERS = {"admin", "secretariat", "division_head"}


class TaskForceBase(SQLModel):
    level: str = field(
        "Tingkat",
        "Level",
        choices=LEVELS,
        listed=True,
        filter=True,
        natural_key=True,
        help=("Tingkat pembentukan tim", "The level at which the team is formed"),
    )
    region: int = field(
        "Wilayah",
        "Region",
        reference="region",
        listed=True,
        filter=True,
        help=("Wilayah kerja tim", "The territory of the team"),
    )
    decree_no: Text = field(
        "Nomor SK",
        "Decree number",
        listed=True,
        search=True,
        natural_key=True,
        aliases=["no sk", "sk"],
        help=("Nomor surat keputusan pembentukan", "Number of its decree"),
        example="W15.IMI-12 Tahun 2026",
    )
    decreed_on: date = field(
        "Tanggal SK",
        "Decree date",
        help=("Tanggal surat keputusan", "Date of the decree"),
        aliases=["tgl sk"],
    )
    valid_from: date = field(
        "Berlaku sejak",
        "Valid from",
        listed=True,
        filter=True,
        group=VALIDITY,
        help=("Hari pertama masa kerja tim", "First day of its term"),
    )
    valid_until: date | None = field(
        "Berlaku sampai",
        "Valid until",
        default=None,
        listed=True,
        filter=True,
        group=VALIDITY,
        help=("Kosong bila tanpa batas waktu", "Empty when it is open-ended"),
    )
    chair: int | None = field(
        "Ketua",
        "Chair",
        default=None,
        reference="task_force_member",
        listed=True,
        compute=chair_of,
        reads=["<task_force_member:task_force"],
        group=VALIDITY,
    )
    status: str = field(
        "Status",
        "Status",
        default="draft",
        choices=TEAM_STATES,
        states=TEAM_STEPS,
        listed=True,
        filter=True,
        group=VALIDITY,
        help=(
            "Tambahkan ketua dan anggota dahulu; Kepala Bidang yang memberlakukan",
            "Add chair and members first; the division head puts it in force",
        ),
    )


class TaskForce(TaskForceBase, Record, table=True):
    __tablename__ = "task_force"


task_force = Registry(
    TaskForce,
    title=("Tim Pora", "Supervision teams"),
    singular=("Tim Pora", "Supervision team"),
    icon="shield-check",
    order_by="valid_from",
    label="decree_no",
    scope=Scope(region="region"),
    write=WRITERS,
    rules=[NotReversed("valid_from", "valid_until"), led_by_immigration, term_covers_members],
)


class TaskForceMemberBase(SQLModel):
    task_force: int = field(
        "Tim Pora",
        "Supervision team",
        reference="task_force",
        listed=True,
        filter=True,
        natural_key=True,
        help=("Tim tempat orang ini duduk", "The team this person sits in"),
    )
    agency: int = field(
        "Instansi",
        "Agency",
        reference="agency",
        listed=True,
        filter=True,
        natural_key=True,
        help=("Ketua harus dari kantor imigrasi", "The chair must be of an immigration office"),
    )
    name: PersonName = field(
        "Nama",
        "Name",
        listed=True,
        search=True,
        natural_key=True,
        sensitivity="personal",
        help=("Nama lengkap dengan gelar", "Full name with titles"),
        example="Sari Contoh, S.H.",
    )
    role: str = field(
        "Peran dalam tim",
        "Role in the team",
        default="member",
        choices=MEMBER_ROLES,
        listed=True,
        filter=True,
        help=("Satu ketua untuk tiap tim", "One chair for each team"),
    )
    position: Text | None = field(
        "Jabatan",
        "Position",
        default=None,
        listed=True,
        help=("Jabatan di instansinya", "Position at the agency"),
        example="Kepala Seksi Intelijen",
    )
    account: Email | None = field(
        "E-mail akun",
        "Account e-mail",
        default=None,
        sensitivity="personal",
        help=("Bila anggota ini punya akun di sini", "When this member has an account here"),
    )
    started_on: date | None = field(
        "Mulai",
        "Started on",
        default=None,
        listed=True,
        group=VALIDITY,
        help=("Kosong bila sejak tim berlaku", "Empty when since the team began"),
    )
    ended_on: date | None = field(
        "Berakhir",
        "Ended on",
        default=None,
        listed=True,
        group=VALIDITY,
        help=("Di dalam masa kerja tim", "Inside the term of the team"),
    )
    status: str = field(
        "Status",
        "Status",
        default="active",
        choices=MEMBER_STATES,
        states=MEMBER_STEPS,
        listed=True,
        filter=True,
        group=VALIDITY,
        help=("Diganti bila orang lain mengambil tempatnya", "Replaced when somebody else sits there"),
    )


class TaskForceMember(TaskForceMemberBase, Record, table=True):
    __tablename__ = "task_force_member"


task_force_member = Registry(
    TaskForceMember,
    title=("Anggota Tim Pora", "Team members"),
    singular=("Anggota Tim Pora", "Team member"),
    icon="users",
    order_by="name",
    scope=Scope(agency="agency", follows="task_force"),
    write=WRITERS,
    rules=[
        NotReversed("started_on", "ended_on"),
        chair_sits_at_immigration,
        one_chair,
        within("started_on", "ended_on", "task_force.valid_from", "task_force.valid_until"),
    ],
)
