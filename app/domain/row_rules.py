"""Rules of a row. A plain rule sees the row alone; one made by `across` also sees what the row points to.

    @across("agency.kind")
    def chair_sits_at_immigration(row): ...      row["agency.kind"] is the kind of the agency `agency` points to

A path follows references by field: "sponsor.zone.name". Through a list of references its value is the list of what
is found there. "<task_force_member:task_force" steps back: the records of that registry whose field points here.
"@prohibited_position" is every record of a small registry of reference data. Whoever holds the database fetches all
paths of all rows together (`app.queries.paths`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.errors import Problem

Row = Mapping[str, Any]
RowRule = Callable[[Row], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Across:
    """A rule with the paths it reads."""

    reads: tuple[str, ...]
    rule: RowRule

    def __call__(self, row: Row) -> Iterable[Problem]:
        return self.rule(row)


def across(*reads: str) -> Callable[[RowRule], Across]:
    """Makes a rule of a function that reads these paths."""
    return lambda rule: Across(reads, rule)


@dataclass(frozen=True, slots=True)
class NotReversed:
    """The date in `last` is not before the one in `first`. A class, because rules travel to the sheet child."""

    first: str
    last: str

    def __call__(self, row: Row) -> Iterable[Problem]:
        first, last = row.get(self.first), row.get(self.last)
        if first and last and last < first:
            yield Problem("dates_reversed", field=self.last, value=str(last), params={"other": str(first)})


def within(first: str, last: str, begins: str, ends: str) -> Across:
    """The dates of the row lie inside the term of what it points to; an open end is open."""

    def rule(row: Row) -> Iterable[Problem]:
        low, high = row.get(begins), row.get(ends)
        for name in (first, last):
            day = row.get(name)
            if day and ((low and day < low) or (high and day > high)):
                yield Problem("outside_term", field=name, value=str(day), params=_term(low, high))

    return Across((begins, ends), rule)


def _term(low: date | None, high: date | None) -> Mapping[str, Any]:
    return {"kind": "open" if high is None else "", "low": low, "high": high}
