"""Comparable forms of names. Only for finding candidates: a person decides what is the same."""

from __future__ import annotations

import re
import unicodedata

ALIKE = 88  # likeness from which a name is worth a second look
_FORMS = frozenset(
    [
        "pt",
        "cv",
        "tbk",
        "persero",
        "perseroan",
        "terbatas",
        "ud",
        "fa",
        "firma",
        "koperasi",
        "yayasan",
        "ltd",
        "limited",
        "plc",
        "llp",
        "inc",
        "co",
        "corp",
        "company",
        "the",
    ]
)
_DOTTED = re.compile(r"\b(\w)\.(?=\w\b)")  # "P.T." is one word
_WORD = re.compile(r"[^\W_]+")


def normalised_company_name(name: str) -> str:
    """Lower case, no marks, no legal form: "PT. Contoh Maju, Tbk" → "contoh maju"."""
    folded = _without_marks(name.casefold())
    if "." in folded:
        folded = _DOTTED.sub(r"\1", folded)
    words = _WORD.findall(folded.replace("'", ""))
    return " ".join([word for word in words if word not in _FORMS] or words)


def any_order(name: str) -> str:
    """The words of a name in any order, case and marks aside: KIM Min-ji is Min Ji Kim."""
    return "".join(sorted(_WORD.findall(_without_marks(name.casefold()))))


def _without_marks(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def halves(word: str) -> tuple[str, ...]:
    """Parts of a word of which one stays whole when a letter of it is wrong; each long enough to be searched for."""
    middle = (len(word) + 1) // 2
    return (word[:middle], word[middle:]) if len(word) >= 6 else (word,)


def telling(name: str) -> list[str]:
    """The words of a comparable name by which it is searched for: its two longest."""
    return sorted((word for word in name.split() if len(word) >= 3), key=len, reverse=True)[:2]


def same_person_name(one: str, other: str) -> bool:
    """Whether two names of people are the same but for order, case, marks and a slip of the pen."""
    if any_order(one) == any_order(other):
        return True
    return likeness(normalised_company_name(one), normalised_company_name(other)) >= ALIKE


def likeness(one: str, other: str) -> int:
    """How alike two comparable names are, in any order of words: 0 to 100."""
    from rapidfuzz import fuzz

    return round(fuzz.token_sort_ratio(one, other))
