"""Values that tell where they came from: each is used once in the world, so an answer that holds it names its leak."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.fields import Field

_numbers = itertools.count(11)


def _word(n: int) -> str:
    """Letters only, so that it can be a name: 11 → "Zqxaal"."""
    letters = ""
    for _ in range(3):
        n, rest = divmod(n, 26)
        letters = chr(ord("a") + rest) + letters
    return f"Zqx{letters}v"


MARKED: Mapping[str, Callable[[int], str]] = {
    "text": lambda n: _word(n),
    "long_text": lambda n: f"{_word(n)} dan lain-lain",
    "legal_name": lambda n: f"PT {_word(n)}",
    "person_name": lambda n: f"{_word(n)} Uji",
    "email": lambda n: f"{_word(n).lower()}@uji.example",
    "phone": lambda n: f"+628129000{n:05d}",
    "nib": lambda n: f"91200{n:08d}",
    "npwp": lambda n: f"09123456789{n:05d}",
    "nitku": lambda n: f"09123456789{n:05d}000000",
    "nik": lambda n: f"317123450987{n:04d}",
    "passport_number": lambda n: f"X{7400000 + n}",
    "document_number": lambda n: f"2C21QX{1000 + n}-T",
    "mrz": lambda n: f"P<KOR{_word(n).upper()}<<UJI".ljust(44, "<"),
    "file": lambda n: f"{_word(n)}.png",  # its name
    "raw_row": lambda n: {"Kolom": _word(n)},  # type: ignore[dict-item,return-value]
}
# Closed lists, dates, yes and no, small numbers: they name nobody.
PLAIN = frozenset(
    {"choice", "multi_choice", "reference", "references", "date", "datetime", "decimal", "bool", "int", "kbli_section"}
    | {"country", "region_code", "kbli", "sex", "money", "visa_index", "percent", "birth_date", "partial_date", "url"}
    | {"instant"}
)


def marked(field: Field) -> Any:
    """A fresh value of a field that nobody else has; None for a type that cannot carry one."""
    make = MARKED.get(field.type.key)
    return make(next(_numbers)) if make else None


WORD = re.compile(r"zqx[a-z]{3}v", re.IGNORECASE)


def looks(field: Field, value: Any) -> set[str]:
    """How a value may stand in an answer: its word, or its number as it is stored, shown and typed."""
    if isinstance(value, dict):
        value = " ".join(str(part) for part in value.values())
    if field.type.key == "file":
        value = field.type.show(value)
    if not isinstance(value, str) or len(value) < 6:
        return set()
    words = {word.lower() for word in WORD.findall(value)}
    return words or {value, field.type.show(value), field.type.entry(value), str(field.type.cell(value))}
