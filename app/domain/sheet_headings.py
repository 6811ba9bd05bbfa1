"""Headings of spreadsheets as sets of canonical words, in the three ways companies write them.

"Tgl. Lahir", "Tanggal Lahir (dd/mm/yyyy)", "Date of Birth" and "出生日期" all become {tanggal, lahir}, so a
declaration need list a heading only once. `WILD` holds what else is found above a column in the wild,
by field key; it serves every form and registry that has a field of that key.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

Words = frozenset[str]

_PHRASES: tuple[tuple[str, str], ...] = (
    (r"\(?\b(d{1,2}|tgl|hh)\s*[/\-. ]\s*(m{1,3}|bln|bb)\s*[/\-. ]\s*(y{2,4}|thn|t{2,4})\b\)?", " "),
    (r"\b(m{2}|y{4})\s*[/\-]\s*(d{2}|m{2})\s*[/\-]\s*(y{4}|d{2})\b", " "),
    (r"(?<!\w)[lmp]\s*/\s*[pfw](?!\w)", " kelamin "),
    (r"(?<!\w)s\s*[./]\s*d\.?(?!\w)", " "),
    (r"\bsesuai\s+(dengan\s+)?(di\s+)?(paspor|passport|dokumen)\b", " "),
    (r"\b(exactly\s+)?(as|like)\s+(stated\s+|shown\s+|written\s+|it\s+appears\s+)?(in|on|per)?\s*(the\s+)?passport\b", " "),
    (r"\b(tenaga\s+kerja|tenaga|pekerja|karyawan|orang)\s+asing\b|\bwarga\s+negara\s+asing\b", " "),
    (r"\bforeign\s+(worker|national|employee|citizen)s?\b", " "),
    (r"\b(ijin|izin)\s+tinggal(\s+(terbatas|tetap|kunjungan))?\b", " izin "),
    (r"\b(limited\s+|temporary\s+|permanent\s+)?(stay|residen[ct]e?|residency)\s+(permit|card)\b", " izin "),
    (r"\be\s*-\s*(kitas|itas|kitap|itap|visa)\b", r" \1 "),
    (r"\b(ijin|izin)\s+kerja\b|\bwork(ing)?\s+permit\b", " izinkerja "),
    (r"\bjenis\s+kelamin\b|\bj\s*/\s*k\b", " kelamin "),
    (r"\b(negara|country)\s+(asal|of\s+origin)\b|\basal\s+negara\b|\bwarga\s+negara\b", " warga "),
    (r"\b(tempat|lokasi|alamat)\s+(kerja|bekerja|penempatan|tugas|penugasan)\b", " lokasi "),
    (r"\b(work|job|working|project)\s*(site|location|place)\b|\bplace\s+of\s+(work|employment|assignment)\b", " lokasi "),
    (r"\bmulai\s+(tanggal\s+|tgl\.?\s+)?(be)?kerja\b|\bterhitung\s+mulai(\s+tanggal)?\b", " mulaikerja "),
    (r"\b(tanggal|tgl\.?)\s+(mulai|masuk|bergabung|join)\b(\s+(be)?kerja)?", " mulaikerja "),
    (r"\bmasuk\s+(be)?kerja\b|\bbekerja\s+sejak\b|\bsejak\s+tanggal\b", " mulaikerja "),
    (r"\b(join(ing|ed)?|start(ing|ed)?|hir(e|ed|ing)|employment|commencement)\s+(start\s+)?(date|on)\b", " mulaikerja "),
    (r"\bdate\s+(of\s+)?(join(ing|ed)?|hire|hired|commencement|start(ed)?|employment)\b", " mulaikerja "),
    (r"\b(tanggal|tgl\.?)\s+(keluar|berhenti|resign|selesai|pulang|akhir)(\s+(be)?kerja)?\b", " keluar "),
    (r"\b(berhenti|selesai|akhir)\s+(tanggal\s+|tgl\.?\s+)?(be)?kerja\b", " keluar "),
    (r"\b(date\s+(of\s+)?(leaving|left|resign(ation)?|departure|exit|termination)|left\s+on|last\s+(working\s+)?day)\b", " keluar "),
    (r"\b(leaving|resign(ation)?|termination|exit|end|departure)\s+date\b", " keluar "),
    (r"\bt\.?\s*t\.?\s*l\.?(?!\w)", " tempat tanggal lahir "),
    (r"\bd\.?\s*o\.?\s*b\.?(?!\w)", " tanggal lahir "),
    (r"\bp\.?\s*o\.?\s*b\.?(?!\w)", " tempat lahir "),
    (r"\bt\s*\.?\s*m\s*\.?\s*t\.?(?!\w)", " mulaikerja "),
    (r"\bbirth\s*da(y|te)\b", " tanggal lahir "),
    (r"\bbirth\s*place\b", " tempat lahir "),
    (r"\b(job\s+description|uraian\s+(tugas|pekerjaan)|deskripsi\s+pekerjaan|tugas\s+pokok)\b", " kegiatan "),
    (r"\bjob\s+(title|position|role)\b", " jabatan "),
    (r"\b(issuing\s+(country|state)|country\s+of\s+issu(e|ance)|negara\s+(penerbit|pengeluar|yang\s+menerbitkan))\b", " negarapenerbit "),
)
_CJK: tuple[tuple[str, str], ...] = (
    ("出生地点", "tempat lahir"), ("出生日期", "tanggal lahir"), ("出生年月日", "tanggal lahir"), ("出生年月", "tanggal lahir"),
    ("生年月日", "tanggal lahir"), ("出生地", "tempat lahir"), ("生日", "tanggal lahir"), ("生年", "tanggal lahir"),
    ("护照有效期至", "paspor berlaku"), ("护照有效期", "paspor berlaku"), ("護照有效期", "paspor berlaku"),
    ("护照到期日", "paspor berlaku"), ("护照号码", "nomor paspor"), ("護照號碼", "nomor paspor"), ("护照号", "nomor paspor"),
    ("護照號", "nomor paspor"), ("旅券番号", "nomor paspor"), ("パスポート番号", "nomor paspor"), ("护照签发国", "negarapenerbit"),
    ("旅券有効期限", "paspor berlaku"), ("护照", "paspor"), ("護照", "paspor"), ("旅券", "paspor"), ("パスポート", "paspor"),
    ("居留许可有效期", "izin berlaku"), ("居留证有效期", "izin berlaku"), ("居留证号", "nomor izin"), ("居留许可号", "nomor izin"),
    ("居留许可", "izin"), ("居留证", "izin"), ("居留證", "izin"), ("居留", "izin"), ("在留許可", "izin"), ("滞在許可", "izin"),
    ("签证类型", "visa"), ("签证类别", "visa"), ("签证种类", "visa"), ("簽證", "visa"), ("签证", "visa"), ("ビザ", "visa"),
    ("有效期至", "berlaku"), ("有效期", "berlaku"), ("到期日", "berlaku"), ("有効期限", "berlaku"), ("截止日期", "berlaku"),
    ("姓名", "nama"), ("名字", "nama"), ("氏名", "nama"), ("名前", "nama"), ("英文名", "nama"), ("性别", "kelamin"),
    ("性別", "kelamin"), ("国籍", "warga"), ("國籍", "warga"), ("职务", "jabatan"), ("職務", "jabatan"), ("职位", "jabatan"),
    ("職位", "jabatan"), ("岗位", "jabatan"), ("役職", "jabatan"), ("工作地点", "lokasi"), ("工作地點", "lokasi"),
    ("勤務地", "lokasi"), ("工作内容", "kegiatan"), ("工作內容", "kegiatan"), ("职责", "kegiatan"), ("入职日期", "mulaikerja"),
    ("入職日期", "mulaikerja"), ("入社日", "mulaikerja"), ("开始工作日期", "mulaikerja"), ("离职日期", "keluar"),
    ("離職日期", "keluar"), ("退社日", "keluar"), ("状态", "status"), ("狀態", "status"), ("变动", "status"),
    ("备注", "keterangan"), ("備註", "keterangan"), ("備考", "keterangan"), ("序号", "urut"), ("序號", "urut"),
    ("编号", "urut"), ("번호", "urut"), ("순번", "urut"), ("号码", "nomor"), ("番号", "nomor"),
    ("여권만료일", "paspor berlaku"), ("여권유효기간", "paspor berlaku"), ("여권번호", "nomor paspor"), ("여권", "paspor"),
    ("체류허가만료일", "izin berlaku"), ("체류허가", "izin"), ("비자종류", "visa"), ("비자", "visa"), ("유효기간", "berlaku"),
    ("만료일", "berlaku"), ("생년월일", "tanggal lahir"), ("출생지", "tempat lahir"), ("성명", "nama"), ("이름", "nama"),
    ("성별", "kelamin"), ("국적", "warga"), ("직위", "jabatan"), ("직책", "jabatan"), ("직급", "jabatan"),
    ("근무지", "lokasi"), ("담당업무", "kegiatan"), ("업무", "kegiatan"), ("입사일", "mulaikerja"), ("퇴사일", "keluar"),
    ("상태", "status"), ("비고", "keterangan"),
)  # fmt: skip
_TOKENS: dict[str, str] = {
    **dict.fromkeys(("tgl", "tg", "date", "tanggal", "tangal", "dates"), "tanggal"),
    **dict.fromkeys(("no", "nomor", "nomer", "number", "num", "nbr", "nr", "nos", "№"), "nomor"),
    **dict.fromkeys(("nama", "name", "names", "nm"), "nama"),
    **dict.fromkeys(("lengkap", "full", "complete"), "lengkap"),
    **dict.fromkeys(("paspor", "passport", "pasport", "passpor", "pspor", "ppt", "passpot", "pasportnya"), "paspor"),
    **dict.fromkeys(("itas", "kitas", "kitap", "itap", "kims", "izin", "ijin", "permit", "itk"), "izin"),
    **dict.fromkeys(("lahir", "birth", "born", "kelahiran"), "lahir"),
    **dict.fromkeys(("tempat", "place", "tmp", "tmpt", "kota", "city"), "tempat"),
    **dict.fromkeys(("kebangsaan", "kewarganegaraan", "nationality", "citizenship", "wn", "warganegara", "kewarganegaran"), "warga"),
    **dict.fromkeys(("jk", "sex", "gender", "kelamin"), "kelamin"),
    **dict.fromkeys(("posisi", "position", "jabatan", "occupation", "pekerjaan", "title", "designation", "profession", "profesi"), "jabatan"),
    **dict.fromkeys(("kegiatan", "activity", "activities", "aktivitas", "aktifitas", "tugas", "duties"), "kegiatan"),
    **dict.fromkeys(("lokasi", "location", "site", "worksite", "workplace", "penempatan", "plant", "workstation"), "lokasi"),
    **dict.fromkeys(("ket", "keterangan", "catatan", "remark", "remarks", "note", "notes", "comment", "comments"), "keterangan"),
    **dict.fromkeys(("jenis", "type", "kind", "tipe", "kategori", "category"), "jenis"),
    **dict.fromkeys(("indeks", "index", "indek", "kode", "code"), "indeks"),
    **dict.fromkeys(
        ("berlaku", "expiry", "expired", "expire", "expires", "expiration", "exp", "valid", "validity", "berakhir", "kadaluarsa",
         "kadaluwarsa", "kedaluwarsa", "kedaluarsa", "habis", "akhir", "expirydate", "due"),
        "berlaku",
    ),
    **dict.fromkeys(("country", "negara"), "negara"),
    **dict.fromkeys(("company", "perusahaan", "sponsor", "penjamin", "employer", "pt"), "perusahaan"),
    **dict.fromkeys(("issue", "issued", "issuance", "terbit", "penerbitan", "diterbitkan", "dikeluarkan", "pengeluaran"), "terbit"),
    **dict.fromkeys(("mulai", "from", "start", "since", "sejak", "dari", "join", "masuk"), "mulai"),
    **dict.fromkeys(("keluar", "resign", "resigned", "leave", "berhenti", "left"), "keluar"),
    **dict.fromkeys(("surname", "lastname", "belakang", "keluarga", "marga", "last", "family"), "belakang"),
    **dict.fromkeys(("given", "firstname", "depan", "first", "forename"), "depan"),
    **dict.fromkeys(("perubahan", "change", "changes", "mutasi"), "perubahan"),
    **dict.fromkeys(("urut", "urutan", "row", "item", "seq"), "urut"),
}  # fmt: skip
_DROPPED = frozenset(
    "on s d sd s/d sampai hingga until till to thru masa dengan dan and or atau of in the di pada as per a an for untuk yang nya "
    "wajib required optional opsional tka wna expat expatriate employee employees karyawan worker pekerja ybs bersangkutan "
    "diisi isi mohon please masing his her latest current saat ini terbaru terkini data".split()
)
_WORD = re.compile(r"[^\W_]+|№")
_HAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@lru_cache(maxsize=4096)
def words(heading: str) -> Words:
    """The canonical words of a heading; empty for a blank one."""
    text = unicodedata.normalize("NFKC", str(heading)).casefold().replace("_", " ")
    for found, meaning in _CJK:
        if found in text:
            text = text.replace(found, f" {meaning} ")
    for pattern, meaning in _PATTERNS:
        text = pattern.sub(meaning, text)
    tokens = {_TOKENS.get(token, token) for token in _WORD.findall(text)}
    tokens -= _DROPPED
    tokens = {token for token in tokens if not _HAN.search(token)} or tokens
    return _settled(tokens)


_PATTERNS = tuple((re.compile(pattern), meaning) for pattern, meaning in _PHRASES)


def _settled(tokens: set[str]) -> Words:
    """Words that say nothing beside their company: "tanggal berlaku" is "berlaku", "nama lengkap" is "nama"."""
    if "berlaku" in tokens and "mulai" not in tokens:
        tokens -= {"tanggal"}
    if "nama" in tokens:
        tokens -= {"lengkap", "asli"}
    for whole in ("mulaikerja", "keluar"):
        if whole in tokens:
            tokens -= {"tanggal", "mulai", "kerja"}
    if "visa" in tokens:
        tokens -= {"indeks", "jenis"}
    if "izin" in tokens and "tinggal" in tokens:
        tokens -= {"tinggal"}
    if "jabatan" in tokens:
        tokens -= {"nama", "job"}
    return frozenset(tokens)


def plain(heading: str) -> str:
    """A heading with case, width, punctuation and spacing evened out."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", str(heading)).casefold()))


# Headings found in the wild, beside a declaration's own key, labels and aliases.
WILD: dict[str, tuple[str, ...]] = {
    "full_name": ("Nama", "Nama Lengkap", "Nama TKA", "Name", "Employee Name", "Nama Pemegang Paspor"),
    "sex": ("L/P", "JK", "Jenis Kelamin", "Sex", "Gender"),
    "birth_date": ("Tgl Lahir", "Tanggal Lahir", "Date of Birth", "DOB", "Lahir"),
    "birth_place": ("Tempat Lahir", "Place of Birth", "Kota Lahir"),
    "nationality": ("Kebangsaan", "Kewarganegaraan", "WN", "Nationality", "Citizenship", "Negara", "Negara Asal", "Warga Negara"),
    "passport_country": ("Negara Penerbit Paspor", "Issuing Country", "Paspor Negara", "Negara Penerbit", "Penerbit Paspor"),
    "passport_number": ("No Paspor", "Passport No.", "Paspor", "Nomor Dokumen Perjalanan"),
    "passport_expires_on": ("Paspor Berlaku s.d.", "Passport Expiry", "Masa Berlaku Paspor"),
    "visa_index": ("Indeks Visa", "Jenis Visa", "Visa", "Indeks"),
    "permit_kind": ("Jenis Izin Tinggal", "Permit Type", "Jenis KITAS"),
    "permit_number": ("No KITAS", "No ITAS", "No Izin Tinggal", "Permit No.", "NIORA", "No Register ITAS"),
    "permit_expires_on": ("Izin Tinggal Berlaku s.d.", "KITAS Expiry", "Masa Berlaku KITAS", "Visa/KITAS Expiry"),
    "job_title": ("Jabatan", "Posisi", "Job Title", "Occupation", "Pekerjaan", "Jabatan Pekerjaan"),
    "activity": ("Kegiatan", "Activity", "Tugas", "Job Description", "Kegiatan yang dilakukan"),
    "worksite": ("Lokasi", "Tempat Kerja", "Lokasi Kerja", "Work Location", "Penempatan"),
    "started_on": ("Mulai Kerja", "TMT", "Tgl Masuk", "Join Date", "Start Date", "Mulai"),
    "change": ("Status", "Status Kerja", "Status TKA", "Perubahan", "Status Perubahan", "Status Pelaporan", "Employment Status"),
    "left_on": ("Tgl Keluar", "Tanggal Berhenti", "Left On", "End Date", "Keluar", "Tgl Resign"),
    "note": ("Ket", "Keterangan", "Catatan", "Remarks", "Note"),
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
    "visa_index": ((frozenset({"jenis"}), frozenset({"visa"})), (frozenset({"indeks"}), frozenset({"visa"}))),
}

PLACE_AND_DATE_OF_BIRTH = frozenset({"tempat", "tanggal", "lahir"})
NUMBERING = (frozenset({"nomor"}), frozenset({"urut"}), frozenset({"nomor", "urut"}), frozenset({"nomor", "baris"}))
GIVEN_NAME = (frozenset({"nama", "depan"}), frozenset({"depan"}))
SURNAME = (frozenset({"nama", "belakang"}), frozenset({"belakang"}))
