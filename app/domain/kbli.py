"""Indonesian classes of business (KBLI)."""

from __future__ import annotations

# first two digits of a KBLI code → section (BPS Regulation 2/2020)
_SECTIONS = [
    (3, "A"),
    (9, "B"),
    (33, "C"),
    (35, "D"),
    (39, "E"),
    (43, "F"),
    (47, "G"),
    (53, "H"),
    (56, "I"),
    (63, "J"),
    (66, "K"),
    (68, "L"),
    (75, "M"),
    (82, "N"),
    (84, "O"),
    (85, "P"),
    (88, "Q"),
    (93, "R"),
    (96, "S"),
]


def section_of(code: str) -> str | None:
    """The section letter of a five-digit class: "24101" → "C"."""
    return next((section for last, section in _SECTIONS if int(code[:2]) <= last), None)
