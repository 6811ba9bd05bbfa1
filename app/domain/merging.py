"""Two changes that started from the same version of a record: what merges by itself and what a person must decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Merge:
    """Names of fields. Only `conflicts` need a person: both sides changed them, to different values."""

    mine: tuple[str, ...]  # only I changed them
    theirs: tuple[str, ...]  # only they did
    same: tuple[str, ...]  # both, to the same value
    conflicts: tuple[str, ...]


def three_way(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """Compare what I say (`mine`, perhaps only some fields) and what is stored now with what both started from."""
    found: dict[str, list[str]] = {"mine": [], "theirs": [], "same": [], "conflicts": []}
    for name in theirs:
        i_changed = name in mine and mine[name] != base[name]
        they_changed = theirs[name] != base[name]
        if i_changed and they_changed:
            found["same" if mine[name] == theirs[name] else "conflicts"].append(name)
        elif i_changed or they_changed:
            found["mine" if i_changed else "theirs"].append(name)
    return Merge(**{kind: tuple(names) for kind, names in found.items()})
