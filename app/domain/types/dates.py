"""Days and instants as people write them: d/m/y first, month names in two languages, serials of a sheet."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from app.domain.semantic import Invalid, SemanticType
from app.domain.types.text import line

Order = Literal["dmy", "mdy"]

_EPOCH = date(1899, 12, 30)  # serial 1 = 1900-01-01 with the phantom 1900-02-29 behind it: right from 1900-03-01 on
_FIRST_SERIAL, _LAST_SERIAL = 3654, 73415  # 1910-01-01 … 2100-12-31
_MONTH_WORDS = {
    1: "januari january jan i",
    2: "februari february pebruari feb peb ii",
    3: "maret march mar mrt iii",
    4: "april apr iv",
    5: "mei may v",
    6: "juni june jun vi",
    7: "juli july jul vii",
    8: "agustus august agt agu ags agst agust aug viii",
    9: "september sept sep ix",
    10: "oktober october okt oct x",
    11: "november nopember nov nop nope xi",
    12: "desember december des dec xii",
}
_SHORT = "Jan Feb Mar Apr Mei Jun Jul Agu Sep Okt Nov Des".split()
MONTHS = {word: number for number, words in _MONTH_WORDS.items() for word in words.split()}
_NUMERIC = re.compile(r"(\d{1,2})\s*[/.\- ]\s*(\d{1,2})\s*[/.\- ]\s*(\d{4}|'?\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})\s*(?:[/.\-年]|\s)\s*(\d{1,2})\s*(?:[/.\-月]|\s)\s*(\d{1,2})\s*日?", re.ASCII)
_DAY_WORD = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s./\-]*([a-z]{1,10})\.?[\s,./\-]*(\d{4}|'?\d{2})")
_WORD_DAY = re.compile(r"([a-z]{1,10})\.?[\s./\-]*(\d{1,2})(?:st|nd|rd|th)?[\s,./\-]+(\d{4}|'?\d{2})")
_COMPACT = re.compile(r"\d{8}", re.ASCII)
_MIDNIGHT = re.compile(r"[ t]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:\s*[ap]m)?(?:z|[+-]\d{2}:?\d{2})?$")
_WEEKDAY = re.compile(r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|[a-z]+day)[\s,]+")
_WORDED_MONTH = re.compile(r"([a-z]{1,10})\.?[\s,./\-]*(\d{4})")
_NUMBERED_MONTH = re.compile(r"(\d{1,2})[\s./\-]+(\d{4})", re.ASCII)
_ISO_MONTH = re.compile(r"(\d{4})[./\-](\d{1,2})", re.ASCII)
_UNKNOWN_DAY = re.compile(r"(?:00|xx|--)\s*[/.\-]\s*(\d{2}|xx|--)\s*[/.\-]\s*(\d{4})")


class DateType(SemanticType):
    """A day, stored as `date`. `order` says how 03/04/2026 reads; two-digit years turn at `pivot` (69 → 1969).

    Raises Invalid("date_invalid", kind=…): "" (no date in it), "no_such_day" (day, month, year),
    "month_first" (suggestion in d/m/y), "day_first" (the same in a column
    of m/d/y) or "year"; Invalid("out_of_range", kind="year") outside 1900 to 2100.
    """

    key: ClassVar[str] = "date"
    python: ClassVar[type] = date
    excel_format: ClassVar[str] = "dd/mm/yyyy"
    input: ClassVar[str] = "date"
    example = "31/12/2026"

    def __init__(
        self, *, order: Order = "dmy", pivot: int = 69, min: date | None = None, max: date | None = None
    ) -> None:
        self.order: Order = order
        self.pivot = pivot
        self.min = min
        self.max = max

    def parse(self, raw: Any) -> date:
        if type(raw) is str:
            day = self._quick(raw)
            if day is None:
                day = self._text(line(raw))
        elif isinstance(raw, datetime):
            day = raw.date()
        elif isinstance(raw, date):
            day = raw
        elif isinstance(raw, int | float) and not isinstance(raw, bool):
            day = self._serial(raw)
        else:
            raise Invalid("date_invalid")
        low, high = self.min, self.max
        if low is not None or high is not None:
            if (low is not None and day < low) or (high is not None and day > high):
                raise Invalid("out_of_range", kind="date", min=low, max=high)
        elif not 1900 <= day.year <= 2100:
            raise Invalid("out_of_range", kind="year", year=day.year)
        return day

    def _quick(self, raw: str) -> date | None:
        """31/12/2026 and 2026-12-31 without a regex; None leaves it to the patient reader."""
        if len(raw) != 10:
            return None
        try:
            if raw[2] == raw[5] and raw[2] in "/-." and self.order == "dmy":
                return date(int(raw[6:]), int(raw[3:5]), int(raw[:2]))
            if raw[4] == raw[7] == "-":
                return date(int(raw[:4]), int(raw[5:7]), int(raw[8:]))
        except ValueError:
            pass
        return None

    def _serial(self, raw: float) -> date:
        if raw == raw and _FIRST_SERIAL <= raw < _LAST_SERIAL + 1:
            return _EPOCH + timedelta(days=int(raw))
        if raw == raw and abs(raw) < 1e9 and float(raw).is_integer():
            return self._text(f"{int(raw):08d}" if raw >= 1e6 else str(int(raw)))
        raise Invalid("date_invalid")

    def _text(self, text: str) -> date:
        text = unicodedata.normalize("NFKC", text).casefold().removeprefix("'")
        text = _WEEKDAY.sub("", _MIDNIGHT.sub("", text)).strip(" .,;")
        if found := _YEAR_FIRST.fullmatch(text):
            return _day(int(found[1]), int(found[2]), int(found[3]))
        if found := _NUMERIC.fullmatch(text):
            return self._numeric(int(found[1]), int(found[2]), self._year(found[3]))
        if found := _DAY_WORD.fullmatch(text):
            return _worded(int(found[1]), found[2], self._year(found[3]))
        if found := _WORD_DAY.fullmatch(text):
            return _worded(int(found[2]), found[1], self._year(found[3]))
        if _COMPACT.fullmatch(text):
            return self._compact(text)
        raise Invalid("date_invalid")

    def _numeric(self, first: int, second: int, year: int) -> date:
        day, month = (first, second) if self.order == "dmy" else (second, first)
        if month > 12 >= day >= 1 and month <= 31:
            try:
                other = date(year, day, month)
            except ValueError:
                raise Invalid("date_invalid") from None
            if self.order == "mdy":  # in numbers the suggestion would be read month first again
                worded = f"{other.day} {_SHORT[other.month - 1]} {other.year}"
                raise Invalid("date_invalid", suggestion=worded, kind="day_first", month=month)
            raise Invalid("date_invalid", suggestion=f"{other:%d/%m/%Y}", kind="month_first", month=month)
        return _day(year, month, day)

    def _compact(self, text: str) -> date:
        try:
            day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
            if 1900 <= day.year <= 2100:
                return day
        except ValueError:
            pass
        return _day(int(text[4:]), int(text[2:4]), int(text[:2]))

    def _year(self, text: str) -> int:
        text = text.removeprefix("'")
        if len(text) == 4:
            return int(text)
        return int(text) + (1900 if int(text) >= self.pivot else 2000)

    def show(self, value: Any, language: str = "id") -> str:
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")

    def entry(self, value: Any) -> str:
        return self.show(value)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        if 1 <= month <= 12 and 1 <= day <= 31 and year >= 1:
            raise Invalid("date_invalid", kind="no_such_day", day=day, month=month, year=year) from None
        raise Invalid("date_invalid") from None


def _worded(day: int, word: str, year: int) -> date:
    """A day with its month in letters; a misspelt month is offered, not taken."""
    number = MONTHS.get(word)
    if number is not None:
        return _day(year, number, day)
    near = _likely_month(word)
    if near is None or not 1 <= day <= calendar.monthrange(max(year, 1), near)[1]:
        raise Invalid("date_invalid")
    raise Invalid("date_invalid", suggestion=f"{day:02d}/{near:02d}/{year}")


def _likely_month(word: str) -> int | None:
    from rapidfuzz import fuzz, process

    best = process.extractOne(word, list(MONTHS), scorer=fuzz.ratio, score_cutoff=70) if len(word) > 2 else None
    return MONTHS[best[0]] if best else None


def _month(word: str) -> int:
    if word not in MONTHS:
        raise Invalid("date_invalid")
    return MONTHS[word]


class BirthDateType(DateType):
    """A day of birth: years of two digits are of the last hundred years ("85" is 1985, "35" is 1935)."""

    key: ClassVar[str] = "date"
    example = "12/03/1985"

    def __init__(self, *, order: Order = "dmy") -> None:
        super().__init__(order=order, pivot=27)


class PartialDateType(SemanticType):
    """A day, month or year that is only partly known, stored as 1985, 1985-03 or 1985-03-12."""

    key: ClassVar[str] = "partial_date"
    max_length: int | None = 10
    example = "03/1985"

    def parse(self, raw: Any) -> str:
        if isinstance(raw, str):
            text = unicodedata.normalize("NFKC", line(raw)).casefold()
            partial = _partial(text)
            if partial:
                return partial
        elif isinstance(raw, int | float) and not isinstance(raw, bool) and 1900 <= raw <= 2100 and int(raw) == raw:
            return str(int(raw))
        return DateType().parse(raw).isoformat()

    def show(self, value: Any, language: str = "id") -> str:
        return "/".join(reversed(str(value).split("-"))) if value else ""

    def entry(self, value: Any) -> str:
        return self.show(value)


def _partial(text: str) -> str | None:
    if len(text) == 4 and text.isascii() and text.isdigit():
        year, month = int(text), 0
    elif found := _WORDED_MONTH.fullmatch(text):
        year, month = int(found[2]), _month(found[1])
    elif found := _NUMBERED_MONTH.fullmatch(text):
        year, month = int(found[2]), int(found[1])
    elif found := _ISO_MONTH.fullmatch(text):
        year, month = int(found[1]), int(found[2])
    elif found := _UNKNOWN_DAY.fullmatch(text):
        year, month = int(found[2]), int(found[1]) if found[1].isdigit() else 0
    else:
        return None
    if not 1900 <= year <= 2100:
        raise Invalid("out_of_range", kind="year", year=year)
    if month > 12:
        raise Invalid("date_invalid")
    return f"{year:04d}-{month:02d}" if month else f"{year:04d}"


class InstantType(SemanticType):
    """A moment, stored in UTC; what carries no zone is read in `zone`."""

    key: ClassVar[str] = "instant"
    python: ClassVar[type] = datetime
    excel_format: ClassVar[str] = "dd/mm/yyyy hh:mm"
    input: ClassVar[str] = "datetime"
    example = "31/12/2026 14.30"

    def __init__(self, zone: str = "Asia/Jakarta") -> None:
        self.zone = zone

    def parse(self, raw: Any) -> datetime:
        if isinstance(raw, datetime):
            return self._utc(raw)
        if isinstance(raw, date):
            return self._utc(datetime(raw.year, raw.month, raw.day))  # noqa: DTZ001 (zone added in _utc)
        if isinstance(raw, int | float) and not isinstance(raw, bool) and _FIRST_SERIAL <= raw < _LAST_SERIAL + 1:
            seconds = round((raw - int(raw)) * 86400)
            start = datetime.combine(_EPOCH + timedelta(days=int(raw)), datetime.min.time())
            return self._utc(start + timedelta(seconds=seconds))
        if isinstance(raw, str):
            return self._text(line(raw))
        raise Invalid("date_invalid", kind="instant")

    def _text(self, text: str) -> datetime:
        try:
            return self._utc(datetime.fromisoformat(text))
        except ValueError:
            pass
        zone = self.zone
        for suffix, name in _ZONES.items():
            if text.upper().endswith(suffix):
                text, zone = text[: -len(suffix)].strip(), name
                break
        found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text))
        if not found or int(found[2]) > 23 or int(found[3]) > 59:
            raise Invalid("date_invalid", kind="instant")
        day = DateType().parse(found[1])
        return self._utc(datetime(day.year, day.month, day.day, int(found[2]), int(found[3])), zone)  # noqa: DTZ001

    def _utc(self, moment: datetime, zone: str | None = None) -> datetime:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(zone or self.zone))
        return moment.astimezone(UTC)

    def show(self, value: Any, language: str = "id") -> str:
        if not isinstance(value, datetime):
            return str(value or "")
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f"{aware.astimezone(ZoneInfo(self.zone)):%d/%m/%Y %H.%M}"

    def entry(self, value: Any) -> str:
        if not isinstance(value, datetime):
            return ""
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(ZoneInfo(self.zone)).isoformat()

    def cell(self, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)  # a sheet knows no zones


_ZONES = {"WITA": "Asia/Makassar", "WIB": "Asia/Jakarta", "WIT": "Asia/Jayapura"}
_CLOCK = re.compile(r"(.+?)[,\s]+(?:pukul|jam|at)?\s*(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?", re.IGNORECASE)


def last_day_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
