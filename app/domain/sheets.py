"""Rows × fields → one report: what each column is, everything that is wrong, everything that is odd.

    report = check(grid, table, fields, today=today, row_rules=rules)

All problems at once, in the order file → columns → rows. Nothing is changed in secret: spaces, case and
synonyms are evened out by the field's type, and nothing is ever guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain import sheet_rows
from app.domain.fields import Field
from app.domain.grid import Grid, Note, Table, Value
from app.domain.sheet_columns import Answers, Check
from app.domain.sheet_dates import TYPED
from app.domain.sheet_mapping import Mapped, heading_signature
from app.domain.sheet_report import Column, SheetReport, letter
from app.domain.sheet_rows import RowRule, Rows, Rule

__all__ = ["MOST_PROBLEMS", "SheetReport", "check", "check_entries", "heading_signature"]

MOST_PROBLEMS = 100_000  # beyond it problems are counted, not listed
MOST_NOTES = 20_000


def check(
    grid: Grid,
    table: Table,
    fields: Iterable[Field],
    *,
    today: date,
    mapping: Mapping[str, str | None] | None = None,
    answers: Answers | None = None,
    memory: Mapping[str, Mapping[str, str | None]] | None = None,
    row_rules: Sequence[RowRule] = (),
    rules: Sequence[Rule] = (),
    references: Mapping[str, Mapping[str, str]] | None = None,
    keep_rows: bool = True,
    file: str | None = None,
    mapped: Mapped | None = None,
) -> SheetReport:
    """Check a table against fields.

    `mapping` = {heading: field key or None}, the sender's correction. `memory` = corrections kept before, by
    `heading_signature`. `answers` = {"date_ambiguous": "dmy"|"mdy", "fill": {field: value for a column that is not
    there}, "replace": {field: {wrong value: right value}}}. `references` = {field: {folded name: stored value}}.
    `mapped`: columns that need no recognising, as on a page of our own.
    """
    asked = [f for f in fields if not f.computed]
    work = Check(grid, table, asked, answers or {}, references or {})
    signature = "" if mapped else heading_signature(table.headings)
    if mapped is None:
        mapped = work.match(mapping, (memory or {}).get(signature) if any(table.headings) else None)
        work.drop_examples(mapped.columns)
    work.columns(mapped.columns)
    problems = work.of_the_file(mapped)
    unreadable = any(p.code in ("no_table", "table_sideways") for p in problems)
    missing = unreadable or any(p.code == "column_missing" for p in problems)
    rows = Rows(work.clean, work.numbers, work.letters(mapped.columns), work.bad)
    sheet_rows.fill(rows, row_rules)
    across = sheet_rows.repeats(rows, asked)
    judged, odd = sheet_rows.judge(rows, row_rules, rules, today, asked)
    found = sorted([*work.problems, *across, *judged], key=lambda at: (at[0], work.place.get(at[1].field or "", 999)))
    problems += [problem for _, problem in found]
    bad_rows = frozenset(work.numbers) if missing else frozenset(work.numbers[position] for position, _ in found)
    return SheetReport(
        file=file,
        sheet=grid.sheet,
        rows=len(work.numbers),
        good=len(work.numbers) - len(bad_rows),
        columns=mapped.columns,
        signature=signature,
        errors=problems[:MOST_PROBLEMS],
        truncated=max(0, len(problems) - MOST_PROBLEMS),
        questions=[] if unreadable else work.questions,
        notes=[*grid.notes, *table.notes, *work.notes, *odd[:MOST_NOTES], *_more(odd)],
        heading_rows=list(table.heading_rows),
        row_numbers=work.numbers if keep_rows else [],
        bad_rows=bad_rows,
        values=rows.values if keep_rows else {},
        given=work.given(mapped.columns) if keep_rows else {},
        halves=work.halves if keep_rows else {},
    )


def _more(odd: Sequence[Note]) -> list[Note]:
    return [Note("more_notes", {"count": len(odd) - MOST_NOTES})] if len(odd) > MOST_NOTES else []


def check_entries(
    rows: Sequence[Mapping[str, Any]],
    fields: Iterable[Field],
    *,
    today: date,
    row_numbers: Sequence[int] | None = None,
    answers: Answers | None = None,
    row_rules: Sequence[RowRule] = (),
    rules: Sequence[Rule] = (),
    references: Mapping[str, Mapping[str, str]] | None = None,
) -> SheetReport:
    """Check rows typed or corrected on a page: {field key: text}. The letters of its columns mean nothing."""
    asked = list(fields)
    keys = [f.key for f in asked if not f.computed]
    numbers = list(row_numbers) if row_numbers is not None else list(range(1, len(rows) + 1))
    cells: list[list[Value]] = [[row.get(key) for key in keys] for row in rows]
    grid = Grid(sheet="", rows=cells, row_numbers=numbers)
    table = Table(
        grid=grid, heading_rows=[], headings=keys, columns=list(range(len(keys))), body=list(range(len(rows)))
    )
    same = Mapped([Column(letter(index), key, (key,), "given", index) for index, key in enumerate(keys)], [])
    typed = {**(answers or {}), "date_ambiguous": TYPED}
    return check(
        grid, table, asked, today=today, mapped=same, answers=typed,
        row_rules=row_rules, rules=rules, references=references,
    )  # fmt: skip


def only_findings(report: SheetReport) -> SheetReport:
    """The report without its rows: what is cheap to hand about."""
    return replace(report, values={}, given={}, halves={}, row_numbers=[])
