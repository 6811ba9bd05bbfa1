"""The reports: each a layout met in real offices, drawn anew with invented people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.corpus import writers
from tests.corpus.layouts import Bad, Body, Col, chinese, dashes, dmy, english, indonesian, iso, same, short, us, wide
from tests.corpus.people import Person, people
from tests.corpus.writers import Formula, Page, Writer


@dataclass
class Report:
    """A file to be written, and everything the checker must say of it."""

    file: str
    pages: list[Page]
    writer: Writer
    rows: int
    bad: list[Bad]
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # codes that must be among the notes

    @property
    def good(self) -> int:
        if any(b.row is None and b.code == "column_missing" for b in self.bad):
            return 0
        return self.rows - len({b.row for b in self.bad if b.row is not None})

    def write(self, folder: Path) -> Path:
        path = folder / self.file
        self.writer(self.pages, path)
        if path.suffix in (".xlsx", ".xlsm", ".ods"):
            writers.repack(path)
        return path


def reports() -> list[Report]:
    """All of them, always the same."""
    return [make() for make in _MAKERS]


_LP = {"M": "L", "F": "P"}
_PW = {"M": "Pria", "F": "Wanita"}
_MF = {"M": "M", "F": "F"}
_STATUS_EN = {"tetap": "Still working", "baru": "New", "berubah": "Details changed", "keluar": "Has left"}
_STATUS_ID = {"tetap": "Masih bekerja", "baru": "Baru", "berubah": "Ada perubahan", "keluar": "Sudah berhenti"}


def _number(persons: list[Person]) -> Callable[[Person], int]:
    places = {id(p): n for n, p in enumerate(persons, 1)}
    return lambda p: places[id(p)]


def _worker(day: Callable[..., object] = same) -> dict[str, Col]:
    """Columns most lists have, by field key, in Indonesian."""
    return {
        "full_name": Col("Nama Lengkap", "full_name", lambda p: p.full_name),
        "sex": Col("L/P", "sex", lambda p: _LP[p.sex]),
        "birth_place": Col("Tempat Lahir", "birth_place", lambda p: p.birth_place),
        "birth_date": Col("Tgl Lahir", "birth_date", lambda p: day(p.birth_date)),
        "nationality": Col("Kewarganegaraan", "nationality", lambda p: p.nation[0]),
        "passport_number": Col("No. Paspor", "passport_number", lambda p: p.passport_number),
        "passport_expires_on": Col("Berlaku s.d.", "passport_expires_on", lambda p: day(p.passport_expires_on)),
        "visa_index": Col("Indeks Visa", "visa_index", lambda p: p.visa_index),
        "permit_number": Col("No. KITAS", "permit_number", lambda p: p.permit_number),
        "permit_expires_on": Col("Berlaku s.d.", "permit_expires_on", lambda p: day(p.permit_expires_on)),
        "job_title": Col("Jabatan", "job_title", lambda p: p.job_title),
        "activity": Col("Kegiatan", "activity", lambda p: p.activity),
        "worksite": Col("Lokasi", "worksite", lambda p: p.worksite),
        "started_on": Col("TMT", "started_on", lambda p: day(p.started_on)),
        "change": Col("Status", "change", lambda p: p.change),
        "left_on": Col("Tgl Keluar", "left_on", lambda p: day(p.left_on)),
        "note": Col("Ket.", "note", lambda p: p.note),
    }


def _headings(page: Page, row: int, columns: list[Col]) -> None:
    page.row(row, *(c.heading for c in columns))


def plain() -> Report:
    """Title rows above, real dates, a blank row, a total."""
    persons = people(24, 1)
    page = Page("TKA November")
    page.row(1, "DAFTAR TENAGA KERJA ASING")
    page.row(2, "PT Contoh Logam Jaya")
    page.row(3, "Periode: November 2026")
    page.merge(1, 0, 1, 8)
    columns = [Col("No", None, _number(persons)), *_worker().values()]
    _headings(page, 5, columns)
    body = Body(page, columns, 6)
    body.everyone(
        persons, {3: "no such day", 7: "country misspelt", 11: "no job", 15: "duplicate of 2", 20: "left without a day"}
    )
    page.row(body.row, "Jumlah", "24 orang")
    return Report("01-daftar-tka.xlsx", [page], writers.xlsx, 24, body.bad, notes=["rows_total"])


def ttl() -> Report:
    """Place and date of birth in one column, dates as text, a signature block."""
    persons = people(12, 2)
    base = _worker(dashes)
    columns = [
        Col("No.", None, _number(persons)),
        Col("Nama TKA", "full_name", lambda p: p.full_name.upper()),
        Col("JK", "sex", lambda p: _PW[p.sex]),
        Col("TTL", "birth_place+birth_date", lambda p: f"{p.birth_place}, {dashes(p.birth_date)}",
            lambda it: f"{it[0].birth_place}, {it[1]}"),
        Col("WN", "nationality", lambda p: p.nationality),
        Col("No Paspor", "passport_number", lambda p: p.passport_number),
        Col("Masa berlaku", "passport_expires_on", lambda p: dashes(p.passport_expires_on)),
        Col("KITAS / ITAS", "permit_number", lambda p: p.permit_number),
        Col("Masa berlaku", "permit_expires_on", lambda p: dashes(p.permit_expires_on)),
        Col("Posisi", "job_title", lambda p: p.job_title),
        Col("Tempat Kerja", "worksite", lambda p: p.worksite),
        base["change"],
        base["left_on"],
    ]  # fmt: skip
    page = Page("Sheet1")
    page.row(1, "Lampiran Surat No. 12/HRD/XI/2026")
    _headings(page, 3, columns)
    body = Body(page, columns, 4)
    body.everyone(persons, {1: "only a year", 4: "signs in passport", 8: "leap year"})
    end = body.row + 1
    page.row(end, "Mojokerto, 22 November 2026", start=9)
    page.row(end + 1, "Hormat kami,", start=9)
    page.row(end + 5, "( Nama Pejabat Contoh )", start=9)
    page.row(end + 6, "HRD Manager", start=9)
    return Report("02-ttl.xlsx", [page], writers.xlsx, 12, body.bad)


def two_rows() -> Report:
    """Merged two-row headings, a numbering row, departments between the people, subtotals."""
    persons = people(60, 3)
    base = _worker()
    columns = [
        Col("No", None, _number(persons)), base["full_name"], base["sex"],
        Col("Tempat", "birth_place", lambda p: p.birth_place), Col("Tanggal", "birth_date", lambda p: p.birth_date),
        base["nationality"],
        Col("Nomor", "passport_number", lambda p: p.passport_number),
        Col("Berlaku s.d.", "passport_expires_on", lambda p: p.passport_expires_on),
        Col("Jenis", "permit_kind", lambda p: "ITAS"), Col("Nomor", "permit_number", lambda p: p.permit_number),
        Col("Berlaku s.d.", "permit_expires_on", lambda p: p.permit_expires_on),
        base["job_title"], base["started_on"], base["change"], base["left_on"],
    ]  # fmt: skip
    page = Page("Data")
    page.row(2, "LAPORAN BULANAN TENAGA KERJA ASING")
    for index, column in enumerate(columns):
        if index in (3, 4, 6, 7, 8, 9, 10):
            page.cells[5, index] = column.heading
        else:
            page.cells[4, index] = column.heading
            page.merge(4, index, 5, index)
    for start, end, name in ((3, 4, "Lahir"), (6, 7, "Paspor"), (8, 10, "Izin Tinggal")):
        page.cells[4, start] = name
        page.merge(4, start, 4, end)
    page.row(6, *range(1, len(columns) + 1))
    body = Body(page, columns, 7)

    def between(place: int) -> None:
        if place % 20 == 0:
            if place:
                page.row(body.row, None, "Sub total", None, None, None, None, 20)
                body.row += 1
            page.row(body.row, f"Departemen {'ABC'[place // 20]}")
            page.merge(body.row, 0, body.row, len(columns) - 1)
            body.row += 1

    faults = {
        5: "born tomorrow", 14: "far year", 22: "no passport", 30: "digit in name", 41: "duplicate of 12",
        44: "left without a day", 52: "no country",
    }  # fmt: skip
    body.everyone(persons, faults, every=between)
    page.row(body.row, None, "TOTAL", None, None, None, None, 60)
    return Report("03-judul-dua-baris.xlsx", [page], writers.xlsx, 60, body.bad, notes=["rows_group", "rows_total"])


def in_english() -> Report:
    """An English list with worded dates."""
    persons = people(30, 4)
    columns = [
        Col("S/N", None, _number(persons)),
        Col("Full Name (as in passport)", "full_name", lambda p: p.full_name),
        Col("Sex", "sex", lambda p: _MF[p.sex]),
        Col("Date of Birth", "birth_date", lambda p: english(p.birth_date)),
        Col("Place of Birth", "birth_place", lambda p: p.birth_place),
        Col("Nationality", "nationality", lambda p: p.nation[1]),
        Col("Passport No.", "passport_number", lambda p: p.passport_number),
        Col("Expiry", "passport_expires_on", lambda p: english(p.passport_expires_on)),
        Col("Date of Issue", None, lambda p: english(p.started_on)),
        Col("Visa Type", "visa_index", lambda p: p.visa_index),
        Col("Stay Permit No.", "permit_number", lambda p: p.permit_number),
        Col("Expiry", "permit_expires_on", lambda p: english(p.permit_expires_on)),
        Col("Job Title", "job_title", lambda p: p.job_title),
        Col("Work Location", "worksite", lambda p: p.worksite),
        Col("Join Date", "started_on", lambda p: english(p.started_on)),
        Col("Employment Status", "change", lambda p: _STATUS_EN[p.change]),
        Col("End Date", "left_on", lambda p: english(p.left_on)),
        Col("Remarks", "note", lambda p: "-"),
    ]
    page = Page("Expatriates")
    page.row(1, "LIST OF FOREIGN WORKERS")
    _headings(page, 2, columns)
    body = Body(page, columns, 3)
    body.everyone(persons, {2: "not a date", 9: "country misspelt", 17: "scientific", 25: "no name"})
    return Report("04-english.xlsx", [page], writers.xlsx, 30, body.bad)


def chinese_and_english() -> Report:
    """Bilingual headings, year-month-day marks and full-width digits, 200 people."""
    persons = people(200, 5, nations=("CHN",))
    for place in range(0, 200, 7):
        persons[place].extra["wide"] = "1"
    columns = [
        Col("序号", None, _number(persons)),
        Col("姓名 Name", "full_name", lambda p: p.full_name),
        Col("性别 Sex", "sex", lambda p: "男" if p.sex == "M" else "女"),
        Col("国籍 Nationality", "nationality", lambda p: "中国"),
        Col("出生日期 Date of Birth", "birth_date", lambda p: chinese(p.birth_date)),
        Col("护照号码 Passport No.", "passport_number",
            lambda p: wide(p.passport_number) if p.extra else p.passport_number),
        Col("护照有效期 Passport Expiry", "passport_expires_on",
            lambda p: wide(iso(p.passport_expires_on) or "") if p.extra else iso(p.passport_expires_on)),
        Col("居留许可 KITAS", "permit_number", lambda p: p.permit_number),
        Col("有效期 Valid until", "permit_expires_on", lambda p: iso(p.permit_expires_on)),
        Col("职务 Position", "job_title", lambda p: p.job_title),
        Col("状态 Status", "change", lambda p: p.change),
        Col("离职日期", "left_on", lambda p: iso(p.left_on)),
        Col("备注", "note", lambda p: None),
    ]  # fmt: skip
    page = Page("外籍员工")
    page.row(1, "外籍员工名单 Daftar TKA")
    page.merge(1, 0, 1, 12)
    _headings(page, 2, columns)
    body = Body(page, columns, 3)
    faults = {
        9: "country misspelt", 10: "country misspelt", 60: "signs in passport", 111: "duplicate of 50",
        150: "no such day", 151: "left without a day", 199: "no job",
    }  # fmt: skip
    body.everyone(persons, faults)
    return Report("05-中文.xlsx", [page], writers.xlsx, 200, body.bad)


def korean() -> Report:
    """Korean headings; dates with points, year first."""
    persons = people(25, 6, nations=("KOR",))

    def points(day: object) -> str | None:
        return f"{day:%Y.%m.%d}" if day else None

    columns = [
        Col("번호", None, _number(persons)),
        Col("성명 / Nama", "full_name", lambda p: p.full_name),
        Col("성별", "sex", lambda p: _MF[p.sex]),
        Col("생년월일", "birth_date", lambda p: points(p.birth_date)),
        Col("국적", "nationality", lambda p: "REPUBLIC OF KOREA"),
        Col("여권번호", "passport_number", lambda p: p.passport_number),
        Col("만료일", "passport_expires_on", lambda p: points(p.passport_expires_on)),
        Col("KITAS No.", "permit_number", lambda p: p.permit_number),
        Col("만료일", "permit_expires_on", lambda p: points(p.permit_expires_on)),
        Col("직책", "job_title", lambda p: p.job_title),
        Col("상태 (Status)", "change", lambda p: _STATUS_ID[p.change]),
        Col("퇴사일", "left_on", lambda p: points(p.left_on)),
    ]
    page = Page("명단")
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {0: "not a date", 12: "no passport", 24: "digit in name"})
    return Report("06-korea.xlsx", [page], writers.xlsx, 25, body.bad)


def semicolons() -> Report:
    """CSV from an old Excel: semicolons, Windows code page, years of two digits."""
    persons = people(18, 7, nations=("PHL", "DEU", "GBR"))
    columns = [c for key, c in _worker(short).items() if key not in ("note", "activity")]
    page = Page("csv")
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {4: "scientific", 9: "leap year", 13: "country misspelt too"})
    writer = partial(writers.text, separator=";", encoding="cp1252")
    return Report("07-titik-koma.csv", [page], writer, 18, body.bad, notes=["years_of_two_digits"])


def old_excel() -> Report:
    """An .xls with merged titles and a group heading."""
    persons = people(40, 8)
    columns = [Col("NO", None, _number(persons)), *_worker().values()]
    page = Page("Laporan")
    page.row(1, "PT CONTOH TEKSTIL NUSANTARA")
    page.merge(1, 0, 1, 5)
    page.row(2, "Jl. Contoh No. 1, Mojokerto")
    _headings(page, 4, columns)
    body = Body(page, columns, 5)
    faults = {1: "digit in name", 18: "no such day", 27: "no job", 33: "duplicate of 3", 39: "left without a day"}
    body.everyone(persons, faults)
    return Report("08-lama.xls", [page], writers.xls, 40, body.bad)


def libre_office() -> Report:
    """An .ods of fifteen people."""
    persons = people(15, 9)
    columns = [Col("No", None, _number(persons)), *_worker().values()]
    page = Page("Lembar1")
    page.row(1, "Data TKA CV Contoh")
    _headings(page, 2, columns)
    body = Body(page, columns, 3)
    body.everyone(persons, {2: "country misspelt", 6: "no passport", 14: "far year"})
    return Report("09-libreoffice.ods", [page], writers.ods, 15, body.bad)


def with_macros() -> Report:
    """Six hundred people in an .xlsm with formulas."""
    persons = people(600, 10)
    base = _worker()
    columns = [Col("No", None, lambda p: Formula("=ROW()-1", 1)), *base.values()]
    page = Page("Master")
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    faults = {
        17: "look-up error", 99: "reference error", 333: "rounded number", 404: "duplicate of 44", 500: "job too long",
        599: "left without a day", **dict.fromkeys((200, 201, 202), "country misspelt"),
    }  # fmt: skip
    body.everyone(persons, faults)
    return Report("10-makro.xlsm", [page], partial(writers.xlsx, macros=True), 600, body.bad)


def pasted() -> Report:
    """Five rows copied out of a sheet."""
    persons = people(5, 11)
    wanted = (
        "full_name",
        "sex",
        "birth_date",
        "nationality",
        "passport_number",
        "passport_expires_on",
        "job_title",
        "change",
    )
    columns = [_worker(indonesian)[key] for key in wanted]
    page = Page("paste")
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {2: "no name"})
    return Report("11-tempel.txt", [page], partial(writers.text, separator="\t"), 5, body.bad)


def from_a_mac() -> Report:
    """The 1904 calendar."""
    persons = people(22, 12)
    columns = list(_worker().values())
    page = Page("Blatt 1")
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {8: "no country", 19: "born tomorrow"})
    return Report("12-kalender-1904.xlsx", [page], partial(writers.xlsx, date_1904=True), 22, body.bad)


def many_sheets() -> Report:
    """Instructions first, a hidden list, hidden rows and a hidden column; the data on the third sheet."""
    persons = people(80, 13)
    how = Page("Petunjuk")
    for number, line in enumerate(
        ("PETUNJUK PENGISIAN", "1. Isi semua kolom", "2. Nama sesuai paspor", "3. Kirim ke HRD"), 1
    ):
        how.row(number, line)
    lists = Page("Ref", hidden=True)
    for number, line in enumerate(("Negara", "Tiongkok", "Jepang", "India"), 1):
        lists.row(number, line)
    page = Page("Isian")
    columns = [Col("No", None, _number(persons)), *_worker().values()]
    page.row(1, "FORM LAPORAN TKA")
    _headings(page, 3, columns)
    body = Body(page, columns, 4)
    body.everyone(persons, {10: "no such day", 40: "country misspelt too", 41: "signs in passport", 70: "no job"})
    page.hidden_rows = {12, 13}
    page.hidden_columns = {8}
    return Report(
        "13-banyak-lembar.xlsx", [how, lists, page], writers.xlsx, 80, body.bad, notes=["hidden_rows", "hidden_columns"]
    )


def american() -> Report:
    """Month first throughout, and days above twelve to prove it."""
    persons = people(35, 14)
    columns = list(_worker(us).values())
    page = Page("Sheet1")
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {5: "no country", 21: "no passport"})
    return Report("14-bulan-dahulu.xlsx", [page], writers.xlsx, 35, body.bad, notes=["dates_month_first"])


def either_way() -> Report:
    """Dates that could be day or month first, in every row: a question, no error."""
    persons = people(8, 15)
    for n, person in enumerate(persons, 1):
        person.birth_date = person.birth_date.replace(day=n + 2, month=n)
        person.passport_expires_on = person.passport_expires_on.replace(day=n, month=13 - n if n != 6 else 9)
        person.permit_expires_on = person.passport_expires_on.replace(year=2027)
        person.passport_expires_on = person.passport_expires_on.replace(year=2031)
        person.started_on = person.started_on.replace(day=n, month=12)
    columns = [c for key, c in _worker(dmy).items() if key not in ("left_on", "note")]
    page = Page("Sheet1")
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {3: "no name", 6: "country misspelt"})
    return Report("15-urutan-tanggal.xlsx", [page], writers.xlsx, 8, body.bad, questions=["date_order"])


def columns_wrong() -> Report:
    """The expiry of the passport is missing, the passport number stands twice."""
    persons = people(10, 16)
    base = _worker()
    keys = [k for k in base if k not in ("passport_expires_on", "permit_expires_on", "left_on", "note")]
    columns = [base[key] for key in keys]
    columns.append(Col("No. Paspor", None, lambda p: p.passport_number))
    page = Page("Data")
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {4: "no job"})
    last = "N"
    file_wide = [
        Bad(None, None, "passport_expires_on", "column_missing",
            "Kolom paspor berlaku s.d. tidak ditemukan. Tambahkan kolom itu, atau pilih kolom yang sesuai."),
        Bad(None, last, "passport_number", "column_duplicate",
            f"Kolom nomor paspor ada lebih dari satu (F, {last}). Pilih satu kolom dan abaikan yang lain."),
    ]  # fmt: skip
    return Report("16-kolom.xlsx", [page], writers.xlsx, 10, [*file_wide, *body.bad])


def never_calculated() -> Report:
    """Made by a program: ISO dates, formulas without values, names in two columns."""
    persons = people(14, 17)
    base = _worker()
    columns = [
        Col("Surname", "full_name", lambda p: p.surname), Col("Given Names", None, lambda p: p.given),
        *[base[key] for key in ("sex", "birth_date", "nationality", "passport_number", "passport_expires_on")],
        *[base[key] for key in ("job_title", "started_on", "change", "left_on")],
    ]  # fmt: skip
    page = Page("Export")
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {3: "never calculated", 8: "left without a day", 12: "no job"})
    return Report("17-ekspor.xlsx", [page], writers.openpyxl_file, 14, body.bad, notes=["columns_joined"])


def serials() -> Report:
    """Dates that lost their format: bare numbers, with a note."""
    persons = people(16, 18)
    columns = list(_worker().values())
    page = Page("Sheet1", as_serials={3, 6, 9})
    _headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {5: "not a date", 9: "digit in name"})
    return Report("18-angka-tanggal.xlsx", [page], writers.xlsx, 16, body.bad, notes=["dates_from_serials"])


_MAKERS: tuple[Callable[[], Report], ...] = (
    plain, ttl, two_rows, in_english, chinese_and_english, korean, semicolons, old_excel, libre_office, with_macros,
    pasted, from_a_mac, many_sheets, american, either_way, columns_wrong, never_calculated, serials,
)  # fmt: skip
