"""Two values in one cell, the second a date: "Seoul, 12-03-1985", "E1234567 (s.d. 31-12-2028)"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from app.domain.fields import Field
from app.domain.semantic import Invalid
from app.domain.sheet_cells import ColumnCheck, Parsed, is_blank

_SPLIT = re.compile(r"\s*[,;/|\n]\s*|\s+-\s+")
_NUMBERS = r"\d{1,4}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{1,4}"
_MONTHS = r"\d{1,2}[\s\-./]*[^\W\d_]{3,10}\.?[\s\-.,/]*'?\d{2,4}|[^\W\d_]{3,10}\.?\s+\d{1,2},?\s+\d{4}"
_DATE_AT_END = re.compile(rf"(?P<date>{_NUMBERS}|{_MONTHS}|\d{{8}})[\s)\]]*\Z")
_TAIL = 48  # letters at the end in which a date is looked for
_LONGEST = 500  # beyond, a cell is no place and no date
_DATE_FIRST = re.compile(rf"(?P<date>{_NUMBERS}|{_MONTHS})[\s,;/|\-:(]+(?P<text>[^\d]+?)[\s)]*", re.DOTALL)
_LINK = re.compile(
    r"\b(?:s\s*[./]\s*d\.?|exp(?:iry|ired|ires)?\.?|berlaku|valid|until|hingga|sampai|tgl\.?|tanggal)[\s:]*$",
    re.IGNORECASE,
)
_EDGES = " ,;/|-:([\n"


class TextAndDate:
    """Splits the cells and checks each half as its own field."""

    def __init__(self, text: Field, dated: Field, *, order: str | None = None, epoch_1904: bool = False) -> None:
        self.text = text
        self.dated = dated
        self.halves: list[tuple[Any, Any]] = []  # as typed
        self.order = order
        self.epoch_1904 = epoch_1904

    def run(self, values: Sequence[Any]) -> tuple[Parsed, Parsed]:
        """(texts, dates), aligned with `values`."""
        halves = self.halves = [split(value) for value in values]
        texts = ColumnCheck(self.text).run([head for head, _ in halves])
        dates = ColumnCheck(self.dated, order=self.order, epoch_1904=self.epoch_1904).run([day for _, day in halves])
        for position, (head, day) in enumerate(halves):
            if day is None and head is not None and (self.dated.required or position in dates.bad):
                dates.bad[position] = Invalid("date_invalid")
        return texts, dates


def ends_in_date(value: Any) -> bool:
    """Whether a text is a number of a document and a date after it."""
    if not isinstance(value, str) or _date_at_end(value.strip()) is None:
        return False
    head, _ = split(value)
    return head is not None and len(head) >= 5 and any(c.isdigit() for c in head)


def split(value: Any) -> tuple[str | None, Any]:
    """("Seoul", "12-03-1985"). What is no text is taken for the date; a text without a date for the place."""
    if value is None or not isinstance(value, str):
        return None, value
    text = value.strip()
    if is_blank(text):
        return None, None
    if len(text) > _LONGEST:
        return text, None
    found = _date_at_end(text)
    if found:
        head = _LINK.sub("", text[: found.start()].strip(_EDGES)).strip(_EDGES)
        return head or None, found["date"].strip()
    found = _DATE_FIRST.fullmatch(text)
    if found:
        return found["text"].strip(), found["date"].strip()
    head, *rest = _SPLIT.split(text, maxsplit=1)
    if rest and any(c.isdigit() for c in rest[0]):
        return head or None, rest[0]
    return (None, text) if text[:1].isdigit() else (text, None)


def _date_at_end(text: str) -> re.Match[str] | None:
    return _DATE_AT_END.search(text, max(0, len(text) - _TAIL))
