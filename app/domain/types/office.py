"""What only settings of an office hold: colours, pictures, secrets."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from app.domain import colours
from app.domain.semantic import Invalid, SemanticType
from app.domain.types.text import line

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


class ColourType(SemanticType):
    """A colour that words are written in and on: refused where they could not be read."""

    key: ClassVar[str] = "colour"
    input: ClassVar[str] = "colour"
    max_length: int | None = 7
    example = "#17457f"

    def parse(self, raw: Any) -> str:
        found = colours.parsed(line(raw))
        if found is None:
            raise Invalid("pattern", kind=self.key)
        ratio = colours.weakest(found)
        if ratio < colours.ENOUGH:
            raise Invalid("contrast", suggestion=colours.readable(found), ratio=int(ratio * 10) / 10)
        return found


class PictureType(SemanticType):
    """A picture for strangers to load, by the digest of its bytes, which are cleaned (`app.domain.pictures`)."""

    key: ClassVar[str] = "picture"
    input: ClassVar[str] = "file"
    max_length: int | None = 64
    example = ""

    def parse(self, raw: Any) -> str:
        text = line(raw)
        if not _DIGEST.fullmatch(text):
            raise Invalid("pattern", kind=self.key)
        return text


class SecretType(SemanticType):
    """A password of a machine: taken as typed, never shown again."""

    key: ClassVar[str] = "secret"
    input: ClassVar[str] = "password"
    max_length: int | None = 500
    example = ""

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str) or not raw or len(raw) > 500 or any(ord(c) < 32 for c in raw):
            raise Invalid("pattern", kind=self.key)
        return raw

    def show(self, value: Any, language: str = "id") -> str:
        return self.mask(value)

    def entry(self, value: Any) -> str:
        return ""

    def cell(self, value: Any) -> Any:
        return self.mask(value) or None
