"""Walks the records of an xlsb (BIFF 12, MS-XLSB): a zip whose parts are binary."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from app.domain.errors import SheetRejected
from app.domain.grid import Note
from app.sheets.prescan_biff import ERRORS
from app.sheets.prescan_facts import Scan, SheetFacts, refuse_too_far
from app.sheets.prescan_xlsx import part_targets
from app.sheets.prescan_zip import Archive
from app.sheets.profiles import Profile

_ROW, _CELL_BLANK, _CELL_ERROR, _FORMULAS, _FORMULA_ERROR = 0, 1, 3, (8, 9, 10, 11), 11
_COLUMNS, _BOOK, _SHEET, _MERGED = 60, 153, 156, 176


def scan_xlsb(archive: Archive, limits: Profile) -> Scan:
    """Facts of every sheet. Whether a formula was ever calculated is not written in this format."""
    book = archive.find("xl/workbook.bin") or ""
    scan = Scan("xlsb")
    names = [name.lower() for name in archive.names()]
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        scan.notes.append(Note("macros_ignored"))
    if any("/externallinks/" in name for name in names):
        scan.notes.append(Note("external_links_ignored"))
    targets = part_targets(archive, book)
    try:
        for kind, body in _records(bytes(archive.read(book))):
            if kind == _BOOK and body and body[0] & 1:
                scan.notes.append(Note("date_1904"))
            elif kind == _SHEET:
                scan.sheets.append(_sheet(archive, body, targets, limits))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise SheetRejected("damaged") from error
    return scan


def _sheet(archive: Archive, body: bytes, targets: dict[str, str], limits: Profile) -> SheetFacts:
    state = struct.unpack_from("<I", body)[0]
    relation, at = _text(body, 8)
    name, _ = _text(body, at)
    facts = SheetFacts(name, hidden=state != 0, merged=[])
    part = archive.find(targets.get(relation, ""))
    if part:
        _scan_cells(bytes(archive.read(part)), facts, limits)
    return facts


def _text(body: bytes, at: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le"), end


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while True:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift == 28:
                break
        yield kind, data[at : at + size]
        at += size


def _scan_cells(data: bytes, facts: SheetFacts, limits: Profile) -> None:
    row = lines = 0
    assert facts.merged is not None
    for kind, body in _records(data):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0] + 1
            lines += 1
            if body[11] & 0x10:
                facts.hidden_rows.add(row)
        elif 1 < kind <= 11:
            column = struct.unpack_from("<I", body)[0]
            if row > limits.last_row or column >= limits.columns:
                facts.refusal = refuse_too_far(row, column, limits, lines)
                return
            if kind in (_CELL_ERROR, _FORMULA_ERROR):
                facts.errors[row, column] = ERRORS.get(body[8], "#ERROR!")
            elif kind in _FORMULAS:
                facts.formulas.add((row, column))
        elif kind == _COLUMNS and body[16] & 1:
            first, last = struct.unpack_from("<II", body)
            facts.hidden_columns.update(range(first, min(last + 1, limits.columns)))
        elif kind == _MERGED:
            row1, row2, column1, column2 = struct.unpack_from("<IIII", body)
            facts.merged.append((row1 + 1, column1, row2 + 1, column2))
