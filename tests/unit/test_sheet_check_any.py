"""Whatever stands in the cells, the check ends with a report about rows that exist."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.grid import Grid, Table, Value
from app.domain.sheet_rules import WORKER_RULES
from app.domain.sheets import check
from app.registry import schema
from app.sheets.checking import as_json

FIELDS = list(schema("wajib-lapor").fields.values())
ODD = ["TTL", "Nama", "", "No", "Berlaku s.d.", "KITAS", "Surname", "Given Name", "Tgl", "Bln", "Thn"]
HEADINGS = [f.label.id for f in FIELDS] + ODD
TYPED = st.sampled_from(
    [
        *("L", "P", "Chna", "31/02/2027", "12/13/2027", "03/04/2027", "-", "n/a", "1,2E+15", "keluar", "tetap"),
        *("Seoul, 12-03-1985", "E1234567 / 31-12-2028", "2027", "４５", "12月", "31 Des", "=1+1", "\u0000", "\ud800"),
        *("Contoh", "x" * 400),
    ]
)
CELLS: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    TYPED,
    st.text(max_size=30),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), headings=st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=12))
def test_any_cells_under_any_headings(data: st.DataObject, headings: list[str]) -> None:
    rows = data.draw(st.lists(st.lists(CELLS, max_size=len(headings)), max_size=8))
    grid = Grid("S", [list(headings), *rows], list(range(1, len(rows) + 2)))
    table = Table(grid, [1], headings, list(range(len(headings))), list(range(1, len(rows) + 1)))
    report = check(grid, table, FIELDS, today=date(2026, 11, 22), row_rules=WORKER_RULES)
    assert {p.row for p in report.errors} <= {None, *report.row_numbers}
    assert report.good == len(report.good_rows)
    assert len(report.entries()) == len(report.raw_rows) == report.rows
    assert json.dumps(as_json(report, FIELDS))
    again = check(grid, table, FIELDS, today=date(2026, 11, 22), row_rules=WORKER_RULES, mapping=report.mapping)
    assert again.mapping == report.mapping


@settings(max_examples=80, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=6, max_size=6), min_size=1, max_size=8))
def test_any_rows_without_headings(rows: list[list[Value]]) -> None:
    grid = Grid("S", rows, list(range(1, len(rows) + 1)))
    table = Table(grid, [], [""] * 6, list(range(6)), list(range(len(rows))))
    report = check(grid, table, FIELDS, today=date(2026, 11, 22), row_rules=WORKER_RULES)
    assert report.rows == len(rows)
