"""Papers of the demo: small PDFs and portraits, drawn here from nothing, of people and payments that do not exist."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

_MARK = "CONTOH - SPECIMEN"
_WIDE, _HIGH = 90, 120
# Ground, clothes, hair, skin: one portrait after the other takes other ones.
_COLOURS = (
    ((221, 230, 240), (47, 84, 130), (52, 44, 40), (224, 182, 150)),
    ((235, 232, 222), (96, 110, 92), (88, 62, 44), (236, 200, 172)),
    ((228, 236, 230), (120, 66, 72), (30, 30, 34), (206, 160, 128)),
)


def pdf(title: str, lines: Sequence[str], *, below: Sequence[str] = ()) -> bytes:
    """One page of A4 with a heading and lines; what is `below` in letters of one width, as a machine reads them.

    ISO 32000-1: objects, a table of where each begins, a trailer that says where the table is.
    """
    text = [f"BT /F1 9 Tf 56 800 Td ({_MARK}) Tj ET", f"BT /F1 18 Tf 56 760 Td ({_bare(title)}) Tj ET"]
    text += [f"BT /F1 11 Tf 56 {726 - 18 * i} Td ({_bare(one)}) Tj ET" for i, one in enumerate(lines)]
    text += [f"BT /F2 11 Tf 56 {120 - 16 * i} Td ({_bare(one)}) Tj ET" for i, one in enumerate(below)]
    drawn = "\n".join(text)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    made, begins = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        begins.append(len(made))
        made += f"{number} 0 obj\n{one}\nendobj\n".encode("ascii")
    table = "".join(f"{at:010d} 00000 n \n" for at in begins)
    size = len(objects) + 1
    end = (
        f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(made)}\n"
    )
    return made + f"{end}%%EOF\n".encode("ascii")


def portrait(number: int) -> bytes:
    """A PNG of nobody: a head and shoulders out of three ellipses."""
    colours = _COLOURS[number % len(_COLOURS)]
    rows = b"".join(b"\0" + b"".join(bytes(colours[_part(x, y)]) for x in range(_WIDE)) for y in range(_HIGH))
    head = struct.pack(">IIBBBBB", _WIDE, _HIGH, 8, 2, 0, 0, 0)  # 8 bits of red, green and blue each
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in parts)


def _part(x: int, y: int) -> int:
    if _inside(x, y, 45, 54, 19, 25):
        return 3 if y > 40 else 2
    if _inside(x, y, 45, 50, 23, 28):
        return 2
    return 1 if _inside(x, y, 45, 122, 40, 42) else 0


def _inside(x: int, y: int, at: int, high: int, wide: int, tall: int) -> bool:
    return ((x - at) / wide) ** 2 + ((y - high) / tall) ** 2 <= 1


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _bare(text: str) -> str:
    """Letters of the standard fonts, with what ends a string of PDF set apart."""
    plain = text.encode("ascii", "replace").decode("ascii")
    return plain.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
