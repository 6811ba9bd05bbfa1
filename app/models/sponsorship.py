"""Sponsorships: who answers for whom, from when to when (domain: persons and permits)."""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.row_rules import NotReversed
from app.domain.states import Arrows
from app.domain.types import (
    LongText,
    PersonName,
    Text,
)
from app.models.foreign_national import PERSON_WRITERS
from app.models.organisation import EVERYONE, VALIDITY
from app.models.record import Record
from app.registry import Registry, field

SPONSORSHIP_KINDS = [
    ("company", "Penjamin perusahaan", "Company sponsor"),
    ("individual", "Penjamin perorangan", "Individual sponsor"),
    ("responsible", "Penanggung jawab (suami/istri/orang tua WNI)", "Responsible spouse or parent"),
    ("deposit", "Jaminan Keimigrasian", "Immigration guarantee deposit"),
]
SPONSORSHIP_STATES = [
    ("active", "Aktif", "Active"),
    ("released", "Penjaminan berakhir", "Released"),
    ("objected", "Keberatan", "Objected"),
]
SPONSORSHIP_STEPS = Arrows({"active": ["released", "objected"], "objected": ["active", "released"]})
END_REASONS = [
    ("left_job", "Berhenti bekerja", "Left the job"),
    ("changed_sponsor", "Ganti penjamin", "Changed sponsor"),
    ("left_country", "Meninggalkan Indonesia", "Left Indonesia"),
    ("converted", "Alih status", "Changed status"),
    ("other", "Lainnya", "Other"),
]
WORK = ("Pekerjaan", "Work")


class SponsorshipBase(SQLModel):
    person: int = field(
        "Orang asing",
        "Person",
        reference="foreign_national",
        on_delete="block",
        listed=True,
        filter=True,
        natural_key=True,
        help=("Orang asing yang dijamin", "The foreigner who is guaranteed"),
    )
    sponsor: int | None = field(
        "Perusahaan penjamin",
        "Sponsor company",
        default=None,
        reference="company",
        on_delete="block",
        listed=True,
        filter=True,
        natural_key=True,
        help=("Kosongkan bila penjaminnya perorangan", "Leave empty for an individual sponsor"),
    )
    sponsor_person: PersonName | None = field(
        "Penjamin perorangan",
        "Individual sponsor",
        default=None,
        sensitivity="personal",
        help=("Nama penjamin bila bukan perusahaan", "Name of the sponsor when it is no company"),
        example="Budi Santoso",
    )
    kind: str = field(
        "Jenis penjaminan",
        "Kind",
        default="company",
        choices=SPONSORSHIP_KINDS,
        filter=True,
        help=("Menurut keputusan penunjukan", "According to the decree of appointment"),
    )
    decree_no: Text | None = field(
        "Nomor keputusan",
        "Decree number",
        default=None,
        help=("Nomor keputusan Direktur Jenderal", "Number of the Director General's decree"),
        example="IMI-0001.GR.02.01 Tahun 2026",
    )
    started_on: date = field(
        "Mulai",
        "Started on",
        listed=True,
        filter=True,
        natural_key=True,
        aliases=["mulai kerja", "tmt"],
        help=("Hari penjaminan atau kerja mulai", "Day on which it, or the work, begins"),
        group=VALIDITY,
    )
    ended_on: date | None = field(
        "Berakhir",
        "Ended on",
        default=None,
        listed=True,
        filter=True,
        help=("Kosongkan selama masih berjalan", "Leave empty while it goes on"),
        group=VALIDITY,
    )
    end_reason: str | None = field(
        "Alasan berakhir",
        "End reason",
        default=None,
        choices=END_REASONS,
        help=("Diisi bersama tanggal berakhir", "Goes with the last day"),
        group=VALIDITY,
    )
    job_title: Text | None = field(
        "Jabatan",
        "Job title",
        default=None,
        listed=True,
        search=True,
        help=("Jabatan seperti pada RPTKA", "Position as in the RPTKA"),
        example="Manajer Produksi",
        group=WORK,
    )
    activity: LongText | None = field(
        "Kegiatan",
        "Activity",
        default=None,
        help=("Tugas yang dilaporkan perusahaan", "Tasks as the company reports them"),
        example="Memasang dan menguji mesin",
        group=WORK,
    )
    worksite: int | None = field(
        "Lokasi kerja",
        "Work site",
        default=None,
        reference="worksite",
        filter=True,
        help=("Tempat ia bekerja sehari-hari", "Where the person works from day to day"),
        group=WORK,
    )
    work_plan: int | None = field(
        "RPTKA",
        "Work plan",
        default=None,
        reference="work_plan",
        filter=True,
        help=("RPTKA yang memuat jabatan ini", "The plan that covers this position"),
        group=WORK,
    )
    status: str = field(
        "Status",
        "Status",
        default="active",
        choices=SPONSORSHIP_STATES,
        states=SPONSORSHIP_STEPS,
        listed=True,
        filter=True,
        help=(
            "Keberatan: pihak yang dijamin atau penjamin tidak mengakui",
            "Objected: the person or the sponsor does not acknowledge it",
        ),
        group=VALIDITY,
    )


class Sponsorship(SponsorshipBase, Record, table=True):
    __tablename__ = "sponsorship"


sponsorship = Registry(
    Sponsorship,
    title=("Penjaminan", "Sponsorships"),
    singular=("Penjaminan", "Sponsorship"),
    icon="link",
    order_by="started_on",
    label="job_title",
    detail=["person", "sponsor"],
    scope=Scope(company="sponsor", region="person.region"),
    read=EVERYONE,
    partners={"person", "sponsor", "worksite", "status"},
    write=PERSON_WRITERS,
    rules=[NotReversed("started_on", "ended_on")],
)
