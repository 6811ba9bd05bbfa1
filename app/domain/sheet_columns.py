"""The columns of one table, checked one after the other: the workshop behind `app.domain.sheets.check`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain import sheet_marks
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.grid import Grid, Note, Table
from app.domain.semantic import Invalid
from app.domain.sheet_births import TextAndDate
from app.domain.sheet_cells import ColumnCheck, Parsed, is_blank, problem_at, share_taken
from app.domain.sheet_dates import TYPED
from app.domain.sheet_headings import words
from app.domain.sheet_lexicon import PLACE_AND_DATE_OF_BIRTH
from app.domain.sheet_mapping import Mapped, match
from app.domain.sheet_pairs import TwoTexts
from app.domain.sheet_report import Column, Question, plain_value, shown

Answers = Mapping[str, Any]
_SAMPLE = 40
_NONE_TO_REPORT = re.compile(
    r"\bnihil\b|\btidak (?:ada|memiliki|mempekerjakan|menggunakan) (?:tka|tenaga kerja asing|pekerja asing|data)\b"
    r"|\bno (?:foreign (?:worker|employee|national)s?|expatriates?)\b",
    re.IGNORECASE,
)
_MAY_BEGIN_WITH_ZERO = frozenset({"passport_number", "document_number"})
_EXAMPLE = re.compile(r"(contoh|example|sample)\b.{0,60}", re.IGNORECASE)


class Check:
    """The state of one check, column by column: clean columns, bad cells, questions, notes."""

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
        self.epoch_1904 = grid.epoch_1904 or any(note.code == "date_1904" for note in (*grid.notes, *table.notes))
        self.clean: dict[str, list[Any]] = {}
        self.bad: set[tuple[int, str]] = set()
        self.problems: list[tuple[int, Problem]] = []
        self.questions: list[Question] = []
        self.notes: list[Note] = []
        self.filled: set[str] = set()
        self.halves: dict[str, list[Any]] = {}  # as typed, of columns whose cells hold two values
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

        return match(
            self.table.headings, self.table.columns, self.fields,
            given=given, remembered=remembered, taken=taken, samples=samples,
        )  # fmt: skip

    def of_the_file(self, mapped: Mapped) -> list[Problem]:
        """What is wrong with the file or its columns: one problem each, never one a row."""
        known = sum(bool(column.fields) for column in mapped.columns)
        if known <= 2 and self._sideways(known):
            return [Problem("table_sideways")]
        if not (self.numbers and known) and self._says_none():
            return [Problem("no_rows", params={"kind": "nihil"})]
        if not known:
            return [Problem("no_table")]
        problems = [] if self.numbers else [Problem("no_rows")]
        return problems + [p for p in mapped.problems if p.field not in self.filled]

    def _says_none(self) -> bool:
        """Whether the sheet says that there is nothing to report."""
        texts = (value for row in self.grid.rows[:60] for value in row if isinstance(value, str))
        return any(len(text) < 80 and _NONE_TO_REPORT.search(text) for text in texts)

    def _sideways(self, known: int) -> bool:
        """Whether the headings stand in the first column, one person a column (or one person alone)."""
        first = min(self.table.columns, default=0)
        texts = [str(row[first]) for row in self.grid.rows[:60] if len(row) > first and isinstance(row[first], str)]
        named = {key for column in match(texts, range(len(texts)), self.fields).columns for key in column.fields}
        return len(named) >= max(4, known * 2)

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
                continue  # a later part of a name or date
            if column.fields == ("birth_place",) and words(column.heading) == PLACE_AND_DATE_OF_BIRTH:
                births.append((column, values))
            elif len(column.fields) == 1:
                joined = self._joined(column, columns, values)
                self._one(column, self.by_key[column.fields[0]], joined, wrong, parts=joined is not values)
            elif column.fields:
                self._two(column, values, wrong)
        for column, values in births:
            self._place_only(column, values)
        self._fill()
        self._ask(columns)

    def _joined(self, column: Column, columns: Sequence[Column], values: list[Any]) -> list[Any]:
        """The cells of the columns that make one value: parts of a name, or day, month and year."""
        others = [c for c in columns if c is not column and c.fields == column.fields]
        if not others:
            return values
        key = column.fields[0]
        mark = "/" if self.by_key[key].type.python is date else " "
        params = {"field": key, "first": column.heading, "second": others[-1].heading, "column": column.letter}
        self.notes.append(Note("columns_joined", params))
        parts = [(c.heading, self.raw(c.index)) for c in (column, *others)]
        if self.by_key[key].type.choices() is not None and all(sheet_marks.only_marks(cells) for _, cells in parts):
            parts = [(heading, sheet_marks.as_choices(heading, cells)) for heading, cells in parts]
        rows = zip(*(cells for _, cells in parts), strict=True)
        return [mark.join(shown(part) for part in row if part is not None) or None for row in rows]

    def _one(
        self, column: Column, f: Field, values: list[Any], wrong: Mapping[int, Invalid], *, parts: bool = False
    ) -> None:
        if wrong:
            values = [None if position in wrong else value for position, value in enumerate(values)]
        checker = ColumnCheck(
            f, order=TYPED if parts else self.answers.get("date_ambiguous"), epoch_1904=self.epoch_1904,
            replace=self._replacements(f, column.heading, values), references=self.references.get(f.key),
        )  # fmt: skip
        self._keep(column, f, checker.run(values), wrong)
        if f.type.key in _MAY_BEGIN_WITH_ZERO:
            self._short_numbers(column, values)

    def _short_numbers(self, column: Column, values: list[Any]) -> None:
        """Cells that are numbers, where others of the column have more digits: a zero in front may be gone."""
        digits = {n: len(text) for n, v in enumerate(values) if (text := shown(v).strip()).isdecimal()}
        most = max(digits.values(), default=0)
        short = [n for n, size in digits.items() if size < most and type(values[n]) is int]
        if short:
            facts = {"count": len(short), "cell": f"{column.letter}{self.numbers[short[0]]}", "heading": column.heading}
            self.notes.append(Note("zeros_perhaps_lost", {"field": column.fields[0], **facts}))

    def _two(self, column: Column, values: list[Any], wrong: Mapping[int, Invalid]) -> None:
        one, two = (self.by_key[key] for key in column.fields)
        values = [None if position in wrong else value for position, value in enumerate(values)]
        order = self.answers.get("date_ambiguous")
        dated = two.type.python is date
        both = TextAndDate(one, two, order=order, epoch_1904=self.epoch_1904) if dated else TwoTexts(one, two)
        first, second = both.run(values)
        self.halves |= {f.key: [half[n] for half in both.halves] for n, f in enumerate((one, two))}
        here, there = (wrong, {}) if one.required and not two.required else ({}, wrong)
        self._keep(column, one, first, here, typed=values)
        self._keep(column, two, second, there, typed=values)

    def _place_only(self, column: Column, values: list[Any]) -> None:
        """A "TTL" column beside a date column: the place is taken, and a date that contradicts is said."""
        dated = replace(self.by_key["birth_date"], required=False)
        order = self.answers.get("date_ambiguous")
        parts = TextAndDate(self.by_key["birth_place"], dated, order=order, epoch_1904=self.epoch_1904)
        places, dates = parts.run(values)
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

    def _ask(self, columns: Sequence[Column]) -> None:
        """One question of a kind per file, however many columns it concerns."""
        if not any(words(heading) for heading in self.table.headings) and any(c.how == "content" for c in columns):
            self.questions.append(Question("headings_missing", None, (), None, {}))
        if self._undecided:
            first = self._undecided[0]
            params = {
                "columns": [one["column"] for one in self._undecided],
                "headings": [one["heading"] for one in self._undecided],
            }
            params["sample"] = first["sample"]
            self.questions.append(Question("date_ambiguous", first["field"], ("dmy", "mdy"), "dmy", params))

    def _fill(self) -> None:
        """A column that is not there, given once by the sender ("all of them still work here")."""
        for key, value in (self.answers.get("fill") or {}).items():
            f = self.by_key.get(key)
            if f is None or key in self.clean or value in (None, ""):
                continue
            try:
                read = f.type.parse(value)
            except Invalid:
                continue
            self.clean[key] = [read] * len(self.numbers)
            self.filled.add(key)
            meant = {language: f.type.show(read, language) for language in ("id", "en")}
            self.notes.append(Note("column_filled", {"field": key, "value": shown(value), "meant": meant}))

    def _replacements(self, f: Field, heading: str, values: Sequence[Any]) -> Mapping[str, str]:
        told = sheet_marks.legend(heading) if f.type.choices() is not None else {}
        if f.type.key == "sex" and not told:
            told = sheet_marks.of_men(heading, set(values))
        chosen = (self.answers.get("replace") or {}).get(f.key) or {}
        return {**told, **{str(wrong): str(right) for wrong, right in chosen.items()}}

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
