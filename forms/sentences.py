"""Sentences of the codes this door and its operations raise."""

from __future__ import annotations

from app import wording
from app.domain.fields import Label

SENTENCES: dict[str, Label] = {
    "returned_cell": Label(
        "Petugas mohon isian ini diperiksa. {message}", "An officer asks you to check this. {message}"
    ),
    "rows_not_ready": Label(
        "Masih ada {count} baris yang perlu diperbaiki sebelum laporan dikirim.",
        "{count} {count:row still needs|rows still need} fixing before the report can be sent.",
    ),
    "nothing_to_send": Label(
        "Belum ada baris yang dapat dikirim. Tambahkan orang, atau pilih “Tidak ada TKA (nihil)”.",
        "There is no row to send yet. Add a person, or choose “No foreign workers (nil)”.",
    ),
    "visit_ended": Label("Mohon buka kembali tautan dari e-mail kami.", "Please open the link in our e-mail again."),
    "link_gone": Label("Tautan ini sudah tidak berlaku.", "This link is no longer valid."),
    "form_unknown": Label("Formulir “{key}” tidak dikenal.", "The form “{key}” is not known."),
    "company_unknown": Label("Perusahaan “{value}” tidak ditemukan.", "No company “{value}” was found."),
    "file_received": Label(
        "Berkas yang sama sudah kami terima pada {on}; tanda terimanya {receipt}. Tidak perlu dikirim lagi.",
        "We received this very file on {on}; its receipt is {receipt}. There is no need to send it again.",
    ),
    "file_empty": Label("Berkas ini kosong. Mohon pilih berkas lain.", "The file is empty. Please choose another one."),
    "disk_full": Label(
        "Penyimpanan kami sedang penuh; tidak ada yang tersimpan. Mohon coba lagi nanti.",
        "Our storage is full; nothing was stored. Please try again later.",
    ),
    "attachment_type": Label(
        "Berkas “{name}” bukan PDF atau gambar. Mohon pilih PDF, JPG, PNG, WEBP, atau HEIC.",
        "“{name}” is not a PDF or picture. Please choose PDF, JPG, PNG, WEBP or HEIC.",
    ),
    "attachments_too_many": Label(
        "Lampiran sudah {limit}. Hapus salah satu sebelum menambah.",
        "There are {limit} attachments already. Remove one before adding another.",
    ),
    "passport_already_sent": Label(
        "{field} ini sudah terkirim untuk orang lain dalam laporan {receipt}. Mohon periksa nomornya.",
        "This {field} was already sent for another person in report {receipt}. Please check the number.",
    ),
    "passport_of_another": Label(
        "Nomor paspor ini tercatat atas nama orang lain; paspor tidak diubah.",
        "This passport number is recorded for somebody else; the passport is left alone.",
    ),
    "sponsored_elsewhere": Label(
        "Orang ini masih punya penjamin aktif lain; penjamin itu tetap tercatat aktif.",
        "This person still has another active sponsor; that one stays recorded as active.",
    ),
    "passport_replaced": Label(
        "Paspor baru; paspor lama ditandai “diganti”.", "A new passport; the old one is marked “replaced”."
    ),
    "permit_of_another": Label(
        "Nomor izin tinggal ini tercatat atas nama orang lain; izin tidak diubah.",
        "This permit number is recorded for somebody else; the permit is left alone.",
    ),
    "permit_without_number": Label(
        "Tanggal izin tinggal tanpa nomor; tidak dicatat sebagai izin.",
        "A permit date without a number; not recorded as a permit.",
    ),
    "permit_kind_assumed": Label(
        "Jenis izin tidak ditulis; dicatat sebagai ITAS.", "The kind of permit was not written; recorded as ITAS."
    ),
    "visa_index_unknown": Label("Indeks visa “{value}” tidak dikenal.", "Visa index “{value}” is not known."),
    "worksite_unknown": Label(
        "Lokasi kerja “{value}” belum terdaftar untuk perusahaan ini.",
        "Work site “{value}” is not yet registered for this company.",
    ),
    "started_on_assumed": Label(
        "Tanggal mulai kerja tidak ditulis; dicatat mulai {value}.",
        "The start of work was not written; recorded from {value}.",
    ),
    "accept_failed": Label(
        "Baris {row} tidak dapat dicatat ({field}: {reason}).", "Row {row} could not be recorded ({field}: {reason})."
    ),
}


def register() -> None:
    """When the door is mounted, or a command speaks for it."""
    wording.add(SENTENCES)
