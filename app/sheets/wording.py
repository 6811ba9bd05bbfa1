"""Sentences of the reader, both languages: why a file is not read, and what was seen while reading it."""

# ruff: noqa: E501 (a sentence stays on one line)
from __future__ import annotations

from app import wording
from app.domain.fields import Label

REFUSALS: dict[str, Label] = {
    "file_too_large": Label(
        "Ukuran berkas lebih dari {max}. Mohon simpan tanpa gambar, atau bagi menjadi beberapa berkas.",
        "The file is larger than {max}. Please save it without pictures, or split it.",
    ),
    "too_large_when_opened": Label(
        "Isi berkas ini terlalu besar setelah dibuka. Salin tabelnya saja ke berkas baru, simpan, lalu unggah berkas itu.",
        "This file becomes too large when it is opened. Copy only the table into a new file, save it and upload that.",
    ),
    "too_many_rows": Label(
        "Berkas berisi lebih dari {max} baris. Mohon dibagi menjadi beberapa berkas.",
        "The file has more than {max} rows. Please split it.",
    ),
    "too_many_parts": Label(
        "Berkas ini terdiri atas lebih dari {max} bagian atau lembar. Salin tabelnya saja ke berkas baru, lalu unggah berkas itu.",
        "This file has more than {max} parts or sheets. Copy only the table into a new file and upload that.",
    ),
    "cell_far_away": Label(
        "Ada isi di sel {cell}, jauh di luar tabel. Hapus isi sel itu, simpan, lalu unggah kembali.",
        "There is something in cell {cell}, far outside the table. Clear that cell, save, then upload the file again.",
    ),
    "doctype": Label(
        "Berkas ini memuat perintah yang tidak wajar bagi berkas Excel, sehingga tidak kami buka. Salin tabelnya ke berkas baru, lalu unggah kembali.",
        "This file holds instructions that do not belong in a spreadsheet, so we do not open it. Copy the table into a new file and upload that.",
    ),
    "busy": Label(
        "Sedang banyak berkas yang dibaca. Mohon coba lagi satu menit lagi; isian Anda tidak hilang.",
        "Many files are being read just now. Please try again in a minute; nothing you entered is lost.",
    ),
    "file_missing": Label("Berkas itu tidak ada.", "There is no such file."),
    "sheet_unknown": Label(
        "Tidak ada lembar bernama “{sheet}”. Lembar yang ada: {sheets}.",
        "There is no sheet named “{sheet}”. The sheets are: {sheets}.",
    ),
    "old_format": Label(
        "Berkas ini memakai format Excel yang sangat lama. Buka di Excel, pilih Simpan Sebagai xlsx, lalu unggah berkas itu.",
        "This file is in a very old Excel format. Open it in Excel, save it as xlsx and upload that.",
    ),
    "web_archive": Label(
        "Ini halaman web tersimpan, bukan berkas Excel. Buka di Excel, pilih Simpan Sebagai xlsx, lalu unggah berkas itu.",
        "This is a saved web page, not an Excel file. Open it in Excel, save it as xlsx and upload that.",
    ),
    "web_page_too_large": Label(
        "Ini halaman web yang sangat besar, bukan berkas Excel. Buka di Excel, pilih Simpan Sebagai xlsx, lalu unggah berkas itu.",
        "This is a very large web page, not an Excel file. Open it in Excel, save it as xlsx and upload that.",
    ),
    "xml_spreadsheet": Label(
        "Ini lembar kerja XML lama. Buka di Excel, pilih Simpan Sebagai xlsx, lalu unggah berkas itu.",
        "This is an old XML spreadsheet. Open it in Excel, save it as xlsx and upload that.",
    ),
    "not_a_sheet": Label(
        "Berkas ini bukan tabel yang dapat dibaca. Gunakan xlsx, xlsm, xls, xlsb, ods, csv, atau tsv.",
        "This file is not a table that can be read. Use xlsx, xlsm, xls, xlsb, ods, csv or tsv.",
    ),
    "not_a_sheet.pdf": Label(
        "Ini berkas PDF. Mohon unggah berkas Excel aslinya (xlsx, xls, ods, atau csv).",
        "This is a PDF. Please upload the Excel file it was made from (xlsx, xls, ods or csv).",
    ),
    "not_a_sheet.picture": Label(
        "Ini gambar atau foto. Mohon unggah tabelnya sebagai berkas Excel, atau ketik datanya di formulir.",
        "This is a picture. Please upload the table as an Excel file, or type the data into the form.",
    ),
    "not_a_sheet.word": Label(
        "Ini berkas Word. Salin tabelnya ke Excel, simpan sebagai xlsx, lalu unggah berkas itu.",
        "This is a Word document. Copy its table into Excel, save it as xlsx and upload that.",
    ),
    "not_a_sheet.slides": Label(
        "Ini berkas presentasi. Salin tabelnya ke Excel, simpan sebagai xlsx, lalu unggah berkas itu.",
        "This is a presentation. Copy its table into Excel, save it as xlsx and upload that.",
    ),
    "not_a_sheet.numbers": Label(
        "Ini berkas Numbers dari Apple. Di Numbers pilih Ekspor ke Excel, lalu unggah hasilnya.",
        "This is an Apple Numbers file. In Numbers choose Export to Excel and upload the result.",
    ),
    "not_a_sheet.archive": Label(
        "Ini berkas terkompresi (zip atau sejenisnya). Ekstrak dahulu, lalu unggah berkas Excel di dalamnya.",
        "This is a compressed archive. Extract it first, then upload the Excel file inside.",
    ),
    "not_a_sheet.program": Label(
        "Ini berkas program, bukan tabel. Mohon unggah berkas Excel atau csv.",
        "This is a program, not a table. Please upload an Excel or csv file.",
    ),
    "not_a_sheet.web_page": Label(
        "Ini halaman web tanpa tabel. Mohon unggah berkas Excel atau csv.",
        "This is a web page without a table. Please upload an Excel or csv file.",
    ),
    "encoding_unknown": Label(
        "Huruf dalam berkas teks ini tidak dapat dibaca dengan pasti. Simpan sebagai xlsx atau “CSV UTF-8”, lalu unggah kembali.",
        "The letters in this text file cannot be read with certainty. Save it as xlsx or “CSV UTF-8” and upload it again.",
    ),
    "control_characters": Label(
        "Baris {row} memuat karakter yang bukan teks, sehingga berkas tidak dibaca. Simpan ulang tabelnya sebagai xlsx atau “CSV UTF-8”.",
        "Row {row} holds characters that are not text, so the file is not read. Save the table again as xlsx or “CSV UTF-8”.",
    ),
    "quote_not_closed": Label(
        'Di sekitar baris {row} ada tanda kutip (") yang tidak ditutup, sehingga batas kolom tidak jelas. Perbaiki, atau simpan sebagai xlsx.',
        'Near row {row} a quotation mark (") is not closed, so the columns are unclear. Correct it, or save the table as xlsx.',
    ),
    "line_too_long": Label(
        "Baris {row} terlalu panjang untuk sebuah tabel. Simpan tabelnya sebagai xlsx, lalu unggah kembali.",
        "Row {row} is too long for a table. Save the table as xlsx and upload it again.",
    ),
}

NOTES: dict[str, Label] = {
    "no_headings": Label("Baris judul kolom tidak ditemukan.", "No row of column headings was found."),
    "macros_ignored": Label(
        "Berkas memuat makro; makro tidak dijalankan, hanya isinya yang dibaca.",
        "The file holds macros; they were not run, only the cells were read.",
    ),
    "external_links_ignored": Label(
        "Berkas merujuk berkas lain; rujukan itu tidak dibuka, nilai terakhirnya yang dipakai.",
        "The file refers to other files; those were not opened, their last known values were used.",
    ),
    "date_1904": Label("Tanggal dibaca dengan sistem 1904.", "Dates were read in the 1904 date system."),
    "formulas_used": Label(
        "{count} sel berisi rumus; hasil hitungan terakhirnya yang dipakai (mulai sel {cell}).",
        "{count} {count:cell holds a formula; its last calculated value was|cells hold formulas; their last calculated values were} used ({count:|from }cell {cell}{count:| on}).",
    ),
    "formulas_uncached": Label(
        "{count} sel berisi rumus yang belum pernah dihitung (mulai sel {cell}). Buka berkas di Excel, simpan, lalu unggah kembali.",
        "{count} {count:cell holds a formula that was|cells hold formulas that were} never calculated ({count:|from }cell {cell}{count:| on}). Open the file in Excel, save it and upload it again.",
    ),
    "error_cells": Label(
        "{count} sel menampilkan kesalahan Excel seperti {sample} (mulai sel {cell}).",
        "{count} {count:cell holds an Excel error|cells hold Excel errors} such as {sample} ({count:|from }cell {cell}{count:| on}).",
    ),
    "hidden_rows": Label(
        "{count} baris tersembunyi ikut dibaca (baris {rows}).",
        "{count} hidden {count:row was|rows were} read too ({count:row|rows} {rows}).",
    ),
    "hidden_columns": Label(
        "Kolom tersembunyi ikut dibaca: {columns}.", "Hidden {columns:column was|columns were} read too: {columns}."
    ),
    "hidden_sheets": Label("Lembar tersembunyi tidak dibaca: {sheets}.", "Not read, because hidden: {sheets}."),
    "hidden_sheet_read": Label(
        "Lembar “{sheet}” tersembunyi, tetapi dibaca.", "The sheet “{sheet}” is hidden, but was read."
    ),
    "other_sheets": Label(
        "Yang dibaca adalah lembar “{sheet}”. Lembar lain tidak dibaca: {sheets}.",
        "The sheet “{sheet}” was read. Not read: {sheets}.",
    ),
    "web_page_read": Label(
        "Berkas ini sebenarnya halaman web; tabel di dalamnya yang dibaca.",
        "This file is really a web page; the table in it was read.",
    ),
    "encoding": Label("Huruf dibaca sebagai {encoding}.", "The letters were read as {encoding}."),
    "encoding_guessed": Label(
        "Huruf dibaca sebagai {encoding} (dugaan). Mohon periksa nama yang memuat huruf khusus.",
        "The letters were read as {encoding} (a guess). Please check names with special letters.",
    ),
    "encoding_mixed": Label(
        "Berkas memakai dua macam pengodean huruf ({count} baris lain daripada yang lain, mulai baris {row}). Mohon periksa nama yang memuat huruf khusus.",
        "The file mixes two encodings ({count} {count:line differs|lines differ} from the others, {count:in|from} line {row}{count:| on}). Please check names with special letters.",
    ),
    "lines_unquoted": Label(
        "Setiap baris berkas ini diapit tanda kutip; tanda itu dilepas sebelum kolomnya dibaca.",
        "Each line of this file stands in quotation marks; they were taken off before the columns were read.",
    ),
    "separator": Label("Kolom dipisahkan oleh {separator}.", "Columns are separated by {separator}."),
    "merged_filled": Label(
        "Sel gabungan diisikan ke setiap barisnya ({count} sel).",
        "Merged cells were filled into each of their rows ({count} {count:cell|cells}).",
    ),
    "columns_without_heading": Label(
        "Kolom {columns} berisi data tetapi tidak berjudul.",
        "{columns:Column|Columns} {columns} {columns:holds data but has|hold data but have} no heading.",
    ),
    "rows_group": Label(
        "Dianggap judul kelompok, bukan data: baris {rows}.",
        "Taken as {rows:a group heading|group headings}, not data: {rows:row|rows} {rows}.",
    ),
    "rows_total": Label(
        "Dianggap jumlah, bukan data: baris {rows}.",
        "Taken as {rows:a total|totals}, not data: {rows:row|rows} {rows}.",
    ),
    "rows_headings": Label("Judul kolom yang diulang: baris {rows}.", "Headings repeated: {rows:row|rows} {rows}."),
    "rows_headings_differ": Label(
        "Judul kolom di baris {rows} berbeda dengan judul di atas (kolom {columns}). Mohon periksa apakah isi di bawahnya terbaca di kolom yang benar.",
        "The headings in {rows:row|rows} {rows} differ from those on top ({columns:column|columns} {columns}). Please check that what stands below was read in the right column.",
    ),
    "rows_closing": Label(
        "Dianggap bagian tanda tangan, bukan data: baris {rows}.",
        "Taken as the signature block, not data: {rows:row|rows} {rows}.",
    ),
    "rows_footnote": Label(
        "Dianggap catatan, bukan data: baris {rows}.",
        "Taken as {rows:a remark|remarks}, not data: {rows:row|rows} {rows}.",
    ),
    "rows_number_only": Label(
        "Hanya berisi nomor urut, dianggap kosong: baris {rows}.",
        "Only a running number, taken as empty: {rows:row|rows} {rows}.",
    ),
    "rows_nothing": Label(
        "Hanya berisi “-”, “nihil”, atau sejenisnya; dianggap kosong: baris {rows}.",
        "Only “-”, “nihil” or the like, taken as empty: {rows:row|rows} {rows}.",
    ),
    "rows_other_table": Label(
        "Ada tabel lain di bawah daftar ini yang tidak ikut dibaca: baris {rows}. Bila isinya juga harus dilaporkan, mohon gabungkan ke daftar.",
        "There is another table below this list that was not read: {rows:row|rows} {rows}. If it belongs to the report, please join it to the list.",
    ),
    "rows_outside": Label(
        "Isinya di luar kolom tabel, tidak dibaca: baris {rows}.",
        "Filled only outside the table's columns, not read: {rows:row|rows} {rows}.",
    ),
}

wording.add(REFUSALS)
wording.add(NOTES)
