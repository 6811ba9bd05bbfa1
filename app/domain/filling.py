"""Facts in the holes of a sentence.

`{count}` is the fact in words. `{count:cell holds|cells hold}` is none of it: the words for one, or for any other
number; a fact that lists ("5, 7-9") is one where it lists one. Indonesian needs no such hole.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

_SEVERAL = re.compile(r"[,…–-]")


def fill(template: str, facts: Mapping[str, Any], words: Mapping[str, str] | None = None) -> str:
    """The sentence; `words` are the facts as they are read, where they are not simply written down."""
    said = []
    for text, name, choice, _conversion in string.Formatter().parse(template):
        said.append(text)
        if name is None:
            continue
        one, bar, more = (choice or "").partition("|")
        if bar:
            said.append(one if _is_one(name, facts.get(name)) else more)
        else:
            said.append(str(facts[name]) if words is None else words[name])
    return "".join(said)


def _is_one(name: str, fact: Any) -> bool:
    """Row 14 is one row, 14 is not one."""
    numbers_a_row = name.startswith("row")
    if isinstance(fact, int | float | Decimal):
        return numbers_a_row or fact == 1
    if isinstance(fact, list | tuple | set | frozenset):
        return len(fact) == 1
    text = str(fact)
    return text == "1" if text.isdecimal() and not numbers_a_row else not _SEVERAL.search(text)
