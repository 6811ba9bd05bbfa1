"""How long what was thrown away waits in the trash, by class of data (domain: retention periods are the office's).

Until the office sets a period nothing is removed for good.
"""

from __future__ import annotations

from typing import Annotated

from sqlmodel import SQLModel

from app.domain.types import IntType
from app.registry import SettingGroup, field

TRASH = ("Tempat sampah", "Trash")
Days = Annotated[int, IntType(min=30, max=36_500)]
HELP = (
    "Hari sebelum dihapus untuk selamanya; kosong: disimpan terus",
    "Days before it is removed for good; empty: kept for ever",
)


class RetentionSettings(SQLModel):
    trash_days_public: Days | None = field(
        "Data publik", "Public data", default=None, group=TRASH, help=HELP, example="365"
    )
    trash_days_internal: Days | None = field(
        "Data internal", "Internal data", default=None, group=TRASH, help=HELP, example="365"
    )
    trash_days_personal: Days | None = field(
        "Data pribadi", "Personal data", default=None, group=TRASH, help=HELP, example="365"
    )
    trash_days_specific: Days | None = field(
        "Data pribadi spesifik", "Specific personal data", default=None, group=TRASH, help=HELP, example="90"
    )


retention = SettingGroup(
    RetentionSettings,
    key="retention",
    title=("Masa simpan", "Retention"),
    icon="clock",
    read={"admin", "head", "division_head", "secretariat", "auditor"},
    write={"admin", "head"},
)
