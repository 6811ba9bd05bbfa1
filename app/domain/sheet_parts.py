"""One cell that holds two values, and one value spread over several columns.

"Seoul, 12-03-1985" under "TTL"; "E1234567 / 31-12-2028" under "Paspor"; given name and surname; day, month, year.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.domain import sheet_marks
from app.domain.sheet_births import ends_in_date
from app.domain.sheet_headings import EAST_ASIAN_LETTER, words
from app.domain.sheet_lexicon import (
    DAY_MONTH_YEAR,
    DOCUMENTS,
    GIVEN_NAME,
    OTHER_THINGS,
    OWN_SCRIPT,
    PLACE_AND_DATE_OF_BIRTH,
    SURNAME,
)

if TYPE_CHECKING:
    from app.domain.sheet_mapping import Matching

_MOSTLY = 0.8
_TTL = ("birth_place", "birth_date")
_DOCUMENTS = (("paspor", "passport_number", "passport_expires_on"), ("izin", "permit_number", "permit_expires_on"))
_DATES = (("lahir", "birth_date"), ("paspor", "passport_expires_on"), ("izin", "permit_expires_on"),
          ("mulaikerja", "started_on"), ("keluar", "left_on"))  # fmt: skip


def settle(work: Matching) -> None:
    """Recognise such columns among those still open."""
    _births(work)
    _documents(work)
    _names(work)
    _remarks(work)


def belong_together(work: Matching, first: int, second: int) -> bool:
    """Whether two columns may make one field: parts of a name, or of a date, or the choices of a list."""
    one, other = work.words[first], work.words[second]
    if sheet_marks.ticked(work, first, second):
        return True
    if (one in GIVEN_NAME and other in SURNAME) or (one in SURNAME and other in GIVEN_NAME):
        return True
    kinds = [next((n for n, part in enumerate(DAY_MONTH_YEAR) if part & own), -1) for own in (one, other)]
    return -1 not in kinds and kinds[0] != kinds[1]


def _births(work: Matching) -> None:
    if not all(key in work.fields for key in _TTL):
        return
    for position, texts in enumerate(work.readings):
        if work.open(position) and any(words(text) == PLACE_AND_DATE_OF_BIRTH for text in texts):
            keys = tuple(key for key in _TTL if work.free(key))
            if keys:
                work.take(position, _halves(work, position, keys), "alias")


def _halves(work: Matching, position: int, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The heading may lie over two columns, the place in one and the date in the next."""
    beside = position + 1
    spread = (
        len(keys) == 2 and beside < len(work.words) and work.words[beside] in (frozenset(), PLACE_AND_DATE_OF_BIRTH)
    )
    if spread and work.taken("birth_date", position) == 0.0 and work.taken("birth_date", beside) > 0:
        work.take(beside, ("birth_date",), "content")
        return ("birth_place",)
    return keys


def _documents(work: Matching) -> None:
    """A number and its expiry in one cell, seen by the cells themselves."""
    for word, number, expires in _DOCUMENTS:
        if number not in work.fields or expires not in work.fields:
            continue
        for position, own in enumerate(work.words):
            had = work.fields_of(position)
            others = {key for at, keys in work.found.items() if at != position for key in keys}
            if word not in own or not set(had) <= {number, expires} or others & {number, expires}:
                continue
            if _both(work.samples.get(position, ())):
                work.take(position, (number, expires), "content")
        for position, own in enumerate(work.words):
            if (
                own == {word}
                and work.open(position)
                and work.free(expires)
                and work.taken(expires, position) >= _MOSTLY
            ):
                work.take(position, (expires,), "content")  # "PASPOR" lies over the number and the last day


def _remarks(work: Matching) -> None:
    """ "Ket." over nothing but "tetap", "baru", "keluar" is the change."""
    if not work.free("change"):
        return
    for position, keys in work.found.items():
        if keys == ("note",) and work.how[position] != "given" and work.taken("change", position) >= _MOSTLY:
            work.take(position, ("change",), "content")
            return


def told_by_cells(work: Matching) -> None:
    """A list that has no column yet, and one column of nothing but its words: "Status Aktif/Resign", "P/W"."""
    for key, field in work.fields.items():
        if field.type.choices() is None or not field.required or not work.free(key):
            continue
        own = frozenset(w for alias in work.aliases[key] for w in alias)
        places = [p for p in range(len(work.words)) if work.open(p) and _says(work, key, p)]
        near = [p for p in places if work.words[p] & own] or (places if key == "sex" else [])
        if len(near) == 1:
            work.take(near[0], (key,), "content")


def _says(work: Matching, key: str, place: int) -> bool:
    worded = any(not str(cell).strip().isdigit() for cell in work.samples.get(place, ()))
    apart = work.words[place] & (OTHER_THINGS | DOCUMENTS)
    return worded and not apart and work.taken(key, place) >= _MOSTLY


def own_script(work: Matching) -> None:
    """A name twice, once in the letters of its country ("中文姓名"): the passport has the other one."""
    for position, own in enumerate(work.words):
        plain = own - OWN_SCRIPT
        if work.open(position) and own & OWN_SCRIPT:
            key = next((key for key in work.fields if work.free(key) and plain in work.aliases[key]), None)
            if key is not None:
                work.take(position, (key,), "alias")
    for position in [p for p, key in work.rivals.items() if key == "full_name" and work.open(p)]:
        first = next(p for p, keys in work.found.items() if "full_name" in keys)
        here, there = (_east_asian(work.samples.get(p, ())) for p in (position, first))
        if there and not here and work.how[first] not in ("given", "remembered"):
            del work.found[first], work.how[first]
            work.closed.add(first)
            work.take(position, ("full_name",), "content")
        elif here and not there:
            work.closed.add(position)


def _east_asian(sample: Sequence[Any]) -> bool:
    return sum(bool(EAST_ASIAN_LETTER.search(str(value))) for value in sample) * 2 > len(sample)


def _both(sample: Sequence[Any]) -> bool:
    return sum(map(ends_in_date, sample)) * 2 > len(sample) > 0


def _names(work: Matching) -> None:
    """Given name and surname in two columns make one full name, in the order of the sheet."""
    if not work.free("full_name"):
        return
    given = next((p for p, own in enumerate(work.words) if work.open(p) and own in GIVEN_NAME), None)
    family = next((p for p, own in enumerate(work.words) if work.open(p) and own in SURNAME), None)
    if given is not None and family is not None:
        work.take(given, ("full_name",), "alias")
        work.take(family, ("full_name",), "alias")


def dates(work: Matching) -> None:
    """Day, month and year side by side under the heading of a date; looked for first, since each has its words."""
    tails = [words(texts[-1]) for texts in work.readings]
    parts = [[bool(tail) and tail <= part for part in DAY_MONTH_YEAR] for tail in tails]
    for position in range(len(work.words) - 2):
        three = range(position, position + 3)
        kinds = [next((n for n, hit in enumerate(parts[p]) if hit), -1) for p in three]
        if kinds not in ([0, 1, 2], [2, 1, 0]) or not all(work.open(p) for p in three):
            continue
        above = frozenset(w for p in three for w in work.words[p])
        key = next((key for word, key in _DATES if word in above and work.free(key)), None)
        if key is None and above <= frozenset().union(*DAY_MONTH_YEAR) and work.free("birth_date"):
            key = "birth_date" if _long_ago(work.samples.get(position + kinds.index(2), ())) else None
        for p in three if key else ():
            work.take(p, (str(key),), "alias")


def _long_ago(years: Sequence[Any]) -> bool:
    """Years of birth, not of anything that still runs."""
    numbers = [int(y) for y in years if str(y).strip().isdigit()]
    return bool(numbers) and all(1930 <= n <= 2010 for n in numbers)
