"""Every refusal and remark in both languages: what is wrong, and what to do next.

A key is an error code (`pattern`) or a code with the kind it concerns (`pattern.nib`), the narrower first.
Braces are filled from the error's parameters; `{field}` is the label of the field, `{value}` what was typed.
"""

# ruff: noqa: E501 (a sentence stays on one line)
from __future__ import annotations

from app.domain.fields import Label

VALUES: dict[str, Label] = {
    "required": Label("Mohon isi {field}.", "Please fill in {field}."),
    "type": Label(
        "Isi {field} tidak dapat dibaca. Mohon tulis kembali.", "{field} could not be read. Please write it again."
    ),
    "type.text": Label("{field} harus berupa tulisan.", "{field} must be text."),
    "type.number": Label(
        "Tulis angka saja, misalnya 1.250 atau 12,5.", "Write a number only, for example 1,250 or 12.5."
    ),
    "type.int": Label("Tulis bilangan bulat tanpa koma, misalnya 12.", "Write a whole number, for example 12."),
    "type.bool": Label("Jawab dengan Ya atau Tidak.", "Answer with Yes or No."),
    "date_invalid": Label(
        "Tulis tanggal lengkap, misalnya 31/12/2026.", "Write the full date, for example 31/12/2026."
    ),
    "date_invalid.no_such_day": Label(
        "Tidak ada tanggal {day} {month_name}{year_of}. Tulis tanggal lengkap, misalnya 31/12/2026.",
        "There is no {day} {month_name}{year_of}. Write the full date, for example 31/12/2026.",
    ),
    "date_invalid.month_first": Label(
        "Tidak ada bulan {month}. Tulis tanggal dahulu, lalu bulan dan tahun, misalnya 31/12/2026.",
        "There is no month {month}. Write the day first, then month and year, for example 31/12/2026.",
    ),
    "date_invalid.instant": Label(
        "Tulis tanggal dan jam, misalnya 31/12/2026 14.30.", "Write date and time, for example 31/12/2026 14:30."
    ),
    "date_ambiguous": Label(
        "Tanggal dapat dibaca dengan dua cara. Pilih urutan: tanggal/bulan/tahun atau bulan/tanggal/tahun.",
        "The dates can be read in two ways. Choose the order: day/month/year or month/day/year.",
    ),
    "choice_unknown": Label(
        "“{value}” tidak ada dalam daftar. Pilih salah satu dari daftar.",
        "“{value}” is not in the list. Choose one from the list.",
    ),
    "pattern": Label(
        "Bentuk {field} belum sesuai{example_now}. Mohon periksa kembali.",
        "{field} is not in the expected form{example_now}. Please check it again.",
    ),
    "pattern.control": Label(
        "Ada tanda tersembunyi yang tidak dapat dibaca. Mohon ketik ulang isian ini.",
        "There are hidden characters that cannot be read. Please type this again.",
    ),
    "pattern.nib": Label(
        "NIB terdiri atas 13 angka{length_now}. Mohon periksa pada dokumen OSS.",
        "A NIB has 13 digits{length_now}. Please check it on the OSS document.",
    ),
    "pattern.npwp": Label(
        "NPWP terdiri atas 16 angka (atau 15 angka bentuk lama){length_now}. Mohon periksa kembali.",
        "An NPWP has 16 digits (15 in the old form){length_now}. Please check it again.",
    ),
    "pattern.nik": Label(
        "NIK terdiri atas 16 angka{length_now}. Mohon periksa kembali.",
        "A NIK has 16 digits{length_now}. Please check it again.",
    ),
    "pattern.nitku": Label(
        "NITKU terdiri atas 22 angka{length_now}. Mohon periksa kembali.",
        "A NITKU has 22 digits{length_now}. Please check it again.",
    ),
    "pattern.kbli": Label(
        "Kode KBLI terdiri atas 5 angka, misalnya 24101.", "A KBLI code has 5 digits, for example 24101."
    ),
    "pattern.region_code": Label(
        "Tulis kode wilayah resmi, misalnya 35.16 atau 35.16.01.2001.",
        "Write the official region code, for example 35.16 or 35.16.01.2001.",
    ),
    "pattern.visa_index": Label(
        "Tulis indeks visa seperti pada dokumen, misalnya E23 atau C312.",
        "Write the visa index as on the document, for example E23 or C312.",
    ),
    "pattern.passport_number": Label(
        "Nomor paspor hanya berisi huruf A–Z dan angka, misalnya E12345678. Mohon salin dari paspor.",
        "A passport number has only letters A–Z and digits, for example E12345678. Please copy it from the passport.",
    ),
    "pattern.document_number": Label(
        "Tulis nomor dokumen seperti tercetak: huruf, angka, titik, garis miring atau tanda hubung.",
        "Write the document number as printed: letters, digits, full stop, slash or hyphen.",
    ),
    "pattern.mrz": Label(
        "Salin kedua baris bawah paspor, masing-masing 44 tanda, termasuk tanda <.",
        "Copy both bottom lines of the passport, 44 characters each, with the < signs.",
    ),
    "pattern.person_name": Label(
        'Tulis nama orang dengan huruf saja, tanpa angka dan tanda seperti < > ".',
        "Write the person's name in letters only, without digits and signs such as < > \".",
    ),
    "pattern.legal_name": Label(
        "Tulis nama perusahaan seperti pada akta, misalnya PT Contoh Karya Utama.",
        "Write the company name as registered, for example PT Contoh Karya Utama.",
    ),
    "pattern.phone": Label(
        "Tulis satu nomor telepon lengkap, misalnya 0812-3456-7890 atau +86 10 1234 5678.",
        "Write one full telephone number, for example 0812-3456-7890 or +86 10 1234 5678.",
    ),
    "pattern.email": Label(
        "Tulis satu alamat e-mail lengkap, misalnya nama@perusahaan.example.",
        "Write one full e-mail address, for example name@company.example.",
    ),
    "pattern.url": Label(
        "Tulis alamat web lengkap, misalnya https://www.contoh.example.",
        "Write the full web address, for example https://www.contoh.example.",
    ),
    "pattern.geo_point": Label(
        "Tulis lintang dan bujur, misalnya -7.4726, 112.4338.",
        "Write latitude and longitude, for example -7.4726, 112.4338.",
    ),
    "pattern.file": Label(
        "Berkas tidak dikenali. Mohon unggah kembali.", "The file is not known. Please upload it again."
    ),
    "too_long": Label(
        "{field} paling banyak {max} huruf; sekarang {length}. Mohon dipersingkat.",
        "{field}: at most {max} {max:character|characters}; now {length}. Please shorten it.",
    ),
    "out_of_range": Label("Nilai di luar batas yang dapat diterima.", "The value is outside the accepted range."),
    "out_of_range.min_max": Label("Tulis nilai antara {min} dan {max}.", "Write a value between {min} and {max}."),
    "out_of_range.min": Label("Nilai terkecil adalah {min}.", "The smallest value is {min}."),
    "out_of_range.max": Label("Nilai terbesar adalah {max}.", "The largest value is {max}."),
    "out_of_range.year": Label(
        "Tahun {year} tampaknya salah ketik. Mohon periksa tahunnya, misalnya 2026.",
        "The year {year} looks like a slip. Please check the year, for example 2026.",
    ),
    "out_of_range.length": Label(
        "Tulis sekurang-kurangnya {min} huruf.", "Write at least {min} {min:character|characters}."
    ),
    "out_of_range.future": Label(
        "Tanggal ini belum tiba. Mohon periksa tahunnya.", "This date is in the future. Please check the year."
    ),
    "out_of_range.past": Label(
        "Tanggal ini sudah lewat. Mohon periksa tahunnya.", "This date is in the past. Please check the year."
    ),
    "out_of_range.geo_point": Label(
        "Lintang antara -90 dan 90, bujur antara -180 dan 180. Mohon periksa urutannya.",
        "Latitude is from -90 to 90, longitude from -180 to 180. Please check their order.",
    ),
    "check_digit": Label(
        "Angka pemeriksa tidak cocok. Mohon salin kembali dari dokumen; perhatikan huruf O dan angka 0, huruf I dan angka 1.",
        "The check digit does not match. Please copy it again from the document; mind letter O and digit 0, letter I and digit 1.",
    ),
    "scientific_number": Label(
        "Angka ini sudah dibulatkan oleh Excel sehingga angka terakhirnya hilang. Ubah format kolom menjadi Teks, lalu ketik ulang nomornya.",
        "Excel has rounded this number and its last digits are lost. Format the column as Text, then type the number again.",
    ),
    "duplicate": Label("{field} ini sudah dipakai data lain.", "This {field} is already used by another record."),
    "duplicate_beyond": Label(
        "{field} ini sudah dipakai data di luar wewenang Anda. Mohon hubungi administrator.",
        "This {field} is already used by a record beyond your rights. Please ask your administrator.",
    ),
    "outside_scope": Label(
        "Dengan isian ini data berada di luar wilayah, kawasan atau instansi yang dipercayakan kepada Anda. Mohon periksa kembali, atau hubungi administrator.",
        "With these answers the record lies outside the regions, zones or agencies entrusted to you. Please check them again, or ask your administrator.",
    ),
    "conflict": Label(
        "Isi {field} bertentangan dengan isian lain. Mohon periksa keduanya.",
        "{field} contradicts another field. Please check both.",
    ),
    "conflict.order": Label(
        "{field} tidak boleh sebelum {other}. Mohon periksa kedua tanggal.",
        "{field} cannot be before {other}. Please check both dates.",
    ),
    "reference_unknown": Label(
        "“{value}” belum ada dalam data kami. Pilih dari daftar, atau tambahkan dahulu.",
        "“{value}” is not in our records yet. Choose from the list, or add it first.",
    ),
    "reference_ambiguous": Label(
        "“{value}” cocok dengan lebih dari satu data. Pilih salah satu dari daftar.",
        "“{value}” fits more than one record. Choose one from the list.",
    ),
    "extra_forbidden": Label("{field} tidak dikenal dan tidak disimpan.", "{field} is not known and was not saved."),
    "not_allowed": Label("{field} tidak dapat diubah dengan wewenang Anda.", "You are not allowed to change {field}."),
}

SHEETS: dict[str, Label] = {
    "column_missing": Label(
        "Kolom {field} tidak ditemukan. Tambahkan kolom itu, atau pilih kolom yang sesuai.",
        "The column {field} was not found. Add it, or choose the column that holds it.",
    ),
    "column_missing.held": Label(
        "Kolom “{heading}” berisi {samples}, sehingga tidak kami baca sebagai {field}. Tambahkan kolom {field}, atau pilih kolom yang sesuai.",
        "The column “{heading}” holds {samples}, so we did not read it as {field}. Add a column {field}, or choose the column that holds it.",
    ),
    "column_duplicate": Label(
        "Kolom {field} ada lebih dari satu{columns_at}. Pilih satu kolom dan abaikan yang lain.",
        "There is more than one column {field}{columns_at}. Choose one and ignore the others.",
    ),
    "column_unknown": Label(
        "Kolom “{heading}” tidak dikenal dan diabaikan.", "The column “{heading}” is not known and is ignored."
    ),
    "duplicate_in_sheet": Label(
        "{field} sudah ada di baris {row_first}. Hapus salah satu, atau perbaiki nomornya.",
        "{field} is already in row {row_first}. Remove one of them, or correct the number.",
    ),
    "formula_error": Label(
        "Rumus Excel di sel ini menampilkan kesalahan{error_text}. Mohon ganti dengan nilainya.",
        "The formula in this cell gives an error{error_text}. Please replace it by its value.",
    ),
    "formula_uncached": Label(
        "Rumus di sel ini belum pernah dihitung. Buka berkas di Excel, simpan, lalu unggah kembali.",
        "The formula in this cell was never calculated. Open the file in Excel, save it, then upload it again.",
    ),
    "no_rows": Label("Tidak ada baris data dalam berkas ini.", "There are no data rows in this file."),
    "too_many_rows": Label(
        "Berkas berisi lebih dari {max} baris. Mohon dibagi menjadi beberapa berkas.",
        "The file has more than {max} rows. Please split it.",
    ),
    "too_large": Label(
        "Ukuran berkas lebih dari {max}. Mohon simpan tanpa gambar, atau bagi menjadi beberapa berkas.",
        "The file is larger than {max}. Please save it without pictures, or split it.",
    ),
    "empty_file": Label(
        "Berkas ini kosong. Mohon pilih berkas lain.", "This file is empty. Please choose another one."
    ),
    "wrong_type": Label(
        "Berkas ini bukan tabel yang dapat dibaca. Gunakan xlsx, xlsm, xls, xlsb, ods, csv, atau tsv.",
        "This file is not a table that can be read. Use xlsx, xlsm, xls, xlsb, ods, csv or tsv.",
    ),
    "password": Label(
        "Berkas ini terkunci kata sandi. Hapus kata sandinya di Excel, lalu unggah kembali.",
        "This file is locked by a password. Remove the password in Excel, then upload it again.",
    ),
    "damaged": Label(
        "Berkas ini rusak atau tidak lengkap. Buka dan simpan kembali di Excel, lalu unggah lagi.",
        "This file is damaged or incomplete. Open and save it again in Excel, then upload it once more.",
    ),
    "too_complex": Label(
        "Berkas ini terlalu besar atau tidak wajar susunannya. Salin tabelnya ke berkas baru, lalu unggah kembali.",
        "This file is too large or oddly built. Copy the table into a new file, then upload that.",
    ),
    "took_too_long": Label(
        "Berkas ini terlalu lama dibaca. Salin tabelnya ke berkas baru, lalu unggah kembali.",
        "Reading this file took too long. Copy the table into a new file, then upload that.",
    ),
    "no_table": Label(
        "Kami tidak menemukan tabel dalam berkas ini. Pastikan ada baris judul kolom, atau gunakan templat.",
        "No table was found in this file. Make sure there is a row of column headings, or use the template.",
    ),
    "passport_o_or_zero": Label(
        "Mohon periksa: mungkin huruf O seharusnya angka 0, atau huruf I seharusnya angka 1.",
        "Please check: the letter O may be the digit 0, or the letter I the digit 1.",
    ),
    "visa_index_retired": Label(
        "Indeks {value} adalah indeks lama{replacement}. Izin yang masih berlaku tetap diterima.",
        "Index {value} is an old one{replacement}. A permit still in force is accepted.",
    ),
    "permit_outlives_passport": Label(
        "Izin tinggal berlaku lebih lama daripada paspor. Mohon periksa kedua tanggal.",
        "The stay permit is valid for longer than the passport. Please check both dates.",
    ),
}

OPERATIONS: dict[str, Label] = {
    "not_found": Label(
        "Data atau halaman ini tidak ditemukan. Periksa alamatnya, atau kembali ke daftar.",
        "This record or page was not found. Check the address, or go back to the list.",
    ),
    "forbidden": Label(
        "Wewenang Anda tidak mencakup tindakan ini. Hubungi admin bila Anda memerlukannya.",
        "Your role does not cover this action. Ask the administrator if you need it.",
    ),
    "invalid": Label("Ada isian yang perlu diperbaiki.", "Something needs to be corrected."),
    "edit_conflict": Label(
        "Data ini telah diubah orang lain sejak Anda membukanya. Pilih isi yang dipakai untuk setiap isian.",
        "Someone else changed this record since you opened it. Choose which value to keep for each field.",
    ),
    "reason_required": Label("Mohon tulis alasan perubahan ini.", "Please give the reason for this change."),
    "state_forbidden": Label(
        "Tindakan ini tidak dapat dilakukan pada keadaan sekarang ({state}). Muat ulang halaman untuk melihat keadaan terakhir.",
        "This cannot be done in the present state ({state}). Reload the page to see the latest state.",
    ),
    "in_use": Label(
        "Data ini masih dipakai data lain, jadi belum dapat dihapus.",
        "This record is still in use, so it cannot be deleted.",
    ),
    "link_unknown": Label(
        "Tautan ini tidak dikenal. Pastikan alamatnya lengkap, atau minta tautan baru.",
        "This link is not known. Make sure the address is complete, or ask for a new link.",
    ),
    "link_expired": Label(
        "Tautan ini sudah tidak berlaku sejak {expires_at}. Isian Anda tetap tersimpan; minta tautan baru untuk melanjutkan.",
        "This link expired on {expires_at}. What you filled in is kept; ask for a new link to go on.",
    ),
    "link_revoked": Label(
        "Tautan ini telah diganti. Mohon gunakan tautan terbaru, atau minta tautan baru.",
        "This link has been replaced. Please use the latest link, or ask for a new one.",
    ),
    "code_wrong": Label(
        "Kode belum cocok. Periksa e-mail terakhir dari kami.", "The code does not match. Check our latest e-mail."
    ),
    "code_expired": Label("Kode sudah lewat waktunya. Minta kode baru.", "The code has expired. Ask for a new code."),
    "code_attempts": Label("Kode salah terlalu sering. Minta kode baru.", "Too many wrong codes. Ask for a new code."),
    "rate_limited": Label(
        "Permintaan terlalu sering. Mohon coba lagi beberapa menit lagi.",
        "Too many requests. Please try again in a few minutes.",
    ),
    "already_sent": Label("Laporan ini sudah dikirim.", "This report has already been sent."),
    "already_decided": Label(
        "Laporan ini sudah diputuskan oleh petugas lain.", "Another officer has already decided on this report."
    ),
    "decided_by_you": Label("Laporan ini sudah Anda putuskan.", "You have already decided on this report."),
    "decided": Label("Laporan ini tidak menunggu keputusan lagi.", "This report no longer waits for a decision."),
    "empty_report": Label(
        "Belum ada orang dalam laporan. Tambahkan, atau pilih Tidak ada TKA (nihil).",
        "There is nobody in the report yet. Add someone, or choose No foreign workers (nil).",
    ),
    "draft_changed": Label(
        "Draf ini telah diubah di perangkat lain. Muat ulang untuk melihat isi terakhir.",
        "This draft was changed on another device. Reload to see the latest.",
    ),
    "file_type": Label(
        "Jenis berkas ini tidak diterima. Gunakan PDF, JPG, atau PNG.",
        "This kind of file is not accepted. Use PDF, JPG or PNG.",
    ),
    "file_too_large": Label(
        "Ukuran berkas lebih dari {max}. Mohon diperkecil.", "The file is larger than {max}. Please make it smaller."
    ),
    "receipt_code": Label(
        "Nomor tanda terima tidak cocok. Periksa kembali setiap huruf dan angka, misalnya SNG-2026-7F3K-9.",
        "The receipt number does not match. Check each letter and digit, for example SNG-2026-7F3K-9.",
    ),
    "registry_unknown": Label("Registri “{key}” tidak dikenal.", "The registry “{key}” is not known."),
    "field_unknown": Label("Isian “{key}” tidak dikenal.", "The field “{key}” is not known."),
    "import_changed_since": Label(
        "{count} data telah diubah sesudah impor ini, sehingga impor tidak dapat dibatalkan seluruhnya.",
        "{count} {count:record was|records were} changed after this import, so it cannot be undone as a whole.",
    ),
    "no_match_key": Label(
        "Sebutkan isian pencocok dengan --match; registri ini tidak memiliki nomor kunci dalam berkas.",
        "Name the matching fields with --match; the file has no key of this registry.",
    ),
    "busy": Label("Sistem sedang sibuk. Mohon coba lagi sebentar.", "The system is busy. Please try again shortly."),
    "internal": Label(
        "Maaf, terjadi gangguan pada sistem kami. Isian Anda tidak hilang; mohon coba lagi.",
        "Sorry, something failed on our side. What you typed is kept; please try again.",
    ),
}

# When nothing better is known: never the bare code.
UNKNOWN = Label("Isian ini perlu diperiksa kembali.", "This needs to be checked again.")
DID_YOU_MEAN = Label("Apakah maksud Anda {suggestion}?", "Did you mean {suggestion}?")
