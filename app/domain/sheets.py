"""Rows × fields → one report: what each column is, everything that is wrong, everything that is odd.

    report = check(grid, table, fields, today=today, row_rules=rules)

All problems at once, in the order file → columns → rows. Nothing is changed in secret: spaces, case and
synonyms are evened out by the field's type, and nothing is ever guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain import sheet_rows
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.grid import Grid, Note, Table, Value
from app.domain.semantic import Invalid
from app.domain.sheet_births import PlaceAndDate
from app.domain.sheet_cells import ColumnCheck, Parsed, is_blank, problem_at, share_taken
from app.domain.sheet_dates import TYPED
from app.domain.sheet_headings import words
from app.domain.sheet_lexicon import PLACE_AND_DATE_OF_BIRTH
from app.domain.sheet_mapping import Mapped, heading_signature, match
from app.domain.sheet_report import Column, Question, SheetReport, plain_value, shown
from app.domain.sheet_rows import RowRule, Rows, Rule

__all__ = ["MOST_PROBLEMS", "SheetReport", "check", "check_entries", "heading_signature"]

MOST_PROBLEMS = 20_000  # beyond it problems are counted, not listed
_SAMPLE = 40
_EXAMPLE = re.compile(r"(contoh|example|sample)\b.{0,60}", re.IGNORECASE)
Answers = Mapping[str, Any]


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
) -> SheetReport:
    """Check a table against fields.

    `mapping` = {heading: field key or None}, the sender's correction. `memory` = corrections kept before, by
    `heading_signature`. `answers` = {"date_order": "dmy"|"mdy", "fill": {field: value for a column that is not
    there}, "replace": {field: {wrong value: right value}}}. `references` = {field: {folded name: stored value}}.
    """
    asked = [f for f in fields if not f.computed]
    work = _Check(grid, table, asked, answers or {}, references or {})
    signature = heading_signature(table.headings)
    mapped = work.match(mapping, (memory or {}).get(signature))
    work.drop_examples(mapped.columns)
    work.columns(mapped.columns)
    problems = work.of_the_file(mapped)
    missing = any(p.code in ("column_missing", "no_table") for p in problems)
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
        questions=work.questions,
        notes=[*grid.notes, *table.notes, *work.notes, *odd],
        heading_rows=list(table.heading_rows),
        row_numbers=work.numbers if keep_rows else [],
        bad_rows=bad_rows,
        values=rows.values if keep_rows else {},
        given=work.given(mapped.columns) if keep_rows else {},
    )


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
    same = {key: key for key in keys}
    typed = {**(answers or {}), "date_order": TYPED}
    return check(
        grid, table, asked, today=today, mapping=same, answers=typed,
        row_rules=row_rules, rules=rules, references=references,
    )  # fmt: skip


class _Check:
    """The state of one check, column by column."""

    def __init__(
        self,
        grid: Grid,
        table: Table,
        fields: list[Field],
        answers: Answers,
        references: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.grid, self.table, self.fields = grid, table, fields
        self.by_key = {f.key: f for f in fields}
        self.place = {f.key: f.order or n for n, f in enumerate(fields)}
        self.answers, self.references = answers, references
        self.body = list(table.body)
        self.numbers = [grid.row_numbers[i] for i in self.body]
        self.epoch_1904 = any(note.code == "date_1904" for note in (*grid.notes, *table.notes))
        self.clean: dict[str, list[Any]] = {}
        self.bad: set[tuple[int, str]] = set()
        self.problems: list[tuple[int, Problem]] = []
        self.questions: list[Question] = []
        self.notes: list[Note] = []
        self.filled: set[str] = set()
        self._raw: dict[int, list[Any]] = {}
        self._picked: list[list[Any]] | None = None
        self._undecided: list[dict[str, Any]] = []

    def raw(self, index: int) -> list[Any]:
        """The cells of a grid column, body rows only."""
        if index not in self._raw:
            if self._picked is None:
                self._picked = [self.grid.rows[i] for i in self.body]
            try:
                self._raw[index] = [row[index] for row in self._picked]
            except IndexError:
                self._raw[index] = [row[index] if index < len(row) else None for row in self._picked]
        return self._raw[index]

    def match(self, given: Mapping[str, str | None] | None, remembered: Mapping[str, str | None] | None) -> Mapped:
        samples = {place: _sample(self.raw(index)) for place, index in enumerate(self.table.columns)}
        shares: dict[tuple[str, int], float] = {}

        def taken(key: str, place: int) -> float:
            if (key, place) not in shares:
                shares[key, place] = share_taken(self.by_key[key], samples[place]) if key in self.by_key else -1.0
            return shares[key, place]

        empty = frozenset(place for place, sample in samples.items() if not sample)
        return match(
            self.table.headings, self.table.columns, self.fields,
            given=given, remembered=remembered, taken=taken, empty=empty,
        )  # fmt: skip

    def of_the_file(self, mapped: Mapped) -> list[Problem]:
        """What is wrong with the file or its columns: one problem each, never one a row."""
        if not any(column.fields for column in mapped.columns):
            return [Problem("no_table")]
        problems = [] if self.numbers else [Problem("no_rows")]
        return problems + [p for p in mapped.problems if p.field not in self.filled]

    def letters(self, columns: Sequence[Column]) -> dict[str, str]:
        return {key: column.letter for column in columns for key in column.fields}

    def drop_examples(self, columns: Sequence[Column]) -> None:
        """The example row of our template, left in place."""
        marks = [c.index for c in columns if not c.fields] or [min((c.index for c in columns), default=0)]
        out = set()
        for index in marks:
            out |= {
                i for i, v in enumerate(self.raw(index)[:5]) if isinstance(v, str) and _EXAMPLE.fullmatch(v.strip())
            }
        kept = {i for i in out if self._is_sample(i, columns)}
        if kept:
            self.notes.append(Note("example_row_ignored", {"rows": [self.numbers[i] for i in sorted(kept)]}))
            self.body = [b for i, b in enumerate(self.body) if i not in kept]
            self.numbers = [n for i, n in enumerate(self.numbers) if i not in kept]
            self._raw.clear()
            self._picked = None

    def _is_sample(self, position: int, columns: Sequence[Column]) -> bool:
        """Most of the row is our own example: a person called "Contoh" is not."""
        seen = same = 0
        for column in columns:
            for key in column.fields:
                value = self.raw(column.index)[position]
                if value is not None:
                    seen += 1
                    sample = self.by_key[key].sample()
                    same += shown(value).strip().casefold() == sample.strip().casefold() or _same(
                        self.by_key[key], value, sample
                    )
        return seen > 0 and same * 2 > seen

    def columns(self, columns: Sequence[Column]) -> None:
        places = {row: position for position, row in enumerate(self.numbers)}
        broken = _cells_by_column(self.grid.errors, places)
        uncached = _cells_by_column(dict.fromkeys(self.grid.uncached, ""), places)
        births: list[tuple[Column, list[Any]]] = []
        for column in columns:
            values = self.raw(column.index)
            wrong = {
                **{position: Invalid("formula_error", kind="uncached") for position in uncached.get(column.index, {})},
                **{
                    position: Invalid("formula_error", error=text)
                    for position, text in broken.get(column.index, {}).items()
                },
            }
            if column.fields and column.fields[0] in self.clean:
                continue  # the second part of a name
            if column.fields == ("birth_place",) and words(column.heading) == PLACE_AND_DATE_OF_BIRTH:
                births.append((column, values))
            elif len(column.fields) == 1:
                values = self._joined(column, columns, values)
                self._one(column, self.by_key[column.fields[0]], values, wrong)
            elif column.fields:
                self._two(column, values, wrong)
        for column, values in births:
            self._place_only(column, values)
        self._fill()
        self._ask()

    def _joined(self, column: Column, columns: Sequence[Column], values: list[Any]) -> list[Any]:
        """The cells of two columns that make one name."""
        other = next((c for c in columns if c is not column and c.fields == column.fields), None)
        if other is None:
            return values
        params = {"field": column.fields[0], "first": column.heading, "second": other.heading}
        self.notes.append(Note("names_joined", {**params, "column": column.letter}))
        pairs = zip(values, self.raw(other.index), strict=True)
        return [" ".join(shown(part) for part in pair if part is not None) or None for pair in pairs]

    def _one(self, column: Column, f: Field, values: list[Any], wrong: Mapping[int, Invalid]) -> None:
        if wrong:
            values = [None if position in wrong else value for position, value in enumerate(values)]
        checker = ColumnCheck(
            f, order=self.answers.get("date_order"), epoch_1904=self.epoch_1904,
            replace=self._replacements(f), references=self.references.get(f.key),
        )  # fmt: skip
        self._keep(column, f, checker.run(values), wrong)

    def _two(self, column: Column, values: list[Any], wrong: Mapping[int, Invalid]) -> None:
        place, born = (self.by_key[key] for key in column.fields)
        both = PlaceAndDate(place, born, order=self.answers.get("date_order"))
        values = [None if position in wrong else value for position, value in enumerate(values)]
        first, second = both.run(values)
        self._keep(column, place, first, {}, typed=values)
        self._keep(column, born, second, wrong, typed=values)

    def _place_only(self, column: Column, values: list[Any]) -> None:
        """A "TTL" column beside a date column: the place is taken, and a date that contradicts is said."""
        dated = replace(self.by_key["birth_date"], required=False)
        places, dates = PlaceAndDate(self.by_key["birth_place"], dated, order=self.answers.get("date_order")).run(
            values
        )
        other = self.clean.get("birth_date", [])
        wrong = {
            position: Invalid("conflict", other="birth_date")
            for position, (one, two) in enumerate(zip(dates.clean, other, strict=False))
            if one is not None and two is not None and one != two
        }
        self._keep(column, self.by_key["birth_place"], places, wrong)

    def _keep(
        self, column: Column, f: Field, parsed: Parsed, wrong: Mapping[int, Invalid], typed: list[Any] | None = None
    ) -> None:
        values = typed if typed is not None else self.raw(column.index)
        self.clean[f.key] = parsed.clean
        for position, no in {**parsed.bad, **wrong}.items():
            parsed.clean[position] = None
            self.bad.add((position, f.key))
            value = self.grid.errors.get((self.numbers[position], column.index), values[position])
            self.problems.append((position, problem_at(no, f.key, self.numbers[position], column.letter, value)))
        self._remark(column, f, parsed)

    def _remark(self, column: Column, f: Field, parsed: Parsed) -> None:
        where = {"field": f.key, "column": column.letter, "heading": column.heading}
        self.notes += [Note(note.code, {**note.params, **where}) for note in parsed.notes]
        read = parsed.reading
        if read is None:
            return
        if read.serials:
            self.notes.append(Note("dates_from_serials", {**where, "count": read.serials}))
        if read.short_years:
            self.notes.append(Note("years_of_two_digits", {**where, "count": read.short_years}))
        if read.proven == "mdy":
            self.notes.append(Note("dates_month_first", where))
        if read.swapped:
            self.notes.append(Note("dates_mixed", where))
        if read.ask:
            self._undecided.append({**where, "sample": read.sample})

    def _ask(self) -> None:
        """One question per file, however many columns could be read either way."""
        if self._undecided:
            first = self._undecided[0]
            params = {
                "columns": [one["column"] for one in self._undecided],
                "headings": [one["heading"] for one in self._undecided],
            }
            params["sample"] = first["sample"]
            self.questions.append(Question("date_order", first["field"], ("dmy", "mdy"), "dmy", params))

    def _fill(self) -> None:
        """A column that is not there, given once by the sender ("all of them still work here")."""
        for key, value in (self.answers.get("fill") or {}).items():
            f = self.by_key.get(key)
            if f is None or key in self.clean or value in (None, ""):
                continue
            try:
                self.clean[key] = [f.type.parse(value)] * len(self.numbers)
            except Invalid:
                continue
            self.filled.add(key)
            self.notes.append(Note("column_filled", {"field": key, "value": shown(value)}))

    def _replacements(self, f: Field) -> Mapping[str, str]:
        chosen = (self.answers.get("replace") or {}).get(f.key) or {}
        return {str(wrong): str(right) for wrong, right in chosen.items()}

    def given(self, columns: Sequence[Column]) -> dict[str, list[Any]]:
        return {column.heading: [plain_value(v) for v in self.raw(column.index)] for column in columns}


def _sample(values: Sequence[Any]) -> list[Any]:
    """A few filled cells from the top, the middle and the end."""
    filled = [v for v in values[:400] if v is not None and not (isinstance(v, str) and is_blank(v))]
    if not filled:
        filled = [v for v in values if v is not None and not (isinstance(v, str) and is_blank(v))][:_SAMPLE]
    step = max(1, len(filled) // _SAMPLE)
    return filled[::step][:_SAMPLE]


def _same(f: Field, value: Any, sample: str) -> bool:
    try:
        return bool(f.type.parse(value) == f.type.parse(sample))
    except Invalid:
        return False


def _cells_by_column(cells: Mapping[tuple[int, int], str], places: Mapping[int, int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {}
    for (row, column), text in cells.items():
        if row in places:
            found.setdefault(column, {})[places[row]] = text
    return found


def only_findings(report: SheetReport) -> SheetReport:
    """The report without its rows: what is cheap to hand about."""
    return replace(report, values={}, given={}, row_numbers=[])
