"""What a cell of the first rows can be: a heading, a datum, or a hint how to fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from app.domain.grid import Value

_SIGNS = frozenset({"#", "%", "№"})
_DATUM = re.compile(
    r"""[\d.,\s%+()/:-]*\d[\d.,\s%+()/:-]*      # numbers, phone numbers, 12/03/1985
    | \d{1,2}[\s/-]+[^\W\d]{3,10}[\s/-]+\d{2,4}   # 31 Des 2026
    | (?=[^\s]*\d)[A-Z0-9]{6,20}                   # M12345678
    | [^@\s]+@[^@\s]+\.[^@\s]+
    | https?://\S+""",
    re.VERBOSE,
)
_DAY_FORMAT = r"(?:dd|mm|yyyy|hh|tgl|bln|thn)(?:[\s/.-]+(?:dd|mm|yy|yyyy|bln|thn)){1,2}"
_FORMAT = re.compile(rf"\(?{_DAY_FORMAT}\)?", re.IGNORECASE)
_HINT = re.compile(
    rf"\(.*\)|\[.*\]|\*?\s*wajib.{{0,20}}|{_DAY_FORMAT}|l\s*/\s*p|m\s*/\s*f"
    r"|opsional|required|optional|mandatory|teks|text|angka|tanggal/date",
    re.IGNORECASE,
)


def is_label(value: Value) -> bool:
    """Whether a value can be a heading: words, and not a number, date, document number or address."""
    if not isinstance(value, str) or isinstance(value, date):
        return False
    text = value.strip()
    says = text in _SIGNS or (not text.startswith(":") and any(map(str.isalnum, text)))
    return says and len(text) <= 400 and _DATUM.fullmatch(text) is None


def only_hints(cells: Mapping[int, Value]) -> bool:
    """ "dd/mm/yyyy" is never a datum: with it, a row of words says how to fill in."""
    formats = sum(isinstance(v, str) and bool(_FORMAT.fullmatch(v.strip())) for v in cells.values())
    if formats and len(cells) > 2 and all(map(is_label, cells.values())):
        return True
    hints = sum(isinstance(v, str) and bool(_HINT.fullmatch(v.strip())) for v in cells.values())
    return hints > 0 and hints * 2 >= len(cells) and all(map(is_label, cells.values()))
