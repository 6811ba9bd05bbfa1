"""Words, names, addresses of the net: everything that is text and stays text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlsplit

from app.domain.semantic import Invalid, SemanticType

# C0/C1 controls, NUL, lone surrogates, bidi embeddings/overrides/isolates, line separators, non-characters: never data.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufff9-\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")  # pasted from web pages and PDFs, never meant
_ASCII_GAPS = re.compile(r"[^a-z0-9]+")
_SPACES = re.compile(r"\s+")
_LOCAL = r"[a-z0-9_%+\-]+(?:\.[a-z0-9_%+\-]+)*"
_PLAIN_EMAIL = re.compile(rf"{_LOCAL}@(?:[a-z0-9](?:[a-z0-9\-]*[a-z0-9])?\.)+[a-z]{{2,}}", re.IGNORECASE | re.ASCII)
_NEVER_MAILED = frozenset({"local", "localhost", "test", "invalid", "onion", "arpa"})


def as_text(raw: Any) -> str:
    """A cell or form value as the text a person saw; Invalid("type") for what never was text."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "Ya" if raw else "Tidak"
    if isinstance(raw, int):
        return str(raw)
    if isinstance(raw, float):
        if raw.is_integer() and abs(raw) < 1e15:
            return str(int(raw))
        return repr(raw).replace(".", ",") if raw == raw and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return f"{raw:%d/%m/%Y}" if (raw.hour, raw.minute, raw.second) == (0, 0, 0) else f"{raw:%d/%m/%Y %H.%M}"
    if isinstance(raw, date):
        return f"{raw:%d/%m/%Y}"
    raise Invalid("type", expected="text")


def line(raw: Any) -> str:
    """One clean line: NFC, single spaces, nothing invisible. Invalid("pattern", kind="control") or ("required")."""
    text = raw if type(raw) is str else as_text(raw)
    if text.isascii() and text.isprintable():
        text = text.strip()
        if "  " in text:
            text = _SPACES.sub(" ", text)
    else:
        text = _SPACES.sub(" ", _sound(text)).strip()
    if not text:
        raise Invalid("required")
    return text


def lines(raw: Any) -> str:
    """Clean text of several lines, line ends as \\n."""
    text = as_text(raw)
    text = _sound(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "\n".join(part.strip(" \t") for part in text.split("\n")).strip()
    if not text:
        raise Invalid("required")
    return text


def fold(text: str) -> str:
    """What two spellings of one word share: no accents, case, punctuation or double spaces."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    if plain.isascii():
        return _ASCII_GAPS.sub(" ", plain).strip()
    kept = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join(kept.split())


def _sound(text: str) -> str:
    if _FORBIDDEN.search(text):
        raise Invalid("pattern", kind="control")
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


class TextType(SemanticType):
    """One line of text."""

    key: ClassVar[str] = "text"
    example = "Keterangan singkat"

    def __init__(self, max_length: int = 250, *, min_length: int = 1, example: str | None = None) -> None:
        self.max_length: int | None = max_length
        self.min_length = min_length
        if example is not None:
            self.example = example

    def parse(self, raw: Any) -> str:
        return self._within(line(raw))

    def _within(self, text: str) -> str:
        if self.max_length is not None and len(text) > self.max_length:
            raise Invalid("too_long", max=self.max_length, length=len(text))
        if len(text) < self.min_length:
            raise Invalid("out_of_range", kind="length", min=self.min_length, length=len(text))
        return text


class LongTextType(TextType):
    """Text of several lines."""

    key: ClassVar[str] = "long_text"
    input: ClassVar[str] = "textarea"
    example = "Keterangan yang lebih panjang"

    def __init__(self, max_length: int = 5000, *, min_length: int = 1, example: str | None = None) -> None:
        super().__init__(max_length, min_length=min_length, example=example)

    def parse(self, raw: Any) -> str:
        return self._within(lines(raw))


class LegalNameType(TextType):
    """The registered name of a company: kept as written, at least one letter or digit."""

    key: ClassVar[str] = "legal_name"
    example = "PT Contoh Karya Utama"

    def __init__(self, max_length: int = 200, *, min_length: int = 2, example: str | None = None) -> None:
        super().__init__(max_length, min_length=min_length, example=example)

    def parse(self, raw: Any) -> str:
        text = self._within(line(raw))
        if not any(c.isalnum() for c in text):
            raise Invalid("pattern", kind=self.key)
        return text


class PersonNameType(TextType):
    """A person's name in one field; single names exist. Any script; no digits but roman ones."""

    key: ClassVar[str] = "person_name"
    example = "Kim Min-jun"

    def __init__(self, max_length: int = 160, *, min_length: int = 1, example: str | None = None) -> None:
        super().__init__(max_length, min_length=min_length, example=example)

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str):
            raise Invalid("pattern", kind=self.key)
        text = self._within(line(raw))
        if text.replace(" ", "").isalpha():
            return text
        odd = any(c.isdecimal() or c in _NOT_IN_NAMES for c in text) or _ADDRESS.search(text)
        if odd or not any(c.isalpha() for c in text):
            raise Invalid("pattern", kind=self.key)
        return text

    def mask(self, value: Any) -> str:
        return " ".join(f"{word[0]}•••" for word in str(value).split()) if value else ""


# "?" and U+FFFD are what a wrong encoding leaves of a letter; "@" stands in Malaysian passports ("TAN @ CHEN")
_ADDRESS = re.compile(r"@\S+\.")
_NOT_IN_NAMES = frozenset("\ufffd#$%^*=+<>{}[]|\\~_?!;:")


class UrlType(TextType):
    """A web address (http or https), without credentials in it."""

    key: ClassVar[str] = "url"
    input: ClassVar[str] = "url"
    example = "https://www.contoh.example"

    def __init__(self, max_length: int = 500) -> None:
        super().__init__(max_length)

    def parse(self, raw: Any) -> str:
        text = line(raw)
        if "://" not in text and not text.lower().startswith(("javascript:", "data:", "mailto:", "file:")):
            text = f"https://{text}"
        try:
            parts = urlsplit(text)
            good = (
                parts.scheme.lower() in ("http", "https") and "." in (parts.hostname or "") and parts.username is None
            )
            _ = parts.port
        except ValueError:
            good = False
        if not good or " " in text:
            raise Invalid("pattern", kind=self.key)
        return self._within(text)


class EmailType(TextType):
    """An address of e-mail, domain in lower case; whether it exists is learnt by writing to it."""

    key: ClassVar[str] = "email"
    input: ClassVar[str] = "email"
    example = "hrd@contoh.example"

    def __init__(self) -> None:
        super().__init__(254)

    def parse(self, raw: Any) -> str:
        text = line(raw).removeprefix("mailto:").strip("<>")
        if len(text) <= 120 and _PLAIN_EMAIL.fullmatch(text):
            local, _, domain = text.rpartition("@")
            if len(local) <= 64 and domain.rpartition(".")[2].lower() not in _NEVER_MAILED:
                return f"{local}@{domain.lower()}"
        return self._within(self._unusual(self._within(text)))

    def _unusual(self, text: str) -> str:
        from email_validator import EmailNotValidError, validate_email

        try:
            return str(validate_email(text, check_deliverability=False).normalized)
        except EmailNotValidError:
            mended = text.replace(",", ".").replace(" ", "").rstrip(".;")
            likely = mended != text and _PLAIN_EMAIL.fullmatch(mended)
            raise Invalid("pattern", kind=self.key, suggestion=mended if likely else None) from None

    def mask(self, value: Any) -> str:
        if not value:
            return ""
        local, _, domain = str(value).rpartition("@")
        return f"{local[:1]}•••@{domain}"


class PhoneType(TextType):
    """A telephone number, stored as E.164 (+628123456789); numbers without a country are Indonesian."""

    key: ClassVar[str] = "phone"
    input: ClassVar[str] = "tel"
    example = "0812-3456-7890"

    def __init__(self, region: str = "ID") -> None:
        super().__init__(20)
        self.region = region

    def parse(self, raw: Any) -> str:
        import phonenumbers

        text = line(raw)
        if not isinstance(raw, str) and text.startswith("8"):
            text = f"0{text}"  # a number cell has lost its leading zero
        text = unicodedata.normalize("NFKC", text).removeprefix("'")
        if text.startswith("62") and self.region == "ID":
            text = f"+{text}"
        text = text.replace("(0)", "") if text.startswith("+") else text
        try:
            number = phonenumbers.parse(text, self.region)
        except phonenumbers.NumberParseException:
            raise Invalid("pattern", kind=self.key) from None
        if not phonenumbers.is_possible_number(number):
            raise Invalid("pattern", kind=self.key)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def show(self, value: Any, language: str = "id") -> str:
        if not value:
            return ""
        import phonenumbers

        try:
            number = phonenumbers.parse(str(value), None)
        except phonenumbers.NumberParseException:
            return str(value)
        style = phonenumbers.PhoneNumberFormat
        home = number.country_code == 62
        return phonenumbers.format_number(number, style.NATIONAL if home else style.INTERNATIONAL)

    def mask(self, value: Any) -> str:
        return f"•••{str(value)[-3:]}" if value else ""
