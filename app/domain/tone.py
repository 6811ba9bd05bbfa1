"""How a letter sounds: courteous first, warnings later, never a threat by default (domain: A14, A15).

A list of words decides nothing: it asks whoever writes to read the sentence once more.
"""

from __future__ import annotations

import re

HARSH = (
    "sanksi", "denda", "pidana", "penjara", "kurungan", "deportasi", "ditindak", "tindakan tegas", "dipaksa",
    "wajib segera", "harus segera", "jangan sampai", "lalai", "membangkang", "pelanggaran", "peringatan keras",
    "sanction", "fine", "penalty", "prison", "deportation", "prosecution", "or else", "failure to comply",
    "violation", "immediately", "final warning",
)  # fmt: skip
_CAPITALS = re.compile(r"\b[A-Z]{4,}\b(?:\s+\b[A-Z]{2,}\b){2,}")


def harsh_words(text: str) -> list[str]:
    """What in the text may sound like a threat or a shout, in the order of the list."""
    low = f" {re.sub(r'[^a-z]+', ' ', text.casefold())} "
    found = [word for word in HARSH if f" {word} " in low]
    found += [match[0] for match in _CAPITALS.finditer(text)][:1]
    return found + (["!!"] if "!!" in text else [])
