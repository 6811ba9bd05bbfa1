"""Made-up sheets of which every row is known to be a person or paper: the table must agree on each one."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.domain.grid import Grid
from app.domain.headings import find_table
from tests.unit.test_headings import WORDS

NAMES = [
    "KIM MIN JUN",
    "Lee Ji Eun",
    "Sato Ken",
    "Suharto",
    "王小明",
    "JUMLAH SARI",
    "Total Wirawan",
    "Catatan Budi",
    "Manager Lee",
]
POSTS = ["Manager", "Direktur", "HRD Manager", "Engineer", "Kepala Produksi", "President Director"]
BORN = [date(1985, 3, 12), "12/03/1985", "Seoul, 12 Maret 1985"]
REMARKS = [None, None, "baru", "Perpanjangan", "Approved", "Mengetahui"]
Make = Callable[[random.Random, int], Any]
COLUMNS: dict[str, Make] = {
    "No": lambda r, n: n,
    "Nama Lengkap": lambda r, n: r.choice(NAMES),
    "JK": lambda r, n: r.choice("LP"),
    "Tgl Lahir": lambda r, n: r.choice(BORN),
    "Kebangsaan": lambda r, n: r.choice(["Korea Selatan", "Jepang", "Vietnam"]),
    "Paspor / Nomor": lambda r, n: f"M{10000000 + n}",
    "Paspor / Berlaku s.d.": lambda r, n: r.choice([date(2030, 1, 1), "1 Jan 2030"]),
    "KITAS / Nomor": lambda r, n: f"2C21AB{1000 + n}",
    "KITAS / Berlaku s.d.": lambda r, n: date(2027, 1, 1),
    "Jabatan": lambda r, n: r.choice(POSTS),
    "Lokasi": lambda r, n: r.choice(["Pabrik 1", "Ngoro, Mojokerto"]),
    "Ket": lambda r, n: r.choice(REMARKS),
}
ALWAYS = {"Nama Lengkap", "JK", "Kebangsaan", "Paspor / Nomor"}


class Sheet:
    """One sheet being drawn; `people` and `heads` are the row numbers that must be found."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.columns = [name for name in COLUMNS if name in ALWAYS or self.chance(0.6)]
        self.left = self.r.choice([0, 0, 1, 2])
        self.rows: list[list[Any]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.people: list[int] = []
        self.heads: list[int] = []
        self.count = 0

    def chance(self, share: float) -> bool:
        return self.r.random() < share

    def add(self, *cells: Any, at: int = 0) -> int:
        self.rows.append([None] * (self.left + at) + list(cells))
        return len(self.rows)

    def merge(self, row: int, first: int, row2: int, last: int) -> None:
        self.merged.append((row, self.left + first, row2, self.left + last))

    def draw(self) -> Grid:
        self.titles()
        two = self.chance(0.5)
        self.heads = self.two_rows_of_headings() if two else [self.add(*self.columns)]
        if self.chance(0.3):
            self.add(*(f"({n})" for n in range(1, len(self.columns) + 1)))
        for _ in range(self.r.randint(1, 4)):
            self.group(two)
        self.closing()
        return Grid("Satu", self.rows, list(range(1, len(self.rows) + 1)), merged=self.merged)

    def titles(self) -> None:
        if self.chance(0.7):
            row = self.add("DAFTAR TENAGA KERJA ASING")
            if self.chance(0.5):
                self.merge(row, 0, row, self.r.randint(1, len(self.columns) - 1))
        if self.chance(0.5):
            self.add("Nama Perusahaan", ":", "PT Maju Jaya")
        if self.chance(0.4):
            self.add("Bulan", ": November 2026")
        if self.chance(0.6):
            self.add()

    def two_rows_of_headings(self) -> list[int]:
        """Parents above their columns, merged or as a text file has them."""
        pairs = [name.partition(" / ") for name in self.columns]
        top = [parent if not n or pairs[n - 1][0] != parent else None for n, (parent, _, _) in enumerate(pairs)]
        row = self.add(*top)
        if not any(child for _, _, child in pairs):
            return [row]
        self.add(*(child or None for _, _, child in pairs))
        parents = [parent for parent, _, child in pairs if child]
        if self.chance(0.6) or len(parents) == len(set(parents)):  # without merging, nobody could tell single children
            for n, (parent, _, child) in enumerate(pairs):
                same = [k for k, pair in enumerate(pairs) if pair[0] == parent]
                if not child:
                    self.merge(row, n, row + 1, n)
                elif n == same[0] and len(same) > 1:
                    self.merge(row, n, row, same[-1])
        return [row, row + 1]

    def group(self, two: bool) -> None:
        if self.chance(0.35):
            row = self.add(self.r.choice(["DEPARTEMEN PRODUKSI", "A. KANTOR", "Bagian Gudang", "WNA KOREA"]))
            if self.chance(0.5):
                self.merge(row, 0, row, len(self.columns) - 1)
        for _ in range(self.r.randint(1, 5)):
            self.person()
            if self.chance(0.08):
                self.add()
        if self.chance(0.2):
            self.add(self.r.choice(["Sub Total", "Jumlah"]), 3, at=self.columns.index("Nama Lengkap"))
        if self.chance(0.1) and not two:
            self.add(*self.columns)

    def person(self) -> None:
        self.count += 1
        cells = [COLUMNS[name](self.r, self.count) for name in self.columns]
        if self.chance(0.15):
            spared = {"No", *ALWAYS}
            cells = [
                c if name in spared or self.chance(0.5) else None for name, c in zip(self.columns, cells, strict=True)
            ]
        self.people.append(self.add(*cells))

    def closing(self) -> None:
        if self.chance(0.3):
            self.add(self.r.choice(["TOTAL", "Jumlah", "Jumlah TKA : 5 orang", "TOTAL TKA 5 ORANG"]))
        if self.columns[0] == "No" and self.chance(0.2):
            for number in range(self.count + 1, self.count + 6):
                self.add(number)
        if self.chance(0.3):
            return
        for _ in range(self.r.randint(0, 2)):
            self.add()
        right = len(self.columns) - 2
        if self.chance(0.3):
            self.add(self.r.choice(["Catatan: TKA no 2 cuti", "*) data per 30 November 2026", "Keterangan :"]))
        if self.chance(0.7):
            self.add(
                self.r.choice(["Ngoro, 12 November 2026", "Mojokerto, 30 Nopember 2026", "Ngoro, 12-11-2026"]), at=right
            )
        else:
            self.pair("Mengetahui,", "Dibuat oleh,", right)
        self.pair("Direktur", "HRD Manager", right)
        for _ in range(self.r.randint(1, 4)):
            self.add()
        self.pair("Park Ji Sung", "Siti Aminah", right)

    def pair(self, left: str, right: str, at: int) -> None:
        if self.chance(0.6):
            self.add(left, *[None] * (at - 2), right, at=1)
        else:
            self.add(right, at=at)


@pytest.mark.parametrize("seed", range(200))
def test_every_row_is_what_it_is(seed: int) -> None:
    sheet = Sheet(seed)
    grid = sheet.draw()
    for words in (None, WORDS):
        table = find_table(grid, words)
        assert table.heading_rows == sheet.heads
        assert [grid.row_numbers[i] for i in table.body] == sheet.people
        if len(sheet.heads) == 2:
            assert table.headings == sheet.columns
