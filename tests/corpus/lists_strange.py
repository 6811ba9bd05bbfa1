"""Lists whose layout is their own."""

from __future__ import annotations

from functools import partial

from tests.corpus import writers
from tests.corpus.layouts import Body, Col, dashes, dmy, indonesian, iso
from tests.corpus.people import people
from tests.corpus.report import LP, Report, headings, numbering, worker
from tests.corpus.writers import Page


def grouped() -> Report:
    """Every heading below a group, the numbering in brackets, understudies beside the workers."""
    persons = people(33, 19)
    base = worker()
    columns = [
        Col("NO", None, numbering(persons)), base["full_name"], base["sex"],
        Col("Tempat/Tgl Lahir", "birth_place+birth_date", lambda p: f"{p.birth_place}, {indonesian(p.birth_date)}",
            lambda it: f"{it[0].birth_place}, {it[1]}"),
        Col("Warga Negara", "nationality", lambda p: p.nation[0]),
        Col("Nomor", "passport_number", lambda p: p.passport_number),
        Col("Masa Berlaku", "passport_expires_on", lambda p: p.passport_expires_on),
        Col("Indeks", "visa_index", lambda p: p.visa_index), Col("Nomor", "permit_number", lambda p: p.permit_number),
        Col("Masa Berlaku", "permit_expires_on", lambda p: p.permit_expires_on),
        base["job_title"], base["started_on"], Col("Keterangan Status", "change", lambda p: p.change), base["left_on"],
        Col("Nama", None, lambda p: "Budi Contoh"), Col("Jabatan", None, lambda p: "Operator"),
    ]  # fmt: skip
    page = Page("Rekap")
    page.row(1, "REKAPITULASI TENAGA KERJA ASING")
    groups = (
        (1, 4, "IDENTITAS"),
        (5, 6, "PASPOR"),
        (7, 9, "IZIN TINGGAL"),
        (10, 13, "PEKERJAAN"),
        (14, 15, "TKI PENDAMPING"),
    )
    for start, end, name in groups:
        page.cells[3, start] = name
        page.merge(3, start, 3, end)
    page.cells[3, 0] = "NO"
    page.merge(3, 0, 4, 0)
    page.row(4, *(c.heading for c in columns[1:]), start=1)
    page.row(5, *(f"({n})" for n in range(1, len(columns) + 1)))
    body = Body(page, columns, 6)
    body.everyone(persons, {6: "only a year", 13: "no country", 14: "far year", 29: "duplicate of 4"})
    return Report("19-judul-kelompok.xlsx", [page], writers.xlsx, 33, body.bad)


def split_columns() -> Report:
    """Day, month and year apart; number and last day of the passport in one cell."""
    persons = people(11, 20)
    base = worker()
    both = "passport_number+passport_expires_on"
    columns = [
        base["full_name"], base["sex"],
        Col("Tgl", None, lambda p: p.birth_date.day), Col("Bln", None, lambda p: p.birth_date.month),
        Col("Thn", None, lambda p: p.birth_date.year), base["nationality"],
        Col("Paspor / Berlaku s.d.", both, lambda p: f"{p.passport_number} / {dashes(p.passport_expires_on)}",
            lambda it: f"{it[0].passport_number} / {it[1]}"),
        base["job_title"], Col("Ket.", "change", lambda p: p.change),
    ]  # fmt: skip
    page = Page("Lembar1")
    headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {3: "no such day", 7: "digit in name"})
    return Report("20-kolom-terpisah.xlsx", [page], writers.xlsx, 11, body.bad, notes=["columns_joined"])


def without_headings() -> Report:
    """Rows alone, as people paste them: known by their cells, and asked about."""
    persons = people(9, 21)
    base = worker(indonesian)
    wanted = ("full_name", "sex", "birth_date", "nationality", "passport_number", "passport_expires_on")
    columns = [base[key] for key in (*wanted, "job_title", "change")]
    page = Page("paste")
    body = Body(page, columns, 1)
    body.everyone(persons, {4: "country misspelt", 6: "no such day"})
    writer = partial(writers.text, separator="\t")
    return Report("21-tanpa-judul.txt", [page], writer, 9, body.bad, questions=["headings_missing"])


def payroll_export() -> Report:
    """What a payroll program writes: capitals and underscores, moments instead of days, ISO codes of two letters."""
    persons = people(28, 22, nations=("CHN", "JPN", "IND", "MYS"))
    two = {"CHN": "CN", "JPN": "JP", "IND": "IN", "MYS": "MY"}
    moment = "{:%Y-%m-%d}T00:00:00".format
    columns = [
        Col("EMP_ID", None, lambda p: 1000),
        Col("LAST_NAME", "full_name", lambda p: p.surname),
        Col("FIRST_NAME", None, lambda p: p.given),
        Col("GENDER", "sex", lambda p: "Male" if p.sex == "M" else "Female"),
        Col("DOB", "birth_date", lambda p: moment(p.birth_date)),
        Col("CITIZENSHIP", "nationality", lambda p: two[p.nationality]),
        Col("PASSPORT_NO", "passport_number", lambda p: p.passport_number),
        Col("PASSPORT_EXP_DT", "passport_expires_on", lambda p: moment(p.passport_expires_on)),
        Col("PERMIT_NO", "permit_number", lambda p: p.permit_number),
        Col("PERMIT_EXP_DT", "permit_expires_on", lambda p: moment(p.permit_expires_on)),
        Col("JOB_TITLE", "job_title", lambda p: p.job_title),
        Col("HIRE_DATE", "started_on", lambda p: iso(p.started_on)),
        Col("TERM_DATE", "left_on", lambda p: iso(p.left_on)), Col("STATUS", "change", lambda p: "Active"),
    ]  # fmt: skip
    page = Page("export")
    headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {2: "scientific", 12: "no country", 20: "no such day", 27: "left without a day"})
    return Report("22-ekspor-gaji.csv", [page], partial(writers.text, separator=","), 28, body.bad)


def wrapped_headings() -> Report:
    """Headings broken over lines, a blank row after every person, ranges of validity."""
    persons = people(13, 23)
    base = worker()

    def term(start: object, end: object) -> str:
        return f"{start:%d/%m/%Y} s.d. {end:%d/%m/%Y}"

    columns = [
        Col("No", None, numbering(persons)), Col("NAMA\nLENGKAP", "full_name", lambda p: p.full_name),
        Col("JENIS\nKELAMIN\n(L/P)", "sex", lambda p: LP[p.sex]),
        Col("TEMPAT &\nTGL. LAHIR", "birth_place+birth_date", lambda p: f"{p.birth_place} / {dmy(p.birth_date)}",
            lambda it: f"{it[0].birth_place} / {it[1]}"),
        Col("KEWARGA-\nNEGARAAN", "nationality", lambda p: p.nation[0]),
        Col("NO.\nPASPOR", "passport_number", lambda p: p.passport_number),
        Col("MASA BERLAKU\nPASPOR", "passport_expires_on", lambda p: term(p.started_on, p.passport_expires_on)),
        Col("NO.\nKITAS", "permit_number", lambda p: p.permit_number),
        Col("MASA BERLAKU\nKITAS", "permit_expires_on", lambda p: term(p.started_on, p.permit_expires_on)),
        base["job_title"], Col("STATUS\n(Tetap/Baru/Keluar)", "change", lambda p: p.change),
        Col("TGL.\nKELUAR", "left_on", lambda p: p.left_on),
    ]  # fmt: skip
    page = Page("Laporan")
    headings(page, 2, columns)
    body = Body(page, columns, 3)

    def blank(place: int) -> None:
        body.row += place > 0

    body.everyone(persons, {1: "no such day", 5: "signs in passport", 11: "left without a day"}, every=blank)
    return Report("23-judul-berbaris.xlsx", [page], writers.xlsx, 13, body.bad)


def repeated_headings() -> Report:
    """One block a department, each with its headings and its sum."""
    persons = people(21, 24)
    base = worker()
    columns = [
        Col("No", None, numbering(persons)),
        *[base[k] for k in base if k not in ("note", "activity", "worksite")],
    ]
    page = Page("S")
    body = Body(page, columns, 1)

    def block(place: int) -> None:
        if place % 7 == 0:
            if place:
                page.row(body.row, "Jumlah", None, None, None, None, 7)
                body.row += 2
            page.row(body.row, f"DIVISI {place // 7 + 1}")
            headings(page, body.row + 1, columns)
            body.row += 2

    body.everyone(persons, {3: "no passport", 9: "country misspelt too", 20: "born tomorrow"}, every=block)
    return Report("24-judul-berulang.xls", [page], writers.xls, 21, body.bad, notes=["rows_headings"])
