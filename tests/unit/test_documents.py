"""Documents on paper: one page each, whole, and leading to the original."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from app.config import settings
from app.documents import poster, qr, receipt
from app.domain.fields import Label


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_poster_is_one_page(language: str) -> None:
    made = poster.pdf(settings(), language)
    assert made.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_receipt_with_a_long_name_is_one_page(language: str) -> None:
    known = {
        "code": "SNG-2026-7F3K-9", "state": "corrected", "company": "PT " + "Contoh Abadi " * 14 + "#[x] $1 \\",
        "form": Label("Laporan TKA", "Report"), "period": "2026-Q4",
        "sent_at": datetime(2026, 11, 22, 7, 3, tzinfo=UTC),
        "rows": 1240, "nil": False, "deferred": 3, "sender": "Siti *Contoh*", "position": "HRD", "hash": "a1" * 32,
        "url": "https://lapor.example/v/SNG-2026-7F3K-9", "office": "Kantor <Contoh>", "address": "Jl. Contoh 1",
        "contact": "021 · a@kantor.example", "zone": "Asia/Jakarta",
    }  # fmt: skip
    made = receipt.pdf(known, language)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


def test_a_qr_code_is_drawn_in_the_page_itself() -> None:
    drawn = qr.svg("https://lapor.example/v/SNG-2026-7F3K-9")
    assert drawn.startswith("<svg")
    assert "http://" not in drawn.replace('xmlns="http://www.w3.org/2000/svg"', "")
