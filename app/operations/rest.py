"""The rest of a report: rows that waited while the good ones went. They join what was sent and take nobody's place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from app.domain.errors import Problem

_NUMBER, _COUNTRY = "passport_number", "passport_country"
_SAME = ("full_name", "birth_date")  # either tells that a passport means the same person
Cells = Mapping[str, Any]
Sent = dict[str, Any]


class Row(Protocol):
    """A row of a report on its way into the table."""

    row_no: int
    cells: dict[str, Any]


Some = TypeVar("Some", bound=Row)


def facts(cells: Cells) -> Sent:
    """What a draft remembers of somebody who was sent already."""
    return {key: cells.get(key) for key in (_NUMBER, _COUNTRY, *_SAME)}


def clash(sent: Mapping[str, Sequence[Cells]], cells: Cells, code: str) -> Problem | None:
    """A passport that was sent for another person; the same person again is only newer news."""
    others = [one for one in sent.get(cells.get(_NUMBER) or "", ()) if _same_passport(one, cells)]
    if not others or any(_same_person(one, cells) for one in others):
        return None
    return Problem("passport_already_sent", field=_NUMBER, value=cells.get(_NUMBER), params={"receipt": code})


def by_passport(people: Iterable[Sent]) -> dict[str, list[Sent]]:
    found: dict[str, list[Sent]] = {}
    for one in people:
        found.setdefault(one[_NUMBER] or "", []).append(one)
    return found


def join(earlier: Sequence[Some], rows: Sequence[Some], waiting: Sequence[Some]) -> list[Some]:
    """Everybody sent earlier, as told last, and the new ones.

    A row keeps its number unless somebody has it already: rows of another file count from the same 1, 2, 3.
    """
    new = by_passport(facts(row.cells) for row in rows)
    kept = [row for row in earlier if not _told_again(new, row.cells)]
    taken = {row.row_no for row in kept}
    last = max((row.row_no for row in [*kept, *rows, *waiting]), default=0)
    for row in [*rows, *waiting]:
        if row.row_no in taken:
            last += 1
            row.row_no = last
    return kept + list(rows)


def _told_again(new: Mapping[str, Sequence[Cells]], cells: Cells) -> bool:
    return any(_same_passport(one, cells) and _same_person(one, cells) for one in new.get(cells.get(_NUMBER) or "", ()))


def _same_passport(one: Cells, other: Cells) -> bool:
    countries = one.get(_COUNTRY), other.get(_COUNTRY)
    return one.get(_NUMBER) == other.get(_NUMBER) and (None in countries or countries[0] == countries[1])


def _same_person(one: Cells, other: Cells) -> bool:
    return any(one.get(key) and _plain(one[key]) == _plain(other.get(key)) for key in _SAME)


def _plain(value: Any) -> str:
    return " ".join(str(value or "").split()).casefold()
