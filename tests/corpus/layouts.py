"""Columns over people: how one company draws its list, and where each planted fault comes to stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.sheet_report import letter
from tests.corpus.faults import FAULTS, Fault, duplicate
from tests.corpus.people import Person
from tests.corpus.writers import Page

Render = Callable[[Person], Any]


@dataclass(frozen=True)
class Col:
    """One column: its heading, the field it means (None: something else), and how a person's value is written."""

    heading: str
    key: str | None
    render: Render
    typed: Callable[[Any], Any] | None = None  # a planted value in the company's own style


@dataclass(frozen=True)
class Bad:
    """One line of the answer key. `row` and `column` are None for what concerns a whole column or file."""

    row: int | None
    column: str | None
    field: str
    code: str
    words: str


@dataclass
class Body:
    """The people written so far: next row, the answer key, and the row of each person."""

    page: Page
    columns: Sequence[Col]
    row: int
    bad: list[Bad] = field(default_factory=list)
    placed: list[tuple[Person, int]] = field(default_factory=list)

    def add(self, person: Person, fault: Fault | None = None) -> None:
        """Write a person; with a fault, its cell is wrong and joins the key."""
        changed = dict(((fault.field, fault.value), *fault.also)) if fault else {}
        for index, column in enumerate(self.columns):
            value = column.render(person)
            for key in (column.key or "").split("+"):
                if key in changed:
                    value = changed[key]
                    if column.typed is not None and value is not None:
                        value = column.typed((person, value))
            if value is not None:
                self.page.cells[self.row, index] = value
        if fault:
            at = next(i for i, c in enumerate(self.columns) if fault.field in (c.key or "").split("+"))
            self.bad.append(Bad(self.row, letter(at), fault.field, fault.code, fault.words))
        self.placed.append((person, self.row))
        self.row += 1

    def everyone(
        self, persons: Sequence[Person], faults: dict[int, str], *, every: Callable[[int], None] | None = None
    ) -> None:
        """All people in turn; `faults` = {place: kind, or "duplicate of N"}. `every` may write rows between."""
        for place, person in enumerate(persons):
            if every is not None:
                every(place)
            kind = faults.get(place)
            if kind is None:
                self.add(person)
            elif kind.startswith("duplicate of "):
                first, row = self.placed[int(kind.removeprefix("duplicate of "))]
                person.nationality, person.nation = first.nationality, first.nation
                self.add(person, duplicate(row)(first.passport_number))
            else:
                self.add(person, FAULTS[kind])


def dmy(day: date | None) -> str | None:
    return day.strftime("%d/%m/%Y") if day else None


def dashes(day: date | None) -> str | None:
    return day.strftime("%d-%m-%Y") if day else None


def short(day: date | None) -> str | None:
    return day.strftime("%d/%m/%y") if day else None


def us(day: date | None) -> str | None:
    return day.strftime("%m/%d/%Y") if day else None


_ID = "Jan Feb Mar Apr Mei Jun Jul Agt Sep Okt Nov Des".split()
_EN = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def indonesian(day: date | None) -> str | None:
    return f"{day.day} {_ID[day.month - 1]} {day.year}" if day else None


def english(day: date | None) -> str | None:
    return f"{day.day}-{_EN[day.month - 1]}-{day.year}" if day else None


def chinese(day: date | None) -> str | None:
    return f"{day.year}年{day.month}月{day.day}日" if day else None


def wide(text: str) -> str:
    """Full-width letters and digits, as an input method of East Asia types them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def same(day: date | None) -> date | None:
    return day
