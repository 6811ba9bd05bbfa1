"""The page where red cells are mended: what it says of them, and what one press mends."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from flask.testing import FlaskClient

from tests.integration.company import Clerk
from tests.integration.test_report_journey import HEADINGS, numbered
from tests.integration.test_report_windows import cells, upload, upload_file

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here is asked of the database


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    return Clerk(client)


def test_one_press_fills_the_empty_cells_of_a_column_and_keeps_what_was_typed(clerk: Clerk) -> None:
    people = numbered(4)
    for one in people[:3]:
        del one["change"]
    people[3]["change"] = "entah"
    duty = upload(clerk, *people)
    assert "Isi semua yang kosong dengan:" in clerk.get(f"{duty}/perbaiki")
    page = clerk.post(**{"c-4-change": "baru", "c-7-change": "entah", "fill": "change:tetap"})
    assert [cells(n, "change") for n in (4, 5, 6, 7)] == ["baru", "tetap", "tetap", "entah"]
    assert "Isi semua yang kosong dengan:" not in page


def test_nothing_but_a_choice_of_the_list_fills_a_column(clerk: Clerk) -> None:
    people = numbered(2)
    for one in people:
        del one["change"]
    duty = upload(clerk, *people)
    clerk.get(f"{duty}/perbaiki")
    for press in ("change:apa saja", "full_name:KIM", "change:", "tidak_ada:tetap"):
        clerk.post(fill=press)
        assert clerk.status == 200
    assert cells(4, "change") is None
    assert cells(4, "full_name") == "KIM A"


def born(*births: str) -> io.BytesIO:
    """A list whose place and date of birth share a column; people start in row 2."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Tempat, Tgl Lahir" if key == "birth_date" else words for key, words in HEADINGS.items()])
    for one, birth in zip(numbered(len(births)), births, strict=True):
        page.append([(one | {"birth_date": birth}).get(key) for key in HEADINGS])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


BIRTHS = ("Seoul, 13-02-1985", "Dublin, 02-14-1970", "Busan, 12-03-1985")


def test_a_date_of_two_readings_says_both_and_how_to_write_it(clerk: Clerk) -> None:
    duty = upload_file(clerk, born(*BIRTHS))
    page = clerk.get(f"{duty}/perbaiki")
    assert "dapat berarti 12 Maret 1985 atau 3 Desember 1985. Tulis bulannya dengan huruf, misalnya 12 Maret" in page
    assert "12/03/1985 dapat berarti 12 Maret atau 3 Desember" in page  # once for all of them, in the summary
    assert re.search(r'name="c-4-birth_date" value="12-03-1985"', page)
    assert cells(4, "birth_place") == "Busan"
    assert "may mean 12 March 1985 or 3 December 1985. Write the month in letters" in clerk.get("?lang=en")
    clerk.post(**{"c-4-birth_date": "12 Mar 1985", "do": "check"})
    assert "1985 atau" not in clerk.get(f"{duty}/perbaiki?lang=id")
    assert cells(4, "birth_date") == "12 Mar 1985"


@pytest.mark.parametrize("page", ["perbaiki", "orang?n=4&bagian=1"])
def test_a_date_in_doubt_that_nobody_wrote_anew_stays_in_doubt(clerk: Clerk, page: str) -> None:
    duty = upload_file(clerk, born(*BIRTHS))
    assert "?" not in "".join(re.findall(r'value="[^"<>]*1985[^"<>]*"', clerk.get(f"{duty}/{page}")))
    if page == "perbaiki":
        clerk.post(**{"c-4-birth_date": "12-03-1985", "do": "check"})
    else:
        clerk.post(full_name="LEE SEO", **{"birth_date-d": "12", "birth_date-m": "03", "birth_date-y": "1985"})
        assert cells(4, "full_name") == "LEE SEO"
    assert "12 Maret 1985 atau 3 Desember 1985" in clerk.get(f"{duty}/perbaiki")


def test_a_text_that_is_no_day_month_and_year_stands_in_one_box_of_the_person(clerk: Clerk) -> None:
    people = numbered(2)
    people[1]["birth_date"] = "Dublin, sekitar 1970"
    duty = upload(clerk, *people)
    page = clerk.get(f"{duty}/orang?n=5&bagian=1")
    assert re.search(r'id="birth_date" name="birth_date-d" type="text" value="Dublin, sekitar 1970"', page)
    assert 'name="birth_date-m"' not in page
    clerk.post(full_name="KIM B", **{"birth_date-d": "Dublin, sekitar 1970"})
    assert cells(5, "birth_date") == "Dublin, sekitar 1970"
    clerk.post(full_name="KIM B", **{"birth_date-d": "1 Nov 1970"})
    assert cells(5, "birth_date") == "1 Nov 1970"
    assert re.search(r'name="birth_date-m" type="text" value="Nov"', clerk.get(f"{duty}/orang?n=5&bagian=1"))


def test_a_doubt_in_a_cell_stands_open_with_its_row_named_and_is_no_error(clerk: Clerk) -> None:
    people = numbered(4)
    people[0]["passport_number"] = "MO1234567"
    people[1]["passport_expires_on"] = people[3]["passport_expires_on"] = "31/12/2019"
    people[2]["nationality"] = "Indonesia"
    page = clerk.get(f"{upload(clerk, *people)}/perbaiki")
    assert "Semua 4 baris sudah benar" in page
    folded = "".join(re.findall(r"<details.*?</details>", page, re.DOTALL))
    found = re.search(r'<div class="govuk-inset-text sinergi-doubts">.*?</div>', page, re.DOTALL)
    assert found
    doubts = re.findall(r"<li>(.*?)</li>", re.sub(r"</?(bdi|button)[^>]*>", "", found[0]))
    assert [doubt.partition("→")[2].strip() for doubt in doubts] == [
        "baris 4 (KIM A)",
        "baris 5 (KIM B), baris 7 (KIM D)",
        "baris 6 (KIM C)",
    ]
    assert "huruf O seharusnya angka 0" in doubts[0]
    assert "Masa berlaku paspor sudah lewat" in doubts[1]
    assert "huruf O" not in folded
    clerk.post(whole="4")
    assert "/orang?n=4" in clerk.url


def test_a_column_that_may_have_lost_zeros_stands_open_and_what_only_informs_stays_folded(clerk: Clerk) -> None:
    book = openpyxl.Workbook()
    page = book.active
    page.append(list(HEADINGS.values()))
    for number, one in zip((123456789, 12345678, 2345678), numbered(3), strict=True):
        page.append([(one | {"passport_number": number, "birth_date": "12/03/85"}).get(key) for key in HEADINGS])
    page.column_dimensions["G"].hidden = True
    out = io.BytesIO()
    book.save(out)
    out.seek(0)

    duty = upload_file(clerk, out)
    told = clerk.get(f"{duty}/perbaiki")

    folded = "".join(re.findall(r"<details.*?</details>", told, re.DOTALL))
    found = re.search(r'<div class="govuk-inset-text sinergi-doubts">.*?</div>', told, re.DOTALL)
    assert found
    assert "2 nomor lebih pendek daripada yang lain, mulai sel E3" in found[0]
    assert re.search(r'name="whole" value="3">baris 3 \(<bdi>KIM B', found[0])
    assert "tanggal memakai tahun dua angka" in found[0]
    assert "Kolom tersembunyi ikut dibaca" not in found[0]
    assert "Kolom tersembunyi ikut dibaca" in folded
    assert "lebih pendek" not in folded
    assert "tahun dua angka" not in folded
    assert "Please look at this again" in clerk.get(f"{duty}/perbaiki?lang=en")
