"""The office's own words for each kind of message, version by version (domain: messages).

While a version is approved it is in force instead of the text that comes with the product; the highest one wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import SQLModel

from app.domain import letters
from app.domain.errors import Problem
from app.domain.messages import WRITABLE
from app.domain.states import Arrows
from app.domain.tone import harsh_words
from app.domain.types import LongText, Text
from app.models.contact import LANGUAGES
from app.models.record import Record
from app.registry import Registry, field

TEMPLATE_STATES = [
    ("draft", "Draf", "Draft"),
    ("approved", "Disetujui, dipakai", "Approved, in use"),
    ("retired", "Tidak dipakai lagi", "Retired"),
]
TEMPLATE_STEPS = Arrows(
    {"draft": ["approved"], "approved": ["retired"]},
    start=["draft"],
    by={"approved": ["division_head"]},
    frozen=["approved", "retired"],
)
MESSAGE_KINDS = [(kind.key, kind.title.id, kind.title.en) for kind in WRITABLE.values()]


def next_version(row: Mapping[str, Any]) -> int:
    """The number of this version among those of its kind and language; one that has a number keeps it."""
    same = [one for one in row.get("@message_template") or () if _place(one) == _place(row)]
    kept = next((one["version"] for one in same if one["id"] == row.get("id")), None)
    return kept or max((int(one["version"]) for one in same), default=0) + 1


def _place(row: Mapping[str, Any]) -> tuple[Any, Any]:
    return row.get("kind"), row.get("language")


def says_what_it_may(row: Mapping[str, Any]) -> Iterable[Problem]:
    """Every placeholder is known to the kind, and the one it is sent for is there."""
    if row.get("kind") in WRITABLE:
        yield from letters.problems(row["kind"], row.get("subject") or "", row.get("body") or "")


def sounds_harsh(row: Mapping[str, Any]) -> Iterable[Problem]:
    """Words that may sound like a threat, for whoever writes to weigh."""
    found = harsh_words(f"{row.get('subject') or ''}\n{row.get('body') or ''}")
    if found:
        yield Problem("tone_harsh", field="body", params={"words": found})


class MessageTemplateBase(SQLModel):
    kind: str = field(
        "Jenis pesan",
        "Kind of message",
        choices=MESSAGE_KINDS,
        listed=True,
        filter=True,
        help=("Pesan mana yang memakai kata-kata ini", "Which message uses these words"),
    )
    language: str = field(
        "Bahasa",
        "Language",
        default="id",
        choices=LANGUAGES,
        listed=True,
        filter=True,
        help=("Bahasa penerima; tiap bahasa punya templatnya sendiri", "Language of the reader; each has its own"),
    )
    version: int = field("Versi", "Version", default=1, listed=True, compute=next_version, reads=["@message_template"])
    subject: Text = field(
        "Perihal",
        "Subject",
        listed=True,
        search=True,
        help=("Satu baris; boleh memuat isian seperti {perusahaan}", "One line; may name facts like {perusahaan}"),
        example="{laporan} {periode}",
    )
    body: LongText = field(
        "Isi surat",
        "Text",
        search=True,
        help=(
            "Paragraf dipisah baris kosong; {tombol}, {kode}, {rincian} berdiri sendiri; paragraf tanpa isi dilewati",
            "Blank lines between paragraphs; {tombol}, {kode}, {rincian} stand alone; one without its fact is left out",
        ),
        example="Kepada Yth. pimpinan {perusahaan},\n\nMohon melapor melalui tautan ini:\n\n{tombol}",
    )
    note: Text | None = field(
        "Catatan perubahan",
        "Note on the change",
        default=None,
        help=("Mengapa versi ini dibuat", "Why this version was made"),
        example="Menambahkan jam layanan",
    )
    status: str = field(
        "Status",
        "Status",
        default="draft",
        choices=TEMPLATE_STATES,
        states=TEMPLATE_STEPS,
        listed=True,
        filter=True,
        help=(
            "Kepala Bidang menyetujui; sesudah itu isinya tidak berubah",
            "The division head approves; then it is closed",
        ),
    )


class MessageTemplate(MessageTemplateBase, Record, table=True):
    __tablename__ = "message_template"


message_template = Registry(
    MessageTemplate,
    title=("Templat surat", "Message templates"),
    singular=("Templat surat", "Message template"),
    about=(
        "Teks surat buatan kantor: draf, versi, dan persetujuannya. Untuk melihat surat yang sekarang dikirim, atau "
        "mulai dari teks bawaan, buka “Kata-kata pesan”.",
        "The office's own texts: drafts, versions and their approval. To see what is sent now, or to begin from the "
        "default text, open “Words of the messages”.",
    ),
    icon="mail",
    menu="settings",
    order_by="kind",
    label="subject",
    write={"admin", "secretariat", "division_head"},
    rules=[says_what_it_may],
    remarks=[sounds_harsh],
)
