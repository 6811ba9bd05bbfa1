"""Foreign nationals, passports, stay permits, visa indices, sponsorships (domain: persons and permits)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.errors import Problem
from app.domain.types import (
    BirthDate,
    CountryCode,
    DocumentNumber,
    Email,
    LongText,
    MrzLine,
    Nik,
    Npwp,
    PassportNumber,
    PersonName,
    Phone,
    Sex,
    Text,
)
from app.domain.types import VisaIndex as VisaIndexCode
from app.models.organisation import EVERYONE
from app.models.record import Record
from app.registry import Registry, field

PRESENCE = [
    ("in_country", "Di dalam negeri", "In the country"),
    ("abroad", "Di luar negeri", "Abroad"),
    ("unknown", "Tidak diketahui", "Unknown"),
]
MARITAL = [
    ("single", "Belum menikah", "Single"),
    ("married", "Menikah", "Married"),
    ("divorced", "Cerai", "Divorced"),
    ("widowed", "Cerai mati", "Widowed"),
]
PASSPORT_STATES = [
    ("current", "Berlaku", "Current"),
    ("expired", "Kedaluwarsa", "Expired"),
    ("replaced", "Diganti", "Replaced"),
    ("lost", "Hilang", "Lost"),
]
PERMIT_KINDS = [
    ("itk", "ITK (kunjungan)", "ITK (visit)"),
    ("itas", "ITAS (terbatas)", "ITAS (limited)"),
    ("itap", "ITAP (tetap)", "ITAP (permanent)"),
    ("diplomatic", "Diplomatik", "Diplomatic"),
    ("service", "Dinas", "Service"),
]
PERMIT_STATES = [
    ("valid", "Berlaku", "Valid"),
    ("ended_epo", "EPO", "Ended by EPO"),
    ("converted", "Alih status", "Converted"),
    ("ended", "Berakhir", "Ended"),
]
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
END_REASONS = [
    ("left_job", "Berhenti bekerja", "Left the job"),
    ("changed_sponsor", "Ganti penjamin", "Changed sponsor"),
    ("left_country", "Meninggalkan Indonesia", "Left Indonesia"),
    ("converted", "Alih status", "Changed status"),
    ("other", "Lainnya", "Other"),
]
LETTERS = [(letter, letter, letter) for letter in "ABCDEF"]
SPONSOR_KINDS = [
    ("company", "Perusahaan", "Company"),
    ("non_company", "Bukan perusahaan", "Not a company"),
    ("none", "Tanpa penjamin", "None"),
]
INDEX_STATES = [("in_force", "Berlaku", "In force"), ("retired", "Tidak berlaku lagi", "Retired")]
PERSON_WRITERS = {"admin", "analyst"}


@dataclass(frozen=True, slots=True)
class NotReversed:
    """A rule: the date in `last` is not before the one in `first`. A class, because rules travel to the sheet child."""

    first: str
    last: str

    def __call__(self, row: Mapping[str, Any]) -> Iterable[Problem]:
        first, last = row.get(self.first), row.get(self.last)
        if first and last and last < first:
            yield Problem("dates_reversed", field=self.last, value=str(last), params={"other": str(first)})


class ForeignNationalBase(SQLModel):
    name_display: PersonName = field(
        "Nama lengkap",
        "Full name",
        listed=True,
        search=True,
        sensitivity="personal",
        aliases=["nama lengkap", "nama tka", "nama", "name", "full name"],
    )
    name_mrz: Text | None = field("Nama pada MRZ", "Name in the MRZ", default=None, search=True, sensitivity="personal")
    aliases: Text | None = field("Nama lain", "Other names", default=None, search=True, sensitivity="personal")
    sex: Sex = field(
        "Jenis kelamin", "Sex", listed=True, filter=True, sensitivity="personal", aliases=["l/p", "jk", "sex"]
    )
    birth_date: BirthDate = field(
        "Tanggal lahir",
        "Date of birth",
        listed=True,
        filter=True,
        sensitivity="personal",
        aliases=["tgl lahir", "dob", "birth date"],
    )
    birth_place: Text | None = field("Tempat lahir", "Place of birth", default=None, sensitivity="personal")
    nationality: CountryCode = field(
        "Kewarganegaraan",
        "Nationality",
        listed=True,
        filter=True,
        sensitivity="personal",
        aliases=["kebangsaan", "warga negara", "wn"],
    )
    address: LongText | None = field(
        "Alamat di Indonesia", "Address in Indonesia", default=None, sensitivity="personal"
    )
    region: int | None = field(
        "Wilayah tempat tinggal", "Region of residence", default=None, reference="region", filter=True
    )
    address_abroad: LongText | None = field(
        "Alamat di luar negeri", "Address abroad", default=None, sensitivity="personal"
    )
    phone: Phone | None = field("Telepon", "Phone", default=None, sensitivity="personal")
    email: Email | None = field("E-mail", "E-mail", default=None, sensitivity="personal")
    marital_status: str | None = field(
        "Status perkawinan", "Marital status", default=None, choices=MARITAL, sensitivity="personal"
    )
    nik: Nik | None = field("NIK", "National identity number (NIK)", default=None, masked=True, sensitivity="personal")
    npwp16: Npwp | None = field("NPWP", "Tax number (NPWP)", default=None, masked=True, sensitivity="personal")
    presence: str = field("Keberadaan", "Presence", default="unknown", choices=PRESENCE, listed=True, filter=True)


class ForeignNational(ForeignNationalBase, Record, table=True):
    __tablename__ = "foreign_national"


foreign_national = Registry(
    ForeignNational,
    title=("Orang asing", "Foreign nationals"),
    singular=("Orang asing", "Foreign national"),
    icon="users",
    order_by="name_display",
    scope=Scope(region="region"),
    write=PERSON_WRITERS,
    api=True,
)


class PassportBase(SQLModel):
    person: int = field("Orang asing", "Person", reference="foreign_national", listed=True, filter=True)
    issuing_state: CountryCode = field(
        "Negara penerbit", "Issuing state", natural_key=True, listed=True, filter=True, sensitivity="personal"
    )
    number: PassportNumber = field(
        "Nomor paspor",
        "Passport number",
        natural_key=True,
        listed=True,
        search=True,
        masked=True,
        sensitivity="personal",
        aliases=["no paspor", "passport no"],
    )
    issued_on: date | None = field("Tanggal terbit", "Issued on", default=None, sensitivity="personal")
    expires_on: date | None = field(
        "Berlaku sampai", "Expires on", default=None, listed=True, filter=True, sensitivity="personal"
    )
    mrz1: MrzLine | None = field("MRZ baris 1", "MRZ line 1", default=None, masked=True, sensitivity="personal")
    mrz2: MrzLine | None = field("MRZ baris 2", "MRZ line 2", default=None, masked=True, sensitivity="personal")
    replaced_by: int | None = field("Diganti oleh", "Replaced by", default=None, reference="passport")
    status: str = field("Status", "Status", default="current", choices=PASSPORT_STATES, listed=True, filter=True)


class Passport(PassportBase, Record, table=True):
    __tablename__ = "passport"


passport = Registry(
    Passport,
    title=("Paspor", "Passports"),
    singular=("Paspor", "Passport"),
    icon="id",
    order_by="number",
    write=PERSON_WRITERS,
    rules=[NotReversed("issued_on", "expires_on")],
)


class VisaIndexBase(SQLModel):
    code: VisaIndexCode = field(
        "Indeks",
        "Index",
        natural_key=True,
        listed=True,
        search=True,
        sensitivity="public",
        aliases=["indeks visa", "kode", "visa index"],
    )
    title: Text = field("Nama", "Title", listed=True, search=True, sensitivity="public")
    letter: str | None = field("Huruf", "Letter", default=None, choices=LETTERS, filter=True, sensitivity="public")
    purpose: LongText | None = field("Tujuan", "Purpose", default=None, sensitivity="public")
    work_allowed: bool = field(
        "Boleh bekerja", "Work allowed", default=False, listed=True, filter=True, sensitivity="public"
    )
    sponsor_kind: str | None = field(
        "Jenis penjamin", "Kind of sponsor", default=None, choices=SPONSOR_KINDS, sensitivity="public"
    )
    max_days: int | None = field("Paling lama (hari)", "Longest stay (days)", default=None, sensitivity="public")
    basis: Text | None = field("Dasar hukum", "Legal basis", default=None, sensitivity="public")
    valid_from: date = field("Berlaku sejak", "Valid from", natural_key=True, listed=True, sensitivity="public")
    valid_until: date | None = field("Berlaku sampai", "Valid until", default=None, listed=True, sensitivity="public")
    replaced_by: int | None = field("Diganti oleh", "Replaced by", default=None, reference="visa_index", listed=True)
    status: str = field(
        "Status", "Status", default="in_force", choices=INDEX_STATES, listed=True, filter=True, sensitivity="public"
    )


class VisaIndex(VisaIndexBase, Record, table=True):
    __tablename__ = "visa_index"


visa_index = Registry(
    VisaIndex,
    title=("Indeks visa", "Visa indices"),
    singular=("Indeks visa", "Visa index"),
    icon="list-numbers",
    menu="reference",
    order_by="code",
    read=EVERYONE,
    write={"admin", "division_head"},
    rules=[NotReversed("valid_from", "valid_until")],
)


class SponsorshipBase(SQLModel):
    person: int = field(
        "Orang asing", "Person", reference="foreign_national", listed=True, filter=True, natural_key=True
    )
    sponsor: int | None = field(
        "Perusahaan penjamin",
        "Sponsor company",
        default=None,
        reference="company",
        listed=True,
        filter=True,
        natural_key=True,
    )
    sponsor_person: PersonName | None = field(
        "Penjamin perorangan", "Individual sponsor", default=None, sensitivity="personal"
    )
    kind: str = field("Jenis penjaminan", "Kind", default="company", choices=SPONSORSHIP_KINDS, filter=True)
    decree_no: Text | None = field("Nomor keputusan", "Decree number", default=None)
    started_on: date = field(
        "Mulai", "Started on", listed=True, filter=True, natural_key=True, aliases=["mulai kerja", "tmt"]
    )
    ended_on: date | None = field("Berakhir", "Ended on", default=None, listed=True, filter=True)
    end_reason: str | None = field("Alasan berakhir", "End reason", default=None, choices=END_REASONS)
    job_title: Text | None = field("Jabatan", "Job title", default=None, listed=True, search=True)
    activity: LongText | None = field("Kegiatan", "Activity", default=None)
    worksite: int | None = field("Lokasi kerja", "Work site", default=None, reference="worksite", filter=True)
    status: str = field("Status", "Status", default="active", choices=SPONSORSHIP_STATES, listed=True, filter=True)


class Sponsorship(SponsorshipBase, Record, table=True):
    __tablename__ = "sponsorship"


sponsorship = Registry(
    Sponsorship,
    title=("Penjaminan", "Sponsorships"),
    singular=("Penjaminan", "Sponsorship"),
    icon="link",
    order_by="started_on",
    label="job_title",
    scope=Scope(company="sponsor"),
    write=PERSON_WRITERS,
    rules=[NotReversed("started_on", "ended_on")],
)


class StayPermitBase(SQLModel):
    person: int = field("Orang asing", "Person", reference="foreign_national", listed=True, filter=True)
    kind: str = field(
        "Jenis izin tinggal", "Kind of permit", choices=PERMIT_KINDS, listed=True, filter=True, natural_key=True
    )
    number: DocumentNumber = field(
        "Nomor izin tinggal",
        "Permit number",
        listed=True,
        search=True,
        natural_key=True,
        masked=True,
        sensitivity="personal",
        owner="imigrasi",
        aliases=["no kitas", "kitas", "itas"],
    )
    visa_index: int | None = field(
        "Indeks visa", "Visa index", default=None, reference="visa_index", listed=True, filter=True, owner="imigrasi"
    )
    old_index: int | None = field("Indeks lama", "Retired index", default=None, reference="visa_index")
    issued_on: date | None = field("Tanggal terbit", "Issued on", default=None, owner="imigrasi")
    expires_on: date | None = field(
        "Berlaku sampai", "Expires on", default=None, listed=True, filter=True, owner="imigrasi"
    )
    office: int | None = field("Kantor penerbit", "Issuing office", default=None, reference="agency")
    sponsorship: int | None = field("Penjaminan", "Sponsorship", default=None, reference="sponsorship")
    qr_payload: LongText | None = field("Isi kode QR", "QR payload", default=None, masked=True, sensitivity="personal")
    ended_on: date | None = field("Berakhir tanggal", "Ended on", default=None)
    status: str = field(
        "Status", "Status", default="valid", choices=PERMIT_STATES, listed=True, filter=True, owner="imigrasi"
    )


class StayPermit(StayPermitBase, Record, table=True):
    __tablename__ = "stay_permit"


stay_permit = Registry(
    StayPermit,
    title=("Izin tinggal", "Stay permits"),
    singular=("Izin tinggal", "Stay permit"),
    icon="file-certificate",
    order_by="number",
    write=PERSON_WRITERS,
    rules=[NotReversed("issued_on", "expires_on")],
)
