"""A letter in the office's own words (`app.domain.letters`), drawn into the same frame as those of the product."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from app import wording
from app.domain import letters
from app.domain.letters import PLACEHOLDERS
from notifications import render
from notifications.facts import Facts
from notifications.render import Letter

# Where each placeholder finds its value among the facts of a message.
_SIMPLE = {
    "perusahaan": "company",
    "nama": "contact",
    "laporan": "report",
    "periode": "period",
    "tenggat": "due_on",
    "berlaku_sampai": "expires_at",
    "nomor": "receipt",
    "diterima": "sent_at",
    "diperiksa": "decided_at",
    "diperiksa_sebelum": "review_by",
    "jumlah_sel": "cells",
    "menit": "minutes",
    "tombol": "url",
    "periksa": "verify_url",
    "kode": "code",
    "alasan": "reasons",
    "catatan": "note",
}
_OF_PEOPLE = {"jumlah_orang": "rows", "jumlah_baru": "new", "jumlah_keluar": "left", "jumlah_menyusul": "later"}
_OF_OFFICE = {
    "kantor": "name",
    "telepon_kantor": "phone",
    "email_kantor": "email",
    "jam_layanan": "hours",
    "alamat_kantor": "address",
}


class Words(Protocol):
    """What a template says: a record of the registry, or a draft of one."""

    subject: str
    body: str


def letter(kind: str, language: str, facts: Facts, words: Words | None) -> Letter:
    """The letter of a kind in these words, or (None) in those of the product."""
    if words is None:
        return render.letter(kind, language, facts)
    drawing = _drawing(kind, language, facts, words)
    return render.drawn("own", language, drawing, subject=drawing["subject"])


def bare(kind: str, language: str, facts: Facts, words: Words | None) -> tuple[str, str]:
    """(subject, text) without the frame of a mail, for paper."""
    if words is None:
        return render.subject_of(kind, language, facts.values), render.bare(kind, language, facts.values)
    drawing = _drawing(kind, language, facts, words)
    return drawing["subject"], render.bare("own", language, drawing)


def _drawing(kind: str, language: str, facts: Facts, words: Words) -> dict[str, Any]:
    values = _values(facts.values)
    return {
        **facts.values,
        "subject": letters.subject_of(words.subject, values),
        "parts_of_letter": letters.parts(words.body, values),
        "kind": kind,
        "says_apoa": "APOA" in words.body,
        "button": _button(kind, language),
    }


def starter(kind: str, language: str) -> tuple[str, str]:
    """(subject, text) to begin with: what comes with the product, written with placeholders."""
    return render.draft(kind, language, _written(kind))


def _values(facts: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: facts[key] for name, key in _SIMPLE.items()}
    values |= {name: facts["people"][key] or None for name, key in _OF_PEOPLE.items()}
    values |= {name: facts["office"][key] for name, key in _OF_OFFICE.items()}
    return values | {"rincian": facts["receipt"]}


def _written(kind: str) -> Facts:
    """Facts that are the placeholders themselves, so that the product's own template writes the starting text."""
    usable = letters.allowed(kind)

    def of(name: str) -> str | None:
        return PLACEHOLDERS[name].written if name in usable else None

    facts: dict[str, Any] = {key: of(name) for name, key in _SIMPLE.items()}
    facts |= {
        "cells": None,
        "asked": None,
        "reasons": [of("alasan")] if of("alasan") else [],
        "has_pdf": kind == "confirmation",
    }
    facts |= {"people": {key: of(name) for name, key in _OF_PEOPLE.items()}}
    facts |= {"office": {key: of(name) for name, key in _OF_OFFICE.items()}}
    return Facts(facts)


def _button(kind: str, language: str) -> str:
    said = {
        "link": "Open the report",
        "returned": "Correct the report",
        "rejected": "Open the report",
        "accepted": "See the report",
        "confirmation": "See or correct the report",
    }
    return wording.catalogue(language).gettext(said.get(kind, "Open the report"))
