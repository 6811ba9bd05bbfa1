"""What a file really is, by its content and never by its name, and whether it may be parsed."""

from __future__ import annotations

import re

from app.domain.errors import SheetRejected
from app.sheets.prescan_biff import scan_xls
from app.sheets.prescan_facts import Scan
from app.sheets.prescan_ods import scan_ods
from app.sheets.prescan_ole import Compound
from app.sheets.prescan_xlsb import scan_xlsb
from app.sheets.prescan_xlsx import scan_xlsx
from app.sheets.prescan_zip import Archive
from app.sheets.profiles import Profile

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_A_SHEET: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"{\\rtf", "word"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
)
_VERY_OLD = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")  # BIFF 2 to 4, before 1993
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def scan(data: bytes, limits: Profile) -> Scan:
    """Kind and facts of a file; raises `SheetRejected` for what is not a table we can read."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise SheetRejected("empty_file")
    if data.startswith(b"PK"):
        return _scan_zip(data, limits)
    if data.startswith(_OLE):
        return _scan_ole(data, limits)
    if data.startswith(_VERY_OLD):
        raise SheetRejected("old_format")
    head = data[:4096]
    for magic, kind in _NOT_A_SHEET:
        if head.startswith(magic) and (len(magic) > 2 or _BINARY.search(head)):
            raise SheetRejected("not_a_sheet", kind=kind)
    if head[4:8] == b"ftyp" or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):  # telephones: heic, webp, films
        raise SheetRejected("not_a_sheet", kind="picture")
    if b"%PDF-" in head[:1024]:
        raise SheetRejected("not_a_sheet", kind="pdf")
    return _scan_text(data, head)


def _scan_zip(data: bytes, limits: Profile) -> Scan:
    archive = Archive(data, limits)
    names = [name.lower() for name in archive.names()]
    for part, scan_kind in (("xl/workbook.bin", scan_xlsb), ("xl/workbook.xml", scan_xlsx), ("content.xml", scan_ods)):
        if archive.find(part):
            found = scan_kind(archive, limits)
            found.inflated = archive.weigh_rest()
            return found
    if any(name.startswith("word/") for name in names):
        raise SheetRejected("not_a_sheet", kind="word")
    if any(name.startswith("ppt/") for name in names):
        raise SheetRejected("not_a_sheet", kind="slides")
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        raise SheetRejected("not_a_sheet", kind="numbers")
    if any(name == "[content_types].xml" or name.startswith("xl/") for name in names):
        raise SheetRejected("damaged")
    raise SheetRejected("not_a_sheet", kind="archive")


def _scan_ole(data: bytes, limits: Profile) -> Scan:
    compound = Compound(data)
    names = {name.casefold() for name in compound.names()}
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise SheetRejected("password")
    if "workbook" in names or "book" in names:
        found = scan_xls(compound, limits)
        found.inflated = len(data)
        return found
    if "worddocument" in names:
        raise SheetRejected("not_a_sheet", kind="word")
    if "powerpoint document" in names:
        raise SheetRejected("not_a_sheet", kind="slides")
    raise SheetRejected("not_a_sheet", kind="unknown")


def _scan_text(data: bytes, head: bytes) -> Scan:
    plain = head.replace(b"\x00", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n").lower()
    if plain.startswith(b"mime-version:") or b"content-type: multipart/related" in plain[:2000]:
        raise SheetRejected("web_archive")
    if plain.startswith(b"<"):
        if re.search(rb"<(?:html|table|!doctype html|meta|body|head|tr|div|style)\b", plain):
            return Scan("html")
        if b"mso-application" in plain or b"schemas-microsoft-com:office:spreadsheet" in plain:
            raise SheetRejected("xml_spreadsheet")
        if b"<?xml" in plain[:100]:
            raise SheetRejected("not_a_sheet", kind="unknown")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or head.count(b"\x00") > len(head) // 4:
        return Scan("text")  # UTF-16, or refused there
    if _BINARY.search(head) and len(_BINARY.findall(head)) > len(head) // 50 + 1:
        raise SheetRejected("not_a_sheet", kind="unknown")
    return Scan("text")
