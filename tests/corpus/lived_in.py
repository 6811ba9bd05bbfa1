"""A workbook as an office leaves it: logo, chart, drop-downs, colours, comments, a locked sheet, a hidden one."""

from __future__ import annotations

import struct
import zlib
from datetime import date
from io import BytesIO
from pathlib import Path

import xlsxwriter

SHEET = "TKA's November"
HEADINGS = (
    "No", "Nama Lengkap", "L/P", "Tempat Lahir", "Tgl Lahir", "Kewarganegaraan", "No. Paspor", "Berlaku Paspor",
    "Jabatan", "Status",
)  # fmt: skip
_PEOPLE = (  # name, nationality, passport
    ("Kim Min-jun", "Korea Selatan", "M1234567"),
    ("Lee Ji-woo", "Koreaa Selatann", "M1234568"),
    ("Wang Wei", "Tiongkok", "E12345678"),
    ("Tanaka Yuki", "Jepang", None),
    ("Park So-yeon", "Korea Selatan", "M1234570"),
)
BAD = {"F6", "G8", "H9"}  # a nationality with a comment of theirs, no passport number, no date


def lived_in(path: Path, *, comments: bool = True, button: bool = False) -> Path:
    book = xlsxwriter.Workbook(str(path))
    page, words = book.add_worksheet(SHEET), book.add_worksheet("Daftar")
    day = book.add_format({"num_format": "dd mmm yyyy", "border": 1})
    text = book.add_format({"num_format": "@", "bg_color": "#FFFF00"})
    page.insert_image("J1", "logo.png", {"image_data": BytesIO(_picture())})
    page.insert_textbox("L2", "Cap perusahaan")
    page.merge_range("A1:H1", "DAFTAR TKA PT CONTOH")
    page.set_column("B:B", 33)
    page.write_row(3, 0, HEADINGS)
    for number, (name, nation, passport) in enumerate(_PEOPLE, 1):
        row = 3 + number
        page.write_row(row, 0, (number, name, "L", "Seoul"))
        page.write_datetime(row, 4, date(1980 + number, 3, 4), day)
        page.write(row, 5, nation)
        if passport:
            page.write_string(row, 6, passport, text)
        if number < 5:
            page.write_datetime(row, 7, date(2029, 3, number), day)
        page.write_formula(row, 8, '="Tek"&"nisi"', None, "Teknisi")
        page.write(row, 9, "tetap")
    words.write_formula("A1", "=SUM(1,2)", None, 3)
    words.write_column("B1", ("tetap", "baru", "keluar"))
    words.hide()
    page.data_validation("J5:J9", {"validate": "list", "source": "=Daftar!$B$1:$B$3"})
    page.conditional_format("A5:A9", {"type": "data_bar", "data_bar_2010": True})
    page.add_sparkline("K5", {"range": "A5:A9"})
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": f"='{SHEET.replace(chr(39), chr(39) * 2)}'!$A$5:$A$9"})
    page.insert_chart("L5", chart)
    page.freeze_panes(4, 2)
    page.set_footer("&LPT Contoh")
    if comments:
        page.write_comment("F6", "tolong cek & <ricek>", {"author": "HRD"})
        page.write_comment("B5", "sudah benar", {"author": "HRD"})
    if button:
        page.insert_button("M1", {"macro": "cetak", "caption": "Cetak"})
    page.protect("rahasia")
    book.close()
    return path


def _picture() -> bytes:
    """Eight red dots squared, as PNG."""
    lines = b"".join(b"\0" + b"\xff\0\0" * 8 for _ in range(8))
    parts = (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")
    made = [struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)
