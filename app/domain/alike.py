"""Many names against many: which of them are nearly the same, without comparing each with each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from app.domain.names import ALIKE, halves, likeness, telling

_SHORTER = (ALIKE - 1) / (201 - ALIKE)  # so much of the longer name the shorter one is at least, where they are ALIKE
_WORDS_KNOWN = 50_000  # words of which it is remembered whom they may mean


class Alike:
    """Comparable names, asked of one name after the other which of them it is nearly.

    As for one name that is searched for: a half of each of its telling words stands in the other, and they are ALIKE.
    Each is filed under its rarer telling word. `most` bounds the pairs looked at: names of nothing but common words
    would meet nearly everybody. Once it is used up nobody is met any more.
    """

    def __init__(self, names: Iterable[str], *, most: int) -> None:
        self.names = [name for name in dict.fromkeys(names) if telling(name)]
        self.left = most
        self._others: list[tuple[str, str] | None] = []  # halves of the other telling word; of a short one twice itself
        self._filed: dict[str, list[int]] = defaultdict(list)
        self._known: dict[str, tuple[int, ...]] = {}
        told = [[halves(word) for word in telling(name)] for name in self.names]
        common = Counter(half for words in told for parts in words for half in parts)
        for place, words in enumerate(told):
            rarest, *other = sorted(words, key=lambda parts: sum(common[half] for half in parts))
            self._others.append((other[0][0], other[0][-1]) if other else None)
            for half in set(rarest):
                self._filed[half].append(place)
        self._sizes = sorted({len(half) for half in self._filed})

    def met(self, name: str) -> Iterator[tuple[str, int]]:
        """Those that `name`, comparable too, is nearly, and how alike they are in percent."""
        places = {place for word in name.split() for place in self._of_word(word)}
        self.left -= len(places)
        if self.left < 0:
            return
        shortest, longest = len(name) * _SHORTER, len(name) / _SHORTER
        for place in places:
            other, one = self._others[place], self.names[place]
            if other is not None and other[0] not in name and other[1] not in name:
                continue
            if shortest <= len(one) <= longest and (percent := likeness(one, name)) >= ALIKE:
                yield one, percent

    def _of_word(self, word: str) -> tuple[int, ...]:
        """Those filed under a part of this word; words come again and again."""
        known = self._known.get(word)
        if known is None:
            parts = {word[at : at + size] for size in self._sizes for at in range(len(word) - size + 1)}
            known = tuple({place for part in parts & self._filed.keys() for place in self._filed[part]})
            if len(self._known) >= _WORDS_KNOWN:
                self._known.clear()
            self._known[word] = known
        return known
