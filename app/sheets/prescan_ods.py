"""Walks content.xml of an OpenDocument spreadsheet: repeats (one cell may stand for a billion), formulas, errors."""

from __future__ import annotations

import re

from app.domain.errors import SheetRejected
from app.domain.grid import Note
from app.sheets.prescan_facts import Scan, SheetFacts, refuse_too_far
from app.sheets.prescan_xlsx import refuse_doctype
from app.sheets.prescan_zip import Archive
from app.sheets.profiles import Profile

_TOKEN = re.compile(rb"<(/?)table:(table|table-row|table-column)(?=[\s/>])([^<>]{0,20000})>")
_CELL = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])([^<>]{0,20000})>")
_HIDDEN_STYLE = re.compile(
    rb'<style:style\s[^<>]{0,400}?style:name="([^"<>]{1,100})"[^<>]{0,400}>\s*'
    rb'<style:table-properties[^<>]{0,400}table:display="false"'
)
_NUMBER = {
    name: re.compile(rb"table:number-" + name + rb'="([0-9]{1,12})"')
    for name in (b"rows-repeated", b"columns-repeated", b"rows-spanned", b"columns-spanned")
}
_NAME = re.compile(rb'table:name="([^"<>]{0,400})"')
_STYLE = re.compile(rb'table:style-name="([^"<>]{1,100})"')
_SHOWN_TEXT = re.compile(rb"\s*<text:p[^<>]{0,200}>([^<]{1,40})<")


def scan_ods(archive: Archive, limits: Profile) -> Scan:
    """Facts of every sheet of an OpenDocument workbook."""
    manifest = archive.find("META-INF/manifest.xml")
    if manifest and b"encryption-data" in archive.read(manifest):
        raise SheetRejected("password")
    mimetype = archive.find("mimetype")
    kind = bytes(archive.read(mimetype)[:100]) if mimetype else b"spreadsheet"
    if b"spreadsheet" not in kind:
        raise SheetRejected("not_a_sheet", kind="word" if b"text" in kind else "unknown")
    xml = archive.read(archive.find("content.xml") or "content.xml")
    refuse_doctype(xml)
    scan = Scan("ods")
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.names()):
        scan.notes.append(Note("macros_ignored"))
    hidden_styles = set(_HIDDEN_STYLE.findall(xml))
    walk = _Walk(xml, limits)
    for match in _TOKEN.finditer(xml):
        walk.token(match, hidden_styles)
    if walk.open:
        raise SheetRejected("damaged")  # its parser would look for the end of the sheet for ever
    scan.sheets = walk.sheets
    if len(scan.sheets) > limits.entries:
        raise SheetRejected("too_many_parts", max=limits.entries)
    return scan


class _Walk:
    """Where in which sheet we are."""

    def __init__(self, xml: bytearray, limits: Profile) -> None:
        self.sheets: list[SheetFacts] = []
        self._xml = xml
        self._limits = limits
        self._depth = 0
        self._row = 1  # 1-based, of the row being walked
        self._column = 0  # 0-based, of the next cell
        self._repeat = 1
        self._declared = 0  # columns declared so far
        self._written = 0  # row elements of all sheets
        self._lines = 0  # rows holding values so far

    @property
    def open(self) -> bool:
        """Whether a sheet was begun and not ended."""
        return self._depth != 0

    def token(self, match: re.Match[bytes], hidden_styles: set[bytes]) -> None:
        closing, name, attributes = match[1], match[2], match[3]
        if name == b"table":
            self._depth += -1 if closing else 1
            if not closing and self._depth == 1:
                self._begin(attributes, hidden_styles)
            self._depth -= attributes.endswith(b"/")
        elif closing or self._depth != 1 or not self.sheets:
            return  # also of a table inside a cell
        elif name == b"table-column":
            self._begin_columns(attributes)
        else:
            self._begin_row(attributes)
            if not attributes.endswith(b"/"):
                self._cells(match.end())
            self._row += self._repeat

    def _begin(self, attributes: bytes, hidden_styles: set[bytes]) -> None:
        found = _NAME.search(attributes)
        style = _STYLE.search(attributes)
        name = found[1].decode("utf-8", "backslashreplace") if found else ""
        self.sheets.append(SheetFacts(_unescape(name), hidden=bool(style and style[1] in hidden_styles), merged=[]))
        self._row, self._column, self._declared, self._lines = 1, 0, 0, 0

    def _begin_row(self, attributes: bytes) -> None:
        self._repeat = _number(b"rows-repeated", attributes)
        self._column = 0
        self._written += 1
        if self._written > 2 * self._limits.rows:
            raise SheetRejected("too_many_rows", max=self._limits.rows)
        if _is_hidden(attributes):
            last = min(self._row + self._repeat, self._limits.rows + 2)
            self.sheets[-1].hidden_rows.update(range(self._row, last))

    def _begin_columns(self, attributes: bytes) -> None:
        count = _number(b"columns-repeated", attributes)
        if _is_hidden(attributes):
            last = min(self._declared + count, self._limits.columns)
            self.sheets[-1].hidden_columns.update(range(self._declared, last))
        self._declared += count

    def _cells(self, start: int) -> None:
        end = self._xml.find(b"</table:table-row>", start)
        cells = _without_empty_tail(bytes(self._xml[start : end if end >= 0 else None]).rstrip())
        plain = self._repeat == 1 and b"repeated=" not in cells and b"spanned=" not in cells
        if plain and b"formula=" not in cells and b'"error"' not in cells:
            width = cells.count(b"<table:table-cell") + cells.count(b"<table:covered-table-cell")
            if self._row <= self._limits.last_row and width <= self._limits.columns:
                self._lines += width > 0
                return
        for match in _CELL.finditer(cells):
            self._cell(match, match[1], match[1].endswith(b"/"))

    def _cell(self, match: re.Match[bytes], attributes: bytes, alone: bool) -> None:
        count = _number(b"columns-repeated", attributes) if b"columns-repeated" in attributes else 1
        if alone and b"value-type=" not in attributes and b"formula=" not in attributes:
            self._column += count
            return
        facts, limits = self.sheets[-1], self._limits
        self._lines += self._column == 0
        row, column = self._row + self._repeat - 1, self._column + count - 1
        if (row > limits.last_row or column >= limits.columns) and facts.refusal is None:
            lines = max(self._lines, self._repeat)
            facts.refusal = refuse_too_far(row, column, limits, lines)
        if facts.refusal is None:
            cell = (self._row, self._column)
            if b"spanned=" in attributes:
                down, across = _number(b"rows-spanned", attributes), _number(b"columns-spanned", attributes)
                if down * across > 1:
                    assert facts.merged is not None
                    facts.merged.append((cell[0], cell[1], cell[0] + down - 1, cell[1] + across - 1))
            if b'calcext:value-type="error"' in attributes:
                shown = _SHOWN_TEXT.match(match.string, match.end())
                facts.errors[cell] = shown[1].decode("utf-8", "backslashreplace") if shown else "#ERROR!"
            elif b"table:formula=" in attributes:
                cached = b"office:value-type=" in attributes
                (facts.formulas if cached else facts.uncached).add(cell)
        self._column += count


def _without_empty_tail(cells: bytes) -> bytes:
    """LibreOffice fills each row up to the last column with one repeated empty cell."""
    if not cells.endswith(b"/>"):
        return cells
    at = cells.rfind(b"<table:table-cell")
    last = cells[at:] if at >= 0 else b"value-type="
    empty = last.count(b"<") == 1 and b"value-type=" not in last and b"formula=" not in last
    return cells[:at] if empty else cells


def _number(name: bytes, attributes: bytes) -> int:
    found = _NUMBER[name].search(attributes)
    return max(int(found[1]), 1) if found else 1


def _is_hidden(attributes: bytes) -> bool:
    return b'table:visibility="collapse"' in attributes or b'table:visibility="filter"' in attributes


def _unescape(name: str) -> str:
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        name = name.replace(entity, letter)
    return name
