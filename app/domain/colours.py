"""Colours an office chooses: whether words in them can be read (WCAG 2.2, 1.4.3), and shades that follow from one."""

from __future__ import annotations

import re

WHITE, BLACK = "#ffffff", "#000000"
ENOUGH = 4.5  # contrast of text, level AA
NIGHT_PAPER, NIGHT_FILL = "#161e29", "#0d1420"  # of the staff door at night: panels, and words on a filled button
_HEX = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.IGNORECASE | re.ASCII)
_SOFT, _STRONG = 0.9, 0.32  # how much white is in the tint, how much black in the shade


def parsed(text: str) -> str | None:
    """ "17457F" or "#abc" as #17457f and #aabbcc; None for what is no colour."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(one * 2 for one in digits))


def contrast(one: str, other: str) -> float:
    """1 to 21, the same both ways."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with so much (0 to 1) of another in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def palette(colour: str) -> dict[str, str]:
    """The names of our style sheets that follow from one colour."""
    return {"brand": colour, "brand-strong": mixed(colour, BLACK, _STRONG), "brand-soft": mixed(colour, WHITE, _SOFT)}


def night(colour: str) -> dict[str, str]:
    """The same names on dark paper: the colour is made lighter until it can be read there, and on its own tint."""
    for step in range(101):
        lighter = mixed(colour, WHITE, step / 100)
        soft = mixed(NIGHT_PAPER, lighter, 1 - _SOFT + 0.08)
        if min(contrast(lighter, ground) for ground in (NIGHT_PAPER, NIGHT_FILL, soft)) >= ENOUGH:
            return {"brand": lighter, "brand-strong": mixed(lighter, WHITE, _STRONG), "brand-soft": soft}
    return night(WHITE)


def weakest(colour: str) -> float:
    """The lowest contrast the colour meets on our pages: white on it, and itself on white and on its own tint."""
    return min(contrast(colour, WHITE), contrast(colour, palette(colour)["brand-soft"]))


def readable(colour: str) -> str:
    """The colour itself where words in it can be read, else the nearest darker one."""
    for step in range(101):
        darker = mixed(colour, BLACK, step / 100)
        if weakest(darker) >= ENOUGH:
            return darker
    return BLACK


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
