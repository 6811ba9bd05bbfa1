"""Made-up company reports: every planted fault is found at its cell with its words, and no good cell is flagged."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from app.domain.sheet_report import SheetReport
from app.registry import schema
from app.sheets.checking import check_for, message
from tests.corpus.people import TODAY
from tests.corpus.reports import Report, reports

REPORTS = {report.file: report for report in reports()}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Report], SheetReport]:
    """Each report is written and checked once."""
    folder = tmp_path_factory.mktemp("corpus")

    @cache
    def check(file: str) -> SheetReport:
        return check_for(schema("wajib-lapor"), REPORTS[file].write(folder), today=TODAY)

    return lambda report: check(report.file)


@pytest.mark.parametrize("file", REPORTS)
def test_every_planted_fault_is_found_and_nothing_else(file: str, checked: Callable[[Report], SheetReport]) -> None:
    report = REPORTS[file]
    found = checked(report)
    fields = schema("wajib-lapor").fields
    said = [(p.row, p.column, p.field, p.code, message(p, fields.get(p.field or ""))) for p in found.errors]
    wanted = [(b.row, b.column, b.field, b.code, b.words) for b in report.bad]
    assert sorted(said, key=str) == sorted(wanted, key=str)
    assert (found.rows, found.good) == (report.rows, report.good)
    assert [q.code for q in found.questions] == report.questions
    assert set(report.notes) <= {note.code for note in found.notes}


@pytest.mark.parametrize("file", REPORTS)
def test_the_good_rows_hold_what_the_company_meant(file: str, checked: Callable[[Report], SheetReport]) -> None:
    report = REPORTS[file]
    found = checked(report)
    assert len(found.good_rows) == report.good
    for number, row in found.good_rows:
        assert row["passport_number"].isascii(), number
        assert 1960 < row["birth_date"].year < 2001, number
        assert 2026 < row["passport_expires_on"].year < 2040, number


def test_the_same_seed_makes_the_same_reports(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    for first, second in zip(reports()[:3], reports()[:3], strict=True):
        assert first.write(tmp_path / "one").read_bytes() == second.write(tmp_path / "two").read_bytes()
