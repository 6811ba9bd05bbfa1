"""Positions that a foreign worker may not hold: the dated list of Kepmenaker 349/2019, kept by the office."""

from __future__ import annotations

from datetime import date

from sqlmodel import SQLModel

from app.domain.row_rules import NotReversed
from app.domain.types import Text
from app.models.organisation import EVERYONE
from app.models.record import Record
from app.registry import Registry, field


class BarredPositionBase(SQLModel):
    name: Text = field(
        "Jabatan",
        "Position",
        natural_key=True,
        unique=True,
        listed=True,
        search=True,
        sensitivity="public",
        help=("Seperti pada keputusan menteri", "As in the decree"),
        example="Kepala Bagian Personalia",
    )
    name_en: Text | None = field(
        "Sebutan Inggris",
        "English title",
        default=None,
        listed=True,
        search=True,
        sensitivity="public",
        help=("Sebutan yang dipakai perusahaan asing", "The title foreign companies use"),
        example="Head of Personnel",
    )
    aliases: Text | None = field(
        "Sebutan lain",
        "Other titles",
        default=None,
        search=True,
        sensitivity="public",
        help=("Dipisah koma", "With commas between"),
        example="HR Head, Kabag HRD",
    )
    basis: Text = field(
        "Dasar",
        "Legal basis",
        listed=True,
        sensitivity="public",
        help=("Keputusan yang memuat jabatan ini", "The decree that lists it"),
        example="Kepmenaker 349/2019",
    )
    valid_from: date | None = field(
        "Berlaku sejak",
        "Valid from",
        default=None,
        listed=True,
        sensitivity="public",
        help=("RPTKA yang mulai sebelumnya tidak ditandai", "Plans that began before are not marked"),
    )
    valid_until: date | None = field(
        "Berlaku sampai",
        "Valid until",
        default=None,
        listed=True,
        sensitivity="public",
        help=("Isi bila dicabut", "Fill in when it is repealed"),
    )


class BarredPosition(BarredPositionBase, Record, table=True):
    __tablename__ = "barred_position"


barred_position = Registry(
    BarredPosition,
    title=("Jabatan terlarang bagi TKA", "Barred positions"),
    singular=("Jabatan terlarang", "Barred position"),
    icon="flag",
    menu="reference",
    order_by="name",
    read=EVERYONE,
    write={"admin", "division_head"},
    rules=[NotReversed("valid_from", "valid_until")],
)
