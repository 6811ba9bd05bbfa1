"""One column against one field: every distinct value is parsed once, then laid over the rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from rapidfuzz import fuzz, process

from app.domain import sheet_dates
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.grid import Note
from app.domain.semantic import Invalid, SemanticType
from app.domain.sheet_report import shown
from app.domain.types.choices import ChoiceType
from app.domain.types.dates import DateType
from app.domain.types.identifiers import DigitsType, DocumentNumberType, PassportNumberType
from app.domain.types.text import TextType

_NOTHING_WRITTEN = "- -- --- – — − n/a n.a n.a. na nihil none null nil / ."
_NOTHING = frozenset(_NOTHING_WRITTEN.split()) | {"", "tidak ada", "tdk ada"}
_LONGEST_NOTHING = 13
_LONGEST_DATE = 120
_SCIENTIFIC = re.compile(r"\s*\d[.,]\d+[eE]\+?\d{1,3}\s*|\s*\d[eE]\+\d{1,3}\s*", re.ASCII)
_FAR = 1e15  # a number cell keeps 15 digits; what is longer has been rounded
_ERRORS = frozenset(["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"])
_FORMULA = re.compile(
    r"=\s*[-+(]*(?:[A-Z][A-Z.]*\(|\$?[A-Z]{1,3}\$?\d|(?:'[^']+'|[^\s=!]+)!\$?[A-Z]).*", re.IGNORECASE | re.DOTALL
)
UNCACHED = "=?"  # stands for a formula without a value where only texts are kept
_DATES_INSIDE = re.compile(
    r"(?<![\w/.\-])(?:\d{1,2}[/.,\\_-]\d{1,2}[/.,\\_-]\d{4}|\d{1,2}[ .-]?[^\W\d_]{3,9}[ .-]?\d{4})(?![\d/.\-])"
)
_AS_SLASHES = str.maketrans(",\\_", "///")
_WORDS = (TextType, DigitsType, DocumentNumberType, PassportNumberType)  # never a day
_LIKE = 70.0
_NUMBERS = ("_number", "_no")  # fields of plain text that hold the number of a document
_INTEGERS = frozenset({"int", "decimal", "money", "percent"})


@dataclass(slots=True)
class Parsed:
    """A checked column. `clean[i]` is None where blank or bad; `bad` lists (position, code, suggestion, params)."""

    clean: list[Any]
    bad: dict[int, Invalid] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    reading: sheet_dates.DateReading | None = None


class ColumnCheck:
    """The reading of one field's cells; kept between columns only for its cache of references."""

    def __init__(
        self,
        f: Field,
        *,
        order: str | None = None,
        epoch_1904: bool = False,
        replace: Mapping[str, str] | None = None,
        references: Mapping[str, str] | None = None,
    ) -> None:
        self.field = f
        self.order = order
        self.epoch_1904 = epoch_1904
        self.replace = replace or {}
        self.references = references

    def run(self, values: Sequence[Any]) -> Parsed:
        """Check the cells from top to bottom: each distinct value once."""
        distinct: set[Any] = set(values)
        keys = values
        if True in distinct or False in distinct:  # which hash like 1 and 0
            keys = [_key(value) for value in values]
            distinct = {_key(value) for value in values}
        kind = self.field.type
        reading = None
        if sheet_dates.is_date(kind):
            plain = map(_value, distinct)
            reading = sheet_dates.reading(kind, plain, answer=self.order, epoch_1904=self.epoch_1904)
            kind = reading.type
        good, wrong = self._parse_each(distinct, kind, reading)
        parsed = Parsed(list(map(good.get, keys)), reading=reading)
        if wrong:
            parsed.bad = {i: wrong[key] for i, key in enumerate(keys) if key in wrong}
        return parsed

    def _parse_each(
        self, distinct: set[Any], kind: SemanticType, reading: sheet_dates.DateReading | None
    ) -> tuple[dict[Any, Any], dict[Any, Invalid]]:
        good: dict[Any, Any] = {}
        wrong: dict[Any, Invalid] = {}
        simple = reading is None and not self.replace and self.references is None
        parse = kind.parse if simple else partial(self._one, parse=kind.parse, reading=reading)
        required = self.field.required and self.field.default is None
        fallback = None if callable(self.field.default) else self.field.default
        missing = Invalid("required")
        numbers = self.field.key.endswith(_NUMBERS)
        words_wanted = isinstance(kind, _WORDS) and kind.input == "text" and self.references is None
        if kind.key == "text" and numbers:
            wrong = {key: Invalid("scientific_number") for key in distinct if is_rounded(key)}
            distinct = distinct - wrong.keys()
        for key in distinct:
            value = key if type(key) is not tuple else key[1]
            if value is None or (type(value) is str and len(value) < _LONGEST_NOTHING and is_blank(value)):
                if required:
                    wrong[key] = missing
                elif fallback is not None:
                    good[key] = fallback
                continue
            if type(value) is str and value[:1] in "#=" and (broken := formula_text(value)):
                wrong[key] = broken
                continue
            if words_wanted and isinstance(value, date):
                wrong[key] = Invalid("type", kind="number_as_date" if numbers else "date")
                continue
            try:
                good[key] = parse(value)
            except Invalid as no:
                if no.code != "required":
                    wrong[key] = self._explained(value, no)
                elif required:
                    wrong[key] = missing
        return good, wrong

    def _one(self, value: Any, *, parse: Callable[[Any], Any], reading: sheet_dates.DateReading | None) -> Any:
        if self.replace:
            value = self.replace.get(shown(value), value)
        if reading is not None:
            if self.order == sheet_dates.TYPED and isinstance(value, str) and value.rstrip().endswith("?"):
                value = value.rstrip("? ")
                if _as_date(value, True) not in (None, _as_date(value, False)):
                    raise self._either(value)
            if reading.torn and value in reading.either:
                raise self._either(value)
            value = reading.given.get(value) or value
            if isinstance(value, str) and len(value) < _LONGEST_DATE:
                value = _tidy_date(value)
                if self.field.key.endswith(_ENDS):
                    value = _end_of_range(value)
        if self.references is not None:
            return self._referred(value)
        return parse(value)

    def _either(self, value: str) -> Invalid:
        days = [self.field.type.parse(_as_date(value, month_first)) for month_first in (False, True)]
        return Invalid("date_ambiguous", kind="cell", first=days[0], second=days[1])

    def _referred(self, value: Any) -> str:
        known = self.references or {}
        wanted = folded(shown(value))
        if wanted in known:
            return known[wanted]
        near = process.extractOne(wanted, known.keys(), scorer=fuzz.ratio, score_cutoff=_LIKE)
        raise Invalid("reference_unknown", suggestion=near[0] if near else None)

    def _explained(self, value: Any, no: Invalid) -> Invalid:
        """Add what only a sheet knows: numbers cut by the spreadsheet, a likely word of the list."""
        amount = self.field.type.key in _INTEGERS
        if not amount and no.code in ("pattern", "type") and self._identifier() and is_rounded(value):
            return Invalid("scientific_number")
        if no.code == "choice_unknown" and no.suggestion is None and isinstance(value, str):
            near = self._nearest_choice(value) or self._held_choice(value)
            if near:
                return Invalid(no.code, suggestion=near, **no.params)
        if no.code == "date_invalid" and no.suggestion is None and isinstance(value, str) and not no.params.get("kind"):
            return Invalid(no.code, suggestion=self._date_inside(value), **no.params)
        return no

    def _date_inside(self, value: str) -> str | None:
        """The one whole date in a remark ("31/12/2029 (perpanjang)"), or in another punctuation; to be asked."""
        found = _DATES_INSIDE.findall(value[:200])
        try:
            return None if len(found) != 1 else f"{DateType().parse(found[0].translate(_AS_SLASHES)):%d/%m/%Y}"
        except Invalid:
            return None

    def _identifier(self) -> bool:
        return self.field.type.python is str and self.field.type.choices() is None

    def _nearest_choice(self, value: str) -> str | None:
        labels = [label for _, label in self.field.type.choices("id") or []]
        found = process.extractOne(value, labels, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_LIKE)
        return found[0] if found else None

    def _held_choice(self, value: str) -> str | None:
        kind = self.field.type
        return kind.held(value[:200]) if isinstance(kind, ChoiceType) else None


def is_rounded(value: Any) -> bool:
    """Whether a spreadsheet has cut this number: "1,23E+15" as text, or more digits than a cell keeps."""
    if isinstance(value, str):
        return ("+" in value or "," in value or "." in value) and _SCIENTIFIC.fullmatch(value) is not None
    return isinstance(value, float) and abs(value) >= _FAR


def formula_text(text: str) -> Invalid | None:
    """What a formula leaves where only texts are kept: its error ("#N/A"), or itself, never calculated."""
    plain = text.strip()
    if plain.upper() in _ERRORS:
        return Invalid("formula_error", error=plain.upper())
    return Invalid("formula_error", kind="uncached") if plain == UNCACHED or _FORMULA.fullmatch(plain) else None


def is_blank(text: str) -> bool:
    """Nothing, spaces of any kind, or what people write for "nothing"."""
    if len(text) >= _LONGEST_NOTHING:
        return not text.strip()
    return text.strip().casefold() in _NOTHING


def folded(text: str) -> str:
    """A name as references are compared: case, width and spacing evened out."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def share_taken(f: Field, values: Iterable[Any]) -> float:
    """The share (0 to 1) of a sample of cells that the field's type takes; -1 when the sample is empty."""
    tried = taken = 0
    for value in values:
        if value is None or (isinstance(value, str) and is_blank(value)):
            continue
        tried += 1
        try:
            f.type.parse(value)
            taken += 1
        except Invalid as no:
            taken += no.suggestion is not None or no.params.get("kind") in ("no_such_day", "month_first")
    return taken / tried if tried else -1.0


def _key(value: Any) -> Any:
    return (bool, value) if isinstance(value, bool) else value


def _value(key: Any) -> Any:
    return key[1] if type(key) is tuple else key


def _as_date(value: str, month_first: bool) -> str | None:
    triple = sheet_dates.numeric(value)
    if triple is None:
        return None
    day, month = (triple[1], triple[0]) if month_first else triple[:2]
    return f"{day:02d}/{month:02d}/{triple[2]}"


_NOT_IN_DATES = str.maketrans("\u00a0\u2007\u202f\u3000\u2011\u2013\u2014\u2212", "    ----")
_KOREAN = re.compile(r"(\d{2,4})\s*[년年]\s*(\d{1,2})\s*[월月]\s*(\d{1,2})\s*[일日号]?\.?")
_KOREAN_DOTS = re.compile(r"(\d{4})\s*\.\s*(\d{1,2})\s*\.\s*(\d{1,2})\s*\.?")


_ENDS = ("expires_on", "valid_until", "ends_on")
_UNTIL = re.compile(
    r"^(?:(?:s\s*[./]\s*d\.?|sampai|hingga|until|till|exp(?:iry|ired|ires)?\b\.?|berlaku|dengan)[\s:]*)+(?=\d)",
    re.IGNORECASE,
)
_DAY_CALLED = re.compile(r"^(?:tgl\b\.?|tanggal|date)[\s:]*(?=\d)", re.IGNORECASE)
_RANGE = re.compile(
    r"(?P<first>\d.*\d{4})\s*(?:s\s*[./]?\s*d\.?|sampai|hingga|to|until|–|-)\s*(?P<last>\d.*\d)", re.IGNORECASE
)


def _end_of_range(text: str) -> str:
    """ "12/03/2024 s.d. 11/03/2026" in a column of last days is its last day, "s.d. 11/03/2026" too."""
    found = _RANGE.fullmatch(text)
    return found["last"] if found and len(found["last"]) >= 8 else _UNTIL.sub("", text, count=1)


def _tidy_date(text: str) -> str:
    """Spaces and dashes of other keyboards, and the East Asian year-month-day marks."""
    text = unicodedata.normalize("NFKC", text.translate(_NOT_IN_DATES)).strip()
    text = _DAY_CALLED.sub("", text, count=1)
    found = _KOREAN.fullmatch(text) or _KOREAN_DOTS.fullmatch(text)
    if found and len(found[1]) == 4:
        return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    return text


def problem_at(no: Invalid, key: str, row: int, letter: str, value: Any) -> Problem:
    """An `Invalid` as the error record of one cell."""
    typed = None if value is None else shown(value)
    facts = {k: v.isoformat() if isinstance(v, date | datetime) else v for k, v in no.params.items()}
    return Problem(no.code, field=key, row=row, column=letter, value=typed, suggestion=no.suggestion, params=facts)
