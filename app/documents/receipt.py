"""The receipt on paper: A4, letterhead, number, QR to the check page, digest; no replacement for APOA or TKA Online."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import wording
from app.config import Settings
from app.documents import qr
from app.documents.letterhead import letterhead
from app.documents.typesetting import typeset
from app.domain.fields import Label
from app.domain.filling import fill
from app.domain.receipts import Place
from app.domain.states import RECEIPT_STATES
from app.registry import Schema

if TYPE_CHECKING:  # shapes only: a document reads records and knows no table
    from app.models.company import Company
    from app.models.duty import Duty
    from app.models.receipt import Receipt
    from app.models.submission import Submission

_LAYOUT = Path(__file__).with_name("receipt.typ")
_WORDS: dict[str, Label] = {
    "title": Label("Tanda Terima Laporan TKA", "Receipt of the report of foreign workers"),
    "not_apoa": Label("bukan pengganti APOA/TKA Online", "not a replacement for APOA or TKA Online"),
    "number": Label("Nomor", "Number"),
    "company": Label("Perusahaan", "Company"),
    "report": Label("Laporan", "Report"),
    "period": Label("Periode", "Period"),
    "place": Label("Dikirim sebagai", "Sent as"),
    "sent": Label("Diterima", "Received"),
    "contents": Label("Isi laporan", "Contents"),
    "sender": Label("Dilaporkan oleh", "Sent by"),
    "state": Label("Keadaan", "State"),
    "check": Label(
        "Keaslian tanda terima ini dapat diperiksa dengan memindai kode QR atau membuka alamat berikut:",
        "Whether this receipt is genuine can be checked by scanning the QR code or opening this address:",
    ),
    "digest": Label("Sidik digital (SHA-256)", "Digest (SHA-256)"),
    "page": Label("Halaman", "Page"),
    "of": Label("dari", "of"),
}
_PEOPLE = Label("{count} TKA", "{count} foreign {count:worker|workers}")
_LATER = Label("{count} baris menyusul", "{count} {count:row|rows} to follow")


def verify_url(code: str, settings: Settings) -> str:
    """Address of the public check page."""
    return f"{settings.public_url}/v/{code}"


def facts(
    receipt: Receipt,
    submission: Submission,
    duty: Duty,
    company: Company,
    form: Schema,
    settings: Settings,
    place: Place,
) -> dict[str, Any]:
    """Everything the paper says, as plain values; no worker is named."""
    return {
        "code": receipt.short_code,
        "state": receipt.state,
        "company": company.legal_name,
        "form": form.title,
        "period": duty.period,
        "place": place,
        "sent_at": submission.sent_at,
        "rows": submission.rows_ok,
        "nil": submission.mode == "nil",
        "deferred": submission.rows_deferred,
        "sender": submission.filled_by.get("name", ""),
        "position": submission.filled_by.get("position", ""),
        "hash": receipt.hash,
        "url": verify_url(receipt.short_code, settings),
        "head": letterhead(settings),
        "zone": settings.office_time_zone,
    }


def pdf(known: dict[str, Any], language: str = "id") -> bytes:
    """The receipt as PDF bytes."""
    words = {key: label.text(language) for key, label in _WORDS.items()}
    place = wording.place(known["place"], language)
    lines = [
        [words["number"], known["code"]],
        [words["company"], known["company"]],
        [words["report"], known["form"].text(language)],
        [words["period"], wording.period_name(known["period"], language)],
        *([[words["place"], place]] if place else []),
        [words["sent"], wording.moment(known["sent_at"], known["zone"], language)],
        [words["contents"], _contents(known, language)],
        [words["sender"], ", ".join(filter(None, (known["sender"], known["position"])))],
    ]
    if known["state"] != "valid":
        lines.append([words["state"], RECEIPT_STATES[known["state"]].text(language)])
    told = {key: known[key] for key in ("head", "hash", "url")}
    data = told | {"lines": lines, "words": words, "lang": language, "qr": qr.svg_bytes(known["url"]).decode()}
    return typeset(_LAYOUT, data)


def _contents(known: dict[str, Any], language: str) -> str:
    if known["nil"]:
        return Label("Tidak ada TKA (nihil)", "No foreign workers (nil)").text(language)
    said = _count(known["rows"], _PEOPLE, language)
    return said + (f"; {_count(known['deferred'], _LATER, language)}" if known["deferred"] else "")


def _count(number: int, said: Label, language: str) -> str:
    return fill(said.text(language), {"count": number}, {"count": wording.number(number, language)})
