"""From a company's report to a decision: what staff see, what a decision writes, and that the company hears of it."""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from app.config import settings
from app.database import unit_of_work, utcnow
from app.models.company import Company
from app.models.contact_request import ContactRequest
from app.models.foreign_national import ForeignNational
from app.models.outbox_message import OutboxMessage
from app.models.passport import Passport
from app.models.sponsorship import Sponsorship
from app.models.submission import Submission
from app.operations import records, requests, users
from app.registry import get
from tests.fixtures.browser import come_in, violations
from tests.fixtures.web import LiveServer, hidden
from tests.integration.company import PERSON, SYSTEM, Clerk, issue
from tests.integration.test_report_journey import duty_of_november, numbered, sheet, with_a_last_report

if TYPE_CHECKING:
    from playwright.sync_api import Page


def officer(app: Flask, *roles: str, name: str = "Rani Wulandari") -> FlaskClient:
    """A browser of a new member of staff."""
    client, now = app.test_client(), utcnow()
    with unit_of_work() as session:
        user = users.add(session, email=f"{roles[0]}@kantor.example", name=name, roles=roles, actor=SYSTEM,
                         now=now, status="active")  # fmt: skip
        path = users.one_time_link(session, user, now, settings()).removeprefix(settings().public_url)
    assert client.post(path, data=hidden(client.get(path).text)).status_code == 302
    return client


@pytest.fixture
def analyst(app: Flask) -> FlaskClient:
    return officer(app, "analyst")


@pytest.fixture
def report(app: Flask) -> str:
    """Public id of a report of one person with a PDF beside it."""
    clerk = Clerk(app.test_client())
    clerk.open(issue()[0])
    clerk.start("one")
    clerk.person()
    clerk.post(do="next")
    clerk.post(_files={"attachment": (io.BytesIO(b"%PDF-1.7 x"), "paspor.pdf")}, do="attach")
    assert "SNG-" in clerk.send()
    with unit_of_work(write=False) as session:
        return session.exec(select(Submission)).one().public_id


def passport_of_watanabe() -> None:
    """The number of the report's row, on record for somebody else."""
    stranger = {
        "name_display": "Watanabe Kazuya", "sex": "M", "birth_date": "1978-08-18", "nationality": "JPN",
    }  # fmt: skip
    with unit_of_work() as writing:
        person = records.save(writing, get("foreign_national"), stranger, SYSTEM, now=utcnow())
        passport = {"person": person.id, "issuing_state": "KOR", "number": "M12345678", "status": "current"}
        assert not records.save(writing, get("passport"), passport, SYSTEM, now=utcnow()).problems


def said(session: Session, kind: str) -> OutboxMessage:
    return session.exec(select(OutboxMessage).where(OutboxMessage.kind == kind)).one()


def test_a_report_waits_on_the_home_page_and_in_the_inbox(analyst: FlaskClient, report: str) -> None:
    home = analyst.get("/staff/").text
    inbox = analyst.get("/staff/inbox/").text

    assert "PT Contoh Maju" in home
    assert f"/staff/inbox/{report}" in home
    assert "KIM MIN JI" in inbox
    assert "laporan pertama perusahaan ini" in inbox
    assert "PT Contoh Maju" in analyst.get("/staff/inbox/?q=contoh+maju").text
    assert "PT Contoh Maju" not in analyst.get("/staff/inbox/?q=lain").text.partition("<main")[2]


def test_accepting_shows_first_what_it_writes_then_writes_it_and_tells_the_company(
    analyst: FlaskClient, report: str, session: Session
) -> None:
    page = analyst.get(f"/staff/inbox/{report}/accept").text
    assert "baru: Orang asing" in page
    assert "baru: Paspor" in page
    assert session.exec(select(ForeignNational)).all() == []
    session.rollback()

    answer = analyst.post(f"/staff/inbox/{report}/accept", data={**hidden(page), "note": "Terima kasih."})

    assert answer.status_code == 302
    assert session.exec(select(ForeignNational)).one().name_display == "KIM MIN JI"
    assert session.exec(select(Passport)).one().number == "M12345678"
    assert session.exec(select(Sponsorship)).one().job_title == "Manajer Produksi"
    assert session.exec(select(Submission)).one().state == "accepted"
    assert said(session, "accepted")
    assert "KIM MIN JI" in analyst.get("/staff/foreign_national/").text


def test_the_rows_of_a_report_show_what_is_checked_against_the_passport(analyst: FlaskClient, report: str) -> None:
    page = analyst.get(f"/staff/inbox/{report}").text

    assert re.search(r'<td data-label="Tanggal lahir"[^>]*>25[ /][^<]*1985<', page)
    assert re.search(r'<td data-label="Paspor berlaku s.d."[^>]*>31[ /][^<]*2029<', page)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_report_fits_a_phone_and_names_no_keys_there(live_server: LiveServer, page: Page, report: str) -> None:
    staff = come_in(page, live_server.url)
    staff.set_viewport_size({"width": 360, "height": 800})
    staff.goto(f"{live_server.url}/staff/inbox/{report}")

    assert staff.evaluate("document.documentElement.scrollWidth") <= 360
    assert staff.locator("td[data-label='Tanggal lahir']").is_visible()
    assert staff.locator(".report-acts kbd").count()
    assert not staff.locator("kbd").locator("visible=true").count()
    assert violations(staff) == []


def test_who_is_no_longer_in_the_list_is_named_before_it_is_accepted(app: Flask, analyst: FlaskClient) -> None:
    gone = [PERSON | {"full_name": f"LEE {chr(65 + i)}", "passport_number": f"M999999{i:02}"} for i in range(22)]
    clerk = Clerk(app.test_client())
    clerk.get(duty_of_november(clerk.open(with_a_last_report(utcnow(), *gone))))
    clerk.post(mode="upload")
    clerk.post(_files={"file": (sheet(*numbered(1)), "daftar.xlsx")})
    clerk.post(do="next")
    clerk.send()
    with unit_of_work(write=False) as session:
        newest = session.exec(select(Submission).order_by(col(Submission.id).desc())).first()
        assert newest is not None
        page = analyst.get(f"/staff/inbox/{newest.public_id}/accept").text

    assert "LEE A" in page
    assert "LEE T" in page
    assert "LEE U" not in page
    assert "dan 2 lagi" in page


def test_a_passport_of_somebody_else_is_asked_in_plain_words_and_left_out_unless_answered(
    analyst: FlaskClient, report: str, session: Session
) -> None:
    passport_of_watanabe()
    page = analyst.get(f"/staff/inbox/{report}/accept").text
    assert "tercatat atas nama Watanabe Kazuya, lahir 18" in page
    assert "Laporan ini menyebut KIM MIN JI, lahir 25" in page
    assert re.search(r'<input type="radio" name="person-\d+" id="person-\d+-leave" value="" checked>', page)

    done = analyst.post(f"/staff/inbox/{report}/accept", data=hidden(page), follow_redirects=True)

    assert "1 baris tidak dicatat" in done.text
    assert session.exec(select(ForeignNational)).one().name_display == "Watanabe Kazuya"
    assert session.exec(select(Sponsorship)).all() == []


def test_the_report_can_be_returned_from_the_question_with_the_number_marked(
    analyst: FlaskClient, report: str, session: Session
) -> None:
    passport_of_watanabe()
    page = analyst.get(f"/staff/inbox/{report}/accept").text
    there = re.search(rf'href="(/staff/inbox/{report}/return\?[^"]*)"', page)
    assert there
    page = analyst.get(html.unescape(there[1])).text
    assert re.search(r'name="cell" value="\d+:passport_number" id="[^"]*" checked', page)
    assert re.search(r'name="reason" value="mismatch" id="[^"]*" checked', page)
    assert '<details class="pick-row" open>' in page


def test_the_answer_of_the_page_changes_the_record_it_named(
    analyst: FlaskClient, report: str, session: Session
) -> None:
    passport_of_watanabe()
    page = analyst.get(f"/staff/inbox/{report}/accept").text
    answer = re.search(r'name="(person-\d+)" id="person-\d+-same" value="(\w+)"', page)
    assert answer

    analyst.post(f"/staff/inbox/{report}/accept", data={**hidden(page), answer[1]: answer[2]})

    assert session.exec(select(ForeignNational)).one().name_display == "KIM MIN JI"
    number = answer[1].removeprefix("person-")
    session.rollback()
    company = session.exec(select(Company)).one().public_id
    history = analyst.get(f"/staff/company/details/?id={company}&tab=history").text
    assert f"orang yang sama menurut petugas: baris {number}" in history


@pytest.mark.parametrize("page", ["accept", "return", "reject"])
def test_what_is_decided_asks_for_no_decision_again(analyst: FlaskClient, report: str, page: str) -> None:
    accept = f"/staff/inbox/{report}/accept"
    assert analyst.post(accept, data=hidden(analyst.get(accept).text)).status_code == 302

    answer = analyst.get(f"/staff/inbox/{report}/{page}", follow_redirects=True)

    assert answer.request.path == f"/staff/inbox/{report}"
    assert "sudah diputuskan oleh Rani Wulandari pada" in answer.text


def test_two_officers_decide_and_only_the_first_decision_counts(
    app: Flask, analyst: FlaskClient, report: str, session: Session
) -> None:
    page = hidden(analyst.get(f"/staff/inbox/{report}/accept").text)
    assert analyst.post(f"/staff/inbox/{report}/accept", data=page).status_code == 302

    again = analyst.post(f"/staff/inbox/{report}/accept", data=page)
    assert again.status_code == 409
    assert "sudah Anda putuskan" in again.text
    assert "petugas lain" not in again.text
    colleague = officer(app, "admin", name="Budi Santoso")
    theirs = {**hidden(colleague.get("/staff/inbox/").text), "row_version": page["row_version"]}
    assert "petugas lain" in colleague.post(f"/staff/inbox/{report}/accept", data=theirs).text
    assert analyst.post(f"/staff/inbox/{report}/reject", data={**page, "note": "tidak jadi"}).status_code in (400, 409)
    assert session.exec(select(Submission)).one().state == "accepted"


def test_a_report_is_returned_with_reasons_and_marked_cells(
    app: Flask, analyst: FlaskClient, report: str, session: Session
) -> None:
    page = analyst.get(f"/staff/inbox/{report}/return").text
    without = analyst.post(f"/staff/inbox/{report}/return", data=hidden(page))
    assert without.status_code == 422
    assert "Mohon pilih sekurangnya satu alasan" in without.text
    cell = re.search(r'value="(\d+:passport_number)"', page)
    assert cell
    row = cell[1].partition(":")[0]
    typed = {
        "reason": "mismatch",
        "cell": cell[1],
        f"words-{row}": "Mohon periksa nomor paspor.",
        "note": "Terima kasih.",
    }

    answer = analyst.post(f"/staff/inbox/{report}/return", data={**hidden(page), **typed})

    assert answer.status_code == 302
    sent = session.exec(select(Submission)).one()
    assert (sent.state, sent.decision_reasons) == ("needs_fix", ["mismatch"])
    assert sent.decision_cells == [
        {"row": int(row), "field": "passport_number", "message": "Mohon periksa nomor paspor."}
    ]
    assert said(session, "returned")
    assert "PT Contoh Maju" in analyst.get("/staff/inbox/?tab=fix").text


def test_a_report_is_rejected_only_with_a_reason(analyst: FlaskClient, report: str, session: Session) -> None:
    page = hidden(analyst.get(f"/staff/inbox/{report}/reject").text)
    assert analyst.post(f"/staff/inbox/{report}/reject", data=page).status_code == 422

    assert (
        analyst.post(f"/staff/inbox/{report}/reject", data={**page, "note": "Bukan perusahaan Bapak/Ibu."}).status_code
        == 302
    )
    assert session.exec(select(Submission)).one().state == "rejected"
    assert said(session, "rejected")


def test_attachments_leave_as_downloads_and_only_for_staff(app: Flask, analyst: FlaskClient, report: str) -> None:
    link = re.search(r'href="(/staff/inbox/\w+/attachment/\w+)"', analyst.get(f"/staff/inbox/{report}").text)
    assert link
    file = analyst.get(link[1])

    assert file.data.startswith(b"%PDF")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert app.test_client().get(link[1]).status_code == 302


def test_who_may_not_decide_sees_no_buttons_and_is_refused(app: Flask, report: str) -> None:
    auditor = officer(app, "auditor")
    page = auditor.get(f"/staff/inbox/{report}").text

    assert "KIM MIN JI" in page
    assert "/accept" not in page
    assert "M12345678" not in page
    assert auditor.get(f"/staff/inbox/{report}/accept").status_code == 403


def test_a_request_for_a_link_is_checked_by_a_person(analyst: FlaskClient, session: Session) -> None:
    values = {"company_name": "PT Belum Dikenal", "name": "Eko", "email": "eko@belum.example", "nib": "8120001234567"}
    requests.ask_for_link(session, values, now=utcnow())
    session.commit()
    page = analyst.get("/staff/requests/").text
    assert "PT Belum Dikenal" in page
    action = re.search(r'action="(/staff/requests/\w+/confirmed)"', page)
    assert action

    answer = analyst.post(action[1], data=hidden(page))

    assert answer.location.startswith("/staff/company/new/")
    form = analyst.get(answer.location).text
    assert 'value="PT Belum Dikenal"' in form
    session.expire_all()
    assert session.exec(select(ContactRequest)).one().state == "confirmed"


def test_outgoing_mail_shows_what_became_of_each_message(analyst: FlaskClient, report: str, app: Flask) -> None:
    listed = analyst.get("/staff/mail/").text
    first = re.search(r'href="(/staff/mail/(?!preview)\w+)"', listed)
    assert first
    assert "menunggu" in analyst.get(first[1]).text
    secretary = officer(app, "secretariat")
    page = secretary.get(first[1]).text
    held = secretary.post(first[1], data={**hidden(page), "action": "hold"}, follow_redirects=True).text

    assert "ditahan" in held
    assert analyst.post(first[1], data={**hidden(listed), "action": "release"}).status_code in (400, 403)
