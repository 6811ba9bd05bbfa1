"""Lists nobody drew by hand: whatever headings, order and styles fall, the key is found and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.sheets import check
from app.registry import schema
from app.sheets.checking import row_rules_of, sheet_fields, vocabulary
from app.sheets.profiles import PROFILES
from app.sheets.reader import read_bytes
from tests.corpus.lists_random import drawn
from tests.corpus.people import TODAY

FORM = schema("wajib-lapor")
FIELDS = sheet_fields(FORM)


@pytest.mark.parametrize("seed", range(60))
def test_a_list_drawn_by_chance(seed: int, tmp_path: Path) -> None:
    report = drawn(seed)
    found = read_bytes(report.write(tmp_path).read_bytes(), PROFILES["link"], vocabulary=vocabulary(FIELDS))
    said = check(found.grid, found.table, FIELDS, today=TODAY, row_rules=row_rules_of(FORM))
    assert sorted((p.row, p.column, p.field, p.code) for p in said.errors) == sorted(
        (b.row, b.column, b.field, b.code) for b in report.bad
    )
    assert (said.rows, said.good) == (report.rows, report.good)
