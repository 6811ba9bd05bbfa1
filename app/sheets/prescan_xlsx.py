"""Looks through the parts of an xlsx or xlsm by bytes: far cells, formulas, errors, what is hidden.

Regular expressions over bytes are five times faster than an XML parser here, and being fooled by odd
XML costs nothing but a missed note: the child's memory limit stands behind them. Every repetition
is bounded or stops at `<`, so that no content makes them slow.
"""

from __future__ import annotations

import posixpath
import re
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.domain.errors import SheetRejected
from app.domain.grid import Note
from app.domain.sheet_report import letter
from app.sheets.prescan_facts import Scan, SheetFacts, column_index, refuse_too_far
from app.sheets.prescan_zeros import find_padded, may_pad, zero_styles
from app.sheets.prescan_zip import Archive
from app.sheets.profiles import MB, Profile

_SMALL_PART = 8 * MB
_TAG = rb"[^<>]{0,400}"
_REF = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_TYPE = re.compile(rb"""\bt=["']([a-zA-Z]+)["']""")


def scan_xlsx(archive: Archive, limits: Profile) -> Scan:
    """Facts of every sheet of an Office Open XML workbook; raises `SheetRejected` for the file as a whole."""
    book_name = archive.find("xl/workbook.xml")
    if book_name is None:
        raise SheetRejected("damaged")
    book = small_xml(archive, book_name)
    scan = Scan("xlsx", notes=_file_notes(archive, book))
    recalculated = any(_local(e) == "calcPr" and e.get("fullCalcOnLoad") in ("1", "true") for e in book.iter())
    parts = part_targets(archive, book_name)
    strings = archive.find("xl/sharedStrings.xml")
    if strings is not None:
        refuse_doctype(archive.read(strings))
    styles = archive.find("xl/styles.xml")
    zeros = zero_styles(small_xml(archive, styles)) if styles and may_pad(archive.read(styles)) else {}
    seen: set[str] = set()
    for element in sheet_elements(book, limits):
        name = element.get("name") or ""
        part = archive.find(parts.get(_relation(element), ""))
        if part in seen:
            raise SheetRejected("damaged")  # one part read again and again under many names
        seen.update([part] if part else [])
        xml = archive.read(part) if part else bytearray()
        facts = scan_sheet(xml, name, recalculated, limits) if part else SheetFacts(name)
        if zeros and facts.refusal is None:
            find_padded(xml, zeros, facts)
        facts.hidden = element.get("state") in ("hidden", "veryHidden")
        scan.sheets.append(facts)
    _mark_active(book, scan.sheets)
    return scan


def _mark_active(book: Element, sheets: list[SheetFacts]) -> None:
    view = next((e for e in book.iter() if _local(e) == "workbookView"), None)
    place = view.get("activeTab", "0") if view is not None else ""
    if place.isdecimal() and len(place) < 5 and int(place) < len(sheets):
        sheets[int(place)].active = True


def scan_sheet(xml: bytearray, name: str, recalculated: bool, limits: Profile) -> SheetFacts:
    """Facts of one worksheet part. `recalculated`: its writer left the calculation to the next opener."""
    refuse_doctype(xml)
    facts = SheetFacts(name)
    start = re.search(rb"<([A-Za-z][A-Za-z0-9]{0,20}:)?worksheet[\s>]", xml)
    prefix = start[1] or b"" if start else b""
    facts.refusal = _too_far(xml, prefix, limits)
    if facts.refusal is None:
        _find_formulas(xml, prefix, recalculated, facts)
        _find_errors(xml, prefix, facts)
        _find_hidden(xml, prefix, facts, limits)
    return facts


def refuse_doctype(xml: bytes | bytearray) -> None:
    """A document type is how entities get in; no spreadsheet program writes one."""
    if xml.find(b"<!DOCTYPE") >= 0 or xml.find(b"<!ENTITY") >= 0:
        raise SheetRejected("doctype")


def small_xml(archive: Archive, name: str) -> Element:
    """A small part as a tree; document types, entities and nonsense are refused."""
    data = archive.read(name)
    if len(data) > _SMALL_PART:
        raise SheetRejected("too_large_when_opened")
    try:
        tree: Element = fromstring(bytes(data), forbid_dtd=True)
    except DefusedXmlException as error:
        raise SheetRejected("doctype") from error
    except (ParseError, ValueError, LookupError) as error:
        raise SheetRejected("damaged") from error
    return tree


def part_targets(archive: Archive, book_name: str) -> dict[str, str]:
    """Relation id -> part name, for the parts of a workbook."""
    folder, file = posixpath.split(book_name)
    relations = archive.find(f"{folder}/_rels/{file}.rels")
    if relations is None:
        raise SheetRejected("damaged")
    targets: dict[str, str] = {}
    for element in small_xml(archive, relations):
        target = element.get("Target") or ""
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        targets[element.get("Id") or ""] = path
    return targets


def sheet_elements(book: Element, limits: Profile) -> list[Element]:
    found = [element for element in book.iter() if _local(element) == "sheet"]
    if len(found) > limits.entries:
        raise SheetRejected("too_many_parts", max=limits.entries)
    return found


def _relation(element: Element) -> str:
    return next((value for key, value in element.attrib.items() if key.endswith("}id")), "")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _file_notes(archive: Archive, book: Element) -> list[Note]:
    names = [name.lower() for name in archive.names()]
    notes = []
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        notes.append(Note("macros_ignored"))
    if any("/externallinks/" in name for name in names):
        notes.append(Note("external_links_ignored"))
    if any(_local(e) == "workbookPr" and e.get("date1904") in ("1", "true") for e in book.iter()):
        notes.append(Note("date_1904"))
    return notes


def _too_far(xml: bytearray, prefix: bytes, limits: Profile) -> tuple[str, Any] | None:
    for quote in (b'"', b"'"):
        if xml.find(b" r=" + quote) < 0:
            continue
        for match in _far_pattern(limits.last_row, limits.columns, quote.decode()).finditer(xml):
            if _holds_value(xml, match.end(), prefix):
                before = xml.count(b"<" + prefix + b"row", 0, match.start())
                place = _REF.match(xml, match.start())
                assert place is not None
                return refuse_too_far(int(place[2]), column_index(place[1]), limits, before)
    return None


def _holds_value(xml: bytearray, inside_tag: int, prefix: bytes) -> bool:
    """Whether the cell is more than formatting: people format whole columns down to the last row."""
    end = xml.find(b">", inside_tag, inside_tag + 500)
    if end < 0 or xml[end - 1 : end] == b"/":
        return False
    return not xml.startswith(b"</" + prefix + b"c>", end + 1)


@cache
def _far_pattern(rows: int, columns: int, quote: str) -> re.Pattern[bytes]:
    """Addresses beyond the limits; one literal beginning, because that is what runs fast."""
    limit = letter(columns)  # the first column too many: "GS" for 200
    first, second = limit[0], limit[1]
    later = f"|[{chr(ord(first) + 1)}-Z][A-Z]" if first < "Z" else ""
    far = rf"(?:[A-Z]{{3}}|{first}[{second}-Z]{later})[0-9]{{1,7}}|[A-Z]{{1,2}}(?:{_more_than(rows)})"
    return re.compile(f"r={quote}(?:{far}){quote}".encode())


def _more_than(number: int) -> str:
    """A pattern for decimal numbers above `number`."""
    digits = str(number)
    cases = [f"[0-9]{{{len(digits) + 1},7}}"]
    for place, digit in enumerate(digits):
        if digit != "9":
            cases.append(f"{digits[:place]}[{int(digit) + 1}-9][0-9]{{{len(digits) - place - 1}}}")
    return "|".join(cases)


def _find_formulas(xml: bytearray, prefix: bytes, recalculated: bool, facts: SheetFacts) -> None:
    if xml.find(b"<" + prefix + b"f") < 0:
        return
    for match in _formula_pattern(prefix).finditer(xml):
        cell, kind = _cell_of(match[1])
        if cell is None or kind == b"e":
            continue
        value = match[3]
        cached = match[2] is not None and (bool(value) or kind == b"str")
        if cached and not (recalculated and value == b"0" and kind in (b"", b"n")):
            facts.formulas.add(cell)
        else:
            facts.uncached.add(cell)


@cache
def _formula_pattern(p: bytes) -> re.Pattern[bytes]:
    formula = rb"<%bf(?:\s%b)?(?:/>|>[^<]{0,9000}</%bf>)" % (p, _TAG, p)
    value = rb"(<%bv(?:\s%b)?(?:/>|>([^<]*)))?" % (p, _TAG)
    return re.compile(rb"<%bc(\s%b)>\s*%b\s*%b" % (p, _TAG, formula, value))


def _find_errors(xml: bytearray, prefix: bytes, facts: SheetFacts) -> None:
    for quote in (b'"', b"'"):
        at = xml.find(b" t=" + quote + b"e" + quote)
        while at >= 0:
            tag = xml.rfind(b"<" + prefix + b"c ", max(0, at - 400), at)
            match = _error_pattern(prefix).match(xml, tag) if tag >= 0 else None
            cell = _cell_of(match[1])[0] if match else None
            if match and cell is not None:
                facts.errors[cell] = match[2].decode("ascii", "backslashreplace")
            at = xml.find(b" t=" + quote + b"e" + quote, at + 6)


@cache
def _error_pattern(p: bytes) -> re.Pattern[bytes]:
    formula = rb"(?:<%bf(?:\s%b)?(?:/>|>[^<]{0,9000}</%bf>)\s{0,50})?" % (p, _TAG, p)
    return re.compile(rb"<%bc(\s%b)>\s{0,50}%b<%bv>([^<]{0,40})<" % (p, _TAG, formula, p))


def _find_hidden(xml: bytearray, prefix: bytes, facts: SheetFacts, limits: Profile) -> None:
    if xml.find(b"hidden=") < 0:
        return
    for match in re.finditer(rb"<%b(row|col)\s(%b)>" % (prefix, _TAG), xml):
        if re.search(rb"""\bhidden=["'](?:1|true)["']""", match[2]) is None:
            continue
        if match[1] == b"row":
            number = re.search(rb"""\br=["']([0-9]{1,7})["']""", match[2])
            if number:
                facts.hidden_rows.add(int(number[1]))
        else:
            first, last = (re.search(rb"""\b%b=["']([0-9]{1,5})["']""" % key, match[2]) for key in (b"min", b"max"))
            if first and last:
                facts.hidden_columns.update(range(int(first[1]) - 1, min(int(last[1]), limits.columns)))


def _cell_of(attributes: bytes) -> tuple[tuple[int, int] | None, bytes]:
    kind = _TYPE.search(attributes)
    ref = _REF.search(attributes)
    cell = (int(ref[2]), column_index(ref[1])) if ref else None
    return cell, kind[1] if kind else b""
