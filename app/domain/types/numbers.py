"""Amounts: money, per cent, whole and decimal numbers, yes and no."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from app.domain.semantic import Invalid, SemanticType
from app.domain.types.text import fold, line

_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_GROUPED_ID = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?", re.ASCII)
_GROUPED_EN = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_GROUPED_SPACE = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?", re.ASCII)
_YES = frozenset(["ya", "y", "yes", "true", "benar", "betul", "ada", "sudah", "1", "on", "v", "✓", "✔", "☑"])
_NO = frozenset(["tidak", "t", "tdk", "no", "n", "false", "salah", "belum", "0", "off", "☐", "nihil"]) | {"tidak ada"}


def decimal(raw: Any, *, thousands: bool) -> Decimal:
    """A number as Indonesians write it (1.240,5), as English do where that is unmistakable, or as a cell holds it.

    `thousands` says how a lone comma group such as "1,500" reads: True = 1500 (money), False = 1.5.
    """
    if isinstance(raw, bool):
        raise Invalid("type", expected="number")
    if isinstance(raw, int | Decimal):
        return Decimal(raw)
    if isinstance(raw, float):
        value = Decimal(repr(raw))
        if not value.is_finite():
            raise Invalid("type", expected="number")
        return value
    if not isinstance(raw, str):
        raise Invalid("type", expected="number")
    return _decimal_of_text(unicodedata.normalize("NFKC", line(raw)).replace("−", "-"), thousands)


def _decimal_of_text(text: str, thousands: bool) -> Decimal:
    if len(text) > 40:
        raise Invalid("type", expected="number")
    if _GROUPED_ID.fullmatch(text) and not text.lstrip("+-").startswith("0."):
        text = text.replace(".", "").replace(",", ".")
    elif _GROUPED_EN.fullmatch(text) and (thousands or text.count(",") > 1 or "." in text):
        text = text.replace(",", "")
    elif _GROUPED_SPACE.fullmatch(text):
        text = text.replace(" ", "").replace(",", ".")
    elif _NUMBER.fullmatch(text):
        text = text.replace(",", ".")
    else:
        raise Invalid("type", expected="number")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise Invalid("type", expected="number") from None


class DecimalType(SemanticType):
    """A decimal number with at most `places` places; 1.240,5 is read the Indonesian way."""

    key: ClassVar[str] = "decimal"
    python: ClassVar[type] = Decimal
    excel_format: ClassVar[str] = "#,##0.##"
    input: ClassVar[str] = "decimal"
    example = "12,5"
    thousands: ClassVar[bool] = False

    def __init__(self, *, min: Decimal | int | None = None, max: Decimal | int | None = None, places: int = 6) -> None:
        self.min = None if min is None else Decimal(min)
        self.max = None if max is None else Decimal(max)
        self.places = places

    def parse(self, raw: Any) -> Decimal:
        return self._within(decimal(raw, thousands=self.thousands))

    def _within(self, value: Decimal) -> Decimal:
        exponent = value.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            value = round(value, self.places)
        bounds = (self.min is not None and value < self.min) or (self.max is not None and value > self.max)
        if bounds or abs(value) >= Decimal(10) ** 15:
            raise Invalid("out_of_range", kind="number", min=_plain(self.min), max=_plain(self.max))
        return value

    def show(self, value: Any, language: str = "id") -> str:
        if value is None:
            return ""
        text = f"{Decimal(value):,f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        return text if language == "en" else text.translate(_SWAP)

    def entry(self, value: Any) -> str:
        return "" if value is None else _plain(Decimal(value)).replace(".", ",")

    def cell(self, value: Any) -> Any:
        return None if value is None else float(value)


_SWAP = str.maketrans(",.", ".,")


def _plain(value: Decimal | None) -> str:
    if value is None:
        return ""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class MoneyType(DecimalType):
    """An amount in one currency (ISO 4217). "Rp 1.500.000", "1,500,000.50" and cells are read."""

    key: ClassVar[str] = "money"
    thousands: ClassVar[bool] = True
    excel_format: ClassVar[str] = "#,##0.00"
    example = "1.500.000"

    def __init__(
        self, currency: str = "IDR", *, min: Decimal | int | None = 0, max: Decimal | int | None = None
    ) -> None:
        super().__init__(min=min, max=max, places=2)
        self.currency = currency

    def parse(self, raw: Any) -> Decimal:
        if isinstance(raw, str):
            text = line(raw)
            for mark in (self.currency, "Rp.", "Rp", "US$", "$", "€", "¥"):
                if text[: len(mark)].casefold() == mark.casefold():
                    text = text[len(mark) :]
                    break
            raw = text.strip().removesuffix(",-").removesuffix(".-").strip()
            if not raw:
                raise Invalid("type", expected="number")
        return super().parse(raw)

    def show(self, value: Any, language: str = "id") -> str:
        if value is None:
            return ""
        sign = "Rp" if self.currency == "IDR" else self.currency
        return f"{sign}\u00a0{super().show(value, language)}"


class PercentType(DecimalType):
    """Per cent, 0 to 100, stored as written (12.5 means 12.5 %)."""

    key: ClassVar[str] = "percent"
    excel_format: ClassVar[str] = '0.##"%"'
    example = "12,5"

    def __init__(self, *, min: Decimal | int | None = 0, max: Decimal | int | None = 100) -> None:
        super().__init__(min=min, max=max, places=4)

    def parse(self, raw: Any) -> Decimal:
        return super().parse(line(raw).removesuffix("%").rstrip() or "%" if isinstance(raw, str) else raw)

    def show(self, value: Any, language: str = "id") -> str:
        return "" if value is None else f"{super().show(value, language)}%"


class IntType(SemanticType):
    """A whole number."""

    key: ClassVar[str] = "int"
    python: ClassVar[type] = int
    excel_format: ClassVar[str] = "0"
    input: ClassVar[str] = "number"
    example = "12"

    def __init__(self, *, min: int | None = None, max: int | None = None) -> None:
        self.min = min
        self.max = max

    def parse(self, raw: Any) -> int:
        if type(raw) is str and raw.isascii() and raw.isdigit() and len(raw) < 16:
            value = int(raw)
        elif type(raw) is int:
            value = raw
        else:
            number = decimal(raw, thousands=True)
            if number != number.to_integral_value():
                raise Invalid("type", expected="int")
            value = int(number)
        low, high = self.min, self.max
        if (low is not None and value < low) or (high is not None and value > high) or abs(value) >= 2**63:
            raise Invalid("out_of_range", kind="number", min=_text(low), max=_text(high))
        return value

    def show(self, value: Any, language: str = "id") -> str:
        if value is None:
            return ""
        text = f"{int(value):,}"
        return text if language == "en" else text.replace(",", ".")

    def cell(self, value: Any) -> Any:
        return None if value is None else int(value)


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


class BoolType(SemanticType):
    """Yes or no."""

    key: ClassVar[str] = "bool"
    python: ClassVar[type] = bool
    input: ClassVar[str] = "checkbox"
    example = "Ya"

    def parse(self, raw: Any) -> bool:
        if isinstance(raw, bool):
            return raw
        if isinstance(raw, int | float):
            if raw in (0, 1):
                return bool(raw)
            raise Invalid("type", expected="bool")
        text = line(raw).casefold()
        word = text if text in _YES or text in _NO else fold(text)
        if word in _YES:
            return True
        if word in _NO:
            return False
        raise Invalid("type", expected="bool")

    def show(self, value: Any, language: str = "id") -> str:
        if value is None:
            return ""
        return ("Yes" if value else "No") if language == "en" else ("Ya" if value else "Tidak")

    def entry(self, value: Any) -> str:
        return "" if value is None else ("1" if value else "0")

    def cell(self, value: Any) -> Any:
        return self.show(value)

    def choices(self, language: str = "id") -> list[tuple[str, str]] | None:
        return [("1", self.show(True, language)), ("0", self.show(False, language))]
