"""One column for place and date of birth: "Seoul, 12-03-1985"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from app.domain.fields import Field
from app.domain.semantic import Invalid
from app.domain.sheet_cells import ColumnCheck, Parsed, is_blank

_SPLIT = re.compile(r"\s*[,;/|\n]\s*|\s+-\s+")
_DATE_AT_END = re.compile(
    r"(?P<place>.*?)[\s,;/|\-:]*(?P<date>\d{1,4}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{1,4}|\d{1,2}[\s\-./]*[^\W\d_]{3,10}\.?[\s\-.,/]*'?\d{2,4}"
    r"|[^\W\d_]{3,10}\.?\s+\d{1,2},?\s+\d{4}|\d{8})\s*",
    re.DOTALL,
)


class PlaceAndDate:
    """Splits the cells and checks each half as its own field. The place is optional, the date as its field says."""

    def __init__(self, place: Field, born: Field, *, order: str | None = None) -> None:
        self.place = place
        self.born = born
        self.order = order

    def run(self, values: Sequence[Any]) -> tuple[Parsed, Parsed]:
        """(places, dates), aligned with `values`."""
        halves = [split(value) for value in values]
        places = ColumnCheck(replace(self.place, required=False)).run([place for place, _ in halves])
        dates = ColumnCheck(self.born, order=self.order).run([born for _, born in halves])
        for position, (place, born) in enumerate(halves):
            if born is None and place is not None:
                dates.bad[position] = Invalid("date_invalid")
        return places, dates


def split(value: Any) -> tuple[str | None, Any]:
    """("Seoul", "12-03-1985"). What is no text is taken for the date; a text without a date for the place."""
    if value is None or not isinstance(value, str):
        return None, value
    text = value.strip()
    if is_blank(text):
        return None, None
    found = _DATE_AT_END.fullmatch(text)
    if found:
        return found["place"].strip(" ,;/|-:") or None, found["date"].strip()
    head, *rest = _SPLIT.split(text, maxsplit=1)
    if rest and any(c.isdigit() for c in rest[0]):
        return head or None, rest[0]
    return (None, text) if text[:1].isdigit() else (text, None)
