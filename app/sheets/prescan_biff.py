"""Walks the records of an xls (BIFF 5 and 8, MS-XLS) for what the parser keeps to itself."""

from __future__ import annotations

import struct

from app.domain.errors import SheetRejected
from app.domain.grid import Note
from app.sheets.prescan_facts import Scan, SheetFacts
from app.sheets.prescan_ole import Compound
from app.sheets.prescan_zeros import Shown, shown_by
from app.sheets.profiles import Profile

ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_BOF, _EOF, _SHEET, _PASSWORD, _DATES, _LINK = 0x0809, 0x000A, 0x0085, 0x002F, 0x0022, 0x01AE
_FORMULA, _BOOL_OR_ERROR, _ROW, _COLUMNS = 0x0006, 0x0205, 0x0208, 0x007D
_WANTED = frozenset({_FORMULA, _BOOL_OR_ERROR, _ROW, _COLUMNS})
_WINDOW, _FORMAT, _STYLE = 0x003D, 0x041E, 0x00E0
_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS = 0x0203, 0x027E, 0x00BD
_NUMBERS = frozenset({_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS})


def scan_xls(compound: Compound, limits: Profile) -> Scan:
    """Facts of every sheet of an old Excel workbook.

    Not known here: formulas of a program that neither calculates nor says so; their value reads as empty,
    as that of a formula whose result is an empty text.
    """
    stream = compound.stream("Workbook") or compound.stream("Book")
    scan = Scan("xls", notes=_names_notes(compound))
    starts: list[int] = []
    formats: dict[int, Shown] = {}
    styles: list[int] = []  # number format of each cell style
    at, biff8, active = 0, True, -1
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _PASSWORD:
            raise SheetRejected("password")
        if kind == _BOF and not starts:
            biff8 = body[:2] == b"\x00\x06"
        elif kind == _SHEET and size >= 8:
            start, state, of_kind = struct.unpack_from("<IBB", body)
            starts.append(start if of_kind == 0 else -1)
            scan.sheets.append(SheetFacts(_name(body[6:], biff8), hidden=state != 0))
        elif kind == _DATES and body[:2] == b"\x01\x00":
            scan.notes.append(Note("date_1904"))
        elif kind == _LINK and body[2:4] not in (b"\x01\x04", b"\x01\x3a"):
            scan.notes.append(Note("external_links_ignored"))
        elif kind == _WINDOW and size >= 12:
            active = struct.unpack_from("<H", body, 10)[0]
        elif kind == _FORMAT and size >= 4:
            shown = shown_by(_format_code(body[2:], biff8))
            formats.update({struct.unpack_from("<H", body)[0]: shown} if shown else {})
        elif kind == _STYLE and size >= 4:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _EOF:
            break
    zeros = {place: formats[number] for place, number in enumerate(styles) if number in formats}
    places = [start for start in starts if start >= 0]
    if not places or len(set(places)) < len(places):
        raise SheetRejected("damaged")
    if len(starts) > limits.entries:
        raise SheetRejected("too_many_parts", max=limits.entries)
    for place, (start, facts) in enumerate(zip(starts, scan.sheets, strict=True)):
        facts.active = place == active
        if start >= 0:
            _scan_sheet(stream, start, facts, limits, zeros)
    return scan


def _names_notes(compound: Compound) -> list[Note]:
    macros = any(name.upper() in ("_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA") for name in compound.names())
    return [Note("macros_ignored")] if macros else []


def _name(raw: bytes, biff8: bool) -> str:
    length = raw[0]
    if not biff8:
        return raw[1 : 1 + length].decode("cp1252", "backslashreplace")
    if raw[1] & 1:
        return raw[2 : 2 + 2 * length].decode("utf-16-le", "backslashreplace")
    return raw[2 : 2 + length].decode("latin-1")


def _format_code(raw: bytes, biff8: bool) -> str:
    if not biff8:
        return _name(raw, biff8)
    return _name(raw[:1] + raw[2:], biff8) if len(raw) > 3 and raw[1] == 0 else ""  # its length takes two bytes


def _scan_sheet(stream: bytes, at: int, facts: SheetFacts, limits: Profile, zeros: dict[int, Shown]) -> None:
    header = struct.Struct("<HH").unpack_from
    end = len(stream) - 4
    depth = 0
    while at <= end:
        kind, size = header(stream, at)
        if kind in _WANTED:
            _record(kind, stream[at + 4 : at + 4 + size], facts, limits)
        elif zeros and kind in _NUMBERS:
            _number(kind, stream[at + 4 : at + 4 + size], facts, zeros)
        elif kind == _BOF:
            depth += 1  # a chart inside the sheet has its own begin and end
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        at += 4 + size


def _record(kind: int, body: bytes, facts: SheetFacts, limits: Profile) -> None:
    if kind == _FORMULA and len(body) >= 16:
        row, column = struct.unpack_from("<HH", body)
        _formula((row + 1, column), body[6:14], body[14], facts)
    elif kind == _BOOL_OR_ERROR and len(body) >= 8:
        if body[7]:
            row, column = struct.unpack_from("<HH", body)
            facts.errors[row + 1, column] = ERRORS.get(body[6], "#ERROR!")
    elif kind == _ROW and len(body) >= 14:
        if body[12] & 0x20:
            facts.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind == _COLUMNS and len(body) >= 9 and body[8] & 1:
        first, last = struct.unpack_from("<HH", body)
        facts.hidden_columns.update(range(first, min(last + 1, limits.columns)))


def _number(kind: int, body: bytes, facts: SheetFacts, zeros: dict[int, Shown]) -> None:
    if len(body) < 10:
        return
    row, first = struct.unpack_from("<HH", body)
    count = (len(body) - 6) // 6 if kind == _SHORT_NUMBERS else 1
    for place in range(count):
        shown = zeros.get(struct.unpack_from("<H", body, 4 + 6 * place)[0])
        if shown:
            facts.padded[row + 1, first + place] = shown


def _formula(cell: tuple[int, int], result: bytes, flags: int, facts: SheetFacts) -> None:
    if result[6:] == b"\xff\xff" and result[0] == 2:
        facts.errors[cell] = ERRORS.get(result[2], "#ERROR!")
    elif flags & 2 and (result == bytes(8) or result[:1] + result[6:] == b"\x03\xff\xff"):
        # Zero or nothing, and marked "calculate on load": its writer could not calculate.
        facts.uncached.add(cell)
    else:
        facts.formulas.add(cell)
