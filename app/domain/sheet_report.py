"""What a check says of a sheet: mapping, problems, questions, notes, and the rows, raw and clean.

A report is plain data: it is pickled out of the limited child and kept as JSON in a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as kept
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from app.domain.errors import Problem
from app.domain.grid import Note

SAMPLES = 3  # cells of a column that are shown beside its heading


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table and what we take it for.

    `heading` is unique in the sheet ("Berlaku s.d." then "Berlaku s.d. (H)"); `fields` is empty where the
    column is left alone, two keys where one cell holds two values (place and date of birth). `how`:
    given, remembered, key, label, alias, context, content, similar; numbering, empty or none where it is left alone.
    """

    letter: str
    heading: str
    fields: tuple[str, ...] = ()
    how: str = "none"
    index: int = 0  # 0-based, in the grid

    @property
    def means(self) -> str | None:
        """One field key, several joined by "+", or None."""
        return "+".join(self.fields) or None


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the sender knows; the check goes on with `default` until it is answered.

    `code` is also the key of the answer. Codes: date_ambiguous (choices "dmy", "mdy"), sheet
    (choices: the sheets whose headings fit), headings_missing (no choices: look at the columns).
    """

    code: str
    field: str | None = None
    choices: tuple[str, ...] = ()
    default: str | None = None
    params: Mapping[str, Any] = kept(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replacement:
    """One wrong value that stands in several cells, and the value that may replace it in all of them."""

    field: str
    value: str
    suggestion: str
    rows: tuple[int, ...]


@dataclass(slots=True)
class SheetReport:
    """The whole answer. Rows are aligned: `row_numbers[i]`, `values[key][i]`, `given[heading][i]`.

    `values` holds clean values by field, None where blank or bad; `given` the cells as sent by heading.
    All are empty when the caller asked for the findings only.
    """

    file: str | None
    sheet: str
    rows: int
    good: int
    columns: list[Column]
    signature: str
    errors: list[Problem] = kept(default_factory=list)
    questions: list[Question] = kept(default_factory=list)
    notes: list[Note] = kept(default_factory=list)
    heading_rows: list[int] = kept(default_factory=list)
    row_numbers: list[int] = kept(default_factory=list)
    bad_rows: frozenset[int] = frozenset()  # row numbers
    values: dict[str, list[Any]] = kept(default_factory=dict)
    given: dict[str, list[Any]] = kept(default_factory=dict)
    halves: dict[str, list[Any]] = kept(default_factory=dict)  # as typed, by field, where a cell holds two values
    truncated: int = 0  # problems beyond the limit, counted only
    kind: str = ""  # xlsx, xls, csv …: as found, not as named
    other_sheets: list[str] = kept(default_factory=list)  # readable sheets that were not chosen

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def mapping(self) -> dict[str, str | None]:
        """Heading → field key, None for a column left alone. May be corrected and passed back."""
        return {column.heading: column.means for column in self.columns}

    @property
    def unmapped(self) -> list[str]:
        return [column.heading for column in self.columns if not column.fields]

    def samples(self, heading: str) -> list[str]:
        """The first different cells of a column, as a person sees them: what tells whether it was read right."""
        found: dict[str, None] = {}
        for value in self.given.get(heading, ()):
            if text := shown(value).strip()[:60]:
                found[text] = None
            if len(found) == SAMPLES:
                break
        return list(found)

    @property
    def letters(self) -> dict[str, str]:
        """Field key → spreadsheet letter of its column."""
        return {key: column.letter for column in self.columns for key in column.fields}

    @property
    def clean_rows(self) -> list[dict[str, Any] | None]:
        """One dict of clean values a row; None for a row with a problem."""
        return [
            None if n in self.bad_rows else row
            for n, row in zip(self.row_numbers, self._dicts(self.values), strict=True)
        ]

    @property
    def good_rows(self) -> list[tuple[int, dict[str, Any]]]:
        """(row number, clean values) of the rows without a problem."""
        rows = zip(self.row_numbers, self._dicts(self.values), strict=True)
        return [(number, row) for number, row in rows if number not in self.bad_rows]

    @property
    def raw_rows(self) -> list[dict[str, Any]]:
        """One dict a row: heading → the cell as given (text, number, bool, date or None)."""
        return self._dicts(self.given)

    def entries(self) -> list[dict[str, str]]:
        """One dict a row: field key → what a person would see in an input box, bad cells as typed."""
        made: dict[str, list[str]] = {}
        for column in self.columns:
            for key in column.fields:
                if len(column.fields) == 1:
                    cells = [shown(value) for value in self.given[column.heading]]
                    before = made.get(key)  # a later part of a name or date
                    made[key] = [f"{a} {b}".strip() for a, b in zip(before, cells, strict=True)] if before else cells
                else:
                    typed = self.halves[key]
                    clean = self.values.get(key) or [None] * self.rows
                    made[key] = [shown(v) or shown(t) for v, t in zip(clean, typed, strict=True)]
        return self._dicts(made)

    def replacements(self) -> list[Replacement]:
        """Wrong values with a suggestion, grouped for "replace all", most frequent first."""
        found: dict[tuple[str, str, str], list[int]] = {}
        for problem in self.errors:
            if problem.field and problem.value is not None and problem.suggestion and problem.row:
                found.setdefault((problem.field, problem.value, problem.suggestion), []).append(problem.row)
        groups = [Replacement(*key, rows=tuple(rows)) for key, rows in found.items()]
        return sorted(groups, key=lambda group: -len(group.rows))

    def _dicts(self, columns: Mapping[str, list[Any]]) -> list[dict[str, Any]]:
        if not columns:
            return [{} for _ in self.row_numbers]
        keys = list(columns)
        return [dict(zip(keys, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def shown(value: Any) -> str:
    """A cell as a person sees it: dates d/m/y, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y") if value.time() == time() else value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def plain_value(value: Any) -> Any:
    """A cell or clean value as JSON can hold it: dates ISO, decimals as text."""
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    if isinstance(value, Decimal | time):
        return str(value)
    return value


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as facts for JSON storage; `problem_of_json` reads it back."""
    return asdict(problem)


def letter(index: int) -> str:
    """0 → "A", 26 → "AA"."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
