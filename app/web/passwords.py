"""What makes a password weak: length and lists, no rules about signs (NIST SP 800-63B, ASVS 5.0 6.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.web.common_passwords import COMMON

LONGEST = 128
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "01234567890", "1qaz2wsx3edc4rfv5tgb")


def weakness(password: str, *, shortest: int, words: Sequence[str] = ()) -> str | None:
    """Why this password is refused: short, long, simple, common or personal; None when it is good."""
    if len(password) < shortest:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = re.sub(r"[^a-z0-9]", "", password.lower())
    if len(set(password.lower())) < 5:
        return "simple"
    if {plain, _core(plain)} & COMMON or _is_run(plain) or _is_run(_core(plain)):
        return "common"
    if any(len(word) >= 4 and word in plain and len(plain) - len(word) < 8 for word in _squeezed(words)):
        return "personal"
    return None


def _core(plain: str) -> str:
    """Without the figures everybody puts at the end: "sinergi2026" is "sinergi"."""
    return plain.rstrip("0123456789")


def _is_run(plain: str) -> bool:
    """A row of the keyboard or the alphabet, repeated or turned round."""
    return any(plain in row * 8 or plain in row[::-1] * 8 for row in _ROWS)


def _squeezed(words: Sequence[str]) -> list[str]:
    return [re.sub(r"[^a-z0-9]", "", part.lower()) for word in words for part in (word, *word.split())]
