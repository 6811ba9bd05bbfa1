"""Two windows on one report: the older one says what it would change, keeps what was typed and overwrites nothing."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from app.database import unit_of_work
from app.models.draft import Draft
from app.models.submission import Submission
from tests.fixtures.web import hidden
from tests.integration.company import PERSON, Clerk, issue
from tests.integration.test_report_journey import CODE, HEADINGS, numbered, sheet
from tests.integration.test_report_reread import Chosen

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing here is asked of the database


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    return Clerk(client)


SAME_SITE = {"Sec-Fetch-Site": "same-origin", "Referer": "https://localhost/"}


def upload(clerk: Clerk, *people: dict[str, str]) -> str:
    """Returns the address of the duty."""
    return upload_file(clerk, sheet(*people))


def upload_file(clerk: Clerk, file: io.BytesIO) -> str:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    clerk.post(_files={"file": (file, "daftar.xlsx")})
    return re.search(r"/laporan/[a-z0-9]{16}", clerk.url)[0]  # type: ignore[index]


def cells(number: int, key: str) -> str | None:
    with unit_of_work(write=False) as session:
        (draft,) = session.exec(select(Draft).where(Draft.state == "open")).all()
        return next(row for row in draft.data["rows"] if row["n"] == number)["cells"].get(key)  # type: ignore[no-any-return]


def names() -> list[str]:
    with unit_of_work(write=False) as session:
        (draft,) = session.exec(select(Draft).where(Draft.state == "open")).all()
        return [row["cells"]["full_name"] for row in draft.data["rows"]]


def in_two_windows(clerk: Clerk, page: str = "perbaiki") -> str:
    """A date is mended in one window; the page of before stands in the other. Returns the address of the duty."""
    people = numbered(3)
    people[1]["birth_date"] = "kapan-kapan"
    duty = upload(clerk, *people)
    stale, at = clerk.get(f"{duty}/{page}") and clerk.page, clerk.url
    clerk.post(**{"c-5-birth_date": "01/02/1980", "do": "check"})
    clerk.page, clerk.url = stale, at
    return duty


def test_what_was_typed_elsewhere_in_the_list_is_simply_saved(clerk: Clerk) -> None:
    """What merely stood on the older page, as the date that is right by now, is no wish of anybody."""
    in_two_windows(clerk, "perbaiki?semua=1")
    clerk.post(**{"c-5-birth_date": "kapan-kapan", "c-4-job_title": "Direktur", "do": "check"})
    assert clerk.status == 200
    assert cells(4, "job_title") == "Direktur"
    assert cells(5, "birth_date") == "01/02/1980"


def test_a_press_counts_where_nothing_met(clerk: Clerk) -> None:
    in_two_windows(clerk)
    clerk.post(**{"c-5-birth_date": "kapan-kapan", "remove": "6"})
    assert clerk.status == 200
    assert names() == ["KIM A", "KIM B"]


def test_the_whole_row_is_opened_with_what_was_typed_beside_it(clerk: Clerk) -> None:
    people = numbered(3)
    people[1]["birth_date"] = "kapan-kapan"
    duty = upload(clerk, *people)
    clerk.get(f"{duty}/perbaiki")
    page = clerk.post(**{"c-5-birth_date": "01/02/1980", "whole": "5"})
    assert "/orang?n=5" in clerk.url
    assert 'value="1980"' in page


@pytest.mark.parametrize("page", ["perbaiki", "perbaiki?semua=1", "perbaiki?halaman=2&lang=en"])
def test_every_way_off_the_page_keeps_what_was_typed(clerk: Clerk, page: str) -> None:
    """Other pages, all rows or only the red ones, the columns, another file, back: buttons that save first."""
    duty = upload(clerk, *(PERSON | {"birth_date": f"entah {i}"} for i in range(60)))
    ways = re.findall(r'name="go" value="([^"]+)"', clerk.get(f"{duty}/{page}"))
    assert {re.split("[?#]", way.rpartition("/")[2])[0] for way in ways} == {"perbaiki", "kolom", "unggah"}
    assert any("halaman=" in way for way in ways)
    box = re.search(r'name="(c-(\d+)-birth_date)"', clerk.get(f"{duty}/{page}"))
    assert box
    for place, way in enumerate(dict.fromkeys(ways)):
        clerk.get(f"{duty}/{page}")
        clerk.post(**{box[1]: f"entah {place}", "go": way.replace("&amp;", "&")})
        assert clerk.url == way.replace("&amp;", "&").partition("#")[0]
        assert cells(int(box[2]), "birth_date") == f"entah {place}"


def test_a_way_leads_nowhere_else(clerk: Clerk) -> None:
    duty = in_two_windows(clerk)
    clerk.get(f"{duty}/perbaiki?semua=1")
    clerk.post(**{"c-4-job_title": "Direktur", "go": "https://elsewhere.example/laporan"})
    assert clerk.url == f"{duty}/perbaiki?semua=1"
    assert cells(4, "job_title") == "Direktur"


def test_what_was_typed_in_the_older_window_stands_beside_what_is_kept(clerk: Clerk) -> None:
    in_two_windows(clerk)
    page = clerk.post(**{"c-5-birth_date": "03/04/1981", "do": "check"})
    assert clerk.status == 409
    assert "03/04/1981" in page
    assert "01/02/1980" in page
    assert cells(5, "birth_date") == "01/02/1980"


@pytest.mark.parametrize("again", ["1/2/1980", "1 Februari 1980", "1980-02-01"])
def test_the_same_day_written_in_another_way_is_no_question(clerk: Clerk, again: str) -> None:
    in_two_windows(clerk, "perbaiki?semua=1")
    clerk.post(**{"c-5-birth_date": again, "c-4-job_title": "Direktur", "do": "check"})
    assert clerk.status == 200
    assert cells(5, "birth_date") == again
    assert cells(4, "job_title") == "Direktur"


def test_who_compared_may_save_what_was_typed(clerk: Clerk) -> None:
    in_two_windows(clerk)
    clerk.post(**{"c-5-birth_date": "03/04/1981", "do": "check"})
    clerk.post()
    assert clerk.status == 200
    assert cells(5, "birth_date") == "03/04/1981"


@pytest.mark.parametrize(("choice", "date"), [(1, "03/04/1981"), (2, "01/02/1980")])
def test_what_met_no_other_change_is_saved_whichever_is_chosen(clerk: Clerk, choice: int, date: str) -> None:
    in_two_windows(clerk, "perbaiki?semua=1")
    page = clerk.post(**{"c-5-birth_date": "03/04/1981", "c-4-job_title": "Direktur", "do": "check"})
    assert clerk.status == 409
    assert "Isian lain yang Anda ketik di halaman ini disimpan, apa pun pilihan Anda." in page
    forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
    chosen = next(form for form in forms if ("Simpan yang saya ketik", "Biarkan seperti")[choice - 1] in form)
    clerk.client.post(clerk.url, data=hidden(chosen), base_url="https://localhost", headers=SAME_SITE)
    assert cells(4, "job_title") == "Direktur"
    assert cells(5, "birth_date") == date


def test_where_nothing_else_was_typed_leaving_it_is_a_link(clerk: Clerk) -> None:
    in_two_windows(clerk)
    page = clerk.post(**{"c-5-birth_date": "03/04/1981", "do": "check"})
    assert "Isian lain yang Anda ketik" not in page
    assert re.search(r"<a [^>]*>Biarkan seperti yang tersimpan sekarang</a>", page)


def test_a_press_beside_two_answers_waits_and_is_said(clerk: Clerk) -> None:
    in_two_windows(clerk)
    page = clerk.post(**{"c-5-birth_date": "03/04/1981", "remove": "6"})
    assert clerk.status == 409
    assert "belum dijalankan" in page
    assert len(names()) == 3


IDENTITY = {"sex": "M", "birth_date-d": "12", "birth_date-m": "3", "birth_date-y": "1985"}
IDENTITY |= {key: PERSON[key] for key in ("nationality", "passport_number")}


def one_person_in_two_windows(clerk: Clerk) -> None:
    """The name is changed in one window; the page of before stands in the other."""
    link, _nib = issue()
    clerk.open(link)
    clerk.start("one")
    clerk.person()
    duty = re.search(r"/laporan/[a-z0-9]{16}", clerk.url)[0]  # type: ignore[index]
    stale, at = clerk.get(f"{duty}/orang?n=1&bagian=1") and clerk.page, clerk.url
    clerk.post(**IDENTITY, full_name="KIM MIN JA")
    clerk.page, clerk.url = stale, at


def test_one_person_typed_in_the_older_window_is_kept_too(clerk: Clerk) -> None:
    one_person_in_two_windows(clerk)
    page = clerk.post(**IDENTITY, full_name="KIM MIN JO")
    assert clerk.status == 409
    assert "KIM MIN JO" in page
    assert "KIM MIN JA" in page
    clerk.post()
    assert names() == ["KIM MIN JO"]
    assert cells(1, "birth_date") == "12/3/1985"


def test_one_person_is_merged_field_by_field(clerk: Clerk) -> None:
    one_person_in_two_windows(clerk)
    standing = IDENTITY | {"passport_number": "M55555555"}
    clerk.post(**standing, full_name=PERSON["full_name"])
    assert clerk.status == 200
    assert names() == ["KIM MIN JA"]
    assert cells(1, "passport_number") == "M55555555"


def test_a_report_sent_from_a_window_older_than_the_answers_is_shown_again_and_says_why(clerk: Clerk) -> None:
    duty = upload(clerk, *numbered(2))
    stale, at = clerk.get(f"{duty}/periksa") and clerk.page, clerk.url
    clerk.get(f"{duty}/perbaiki?semua=1")
    clerk.post(**{"c-5-full_name": "LEE SEO", "do": "check"})
    clerk.page, clerk.url = stale, at
    page = clerk.post(do="send", name="Sari", position="HRD", email="hrd@contoh.example")
    assert clerk.status == 409
    assert "Belum ada yang terkirim" in page
    assert 'value="Sari"' in page
    with unit_of_work(write=False) as session:
        assert session.exec(select(Submission)).all() == []
    assert CODE.search(clerk.post(do="send", name="Sari", position="HRD", email="hrd@contoh.example"))


def test_an_expired_page_shows_what_was_typed_and_nothing_else(clerk: Clerk) -> None:
    """Under the names of the list: no button, no hidden box, no cell that merely stood there."""
    duty = in_two_windows(clerk, "perbaiki?semua=1")
    typed = {"c-5-job_title": "Direktur", "c-4-change": "keluar", "c-4-job_title": PERSON["job_title"]}
    page = clerk.post(**typed, remove="6", do="check", csrf_token="x")
    assert clerk.status == 400
    told = re.search(r"<dl>(.*?)</dl>", page, re.DOTALL)
    assert told
    said = re.findall(r"<dt><bdi>(.*?)</bdi></dt><dd><bdi>(.*?)</bdi></dd>", told[1])
    assert said == [("Jabatan, baris 5", "Direktur"), ("Status, baris 4", "Sudah berhenti")]
    clerk.get(f"{duty}/orang?bagian=1")
    page = clerk.post(**IDENTITY, full_name="LEE SEO", csrf_token="x")
    said = dict(re.findall(r"<dt><bdi>(.*?)</bdi></dt><dd><bdi>(.*?)</bdi></dd>", page))
    assert said["Nama lengkap"] == "LEE SEO"
    assert said["Tanggal lahir"] == "12/03/1985"
    assert said["Jenis kelamin"] == "Laki-laki"
    assert said.keys() == {"Nama lengkap", "Jenis kelamin", "Tanggal lahir", "Kewarganegaraan", "Nomor paspor"}


def test_a_person_taken_out_can_be_put_back(clerk: Clerk) -> None:
    duty = upload(clerk, *numbered(3))
    clerk.get(f"{duty}/perbaiki?semua=1")
    page = clerk.post(remove="5")
    assert names() == ["KIM A", "KIM C"]
    assert "KIM B" in page
    page = clerk.post(restore="5")
    assert names() == ["KIM A", "KIM B", "KIM C"]
    assert 'name="restore"' not in page


def test_a_person_put_back_gives_way_to_who_took_the_number(clerk: Clerk) -> None:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("one")
    clerk.person()
    duty = re.search(r"/laporan/[a-z0-9]{16}", clerk.url)[0]  # type: ignore[index]
    clerk.post(remove="1")
    clerk.get(f"{duty}/orang?bagian=1")
    clerk.person(full_name="LEE SEO", passport_number="M22222222")
    clerk.post(restore="1")
    assert names() == ["LEE SEO", "KIM MIN JI"]


@pytest.mark.parametrize("page", ["perbaiki", "perbaiki?semua=1", "daftar", "periksa?sebagian=1"])
def test_enter_in_a_box_removes_and_replaces_nothing(clerk: Clerk, page: str) -> None:
    """A browser presses the first button of a form, wherever it stands."""
    people = numbered(3)
    people[1]["nationality"] = people[2]["nationality"] = "Korea Selatam"
    duty = upload(clerk, *people)
    first = re.search(r'<button type="submit"[^>]*>', clerk.get(f"{duty}/{page}"))
    assert first
    assert 'name="do"' in first[0]
    assert re.search(r'value="(keep|send)"', first[0])


# ---- a file of several sheets


def two_sheets() -> io.BytesIO:
    """The list of the office with three people, open when it was saved; that of the plant with two."""
    book = openpyxl.Workbook()
    for place, (title, people) in enumerate((("Kantor", numbered(3)), ("Pabrik", numbered(5)[3:]))):
        page = book.active if place == 0 else book.create_sheet()
        page.title = title
        page.append(list(HEADINGS.values()))
        for one in people:
            page.append([one.get(key) for key in HEADINGS])
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def test_a_file_of_several_lists_asks_which_is_meant(clerk: Clerk) -> None:
    upload_file(clerk, two_sheets())
    assert clerk.url.endswith("/kolom")
    assert clerk.page is not None
    assert 'name="answer-sheet" type="radio" value="Kantor" checked' in clerk.page.text
    assert names() == ["KIM A", "KIM B", "KIM C"]
    clerk.post(**{"answer-sheet": "Pabrik"})
    assert names() == ["KIM D", "KIM E"]
    assert 'name="answer-sheet" type="radio" value="Pabrik" checked' in clerk.page.text
    columns = Chosen()
    columns.feed(clerk.page.text)
    clerk.post(**columns.values)
    assert clerk.url.endswith("/perbaiki")
    assert names() == ["KIM D", "KIM E"]


def test_the_list_of_the_first_sheet_can_be_taken_up_again(clerk: Clerk) -> None:
    duty = upload_file(clerk, two_sheets())
    clerk.post(**{"answer-sheet": "Pabrik"})
    page = clerk.get(duty)
    assert "3 orang" in page
    clerk.post(mode="previous")
    assert names() == ["KIM A", "KIM B", "KIM C"]
