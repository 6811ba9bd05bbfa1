"""Lists drawn by chance: other headings, orders, date styles, titles, strange columns and faults for every seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.corpus import writers
from tests.corpus.faults import FAULTS
from tests.corpus.layouts import Body, Col, dashes, dmy, english, indonesian, iso, same
from tests.corpus.people import Person, people
from tests.corpus.report import LP, MF, PW, STATUS_EN, STATUS_ID, Report, headings, numbering
from tests.corpus.writers import Page

EXPIRY = ("Berlaku s.d.", "Masa Berlaku", "Expiry", "Exp. Date", "Valid Until")
HEADINGS: dict[str, tuple[str, ...]] = {
    "full_name": (
        "Nama",
        "Nama Lengkap",
        "Nama TKA",
        "Name",
        "Nama Tenaga Kerja Asing",
        "姓名 Name",
        "Nama sesuai paspor",
    ),
    "sex": ("L/P", "JK", "Jenis Kelamin", "Sex", "Gender", "Jenis Kelamin (L/P)", "M/F"),
    "birth_date": ("Tgl Lahir", "Tanggal Lahir", "Date of Birth", "DOB", "Tgl. Lahir", "Birth Date"),
    "birth_place": ("Tempat Lahir", "Place of Birth", "Tmp Lahir", "Birthplace"),
    "nationality": (
        "Kebangsaan",
        "Kewarganegaraan",
        "WN",
        "Nationality",
        "Citizenship",
        "Negara Asal",
        "国籍 Nationality",
    ),
    "passport_number": ("No Paspor", "No. Paspor", "Passport No.", "Paspor", "PASSPORT NO", "护照号码 Passport No."),
    "passport_expires_on": (*EXPIRY, "Paspor Berlaku s.d.", "Passport Expiry", "Tgl Habis Berlaku"),
    "visa_index": ("Indeks Visa", "Jenis Visa", "Visa", "Index Visa"),
    "permit_number": ("No KITAS", "No. ITAS", "KITAS / ITAS", "KITAS", "No. Izin Tinggal", "Stay Permit No."),
    "permit_expires_on": (*EXPIRY, "KITAS Berlaku s.d.", "Masa Berlaku KITAS", "Permit Expiry"),
    "job_title": ("Jabatan", "Posisi", "Job Title", "Position", "Jabatan/Posisi"),
    "activity": ("Kegiatan", "Activity", "Uraian Tugas"),
    "worksite": ("Lokasi", "Tempat Kerja", "Work Location", "Lokasi Kerja"),
    "started_on": ("Mulai Kerja", "TMT", "Tgl Masuk", "Join Date"),
    "change": ("Status", "Status TKA", "Status Pekerja"),
    "left_on": ("Tgl Keluar", "Tanggal Berhenti", "End Date", "Left On"),
}
STRANGE = ("Nama Perusahaan", "No HP", "Email", "Tgl Terbit", "Kantor Penerbit", "No RPTKA", "Pendidikan", "Departemen")
TITLES = ("DAFTAR TKA", "PT Contoh Maju Jaya", "Periode November 2026", "Alamat: Jl. Contoh 1")
STYLES: tuple[Callable[..., Any], ...] = (same, dmy, dashes, indonesian, english, iso)
_ONLY_WORKBOOKS = {"reference error", "look-up error", "never calculated", "rounded number"}


def drawn(seed: int) -> Report:
    """The list of that seed, with its answer key."""
    rng = random.Random(seed)
    persons = people(rng.choice((5, 6, 8, 12, 30, 60)), seed * 7 + 1)
    order = _order(rng)
    columns = _columns(rng, persons, order)
    page = Page("Data")
    for row, title in enumerate(rng.sample(TITLES, rng.randrange(4)), 1):
        page.row(row, title)
    top = page.last + rng.choice((1, 2))
    headings(page, top, columns)
    body = Body(page, columns, top + 1)
    kinds = [kind for kind, fault in FAULTS.items() if fault.field in order and kind not in _ONLY_WORKBOOKS]
    count = min(rng.randrange(max(2, len(persons) // 3)), len(persons) - 1)
    body.everyone(persons, {place: rng.choice(kinds) for place in rng.sample(range(1, len(persons)), count)})
    ending, writer = rng.choice(
        (
            ("xlsx", writers.xlsx),
            ("xls", writers.xls),
            ("csv", partial(writers.text, separator=rng.choice((",", ";", "\t")))),
        )
    )
    return Report(f"acak-{seed}.{ending}", [page], writer, len(persons), body.bad)


def _order(rng: random.Random) -> list[str]:
    """Field keys in the order of the sheet; what belongs to a document stays together."""
    person = ["full_name", "sex", "birth_date", "nationality", *(["birth_place"] if rng.random() < 0.7 else [])]
    work = ["job_title", *(key for key in ("activity", "worksite", "started_on") if rng.random() < 0.6)]
    permit = ["visa_index", "permit_number", "permit_expires_on"][rng.choice((0, 1, 3)) :]
    groups = [["passport_number", "passport_expires_on"], permit, work]
    for part in (person, work, groups):
        rng.shuffle(part)  # type: ignore[arg-type]
    return [*person, *(key for group in groups for key in group), "change", "left_on"]


def _columns(rng: random.Random, persons: list[Person], order: list[str]) -> list[Col]:
    usual = rng.choice(STYLES)
    sex, words, language = rng.choice((LP, PW, MF)), rng.choice((None, STATUS_EN, STATUS_ID)), rng.choice((0, 1))
    renders: dict[str, Callable[[Person], Any]] = {
        "sex": lambda p: sex[p.sex],
        "nationality": lambda p: p.nation[language],
        "change": lambda p: words[p.change] if words else p.change,
    }

    def render(key: str) -> Callable[[Person], Any]:
        if key.endswith(("_on", "_date")):
            style = usual if rng.random() < 0.8 else rng.choice(STYLES)
            return lambda p: style(getattr(p, key))
        return renders.get(key) or (lambda p: getattr(p, key))

    columns = [Col(rng.choice(("No", "No.", "NO", "No Urut")), None, numbering(persons))] if rng.random() < 0.7 else []
    for key in order:
        columns.append(Col(rng.choice(HEADINGS[key]), key, render(key)))
        if rng.random() < 0.08:
            columns.append(Col(rng.choice(STRANGE), None, lambda p: "x1"))
    return columns
