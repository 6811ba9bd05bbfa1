"""Small pictures that strangers will load: PNG and JPEG taken apart and put together again, with nothing else in them.

What is kept is what draws: no comment, no location, no profile, nothing behind the end. Anything that is not exactly
such a file is refused. No pixel is decoded here.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

from app.domain.semantic import Invalid

MOST_BYTES = 200_000
MOST_PIXELS = 2_000  # a side
_PNG = b"\x89PNG\r\n\x1a\n"
_DRAWING_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"pHYs"})
_DRAWING_SEGMENTS = frozenset({0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDD, 0xE0})  # tables, frames, scan, restart, JFIF
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture fit to be shown: its kind, size in pixels, and bytes."""

    media_type: str
    width: int
    height: int
    content: bytes


def cleaned(raw: bytes) -> Picture:
    """Raises Invalid (`picture`, `file_too_large`, `picture_size`)."""
    if len(raw) > MOST_BYTES:
        raise Invalid("file_too_large", max=f"{MOST_BYTES // 1000} kB")
    try:
        made = _png(raw) if raw.startswith(_PNG) else _jpeg(raw) if raw.startswith(b"\xff\xd8") else None
    except (IndexError, ValueError):
        made = None
    if made is None:
        raise Invalid("picture")
    if not (0 < made.width <= MOST_PIXELS and 0 < made.height <= MOST_PIXELS):
        raise Invalid("picture_size", most=MOST_PIXELS)
    return made


def _png(raw: bytes) -> Picture:
    kept, at, size, drawn = [_PNG], len(_PNG), (0, 0), False
    while True:
        length, name = int.from_bytes(raw[at : at + 4]), raw[at + 4 : at + 8]
        body, check = raw[at + 8 : at + 8 + length], raw[at + 8 + length : at + 12 + length]
        if len(check) != 4 or zlib.crc32(name + body) != int.from_bytes(check):
            raise ValueError("broken chunk")
        if (at == len(_PNG)) != (name == b"IHDR"):
            raise ValueError("the header stands elsewhere")
        if name == b"IHDR":
            size = (int.from_bytes(body[:4]), int.from_bytes(body[4:8]))
        if name in _DRAWING_CHUNKS:
            kept.append(raw[at : at + 12 + length])
        elif name[:1].isupper():
            raise ValueError("an unknown chunk that must not be left out")
        drawn = drawn or name == b"IDAT"
        at += 12 + length
        if name == b"IEND":
            break
    if not drawn:
        raise ValueError("draws nothing")
    return Picture("image/png", *size, b"".join(kept))


def _jpeg(raw: bytes) -> Picture:
    kept, at, size = [b"\xff\xd8"], 2, (0, 0)
    while True:
        if raw[at] != 0xFF:
            raise ValueError("no marker")
        mark = raw[at + 1]
        length = int.from_bytes(raw[at + 2 : at + 4])
        segment = raw[at : at + 2 + length]
        if length < 2 or len(segment) != 2 + length:
            raise ValueError("cut off")
        if mark in _FRAMES:
            size = (int.from_bytes(segment[7:9]), int.from_bytes(segment[5:7]))
        if mark in _DRAWING_SEGMENTS or (mark == 0xEE and segment[4:9] == b"Adobe" and length == 14):
            kept.append(segment)  # Adobe's fourteen bytes say which colours are meant
        elif not (0xE1 <= mark <= 0xEF or mark == 0xFE):
            raise ValueError("not a segment we know")
        at += 2 + length
        if mark == 0xDA:
            end = _scan_end(raw, at)
            kept.append(raw[at:end])
            at = end
            if raw[at + 1] == 0xD9:
                return Picture("image/jpeg", *size, b"".join([*kept, b"\xff\xd9"]))


def _scan_end(raw: bytes, at: int) -> int:
    """Where the drawing of a scan stops: at a marker that is neither a stuffed byte nor a restart."""
    while True:
        at = raw.index(b"\xff", at)
        if raw[at + 1] == 0 or 0xD0 <= raw[at + 1] <= 0xD7:
            at += 2
        elif raw[at + 1] == 0xFF:
            at += 1
        else:
            return at
