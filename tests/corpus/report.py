"""A report to be written with what must be said of it, and the columns most of them share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.corpus import writers
from tests.corpus.layouts import Bad, Col, same
from tests.corpus.people import Person
from tests.corpus.writers import Page, Writer


@dataclass
class Report:
    """A file to be written, and everything the checker must say of it."""

    file: str
    pages: list[Page]
    writer: Writer
    rows: int
    bad: list[Bad]
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # codes that must be among the notes

    @property
    def good(self) -> int:
        if any(b.row is None and b.code == "column_missing" for b in self.bad):
            return 0
        return self.rows - len({b.row for b in self.bad if b.row is not None})

    def write(self, folder: Path) -> Path:
        path = folder / self.file
        self.writer(self.pages, path)
        if path.suffix in (".xlsx", ".xlsm", ".ods"):
            writers.repack(path)
        return path


LP = {"M": "L", "F": "P"}
PW = {"M": "Pria", "F": "Wanita"}
MF = {"M": "M", "F": "F"}
STATUS_EN = {"tetap": "Still working", "baru": "New", "berubah": "Details changed", "keluar": "Has left"}
STATUS_ID = {"tetap": "Masih bekerja", "baru": "Baru", "berubah": "Ada perubahan", "keluar": "Sudah berhenti"}


def numbering(persons: list[Person]) -> Callable[[Person], int]:
    places = {id(p): n for n, p in enumerate(persons, 1)}
    return lambda p: places[id(p)]


def worker(day: Callable[..., object] = same) -> dict[str, Col]:
    """Columns most lists have, by field key, in Indonesian."""
    return {
        "full_name": Col("Nama Lengkap", "full_name", lambda p: p.full_name),
        "sex": Col("L/P", "sex", lambda p: LP[p.sex]),
        "birth_place": Col("Tempat Lahir", "birth_place", lambda p: p.birth_place),
        "birth_date": Col("Tgl Lahir", "birth_date", lambda p: day(p.birth_date)),
        "nationality": Col("Kewarganegaraan", "nationality", lambda p: p.nation[0]),
        "passport_number": Col("No. Paspor", "passport_number", lambda p: p.passport_number),
        "passport_expires_on": Col("Berlaku s.d.", "passport_expires_on", lambda p: day(p.passport_expires_on)),
        "visa_index": Col("Indeks Visa", "visa_index", lambda p: p.visa_index),
        "permit_number": Col("No. KITAS", "permit_number", lambda p: p.permit_number),
        "permit_expires_on": Col("Berlaku s.d.", "permit_expires_on", lambda p: day(p.permit_expires_on)),
        "job_title": Col("Jabatan", "job_title", lambda p: p.job_title),
        "activity": Col("Kegiatan", "activity", lambda p: p.activity),
        "worksite": Col("Lokasi", "worksite", lambda p: p.worksite),
        "started_on": Col("TMT", "started_on", lambda p: day(p.started_on)),
        "change": Col("Status", "change", lambda p: p.change),
        "left_on": Col("Tgl Keluar", "left_on", lambda p: day(p.left_on)),
        "note": Col("Ket.", "note", lambda p: p.note),
    }


def headings(page: Page, row: int, columns: list[Col]) -> None:
    page.row(row, *(c.heading for c in columns))
