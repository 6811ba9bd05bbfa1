"""The words companies write above their columns, as data: Indonesian, English, Chinese, Japanese, Korean.

`PHRASES` are replaced first (regex → words), then East Asian words, then single words. `WILD` holds headings
found above a column in real lists, by field key, beside a declaration's own key, labels and aliases: it
serves every form and registry that has a field of that key.
"""

from __future__ import annotations

Words = frozenset[str]

_PASSPORT_AS = (
    r"\b(exactly\s+)?(as|like)\s+(stated\s+|shown\s+|written\s+|it\s+appears\s+)?(in|on|per)?\s*(the\s+)?passport\b"
)
PHRASES: tuple[tuple[str, str], ...] = (
    (r"^\s*(\(?\d{1,2}\s*[.)]|\(?[a-z][.)])\s+", ""),  # "12. Status"
    (r"\(?\b(d{1,2}|tgl|hh)\s*[/\-. ]\s*(m{1,3}|bln|bb)\s*[/\-. ]\s*(y{2,4}|thn|t{2,4})\b\)?", ""),
    (r"\b(m{2}|y{4})\s*[/\-]\s*(d{2}|m{2})\s*[/\-]\s*(y{4}|d{2})\b", ""),
    (r"(?<!\w)[lmp]\s*/\s*[pfwl](?!\w)", "kelamin"),
    (r"(?<!\w)s\s*[./]\s*d\.?(?!\w)", "berlaku"),
    (r"\b(di|pada|dalam|at|in)\s+(the\s+)?(perusahaan|company|pt)(\s+(ini|kami|this))?\b", ""),
    (r"\bsesuai\s+(dengan\s+)?(di\s+)?(paspor|passport|dokumen)\b", ""),
    (_PASSPORT_AS, ""),
    (r"\b(di|sesuai|dalam|pada|per|menurut|in|on)\s+(rptka|imta|notifikasi|tka\s*online)\b", ""),
    (r"\b(tenaga\s+kerja|tenaga|pekerja|karyawan|orang)\s+asing\b|\bwarga\s+negara\s+asing\b", ""),
    (r"\bforeign\s+(worker|national|employee|citizen)s?\b", ""),
    (r"\b(dokumen|surat)\s+perjalanan\b|\btravel\s+documents?\b", "paspor"),
    (r"\b(dokumen|izin|ijin)\s+(ke)?imigrasi(an)?\b|\bimmigration\s+(documents?|permit)\b", "izin"),
    (r"\b(ijin|izin)\s+tinggal(\s+(terbatas|tetap|kunjungan))?\b", "izin"),
    (r"\b(limited\s+|temporary\s+|permanent\s+)?(stay|residen[ct]e?|residency)\s+(permit|card)\b", "izin"),
    (r"\be\s*-\s*(?=(kitas|itas|kitap|itap|visa)\b)", ""),
    (r"\b(ijin|izin)\s+kerja\b|\bwork(ing)?\s+permit\b", "izinkerja"),
    (r"\b(laki|pria|male)([\s-]*laki)?\s*/\s*(wanita|perempuan|female)\b", "kelamin"),
    (r"\bjenis\s+kelamin\b|\bj\s*/\s*k\b", "kelamin"),
    (r"\b(negara|country)\s+(asal|of\s+origin)\b|\basal\s+negara\b|\bwarga\s+negara\b", "warga"),
    (
        r"\b(tempat|tmpt|lokasi|lok\.?|alamat|area|wilayah)\s+(kerja|bekerja|penempatan|tugas|penugasan|proyek)\b",
        "lokasi",
    ),
    (r"\b(work|job|working|project|office|plant|factory)\s*(site|location|place|area)\b", "lokasi"),
    (r"\bjatuh\s+tempo\b", "berlaku"),
    (r"\bplace\s+of\s+(work|employment|assignment)\b", "lokasi"),
    (
        r"\bmulai\s+(tanggal\s+|tgl\.?\s+)?((be)?kerja|(ber)?tugas|dinas)\b|\bterhitung\s+mulai(\s+tanggal)?\b",
        "mulaikerja",
    ),
    (r"\b(tanggal|tgl\.?)\s+(mulai|masuk|bergabung|join)\b(\s+(be)?kerja)?", "mulaikerja"),
    (r"\bmasuk\s+(be)?kerja\b|\bbekerja\s+sejak\b|\bsejak\s+tanggal\b", "mulaikerja"),
    (r"\b(join(ing|ed)?|start(ing|ed)?|hir(e|ed|ing)|employment|commencement)\s+(start\s+)?(date|on)\b", "mulaikerja"),
    (
        r"\b(date|start)\s+(of\s+)?(working|join(ing|ed)?|hired?|commencement|start(ed)?|employment|work)\b",
        "mulaikerja",
    ),
    (
        r"\b(tanggal|tgl\.?)\s+(keluar|berhenti|resign|selesai|pulang|akhir(?=\s+(be)?kerja))(\s+(be)?kerja)?\b",
        "keluar",
    ),
    (r"\b(tanggal|tgl\.?)\s+(tidak|non)[\s-]*(aktif|bekerja)\b", "keluar"),
    (r"\b(tanggal|tgl\.?)\s+akhir\b(?!\s*(berlaku|be?kerja))", "tanggalakhir"),
    (r"\b(berhenti|selesai|akhir)\s+(tanggal\s+|tgl\.?\s+)?(be)?kerja\b", "keluar"),
    (r"\bdate\s+(of\s+)?(leaving|left|resign(ation)?|departure|exit|termination)\b", "keluar"),
    (
        r"\bleft\s+on\b|\blast\s+(working\s+)?(day|date)\b|\b(leaving|resign(ation)?|term(ination)?|exit|end|departure)\s+(date|dt)\b",
        "keluar",
    ),
    (r"\bt\.?\s*t\.?\s*l\.?(?!\w)", "tempat tanggal lahir"),
    (r"\bd\.?\s*o\.?\s*b\.?(?!\w)|\bbirth\s*da(y|te)\b", "tanggal lahir"),
    (r"\bp\.?\s*o\.?\s*b\.?(?!\w)|\bbirth\s*place\b|\blahir\s+di\b|\bborn\s+(in|at)\b", "tempat lahir"),
    (r"\bt\s*\.?\s*m\s*\.?\s*t\.?(?!\w)", "mulaikerja"),
    (r"\b(job\s+description|uraian\s+(tugas|pekerjaan)|deskripsi\s+pekerjaan|tugas\s+pokok)\b", "kegiatan"),
    (r"\bjob\s+(title|position|role)\b", "jabatan"),
    (r"\b(issuing\s+(country|state)|country\s+of\s+issu(e|ance))\b", "negarapenerbit"),
    (r"\bnegara\s+(penerbit|pengeluar|yang\s+menerbitkan)\b", "negarapenerbit"),
)

WORDS: dict[str, str] = {
    "tanggal": "tgl tg date tanggal tangal dates dt",
    "nomor": "no nomor nomer number num nbr nr nos id №",
    "nama": "nama name names nm nma",
    "lengkap": "lengkap full complete",
    "paspor": "paspor passport pasport passpor pspor ppt passpot pasportnya pp psp pasp pass",
    "izin": "itas kitas kitap itap kims izin ijin permit itk",
    "lahir": "lahir birth born kelahiran lhr",
    "tempat": "tempat place tmp tmpt kota city tmpat",
    "warga": "bangsa kebangsaan kewarganegaraan nationality citizenship citizen wn warganegara kewarganegaran kwn",
    "kelamin": "jk sex gender kelamin",
    "jabatan": "posisi position jabatan occupation pekerjaan title designation profession profesi jbtn jbt jab",
    "kegiatan": "kegiatan activity activities aktivitas aktifitas tugas duties",
    "lokasi": "lokasi lok location site worksite workplace penempatan plant workstation",
    "keterangan": "ket keterangan catatan remark remarks note notes comment comments memo ktrngn ktr ktrgn ketrangan",
    "jenis": "jenis type kind tipe kategori category",
    "indeks": "indeks index indek",
    "kode": "kode code",
    "berlaku": (
        "berlaku expiry expired expire expires expiration exp expdate valid validity berakhir kadaluarsa "
        "kadaluwarsa kedaluwarsa kedaluarsa habis akhir expirydate due sd "
        "sampai hingga until till"
    ),
    "negara": "country negara",
    "perusahaan": "company perusahaan sponsor penjamin employer pt",
    "terbit": "issue issued issuance terbit penerbitan diterbitkan dikeluarkan pengeluaran",
    "mulai": "mulai from start since sejak dari join masuk",
    "keluar": "keluar resign resigned leave berhenti left klr kluar",
    "belakang": "surname lastname belakang keluarga marga last family",
    "depan": "given firstname depan first forename",
    "perubahan": "perubahan change changes mutasi",
    "status": "status sts stts",
    "urut": "urut urutan row item seq",
}

EAST_ASIAN: dict[str, str] = {
    "tempat lahir": "出生地点 出生地 출생지",
    "tanggal lahir": "出生日期 出生年月日 出生年月 生年月日 生日 生年 생년월일",
    "paspor berlaku": "护照有效期至 护照有效期 護照有效期 护照到期日 旅券有効期限 여권만료일 여권유효기간",
    "nomor paspor": "护照号码 護照號碼 护照号 護照號 护照编号 旅券番号 パスポート番号 여권번호",
    "negarapenerbit": "护照签发国",
    "paspor": "护照 護照 旅券 パスポート 여권",
    "izin berlaku": "居留许可有效期 居留证有效期 체류허가만료일",
    "nomor izin": "居留证号 居留许可号",
    "izin": "居留许可 居留证 居留證 居留 在留許可 在留資格 在留カード 滞在許可 체류허가 체류자격",
    "visa": "签证类型 签证类别 签证种类 簽證 签证 ビザ 비자종류 비자",
    "berlaku": "有效期至 有效期 到期日 有効期限 截止日期 유효기간 만료일",
    "nama": "姓名 名字 氏名 名前 英文名 성명 이름",
    "latin": "英文 拼音 ローマ字 英字 영문",
    "aksara": "中文 汉字 漢字 カナ フリガナ ふりがな 한글 한자",
    "kelamin": "性别 性別 성별",
    "warga": "国籍 國籍 국적",
    "jabatan": "职务 職務 职位 職位 岗位 工种 役職 職種 직위 직책 직급 직무",
    "lokasi": "工作地点 工作地點 工作单位 勤務地 勤務先 근무지 근무처",
    "kegiatan": "工作内容 工作內容 职责 業務内容 職務内容 担当業務 담당업무 업무내용 업무",
    "mulaikerja": "入职日期 入職日期 入职时间 到岗日期 上岗日期 入社日 着任日 赴任日 开始工作日期 입사일 부임일",
    "keluar": "离职日期 離職日期 离职时间 离岗日期 退社日 退職日 離任日 帰任日 퇴사일 퇴직일 귀임일",
    "status": "在职状态 状态 狀態 状態 状況 变动 재직상태 재직여부 상태",
    "keterangan": "备注 備註 備考 비고",
    "urut": "序号 序號 编号 번호 순번",
    "nomor": "号码 番号",
}

_UNSAID = """on s d to thru masa dengan dan and or atau of in the di pada as per a an
    for untuk yang nya wajib required optional opsional tka wna expat expatriate employee employees
    emp empl karyawan worker pekerja ybs bersangkutan diisi isi mohon please masing his her latest current
    saat ini terbaru terkini data sekarang present now pegawai staff staf buruh kepegawaian laporan
    ekspatriat ekspatriate tambahan lain lainnya other additional latin english inggris alphabet romaji pinyin"""
UNSAID = frozenset(_UNSAID.split())

# Headings found in the wild, beside a declaration's own key, labels and aliases.
WILD: dict[str, tuple[str, ...]] = {
    "full_name": ("Nama", "Nama Lengkap", "Nama TKA", "Name", "Employee Name", "Nama Pegawai", "Employee",
        "Expatriate"),
    "sex": ("L/P", "JK", "Jenis Kelamin", "Sex", "Gender"),
    "birth_date": ("Tgl Lahir", "Tanggal Lahir", "Date of Birth", "DOB", "Lahir"),
    "birth_place": ("Tempat Lahir", "Place of Birth", "Kota Lahir"),
    "nationality": ("Kebangsaan", "Kewarganegaraan", "WN", "Nationality", "Citizenship", "Negara", "Negara Asal",
        "Kebangsaan Asal", "WNA"),
    "passport_country": ("Negara Penerbit Paspor", "Issuing Country", "Paspor Negara", "Penerbit Paspor"),
    "passport_number": ("No Paspor", "Passport No.", "Paspor", "Nomor Dokumen Perjalanan", "Travel Document No"),
    "passport_expires_on": ("Paspor Berlaku s.d.", "Passport Expiry", "Masa Berlaku Paspor"),
    "visa_index": ("Indeks Visa", "Jenis Visa", "Visa", "Indeks", "Indeks ITAS", "Indeks Izin Tinggal"),
    "permit_kind": ("Jenis Izin Tinggal", "Permit Type", "Jenis KITAS"),
    "permit_number": ("No KITAS", "No ITAS", "No Izin Tinggal", "Permit No.", "No Register ITAS"),
    "permit_expires_on": ("Izin Tinggal Berlaku s.d.", "KITAS Expiry", "Masa Berlaku KITAS", "Visa/KITAS Expiry"),
    "job_title": ("Jabatan", "Posisi", "Job Title", "Occupation", "Pekerjaan", "Jabatan Pekerjaan", "Job", "Role"),
    "activity": ("Kegiatan", "Activity", "Tugas", "Job Description", "Kegiatan yang dilakukan", "Kegiatan Utama"),
    "worksite": ("Lokasi", "Tempat Kerja", "Lokasi Kerja", "Work Location", "Penempatan"),
    "started_on": ("Mulai Kerja", "TMT", "Tgl Masuk", "Join Date", "Start Date", "Mulai"),
    "change": ("Status", "Status Kerja", "Perubahan", "Status Ketenagakerjaan", "Status Bulan Ini",
        "Keterangan Perubahan", "Status Aktif", "Status Keaktifan", "Status Bekerja", "Status Pekerjaan",
        "Status Perubahan"),
    "left_on": ("Tgl Keluar", "Tanggal Berhenti", "Left On", "End Date", "Keluar", "Tgl Resign"),
    "note": ("Ket", "Keterangan", "Catatan", "Remarks", "Note", "Keterangan Lain", "Lain-lain"),
}  # fmt: skip

# Headings that more than one field may carry: which words, above or before them, tell them apart.
SHARED: dict[str, tuple[tuple[Words, Words], ...]] = {
    # field key: ((words of the heading, words its surroundings must hold), …)
    "passport_expires_on": ((frozenset({"berlaku"}), frozenset({"paspor"})),),
    "passport_number": ((frozenset({"nomor"}), frozenset({"paspor"})),),
    "passport_country": (
        (frozenset({"negarapenerbit"}), frozenset({"paspor"})),
        (frozenset({"negara", "terbit"}), frozenset({"paspor"})),
    ),
    "permit_expires_on": ((frozenset({"berlaku"}), frozenset({"izin"})),),
    "permit_number": ((frozenset({"nomor"}), frozenset({"izin"})), (frozenset({"izin"}), frozenset({"izin"}))),
    "permit_kind": ((frozenset({"jenis"}), frozenset({"izin"})), (frozenset({"izin"}), frozenset({"izin"}))),
    "visa_index": (
        (frozenset({"jenis"}), frozenset({"visa"})),
        (frozenset({"indeks"}), frozenset({"visa"})),
        (frozenset({"kode"}), frozenset({"visa"})),
    ),
}

SINCE = frozenset({"mulai", "keluar"})  # of work, unless they stand below a document
DOCUMENTS = frozenset({"paspor", "izin", "visa", "berlaku"})
PLACE_AND_DATE_OF_BIRTH = frozenset({"tempat", "tanggal", "lahir"})
OWN_SCRIPT = frozenset({"aksara", "mandarin", "hanzi", "kanji", "hangul"})  # a name twice: the passport has the other
NUMBERING = (frozenset({"nomor"}), frozenset({"urut"}), frozenset({"nomor", "urut"}), frozenset({"nomor", "baris"}))
GIVEN_NAME = (frozenset({"nama", "depan"}), frozenset({"depan"}))
SURNAME = (frozenset({"nama", "belakang"}), frozenset({"belakang"}))
DAY_MONTH_YEAR = (
    frozenset({"tanggal", "hari", "day", "hh"}),
    frozenset({"bulan", "bln", "month"}),
    frozenset({"tahun", "thn", "year"}),
)

# Words that make a heading speak of somebody or something else.
_OTHER = """perusahaan terbit ibu ayah istri suami mother father spouse lama old previous sebelumnya rptka
    imta izinkerja npwp bpjs telepon hp phone email gaji salary darurat emergency usia umur age perkawinan nikah
    marital pendidikan agama pendamping tkp alamat address
    tujuan domisili domicile residence aksara mandarin hanzi kanji hangul"""
OTHER_THINGS = frozenset(_OTHER.split())
