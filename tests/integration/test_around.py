"""The pages of a company and a person: one tab at a time, as the policy lets the reader see, and never a score."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.models.duty import Duty
from app.operations import records
from app.queries import lists, sight
from app.registry import get
from tests.fixtures.login import log_in_as
from tests.fixtures.web import hidden

SYSTEM = Actor.system("uji")
COMPANY_TABS = [
    "summary",
    "workers",
    "duties",
    "reports",
    "contacts",
    "documents",
    "registers",
    "related",
    "history",
    "access",
]
PERSON_TABS = ["summary", "documents", "sponsors", "reports", "registers", "related", "history", "access"]


def save(key: str, **values: Any) -> records.Outcome:
    with unit_of_work() as session:
        outcome = records.save(session, get(key), values, SYSTEM, now=utcnow())
        assert not outcome.problems, outcome.problems
        return outcome


@pytest.fixture
def company(database_url: str) -> str:
    made = save("company", legal_name="PT Contoh Maju", nib="8120001234567", address="Jalan Uji 1")
    save(
        "contact",
        company=made.id,
        name="Sari Dewi",
        email="sari@contoh.example",
        phone="081234567890",
        is_whatsapp=True,
    )
    save("company_name", company=made.id, name="PT Contoh Lama", kind="former")
    save("worksite", company=made.id, label="Pabrik 1")
    return str(made.public_id)


def worker(company: str, number: int) -> str:
    person = save(
        "foreign_national", name_display=f"KIM {chr(64 + number)}", sex="M", birth_date="12/03/1985", nationality="KOR"
    )
    save("sponsorship", person=person.id, sponsor=company, started_on="01/02/2025", job_title="Insinyur")
    save("passport", person=person.id, issuing_state="KOR", number=f"M7068909{number}", expires_on="01/01/2030")
    save("stay_permit", person=person.id, kind="itas", number=f"2C21JE000{number}", expires_on="01/01/2027")
    return str(person.public_id)


def tab(client: FlaskClient, key: str, public_id: str, name: str, **more: str) -> str:
    query = "&".join(f"{one}={text}" for one, text in {"id": public_id, "tab": name, **more}.items())
    answer = client.get(f"/staff/{key}/details/?{query}")
    assert answer.status_code == 200, name
    return html.unescape(answer.text)


def titles(page: str) -> list[str]:
    body = re.search(r'<ul class="tabs">(.*?)</ul>', page, re.S)
    assert body
    return [re.sub(r"<.*?>", "", one).strip() for one in re.findall(r"<a [^>]*>(.*?)</a>", body[1], re.S)]


def test_every_tab_is_an_address_that_needs_no_script(app: Flask, company: str) -> None:
    client, person = log_in_as(app.test_client(), "admin"), worker(company, 1)

    for key, public_id, tabs in (("company", company, COMPANY_TABS), ("foreign_national", person, PERSON_TABS)):
        for name in tabs:
            page = tab(client, key, public_id, name)
            assert page.count('aria-current="page"') >= 1, name
            assert page.count("<h1") == 1, name
    workers = tab(client, "company", company, "workers")
    assert "KIM A" in workers
    assert "Korea Selatan" in workers
    assert "01/01/2027" in workers
    assert "TKA 1" in titles(workers)
    contacts = tab(client, "company", company, "contacts")
    assert "https://wa.me/6281234567890" in contacts
    assert "Undangan & kehadiran" not in titles(contacts), "nothing of the kind exists"
    assert "PT Contoh Lama" in tab(client, "company", company, "summary")
    assert "Izin tinggal" in tab(client, "foreign_national", person, "documents")
    unknown = tab(client, "company", company, "tidak-ada")
    assert "Jalan Uji 1" in unknown, "an unknown tab is the first one"


def test_a_reader_finds_only_the_tabs_they_may_open(app: Flask, company: str) -> None:
    chair = log_in_as(app.test_client(), "timpora_chair")

    assert "Laporan" not in titles(tab(chair, "company", company, "summary"))
    assert "Belum ada laporan" not in tab(chair, "company", company, "reports"), (
        "asked by address: the first tab instead"
    )
    assert "Rutin melapor" not in tab(chair, "company", company, "summary")


def test_only_the_open_tab_is_read_and_its_queries_do_not_grow_with_the_rows(
    app: Flask, company: str, statements: list[str]
) -> None:
    client = log_in_as(app.test_client(), "admin")
    worker(company, 1)

    def asked(name: str) -> int:
        tab(client, "company", company, name)
        statements.clear()
        page = tab(client, "company", company, name)
        assert name in ("workers", "summary", "history") or "KIM" not in page
        return len(statements)

    few = {name: asked(name) for name in COMPANY_TABS}
    for number in range(2, 8):
        worker(company, number)
    many = {name: asked(name) for name in ("workers", "summary", "contacts", "access", "registers")}

    assert {name: number for name, number in many.items() if number > few[name]} == {}
    assert max(few.values()) < 45, few


def test_reporting_is_told_as_counted_facts_with_their_reasons(app: Flask, company: str) -> None:
    client, today = log_in_as(app.test_client(), "admin"), settings().today(utcnow())
    assert "Belum ada laporan yang jatuh tempo" in tab(client, "company", company, "summary")
    with unit_of_work() as session:
        id_ = session.execute(get("company").table.select()).mappings().one()["id"]
        session.add(Duty(company_id=id_, form="wajib-lapor", period="2026-01", due_on=today - timedelta(days=5)))

    page = tab(client, "company", company, "summary")

    assert "Belum pernah melapor" in page
    assert "1 laporan belum masuk" in page
    assert "Januari 2026" in page
    assert "Ini bukan skor" in page
    assert "terlambat 5 hari" in tab(client, "company", company, "duties")


def test_the_timeline_tells_of_everything_around_and_can_be_narrowed(app: Flask, company: str) -> None:
    client = log_in_as(app.test_client(), "admin")
    worker(company, 1)

    page = tab(client, "company", company, "history")
    assert "Kontak: Sari Dewi" in page
    assert "Penjaminan: Insinyur" in page
    mails = tab(client, "company", company, "history", kind="mail")
    assert "Kontak: Sari Dewi" not in mails
    assert "Belum ada kejadian jenis ini" in mails


def test_who_looked_at_a_hidden_number_is_told_to_the_office(app: Flask, company: str) -> None:
    client, person = log_in_as(app.test_client(), "admin"), worker(company, 1)
    with unit_of_work(write=False) as session:
        passport = lists.page(session, get("passport"), SYSTEM).rows[0]["public_id"]
    assert "Belum ada." in tab(client, "foreign_national", person, "access")

    token = hidden(client.get(f"/staff/passport/details/?id={passport}").text)["csrf_token"]
    client.post(f"/staff/passport/reveal/?id={passport}", data={"csrf_token": token, "field": "number"})

    page = tab(client, "foreign_national", person, "access")
    assert "Paspor: Nomor paspor" in page
    assert "Siti Aminah" in page


def test_each_value_says_since_when_and_through_what(app: Flask, company: str) -> None:
    client = log_in_as(app.test_client(), "admin")
    edit = client.get(f"/staff/company/edit/?id={company}").text
    from tests.fixtures.forms import form_of

    form = form_of(edit)
    form["address"] = "Jalan Uji 2"
    assert client.post(f"/staff/company/edit/?id={company}", data=form).status_code == 302

    page = tab(client, "company", company, "registers")
    origin = re.search(r"<th scope=\"row\">Alamat</th>(.*?)</tr>", page, re.S)
    assert origin
    assert "Siti Aminah" in origin[1]
    assert "diketik di layar" in origin[1]


@pytest.mark.parametrize("role", ["admin", "field_officer", "timpora_chair", "agency_member", "auditor"])
def test_who_may_see_is_what_the_policy_does(
    session: Session, role: str, staff: Callable[..., Actor], now: datetime
) -> None:
    from app.operations import users

    users.ensure_roles(session, SYSTEM, now)
    region = records.save(
        session, get("region"), {"code": "35.16.05", "name": "Ngoro", "level": "kecamatan"}, SYSTEM, now=now
    )
    elsewhere = records.save(
        session, get("region"), {"code": "51.01.01", "name": "Lain", "level": "kecamatan"}, SYSTEM, now=now
    )
    near = records.save(
        session,
        get("agency"),
        {"code": "KEC", "name": "Kecamatan Ngoro", "kind": "kecamatan", "region": region.id},
        SYSTEM,
        now=now,
    )
    records.save(
        session,
        get("agency"),
        {"code": "JAUH", "name": "Kecamatan Lain", "kind": "kecamatan", "region": elsewhere.id},
        SYSTEM,
        now=now,
    )
    made = records.save(session, get("company"), {"legal_name": "PT Contoh", "region": region.id}, SYSTEM, now=now)
    row = lists.one(session, get("company"), SYSTEM, str(made.public_id)) or {}

    told = {one.code: one for one in sight.roles(session, get("company"), row)}

    actor = (
        staff(role)
        if role != "agency_member"
        else Actor("agency", "x", frozenset({role}), agency_id=near.id, region_code="35.16.05")
    )
    assert told[role].row == (lists.one(session, get("company"), actor, str(made.public_id)) is not None)
    assert [name for name, _id in sight.agencies(session, get("company"), row)] == ["Kecamatan Ngoro"]
