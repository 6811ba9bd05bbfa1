"""Cell formats of a workbook with a red ground beside each, and back again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.sheets.package import Unmarkable

RED, INK = "FFF8D7DA", "FF8B0000"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FILL_OF = re.compile(rb"""\sfillId=["'](\d+)["']""")
_GROUND = re.compile(rb"""\s(?:fillId|applyFill)=["'][^"']*["']""")


class Styles:
    """styles.xml as it is, and what is added behind: nothing that cells use now changes its number."""

    def __init__(self, xml: bytes) -> None:
        root = re.search(rb"<([A-Za-z][\w.-]*:)?styleSheet[\s>]", xml)
        if root is None:
            raise Unmarkable("styles")
        self._xml, self._prefix = xml, root[1] or b""
        self._formats = self._entries(b"cellXfs", b"xf")
        fills = self._entries(b"fills", b"fill")
        if not self._formats:
            raise Unmarkable("cellXfs")
        self._reds = {n for n, fill in enumerate(fills) if RED.encode() in fill}
        self._fills, self._fonts = len(fills), len(self._entries(b"fonts", b"font"))
        self._known = len(self._formats)
        self._made: dict[bytes, int] = {}
        self._new_fills: list[bytes] = []
        self._new_fonts: list[bytes] = []

    def red(self, style: int) -> int:
        """The number of this format on red ground."""
        return self._numbered(self._on(style, self._red_fill()))

    def marked(self) -> set[int]:
        """The formats on our red ground that the file came with."""
        return {n for n, xf in enumerate(self._formats[: self._known]) if _fill(xf) in self._reds}

    def unmarked(self, style: int, originals: Iterable[int]) -> int:
        """What a format on our red ground was before: one of `originals` that differs in its ground only, or none."""
        bare = _GROUND.sub(b"", self._formats[style])
        for number in originals:
            if number < len(self._formats) and number != style and _GROUND.sub(b"", self._formats[number]) == bare:
                return number
        return self._numbered(self._on(style, 0))

    def words(self, *, bold: bool = False, ink: bool = False, wrap: bool = False) -> int:
        """A format of our own list."""
        font, p = 0, self._prefix.decode()
        if bold:
            colour = f'<{p}color rgb="{INK}"/>' if ink else ""
            made = f'<{p}font><{p}b/><{p}sz val="11"/>{colour}<{p}name val="Calibri"/></{p}font>'.encode()
            if made not in self._new_fonts:
                self._new_fonts.append(made)
            font = self._fonts + self._new_fonts.index(made)
        inner = f'<{p}alignment vertical="top" wrapText="1"/>' if wrap else ""
        xf = (
            f'<{p}xf numFmtId="{49 if wrap else 0}" fontId="{font}" fillId="0" borderId="0" xfId="0" applyFont="1" '
            f'applyAlignment="1">{inner}</{p}xf>'
        )
        return self._numbered(xf.encode())

    def saved(self) -> bytes:
        xml = self._appended(self._xml, b"fonts", self._new_fonts, self._fonts)
        xml = self._appended(xml, b"fills", self._new_fills, self._fills)
        return self._appended(xml, b"cellXfs", self._formats[self._known :], self._known)

    def _numbered(self, xf: bytes) -> int:
        if xf not in self._made:
            self._made[xf] = len(self._formats)
            self._formats.append(xf)
        return self._made[xf]

    def _red_fill(self) -> int:
        if self._reds:
            return min(self._reds)
        p = self._prefix.decode()
        self._new_fills.append(
            f'<{p}fill><{p}patternFill patternType="solid"><{p}fgColor rgb="{RED}"/><{p}bgColor rgb="{RED}"/>'
            f"</{p}patternFill></{p}fill>".encode()
        )
        self._reds = {self._fills}
        return self._fills

    def _on(self, style: int, fill: int) -> bytes:
        old = self._formats[style if style < len(self._formats) else 0]
        tag = b"<" + self._prefix + b"xf"
        return tag + b' fillId="%d" applyFill="1"' % fill + _GROUND.sub(b"", old)[len(tag) :]

    def _section(self, xml: bytes, name: bytes) -> re.Match[bytes]:
        p = self._prefix
        begins = rb"(<%b%b(?=[\s>])[^<>]*>)(.*?)(?=</%b%b\s*>)" % (p, name, p, name)
        found = re.search(begins, xml, re.DOTALL) if b"</%b%b" % (p, name) in xml else None
        if found is None or found[1].endswith(b"/>"):
            raise Unmarkable(name.decode())
        return found

    def _entries(self, section: bytes, entry: bytes) -> list[bytes]:
        p = self._prefix
        inner = rb"(?:[^<]|<(?!%b%b[\s/>]))*?" % (p, entry)  # stops at the next: no content makes it slow
        pattern = rb"<%b%b(?=[\s/>])[^<>]*?(?:/>|>%b</%b%b\s*>)" % (p, entry, inner, p, entry)
        return re.findall(pattern, self._section(self._xml, section)[2])

    def _appended(self, xml: bytes, section: bytes, entries: list[bytes], before: int) -> bytes:
        if not entries:
            return xml
        found = self._section(xml, section)
        start = re.sub(rb"""\scount=["']\d+["']""", b"", found[1])[:-1] + b' count="%d">' % (before + len(entries))
        return xml[: found.start()] + start + found[2] + b"".join(entries) + xml[found.end() :]


def plain(formats: int) -> bytes:
    """Styles for a workbook that has none, though its cells may name as many."""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="{MAIN}">'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        f'<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="{formats}">'
        + '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' * formats
        + "</cellXfs></styleSheet>"
    ).encode()


def _fill(xf: bytes) -> int:
    found = _FILL_OF.search(xf.partition(b">")[0])
    return int(found[1]) if found else 0
