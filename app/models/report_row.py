"""The form `wajib-lapor`: one foreign worker a row, as a company reports it. Keys are fixed.

No table: rows live in a draft, then in submission rows, and reach the registries only when a person accepts them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from sqlmodel import SQLModel

from app.domain.fields import Label
from app.domain.sheet_rules import WORKER_RULES
from app.domain.states import CHANGES
from app.domain.types import (
    BirthDate,
    ChoiceType,
    CountryCode,
    LongText,
    PassportNumber,
    PersonName,
    Sex,
    Text,
)
from app.models.stay_permit import PERMIT_KINDS
from app.registry import Form, field

KEY = "wajib-lapor"
IDENTITY = ("Identitas dan paspor", "Identity and passport")
STAY = ("Visa dan izin tinggal", "Visa and stay permit")
WORK = ("Pekerjaan", "Work")


def headings(text: str) -> list[str]:
    """Headings seen in the wild, parted by semicolons."""
    return [name.strip() for name in text.split(";")]


EXPIRY = headings(
    "berlaku s.d.; berlaku sd; berlaku s/d; berlaku sampai; berlaku hingga; masa berlaku; tgl berakhir; "
    "tanggal berakhir; expiry; expiry date; date of expiry; valid until; expired; exp date"
)
CHANGE = ChoiceType(
    CHANGES.items(),
    {
        "tetap": headings(
            "aktif; masih aktif; active; still active; lanjut; existing; tidak berubah; bekerja; tetap bekerja; "
            "masih kerja; aktif bekerja; bekerja aktif; working; still working; currently working; on duty; "
            "stay; tidak ada perubahan; no change; unchanged; lama; tka lama; karyawan lama; perpanjangan; "
            "perpanjang; diperpanjang; perpanjangan kontrak; kontrak diperpanjang; perpanjangan kitas; "
            "perpanjangan itas; extend; extended; extension; renewal; renewed; 在职; 在職; 在职中; 在岗; 在任; "
            "在籍; 在籍中; 勤務中; 継続; 继续; 续签; 재직; 재직중; 근무; 근무중; 계속"
        ),
        "baru": headings(
            "new; baru masuk; masuk baru; masuk; new hire; newly hired; new join; new joiner; new comer; "
            "newcomer; new employee; join; joined; karyawan baru; pegawai baru; pekerja baru; tka baru; 新入职; "
            "入职; 新进; 新来; 新增; 新規; 新任; 着任; 신규; 입사; 신규입사; 신입"
        ),
        "berubah": headings(
            "perubahan; changed; change; mutasi; rotasi; promosi; update; updated; alih jabatan; ganti jabatan; "
            "pindah jabatan; perubahan jabatan; perubahan data; 变更; 變更; 変更; 异动; 異動; 변경"
        ),
        "keluar": headings(
            "resign; resigned; sudah resign; mengundurkan diri; berhenti; selesai; selesai kontrak; "
            "kontrak selesai; selesai tugas; habis kontrak; kontrak habis; habis masa kontrak; kontrak berakhir; "
            "masa kontrak berakhir; finish; finished; finish contract; finished contract; contract finished; "
            "end of contract; phk; terminate; terminated; sudah keluar; sudah tidak bekerja; tidak bekerja; "
            "tidak bekerja lagi; pulang; sudah pulang; pulang ke negara asal; kembali ke negara asal; "
            "repatriated; repatriation; epo; exit permit only; left; has left; nonaktif; non aktif; non active; "
            "tidak aktif; inactive; not active; 离职; 離職; 已离职; 离任; 離任; 辞职; 回国; 已回国; 退職; 退社; "
            "帰任; 帰国; 퇴사; 퇴직; 귀임; 귀국"
        ),
    },
)
PERMIT = ChoiceType(
    [(key, Label(id_, en)) for key, id_, en in PERMIT_KINDS],
    {
        "itas": headings(
            "kitas; e-itas; e-kitas; itas elektronik; kitas elektronik; itas online; izin tinggal terbatas; limited "
            "stay permit; temporary stay permit; kims; itas kerja; kitas kerja; itas/kitas; kitas/itas"
        ),
        "itap": headings("kitap; e-itap; e-kitap; izin tinggal tetap; permanent stay permit"),
        "itk": headings("kunjungan; izin tinggal kunjungan; visit stay permit; itkt; visit"),
    },
)


class ReportRow(SQLModel):
    """Two expiry dates, never one: "Paspor berlaku s.d." and "Izin tinggal berlaku s.d."."""

    full_name: PersonName = field(
        "Nama lengkap",
        "Full name",
        group=IDENTITY,
        sensitivity="personal",
        public=True,
        help=("Seperti tertulis di paspor.", "As written in the passport."),
        aliases=headings(
            "nama; nama tka; nama pekerja; nama tenaga kerja asing; nama wna; nama orang asing; nama lengkap "
            "tka; nama sesuai paspor; name; employee name; name of expatriate; expatriate"
        ),
    )
    sex: Sex = field(
        "Jenis kelamin",
        "Sex",
        group=IDENTITY,
        sensitivity="personal",
        public=True,
        aliases=headings("l/p; p/l; jk; j/k; kelamin; jns kelamin; gender; sex; m/f"),
    )
    birth_date: BirthDate = field(
        "Tanggal lahir",
        "Date of birth",
        group=IDENTITY,
        sensitivity="personal",
        public=True,
        example="12/03/1985",
        aliases=headings("tgl lahir; tgl. lahir; lahir; dob; birth date; birthdate; birthday"),
        # one column for place and date ("TTL") is recognised by app.domain.sheet_mapping
    )
    birth_place: Text | None = field(
        "Tempat lahir",
        "Place of birth",
        default=None,
        group=IDENTITY,
        sensitivity="personal",
        public=True,
        example="Seoul",
        aliases=headings("tmp lahir; tempat kelahiran; kota lahir; pob; birth place; birthplace"),
    )
    nationality: CountryCode = field(
        "Kewarganegaraan",
        "Nationality",
        group=IDENTITY,
        sensitivity="personal",
        public=True,
        aliases=headings(
            "kebangsaan; warga negara; wn; negara; negara asal; asal negara; citizenship; country; nationality"
        ),
    )
    passport_country: CountryCode | None = field(
        "Negara penerbit paspor",
        "Passport issued by",
        default=None,
        group=IDENTITY,
        sensitivity="personal",
        public=True,
        help=("Kosongkan bila sama dengan kewarganegaraan.", "Leave empty if it is the nationality."),
        aliases=headings(
            "penerbit paspor; negara paspor; issuing country; country of issue; issuing state; passport country"
        ),
    )
    passport_number: PassportNumber = field(
        "Nomor paspor",
        "Passport number",
        group=IDENTITY,
        sensitivity="personal",
        public=True,
        aliases=headings(
            "no paspor; no. paspor; no passport; no. passport; nomor passport; paspor; passport; passport no; "
            "passport no.; pasport; nopas"
        ),
    )
    passport_expires_on: date = field(
        "Paspor berlaku s.d.",
        "Passport valid until",
        group=IDENTITY,
        sensitivity="personal",
        public=True,
        example="31/12/2029",
        aliases=headings(
            "paspor berlaku sampai; masa berlaku paspor; tgl berakhir paspor; tanggal berakhir paspor; "
            "passport expiry; passport expiry date; passport exp; passport valid until"
        )
        + EXPIRY,
    )
    visa_index: Text | None = field(
        "Indeks visa",
        "Visa index",
        default=None,
        group=STAY,
        sensitivity="personal",
        public=True,
        example="E23",
        aliases=headings("index visa; jenis visa; visa; kode visa; indeks; visa type; visa index"),
    )
    permit_kind: Annotated[str, PERMIT] | None = field(
        "Jenis izin tinggal",
        "Kind of stay permit",
        default=None,
        group=STAY,
        example="ITAS",
        sensitivity="personal",
        public=True,
        aliases=headings("jenis izin; izin tinggal; jenis itas; permit type; stay permit"),
    )
    permit_number: Text | None = field(
        "Nomor izin tinggal",
        "Stay permit number",
        default=None,
        group=STAY,
        sensitivity="personal",
        public=True,
        example="2C21JE0012-X",
        aliases=headings(
            "kitas; itas; itap; kitap; no kitas; no. kitas; nomor kitas; no itas; no. itas; nomor itas; "
            "kitas/itas; kitas/kitap; no kitas/kitap; no izin tinggal; permit no; permit number; kitas "
            "number; kitas no"
        ),
    )
    permit_expires_on: date | None = field(
        "Izin tinggal berlaku s.d.",
        "Stay permit valid until",
        default=None,
        group=STAY,
        sensitivity="personal",
        public=True,
        example="30/06/2027",
        aliases=headings(
            "izin tinggal berlaku sampai; masa berlaku kitas; masa berlaku itas; masa berlaku izin tinggal; "
            "kitas berlaku s.d.; itas berlaku s.d.; tgl berakhir kitas; tanggal berakhir itas; kitas expiry; "
            "permit expiry; permit expiry date; itas expiry; kitas exp"
        )
        + EXPIRY,
    )
    job_title: Text = field(
        "Jabatan",
        "Job title",
        group=WORK,
        sensitivity="personal",
        public=True,
        example="Manajer Produksi",
        aliases=headings("posisi; jabatan/posisi; position; job title; title; occupation; pekerjaan; designation"),
    )
    activity: Text | None = field(
        "Kegiatan yang dilakukan",
        "What the person does",
        default=None,
        group=WORK,
        sensitivity="personal",
        public=True,
        example="Mengawasi lini perakitan",
        aliases=headings("kegiatan; aktivitas; uraian tugas; uraian pekerjaan; activity"),
    )
    worksite: Text | None = field(
        "Lokasi kerja",
        "Place of work",
        default=None,
        group=WORK,
        sensitivity="personal",
        public=True,
        example="Pabrik 2, Kawasan Contoh",
        aliases=headings(
            "lokasi; tempat kerja; lokasi penempatan; penempatan; unit kerja; work location; worksite; location; site"
        ),
    )
    started_on: date | None = field(
        "Mulai kerja",
        "Started work on",
        default=None,
        group=WORK,
        sensitivity="personal",
        public=True,
        example="01/02/2024",
        aliases=headings(
            "tmt; tgl masuk; tanggal masuk; tgl mulai kerja; tanggal mulai kerja; mulai bekerja; tgl mulai; "
            "join date; start date; date of joining"
        ),
    )
    change: Annotated[str, CHANGE] = field(
        "Status",
        "Status",
        group=WORK,
        sensitivity="personal",
        public=True,
        example="Masih bekerja",
        aliases=headings(
            "status; status tka; status pekerja; perubahan; ket. status; keterangan status; change; employment status"
        ),
    )
    left_on: date | None = field(
        "Tanggal keluar",
        "Left on",
        default=None,
        group=WORK,
        sensitivity="personal",
        public=True,
        example="15/10/2026",
        help=("Hanya bila sudah berhenti.", "Only if the person has left."),
        aliases=headings(
            "tgl keluar; tgl. keluar; tanggal berhenti; tgl berhenti; tgl resign; tanggal selesai; end date; "
            "exit date; last day; left on; resign date"
        ),
    )
    note: LongText | None = field(
        "Keterangan",
        "Note",
        default=None,
        group=WORK,
        sensitivity="personal",
        public=True,
        aliases=headings("ket; ket.; catatan; remark; remarks; notes"),
    )


def complete(row: Mapping[str, Any]) -> dict[str, Any]:
    """A clean row with what goes without saying: a passport is issued by the country of its holder."""
    return {**row, "passport_country": row.get("passport_country") or row.get("nationality")}


report_row = Form(ReportRow, key=KEY, title=("Laporan TKA", "Report of foreign workers"), row_rules=WORKER_RULES)
