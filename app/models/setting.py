"""What the office decides about itself on a screen: its name and look, and the account its mail goes out from.

A row a setting. The environment wins over what stands here, and this over the default (`app.config`). A secret stands
here sealed under a key that is not in the database (`app.sealing`), and is never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel, UniqueConstraint

from app.domain.errors import Problem
from app.domain.types import Email, IntType, LongText, Phone, Text, TextType
from app.domain.types.office import ColourType, PictureType, SecretType
from app.models.instant import Instant
from app.models.organisation import TIME_ZONES
from app.registry import SettingGroup, field


class Setting(SQLModel, table=True):
    """`version` grows with every change of any setting: a process that knows it need not read again."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("group", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    group: str = Field(max_length=20)
    key: str = Field(max_length=40)
    value: Any = Field(default=None, sa_type=JSON)
    blob: bytes | None = Field(default=None)  # a picture; `value` is then its SHA-256
    sealed: str | None = Field(default=None, max_length=2000)  # a secret
    version: int = Field(index=True)
    updated_at: datetime = Field(sa_type=Instant)
    updated_by: str = Field(max_length=160)


LETTERHEAD = ("Kop surat", "Letterhead")
LOOK = ("Tampilan", "Look")
DAYS = ("Waktu dan tenggat", "Time and due dates")
RELAY = ("Server pengirim", "Mail server")
SENDING = ("Pengiriman", "Sending")
TLS = [
    ("tls", "TLS langsung (biasanya port 465)", "TLS from the start (usually port 465)"),
    ("starttls", "STARTTLS (biasanya port 587)", "STARTTLS (usually port 587)"),
    ("none", "Tanpa TLS (hanya di jaringan sendiri)", "No TLS (own network only)"),
]


class OfficeSettings(SQLModel):
    office_ministry: Text | None = field(
        "Kementerian",
        "Ministry",
        default=None,
        group=LETTERHEAD,
        help=("Baris pertama kop surat", "First line of the letterhead"),
        example="Kementerian Imigrasi dan Pemasyarakatan",
    )
    office_unit: LongText | None = field(
        "Baris di bawah kementerian",
        "Lines below the ministry",
        default=None,
        group=LETTERHEAD,
        help=("Direktorat jenderal dan kantor wilayah, satu per baris", "Directorate and regional office, one a line"),
        example="Direktorat Jenderal Imigrasi",
    )
    office_name: Annotated[str, TextType(120)] | None = field(
        "Nama kantor",
        "Name of the office",
        default=None,
        group=LETTERHEAD,
        help=("Dipakai di halaman, e-mail, tanda terima, dan surat", "On pages, mails, receipts and letters"),
        example="Kantor Imigrasi Kelas I Contoh",
    )
    office_address: LongText | None = field(
        "Alamat",
        "Address",
        default=None,
        group=LETTERHEAD,
        help=("Alamat surat, satu atau dua baris", "Postal address, one or two lines"),
        example="Jalan Contoh Nomor 1, Kota Contoh 61300",
    )
    office_phone: Phone | None = field(
        "Telepon / WA",
        "Telephone / WhatsApp",
        default=None,
        group=LETTERHEAD,
        help=("Nomor yang boleh dihubungi perusahaan", "The number companies may call"),
    )
    office_email: Email | None = field(
        "E-mail kantor",
        "E-mail of the office",
        default=None,
        group=LETTERHEAD,
        help=("Alamat untuk pertanyaan", "Where questions go"),
    )
    office_hours: Text | None = field(
        "Jam layanan",
        "Opening hours",
        default=None,
        group=LETTERHEAD,
        help=("Seperti ditulis di bawah surat", "As written below letters"),
        example="Senin-Jumat 08.00-16.00",
    )
    office_logo: Annotated[str, PictureType()] | None = field(
        "Logo",
        "Logo",
        default=None,
        group=LOOK,
        help=("PNG atau JPG, paling besar 200 kB dan 2.000 piksel", "PNG or JPG, at most 200 kB and 2,000 pixels"),
    )
    office_colour: Annotated[str, ColourType()] | None = field(
        "Warna utama",
        "Main colour",
        default=None,
        group=LOOK,
        help=(
            "Tombol, tautan, dan kop e-mail; harus cukup gelap untuk dibaca",
            "Buttons, links and mail heads; dark enough to be read",
        ),
    )
    office_time_zone: str | None = field(
        "Zona waktu",
        "Time zone",
        default=None,
        choices=TIME_ZONES,
        group=DAYS,
        help=("Tanggal dan jam di seluruh halaman dan surat", "Dates and times on all pages and letters"),
    )
    report_due_day: Annotated[int, IntType(min=1, max=28)] | None = field(
        "Tanggal tenggat laporan",
        "Day by which to report",
        default=None,
        group=DAYS,
        help=(
            "Tanggal di bulan berikutnya; hanya untuk kewajiban baru",
            "Day of the following month; for new duties only",
        ),
        example="10",
    )
    correction_days: Annotated[int, IntType(min=1, max=90)] | None = field(
        "Hari untuk perbaikan",
        "Days for a correction",
        default=None,
        group=DAYS,
        help=(
            "Paling sedikit sekian hari sejak laporan dikembalikan; tautannya dapat dibuka selama itu",
            "At least so many days from the day a report is returned; its link opens as long",
        ),
        example="7",
    )


class MailSettings(SQLModel):
    mail_server: Annotated[str, TextType(200)] | None = field(
        "Server SMTP",
        "SMTP server",
        default=None,
        group=RELAY,
        help=("Nama server pengirim surat", "Name of the server that sends the mail"),
        example="smtp.kantor.example",
    )
    mail_port: Annotated[int, IntType(min=1, max=65535)] | None = field(
        "Port", "Port", default=None, group=RELAY, help=("465, 587, atau 25", "465, 587 or 25"), example="465"
    )
    mail_tls: str | None = field(
        "Pengamanan",
        "Security",
        default=None,
        choices=TLS,
        group=RELAY,
        help=("Sertifikat server selalu diperiksa", "The server's certificate is always checked"),
    )
    mail_username: Annotated[str, TextType(200)] | None = field(
        "Nama pengguna",
        "User name",
        default=None,
        group=RELAY,
        help=("Kosong bila server tidak meminta", "Empty when the server asks for none"),
        example="sinergi@kantor.example",
    )
    mail_secret: Annotated[str, SecretType()] | None = field(
        "Kata sandi",
        "Password",
        default=None,
        group=RELAY,
        help=("Disimpan tersegel dan tidak pernah ditampilkan", "Kept sealed, and never shown"),
    )
    mail_sender: Email | None = field(
        "Alamat pengirim",
        "Sender address",
        default=None,
        group=SENDING,
        help=("Alamat asal semua surat", "The address all mail comes from"),
        example="sinergi@kantor.example",
    )
    mail_reply_to: Email | None = field(
        "Balasan ke",
        "Replies to",
        default=None,
        group=SENDING,
        help=("Kosong: e-mail kantor", "Empty: the e-mail of the office"),
        example="laporan@kantor.example",
    )
    mail_daily_cap: Annotated[int, IntType(min=1, max=1_000_000)] | None = field(
        "Batas surat per hari",
        "Messages a day",
        default=None,
        group=SENDING,
        help=(
            "Yang lebih menunggu sampai besok; kode dan tanda terima tetap terkirim",
            "Messages above this wait until tomorrow; codes and receipts go on",
        ),
        example="500",
    )


def relay_is_whole(row: Mapping[str, Any]) -> Iterable[Problem]:
    """A server comes with its port; a password crosses no wire in clear."""
    if row.get("mail_server") and not row.get("mail_port"):
        yield Problem("required", field="mail_port")
    if row.get("mail_server") and not row.get("mail_tls"):
        yield Problem("required", field="mail_tls")
    if row.get("mail_username") and row.get("mail_tls") == "none":
        yield Problem("password_in_clear", field="mail_tls")


office = SettingGroup(
    OfficeSettings,
    key="office",
    title=("Kantor", "Office"),
    icon="building-bank",
    read={"admin", "head", "division_head", "secretariat", "auditor"},
    write={"admin", "head"},
)
mail = SettingGroup(
    MailSettings,
    key="mail",
    title=("Akun e-mail", "E-mail account"),
    icon="mail",
    read={"admin", "auditor"},
    write={"admin"},
    rules=[relay_is_whole],
)
