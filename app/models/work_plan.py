"""Foreign-worker plans, RPTKA (domain: persons and permits)."""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.row_rules import NotReversed
from app.domain.states import Arrows, Dated
from app.domain.types import Count, DocumentNumber, FileType, LongText, StoredFile, Text
from app.domain.work_plans import barred, longer_than_usual, regions_of, same_post_twice, sites_of_the_company
from app.models.organisation import IDENTITY, VALIDITY
from app.models.record import Record
from app.registry import Registry, field

PLAN_KINDS = [
    ("temporary", "Sementara (paling lama 6 bulan)", "Temporary (up to 6 months)"),
    ("over_6_months", "Lebih dari 6 bulan", "Over 6 months"),
    ("non_dkptka", "Non-DKPTKA", "Without levy (non-DKPTKA)"),
    ("kek", "Kawasan ekonomi khusus (KEK)", "Special economic zone (KEK)"),
]
PLAN_REGIONS = [
    ("one_kab", "Satu kabupaten/kota", "One regency or city"),
    ("several_kab", "Beberapa kabupaten/kota", "Several regencies or cities"),
    ("several_provinces", "Beberapa provinsi", "Several provinces"),
]
PLAN_STATES = [
    ("in_force", "Berlaku", "In force"),
    ("renewal_due", "Perlu perpanjang", "Renewal due"),
    ("past", "Masa berlaku habis", "Past its term"),
    ("ended", "Berakhir", "Ended"),
]
PLAN_STEPS = Arrows(
    {"in_force": ["renewal_due", "ended"], "renewal_due": ["in_force", "past", "ended"]},
    dated=[
        Dated("in_force", "renewal_due", "ends_on", ahead=30),  # PP 34/2021 art. 21(2)
        Dated("renewal_due", "past", "ends_on"),
    ],
)
POST = ("Jabatan dan lokasi", "Position and place")
PEOPLE = ("Pendamping dan tenaga lokal", "Understudies and local staff")


class WorkPlanBase(SQLModel):
    company: int = field(
        "Perusahaan",
        "Company",
        reference="company",
        listed=True,
        filter=True,
        group=IDENTITY,
        help=("Pemberi kerja TKA", "The employer of the foreign workers"),
    )
    approval_no: DocumentNumber | None = field(
        "Nomor pengesahan",
        "Approval number",
        default=None,
        natural_key=True,
        unique=True,
        listed=True,
        search=True,
        group=IDENTITY,
        aliases=["nomor rptka", "no rptka", "rptka", "pengesahan rptka", "no pengesahan"],
        help=("Nomor Pengesahan RPTKA; kosong selama belum terbit", "Number of the approval; empty until it is issued"),
        example="B.3/12345/PK.04.01/II/2026",
    )
    kind: str = field(
        "Jenis RPTKA",
        "Kind of plan",
        choices=PLAN_KINDS,
        filter=True,
        group=IDENTITY,
        help=("Menentukan jangka waktu dan DKPTKA", "Decides its term and the levy"),
    )
    position: Text = field(
        "Jabatan TKA",
        "Position",
        listed=True,
        search=True,
        group=POST,
        aliases=["jabatan", "posisi"],
        help=("Jabatan seperti dalam pengesahan", "The position as in the approval"),
        example="Ahli Teknik Produksi",
    )
    headcount: Count = field(
        "Jumlah TKA",
        "Number of workers",
        listed=True,
        group=POST,
        aliases=["jumlah tka", "kuota"],
        help=("Jumlah orang yang disetujui", "How many people are approved"),
    )
    worksites: list[int] = field(
        "Lokasi kerja",
        "Work sites",
        default_factory=list,
        reference="worksite",
        multiple=True,
        group=POST,
        help=("Satu atau beberapa lokasi perusahaan ini", "One or more sites of this company"),
    )
    regions: str | None = field(
        "Cakupan wilayah",
        "Regions",
        default=None,
        choices=PLAN_REGIONS,
        listed=True,
        filter=True,
        group=POST,
        compute=regions_of,
        reads=["worksites.region.code"],
    )
    starts_on: date = field(
        "Mulai berlaku",
        "Starts on",
        filter=True,
        group=VALIDITY,
        aliases=["tanggal mulai"],
        help=("Hari pertama pengesahan", "First day of the approval"),
    )
    ends_on: date = field(
        "Berlaku sampai",
        "Ends on",
        listed=True,
        filter=True,
        group=VALIDITY,
        aliases=["tanggal berakhir"],
        help=("Perpanjangan diajukan 30 hari kerja sebelumnya", "Renewal is filed 30 working days before"),
    )
    reason: LongText | None = field(
        "Alasan perpanjangan",
        "Reason of the extension",
        default=None,
        group=VALIDITY,
        help=("Diisi bila ini perpanjangan", "Filled in when this is an extension"),
        example="Alih keahlian belum selesai",
    )
    status: str = field(
        "Status",
        "Status",
        default="in_force",
        choices=PLAN_STATES,
        states=PLAN_STEPS,
        listed=True,
        filter=True,
        group=VALIDITY,
        help=(
            "Perlu perpanjang dan habis ditetapkan tiap malam menurut tanggal",
            "Renewal due and past are set each night by the dates",
        ),
    )
    understudies: LongText | None = field(
        "Tenaga kerja pendamping (TKP)",
        "Understudies",
        default=None,
        sensitivity="personal",
        masked=True,
        group=PEOPLE,
        help=("Satu nama per baris, dengan jabatannya", "One name a line, with the position"),
        example="Sari Contoh, Operator Produksi",
    )
    local_hiring: LongText | None = field(
        "Penyerapan tenaga lokal",
        "Local hiring",
        default=None,
        group=PEOPLE,
        help=("Tenaga kerja Indonesia yang sudah diterima", "Indonesian staff taken on so far"),
        example="12 operator sejak Januari 2026",
    )
    attachments: list[StoredFile] = field(
        "Lampiran",
        "Attachments",
        default_factory=list,
        files=FileType(most=20),
        sensitivity="personal",
        group=("Berkas", "Files"),
        help=(
            "Surat pengesahan, kontrak, paspor, NPWP TKA dan pemberi kerja, jaminan sosial, laporan pelatihan",
            "Letter of approval, contract, passport, tax numbers, social security, training report",
        ),
    )


class WorkPlan(WorkPlanBase, Record, table=True):
    __tablename__ = "work_plan"


work_plan = Registry(
    WorkPlan,
    title=("RPTKA", "Work plans (RPTKA)"),
    singular=("RPTKA", "Work plan (RPTKA)"),
    icon="briefcase",
    order_by="ends_on",
    label="approval_no",
    detail=["company", "position"],
    scope=Scope(company="company"),
    rules=[NotReversed("starts_on", "ends_on"), sites_of_the_company],
    remarks=[barred, longer_than_usual, same_post_twice],
)
