"""Lists with one thing out of the ordinary."""

from __future__ import annotations

from functools import partial

from tests.corpus import writers
from tests.corpus.layouts import Bad, Body, Col, dmy, indonesian, us
from tests.corpus.people import people
from tests.corpus.report import Report, headings, numbering, worker
from tests.corpus.writers import Formula, Page


def with_macros() -> Report:
    """Six hundred people in an .xlsm with formulas."""
    persons = people(600, 10)
    base = worker()
    columns = [Col("No", None, lambda p: Formula("=ROW()-1", 1)), *base.values()]
    page = Page("Master")
    headings(page, 1, columns)
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
    columns = [worker(indonesian)[key] for key in wanted]
    page = Page("paste")
    headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {2: "no name"})
    return Report("11-tempel.txt", [page], partial(writers.text, separator="\t"), 5, body.bad)


def from_a_mac() -> Report:
    """The 1904 calendar."""
    persons = people(22, 12)
    columns = list(worker().values())
    page = Page("Blatt 1")
    headings(page, 1, columns)
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
    columns = [Col("No", None, numbering(persons)), *worker().values()]
    page.row(1, "FORM LAPORAN TKA")
    headings(page, 3, columns)
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
    columns = list(worker(us).values())
    page = Page("Sheet1")
    headings(page, 1, columns)
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
    columns = [c for key, c in worker(dmy).items() if key not in ("left_on", "note")]
    page = Page("Sheet1")
    headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {3: "no name", 6: "country misspelt"})
    return Report("15-urutan-tanggal.xlsx", [page], writers.xlsx, 8, body.bad, questions=["date_ambiguous"])


def columns_wrong() -> Report:
    """The expiry of the passport is missing, the passport number stands twice."""
    persons = people(10, 16)
    base = worker()
    keys = [k for k in base if k not in ("passport_expires_on", "permit_expires_on", "left_on", "note")]
    columns = [base[key] for key in keys]
    columns.append(Col("No. Paspor", None, lambda p: p.passport_number))
    page = Page("Data")
    headings(page, 1, columns)
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
    base = worker()
    columns = [
        Col("Surname", "full_name", lambda p: p.surname), Col("Given Names", None, lambda p: p.given),
        *[base[key] for key in ("sex", "birth_date", "nationality", "passport_number", "passport_expires_on")],
        *[base[key] for key in ("job_title", "started_on", "change", "left_on")],
    ]  # fmt: skip
    page = Page("Export")
    headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {3: "never calculated", 8: "left without a day", 12: "no job"})
    return Report("17-ekspor.xlsx", [page], writers.openpyxl_file, 14, body.bad, notes=["columns_joined"])


def serials() -> Report:
    """Dates that lost their format: bare numbers, with a note."""
    persons = people(16, 18)
    columns = list(worker().values())
    page = Page("Sheet1", as_serials={3, 6, 9})
    headings(page, 1, columns)
    body = Body(page, columns, 2)
    body.everyone(persons, {5: "not a date", 9: "digit in name"})
    return Report("18-angka-tanggal.xlsx", [page], writers.xlsx, 16, body.bad, notes=["dates_from_serials"])
