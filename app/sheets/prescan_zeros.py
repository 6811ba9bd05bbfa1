"""Numbers that their cell format shows with zeros in front: "00123456" is what their writer sees and means."""

from __future__ import annotations

import re
from functools import cache
from xml.etree.ElementTree import Element

from app.sheets.prescan_facts import SheetFacts, column_index

Shown = tuple[str, int]  # letters in front, least number of digits
_FORMAT = re.compile(r'(?:"([A-Za-z]{1,5})"|\\?([A-Za-z]))?(0{2,24})')
_HINT = re.compile(rb"""formatCode=["'](?:&quot;[A-Za-z]{1,5}&quot;|\\?[A-Za-z])?0{2,24}[;"']""")
_LONGEST = 4 << 20
_CELL = re.compile(rb"""<(?:[A-Za-z][A-Za-z0-9]{0,20}:)?c\s([^<>]{0,400})>""")
_REF = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_TYPE = re.compile(rb"""\bt=["']([a-zA-Z]+)["']""")


def may_pad(styles: bytes | bytearray) -> bool:
    """Whether it is worth reading the styles: formats with nothing but zeros are rare, styles may be long."""
    return len(styles) < _LONGEST and _HINT.search(styles) is not None


def shown_by(code: str) -> Shown | None:
    """What a number format of nothing but zeros does: '"E"00000000' → ("E", 8); None for any other."""
    found = _FORMAT.fullmatch(re.sub(r"\[[^\]]*\]", "", code).split(";")[0])
    return (found[1] or found[2] or "", len(found[3])) if found else None


def zero_styles(styles: Element) -> dict[bytes, Shown]:
    """Style number, as cells write it, → how its numbers are shown."""
    formats: dict[str, Shown] = {}
    for element in styles.iter():
        if _local(element) == "numFmt":
            shown = shown_by(element.get("formatCode", ""))
            if shown:
                formats[element.get("numFmtId", "")] = shown
    cells = next((e for e in styles.iter() if _local(e) == "cellXfs"), None)
    if not formats or cells is None:
        return {}
    ids = [xf.get("numFmtId", "") for xf in cells]
    return {str(n).encode(): formats[number] for n, number in enumerate(ids) if number in formats}


def find_padded(xml: bytearray, styles: dict[bytes, Shown], facts: SheetFacts) -> None:
    """Notes the number cells in these styles."""
    for style, shown in styles.items():
        for match in _styled(style).finditer(xml):
            tag = xml.rfind(b"<", max(0, match.start() - 400), match.start())
            cell = _CELL.match(xml, tag) if tag >= 0 else None
            kind = _TYPE.search(cell[1]) if cell else None
            ref = _REF.search(cell[1]) if cell else None
            if ref and (kind is None or kind[1] == b"n"):
                facts.padded[int(ref[2]), column_index(ref[1])] = shown


@cache
def _styled(style: bytes) -> re.Pattern[bytes]:
    return re.compile(rb""" s=["']%b["']""" % style)


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
