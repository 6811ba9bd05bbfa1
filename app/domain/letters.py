"""Letters whose words an office writes itself: plain paragraphs with placeholders like {perusahaan}, and nothing else.

A placeholder stands for a fact of the message. Blocks ({tombol}, {kode} …) stand alone in a paragraph. A paragraph with
a fact that this message does not have is left out; so is a paragraph that ends with a colon before a block left out.
Lines that begin with "- " are a list. There is no markup, no condition and no code.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.errors import Problem
from app.domain.fields import Label
from app.domain.messages import KINDS

_NAMED = re.compile(r"\{([^{}\n]*)\}")
_LONGEST_SUBJECT = 150
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One fact a letter may name. `key` is the key of the message's context it comes from; "" is always there."""

    name: str
    means: Label
    key: str = ""
    block: bool = False

    @property
    def written(self) -> str:
        return f"{{{self.name}}}"


PLACEHOLDERS: Mapping[str, Placeholder] = {
    one.name: one
    for one in (
        Placeholder("perusahaan", Label("nama perusahaan", "name of the company"), "company_name"),
        Placeholder("nama", Label("nama kontak", "name of the contact"), "contact_name"),
        Placeholder("laporan", Label("nama laporan", "name of the report")),
        Placeholder("periode", Label("periode laporan", "period of the report"), "period"),
        Placeholder("tenggat", Label("hari terakhir melapor", "day by which to report"), "due_on"),
        Placeholder("berlaku_sampai", Label("tautan berlaku sampai", "link valid until"), "expires_at"),
        Placeholder("nomor", Label("nomor tanda terima", "number of the receipt"), "receipt_code"),
        Placeholder("diterima", Label("waktu laporan diterima", "when the report came"), "sent_at"),
        Placeholder("diperiksa", Label("waktu laporan diperiksa", "when the report was checked"), "decided_at"),
        Placeholder("diperiksa_sebelum", Label("janji selesai diperiksa", "day promised for the check"), "review_by"),
        Placeholder("jumlah_orang", Label("jumlah orang dalam laporan", "people in the report"), "rows"),
        Placeholder("jumlah_baru", Label("jumlah orang baru", "new people"), "new"),
        Placeholder("jumlah_keluar", Label("jumlah orang yang berhenti", "people who left"), "left"),
        Placeholder("jumlah_menyusul", Label("jumlah baris menyusul", "rows to follow"), "later"),
        Placeholder("jumlah_sel", Label("jumlah isian yang ditandai", "entries marked"), "cells"),
        Placeholder("menit", Label("masa berlaku kode (menit)", "minutes the code lives"), "minutes"),
        Placeholder("kantor", Label("nama kantor", "name of the office")),
        Placeholder("telepon_kantor", Label("telepon kantor", "telephone of the office")),
        Placeholder("email_kantor", Label("e-mail kantor", "e-mail of the office")),
        Placeholder("jam_layanan", Label("jam layanan kantor", "opening hours of the office")),
        Placeholder("alamat_kantor", Label("alamat kantor", "address of the office")),
        Placeholder("tombol", Label("tombol dengan tautan laporan", "button with the report link"), "link_id", True),
        Placeholder("periksa", Label("tombol periksa tanda terima", "button to check a receipt"), "receipt_code", True),
        Placeholder("kode", Label("kode enam angka", "the six-digit code"), "code", True),
        Placeholder("rincian", Label("tabel rincian laporan", "table of the report's facts"), "receipt_code", True),
        Placeholder("alasan", Label("daftar alasan", "list of reasons"), "reasons", True),
        Placeholder("catatan", Label("catatan petugas", "note of the officer"), "note", True),
    )
}
# What a letter of this kind is for: without it nobody could do what it asks.
MUST: Mapping[str, tuple[str, ...]] = {"link": ("tombol",), "returned": ("tombol",), "code": ("kode",)}
_NEVER = {"code": frozenset({"tombol"})}  # the code proves who reads the mailbox: the link does not travel with it


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph as it is drawn: text, the lines of a list, or the name of a block."""

    kind: Literal["paragraph", "points", "block"]
    content: Any


def allowed(kind: str) -> dict[str, Placeholder]:
    """The placeholders a letter of this kind may name."""
    known = KINDS[kind]
    keys = {"", *known.needs, *known.may}
    never = _NEVER.get(kind, frozenset())
    return {name: one for name, one in PLACEHOLDERS.items() if one.key in keys and name not in never}


def may_be_empty(kind: str, placeholder: Placeholder) -> bool:
    """Whether some messages of the kind come without this fact."""
    return bool(placeholder.key) and placeholder.key not in KINDS[kind].needs


def problems(kind: str, subject: str, body: str) -> Iterator[Problem]:
    """What keeps these words from being a letter of that kind."""
    usable = allowed(kind)
    for field, text in (("subject", subject), ("body", body)):
        yield from _unknown(field, text, usable)
    for name in _named(subject):
        if name in usable and usable[name].block:
            yield Problem("placeholder_in_subject", "subject", value=f"{{{name}}}")
    if len(subject) > _LONGEST_SUBJECT:
        yield Problem("too_long", "subject", params={"max": _LONGEST_SUBJECT, "length": len(subject)})
    for paragraph in _paragraphs(body):
        blocks = [name for name in _named(paragraph) if name in usable and usable[name].block]
        if blocks and paragraph.strip() != f"{{{blocks[0]}}}":
            yield Problem("placeholder_alone", "body", value=f"{{{blocks[0]}}}")
    for name in MUST.get(kind, ()):
        if name not in _named(body):
            yield Problem(
                "placeholder_missing", "body", value=f"{{{name}}}", params={"means": PLACEHOLDERS[name].means}
            )


def parts(body: str, values: Values) -> list[Part]:
    """The letter with this message's facts; what it has no fact for is left out.

    `values`: placeholder → text, or for a block anything that is empty when there is nothing to draw.
    """
    made: list[Part] = []
    for paragraph in _paragraphs(body):
        block = _NAMED.fullmatch(paragraph.strip())
        if block and PLACEHOLDERS[block[1]].block:
            if values.get(block[1]):
                made.append(Part("block", block[1]))
            elif made and made[-1].kind == "paragraph" and made[-1].content.endswith(":"):
                made.pop()  # it announced what does not come
            continue
        lines = [filled(line, values) for line in paragraph.splitlines()]
        kept = [line for line in lines if line is not None]
        if paragraph.lstrip().startswith("- "):
            made += [Part("points", [line.removeprefix("- ").strip() for line in kept])] if kept else []
        elif len(kept) == len(lines):
            made.append(Part("paragraph", "\n".join(kept)))
    return made


def filled(text: str, values: Values) -> str | None:
    """`text` with its facts; None when one of them is not there."""
    if any(values.get(name) in (None, "") for name in _named(text)):
        return None
    return _NAMED.sub(lambda found: str(values[found[1]]), text).strip()


def subject_of(text: str, values: Values) -> str:
    """The subject with its facts; one that is not there leaves no gap."""
    told = _NAMED.sub(lambda found: str(values.get(found[1]) or ""), text)
    return re.sub(r"\s+", " ", re.sub(r"\s+([:,.])", r"\1", told)).strip(" :,-")


def _unknown(field: str, text: str, usable: Mapping[str, Placeholder]) -> Iterator[Problem]:
    for name in dict.fromkeys(_named(text)):
        if name not in usable:
            near = difflib.get_close_matches(name.casefold().strip().replace(" ", "_"), usable, 1, cutoff=0.6)
            listed = [one.written for one in usable.values()]
            offer = f"{{{near[0]}}}" if near else None
            yield Problem("placeholder_unknown", field, value=f"{{{name}}}", suggestion=offer, params={"known": listed})
    if set("{}") & set(_NAMED.sub("", text)):
        yield Problem("placeholder_brace", field)


def _named(text: str) -> list[str]:
    return _NAMED.findall(text)


def _paragraphs(body: str) -> Iterable[str]:
    return (one for one in re.split(r"\n[ \t]*\n", body.strip()) if one.strip())
