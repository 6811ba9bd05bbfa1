"""Rules over a whole row that more than one registry keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import Problem


@dataclass(frozen=True, slots=True)
class NotReversed:
    """A rule: the date in `last` is not before the one in `first`. A class, because rules travel to the sheet child."""

    first: str
    last: str

    def __call__(self, row: Mapping[str, Any]) -> Iterable[Problem]:
        first, last = row.get(self.first), row.get(self.last)
        if first and last and last < first:
            yield Problem("dates_reversed", field=self.last, value=str(last), params={"other": str(first)})
