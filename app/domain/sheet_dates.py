"""How the dates of one column are to be read: d/m/y unless the column itself, or the sender, says m/d/y.

A column in which every date could be either is asked about once per file. A column that holds proof of both
orders keeps the one most cells prove; only where neither prevails is a cell that could be either an error.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.domain.semantic import Invalid, SemanticType

_CLOCK = r"(?:[ T]+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[AaPp][Mm])?)?"
_NUMERIC = re.compile(rf"\s*'?(\d{{1,2}})\s*[/.\-\s]\s*(\d{{1,2}})\s*[/.\-\s]\s*(\d{{4}}|\d{{2}}){_CLOCK}\s*")
_SHORT_YEAR = re.compile(r"\s*'?\d{1,2}[\s.\-/]*[^\W\d_]{3,10}[\s.\-,/]*'?\d{2}\s*")  # 31-Des-26
_LONGEST = 60  # letters of a date, with all spaces in it
_LOOK = 400  # texts looked at to know whether a column has another way of writing dates
_SERIAL_TEXT = re.compile(r"[1-7]\d{4}(?:[.,]0+)?")
TYPED = "typed"
DOUBT = " ?"  # behind a date that a draft holds of a column with both orders, until somebody writes it anew
_ENOUGH = 5  # real dates from which their days mean something
_PREVAILS = 3  # an order prevails when it is proven at least this many times as often as the other


@dataclass(slots=True)
class DateReading:
    """What a column of dates needs: the type set to its order, and what is to be said aloud.

    `ask`: every numeric date could be either. `torn`: proof of both orders, so cells in `either` are errors.
    """

    type: SemanticType
    ask: bool = False
    torn: bool = False
    proven: str | None = None  # "dmy" or "mdy"
    swapped: bool = False  # real dates all before the 13th beside texts after it: a program read them month first
    either: frozenset[str] = frozenset()
    serials: int = 0
    short_years: int = 0
    sample: str | None = None
    given: Mapping[Any, Any] = field(default_factory=dict)


def is_date(kind: SemanticType) -> bool:
    return kind.python is date and hasattr(kind, "order")


def reading(
    kind: SemanticType, values: Iterable[Any], *, answer: str | None = None, epoch_1904: bool = False
) -> DateReading:
    """Look at the distinct values of a column and decide how they read.

    `answer` is the sender's, for what the column leaves open; "typed" means a page of ours, always d/m/y.
    """
    day_first = month_first = short = serials = typed = late_days = 0
    either: list[str] = []
    others: list[str] = []
    replaced: dict[Any, Any] = {}
    for value in values:
        if isinstance(value, str):
            triple = numeric(value)
            if triple:
                first, second, year = triple
                short += len(year) == 2
                day_first += first > 12 >= second
                month_first += second > 12 >= first and first > 0
                if first <= 12 and second <= 12 and first != second:
                    either.append(value)
            elif _SERIAL_TEXT.fullmatch(value.strip()):
                serials += 1
                replaced[value] = _serial(float(value.strip().replace(",", ".")), epoch_1904)
            else:
                others.append(value)
                short += len(value) <= _LONGEST and _SHORT_YEAR.fullmatch(value) is not None
        elif isinstance(value, date):
            typed += 1
            late_days += value.day > 12
        elif isinstance(value, int | float) and not isinstance(value, bool) and 3654 <= value < 73416:
            serials += 1
            replaced[value] = _serial(value, epoch_1904)
    made = DateReading(kind, either=frozenset(either), serials=serials, short_years=short, given=replaced)
    made.sample = min(either) if either else None
    made.swapped = typed >= _ENOUGH and not late_days and day_first + month_first > 0
    sure = typed + (_understood(kind, others) if month_first or either else 0)
    _decide(made, day_first, month_first, answer, sure)
    if made.proven == "mdy":
        made.type = copy.copy(kind)
        made.type.order = "mdy"  # type: ignore[attr-defined]
    return made


def without_doubt(text: str) -> str:
    """A date of a draft without the mark of a doubt."""
    return text.rstrip("? ") if text.endswith(DOUBT) else text


def numeric(value: str) -> tuple[int, int, str] | None:
    """(first, second, year as written) of a date in numbers with the year last, else None."""
    if len(value) > _LONGEST and len(value := value.strip()) > _LONGEST:
        return None
    found = _NUMERIC.fullmatch(value if value.isascii() else unicodedata.normalize("NFKC", value))
    return (int(found[1]), int(found[2]), found[3]) if found else None


def _understood(kind: SemanticType, texts: Sequence[str]) -> int:
    """How many texts are dates that read one way only: 31 Des 2026, 2026-12-31."""
    step = max(1, len(texts) // _LOOK)
    count = 0
    for text in texts[::step]:
        try:
            kind.parse(text)
        except Invalid:
            continue
        count += 1
    return count * step


def _decide(made: DateReading, day_first: int, month_first: int, answer: str | None, sure: int) -> None:
    """`sure` counts the dates that read one way only: a few texts beside them prove and ask nothing of the column."""
    if answer == TYPED:
        return
    few = month_first + len(made.either) < sure
    if day_first or month_first:
        if day_first >= _PREVAILS * month_first:
            made.proven = "dmy"
        elif month_first >= _PREVAILS * day_first and not few:
            made.proven = "mdy"
        else:
            made.proven = answer
            made.torn = answer is None
    elif made.either:
        made.proven = answer
        made.ask = answer is None and not few


def _serial(value: float, epoch_1904: bool) -> date | None:
    start = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
    if not epoch_1904 and value < 61:
        return None
    return start + timedelta(days=int(value))
