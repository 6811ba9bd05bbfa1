"""The poster for companies that got no link: what it is for, a QR code to the open page, whom to call."""

from __future__ import annotations

from pathlib import Path

from app import wording
from app.config import Settings
from app.documents import qr
from app.documents.letterhead import letterhead
from app.documents.typesetting import typeset
from app.domain.fields import Label

_LAYOUT = Path(__file__).with_name("poster.typ")
_TITLE = Label("Perusahaan Anda mempekerjakan tenaga kerja asing?", "Does your company employ foreign workers?")
_LEAD = Label(
    "Belum menerima tautan laporan dari kami? Pindai kode ini.",
    "Have you not received a report link from us? Scan this code.",
)
_STEPS = (
    Label("Pindai kode QR dengan kamera ponsel.", "Scan the QR code with the camera of a phone."),
    Label("Isi nama perusahaan dan nama Anda. Tidak perlu akun.", "Give the company's name and yours. No account."),
    Label("Petugas memeriksa, lalu mengirim tautan laporan.", "An officer checks and sends the report link."),
)


def open_page(settings: Settings) -> str:
    """Address of the page behind the code."""
    return f"{settings.public_url}/lapor"


def pdf(settings: Settings, language: str = "id") -> bytes:
    """One A4 page as PDF bytes."""
    url = open_page(settings)
    contact = (settings.office_phone, settings.office_email, wording.hours(settings.office_hours, language))
    data = {
        "head": letterhead(settings),
        "contact": " · ".join(filter(None, contact)),
        "lang": language,
        "url": url,
        "qr": qr.svg_bytes(url).decode(),
        "words": {
            "title": _TITLE.text(language),
            "lead": _LEAD.text(language),
            "steps": [step.text(language) for step in _STEPS],
        },
    }
    return typeset(_LAYOUT, data)
