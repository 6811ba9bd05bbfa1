"""Documents on paper: one page each, whole, and leading to the original."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from app.config import Logo, settings
from app.documents import letter, poster, qr, receipt
from app.documents.letterhead import letterhead
from app.domain.errors import Refused
from app.domain.fields import Label
from app.domain.receipts import Place
from tests.unit.test_pictures import png

OFFICE = settings.environment().model_copy(
    update={
        "office_name": "Kantor <Contoh> #[x]",
        "office_address": "Jl. Contoh 1",
        "office_phone": "021",
        "office_ministry": "Kementerian Contoh",
        "office_unit": "Direktorat Jenderal Contoh\nKantor Wilayah Contoh",
        "logo": Logo("0" * 64, "image/png", png(40, 20)),
        "origins": {"office_name": "database"},
    }
)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_poster_is_one_page(language: str) -> None:
    made = poster.pdf(settings(), language)
    assert made.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_receipt_with_a_long_name_is_one_page(language: str) -> None:
    known = {
        "code": "SNG-2026-7F3K-9", "state": "corrected", "company": "PT " + "Contoh Abadi " * 14 + "#[x] $1 \\",
        "form": Label("Laporan TKA", "Report"), "period": "2026-Q4", "place": Place(part=2),
        "sent_at": datetime(2026, 11, 22, 7, 3, tzinfo=UTC),
        "rows": 1240, "nil": False, "deferred": 3, "sender": "Siti *Contoh*", "position": "HRD", "hash": "a1" * 32,
        "url": "https://lapor.example/v/SNG-2026-7F3K-9", "head": letterhead(OFFICE), "zone": "Asia/Jakarta",
    }  # fmt: skip
    made = receipt.pdf(known, language)
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


def test_a_qr_code_is_drawn_in_the_page_itself() -> None:
    drawn = qr.svg("https://lapor.example/v/SNG-2026-7F3K-9")
    assert drawn.startswith("<svg")
    assert "http://" not in drawn.replace('xmlns="http://www.w3.org/2000/svg"', "")


def test_a_letter_is_printed_once_the_office_has_a_name() -> None:
    words = {"subject": "Perihal *contoh*", "text": "Yth. Bapak/Ibu,\n\nBaris satu\nbaris dua.", "to": "PT Contoh"}
    day = date(2026, 11, 22)

    with pytest.raises(Refused, match="office_unset"):
        letter.pdf(settings(), **words, day=day)
    made = letter.pdf(OFFICE, **words, day=day)

    assert made.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1
    assert b"/Image" in made
