"""What is made once and kept in this process, by everything that decides it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, MutableMapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def kept(known: MutableMapping[K, V], of: K, make: Callable[[], V], *, most: int) -> V:
    """What is known of this, else made now; of `most` all are forgotten, so that what nobody asks for any more goes."""
    found = known.get(of)
    if found is None:
        found = make()
        if len(known) >= most:
            known.clear()
        known[of] = found
    return found
