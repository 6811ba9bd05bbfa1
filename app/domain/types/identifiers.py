"""Numbers that name things: always strings of digits or capitals, never amounts.

A spreadsheet keeps 15 significant digits of a number; what has more came in rounded and is refused.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar

from app.domain import mrz
from app.domain.semantic import Invalid, SemanticType
from app.domain.types.text import line

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE][+]?\d{1,3}", re.ASCII)
_SEPARATORS = str.maketrans("", "", " .-/_'’‘`\u2010\u2011\u2012\u2013\u2014\u2212")
_KBLI = re.compile(r"\d{5}", re.ASCII)
_REGION = re.compile(r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?", re.ASCII)
_REGION_DIGITS = re.compile(r"(\d{2})(?:(\d{2})(?:(\d{2})(\d{4})?)?)?", re.ASCII)
_VISA_INDEX = re.compile(r"[A-F]\d{1,3}[A-Z]?", re.ASCII)
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{4,20}", re.ASCII)  # "dalam proses" is no number
_CALLED = re.compile(  # "No. E12345678", "PASSPORT NO E12345678"
    r"(?:(?:NOMOR|NUMBER|PASPOR|PASSPORT|NO)\b[\s.:]*)+(?:(?<=[.:])|(?<=[.:]\s)|(?=[A-Z]{0,2}\d{6}))", re.ASCII
)
_DOCUMENT = re.compile(r"[A-Z0-9][A-Z0-9 ./\-]*", re.ASCII)


def characters(raw: Any) -> str:
    """The identifier as text; Invalid("scientific_number") where a spreadsheet has rounded it."""
    if type(raw) is str:
        text = line(raw)
        if not text.isascii():
            text = "".join(map(_western, unicodedata.normalize("NFKC", text)))
        if _SCIENTIFIC.fullmatch(text):
            raise Invalid("scientific_number")
        return text
    if isinstance(raw, bool):
        raise Invalid("type", expected="text")
    if isinstance(raw, int):
        return str(raw)
    if isinstance(raw, float):
        if raw != raw or abs(raw) >= 1e15:
            raise Invalid("scientific_number")
        return str(int(raw)) if raw.is_integer() else repr(raw)
    return line(raw)


def _western(character: str) -> str:
    """Digits of other scripts as 0 to 9: Arabic keyboards type them."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


class DigitsType(SemanticType):
    """An identifier of exactly `size` digits; spaces, dots and dashes in it are dropped."""

    size: ClassVar[int] = 0
    _kept: ClassVar[re.Pattern[str]] = re.compile("")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls._kept = re.compile(rf"[0-9]{{{cls.size}}}")
        cls.max_length = cls.size

    def parse(self, raw: Any) -> str:
        if type(raw) is str and self._kept.fullmatch(raw):
            return raw
        text = characters(raw).translate(_SEPARATORS)
        if self._kept.fullmatch(text):
            return text
        return self._repaired(text, number=not isinstance(raw, str))

    def _repaired(self, text: str, *, number: bool) -> str:
        """Last chance for a text of the wrong length; `number` = it came from a number cell."""
        lost_zeros = number and text.isdigit() and len(text) < self.size
        raise Invalid(
            "pattern",
            suggestion=text.zfill(self.size) if lost_zeros and self.size - len(text) <= 2 else None,
            kind=self.key,
            size=self.size,
            length=len(text) if text.isdigit() else 0,
        )

    def mask(self, value: Any) -> str:
        return f"•••{str(value)[-3:]}" if value else ""


class NibType(DigitsType):
    """Nomor Induk Berusaha: 13 digits, no check digit."""

    key: ClassVar[str] = "nib"
    size: ClassVar[int] = 13
    example = "8120001234567"


class NpwpType(DigitsType):
    """Tax number: 16 digits (PMK 112/2022); the 15-digit form gets its leading zero."""

    key: ClassVar[str] = "npwp"
    size: ClassVar[int] = 16
    example = "0012345678901000"

    def _repaired(self, text: str, *, number: bool) -> str:
        if len(text) == 15 and text.isascii() and text.isdigit():
            return f"0{text}"
        return super()._repaired(text, number=number)

    def show(self, value: Any, language: str = "id") -> str:
        text = str(value or "")
        return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


class NikType(DigitsType):
    """Population number: 16 digits. Never required of a foreigner."""

    key: ClassVar[str] = "nik"
    size: ClassVar[int] = 16
    example = "3516010101800001"


class NitkuType(DigitsType):
    """Number of a place of business: 22 digits."""

    key: ClassVar[str] = "nitku"
    size: ClassVar[int] = 22
    example = "0012345678901000000001"


class KbliType(DigitsType):
    """Business field: 5 digits of the KBLI."""

    key: ClassVar[str] = "kbli"
    size: ClassVar[int] = 5
    example = "24101"

    def parse(self, raw: Any) -> str:
        if isinstance(raw, str):
            head = raw.strip()
            if len(head) > 5 and _KBLI.match(head) and not head[5].isdigit():
                return head[:5]  # "24101 - Industri besi dan baja dasar"
        return super().parse(raw)

    def mask(self, value: Any) -> str:
        return str(value or "")


class RegionCodeType(SemanticType):
    """Official code of a region, PP.KK.CC.DDDD: 2, 4, 6 or 10 digits, stored with its dots."""

    key: ClassVar[str] = "region_code"
    max_length: int | None = 13
    example = "35.16.01.2001"

    def parse(self, raw: Any) -> str:
        if type(raw) is str and _REGION.fullmatch(raw):
            return raw
        text = f"{raw:.2f}" if isinstance(raw, float) and not raw.is_integer() else characters(raw)
        found = _REGION_DIGITS.fullmatch(text.translate(_SEPARATORS))
        if not found or (isinstance(raw, float) and not raw.is_integer() and abs(raw - float(text)) > 1e-9):
            raise Invalid("pattern", kind=self.key)
        return ".".join(part for part in found.groups() if part)


class VisaIndexType(SemanticType):
    """Visa index: E23, C18, D12; the old three-digit codes (C312) are read too, their state is data."""

    key: ClassVar[str] = "visa_index"
    max_length: int | None = 8
    example = "E23"

    def parse(self, raw: Any) -> str:
        text = characters(raw).upper().translate(_SEPARATORS)
        if text.startswith(("INDEKS", "VISA")):
            text = text.removeprefix("INDEKS").removeprefix("VISA")
        if not _VISA_INDEX.fullmatch(text):
            raise Invalid("pattern", kind=self.key)
        return text


class PassportNumberType(SemanticType):
    """Passport number: capitals and digits, at most 20. A suspected O for 0 is a hint, never an error."""

    key: ClassVar[str] = "passport_number"
    max_length: int | None = 20
    example = "E12345678"

    def parse(self, raw: Any) -> str:
        if type(raw) is str and _PASSPORT.fullmatch(raw):
            return raw
        typed = characters(raw).upper()
        if (called := _CALLED.match(typed)) is not None:
            typed = typed[called.end() :]
        text = typed.translate(_SEPARATORS)
        two = _TWO_PASSPORTS.fullmatch(typed) is not None
        if _PASSPORT.fullmatch(text) and not two:
            return text
        if two:
            raise Invalid("pattern", kind="two_passports")
        if len(text) > 20:
            raise Invalid("too_long", max=20, length=len(text))
        raise Invalid("pattern", kind=self.key)

    def hint(self, value: str) -> str | None:
        """The number with 0 and 1 where O and I stand among digits, else None. To be asked, not applied."""
        likely = _O_AMONG_DIGITS.sub("0", value)
        likely = _I_AMONG_DIGITS.sub("1", likely)
        return likely if likely != value else None

    def mask(self, value: Any) -> str:
        return f"•••{str(value)[-3:]}" if value else ""


# an old and a new number in one cell; one number is never cut into two halves that long
_TWO_PASSPORTS = re.compile(r"[A-Z]{0,3}\d{6,}[A-Z]?\s*(?:[/\s]\s*[A-Z]{1,3}|/\s*)\d{6,}[A-Z]?")
_O_AMONG_DIGITS = re.compile(r"(?<=[0-9O])O(?=[0-9O]|$)|O(?=[0-9]{4})")
_I_AMONG_DIGITS = re.compile(r"(?<=[0-9])[IL](?=[0-9]|$)")


class DocumentNumberType(SemanticType):
    """Number of a permit, letter or decision as it is written: capitals, digits, space . / -"""

    key: ClassVar[str] = "document_number"
    max_length: int | None = 40
    example = "2C21JE0001-X"

    def __init__(self, max_length: int = 40) -> None:
        self.max_length = max_length

    def parse(self, raw: Any) -> str:
        text = characters(raw).upper()
        if self.max_length and len(text) > self.max_length:
            raise Invalid("too_long", max=self.max_length, length=len(text))
        if not _DOCUMENT.fullmatch(text):
            raise Invalid("pattern", kind=self.key)
        return text

    def mask(self, value: Any) -> str:
        return f"•••{str(value)[-3:]}" if value else ""


class MrzType(SemanticType):
    """Machine-readable zone of a passport (TD3): both lines, or one line of 44 characters.

    `strict` refuses failing check digits (Invalid("check_digit"), with the likely reading); without it the
    line is kept as it stands and `app.domain.mrz.problems` says what fails.
    """

    key: ClassVar[str] = "mrz"
    input: ClassVar[str] = "textarea"
    max_length: int | None = 89
    example = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"

    def __init__(self, *, strict: bool = True) -> None:
        self.strict = strict

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str):
            raise Invalid("pattern", kind=self.key)
        line(raw.replace("\n", " "))  # refuses what is never data
        text = mrz.normalise(raw)
        if text is None:
            raise Invalid("pattern", kind=self.key)
        second = text.rpartition("\n")[2]
        if self.strict and ("\n" in text or mrz.looks_like_second(second)):
            wrong = mrz.problems(second)
            if wrong:
                fixed = mrz.likely(second)
                head = text.partition("\n")[0] + "\n" if "\n" in text else ""
                raise Invalid("check_digit", suggestion=f"{head}{fixed}" if fixed else None, parts=", ".join(wrong))
        return text
