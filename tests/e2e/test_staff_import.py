"""A sheet goes into a registry on screen: seen first, applied at once, taken back as a whole; and how staff get in."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from app.models.company import Company
from app.models.user import User
from tests.e2e.test_staff_inbox import officer
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LIST = """DAFTAR PERUSAHAAN KAWASAN,,
Nama Perusahaan,NIB,Status Modal
PT Contoh Satu,8120001234567,PMA
PT Contoh Dua,8120001234568,PMDN
PT Contoh Tiga,123,PMA
"""


@pytest.fixture
def admin(app: Flask) -> FlaskClient:
    return officer(app, "admin")


def send(client: FlaskClient, text: str, **typed: Any) -> str:
    page = client.get("/staff/import/company/").text
    file = (io.BytesIO(text.encode()), "daftar.csv")
    body = {**hidden(page), "source": "kawasan-2026", "file": file, **typed}
    return client.post("/staff/import/company/", data=body, content_type="multipart/form-data").text


def form(page: str) -> dict[str, str]:
    return hidden(page[page.index('action="/staff/import/company/apply"') :])


def test_a_list_is_seen_then_written_then_taken_back(admin: FlaskClient, session: Session) -> None:
    page = send(admin, LIST)
    assert "Yang akan dilakukan impor" in page
    assert "B5" in page, "the faulty cell is named as the sender sees it"
    assert session.exec(select(Company)).all() == []
    session.rollback()

    done = admin.post("/staff/import/company/apply", data={**form(page), "good_rows": "1"})
    assert done.status_code == 302
    assert sorted(c.legal_name for c in session.exec(select(Company))) == ["PT Contoh Dua", "PT Contoh Satu"]
    session.rollback()

    batch = admin.get(done.location).text
    assert admin.post(done.location, data=hidden(batch)).status_code == 302
    session.expire_all()
    assert all(company.deleted_at for company in session.exec(select(Company)))
    assert "Impor ini sudah dibatalkan" in admin.get(done.location).text


def test_what_an_import_changes_is_shown_field_by_field(admin: FlaskClient) -> None:
    admin.post("/staff/import/company/apply", data={**form(send(admin, LIST)), "good_rows": "1"})

    again = send(admin, LIST.replace("PT Contoh Satu,8120001234567,PMA", "PT Contoh Satu,8120001234567,PMDN"))

    assert re.search(r"<del>.*?PMA</del> <ins>.*?PMDN</ins>", again)


def test_an_export_speaks_the_language_of_the_page_and_reads_back_the_same(admin: FlaskClient) -> None:
    admin.post("/staff/import/company/apply", data={**form(send(admin, LIST)), "good_rows": "1"})

    given = admin.get("/staff/company/export/csv/?lang=en")

    assert 'filename="companies-' in given.headers["Content-Disposition"]
    assert "Not yet confirmed" in given.text
    assert "Belum terkonfirmasi" not in given.text
    assert not re.search(r"<(?:del|ins)>", send(admin, given.text)), "nothing would change"


def test_a_file_that_is_none_is_refused_in_one_sentence(admin: FlaskClient) -> None:
    assert "Mohon pilih berkas lebih dahulu" in send(admin, "", file=(io.BytesIO(b""), ""))
    assert "field-error" in send(admin, "\x00\x01\x02 no table")
    page = send(admin, LIST, source="")
    assert "kode singkat sumbernya" in page
    assert 'id="source-error"' in page, "the sentence stands at the field it is about"
    assert 'id="file-error"' not in page


def test_an_empty_cell_never_puts_a_default_over_what_is_on_record(admin: FlaskClient, session: Session) -> None:
    full = LIST.replace("Status Modal", "Status Modal,Status").replace("PMA\n", "PMA,Terverifikasi lapangan\n")
    admin.post("/staff/import/company/apply", data={**form(send(admin, full)), "good_rows": "1"})

    again = send(admin, full.replace("PMA,Terverifikasi lapangan", "PMDN,"))
    admin.post("/staff/import/company/apply", data={**form(again), "good_rows": "1"})

    one = session.exec(select(Company).where(Company.legal_name == "PT Contoh Satu")).one()
    assert (one.capital_status, one.status) == ("pmdn", "field_verified")


def test_a_preview_of_somebody_elses_file_is_not_found(admin: FlaskClient) -> None:
    body = form(send(admin, LIST))

    for token in ("../sinergi.db", "0" * 32 + "-daftar.csv", ""):
        assert admin.post("/staff/import/company/apply", data={**body, "token": token}).status_code == 404, token


def test_an_invited_person_gets_a_link_from_the_administrator(app: Flask, admin: FlaskClient, session: Session) -> None:
    page = admin.get("/staff/user/new/").text
    typed = {"name": "Sari Dewi", "email": "sari@kantor.example", "language": "id", "status": "invited"}
    made = admin.post("/staff/user/new/", data={**hidden(page), **typed})
    assert made.status_code == 302, made.text
    person = session.exec(select(User).where(User.email == "sari@kantor.example")).one().public_id
    session.rollback()
    page = admin.get(f"/staff/accounts/{person}").text

    issued = admin.post(f"/staff/accounts/{person}", data={**hidden(page), "action": "link"})

    link = re.search(r'value="[^"]*(/masuk/tautan/[\w-]+)"', issued.text)
    assert link
    assert issued.headers["Cache-Control"] == "no-store"
    guest = app.test_client()
    entry = hidden(guest.get(link[1]).text)
    chosen = {"password": "rumah biru di tepi sungai", "password_confirm": "rumah biru di tepi sungai"}
    assert guest.post(link[1], data={**entry, **chosen}).status_code == 302
    assert officer(app, "analyst").get(f"/staff/accounts/{person}").status_code == 403
