"""Invented facts for a preview of each kind: a company that does not exist, a link that opens nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.config import Settings
from app.domain.messages import KINDS
from notifications.facts import Facts, facts
from notifications.own_words import Words, letter
from notifications.render import Letter

_COMMON = {
    "company_name": "PT Contoh Maju Sejahtera",
    "contact_name": "Rina Contoh",
    "period": "2026-11",
    "receipt_code": "SNG-2026-7F3K-9",
    "submission_id": 1,
    "link_id": 1,
    "asked_by": "Rina Contoh",
    "sent_at": "2026-11-22T07:03:00+00:00",
    "decided_at": "2026-11-24T03:15:00+00:00",
    "due_on": "2026-12-10",
    "review_by": "2026-11-25",
    "expires_at": "2026-12-10T16:59:00+00:00",
    "code": "482913",
    "minutes": 10,
    "rows": 50,
    "new": 3,
    "left": 2,
    "later": 4,
    "cells": 3,
    "note": "Mohon periksa kembali tanggal berlaku izin tinggal pada baris 7, 12, dan 31.",
    "reasons": ["incomplete", "mismatch"],
    "what": "passkey_added",
    "person_name": "Rina Contoh",
    "happened_at": "2026-11-22T07:03:00+00:00",
    "name": "Laptop kantor",
    "by": "Administrator",
    "about": "Budi Contoh",
}


def sample(kind: str) -> Mapping[str, Any]:
    """A context that fills every key the kind knows."""
    known = KINDS[kind]
    return {key: value for key, value in _COMMON.items() if key in known.needs | known.may}


def sample_facts(kind: str, language: str, settings: Settings) -> Facts:
    return facts(sample(kind), language, settings, lambda _id: f"{settings.public_url}/t/contoh")


def preview(kind: str, language: str, settings: Settings, words: Words | None = None) -> Letter:
    """The letter of a kind with invented values; raises KeyError for an unknown kind."""
    return letter(kind, language, sample_facts(kind, language, settings), words)
