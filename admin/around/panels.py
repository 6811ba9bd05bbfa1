"""What a tab is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from admin.cells import Cell

LISTED = 50  # rows a tab shows before it leads to the list


@dataclass(frozen=True, slots=True)
class Tab:
    """`count` is ready words, "" where nothing is counted."""

    key: str
    title: str
    url: str
    current: bool = False
    count: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a panel. The first cell carries the link; `acts` are (title, address, icon)."""

    cells: list[Cell]
    url: str | None = None
    acts: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """A table of a tab. `more` is (title, address), `note` one sentence above the rows."""

    id: str
    title: str
    icon: str = ""
    columns: Sequence[str] = ()
    lines: Sequence[Line] = ()
    count: str = ""
    note: str = ""
    empty: str = ""
    more: tuple[str, str] | None = None
    onward: str | None = None  # address of the following page
    acts: Sequence[tuple[str, str, str]] = ()
