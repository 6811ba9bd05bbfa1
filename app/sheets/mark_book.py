"""Puts marks into a workbook: red cells, comments, and a last sheet that lists them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from app.domain.fields import Label
from app.domain.filling import fill
from app.domain.grid import MARKS_SHEET
from app.sheets.mark_cells import SheetPart
from app.sheets.mark_comments import comment
from app.sheets.mark_styles import MAIN, Styles, plain
from app.sheets.package import TYPES, Package, Unmarkable, parsed
from app.sheets.prescan_facts import Cell, column_index

_BOOK = "xl/workbook.xml"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MOST_COMMENTS = 2000  # beyond, Excel opens slowly; the list still has every problem
_BEFORE = "G"  # hidden column of the list: the format each cell had before it became red
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEADINGS: tuple[Label, ...] = (
    Label("Sel", "Cell"),
    Label("Kolom", "Column"),
    Label("Isi sekarang", "Value now"),
    Label("Yang perlu diperbaiki", "What to correct"),
    Label("Saran", "Suggestion"),
)
_WIDTHS = (9, 28, 24, 70, 24)
_TITLE = Label(
    "Perlu diperbaiki: {count} hal di lembar “{sheet}”",
    "To correct: {count} {count:thing|things} on the sheet “{sheet}”",
)
_ADVICE = Label(
    "Perbaiki sel merah pada lembar “{sheet}”, simpan, lalu unggah kembali. Lembar ini boleh dibiarkan.",
    "Correct the red cells on the sheet “{sheet}”, save, and upload again. This sheet may stay.",
)
_CONVERTED = Label(
    "Berkas {kind} tidak dapat kami tandai langsung. Isi lembar “{sheet}” kami salin apa adanya ke berkas xlsx ini; "
    "warna, rumus, dan lembar lain tidak ikut. Berkas asal Anda tidak berubah.",
    "We cannot mark a file of kind {kind} itself. The cells of the sheet “{sheet}” were copied as they are into this "
    "xlsx; colours, formulas and other sheets were not. Your original file is unchanged.",
)
Marks = Sequence[tuple[int | None, str | None, str, str, str, str]]  # row, column, name, value, words, suggestion


@dataclass(frozen=True, slots=True)
class _Sheets:
    by_name: Mapping[str, str]  # sheet name → part
    numbers: frozenset[int]


def mark(
    package: Package, sheet: str, heading_rows: Sequence[int], marks: Marks, language: str, converted: str | None
) -> bool:
    """Mark the sheet of this name. Whether the workbook is one with macros. Raises `Unmarkable`."""
    sheets = _sheets(package)
    part = sheets.by_name.get(sheet)
    if part is None or b".main+xml" not in package.read(TYPES):  # without types, no spreadsheet program opens it
        raise Unmarkable("sheet")
    style_name, styles = _styles(package, sheets.by_name.values())
    page = SheetPart(package.read(part))
    words = _words(page, max(heading_rows, default=1), marks)
    former = sheets.by_name.get(MARKS_SHEET)
    originals = _originals(package.read(former)) if former else []
    bare = {style: styles.unmarked(style, originals) for style in styles.marked()} if former else {}
    held: dict[Cell, int] = {}

    def red(cell: Cell, style: int) -> int:
        held[cell] = bare.get(style, style)
        return styles.red(held[cell])

    right_now = [cell for cell, _ in page.style_at(bare) if cell not in words]
    page.restyle(right_now, lambda _, style: bare[style])
    page.restyle(words, red)
    relation = comment(package, part, dict(list(words.items())[:_MOST_COMMENTS]))
    if relation:
        page.legacy_drawing(relation)
    package.write(part, page.xml)
    _put_list(package, former, sheets, _list(sheet, marks, held.values(), styles, language, converted))
    package.write(style_name, styles.saved())
    return _kept_kind(package)


def _sheets(package: Package) -> _Sheets:
    parts = {relation.id: relation.part for relation in package.relations(_BOOK)}
    found, numbers = {}, set()
    for element in parsed(package.read(_BOOK)).iter():
        if str(element.tag).rpartition("}")[2] == "sheet":
            relation = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            found[element.get("name") or ""] = parts.get(relation, "")
            numbers.add(int(element.get("sheetId") or 0))
    return _Sheets(found, frozenset(numbers))


def _styles(package: Package, pages: Iterable[str]) -> tuple[str, Styles]:
    part = next((r.part for r in package.relations(_BOOK) if r.kind == "styles"), None)
    if part is None:
        part = "xl/styles.xml" if package.find("xl/styles.xml") is None else package.free("xl/styles{}.xml")
        package.relate(_BOOK, "styles", part)
    if package.find(part) is None:
        package.write(part, plain(1 + max(_named_style(package.read(page)) for page in pages if package.find(page))))
        package.declare(part, f"{_CONTENT}.styles+xml")
    return part, Styles(package.read(part))


def _named_style(xml: bytes) -> int:
    """The highest format number the cells of a sheet name."""
    named = re.finditer(rb"""<(?:[\w.-]+:)?c\s[^<>]*?\bs=["'](\d{1,5})["']""", xml)
    return max((int(found[1]) for found in named), default=0)


def _words(page: SheetPart, heading: int, marks: Marks) -> dict[Cell, str]:
    """What to say at each cell that shows, in the order of the marks."""
    said: dict[Cell, list[str]] = {}
    for row, column, _, _, words, _ in marks:
        if column:
            said.setdefault((row or heading, column_index(column)), []).append(words)
    shown = page.shown(said)
    joined: dict[Cell, list[str]] = {}
    for cell, words_here in said.items():
        joined.setdefault(shown[cell], []).extend(words_here)
    return {cell: "\n".join(dict.fromkeys(lines)) for cell, lines in joined.items()}


def _originals(xml: bytes) -> list[int]:
    pattern = rb"""<(?:[\w.-]+:)?c\s[^<>]*?\br=["']%b\d+["'][^<>]*>""" % _BEFORE.encode()
    tags = (found[0] for found in re.finditer(pattern, xml))
    return list(dict.fromkeys(int(m[1]) for tag in tags if (m := re.search(rb"""\ss=["'](\d{1,6})["']""", tag))))


def _list(
    sheet: str, marks: Marks, before: Iterable[int], styles: Styles, language: str, converted: str | None
) -> bytes:
    bold, heading, wrapped = styles.words(bold=True), styles.words(bold=True, ink=True), styles.words(wrap=True)
    lines = [
        fill(_TITLE.text(language), {"count": len(marks), "sheet": sheet}),
        _ADVICE.text(language).format(sheet=sheet),
    ]
    if converted:
        lines.append(_CONVERTED.text(language).format(kind=converted, sheet=sheet))
    rows = [_row(n, [text], bold if n == 1 else 0) for n, text in enumerate(lines, 1)]
    top = len(lines) + 2
    rows.append(_row(top, [label.text(language) for label in _HEADINGS], heading))
    held = list(dict.fromkeys(before))
    links = []
    for number, (row, column, name, value, said, suggestion) in enumerate(marks, top + 1):
        where = f"{column or ''}{row or ''}"
        more = _format_cell(number, held.pop()) if held else ""
        rows.append(_row(number, [where, name, value, said, suggestion], wrapped, more))
        if row and column:
            target = quoteattr(f"'{sheet.replace(chr(39), chr(39) * 2)}'!{where}")
            links.append(f'<hyperlink ref="A{number}" location={target} display="{where}"/>')
    widths = [f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(_WIDTHS, 1)]
    widths.append('<col min="7" max="7" width="0" hidden="1" customWidth="1"/>')
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="{MAIN}"><sheetViews>'
        f'<sheetView workbookViewId="0"><pane ySplit="{top}" topLeftCell="A{top + 1}" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols>{"".join(widths)}</cols>'
        f"<sheetData>{''.join(rows)}</sheetData>"
        f"{'<hyperlinks>' + ''.join(links) + '</hyperlinks>' if links else ''}</worksheet>"
    ).encode()


def _row(number: int, texts: Sequence[Any], style: int, more: str = "") -> str:
    cells = (
        f'<c r="{chr(64 + n)}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{escape(_CONTROL.sub('', str(text))[:32767])}</t></is></c>"
        for n, text in enumerate(texts, 1)
    )
    return f'<row r="{number}">{"".join(cells)}{more}</row>'


def _format_cell(number: int, style: int) -> str:
    return f'<c r="{_BEFORE}{number}" s="{style}"/>'


def _put_list(package: Package, former: str | None, sheets: _Sheets, xml: bytes) -> None:
    if b"http://purl.oclc.org/ooxml/spreadsheetml/main" in package.read(_BOOK)[:2000]:
        xml = xml.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main", 1)
    if former:
        package.write(former, xml)
        return
    part = package.free("xl/worksheets/sheet{}.xml")
    package.write(part, xml)
    package.declare(part, f"{_CONTENT}.worksheet+xml")
    relation = package.relate(_BOOK, "worksheet", part)
    book = package.read(_BOOK)
    end = re.search(rb"</([A-Za-z][\w.-]*:)?sheets\s*>", book)
    spaces = re.search(rb"""xmlns:([\w.-]+)=["']([^"']*officeDocument(?:/2006)?/relationships)["']""", book)
    if end is None or spaces is None:
        raise Unmarkable("sheets")
    number = max(sheets.numbers, default=0) + 1
    line = b'<%bsheet name="%b" sheetId="%d" %b:id="%b"/>' % (
        end[1] or b"", MARKS_SHEET.encode(), number, spaces[1], relation.encode(),
    )  # fmt: skip
    package.write(_BOOK, book[: end.start()] + line + book[end.start() :])


def _kept_kind(package: Package) -> bool:
    """Whether it is a workbook with macros. A template becomes a workbook: Excel wants name and kind to agree."""
    types = package.read(TYPES)
    plain = types.replace(b"spreadsheetml.template.main+xml", b"spreadsheetml.sheet.main+xml").replace(
        b"ms-excel.template.macroEnabled.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
    )
    if plain != types:
        package.write(TYPES, plain)
    return b"macroEnabled.main+xml" in plain
