"""What operations say when they refuse: code → both languages."""
# ruff: noqa: E501 (a sentence stays on one line)

from __future__ import annotations

from app import wording
from app.domain.fields import Label

wording.add(
    {
        "grants_changed": Label(
            "Hak akses diubah orang lain sejak halaman ini dibuka. Mohon periksa keadaan sekarang, lalu ulangi.",
            "Rights were changed by somebody else since this page was opened. Please look at them as they stand now, "
            "then do it again.",
        ),
        "grant_floor": Label(
            "Hak ini ditetapkan oleh aplikasi dan tidak dapat diubah di sini.",
            "This right is fixed by the application and cannot be changed here.",
        ),
        "grant_own": Label(
            "Perubahan ini menambah hak peran Anda sendiri. Mohon centang bahwa Anda mengetahuinya.",
            "This change adds rights to a role of your own. Please tick that you know this.",
        ),
        "last_admin": Label(
            "Harus selalu ada seorang administrator yang aktif. Berikan dahulu peran admin kepada rekan lain.",
            "There must always be an active administrator. Please give the admin role to a colleague first.",
        ),
        "report_beyond": Label(
            "Laporan ini menyebut orang yang sudah tercatat di luar wilayah Anda. "
            "Mohon serahkan kepada rekan yang melihat seluruh data.",
            "This report names a person already on record beyond your regions. "
            "Please leave it to a colleague who sees all records.",
        ),
        "match_unknown": Label(
            "Kolom “{name}” tidak ada pada berkas ini. Kolom yang ada: {headings}.",
            "There is no column “{name}” in this file. It has: {headings}.",
        ),
        "company_without_email": Label(
            "Perusahaan ini belum punya kontak dengan alamat e-mail. Tambahkan kontaknya, atau hubungi lewat telepon.",
            "This company has no contact with an e-mail address yet. Add one, or call them.",
        ),
        "report_is_in": Label("Tidak dikirim: laporan bulan ini {state}.", "Not sent: this month's report is {state}."),
        "link_sent_today": Label(
            "Tidak dikirim: tautan ini sudah dikirim ke alamat yang sama hari ini.",
            "Not sent: this link went to the same address today already.",
        ),
        "import_again": Label(
            "Berkas ini sudah diimpor pada {on}; tidak ada yang perlu dilakukan lagi.",
            "This very file was imported on {on}; there is nothing more to do.",
        ),
        "import_again.partly": Label(
            "Berkas ini sudah diimpor pada {on}, kecuali {count} baris yang belum benar dan belum ditulis. Perbaiki "
            "baris itu pada berkasnya, lalu impor berkas yang sudah diperbaiki; yang sudah tertulis tidak berubah.",
            "This very file was imported on {on}, except for {count} {count:row|rows} that had to be corrected and "
            "{count:was|were} not written. Correct {count:it|them} in the file, then import the corrected file; what "
            "is written already stays as it is.",
        ),
        "import_not_checked": Label(
            "Berkas ini belum selesai dibaca. Muat ulang halaman sebentar lagi.",
            "This file has not been read yet. Reload the page in a moment.",
        ),
        "import_unanswered": Label(
            "Berkas ini menyisakan pertanyaan. Jawab dahulu di halaman Kolom, lalu tulis.",
            "This file leaves a question open. Answer it first on the page of columns, then write it.",
        ),
        "import_has_errors": Label(
            "{count} sel perlu diperbaiki. Perbaiki berkasnya, atau impor hanya baris yang benar.",
            "{count} {count:cell needs|cells need} fixing. Mend the file, or import the good rows only.",
        ),
        "batch_unknown": Label("Impor “{batch}” tidak dikenal.", "There is no import “{batch}”."),
        "batch_undone": Label("Impor “{batch}” sudah dibatalkan.", "The import “{batch}” is already undone."),
        "reference_removed": Label(
            "Data yang dirujuk {field} ketika itu sudah tidak ada. Lepaskan isian ini dari pilihan, atau sunting sendiri.",
            "The record {field} referred to then is no longer there. Leave this field out, or edit it yourself.",
        ),
        "reference_in_trash": Label(
            "“{value}” ada di tempat sampah. Pulihkan dahulu, atau pilih yang lain.",
            "“{value}” is in the trash. Restore it first, or choose another.",
        ),
        "still_used": Label(
            "Data ini masih dipakai ({what}: {count}), jadi tidak dapat dibuang. Selesaikan atau alihkan itu dahulu.",
            "This record is still in use ({what}: {count}), so it cannot go. Please finish or move those first.",
        ),
        "along_forbidden": Label(
            "Yang menjadi bagian data ini ({what}) tidak boleh Anda hapus. Mohon minta rekan yang berwenang.",
            "You may not delete what belongs to this record ({what}). Please ask a colleague who may.",
        ),
        "owner_in_trash": Label(
            "{what} pemiliknya, {name}, ada di tempat sampah. Pulihkan itu; yang dibuang bersamanya ikut kembali.",
            "Its {what}, {name}, is in the trash. Restore that one; what went with it comes back with it.",
        ),
        "file_by_hand": Label(
            "Berkas tidak dapat dituliskan; unggah berkasnya melalui formulir data ini.",
            "A file cannot be typed; please upload it on the form of the record.",
        ),
        "files_too_many": Label(
            "Paling banyak {most} berkas. Lepaskan yang tidak diperlukan, lalu simpan lagi.",
            "At most {most} {most:file|files}. Please take off what is not needed, then save again.",
        ),
        "file_unknown": Label(
            "Berkas ini sudah tidak ada. Mohon unggah sekali lagi.",
            "This file is no longer there. Please upload it once more.",
        ),
        "picture_wanted": Label(
            "“{name}” bukan gambar. Gunakan JPG, PNG, WEBP, atau HEIC.",
            "“{name}” is no picture. Use JPG, PNG, WEBP or HEIC.",
        ),
        "selection_unclear": Label(
            "Saringan daftar ini tidak dapat dibaca utuh, jadi tidak ada data yang diubah. Susun ulang saringannya.",
            "The filters of this list cannot be read in full, so nothing was changed. Please set them again.",
        ),
        "export_too_large": Label(
            "Excel hanya menampung {most} baris. Persempit daftar dengan saringan, atau pilih CSV.",
            "Excel holds {most} rows only. Narrow the list with filters, or choose CSV.",
        ),
        "export_gone": Label(
            "Berkas ini belum siap atau sudah dihapus. Silakan ekspor lagi.",
            "This file is not ready yet, or already removed. Please export again.",
        ),
        "job_given_up": Label(
            "Pekerjaan ini berhenti berulang kali dan tidak dicoba lagi. Yang sudah selesai tetap tersimpan.",
            "This work stopped again and again and is not tried any more. What was finished stays.",
        ),
        "job_broken": Label(
            "Pekerjaan ini terhenti karena gangguan sistem. Yang sudah selesai tetap tersimpan; silakan coba lagi.",
            "This work was stopped by a fault of the system. What was finished stays; please try again.",
        ),
        "job_account_gone": Label(
            "Akun peminta tidak aktif lagi, sehingga pekerjaan ini tidak dilanjutkan.",
            "The account that asked for this is no longer active, so the work does not go on.",
        ),
        "job_cannot": Label(
            "Pekerjaan ini sudah berubah keadaan. Muat ulang halaman untuk melihatnya.",
            "This work is in another state by now. Reload the page to see it.",
        ),
        "register_refused": Label(
            "Register “{register}” tidak dapat dibuka. Periksa kodenya.",
            "The register “{register}” cannot be opened. Check its code.",
        ),
        "office_missing": Label(
            "Data kantor belum lengkap. Tambahkan satu instansi jenis kantor imigrasi.",
            "The office is not set up. Add one agency of the kind immigration office.",
        ),
        "unknown_field": Label(
            "Isian ini tidak dikenal dan tidak disimpan.", "This field is not known and was not saved."
        ),
        "duplicate_deleted": Label(
            "{field} ini dipakai data di tempat sampah. Pulihkan data itu, atau pakai nilai lain.",
            "This {field} is used by a record in the trash. Restore that record, or use another value.",
        ),
        "row_gone": Label(
            "Baris ini sudah dihapus rekan Anda. Tutup baris ini, atau salin isinya ke baris baru.",
            "A colleague has removed this row meanwhile. Close it, or copy what you typed into a new row.",
        ),
        "filter_unknown": Label(
            "Saringan ini tidak dikenal dan diabaikan.", "This filter is not known and was left out."
        ),
        "filter_value_unknown": Label(
            "Nilai “{value}” tidak dikenal, jadi tidak ikut menyaring. Pilih nilai dari daftar.",
            "The value “{value}” is not known and does not filter. Please choose a value from the list.",
        ),
        "filter_record_unknown": Label(
            "Data yang diminta tidak ada, atau bukan untuk Anda lihat, jadi tidak ada yang cocok. Pilih dari daftar.",
            "The record asked for is not there, or not yours to see, so nothing matches. Please choose from the list.",
        ),
        "filter_unreadable": Label(
            "Saringan “{value}” tidak dapat dibaca dan tidak dipakai. Susun kembali dengan tombol Saringan.",
            "The filter “{value}” could not be read and was left out. Please build it again with the Filters button.",
        ),
        "filter_too_deep": Label(
            "Kelompok saringan paling dalam {max} tingkat; yang lebih dalam tidak dipakai.",
            "Filter groups go {max} levels deep; what lies deeper was left out.",
        ),
        "filter_too_many": Label(
            "Satu daftar dapat disaring dengan paling banyak {max} syarat; sisanya tidak dipakai.",
            "A list takes up to {max} conditions; the others were left out.",
        ),
        "filter_too_long": Label(
            "Saringan pada alamat ini terlalu panjang (paling banyak {max} huruf) dan tidak dipakai.",
            "The filter in this address is too long (up to {max} characters) and was left out.",
        ),
        "filter_version": Label(
            "Saringan pada alamat ini dibuat oleh versi lain dan tidak dipakai. Susun kembali dengan tombol Saringan.",
            "The filter in this address was made by another version and was left out. Please build it again.",
        ),
        "cursor_unknown": Label(
            "Alamat halaman ini tidak utuh; daftar ditampilkan dari awal.",
            "This page address is incomplete; the list starts from the beginning.",
        ),
        "dates_reversed": Label(
            "{field} lebih awal daripada tanggal mulainya ({other}). Periksa kedua tanggal.",
            "{field} is earlier than the date it starts ({other}). Check both dates.",
        ),
        "step_forbidden": Label(
            "{field} “{state}” tidak dapat langsung menjadi “{wanted}”. Pilihan berikutnya: {allowed}.",
            "{field} “{state}” cannot become “{wanted}” at once. What may follow: {allowed}.",
        ),
        "step_forbidden.new": Label(
            "Data baru tidak dimulai dengan {field} “{wanted}”. Pilihan awal: {allowed}.",
            "A new record does not begin with {field} “{wanted}”. It may begin with: {allowed}.",
        ),
        "step_forbidden.final": Label(
            "{field} “{state}” adalah keadaan akhir dan tidak berubah lagi. Bila itu keliru, kembalikan dari riwayat data.",
            "{field} “{state}” is final and does not change any more. If it is a mistake, take it back in the history.",
        ),
        "step_reserved": Label(
            "Hanya {roles} yang dapat menetapkan “{wanted}”. Simpan dahulu tanpa mengubahnya, lalu minta beliau menetapkannya.",
            "Only {roles} can set “{wanted}”. Save without it, then ask them to set it.",
        ),
        "record_closed": Label(
            "Data dengan status “{state}” tidak diubah lagi. Buat data baru bila isinya perlu berbeda.",
            "A record in the state “{state}” is not changed any more. Make a new one where it has to differ.",
        ),
        "outside_term": Label(
            "Tanggal ini di luar masa berlaku {low} sampai {high}. Mohon sesuaikan.",
            "This date is outside the term from {low} to {high}. Please adjust it.",
        ),
        "outside_term.open": Label(
            "Tanggal ini sebelum {low}, hari mulai berlaku. Mohon sesuaikan.",
            "This date is before {low}, the first day of the term. Please adjust it.",
        ),
        "nib_revoked_sponsor": Label(
            "NIB perusahaan ini dicabut, padahal masih menjamin orang asing. Mohon periksa di OSS dan hubungi perusahaan.",
            "The business number of this company was revoked, yet it sponsors foreigners. Please check OSS and ask the company.",
        ),
        "address_unverified": Label(
            "Alamat perusahaan ini belum pernah diperiksa di lapangan.",
            "No officer has checked the address of this company on site yet.",
        ),
        "worksite_of_another": Label(
            "Salah satu lokasi kerja bukan milik perusahaan ini. Pilih lokasi perusahaan ini, atau catat lokasinya dahulu.",
            "One of the work sites belongs to another company. Choose sites of this one, or record the site first.",
        ),
        "position_barred": Label(
            "Jabatan ini menyerupai “{name}”, yang menurut {basis} tidak boleh diduduki TKA. Mohon periksa dengan perusahaan.",
            "This position looks like “{name}”, which foreign workers may not hold under {basis}. Please check with the company.",
        ),
        "plan_too_long": Label(
            "Masa berlaku ini lebih dari {months} bulan, lebih lama daripada lazimnya untuk jenis RPTKA ini. Mohon periksa tanggalnya.",
            "This term is over {months} months, longer than usual for this kind of plan. Please check the dates.",
        ),
        "post_twice": Label(
            "Perusahaan ini punya RPTKA lain yang berlaku untuk jabatan yang sama ({other}). Mohon periksa apakah rangkap.",
            "This company has another plan in force for the same position ({other}). Please check for a double.",
        ),
        "levy_beyond_plan": Label(
            "Bulan yang dibayar lebih banyak daripada masa RPTKA ({months} bulan). Kelebihan bayar dapat dimintakan kembali.",
            "More months are paid than the plan lasts ({months}). What is overpaid can be claimed back.",
        ),
        "levy_unusual": Label(
            "Lazimnya USD {usd} per orang per bulan: {persons} orang × {months} bulan = USD {expected}. Mohon periksa bukti bayar.",
            "Usually USD {usd} a person and month: {persons} {persons:person|people} × {months} {months:month|months} = USD {expected}. Please check the proof.",
        ),
        "chair_missing": Label(
            "Tim belum punya ketua. Tambahkan anggota dengan peran Ketua dari kantor imigrasi, lalu berlakukan tim.",
            "The team has no chair yet. Add a member of an immigration office with the role Chair, then put it in force.",
        ),
        "chair_twice": Label(
            "Tim ini punya lebih dari satu ketua aktif. Ubah peran atau status salah satunya dahulu.",
            "This team has more than one active chair. Change the role or state of one of them first.",
        ),
        "chair_not_immigration": Label(
            "Ketua Tim Pora harus berasal dari kantor imigrasi. Pilih instansi imigrasi, atau beri peran lain.",
            "The chair of a supervision team must be of an immigration office. Choose one, or give another role.",
        ),
        "chair_taken": Label(
            "Ketua tim ini sekarang {name}. Ubah peran atau status beliau dahulu.",
            "The chair of this team is {name}. Change that role or state first.",
        ),
        "member_outside_term": Label(
            "Masa tugas {name} berada di luar masa kerja tim ini. Sesuaikan tanggal anggota dahulu.",
            "The time of {name} in the team lies outside this term. Adjust the member's dates first.",
        ),
        "placeholder_unknown": Label(
            "Isian {value} tidak dikenal untuk jenis pesan ini. Yang dapat dipakai: {known}.",
            "{value} is not known for this kind of message. What may be used: {known}.",
        ),
        "placeholder_in_subject": Label(
            "{value} hanya untuk isi surat, bukan perihal. Hapus dari perihal.",
            "{value} belongs in the text, not in the subject. Take it out of the subject.",
        ),
        "placeholder_alone": Label(
            "{value} harus berdiri sendiri. Beri baris kosong di atas dan di bawahnya.",
            "{value} has to stand alone. Leave a blank line above and below it.",
        ),
        "placeholder_missing": Label(
            "Surat ini belum memuat {value} ({means}); tanpanya penerima tidak dapat melanjutkan. Mohon tambahkan.",
            "This letter has no {value} ({means}); without it the reader cannot go on. Please add it.",
        ),
        "placeholder_brace": Label(
            "Tanda kurung kurawal hanya dipakai untuk menandai isian. Hapus yang lain.",
            "Curly brackets only mark facts. Take out the others.",
        ),
        "tone_harsh": Label(
            "Ada kata yang dapat terdengar seperti ancaman: {words}. Mohon baca sekali lagi; mintalah dengan sopan dahulu.",
            "Some words may sound like a threat: {words}. Please read it once more; ask courteously first.",
        ),
        "contrast": Label(
            "Tulisan dengan warna ini sulit dibaca (kontras {ratio} : 1, paling sedikit 4,5 : 1). Pilih warna lebih gelap.",
            "Text in this colour is hard to read (contrast {ratio} : 1, at least 4.5 : 1). Choose a darker one.",
        ),
        "pattern.colour": Label(
            "Tulis warna dengan tanda pagar dan enam angka atau huruf, misalnya #17457f.",
            "Write the colour with a hash sign and six digits or letters, for example #17457f.",
        ),
        "pattern.secret": Label(
            "Kata sandi tidak dapat dibaca. Mohon ketik ulang, paling banyak 500 tanda.",
            "The password cannot be read. Please type it again, at most 500 characters.",
        ),
        "password_in_clear": Label(
            "Kata sandi tidak dikirim tanpa TLS. Pilih TLS langsung atau STARTTLS.",
            "A password is not sent without TLS. Choose TLS or STARTTLS.",
        ),
        "picture": Label(
            "Berkas ini bukan gambar PNG atau JPG yang utuh. Simpan ulang gambarnya sebagai PNG, lalu unggah lagi.",
            "This file is no sound PNG or JPG picture. Save the picture as PNG again, then upload it.",
        ),
        "picture_size": Label(
            "Gambar terlalu besar; paling banyak {most} × {most} piksel. Mohon dikecilkan.",
            "The picture is too large; at most {most} × {most} pixels. Please make it smaller.",
        ),
        "settings_changed": Label(
            "Pengaturan ini baru saja diubah orang lain. Periksa isi terbaru di bawah, lalu simpan kembali perubahan Anda.",
            "Somebody else has just changed these settings. Check what they are now below, then save your change again.",
        ),
        "office_unset": Label(
            "Surat belum dapat dicetak: nama kantor belum diisi. Isi di Pengaturan, bagian Kantor.",
            "Letters cannot be printed yet: the name of the office is not set. Fill it in under Settings, Office.",
        ),
        "contact_unreachable": Label(
            "Isi e-mail atau nomor telepon, paling sedikit salah satu.",
            "Give an e-mail address or a phone number, at least one.",
        ),
    }
)
