"""Files that mean harm, or were badly meant: made on the spot, none is kept.

`HOSTILE` maps a name to what makes the file and the codes a reader may refuse it with.
"""

from __future__ import annotations

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator

import xlwt

MB = 1024 * 1024
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
Pieces = bytes | Iterable[bytes]

SMALL_ROWS = (
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>Nama</t></is></c><c r="B1" t="inlineStr"><is><t>Umur</t></is></c></row>'
    b'<row r="2"><c r="A2" t="inlineStr"><is><t>Budi</t></is></c><c r="B2"><v>41</v></c></row>'
)


def workbook(
    rows: Pieces = SMALL_ROWS,
    *,
    prolog: bytes = b"",
    dimension: bytes = b"",
    tail: bytes = b"",
    strings: Pieces = b"",
    sheets: int = 1,
    more: dict[str, Pieces] | None = None,
) -> bytes:
    """A minimal xlsx; `rows` is the inside of sheetData, `strings` the inside of the shared string table."""
    parts: dict[str, Pieces] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>'.encode(),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
            + [("sharedStrings", "sharedStrings.xml")]
        ),
    }
    for number in range(1, sheets + 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows, prolog, dimension, tail)
    if strings:
        parts["xl/sharedStrings.xml"] = _chain(f'<sst xmlns="{_MAIN}">'.encode(), strings, b"</sst>")
    return archive(parts | (more or {}))


def archive(parts: dict[str, Pieces]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in parts.items():
            with packed.open(name, "w", force_zip64=True) as part:
                for piece in [content] if isinstance(content, bytes) else content:
                    part.write(piece)
    return out.getvalue()


def opendocument(
    inside: Pieces, manifest: bytes = b"<manifest/>", tail: bytes = b"</table:table></office:spreadsheet>"
) -> bytes:
    head = (
        b'<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        b' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        b' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        b'<office:body><office:spreadsheet><table:table table:name="Satu">'
    )
    return archive(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": manifest,
            "content.xml": _chain(head, inside, tail + b"</office:body></office:document-content>"),
        }
    )


def compound(streams: dict[str, bytes]) -> bytes:
    """A minimal OLE2 file whose streams are padded to 4 kB, so that all lie in ordinary sectors."""
    names = list(streams)
    bodies = [body.ljust(-(-max(len(body), 4096) // 512) * 512, b"\x00") for body in streams.values()]
    directory_sectors = -(-(len(names) + 1) // 4)
    fat_sectors = 1
    starts, at = [], fat_sectors + directory_sectors
    for body in bodies:
        starts.append(at)
        at += len(body) // 512
    fat = [0xFFFFFFFD, *_run(1, directory_sectors)]
    for start, body in zip(starts, bodies, strict=True):
        fat += _run(start, len(body) // 512)
    assert len(fat) <= 128
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    head += struct.pack("<IIIIIIIII", fat_sectors, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)
    head += struct.pack("<108I", *[0xFFFFFFFF] * 108)
    directory = _entry("Root Entry", 5, 0xFFFFFFFE, 0)
    for name, start, body in zip(names, starts, bodies, strict=True):
        directory += _entry(name, 2, start, len(body))
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(512, b"\xff")
    return head + table + directory.ljust(directory_sectors * 512, b"\x00") + b"".join(bodies)


def old_workbook() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Satu")
    for row, values in enumerate([("Nama", "Umur"), ("Budi", 41)]):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(rows: Pieces, prolog: bytes, dimension: bytes, tail: bytes) -> Iterator[bytes]:
    opening = b'<?xml version="1.0" encoding="UTF-8"?>' + prolog + f'<worksheet xmlns="{_MAIN}">'.encode()
    return _chain(opening + dimension + b"<sheetData>", rows, b"</sheetData>" + tail + b"</worksheet>")


def _book(sheets: int) -> bytes:
    each = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, sheets + 1))
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{each}</sheets></workbook>'.encode()


def _relations(targets: list[tuple[str, str]]) -> bytes:
    each = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'.encode()


def _chain(head: bytes, middle: Pieces, tail: bytes) -> Iterator[bytes]:
    yield head
    yield from [middle] if isinstance(middle, bytes) else middle
    yield tail


def _run(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), 0xFFFFFFFE]


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    return raw.ljust(64, b"\x00") + struct.pack("<H", len(raw)) + links + bytes(36) + struct.pack("<IQ", start, size)


def _times(count: int, piece: bytes) -> Iterator[bytes]:
    return (piece for _ in range(count))


def _cells(rows: int, columns: int, cell: bytes) -> Iterator[bytes]:
    for row in range(1, rows + 1):
        number = b"%d" % row
        inside = b"".join(cell.replace(b"@", b"%c%b" % (65 + c, number)) for c in range(columns))
        yield b'<row r="%b">%b</row>' % (number, inside)


# --- the files ---------------------------------------------------------------------------------------------


def zip_bomb() -> bytes:
    return workbook(_times(300, b" " * MB))


def shared_strings_bomb() -> bytes:
    return workbook(strings=_times(600, b"<si><t>" + b"x" * (MB - 16) + b"</t></si>"))


def shared_strings_below_the_ratio() -> bytes:
    """190 MB of strings that do not pack well: within the limits of a part, and read in peace or refused."""
    noise = bytes(97 + (i * 7919 >> 5) % 26 for i in range(4099))
    return workbook(strings=(b"<si><t>" + noise[i % 4000 :] * 20 + b"</t></si>" for i in range(2300)))


def one_long_string_in_every_cell() -> bytes:
    cells = _cells(60_000, 10, b'<c r="@" t="s"><v>0</v></c>')
    return workbook(cells, strings=b"<si><t>" + b"x" * 32_000 + b"</t></si>")


def far_corner() -> bytes:
    return workbook(SMALL_ROWS + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def far_corner_in_a_near_row() -> bytes:
    return workbook(SMALL_ROWS + b"<row r=\"3\"><c s='0' r='XFD3'><v>1</v></c></row>")


def far_corner_unnoticed() -> bytes:
    """Written so that no pattern sees it: the child's memory limit has to."""
    return workbook(
        SMALL_ROWS + b'<row r="1048576"><c r="&#88;FD1048576" ><v>1</v></c><c r = "XFD1048576"><v>1</v></c></row>'
    )


def many_empty_rows() -> bytes:
    return workbook(_times(400, b"<row/>" * 170_000))


def entity_bomb() -> bytes:
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY a0 "tawa">{names}]>'.encode()
    return workbook(b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>', prolog=doctype)


def entity_bomb_in_the_book() -> bytes:
    doctype = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "tawa">]>'
    return workbook(more={"xl/workbook.xml": (doctype + _book(1).decode()).encode("utf-16")})


def external_entity() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return workbook(b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>', prolog=doctype)


def ten_thousand_sheets() -> bytes:
    return workbook(sheets=10_000)


def ten_thousand_sheets_of_one_part() -> bytes:
    each = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(10_000))
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{each}</sheets></workbook>'.encode()
    return workbook(more={"xl/workbook.xml": book})


def _noisy(megabytes: int, piece: bytes) -> Iterator[bytes]:
    """`piece` with a changing number in place of every @, so that it does not pack a hundredfold."""
    number, size = 1, 0
    while size < megabytes * MB:
        number = number * 1103515245 + 12345 & 0x7FFFFFFF
        block = b"".join(piece.replace(b"@", b"%08x" % (number + i * 7919 & 0x7FFFFFFF)) for i in range(500))
        size += len(block)
        yield block


def tags_that_never_end() -> bytes:
    return workbook(_noisy(12, b"<c @<c r='A1' @<c t=\"e\" "), tail=b"<f")


def formulas_that_never_end() -> bytes:
    return workbook(_noisy(12, b'<c r="A1" s="@"><f>'))


def one_endless_tag() -> bytes:
    return workbook(_noisy(12, b' t="e" hidden="1" r="A1" x="@"'), tail=b"<f")


def one_endless_row() -> bytes:
    return workbook(_noisy(12, b'<row hidden="1" r="@" '), tail=b"<f")


def error_cells_without_end() -> bytes:
    return workbook(_noisy(12, b'<c r="A1" t="e" s="@"><f>1</f>'))


def million_formulas() -> bytes:
    return workbook(_noisy(12, b'<row><c r="A1"><f>@</f></c></row>'))


def far_and_styled() -> bytes:
    return workbook(_noisy(12, b'<row><c r="XFD1" s="@"/></row>'))


def a_quarter_million_merges() -> bytes:
    merges = b"".join(b'<mergeCell ref="A%d:C%d"/>' % (n, n + 3) for n in range(1, 1_000_000, 4))
    return workbook(tail=b"<mergeCells>" + merges + b"</mergeCells>")


def endless_merge() -> bytes:
    return workbook(tail=b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>')


def overlapping_merges() -> bytes:
    """Five thousand ranges, each claiming a million cells, over a long list."""
    merges = b"".join(b'<mergeCell ref="A%d:XFD1048576"/>' % (n % 9 + 2) for n in range(5000))
    merges = b'<mergeCell ref="A1:XFD1"/>' + merges
    rows = _cells(200_000, 2, b'<c r="@"><v>1</v></c>')
    return workbook(rows, tail=b"<mergeCells>" + merges + b"</mergeCells>")


def strange_references() -> bytes:
    return workbook(
        b'<row r="1"><c r="" t="s"><v>99999999</v></c><c r="1A" t="s"><v>-1</v></c><c r="A0"><v>x</v></c>'
        b'<c r="A99999999999999999999" s="99999999999"><v>1e999</v></c></row>'
    )


def a_thousand_columns() -> bytes:
    names = (b"%c%c" % (65 + n // 26, 65 + n % 26) for n in range(500))
    return workbook(b'<row r="1">' + b"".join(b'<c r="%b1"><v>1</v></c>' % name for name in names) + b"</row>")


def two_parts_of_one_name() -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("xl/worksheets/Sheet1.xml", "<worksheet/>")
        packed.filelist[-1].filename = "xl/worksheets/sheet1.xml"
    return out.getvalue()


def lying_sizes() -> bytes:
    """The directory says 100 bytes; the part inflates to 300 MB."""
    data = bytearray(workbook(_times(300, b" " * MB)))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        if data[at + 46 :].startswith(b"xl/worksheets"):
            data[at + 24 : at + 28] = struct.pack("<I", 100)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def truncated() -> bytes:
    return workbook()[:-200]


def half_a_workbook() -> bytes:
    return archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook><sheets><she"})


def locked_zip() -> bytes:
    data = bytearray(workbook())
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(magic)
        while at >= 0:
            data[at + place] |= 1
            at = data.find(magic, at + 4)
    return bytes(data)


def locked_xlsx() -> bytes:
    return compound({"EncryptionInfo": b"\x04\x00\x04\x00", "EncryptedPackage": bytes(range(256)) * 20})


def locked_ods() -> bytes:
    return opendocument(
        b"", b'<manifest:file-entry><manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
    )


def ods_repeat_bomb() -> bytes:
    cell = b'<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    return opendocument(b'<table:table-row table:number-rows-repeated="1048576">' + cell + b"</table:table-row>")


def ods_repeat_bomb_of_text() -> bytes:
    text = b"<text:p>" + b"x" * 30_000 + b"</text:p>"
    cell = (
        b'<table:table-cell office:value-type="string" table:number-columns-repeated="150">'
        + text
        + b"</table:table-cell>"
    )
    row = b'<table:table-row table:number-rows-repeated="200000">' + cell + b"</table:table-row>"
    return opendocument(row)


def ods_repeat_bomb_of_nothing() -> bytes:
    empty = b'<table:table-row table:number-rows-repeated="1000000000"><table:table-cell/></table:table-row>'
    last = b'<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    return opendocument(empty + last)


def ods_without_end() -> bytes:
    """A sheet that is begun and never ended: its parser would go on looking."""
    return opendocument(b"<table:table-row><table:table-cell/></table:table-row>", tail=b"</office:spreadsheet>")


def ods_many_tiny_cells() -> bytes:
    return opendocument(
        _times(150, b"<table:table-row><table:table-cell/><table:table-cell/></table:table-row>" * 14_000)
    )


def old_dimension_claim() -> bytes:
    data = old_workbook()
    at = data.find(b"\x00\x02\x0e\x00")
    assert at > 0
    return data[: at + 4] + struct.pack("<IIHH", 0, 0xFFFFFFFF, 0, 0xFFFF) + data[at + 16 :]


def old_ring_of_sectors() -> bytes:
    data = bytearray(old_workbook())
    fat = struct.unpack_from("<I", data, 76)[0]
    data[(fat + 1) * 512 : (fat + 1) * 512 + 40] = struct.pack("<10I", *[1, 2, 3, 0, 1, 2, 3, 0, 1, 2])
    return bytes(data)


def old_noise() -> bytes:
    return compound({"Workbook": bytes(range(256)) * 150})


def old_many_records() -> bytes:
    """Eight megabytes of empty records behind a real beginning."""
    data = old_workbook()
    return data + bytes(8 * MB)


def binary_workbook_of_noise() -> bytes:
    noise = zlib.compress(bytes(range(256)) * 4000, 1) * 200
    relations = _relations([("worksheet", "worksheets/sheet1.bin")])
    bundle = (
        struct.pack("<II", 0, 1) + struct.pack("<I", 4) + "rId1".encode("utf-16-le") + struct.pack("<I", 1) + b"S\x00"
    )
    book = b"\x9c\x01" + bytes([len(bundle)]) + bundle
    return archive(
        {"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": relations,
         "xl/worksheets/sheet1.bin": noise}
    )  # fmt: skip


def web_page_of_wide_cells() -> bytes:
    return b"<html><table>" + b'<tr><td colspan="9999999" rowspan="9999999">x</td></tr>' * 1000 + b"</table></html>"


def web_page_of_tables_in_tables() -> bytes:
    return b"<html>" + b"<table><tr><td>" * 200_000 + b"x"


def web_page_large() -> bytes:
    return b"<html><table>" + b"<tr><td>a</td><td>b</td></tr>" * 600_000 + b"</table></html>"


def web_archive() -> bytes:
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n<html><table></table></html>'
    )


def huge_line() -> bytes:
    return b"Nama,Umur\n" + b"x" * (11 * MB)


def huge_line_of_commas() -> bytes:
    return b"Nama,Umur\n" + b"," * (11 * MB)


def quote_never_closed() -> bytes:
    return b'Nama,Umur\n"Budi,41\n' + b"Siti,33\n" * 400_000


def quote_never_closed_at_the_end() -> bytes:
    return b'Nama,Umur\nSiti,33\n"Budi,41\nAgus,29\n'


def many_lines() -> bytes:
    return b"Nama,Umur\n" + b"x,1\n" * 2_900_000


def only_line_ends() -> bytes:
    return b"Nama,Umur\nBudi,41\n" + b"\n" * (11 * MB)


def with_nul() -> bytes:
    return b"Nama,Umur\nBu\x00di,41\n"


def half_a_character() -> bytes:
    return b"Nama,Umur\nBudi \xed\xa0\x80,41\n"


def half_a_character_utf16() -> bytes:
    return b"\xff\xfe" + "Nama,Umur\nBudi ".encode("utf-16-le") + b"\x00\xd8" + ",41\n".encode("utf-16-le")


def write_a_file(path: str) -> None:
    """Run inside the child: must fail."""
    with open(path, "w") as file:
        file.write("x" * 100)


def abort(_: object) -> None:
    """Run inside the child: how a parser written in another language ends."""
    os.abort()


class _Code:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return print, ("code of the child ran in its parent",)


def answer_with_code(_: object) -> object:
    """Run inside the child: must not be believed."""
    return _Code()


def one_part_under_many_names() -> bytes:
    each = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(400))
    book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{each}</sheets></workbook>'.encode()
    return workbook(_noisy(10, b'<row><c s="@"><v>1</v></c></row>'), more={"xl/workbook.xml": book})


def twenty_thousand_parts() -> bytes:
    return archive({f"xl/p{n}.xml": b"" for n in range(20_000)})


HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "zip-bomb.xlsx": (zip_bomb, {"too_large_when_opened"}),
    "string-bomb.xlsx": (shared_strings_bomb, {"too_large_when_opened"}),
    "string-bomb-190.xlsx": (shared_strings_below_the_ratio, {"too_large_when_opened", ""}),
    "amplified.xlsx": (one_long_string_in_every_cell, {"too_large_when_opened"}),
    "far-corner.xlsx": (far_corner, {"cell_far_away"}),
    "far-column.xlsx": (far_corner_in_a_near_row, {"cell_far_away"}),
    "far-unnoticed.xlsx": (far_corner_unnoticed, {"too_large_when_opened", "damaged"}),
    "empty-rows.xlsx": (many_empty_rows, {"too_large_when_opened"}),
    "entity-bomb.xlsx": (entity_bomb, {"doctype"}),
    "entity-book.xlsx": (entity_bomb_in_the_book, {"doctype"}),
    "external-entity.xlsx": (external_entity, {"doctype"}),
    "10000-sheets.xlsx": (ten_thousand_sheets, {"too_many_parts"}),
    "10000-names.xlsx": (ten_thousand_sheets_of_one_part, {"too_many_parts"}),
    "one-part.xlsx": (one_part_under_many_names, {"damaged"}),
    "20000-parts.xlsx": (twenty_thousand_parts, {"too_many_parts"}),
    "endless-tags.xlsx": (tags_that_never_end, {"damaged", "too_large_when_opened"}),
    "endless-formulas.xlsx": (formulas_that_never_end, {"damaged", "too_large_when_opened"}),
    "endless-tag.xlsx": (one_endless_tag, {"damaged", "too_large_when_opened", ""}),
    "endless-row.xlsx": (one_endless_row, {"damaged", "too_large_when_opened"}),
    "endless-errors.xlsx": (error_cells_without_end, {"damaged", "too_large_when_opened", ""}),
    "million-formulas.xlsx": (million_formulas, {"damaged", "too_large_when_opened", "too_many_rows", ""}),
    "far-and-styled.xlsx": (far_and_styled, {"damaged", "too_large_when_opened", "too_many_rows", ""}),
    "overlapping-merges.xlsx": (overlapping_merges, {"", "damaged", "too_large_when_opened"}),
    "strange-references.xlsx": (strange_references, {"damaged", "cell_far_away", "too_large_when_opened"}),
    "500-columns.xlsx": (a_thousand_columns, {"cell_far_away"}),
    "two-of-one-name.xlsx": (two_parts_of_one_name, {"damaged"}),
    "lying-sizes.xlsx": (lying_sizes, {"damaged"}),
    "truncated.xlsx": (truncated, {"damaged"}),
    "half.xlsx": (half_a_workbook, {"damaged"}),
    "locked-zip.xlsx": (locked_zip, {"password"}),
    "locked.xlsx": (locked_xlsx, {"password"}),
    "locked.ods": (locked_ods, {"password"}),
    "repeat-bomb.ods": (ods_repeat_bomb, {"cell_far_away", "too_many_rows"}),
    "repeat-text.ods": (ods_repeat_bomb_of_text, {"cell_far_away", "too_many_rows", "too_large_when_opened"}),
    "repeat-nothing.ods": (ods_repeat_bomb_of_nothing, {"cell_far_away"}),
    "tiny-cells.ods": (ods_many_tiny_cells, {"too_many_rows"}),
    "without-end.ods": (ods_without_end, {"damaged"}),
    "dimension-claim.xls": (old_dimension_claim, {"too_large_when_opened", "damaged", ""}),
    "ring.xls": (old_ring_of_sectors, {"damaged"}),
    "noise.xls": (old_noise, {"damaged"}),
    "noise.xlsb": (binary_workbook_of_noise, {"damaged", "too_large_when_opened"}),
    "wide.xls": (web_page_of_wide_cells, {"cell_far_away"}),
    "nested.xls": (web_page_of_tables_in_tables, {"too_many_parts"}),
    "large-page.xls": (web_page_large, {"web_page_too_large", "too_many_rows"}),
    "archive.xls": (web_archive, {"web_archive"}),
    "pdf.xlsx": (lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", {"not_a_sheet"}),
    "picture.xlsx": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), {"not_a_sheet"}),
    "prose.xlsx": (lambda: b"Dengan hormat.\nTerlampir daftar TKA kami.\n", {"not_a_sheet"}),
    "photo.xlsx": (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(100), {"not_a_sheet"}),
    "program.xls": (lambda: b"MZ\x90\x00\x03" + bytes(100), {"not_a_sheet"}),
    "letter.xlsx": (lambda: archive({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<T/>"}), {"not_a_sheet"}),
    "packed.xlsx": (lambda: archive({"daftar.xlsx": workbook()}), {"not_a_sheet"}),
    "noise.csv": (lambda: bytes(range(256)) * 40, {"not_a_sheet"}),
    "empty.xlsx": (lambda: b"", {"empty_file"}),
    "nothing.csv": (lambda: b"\xef\xbb\xbf \r\n\r\n", {"empty_file"}),
    "line.csv": (huge_line, {"line_too_long"}),
    "commas.csv": (huge_line_of_commas, {"line_too_long"}),
    "quote.csv": (quote_never_closed, {"quote_not_closed"}),
    "quote-end.csv": (quote_never_closed_at_the_end, {"quote_not_closed"}),
    "lines.csv": (many_lines, {"too_many_rows"}),
    "line-ends.csv": (only_line_ends, {"too_many_rows", ""}),
    "nul.csv": (with_nul, {"control_characters"}),
    "half-character.csv": (half_a_character, {"control_characters"}),
    "half-character-16.csv": (half_a_character_utf16, {"encoding_unknown"}),
}

# Odd, but harmless: read like any other file.
HARMLESS: dict[str, Callable[[], bytes]] = {
    "dimension-claim.xlsx": lambda: workbook(dimension=b'<dimension ref="A1:XFD1048576"/>'),
    "styled-corner.xlsx": lambda: workbook(SMALL_ROWS + b'<row r="1048576"><c r="XFD1048576" s="0"/></row>'),
    "endless-merge.xlsx": endless_merge,
    "many-merges.xlsx": a_quarter_million_merges,
    "trailing-zeros.xls": old_many_records,
}
