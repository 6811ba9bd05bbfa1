"""The machine-readable zone of a passport: TD3, two lines of 44 characters (ICAO Doc 9303 part 4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations

WIDTH = 44
_WEIGHTS = (7, 3, 1)
_VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
_LINE = re.compile(r"[A-Z0-9<]{44}", re.ASCII)
_SECOND = re.compile(r".{9}[0-9OI<][A-Z<]{3}[0-9OI<]{6}[0-9OI][MFX<][0-9OI<]{6}[0-9OI].{16}")
# part: (start, end, position of its check digit), 0-based, end exclusive
_PARTS = {"number": (0, 9, 9), "birth_date": (13, 19, 19), "expiry_date": (21, 27, 27), "personal_number": (28, 42, 42)}
_CONFUSED = {"O": "0", "0": "O", "I": "1", "1": "I", "Z": "2", "S": "5", "B": "8", "Q": "0", "D": "0"}


@dataclass(frozen=True, slots=True)
class Td3:
    """What the two lines say; dates as YYMMDD, nothing interpreted."""

    kind: str
    issuing_state: str
    surname: str
    given_names: str
    number: str
    nationality: str
    birth: str
    sex: str
    expiry: str
    personal_number: str


def check_digit(text: str) -> int:
    """Weights 7-3-1 modulo 10; A-Z count 10-35, the filler 0. KeyError on any other character."""
    return sum(_VALUES[c] * _WEIGHTS[i % 3] for i, c in enumerate(text)) % 10


def normalise(raw: str) -> str | None:
    """One or two lines of 44 characters in capitals, joined by \\n; None when it is no such thing."""
    text = re.sub(r"[ \t\r\n]+", "", raw.upper().replace("«", "<<").replace("‹", "<"))
    if len(text) not in (WIDTH, 2 * WIDTH):
        return None
    found = [text[i : i + WIDTH] for i in range(0, len(text), WIDTH)]
    if not all(_LINE.fullmatch(one) for one in found) or (len(found) == 2 and not found[0].startswith("P")):
        return None
    return "\n".join(found)


def looks_like_second(line: str) -> bool:
    """Whether a single line is the one with numbers and dates."""
    return bool(_SECOND.fullmatch(line))


def problems(second: str) -> list[str]:
    """Names of the parts of line 2 whose check digit fails; "composite" when only the whole does."""
    wrong = [name for name, (start, end, at) in _PARTS.items() if not _good(second, start, end, at)]
    if not wrong and second[43] != str(check_digit(second[0:10] + second[13:20] + second[21:43])):
        wrong = ["composite"]
    return wrong


def _good(second: str, start: int, end: int, at: int) -> bool:
    if second[at] == "<" and not second[start:end].strip("<"):
        return True  # an empty personal number may carry the filler for its check digit
    return second[at] == str(check_digit(second[start:end]))


def likely(second: str) -> str | None:
    """The one reading of line 2 with at most two confused characters (O/0, I/1…) that satisfies all check digits."""
    spots = [i for i, c in enumerate(second) if c in _CONFUSED and not 10 <= i < 13 and i != 20]
    for count in (1, 2):
        found = []
        for chosen in combinations(spots, count):
            letters = list(second)
            for i in chosen:
                letters[i] = _CONFUSED[second[i]]
            candidate = "".join(letters)
            if looks_like_second(candidate) and not problems(candidate):
                found.append(candidate)
        if found:
            return found[0] if len(found) == 1 else None
    return None


def read(text: str) -> Td3:
    """The fields of a normalised pair of lines; ValueError when it is not a pair."""
    first, _, second = text.partition("\n")
    if len(first) != WIDTH or len(second) != WIDTH:
        raise ValueError("a TD3 zone has two lines of 44 characters")
    surname, _, given = first[5:].partition("<<")
    return Td3(
        kind=first[:2].rstrip("<"),
        issuing_state=first[2:5].rstrip("<"),
        surname=surname.replace("<", " ").strip(),
        given_names=given.replace("<", " ").strip(),
        number=second[0:9].rstrip("<"),
        nationality=second[10:13].rstrip("<"),
        birth=second[13:19],
        sex=second[20].replace("<", "X"),
        expiry=second[21:27],
        personal_number=second[28:42].rstrip("<"),
    )


def compose(zone: Td3) -> str:
    """Both lines with their check digits, of fields already in capitals without accents (for examples and tests)."""
    names = f"{zone.surname}<<{zone.given_names}".replace(" ", "<").replace("-", "<").replace("'", "")
    first = f"{zone.kind:<<2}{zone.issuing_state:<<3}{names}"[:WIDTH].ljust(WIDTH, "<")
    number, personal = f"{zone.number:<<9}", f"{zone.personal_number:<<14}"
    second = f"{number}{check_digit(number)}{zone.nationality:<<3}{zone.birth}{check_digit(zone.birth)}"
    second += f"{'<' if zone.sex == 'X' else zone.sex}{zone.expiry}{check_digit(zone.expiry)}"
    second += f"{personal}{check_digit(personal) if zone.personal_number else '<'}"
    return f"{first}\n{second}{check_digit(second[0:10] + second[13:20] + second[21:43])}"
