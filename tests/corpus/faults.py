"""The faults that are planted, and what the sender must read about each: kinds seen in real lists."""

# ruff: noqa: E501 (a sentence stays on one line)
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.corpus.writers import Broken, Formula

FULL_DATE = "Tulis tanggal lengkap, misalnya 31/12/2026."
CUT = (
    "Angka ini sudah dibulatkan oleh Excel sehingga angka terakhirnya hilang. "
    "Ubah format kolom menjadi Teks, lalu ketik ulang nomornya."
)
PASSPORT = "Nomor paspor hanya berisi huruf A–Z dan angka, misalnya E12345678. Mohon salin dari paspor."
NAME = 'Tulis nama orang dengan huruf saja, tanpa angka dan tanda seperti < > ".'
UNCACHED = "Rumus di sel ini belum pernah dihitung. Buka berkas di Excel, simpan, lalu unggah kembali, atau ganti dengan nilainya."


@dataclass(frozen=True)
class Fault:
    """What stands in the cell of `field` instead of the truth, and the code and sentence it must bring."""

    field: str
    value: Any
    code: str
    words: str
    also: tuple[tuple[str, Any], ...] = ()  # other cells of the row that make it a fault, none of them bad


def _broken(error: str) -> str:
    return f"Rumus Excel di sel ini menampilkan kesalahan ({error}). Mohon ganti dengan nilainya."


FAULTS: dict[str, Fault] = {
    "no such day": Fault("passport_expires_on", "31/02/2028", "date_invalid", f"Tidak ada tanggal 31 Februari. {FULL_DATE}"),
    "leap year": Fault("permit_expires_on", "29-02-2027", "date_invalid", f"Tidak ada tanggal 29 Februari 2027. {FULL_DATE}"),
    "not a date": Fault("passport_expires_on", "lihat paspor", "date_invalid", FULL_DATE),
    "only a year": Fault("birth_date", "1985", "date_invalid", FULL_DATE),
    "far year": Fault(
        "passport_expires_on", "12/10/2208", "out_of_range",
        "Tahun 2208 tampaknya salah ketik. Mohon periksa tahunnya, misalnya 2026.",
    ),
    "born tomorrow": Fault("birth_date", "23/11/2026", "out_of_range", "Tanggal ini belum tiba. Mohon periksa tahunnya."),
    "country misspelt": Fault("nationality", "Chna", "choice_unknown", "Apakah maksud Anda Tiongkok?"),
    "country misspelt too": Fault("nationality", "Tiongok", "choice_unknown", "Apakah maksud Anda Tiongkok?"),
    "no country": Fault(
        "nationality", "WNA", "choice_unknown", "“WNA” tidak ada dalam daftar. Pilih salah satu dari daftar."
    ),
    "no name": Fault("full_name", None, "required", "Mohon isi nama lengkap."),
    "no job": Fault("job_title", "-", "required", "Mohon isi jabatan."),
    "no passport": Fault("passport_number", None, "required", "Mohon isi nomor paspor."),
    "digit in name": Fault("full_name", "Zh4ng Wei", "pattern", NAME),
    "signs in passport": Fault("passport_number", "E1234#567", "pattern", PASSPORT),
    "scientific": Fault("passport_number", "1,23457E+15", "scientific_number", CUT),
    "rounded number": Fault("passport_number", 1.23456789012345e19, "scientific_number", CUT),
    "left without a day": Fault("left_on", None, "required", "Mohon isi tanggal keluar, karena statusnya “Sudah berhenti”.", (("change", "keluar"),)),
    "reference error": Fault("permit_expires_on", Broken("#REF!"), "formula_error", _broken("#REF!")),
    "look-up error": Fault("passport_number", Broken("#N/A"), "formula_error", _broken("#N/A")),
    "never calculated": Fault("birth_date", Formula("=DATE(1985,3,12)"), "formula_error", UNCACHED),
    "job too long": Fault(
        "job_title", "Manajer " * 40, "too_long", "Jabatan paling banyak 250 huruf; sekarang 319. Mohon dipersingkat."
    ),
}  # fmt: skip


def duplicate(first_row: int) -> Callable[[str], Fault]:
    """The passport of somebody higher up."""
    words = f"Nomor paspor sudah ada di baris {first_row}. Hapus salah satu, atau perbaiki nomornya."
    return lambda number: Fault("passport_number", number, "duplicate_in_sheet", words)
