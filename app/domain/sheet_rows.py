"""What is checked across cells and rows: rules of the row, values that follow from others, repeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.grid import Note
from app.domain.sheet_report import shown

# A rule of a sheet row: clean values in, facts out. A field whose cell is bad is not in the row; a blank one is None.
# Module-level functions only: rules travel to the limited child by name. What is merely odd is a Note, never a Problem.
RowRule = Callable[[Mapping[str, Any], date], Iterable[Problem | Note]]
Rule = Callable[[Mapping[str, Any]], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class DefaultFrom:
    """A row rule that fills a blank `field` with the value of `source` (passport country: nationality)."""

    field: str
    source: str

    def __call__(self, row: Mapping[str, Any], today: date) -> Iterable[Problem | Note]:
        return ()


@dataclass(slots=True)
class Rows:
    """The clean columns of a sheet with the places of their rows. `bad` = (position, field) of bad cells."""

    values: dict[str, list[Any]]
    numbers: Sequence[int]
    letters: Mapping[str, str]
    bad: set[tuple[int, str]] = field(default_factory=set)

    def problem(self, found: Problem, position: int) -> Problem:
        """The same fact, at the cell a person sees."""
        key = found.field
        value = found.value
        if value is None and key in self.values and self.values[key][position] is not None:
            value = shown(self.values[key][position])
        return replace(found, row=self.numbers[position], column=self.letters.get(key or ""), value=value)

    def note(self, found: Note, position: int) -> Note:
        key = found.params.get("field")
        where = {"row": self.numbers[position], "column": self.letters.get(key or "")}
        return Note(found.code, {**found.params, **where})


def fill(rows: Rows, row_rules: Sequence[RowRule]) -> None:
    """Values that go without saying."""
    for rule in row_rules:
        if not isinstance(rule, DefaultFrom) or rule.source not in rows.values:
            continue
        source = rows.values[rule.source]
        own = rows.values.get(rule.field)
        bad = {position for position, key in rows.bad if key == rule.field}
        if own is None:
            rows.values[rule.field] = list(source)
        else:
            pairs = enumerate(zip(own, source, strict=True))
            rows.values[rule.field] = [s if v is None and i not in bad else v for i, (v, s) in pairs]


def judge(
    rows: Rows, row_rules: Sequence[RowRule], rules: Sequence[Rule], today: date, fields: Sequence[Field]
) -> tuple[list[tuple[int, Problem]], list[Note]]:
    """Apply the rules row by row; problems as (position, problem)."""
    asked = [rule for rule in row_rules if not isinstance(rule, DefaultFrom)]
    problems: list[tuple[int, Problem]] = []
    notes: list[Note] = []
    if not (asked or rules) or not rows.values:
        return problems, notes
    keys = list(rows.values)
    absent = {f.key: None for f in fields if f.key not in rows.values and not f.required}
    spoiled: dict[int, set[str]] = {}
    for position, key in rows.bad:
        spoiled.setdefault(position, set()).add(key)
    required = frozenset(f.key for f in fields if f.required)
    for position, cells in enumerate(zip(*rows.values.values(), strict=True)):
        row = dict(zip(keys, cells, strict=True))
        row |= absent
        out = spoiled.get(position, set())
        for key in out:
            row.pop(key, None)
        found = [fact for rule in asked for fact in rule(row, today)]
        if not (out & required):
            found += [fact for whole in rules for fact in whole(row)]
        for fact in found:
            if isinstance(fact, Note):
                notes.append(rows.note(fact, position))
            elif fact.field not in out and not any(p == position and q.field == fact.field for p, q in problems[-8:]):
                problems.append((position, rows.problem(fact, position)))
    return problems, notes


def repeats(rows: Rows, fields: Sequence[Field]) -> list[tuple[int, Problem]]:
    """The same person or thing twice: said at the later row, naming the first."""
    problems: list[tuple[int, Problem]] = []
    for key_fields in unique_sets(fields):
        present = [key for key in key_fields if key in rows.values]
        if not present or key_fields[0] not in present:
            continue
        told = rows.values[present[0]]
        often = {value for value, count in Counter(told).items() if count > 1 and value is not None}
        firsts: dict[Any, list[tuple[tuple[Any, ...], int]]] = {}
        for position in [i for i, value in enumerate(told) if value in often] if often else ():
            rest = tuple(rows.values[key][position] for key in present[1:])
            known = firsts.setdefault(told[position], [])
            first = next((at for others, at in known if _may_be_same(others, rest)), None)
            if first is None:
                known.append((rest, position))
                continue
            params = {"row_first": rows.numbers[first], "fields": present}
            found = Problem("duplicate_in_sheet", field=present[0], params=params)
            problems.append((position, rows.problem(found, position)))
    return problems


def _may_be_same(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """A blank or bad country does not make another passport."""
    return all(a == b or a is None or b is None for a, b in zip(one, other, strict=True))


def unique_sets(fields: Sequence[Field]) -> list[tuple[str, ...]]:
    """Which fields, alone or together, may not repeat in one sheet; the telling one first.

    `unique` fields alone; the fields of the natural key together; a passport number always, with its country.
    """
    by_key = {f.key: f for f in fields}
    sets: list[tuple[str, ...]] = [(f.key,) for f in fields if f.unique]
    natural = tuple(f.key for f in fields if f.natural_key)
    if natural and natural not in sets:
        sets.append(natural)
    passport = ("passport_number", "passport_country")
    if passport[0] in by_key and not any(passport[0] in one for one in sets):
        sets.append(tuple(key for key in passport if key in by_key))
    return sets
