"""Headings that more than one field may carry, told apart by what stands above or before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain import sheet_lexicon as lexicon
from app.domain.sheet_headings import words
from app.domain.sheet_lexicon import Words

if TYPE_CHECKING:
    from app.domain.sheet_mapping import Matching


_TOO_VAGUE = (frozenset({"jenis"}), frozenset({"kode"}))  # say nothing without what stands above them


def settle(work: Matching) -> None:
    """Headings such as "Berlaku s.d." or "Nomor", told apart by what stands above or before them."""
    for position, texts in enumerate(work.readings):
        if not work.open(position) or work.words[position] & lexicon.OTHER_THINGS:
            continue
        own = words(texts[-1])
        options = [
            (k, needs) for k, rules in lexicon.SHARED.items() if k in work.fields for w, needs in rules if w == own
        ]
        if not options:
            continue
        chosen, certain = _nearest(work, position, options)
        if chosen is None and not (own in lexicon.NUMBERING or own in _TOO_VAGUE):
            chosen = next((key for key, _ in options if work.free(key)), None)
        if chosen is not None:
            _claim(work, position, own, chosen, options, certain)


def _nearest(work: Matching, position: int, options: list[tuple[str, Words]]) -> tuple[str | None, bool]:
    for place in range(position, -1, -1):
        near = [key for key, needs in options if needs & work.context(place)]
        if near:
            fitting = [key for key in near if work.taken(key, position) > 0]
            free = [key for key in (fitting or near) if work.free(key)]
            return (free[0] if free else near[0]), True
    return None, False


def _claim(
    work: Matching, position: int, own: Words, key: str, options: list[tuple[str, Words]], certain: bool
) -> None:
    if work.free(key):
        work.take(position, (key,), "context" if certain else "content")
        return
    other = next((k for k, _ in options if work.free(k)), None)
    if other is not None and own == frozenset({"berlaku"}):
        work.take(position, (other,), "context")
    elif position not in work.empty:
        work.rivals.setdefault(position, key)
