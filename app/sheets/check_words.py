"""Sentences of the checker's notes and questions, both languages: what was seen, and what to do if it is wrong."""

# ruff: noqa: E501 (a sentence stays on one line)
from __future__ import annotations

from app import wording
from app.domain.fields import Label

NOTES: dict[str, Label] = {
    "formula_error.uncached": Label(
        "Rumus di sel ini belum pernah dihitung. Buka berkas di Excel, simpan, lalu unggah kembali, atau ganti dengan nilainya.",
        "The formula in this cell was never calculated. Open the file in Excel, save it and upload it again, or type the value.",
    ),
    "date_ambiguous.cell": Label(
        "Tanggal ini dapat berarti {first} atau {second}. Tulis bulannya dengan huruf, misalnya {first}.",
        "This date may mean {first} or {second}. Write the month in letters, for example {first}.",
    ),
    "date_ambiguous.cells": Label(
        "Tanggal atau bulan bisa di depan: 12/03/1985 dapat berarti 12 Maret atau 3 Desember. Tulis bulannya dengan huruf, misalnya 12 Mar 1985.",
        "The day or the month may come first: 12/03/1985 may mean 12 March or 3 December. Write the month in letters, for example 12 Mar 1985.",
    ),
    "required.leaving": Label(
        "Mohon isi {field}, karena statusnya “Sudah berhenti”.",
        "Please fill in {field}, since the status is “Has left”.",
    ),
    "pattern.two_passports": Label(
        "Sel ini tampaknya berisi dua nomor. Mohon isi satu nomor paspor, yang sekarang berlaku.",
        "This cell seems to hold two numbers. Please give one passport number, the one now in force.",
    ),
    "choice_unknown.short": Label(
        "“{value}” tidak ada dalam daftar. Pilih salah satu: {choices}.",
        "“{value}” is not in the list. Choose one of: {choices}.",
    ),
    "no_rows.nihil": Label(
        "Berkas ini menyatakan nihil. Bila memang tidak ada yang dilaporkan, pilih “Tidak ada TKA (nihil)” pada halaman laporan; berkas tidak perlu diunggah.",
        "This file says that there is nothing to report. If so, choose “No foreign workers (nil)” on the page of the report; no file is needed.",
    ),
    "date_invalid.day_first": Label(
        "Tidak ada bulan {month}; tanggal lain di kolom ini berurutan bulan/tanggal/tahun. Tulis dengan nama bulan, misalnya 31 Des 2026.",
        "There is no month {month}; other dates of this column are written month/day/year. Write the name of the month, for example 31 Dec 2026.",
    ),
    "type.number_as_date": Label(
        "Excel mengubah nomor ini menjadi tanggal. Ubah format kolom menjadi Teks, lalu ketik ulang nomornya.",
        "Excel turned this number into a date. Format the column as Text, then type the number again.",
    ),
    "type.date": Label(
        "Sel ini berisi tanggal, sedangkan kolom ini untuk {field}. Mohon periksa apakah isinya tertukar kolom.",
        "This cell holds a date, but the column is for {field}. Please check whether columns got mixed up.",
    ),
    "question.date_ambiguous": Label(
        "Tanggal seperti {sample} dapat dibaca dengan dua cara. Apakah urutannya tanggal/bulan/tahun? Selama belum dijawab, kami membacanya demikian (kolom {columns}).",
        "Dates such as {sample} can be read in two ways. Is the order day/month/year? Until you answer, we read them so ({columns:column|columns} {columns}).",
    ),
    "table_sideways": Label(
        "Tabel ini tersusun ke samping: judulnya ada di kolom pertama. Mohon susun satu orang per baris, atau gunakan templat kami.",
        "This table runs sideways: its headings are in the first column. Please put one person in a row, or use our template.",
    ),
    "dates_from_serials": Label(
        "Kolom “{heading}” berisi angka; {count} sel dibaca sebagai tanggal Excel. Mohon periksa.",
        "The column “{heading}” holds numbers; {count} {count:cell was read as an Excel date|cells were read as Excel dates}. Please check.",
    ),
    "years_of_two_digits": Label(
        "Kolom “{heading}”: {count} tanggal memakai tahun dua angka. Mohon periksa tahun yang terbaca.",
        "The column “{heading}”: {count} {count:date has|dates have} a year of two digits. Please check the year we read.",
    ),
    "dates_month_first": Label(
        "Tanggal di kolom “{heading}” dibaca dengan urutan bulan/tanggal/tahun.",
        "The dates in the column “{heading}” were read as month/day/year.",
    ),
    "dates_mixed": Label(
        "Kolom “{heading}” berisi tanggal Excel dan tanggal sebagai teks. Mohon periksa apakah tanggal dan bulannya tidak tertukar.",
        "The column “{heading}” holds Excel dates and dates as text. Please check that day and month have not been swapped.",
    ),
    "column_filled": Label(
        "Kolom {field} tidak ada; semua baris diisi “{meant}” sesuai jawaban Anda.",
        "There is no column {field}; every row got “{meant}”, as you answered.",
    ),
    "columns_joined": Label(
        "Isi {field} disusun dari kolom “{first}” sampai “{second}”.",
        "The {field} was put together from the columns “{first}” to “{second}”.",
    ),
    "question.sheet": Label(
        "Berkas ini punya beberapa lembar dengan daftar. Lembar mana yang dibaca? Bila isinya tersebar di beberapa lembar, satukan dulu dalam satu lembar, lalu unggah lagi.",
        "This file has several sheets with a list. Which sheet shall be read? Where the list is spread over several sheets, put it together in one sheet first and upload it again.",
    ),
    "question.headings_missing": Label(
        "Judul kolom tidak ditemukan. Kolom dikenali dari isinya; mohon periksa apakah pasangannya benar.",
        "There are no column headings. Columns were recognised by what they hold; please check that they are right.",
    ),
    "example_row_ignored": Label(
        "Baris contoh dari templat (baris {rows}) tidak dihitung.",
        "The example row of the template (row {rows}) was not counted.",
    ),
    "more_notes": Label(
        "Masih ada {count} catatan lain yang tidak ditampilkan satu per satu.",
        "There {count:is|are} {count} more {count:remark that is not listed|remarks that are not listed one by one}.",
    ),
    "file_column": Label(
        "Kolom “{value}” dilewati: berkas diunggah melalui formulir tiap data, bukan lewat lembar ini.",
        "The column “{value}” is left alone: files are uploaded on the form of each record, not by a sheet.",
    ),
    "left_without_leaving": Label(
        "Tanggal keluar terisi, tetapi statusnya bukan “Sudah berhenti”. Mohon periksa keduanya.",
        "There is a leaving date, but the status is not “Has left”. Please check both.",
    ),
    "permit_number_missing": Label(
        "Ada tanggal izin tinggal tanpa nomornya. Mohon isi nomor izin tinggal; tanpa nomor, tanggalnya tidak dicatat.",
        "There is a date of a stay permit without its number. Please add the number; without it the date is not recorded.",
    ),
    "left_far_ahead": Label(
        "Tanggal keluar masih lebih dari satu tahun lagi. Mohon periksa tahunnya.",
        "The leaving date is more than a year ahead. Please check the year.",
    ),
    "zeros_perhaps_lost": Label(
        "Kolom “{heading}”: {count} nomor lebih pendek daripada yang lain, mulai sel {cell}. Excel menghapus angka 0 di depan bila sel berformat angka. Mohon periksa.",
        "The column “{heading}”: {count} {count:number is shorter than the others,|numbers are shorter than the others, first} in {cell}. Excel drops a leading 0 where a cell is formatted as a number. Please check.",
    ),
    "left_before_start": Label(
        "Tanggal keluar lebih awal daripada tanggal mulai kerja. Mohon periksa keduanya.",
        "The leaving date is before the first day of work. Please check both.",
    ),
    "started_before_birth": Label(
        "Mulai kerja tidak sesudah tanggal lahir. Mohon periksa keduanya.",
        "Work does not start after the date of birth. Please check both.",
    ),
    "age_unlikely": Label(
        "Menurut tanggal lahir, umurnya {age} tahun. Mohon periksa tahunnya.",
        "By the date of birth the age is {age}. Please check the year.",
    ),
    "nationality_indonesian": Label(
        "Kewarganegaraannya Indonesia, sedangkan laporan ini untuk orang asing. Mohon periksa.",
        "The nationality is Indonesian, but this report is about foreign nationals. Please check.",
    ),
    "passport_expired": Label(
        "Masa berlaku paspor sudah lewat. Mohon periksa tanggalnya, atau isi paspor yang baru.",
        "The passport has run out. Please check the date, or give the new passport.",
    ),
    "permit_expired": Label(
        "Masa berlaku izin tinggal sudah lewat. Mohon periksa tanggalnya, atau isi izin yang baru.",
        "The stay permit has run out. Please check the date, or give the new permit.",
    ),
}

wording.add(NOTES)
