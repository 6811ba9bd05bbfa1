"""Numbers of reports and receipts, and their place in a row: `SNG-2026-7F3K-9`, made to be read out over the telephone.

Alphabet: 31 signs without look-alikes (no 0 O, 1 I L). The last sign checks the rest: the year and the four signs,
weighted 1, 2, 4, 8, 16 modulo the prime 31. Every single wrong sign (a digit of the year included) and every swap of
two neighbours is caught, because no two weights, nor a weight and the -1 of the check sign, are equal modulo 31.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

PREFIX = "SNG"
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_VALUES = {c: i for i, c in enumerate(ALPHABET)}
_WEIGHTS = (1, 2, 4, 8, 16)
_SHAPE = re.compile(rf"(20\d\d)([{ALPHABET}]{{4}})([{ALPHABET}])", re.ASCII)
_SEEN_AS_DIGITS = str.maketrans("OIL", "011")  # only in the year: the other signs have none of these
_NOISE = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report stands among those of its duty (`wording.place`).

    `part` 2 and up holds all that was sent and some of the rest; `correction` 1 and up says again what was sent.
    """

    part: int = 1
    correction: int = 0


def new(year: int, draw: Callable[[], str] = lambda: secrets.choice(ALPHABET)) -> str:
    """A fresh code of the year (2000 to 2099). `draw` gives one sign of the alphabet; uniqueness is the table's."""
    return compose(year, "".join(draw() for _ in range(4)))


def compose(year: int, body: str) -> str:
    """The code of a year and four signs; ValueError for anything else."""
    if len(body) != 4 or any(c not in _VALUES for c in body) or not 2000 <= year <= 2099:
        raise ValueError("a receipt code has a year from 2000 to 2099 and four signs of the alphabet")
    return f"{PREFIX}-{year}-{body}-{check_character(year, body)}"


def check_character(year: int, body: str) -> str:
    values = (year, *(_VALUES[c] for c in body))
    return ALPHABET[sum(weight * value for weight, value in zip(_WEIGHTS, values, strict=True)) % len(ALPHABET)]


def parse(text: str) -> str | None:
    """The code meant by what was typed or heard (any case, spaces, dashes, with or without prefix), else None."""
    kept = _NOISE.sub("", text.upper().translate(_FULL_WIDTH)).removeprefix(PREFIX)
    found = _SHAPE.fullmatch(kept[:4].translate(_SEEN_AS_DIGITS) + kept[4:])
    if found is None:
        return None
    year, body, check = int(found[1]), found[2], found[3]
    return compose(year, body) if check_character(year, body) == check else None


_FULL_WIDTH = {0xFF10 + i: chr(48 + i) for i in range(10)} | {0xFF21 + i: chr(65 + i) for i in range(26)}


def spoken(code: str) -> str:
    """The code sign by sign, for a screen reader or a call."""
    return " ".join(c for c in code if c != "-")
