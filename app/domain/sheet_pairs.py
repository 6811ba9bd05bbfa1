"""Two texts in one cell below a heading that names both: "M12345678 / 2C21JE0012-X" under "No. Paspor / No. KITAS"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.domain.fields import Field
from app.domain.sheet_cells import ColumnCheck, Parsed
from app.domain.sheet_headings import words

if TYPE_CHECKING:
    from app.domain.sheet_mapping import Matching

_MOSTLY = 0.8
_NAMES = re.compile(r"[/|&+\n,;]|\b(?:dan|and)\b", re.IGNORECASE)
_PARTS = re.compile(r"[\n/;|]|\s[-–—]\s|,\s")


class TwoTexts:
    """Splits the cells and checks each half as its own field."""

    def __init__(self, first: Field, second: Field) -> None:
        self.fields = first, second
        self.halves: list[tuple[Any, Any]] = []  # as typed

    def run(self, values: Sequence[Any]) -> tuple[Parsed, Parsed]:
        """(first, second), aligned with `values`; what is not two parts is left whole to the first."""
        halves = self.halves = [_split(value) or (value, None) for value in values]
        first, second = (ColumnCheck(f).run([half[n] for half in halves]) for n, f in enumerate(self.fields))
        return first, second


def settle(work: Matching) -> None:
    """Columns whose heading names two fields and whose cells mostly hold two parts."""
    for position, heading in enumerate(work.headings):
        names = [name for name in _NAMES.split(heading) if words(name)]
        sample = work.samples.get(position, ())
        if len(names) != 2 or not work.open(position):
            continue
        keys = tuple(key for name in names for key in _only(work, name))
        twofold = sum(_split(value) is not None for value in sample)
        if len(set(keys)) == 2 and all(map(work.free, keys)) and twofold >= _MOSTLY * len(sample) > 0:
            work.take(position, keys, "alias")


def _only(work: Matching, name: str) -> list[str]:
    """The one field of text that a name can mean."""
    own = words(name)
    found = [key for key in work.fields if own in work.aliases[key]]
    return found if len(found) == 1 and work.fields[found[0]].type.python is str else []


def _split(value: Any) -> tuple[str, str] | None:
    parts = [part.strip() for part in _PARTS.split(value.strip())] if isinstance(value, str) else []
    return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None
