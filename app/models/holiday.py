"""The office's own days in the calendar: local holidays, joint leave, and days that are worked after all.

National holidays come with the product; a row here adds one, names it anew, or takes it out
(`app.queries.work_days`).
"""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from app.domain.types import Text
from app.models.organisation import EVERYONE
from app.models.record import Record
from app.registry import Registry, field

HOLIDAY_KINDS = [
    ("national", "Libur nasional", "National holiday"),
    ("joint_leave", "Cuti bersama", "Joint leave"),
    ("local", "Libur setempat", "Local holiday"),
    ("working", "Tetap masuk kerja", "Working day after all"),
]


class HolidayBase(SQLModel):
    falls_on: date = field(
        "Tanggal",
        "Date",
        natural_key=True,
        unique=True,
        listed=True,
        filter=True,
        sensitivity="public",
        help=("Satu baris untuk satu hari", "One row for one day"),
        aliases=["tanggal libur", "hari"],
    )
    name: Text = field(
        "Nama hari",
        "Name",
        listed=True,
        search=True,
        sensitivity="public",
        aliases=["keterangan", "nama libur"],
        help=("Disebut dalam penjelasan tenggat", "Named where a due date is explained"),
        example="Cuti bersama Idulfitri",
    )
    kind: str = field(
        "Jenis",
        "Kind",
        choices=HOLIDAY_KINDS,
        listed=True,
        filter=True,
        sensitivity="public",
        help=("Tetap masuk kerja membatalkan libur pada hari itu", "A working day cancels the holiday of that date"),
    )
    basis: Text | None = field(
        "Dasar",
        "Basis",
        default=None,
        listed=True,
        sensitivity="public",
        help=("Keputusan yang menetapkan", "The decree that sets it"),
        example="SKB 3 Menteri Tahun 2026",
    )


class Holiday(HolidayBase, Record, table=True):
    __tablename__ = "holiday"


holiday = Registry(
    Holiday,
    title=("Hari libur", "Holidays"),
    singular=("Hari libur", "Holiday"),
    icon="calendar",
    menu="reference",
    order_by="falls_on",
    label="name",
    read=EVERYONE,
    write={"admin", "secretariat"},
)
