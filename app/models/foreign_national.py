"""Foreign nationals (domain: persons and permits)."""

from __future__ import annotations

from sqlmodel import SQLModel

from app.domain.actors import Scope
from app.domain.states import Arrows
from app.domain.types import (
    PICTURES,
    BirthDate,
    CountryCode,
    Email,
    FileType,
    LongText,
    Nik,
    Npwp,
    PersonName,
    Phone,
    Sex,
    StoredFile,
    Text,
)
from app.models.organisation import EVERYONE, IDENTITY
from app.models.record import Record
from app.registry import Registry, field

PRESENCE = [
    ("in_country", "Di dalam negeri", "In the country"),
    ("abroad", "Di luar negeri", "Abroad"),
    ("unknown", "Tidak diketahui", "Unknown"),
]
PRESENCE_STEPS = Arrows(
    {"in_country": ["abroad", "unknown"], "abroad": ["in_country", "unknown"], "unknown": ["in_country", "abroad"]}
)
MARITAL = [
    ("single", "Belum menikah", "Single"),
    ("married", "Menikah", "Married"),
    ("divorced", "Cerai", "Divorced"),
    ("widowed", "Cerai mati", "Widowed"),
]
CONTACT = ("Alamat dan kontak", "Address and contact")
NUMBERS = ("Keterangan lain", "Other particulars")
PERSON_WRITERS = {"admin", "analyst"}


class ForeignNationalBase(SQLModel):
    name_display: PersonName = field(
        "Nama lengkap",
        "Full name",
        listed=True,
        search=True,
        sensitivity="personal",
        aliases=["nama lengkap", "nama tka", "nama", "name", "full name"],
        help=("Seperti pada paspor; satu kata pun boleh", "As in the passport; a single word is fine"),
        group=IDENTITY,
    )
    name_mrz: Text | None = field(
        "Nama pada MRZ",
        "Name in the MRZ",
        default=None,
        search=True,
        sensitivity="personal",
        help=(
            "Huruf besar dari baris bawah paspor, tanpa tanda <",
            "Capitals from the lines at the bottom of the passport, without <",
        ),
        example="KIM MIN JUN",
        group=IDENTITY,
    )
    aliases: Text | None = field(
        "Nama lain",
        "Other names",
        default=None,
        search=True,
        sensitivity="personal",
        help=("Nama lain atau ejaan lain, dipisah koma", "Other names or spellings, with commas between"),
        example="김민준, Kim Minjun",
        group=IDENTITY,
    )
    sex: Sex = field(
        "Jenis kelamin",
        "Sex",
        listed=True,
        filter=True,
        sensitivity="personal",
        aliases=["l/p", "jk", "sex"],
        help=("Seperti tercetak pada paspor", "As printed in the passport"),
        group=IDENTITY,
    )
    birth_date: BirthDate = field(
        "Tanggal lahir",
        "Date of birth",
        listed=True,
        filter=True,
        sensitivity="personal",
        aliases=["tgl lahir", "dob", "birth date"],
        help=(
            "Seperti pada paspor; bagian yang tidak diketahui boleh ditanyakan dulu",
            "As in the passport; ask first when a part is not known",
        ),
        group=IDENTITY,
    )
    birth_place: Text | None = field(
        "Tempat lahir",
        "Place of birth",
        default=None,
        sensitivity="personal",
        help=("Kota atau negara seperti pada paspor", "Town or country as in the passport"),
        example="Seoul",
        group=IDENTITY,
    )
    nationality: CountryCode = field(
        "Kewarganegaraan",
        "Nationality",
        listed=True,
        filter=True,
        sensitivity="personal",
        aliases=["kebangsaan", "warga negara", "wn"],
        help=(
            "Nama negara atau kode tiga huruf dari paspor",
            "Name of the country or the three letters in the passport",
        ),
        group=IDENTITY,
    )
    address: LongText | None = field(
        "Alamat di Indonesia",
        "Address in Indonesia",
        default=None,
        sensitivity="personal",
        help=(
            "Tempat tinggal sekarang; alamat lama tetap ada di riwayat",
            "Where the person lives now; older addresses stay in the history",
        ),
        example="Perumahan Contoh Blok C 7",
        group=CONTACT,
    )
    region: int | None = field(
        "Wilayah tempat tinggal",
        "Region of residence",
        default=None,
        reference="region",
        filter=True,
        help=("Kecamatan atau desa tempat tinggal", "Sub-district or village of residence"),
        group=CONTACT,
    )
    address_abroad: LongText | None = field(
        "Alamat di luar negeri",
        "Address abroad",
        default=None,
        sensitivity="personal",
        help=("Alamat tetap di negara asal", "Permanent address in the home country"),
        example="123 Contoh-ro, Seoul",
        group=CONTACT,
    )
    phone: Phone | None = field(
        "Telepon",
        "Phone",
        default=None,
        sensitivity="personal",
        help=("Nomor luar negeri diawali + dan kode negara", "Foreign numbers begin with + and the country code"),
        group=CONTACT,
    )
    email: Email | None = field(
        "E-mail",
        "E-mail",
        default=None,
        sensitivity="personal",
        help=("Alamat milik orangnya sendiri, bukan perusahaan", "The person's own address, not the company's"),
        group=CONTACT,
    )
    marital_status: str | None = field(
        "Status perkawinan",
        "Marital status",
        default=None,
        choices=MARITAL,
        sensitivity="personal",
        help=("Seperti pada dokumen terakhir", "As in the latest document"),
        group=NUMBERS,
    )
    nik: Nik | None = field(
        "NIK",
        "National identity number (NIK)",
        default=None,
        masked=True,
        sensitivity="personal",
        help=(
            "Hanya bila sudah memiliki SKTT atau KTP orang asing; tidak wajib",
            "Only with an SKTT or a foreigner's KTP; never required",
        ),
        group=NUMBERS,
    )
    npwp16: Npwp | None = field(
        "NPWP",
        "Tax number (NPWP)",
        default=None,
        masked=True,
        sensitivity="personal",
        help=("16 angka; nomor lama 15 angka diubah sendiri", "16 digits; an old number of 15 digits is converted"),
        group=NUMBERS,
    )
    photo: list[StoredFile] = field(
        "Foto",
        "Photo",
        default_factory=list,
        files=FileType(kinds=PICTURES),
        masked=True,
        sensitivity="personal",
        help=("Foto wajah terakhir, untuk mengenali orangnya", "The latest portrait, to recognise the person"),
        group=NUMBERS,
    )
    presence: str = field(
        "Keberadaan",
        "Presence",
        default="unknown",
        choices=PRESENCE,
        states=PRESENCE_STEPS,
        listed=True,
        filter=True,
        help=("Menurut keterangan terakhir yang tercatat", "According to the latest fact on record"),
        group=NUMBERS,
    )


class ForeignNational(ForeignNationalBase, Record, table=True):
    __tablename__ = "foreign_national"


foreign_national = Registry(
    ForeignNational,
    title=("Orang asing", "Foreign nationals"),
    singular=("Orang asing", "Foreign national"),
    icon="users",
    order_by="name_display",
    scope=Scope(region="region", follows="sponsorship[person].sponsor"),
    read=EVERYONE,
    partners={"name_display", "nationality"},
    write=PERSON_WRITERS,
    api=True,
    inlines=("passport", "stay_permit", "sponsorship"),
)
