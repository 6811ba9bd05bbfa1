"""One field spread over a column for each choice, ticked: "Jenis Kelamin" over "L" and "P", with a √ below one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from app.domain.semantic import Invalid
from app.domain.sheet_headings import words

if TYPE_CHECKING:
    from app.domain.sheet_mapping import Matching

_MARKS = frozenset(["√", "✓", "✔", "☑", "●", "•", "v", "x", "1", "ya", "yes", "y", "-"])
_LEGEND = re.compile(r"(?<!\w)(\w{1,3})\s*=\s*([^=,;/()\n]+?)(?=\s*(?:[,;/()\n]|$|\s\w{1,3}\s*=))")
_MEN_FIRST = re.compile(r"(?<!\w)p\s*/\s*w(?!\w)|\bpria\b", re.IGNORECASE)
_MEN_ARE_L = re.compile(r"(?<!\w)(?:l|lk|laki)(?!\w)", re.IGNORECASE)
_OWN_LETTER = re.compile(r" \([A-Z]{1,3}\)$")  # what makes a repeated heading unique


def settle(work: Matching) -> None:
    """Take neighbouring columns whose headings are choices of one list and whose cells are ticks."""
    for key, field in work.fields.items():
        if field.type.choices() is None or not work.free(key):
            continue
        places = [p for p in range(len(work.headings)) if work.open(p) and _is_choice(work, key, p)]
        for _, run in groupby(enumerate(places), lambda pair: pair[1] - pair[0]):
            columns = [place for _, place in run]
            chosen = {field.type.parse(choice_of(work.headings[p])) for p in columns}
            ticked = any(work.samples.get(p) for p in columns)
            if len(columns) > 1 and len(chosen) == len(columns) and ticked:
                for place in columns:
                    work.take(place, (key,), "content")
                break


def ticked(work: Matching, first: int, second: int) -> bool:
    """Whether two columns are two choices of one list, by their ticks."""
    samples = [work.samples.get(place, ()) for place in (first, second)]
    choices = {choice_of(work.headings[place]) for place in (first, second)}
    return any(samples) and all(map(only_marks, samples)) and len(choices) == 2


def choice_of(heading: str) -> str:
    """The part of a heading below its group: "L" of "Jenis Kelamin / L"."""
    return _OWN_LETTER.sub("", heading).rpartition(" / ")[2].strip()


def legend(heading: str) -> dict[str, str]:
    """Codes that a heading explains: "Status (T = Tetap, K = Keluar)" → {"T": "Tetap", "t": "Tetap", …}."""
    pairs = [(code, word.strip()) for code, word in _LEGEND.findall(heading)]
    return {cell: word for code, word in pairs for cell in (code, code.lower(), code.upper())}


def of_men(heading: str, values: Iterable[Any]) -> dict[str, str]:
    """ "P" where women are "W" is Pria, not Perempuan: cells as they stand → "M"."""
    texts = {value: value.strip().casefold() for value in values if isinstance(value, str) and len(value) < 20}
    letters = set(texts.values())
    if not (letters & {"l", "lk"} or _MEN_ARE_L.search(heading)) and ("w" in letters or _MEN_FIRST.search(heading)):
        return {value: "M" for value, letter in texts.items() if letter == "p"}
    return {}


def only_marks(cells: Iterable[Any]) -> bool:
    """Whether nothing but ticks stands in a column; a blank column may be a choice nobody took."""
    return all(cell is None or str(cell).strip().casefold() in _MARKS for cell in cells)


def as_choices(heading: str, cells: Sequence[Any]) -> list[Any]:
    """The cells of such a column in words: its choice where it is ticked."""
    choice = choice_of(heading)
    return [choice if cell is not None and str(cell).strip() != "-" else None for cell in cells]


def _is_choice(work: Matching, key: str, place: int) -> bool:
    heading = work.headings[place]
    group = heading.rpartition(" / ")[0]
    if (group and words(group) not in work.aliases[key]) or not only_marks(work.samples.get(place, ())):
        return False
    try:
        work.fields[key].type.parse(choice_of(heading))
    except Invalid:
        return False
    return True
