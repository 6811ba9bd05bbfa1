"""The rest of a report: rows that waited join what was sent, and take nobody out of it."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from app.database import unit_of_work
from app.domain.actors import Actor
from app.domain.receipts import Place
from app.models.receipt import Receipt
from app.models.submission import Submission
from app.operations import submissions
from app.queries import submissions as reports
from tests.integration.company import PERSON, Clerk, issue
from tests.integration.test_report_journey import (
    CODE,
    code_in_the_mail,
    duty_of_november,
    numbered,
    sheet,
    with_a_last_report,
)


@pytest.fixture
def clerk(client: FlaskClient) -> Clerk:
    return Clerk(client)


@pytest.fixture
def duty(clerk: Clerk) -> str:
    """Three people uploaded, the second with a bad cell; the two good ones are sent. Returns the duty's address."""
    return sent_in_part(clerk, birth_date="kapan-kapan")


def sent_in_part(clerk: Clerk, **second: str) -> str:
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    people = numbered(3)
    people[1] |= second
    clerk.post(_files={"file": (sheet(*people), "daftar.xlsx")})
    clerk.post(do="part")
    assert CODE.search(clerk.send()), clerk.page and clerk.page.text
    return re.search(r'href="(/laporan/[a-z0-9]{16})/', clerk.page.text)[1]  # type: ignore[index, union-attr]


def upload(clerk: Clerk, duty: str, *people: dict[str, str]) -> str:
    clerk.get(f"{duty}/unggah")
    return clerk.post(_files={"file": (sheet(*people), "sisanya.xlsx")})


def first_code(clerk: Clerk) -> str:
    return CODE.search(clerk.get("/laporan"))[0]  # type: ignore[index]


def names(session: Session) -> list[str]:
    """Who is in the report that stands."""
    receipt = session.exec(select(Receipt).where(Receipt.state == "valid")).one()
    report = session.exec(select(Submission).where(Submission.code == receipt.short_code)).one()
    assert report.rows_ok == len(reports.rows(session, report))
    return sorted(row.cells["full_name"] for row in reports.rows(session, report))


def test_a_new_file_with_the_rest_takes_nobody_out(clerk: Clerk, duty: str, session: Session) -> None:
    """Its rows carry the same numbers as rows of the first file, and are other people."""
    upload(clerk, duty, numbered(2)[1])
    page = clerk.post(do="next")
    assert "2 orang sudah terkirim" in page, "the page before sending says what it adds to"
    assert CODE.search(clerk.send())
    assert names(session) == ["KIM A", "KIM B", "KIM C"]


def test_the_whole_list_sent_again_has_each_person_once(clerk: Clerk, duty: str, session: Session) -> None:
    people = numbered(3)
    people[0]["job_title"] = "Direktur"
    upload(clerk, duty, *people)
    clerk.post(do="next")
    assert CODE.search(clerk.send())
    assert names(session) == ["KIM A", "KIM B", "KIM C"]
    newest = session.exec(select(Submission).where(Submission.version == 2)).one()
    assert {row.cells["job_title"] for row in reports.rows(session, newest)} == {"Direktur", "Manajer Produksi"}


def test_who_was_missing_in_the_first_part_is_missing_still_when_the_rest_has_come(
    clerk: Clerk,
) -> None:
    """The officer has not decided on the first part: the last report that counts is the one before it."""
    gone = PERSON | {"full_name": "LEE SEO", "passport_number": "M99999999"}
    link = with_a_last_report(datetime.now(UTC), gone)
    people = numbered(2)
    people[1]["birth_date"] = "kapan-kapan"
    path = duty_of_november(clerk.open(link))
    clerk.get(path)
    clerk.post(mode="upload")
    clerk.post(_files={"file": (sheet(*people), "daftar.xlsx")})
    clerk.post(do="part")
    clerk.send()
    clerk.get(f"{path}/perbaiki")
    clerk.post(**{"c-5-birth_date": "01/02/1980", "do": "check"})
    clerk.send()
    with unit_of_work(write=False) as session:
        newest = session.exec(select(Submission).order_by(col(Submission.id).desc())).first()
        assert newest is not None
        assert newest.rows_ok == 2
        found = reports.difference(session, newest)
        assert [row.cells["full_name"] for row in found.missing] == ["LEE SEO"]


def test_a_new_file_may_be_sent_in_part_again(clerk: Clerk, duty: str, session: Session) -> None:
    three = numbered(5)[3:]
    three[0]["birth_date"] = "entah"
    upload(clerk, duty, three[0], three[1])
    clerk.post(do="part")
    assert CODE.search(clerk.send())
    assert names(session) == ["KIM A", "KIM C", "KIM E"]


def test_a_passport_that_was_sent_for_another_person_is_still_a_mistake(clerk: Clerk, session: Session) -> None:
    """In the list it was a repeat; alone in the rest it must not pass, or it would stand for the other person."""
    same = numbered(1)[0]["passport_number"]
    duty = sent_in_part(clerk, passport_number=same, birth_date="01/02/1991")
    clerk.get(f"{duty}/perbaiki")
    page = clerk.post(do="check")
    assert "sudah terkirim untuk orang lain" in page
    assert "KIM A" not in page, "who was sent is not shown to who only holds the link"
    clerk.post(**{"c-5-passport_number": "M99999999", "do": "check"})
    assert CODE.search(clerk.send())
    assert names(session) == ["KIM A", "KIM B", "KIM C"]


def test_a_correction_while_rows_wait_has_all_of_them(clerk: Clerk, duty: str, session: Session) -> None:
    clerk.get(f"/tanda-terima/{first_code(clerk)}")
    clerk.post(do="correct")
    clerk.post(do="send")
    page = clerk.post(code=code_in_the_mail(), do="check")
    page = clerk.get(f"{duty}/perbaiki?semua=1")
    assert all(name in page for name in ("KIM A", "KIM B", "KIM C"))
    clerk.post(**{"c-5-birth_date": "01/02/1980", "do": "check"})
    clerk.get(f"{duty}/periksa")
    assert CODE.search(clerk.send())
    assert names(session) == ["KIM A", "KIM B", "KIM C"]


def test_a_report_returned_while_rows_wait_opens_at_the_marked_cells(clerk: Clerk, duty: str, staff: object) -> None:
    analyst = staff("analyst")  # type: ignore[operator]
    now = datetime.now(UTC)
    with unit_of_work() as session:
        first = session.exec(select(Submission)).one()
        cells = [{"row": 4, "field": "job_title", "message": "Mohon jabatan sesuai izin."}]
        submissions.return_(session, first, analyst, reasons=["unclear"], cells=cells, now=now)
    clerk.get(f"{duty}/perbaiki")
    clerk.post(do="send")
    page = clerk.post(code=code_in_the_mail(), do="check")
    assert "Mohon jabatan sesuai izin." in page
    assert "kapan-kapan" in page, "what waited is there too"


def test_a_report_returned_while_it_is_being_corrected_keeps_the_correction(clerk: Clerk, staff: object) -> None:
    analyst = staff("analyst")  # type: ignore[operator]
    link, _nib = issue()
    clerk.open(link)
    clerk.start("upload")
    clerk.post(_files={"file": (sheet(*numbered(2)), "daftar.xlsx")})
    clerk.post(do="next")
    assert CODE.search(clerk.send())
    clerk.post(do="correct")
    clerk.post(do="send")
    clerk.post(code=code_in_the_mail(), do="check")
    duty = re.search(r"/laporan/[a-z0-9]{16}", clerk.url)[0]  # type: ignore[index]
    clerk.get(f"{duty}/perbaiki?semua=1")
    clerk.post(**{"c-5-activity": "Merakit mesin", "do": "check"})
    now = datetime.now(UTC)
    with unit_of_work() as session:
        report = session.exec(select(Submission)).one()
        cells = [{"row": 4, "field": "job_title", "message": "Mohon jabatan sesuai izin."}]
        submissions.return_(session, report, analyst, reasons=["unclear"], cells=cells, now=now)
    page = clerk.get(f"{duty}/perbaiki?semua=1")
    assert "Mohon jabatan sesuai izin." in page
    assert "Merakit mesin" in page


def test_the_rest_is_told_apart_from_a_correction(clerk: Clerk, duty: str, session: Session) -> None:
    """On the receipt, on the public page and in the list of staff; a correction after it is one."""
    first = first_code(clerk)
    assert "Terkirim sebagian pada" in clerk.get("/laporan")
    clerk.get(f"{duty}/perbaiki")
    clerk.post(**{"c-5-birth_date": "01/02/1980", "do": "check"})
    receipt = clerk.send()
    assert "Lanjutan (bagian ke-2)" in receipt
    assert "Selesai" in clerk.get("/laporan")
    page = clerk.get(f"/v/{first}")
    assert "dilanjutkan" in page
    assert "perbaikan" not in page
    assert "Lanjutan (bagian ke-2)" in clerk.get(f"/v/{CODE.search(receipt)[0]}")  # type: ignore[index]
    clerk.get(f"/tanda-terima/{CODE.search(receipt)[0]}")  # type: ignore[index]
    clerk.post(do="correct")
    clerk.post(do="send")
    clerk.post(code=code_in_the_mail(), do="check")
    clerk.get(f"{duty}/periksa")
    assert "Perbaikan ke-1" in clerk.send()
    listed = reports.inbox(session, Actor.system("uji"), states=("submitted", "withdrawn")).rows
    assert [one.place for one in listed] == [Place(correction=1), Place(part=2), Place()]


def test_the_pages_of_the_rest_say_what_it_continues(clerk: Clerk, duty: str) -> None:
    first = first_code(clerk)
    upload(clerk, duty, numbered(2)[1])
    page = clerk.get(f"{duty}/periksa")
    assert f"lanjutan {first}" in page
    assert f"perbaikan atas {first}" not in page


def test_a_file_without_people_leaves_the_draft_as_it_is(clerk: Clerk, duty: str) -> None:
    clerk.get(f"{duty}/unggah")
    page = clerk.post(_files={"file": (io.BytesIO(b"halo"), "daftar.xlsx")})
    assert clerk.status == 422
    assert "Unggah berkas Excel" in page
    assert "KIM B" in clerk.get(f"{duty}/perbaiki")
