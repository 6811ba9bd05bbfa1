"""Comments of ours at cells of one worksheet, beside those that were there: their texts, and the boxes they show in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape

from app.sheets.mark_styles import MAIN
from app.sheets.package import Package, Relation, Unmarkable
from app.sheets.prescan_facts import Cell, address, column_index

AUTHOR = "Sinergi"
_OPEN, _CLOSE = "Sinergi: ", "\n———\n"  # about our words in a comment of somebody else
_THREAD = b"tc="  # an author's name of conversations, which Excel shows from another part
_OURS = re.compile(r"Sinergi: .*?\n———\n".encode(), re.DOTALL)
_COMMENTS = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHAPE_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    b'<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_DRAWING = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    b'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/>'
    b"</o:shapelayout></xml>"
)


def comment(package: Package, sheet: str, words: Mapping[Cell, str]) -> str | None:
    """Take our former comments away and put these. The id of a relation the sheet has yet to refer to, if any."""
    relations = package.relations(sheet)
    text = _part(relations, "comments")
    if text is None and not words:
        return None
    notes = _Notes(package.read(text) if text else None)
    gone = notes.clear()
    boxed = set(notes.cells())
    notes.put(words)
    drawing = _part(relations, "vmlDrawing")
    boxes = package.read(drawing) if drawing else _DRAWING
    boxes = _without(boxes, gone)
    boxes = _with(boxes, {cell: said for cell, said in words.items() if cell not in boxed})
    if text is None:
        text = package.free("xl/comments{}.xml")
        package.relate(sheet, "comments", text)
        package.declare(text, _COMMENTS)
    package.write(text, notes.saved())
    made = None
    if drawing is None:
        drawing = package.free("xl/drawings/vmlDrawing{}.vml")
        made = package.relate(sheet, "vmlDrawing", drawing)
        package.declare_extension("vml", _VML)
    package.write(drawing, boxes)
    return made


def _part(relations: list[Relation], kind: str) -> str | None:
    return next((relation.part for relation in relations if relation.kind == kind), None)


class _Notes:
    """The part with the texts."""

    def __init__(self, xml: bytes | None) -> None:
        self._xml = (
            xml
            or (
                f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><comments xmlns="{MAIN}">'
                "<authors></authors><commentList></commentList></comments>"
            ).encode()
        )
        root = re.search(rb"<([A-Za-z][\w.-]*:)?comments[\s>]", self._xml)
        if root is None:
            raise Unmarkable("comments")
        p = self._p = root[1] or b""
        self._xml = re.sub(rb"<%b(authors|commentList)\s*/>" % p, rb"<%b\1></%b\1>" % (p, p), self._xml)
        self._authors = re.findall(rb"<%bauthor(?:\s[^<>]*)?(?:/>|>([^<]*)<)" % p, self._xml)
        self._pattern = re.compile(rb"<%bcomment\s([^<>]*)>(.*?)</%bcomment\s*>" % (p, p), re.DOTALL)

    def cells(self) -> list[Cell]:
        return [_cell(m[1]) for m in self._pattern.finditer(self._xml, 0, self._last())]

    def _last(self) -> int:
        """The end of the last comment: a search beyond it would look through the rest for each that never ends."""
        ends = [found.end() for found in re.finditer(rb"</%bcomment\s*>" % self._p, self._xml)]
        return ends[-1] if ends else 0

    def _change(self, change: Callable[[re.Match[bytes]], bytes]) -> None:
        last = self._last()
        self._xml = self._pattern.sub(change, self._xml[:last]) + self._xml[last:]

    def clear(self) -> set[Cell]:
        """Drop what we wrote in an earlier round; the cells that have no comment any more."""
        gone: set[Cell] = set()

        def cleared(found: re.Match[bytes]) -> bytes:
            if self._author(found[1]).strip() == AUTHOR.encode():
                gone.add(_cell(found[1]))
                return b""
            return _OURS.sub(b"", found[0], count=1) if _CLOSE.encode() in found[0] else found[0]

        self._change(cleared)
        return gone

    def put(self, words: Mapping[Cell, str]) -> None:
        """Ours at these cells; before the words of others where a comment stands already."""
        p = self._p
        left = dict(words)

        def joined(found: re.Match[bytes]) -> bytes:
            said = left.pop(_cell(found[1]), None)
            if said is None or self._author(found[1]).startswith(_THREAD):
                return found[0]
            return b"<%bcomment %b>%b</%bcomment>" % (p, found[1], self._ahead(found[2], said), p)

        self._change(joined)
        if not left:
            return
        us = self._us()
        made = []
        for cell, said in left.items():
            run = b'<%br><%bt xml:space="preserve">%b</%bt></%br>' % (p, p, _text(said), p, p)
            text = b"<%btext>%b</%btext>" % (p, run, p)
            made.append(b'<%bcomment ref="%b" authorId="%d">%b</%bcomment>' % (p, address(*cell).encode(), us, text, p))
        self._before(b"commentList", b"".join(made))

    def saved(self) -> bytes:
        return self._xml

    def _ahead(self, inside: bytes, said: str) -> bytes:
        """Our words before theirs, in a run of their own."""
        p = self._p
        run = b'<%br><%bt xml:space="preserve">%b</%bt></%br>' % (p, p, _text(_OPEN + said + _CLOSE), p, p)
        inside = re.sub(rb"<%btext\s*/>" % p, rb"<%btext></%btext>" % (p, p), inside)
        bare = rb"(<%btext(?:\s[^<>]*)?>)\s*(<%bt(?:\s[^<>]*)?>[^<]*</%bt>)" % (p, p, p)  # text without a run
        inside = re.sub(bare, rb"\1<%br>\2</%br>" % (p, p), inside, count=1)
        return re.sub(rb"<%btext(?:\s[^<>]*)?>" % p, lambda m: m[0] + run, inside, count=1)

    def _author(self, attributes: bytes) -> bytes:
        found = re.search(rb"""\bauthorId=["'](\d+)["']""", attributes)
        number = int(found[1]) if found else -1
        return self._authors[number] if 0 <= number < len(self._authors) else b""

    def _us(self) -> int:
        if AUTHOR.encode() not in self._authors:
            self._authors.append(AUTHOR.encode())
            self._before(b"authors", b"<%bauthor>%b</%bauthor>" % (self._p, AUTHOR.encode(), self._p))
        return self._authors.index(AUTHOR.encode())

    def _before(self, end: bytes, made: bytes) -> None:
        at = self._xml.find(b"</%b%b" % (self._p, end))
        if at < 0:
            raise Unmarkable(end.decode())
        self._xml = self._xml[:at] + made + self._xml[at:]


def _cell(attributes: bytes) -> Cell:
    found = re.search(rb"""\bref=["']\$?([A-Z]{1,3})\$?(\d{1,7})""", attributes)
    return (int(found[2]), column_index(found[1])) if found else (0, -1)


def _text(said: str) -> bytes:
    return escape(_CONTROL.sub("", said)[:32000]).encode()


_SHAPE = re.compile(rb"<v:shape\s.*?</v:shape>", re.DOTALL)


def _without(boxes: bytes, cells: set[Cell]) -> bytes:
    def kept(found: re.Match[bytes]) -> bytes:
        row, column = (re.search(rb"<x:%b>\s*(\d+)" % key, found[0]) for key in (b"Row", b"Column"))
        note = b'ObjectType="Note"' in found[0]
        return b"" if note and row and column and (int(row[1]) + 1, int(column[1])) in cells else found[0]

    last = boxes.rfind(b"</v:shape>") + len(b"</v:shape>")
    return _SHAPE.sub(kept, boxes[:last]) + boxes[last:] if cells and b"</v:shape>" in boxes else boxes


def _with(boxes: bytes, words: Mapping[Cell, str]) -> bytes:
    at = boxes.rfind(b"</xml")
    if at < 0:
        raise Unmarkable("drawing")
    number = max([1024, *(int(n) for n in re.findall(rb'id="_x0000_s(\d{1,9})"', boxes))])
    shapes = [_box(number + n, cell, said) for n, (cell, said) in enumerate(words.items(), 1)]
    kind = b"" if b'id="_x0000_t202"' in boxes or not shapes else _SHAPE_TYPE
    return boxes[:at] + kind + b"".join(shapes) + boxes[at:]


def _box(number: int, cell: Cell, said: str) -> bytes:
    row, column = cell[0] - 1, cell[1]
    lines = sum(len(line) // 34 + 1 for line in said.split("\n"))
    top = max(row - 1, 0)
    anchor = f"{column + 1}, 15, {top}, 8, {column + 5}, 15, {top + max(2, lines)}, 12"
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
        'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" '
        'obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    ).encode()
