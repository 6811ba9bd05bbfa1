"""A logo is a picture and nothing else: what does not draw is left out, what is not sound is refused."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.pictures import MOST_BYTES, MOST_PIXELS, cleaned
from app.domain.semantic import Invalid


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 4, height: int = 2, extra: bytes = b"", end: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = b"".join(b"\0" + b"\x17\x45\x7f" * width for _ in range(height)) if width * height < 10_000 else b""
    return b"\x89PNG\r\n\x1a\n" + head + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"") + end


def segment(mark: int, body: bytes) -> bytes:
    return bytes([0xFF, mark]) + struct.pack(">H", len(body) + 2) + body


def jpeg(width: int = 4, height: int = 2, extra: bytes = b"", end: bytes = b"") -> bytes:
    frame = segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\0\x01\x01")
        + extra
        + segment(0xDB, b"\0" * 65)
        + frame
        + scan
        + b"\xff\xd9"
        + end
    )


@pytest.mark.parametrize(("make", "kind"), [(png, "image/png"), (jpeg, "image/jpeg")])
def test_a_sound_picture_is_kept_as_it_is(make: object, kind: str) -> None:
    raw = make()  # type: ignore[operator]
    made = cleaned(raw)
    assert (made.media_type, made.width, made.height, made.content) == (kind, 4, 2, raw)


def test_comments_places_and_what_stands_behind_the_end_are_left_out() -> None:
    said = chunk(b"tEXt", b"Comment\0<script>alert(1)</script>") + chunk(b"eXIf", b"GPS")
    assert cleaned(png(extra=said, end=b"<script>")).content == png()
    said = segment(0xFE, b"<script>") + segment(0xE1, b"Exif\0\0GPS")
    assert cleaned(jpeg(extra=said, end=b"PK\x03\x04")).content == jpeg()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a<script>",
        png()[:-6],
        png().replace(b"IDAT", b"IDOT"),
        png(extra=chunk(b"ABCD", b"must be understood")),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        jpeg()[:40],
        jpeg()[:-2],
        b"\xff\xd8<script>",
        b"%PDF-1.7",
    ],
)
def test_what_is_no_whole_picture_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid, match="picture"):
        cleaned(raw)


def test_a_huge_one_is_refused() -> None:
    with pytest.raises(Invalid, match="picture_size"):
        cleaned(png(width=MOST_PIXELS + 1, height=9_999))
    with pytest.raises(Invalid, match="file_too_large"):
        cleaned(png() + b"\0" * MOST_BYTES)


@given(
    st.binary(max_size=200), st.sampled_from([png(), jpeg(), b"\x89PNG\r\n\x1a\n", b"\xff\xd8"]), st.integers(0, 120)
)
def test_no_bytes_make_it_stumble(junk: bytes, base: bytes, at: int) -> None:
    try:
        made = cleaned(base[:at] + junk + base[at:])
    except Invalid:
        return
    assert b"<script" not in made.content or b"<script" in base
