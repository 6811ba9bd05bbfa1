"""One worksheet part with other formats at some cells: their tags are written anew, the rest stays byte for byte."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property

from app.sheets.package import RELATIONS, Unmarkable
from app.sheets.prescan_facts import Cell, address, column_index

_REF = re.compile(rb"""\sr=["']([A-Z]{1,3})?([0-9]{1,7})["']""")
_STYLE = re.compile(rb"""\ss=["'](\d{1,6})["']""")
_SPANS = re.compile(rb"""\sspans=["'][^"']*["']""")
_TAG = re.compile(rb"""<(/?)((?:[A-Za-z][\w.-]*:)?[A-Za-z][\w.-]*)(?:\s[^<>]*?)?(/?)>""")
_AFTER_DRAWING = frozenset(
    b"legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst AlternateContent".split()
)
Edit = tuple[int, int, bytes]


class SheetPart:
    """A worksheet part; cells are (row number from 1, column index from 0)."""

    def __init__(self, xml: bytes) -> None:
        root = re.search(rb"<([A-Za-z][\w.-]*:)?worksheet[\s>]", xml)
        if root is None:
            raise Unmarkable("worksheet")
        self._p = root[1] or b""
        self.xml = xml = re.sub(rb"<%bsheetData\s*/>" % self._p, self._empty(b"sheetData"), xml)
        begin = re.search(rb"<%bsheetData\s*>" % self._p, xml)
        end = xml.find(b"</%bsheetData" % self._p)
        if begin is None or end < 0:
            raise Unmarkable("sheetData")
        self._begin, self._end = begin.end(), end

    def shown(self, cells: Iterable[Cell]) -> dict[Cell, Cell]:
        """Each cell → the one that shows: itself, or the first of the merged range it lies in."""
        found = {cell: cell for cell in cells}
        wanted = sorted(found)
        for left, top, right, bottom in self._merges:
            for row, column in wanted[bisect_left(wanted, (top, 0)) :]:
                if row > bottom:
                    break
                if left <= column <= right:
                    found[row, column] = (top, left)
        return found

    def style_at(self, styles: Iterable[int]) -> list[tuple[Cell, int]]:
        """The cells that have one of these formats."""
        wanted = frozenset(styles)
        held: list[tuple[Cell, int]] = []
        if wanted:
            for number, start, end, _ in self._rows():
                held += [((number, c), s) for c, tag in self._cells(start, end) if (s := _style_of(tag)) in wanted]
        return held

    def restyle(self, cells: Iterable[Cell], style: Callable[[Cell, int], int]) -> None:
        """Give cells the format that `style` makes of their own; cells that are not there are put there."""
        by_row: dict[int, set[int]] = {}
        for row, column in cells:
            by_row.setdefault(row, set()).add(column)
        edits: list[Edit] = []
        waiting = sorted(by_row)
        for number, start, end, tag in self._rows():
            while waiting and waiting[0] < number:
                edits.append((tag.start(), tag.start(), self._new_row(waiting[0], by_row[waiting.pop(0)], style)))
            if waiting and waiting[0] == number:
                edits += self._in_row(waiting.pop(0), by_row[number], start, end, tag, style)
        if waiting:
            rest = b"".join(self._new_row(number, by_row[number], style) for number in waiting)
            edits.append((self._end, self._end, rest))
        self._apply(edits)

    def legacy_drawing(self, relation: str) -> None:
        """Refer to the drawing of comments, at the only place where the schema has it."""
        depth, at = 1, None  # the walk begins at the end of sheetData
        for tag in _TAG.finditer(self.xml, self._end):
            name = tag[2].rpartition(b":")[2]
            if depth == 0 and (tag[1] or name in _AFTER_DRAWING):
                at = tag.start()
                break
            depth += -1 if tag[1] else 0 if tag[3] else 1
        if at is None:
            raise Unmarkable("worksheet")
        strict = b"http://purl.oclc.org/ooxml/spreadsheetml/main" in self.xml[:2000]
        base = "http://purl.oclc.org/ooxml/officeDocument/relationships" if strict else RELATIONS
        line = f'<{self._p.decode()}legacyDrawing xmlns:sn="{base}" sn:id="{relation}"/>'.encode()
        self._apply([(at, at, line)])

    def _apply(self, edits: list[Edit]) -> None:
        parts: list[bytes] = []
        at = 0
        for start, end, made in sorted(edits, key=lambda edit: edit[:2]):
            parts += [self.xml[at:start], made]
            at = end
        grown = sum(len(made) - (end - start) for start, end, made in edits if start <= self._end)
        self.xml = b"".join([*parts, self.xml[at:]])
        self._end += grown

    def _rows(self) -> Iterator[tuple[int, int, int, re.Match[bytes]]]:
        """(number, where its cells begin and end, its tag)."""
        ending = b"</%brow" % self._p
        number = 0
        for tag in re.finditer(rb"<%brow(?=[\s/>])([^<>]*?)(/?)>" % self._p, self.xml):
            ref = _REF.search(tag[1])
            number = int(ref[2]) if ref else number + 1
            end = tag.end() if tag[2] else self.xml.find(ending, tag.end())
            if end < 0:
                raise Unmarkable("row")
            yield number, tag.end(), end, tag

    def _cells(self, start: int, end: int) -> Iterator[tuple[int, re.Match[bytes]]]:
        """(column, its tag)."""
        column = -1
        for tag in self._cell_tag.finditer(self.xml, start, end):
            ref = _REF.search(tag[1])
            column = _index(ref[1]) if ref and ref[1] else column + 1
            yield column, tag

    @cached_property
    def _cell_tag(self) -> re.Pattern[bytes]:
        return re.compile(rb"<%bc(?=[\s/>])([^<>]*?)(/?)>" % self._p)

    def _in_row(
        self,
        number: int,
        columns: set[int],
        start: int,
        end: int,
        tag: re.Match[bytes],
        style: Callable[[Cell, int], int],
    ) -> list[Edit]:
        edits: list[Edit] = []
        missing = sorted(columns)
        base = _STYLE.search(tag[1])
        own = int(base[1]) if base else None
        added: list[tuple[int, bytes]] = []
        for column, cell in self._cells(start, end):
            if not missing:
                break
            while missing and missing[0] < column:
                added.append((cell.start(), self._new_cell(number, missing.pop(0), own, style)))
            if missing and missing[0] == column:
                missing.pop(0)
                made = style((number, column), _style_of(cell))
                kept = _STYLE.sub(b"", cell[1]) + b' s="%d"' % made
                edits.append((cell.start(), cell.end(), b"<%bc%b%b>" % (self._p, kept, cell[2])))
        rest = b"".join(self._new_cell(number, column, own, style) for column in missing)
        edits += [(at, at, made) for at, made in added]
        if tag[2]:  # <row/>: it had no cells
            whole = b"<%brow%b>%b</%brow>" % (self._p, _SPANS.sub(b"", tag[1]), rest, self._p)
            return [(tag.start(), tag.end(), whole)]
        if rest:
            edits.append((end, end, rest))
        if rest or added:
            edits.append((tag.start(), tag.end(), b"<%brow%b>" % (self._p, _SPANS.sub(b"", tag[1]))))
        return edits

    def _new_row(self, number: int, columns: set[int], style: Callable[[Cell, int], int]) -> bytes:
        cells = b"".join(self._new_cell(number, column, None, style) for column in sorted(columns))
        return b'<%brow r="%d">%b</%brow>' % (self._p, number, cells, self._p)

    def _new_cell(self, number: int, column: int, own: int | None, style: Callable[[Cell, int], int]) -> bytes:
        old = own if own is not None else self._column_style(column)
        made = style((number, column), old)
        return b'<%bc r="%b" s="%d"/>' % (self._p, address(number, column).encode(), made)

    def _empty(self, name: bytes) -> bytes:
        return b"<%b%b></%b%b>" % (self._p, name, self._p, name)

    def _column_style(self, column: int) -> int:
        return next((style for first, last, style in self._columns if first <= column <= last), 0)

    @cached_property
    def _columns(self) -> list[tuple[int, int, int]]:
        found = []
        for tag in re.finditer(rb"<%bcol\s([^<>]*)>" % self._p, self.xml[: self._begin]):
            first, last, style = (
                re.search(rb"""(?:^|\s)%b=["'](\d{1,6})["']""" % key, tag[1]) for key in (b"min", b"max", b"style")
            )
            if first and last and style:
                found.append((int(first[1]) - 1, int(last[1]) - 1, int(style[1])))
        return found

    @cached_property
    def _merges(self) -> list[tuple[int, int, int, int]]:
        """(left, top, right, bottom)."""
        pattern = rb"""<%bmergeCell\s[^<>]*?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']""" % self._p
        return [
            (column_index(m[1]), int(m[2]), column_index(m[3]), int(m[4]))
            for m in re.finditer(pattern, self.xml[self._end :])
        ]


def _style_of(tag: re.Match[bytes]) -> int:
    found = _STYLE.search(tag[1])
    return int(found[1]) if found else 0


_index = cache(column_index)  # at most as many as there are names of three letters
