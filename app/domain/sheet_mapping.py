"""Which column is which field: by key, label, alias, surroundings, content, and last by likeness.

One heading means one field and one field stands under one heading. Nothing is decided in secret: each column
says how it was recognised, the whole mapping is shown, and the sender's correction is remembered.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain import sheet_claims, sheet_headless, sheet_marks, sheet_pairs, sheet_parts, sheet_shared
from app.domain import sheet_lexicon as lexicon
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.sheet_headings import likeness, plain, words
from app.domain.sheet_lexicon import Words
from app.domain.sheet_report import Column, letter

_MOSTLY = 0.8
SIMILAR = 86.0  # rapidfuzz ratio, 0-100, from which a heading counts as a misspelling
# (field key, position) → share of the column's sample that the field's type takes; -1 where the sample is empty
Taken = Callable[[str, int], float]


@dataclass(slots=True)
class Mapped:
    """`columns` in sheet order; `problems` = column_missing, column_duplicate."""

    columns: list[Column]
    problems: list[Problem]


def heading_signature(headings: Sequence[str]) -> str:
    """A stable name for a set of headings: what a sender's corrections are remembered under."""
    return hashlib.sha256("\x1f".join(plain(h) for h in headings).encode()).hexdigest()[:24]


def match(
    headings: Sequence[str],
    indexes: Sequence[int],
    fields: Sequence[Field],
    *,
    given: Mapping[str, str | None] | None = None,
    remembered: Mapping[str, str | None] | None = None,
    taken: Taken = lambda key, position: -1.0,
    samples: Mapping[int, Sequence[Any]] | None = None,
) -> Mapped:
    """Recognise the columns. `indexes` are their places in the grid; `samples` some filled cells by position.

    `given` (the sender's correction) wins over `remembered`, which wins over what we would find.
    """
    work = Matching(headings, fields, taken, samples)
    names = _unique(headings, indexes)
    for source, how in ((remembered or {}, "remembered"), (given or {}, "given")):
        work.settle({position: source[name] for position, name in enumerate(names) if name in source}, how)
    if any(work.words):
        sheet_parts.dates(work)
        sheet_marks.settle(work)
        sheet_pairs.settle(work)
        work.exact()
        sheet_shared.settle(work)
        sheet_parts.settle(work)
        work.pieces()
        work.looser()
        work.alike()
        sheet_parts.told_by_cells(work)
        sheet_parts.own_script(work)
    elif not work.found:
        sheet_headless.settle(work)
    columns = [
        Column(letter(index), name, work.fields_of(position), work.why(position), index)
        for position, (name, index) in enumerate(zip(names, indexes, strict=True))
    ]
    return Mapped(columns, sheet_claims.problems(work, columns))


def _unique(headings: Sequence[str], indexes: Sequence[int]) -> list[str]:
    seen: set[str] = set()
    names = []
    for heading, index in zip(headings, indexes, strict=True):
        name = heading if heading and heading not in seen else f"{heading} ({letter(index)})".strip()
        seen.add(name)
        names.append(name)
    return names


class Matching:
    """The state of one recognition. Positions count the columns of the table from 0."""

    def __init__(
        self,
        headings: Sequence[str],
        fields: Sequence[Field],
        taken: Taken,
        samples: Mapping[int, Sequence[Any]] | None,
    ) -> None:
        self.headings = list(headings)
        self.readings = [_readings(h) for h in headings]
        self.words = [words(h) for h in headings]
        self.fields = {f.key: f for f in fields if not f.computed}
        self.taken = taken
        self.samples = samples or {}
        self.empty = frozenset(place for place, sample in self.samples.items() if not sample)
        self.how: dict[int, str] = {}
        self.found: dict[int, tuple[str, ...]] = {}
        self.rivals: dict[int, str] = {}  # position → field another column already has
        self.doubted: dict[int, str] = {}  # position → field its heading names and its cells do not hold
        self.closed: set[int] = set()  # left alone: by a person, or for what its cells hold
        self.aliases = {key: _aliases(f) for key, f in self.fields.items()}
        self.vocabulary = frozenset(w for sets in self.aliases.values() for alias in sets for w in alias)

    def fields_of(self, position: int) -> tuple[str, ...]:
        return self.found.get(position, ())

    def open(self, position: int) -> bool:
        return position not in self.found and position not in self.closed

    def free(self, key: str) -> bool:
        return key in self.fields and not any(key in keys for keys in self.found.values())

    def why(self, position: int) -> str:
        """How a column was recognised, or why nobody need ask about it: "numbering", "empty"."""
        numbers = self.words[position] in lexicon.NUMBERING or self.headings[position].strip() in ("#", "№")
        if numbers and position not in self.found:
            return "numbering"
        if position in self.how:
            return self.how[position]
        return "empty" if position in self.empty else "none"

    def take(self, position: int, keys: tuple[str, ...], how: str) -> None:
        self.found[position] = keys
        self.how[position] = how

    def settle(self, chosen: Mapping[int, str | None], how: str) -> None:
        """Decisions of a person, now or before."""
        for position, wanted in chosen.items():
            self.found.pop(position, None)
            self.closed.discard(position)
            keys = tuple(key for key in (wanted or "").split("+") if key in self.fields)
            twice = next((p for p, had in self.found.items() if set(had) & set(keys) and self.how[p] == how), None)
            if twice is not None and not sheet_parts.belong_together(self, twice, position):
                self.rivals[position] = keys[0]  # the same field chosen for two columns: said, not decided
                continue
            for other in [
                p
                for p, had in self.found.items()
                if set(had) & set(keys) and not sheet_parts.belong_together(self, p, position)
            ]:
                del self.found[other]
            if keys:
                self.take(position, keys, how)
            else:
                self.closed.add(position)
                self.how[position] = how

    def exact(self) -> None:
        """By key, label or alias: the same letters first, then the same words in any order.

        The whole heading first, then without what stands in brackets, then what stands below its group heading.
        """
        for depth in range(3):
            for rank, how in enumerate(("key", "label", "alias", "alias")):
                for position, texts in enumerate(self.readings):
                    if depth < len(texts) and self.open(position) and not (depth and self._whole(texts)):
                        text = texts[depth]
                        candidates = [key for key in self.fields if self._meets(key, text, rank)]
                        self._choose(position, text, self._by_content(position, text, candidates) or candidates, how)

    def _whole(self, texts: list[str]) -> bool:
        """Whether only the whole heading speaks: "Tempat / Tanggal Lahir", "Perusahaan / Nama"."""
        own = words(_BRACKETS.sub(" ", texts[0]))
        since = own & lexicon.SINCE and own & lexicon.DOCUMENTS  # "Paspor / Masa berlaku / Dari"
        return own == lexicon.PLACE_AND_DATE_OF_BIRTH or bool(own & lexicon.OTHER_THINGS or since)

    def _meets(self, key: str, text: str, rank: int) -> bool:
        f, heading = self.fields[key], plain(text)
        if not heading:
            return False
        if rank == 0:
            return heading == plain(key)
        if rank == 1:
            return heading in (plain(f.label.id), plain(f.label.en))
        if rank == 2:
            return heading in {plain(alias) for alias in f.aliases}
        own = words(text)
        return bool(own) and own in self.aliases[key] and own not in lexicon.NUMBERING

    def _by_content(self, position: int, text: str, candidates: list[str]) -> list[str]:
        """ "KITAS" names the number, unless the cells below it say which kind of permit or until when."""
        own = words(text)
        if len(candidates) != 1 or not own or _closed(self.fields[candidates[0]]):
            return []
        rivals = [key for key in self.fields if key != candidates[0] and own in self.aliases[key] and self.free(key)]
        return [key for key in rivals if _closed(self.fields[key]) and self.taken(key, position) >= _MOSTLY][:1]

    def _choose(self, position: int, text: str, candidates: list[str], how: str) -> None:
        if len(candidates) > 1:
            near = self._by_surroundings(position, candidates)
            fitting = [key for key in candidates if self.taken(key, position) > 0]
            candidates = near or (fitting if len(fitting) == 1 else candidates)
            how = "context" if near else "content"
        if not candidates:
            return
        free = [key for key in candidates if self.free(key)]
        if free and (len(free) == 1 or how != "content" or len(candidates) == 1):
            self._take_or_doubt(position, text, free[0], how)
        elif free:
            self.take(position, (free[0],), "context")
        elif text == self.headings[position] and not self._holds_none_of(candidates[0], position):
            self.rivals.setdefault(position, candidates[0])

    def _holds_none_of(self, key: str, position: int) -> bool:
        """Whether a column is empty, or holds no date or no word of the list: "Status Karyawan" over PKWT."""
        return position in self.empty or (_closed(self.fields[key]) and self.taken(key, position) == 0.0)

    def _take_or_doubt(self, position: int, text: str, key: str, how: str) -> None:
        """One vague word over cells the field's type takes none of ("Status": Menikah) is not a match."""
        vague = how in ("label", "alias") and len(words(text)) == 1 and _listed(self.fields[key])
        below = text != self.headings[position] and _closed(self.fields[key])
        told = "=" in self.headings[position]  # a heading that explains its codes
        if (vague or below) and not told and self.taken(key, position) == 0.0:
            if not below:
                self.closed.add(position)
                self.doubted[position] = key
        else:
            self.take(position, (key,), how)

    def _by_surroundings(self, position: int, candidates: list[str]) -> list[str]:
        """Candidates whose telling words stand in the heading itself, else in the nearest heading before it."""
        telling = {key: _telling(key, candidates, self.aliases) for key in candidates}
        for place in range(position, -1, -1):
            near = [key for key in candidates if telling[key] & self.context(place)]
            if len(near) == 1:
                return near
        return []

    def context(self, position: int) -> Words:
        """The words of a heading, and of what it was taken for: "No. Dokumen" taken for the passport speaks of it."""
        own = self.words[position]
        for key in self.found.get(position, ()):
            own = own | frozenset(
                w for w in ("paspor", "izin", "visa") if any(w in alias for alias in self.aliases[key])
            )
        return own

    def pieces(self) -> None:
        """ "Nama (이름) / Name of Expat": every piece that is known means the same field, or content decides."""
        for position, heading in enumerate(self.headings):
            if (
                not self.open(position)
                or self.words[position] & lexicon.OTHER_THINGS
                or self._whole(self.readings[position])
            ):
                continue
            found = {key for piece in _PIECES.split(heading) for key in self.fields if self._meets(key, piece, 3)}
            fitting = [
                k for k in found if self.free(k) and not (_closed(self.fields[k]) and self.taken(k, position) == 0)
            ]
            if len(fitting) == 1:
                self.take(position, (fitting[0],), "alias")

    def looser(self) -> None:
        """A heading that says more than an alias ("Nomor Paspor Lengkap"), if the rest belongs to no other field."""
        for position, own in enumerate(self.words):
            if not self.open(position) or own & lexicon.OTHER_THINGS:
                continue
            best: tuple[int, str] | None = None
            for key in self.fields:
                for alias in self.aliases[key]:
                    extra = own - alias
                    if len(alias) >= 2 and alias < own and len(extra) <= 2 and not extra & self.vocabulary:
                        best = max(best or (0, ""), (len(alias), key))
            if best and self.free(best[1]):
                self.take(position, (best[1],), "similar")

    def alike(self) -> None:
        """Misspelt headings, best likeness first."""
        scores = []
        for position, own in enumerate(self.words):
            if not self.open(position) or own & lexicon.OTHER_THINGS:
                continue
            mine = " ".join(sorted(own)), plain(self.headings[position])
            for key in self.fields:
                score = max(likeness(mine, names) for names in self._spellings(key))
                if score >= SIMILAR:
                    scores.append((score, -position, key))
        for _, position, key in sorted(scores, reverse=True):
            if self.open(-position) and self.free(key):
                self.take(-position, (key,), "similar")

    def _spellings(self, key: str) -> list[tuple[str, str]]:
        f = self.fields[key]
        names = (f.label.id, f.label.en, *f.aliases, *lexicon.WILD.get(key, ()))
        return [(" ".join(sorted(words(name))), plain(name)) for name in names]


_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")
_PIECES = re.compile(r"[/|\n()（）\[\],;]")


def _readings(heading: str) -> list[str]:
    """The heading, without its brackets, and its last part without the group above it."""
    texts = [heading, _BRACKETS.sub(" ", heading).strip(), _BRACKETS.sub(" ", heading.rpartition(" / ")[2]).strip()]
    return list(dict.fromkeys(text for text in texts if text)) or [heading]


def _aliases(f: Field) -> frozenset[Words]:
    names = (f.key, f.label.id, f.label.en, *f.aliases, *lexicon.WILD.get(f.key, ()))
    return frozenset(found for name in names if (found := words(name)))


def _closed(f: Field) -> bool:
    """Whether the type takes only some words: a list, a date."""
    return _listed(f) or f.type.python is date


def _listed(f: Field) -> bool:
    return f.type.choices() is not None


def _telling(key: str, candidates: Sequence[str], aliases: Mapping[str, frozenset[Words]]) -> Words:
    others = frozenset(w for other in candidates if other != key for alias in aliases[other] for w in alias)
    return frozenset(w for alias in aliases[key] for w in alias) - others
