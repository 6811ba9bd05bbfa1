"""Lists as most offices draw them."""

from __future__ import annotations

from functools import partial

from tests.corpus import writers
from tests.corpus.layouts import Body, Col, chinese, dashes, english, iso, short, wide
from tests.corpus.people import people
from tests.corpus.report import MF, PW, STATUS_EN, STATUS_ID, Report, headings, numbering, worker
from tests.corpus.writers import Page


def plain() -> Report:
    """Title rows above, real dates, a blank row, a total."""
    persons = people(24, 1)
    page = Page("TKA November")
    page.row(1, "DAFTAR TENAGA KERJA ASING")
    page.row(2, "PT Contoh Logam Jaya")
    page.row(3, "Periode: November 2026")
    page.merge(1, 0, 1, 8)
    columns = [Col("No", None, numbering(persons)), *worker().values()]
    headings(page, 5, columns)
    body = Body(page, columns, 6)
    body.everyone(
        persons, {3: "no such day", 7: "country misspelt", 11: "no job", 15: "duplicate of 2", 20: "left without a day"}
    )
    page.row(body.row, "Jumlah", "24 orang")
    return Report("01-daftar-tka.xlsx", [page], writers.xlsx, 24, body.bad, notes=["rows_total"])


def ttl() -> Report:
    """Place and date of birth in one column, dates as text, a signature block."""
    persons = people(12, 2)
    base = worker(dashes)
    columns = [
        Col("No.", None, numbering(persons)),
        Col("Nama TKA", "full_name", lambda p: p.full_name.upper()),
        Col("JK", "sex", lambda p: PW[p.sex]),
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
    headings(page, 3, columns)
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
    base = worker()
    columns = [
        Col("No", None, numbering(persons)), base["full_name"], base["sex"],
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
        Col("S/N", None, numbering(persons)),
        Col("Full Name (as in passport)", "full_name", lambda p: p.full_name),
        Col("Sex", "sex", lambda p: MF[p.sex]),
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
        Col("Employment Status", "change", lambda p: STATUS_EN[p.change]),
        Col("End Date", "left_on", lambda p: english(p.left_on)),
        Col("Remarks", "note", lambda p: "-"),
    ]
    page = Page("Expatriates")
    page.row(1, "LIST OF FOREIGN WORKERS")
    headings(page, 2, columns)
    body = Body(page, columns, 3)
    body.everyone(persons, {2: "not a date", 9: "country misspelt", 17: "scientific", 25: "no name"})
    return Report("04-english.xlsx", [page], writers.xlsx, 30, body.bad)


def chinese_and_english() -> Report:
    """Bilingual headings, year-month-day marks and full-width digits, 200 people."""
    persons = people(200, 5, nations=("CHN",))
    for place in range(0, 200, 7):
        persons[place].extra["wide"] = "1"
    columns = [
        Col("序号", None, numbering(persons)),
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
    headings(page, 2, columns)
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
        Col("번호", None, numbering(persons)),
        Col("성명 / Nama", "full_name", lambda p: p.full_name),
        Col("성별", "sex", lambda p: MF[p.sex]),
        Col("생년월일", "birth_date", lambda p: points(p.birth_date)),
        Col("국적", "nationality", lambda p: "REPUBLIC OF KOREA"),
        Col("여권번호", "passport_number", lambda p: p.passport_number),
        Col("만료일", "passport_expires_on", lambda p: points(p.passport_expires_on)),
        Col("KITAS No.", "permit_number", lambda p: p.permit_number),
        Col("만료일", "permit_expires_on", lambda p: points(p.permit_expires_on)),
        Col("직책", "job_title", lambda p: p.job_title),
        Col("상태 (Status)", "change", lambda p: STATUS_ID[p.change]),
        Col("퇴사일", "left_on", lambda p: points(p.left_on)),
    ]
    page = Page("명단")
    headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {0: "not a date", 12: "no passport", 24: "digit in name"})
    return Report("06-korea.xlsx", [page], writers.xlsx, 25, body.bad)


def semicolons() -> Report:
    """CSV from an old Excel: semicolons, Windows code page, years of two digits."""
    persons = people(18, 7, nations=("PHL", "DEU", "GBR"))
    columns = [c for key, c in worker(short).items() if key not in ("note", "activity")]
    page = Page("csv")
    headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {4: "scientific", 9: "leap year", 13: "country misspelt too"})
    writer = partial(writers.text, separator=";", encoding="cp1252")
    return Report("07-titik-koma.csv", [page], writer, 18, body.bad, notes=["years_of_two_digits"])


def old_excel() -> Report:
    """An .xls with merged titles and a group heading."""
    persons = people(40, 8)
    columns = [Col("NO", None, numbering(persons)), *worker().values()]
    page = Page("Laporan")
    page.row(1, "PT CONTOH TEKSTIL NUSANTARA")
    page.merge(1, 0, 1, 5)
    page.row(2, "Jl. Contoh No. 1, Mojokerto")
    headings(page, 4, columns)
    body = Body(page, columns, 5)
    faults = {1: "digit in name", 18: "no such day", 27: "no job", 33: "duplicate of 3", 39: "left without a day"}
    body.everyone(persons, faults)
    return Report("08-lama.xls", [page], writers.xls, 40, body.bad)


def libre_office() -> Report:
    """An .ods of fifteen people."""
    persons = people(15, 9)
    columns = [Col("No", None, numbering(persons)), *worker().values()]
    page = Page("Lembar1")
    page.row(1, "Data TKA CV Contoh")
    headings(page, 2, columns)
    body = Body(page, columns, 3)
    body.everyone(persons, {2: "country misspelt", 6: "no passport", 14: "far year"})
    return Report("09-libreoffice.ods", [page], writers.ods, 15, body.bad)
