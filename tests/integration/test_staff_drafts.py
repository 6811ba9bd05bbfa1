"""Typed and not saved: sealed, for one person, one day; offered again, and never written over by another page."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor, Grants
from app.domain.errors import Forbidden
from app.models.audit import AuditEntry
from app.models.record import new_public_id
from app.models.staff_draft import StaffDraft
from app.operations import records, staff_drafts, users
from app.operations.staff_drafts import Entries, Kept
from app.queries import lists
from app.registry import get
from tests.fixtures.forms import form_of
from tests.fixtures.login import EMAIL, PASSWORD, choose_password, log_in_as, make_user
from tests.fixtures.web import hidden

COMPANY, PERSON = get("company"), get("foreign_national")
SYSTEM = Actor.system("uji")
TYPED: Entries = [("row_version", "1"), ("legal_name", "PT Contoh Maju"), ("address", "Jalan Belum Disimpan 1")]
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Person = Callable[..., Actor]


@pytest.fixture
def person(session: Session, now: datetime) -> Person:
    """`person("analyst")`: a member of staff with a row of their own."""
    known: list[str] = []

    def make(*roles: str) -> Actor:
        known.append(f"{len(known)}@kantor.example")
        user = users.add(session, email=known[-1], name="Siti Aminah", roles=["analyst"], actor=SYSTEM, now=now)
        session.commit()
        return Actor(kind="staff", name=user.name, roles=frozenset(roles), user_id=user.id)

    return make


@pytest.fixture
def record(session: Session, now: datetime) -> str:
    made = records.save(session, COMPANY, {"legal_name": "PT Contoh Maju"}, SYSTEM, now=now).public_id
    session.commit()
    return str(made)


def keep(session: Session, actor: Actor, record: str, page: str, now: datetime, entries: Entries = TYPED) -> None:
    staff_drafts.keep(session, settings(), COMPANY, actor, record=record, page=page, entries=entries, now=now)


def find(session: Session, actor: Actor, record: str, now: datetime) -> Kept | None:
    return staff_drafts.find(session, settings(), COMPANY, actor, record, now=now)


def test_what_is_typed_is_found_again_as_it_was_typed(
    session: Session, person: Person, record: str, now: datetime
) -> None:
    actor, page = person("analyst"), new_public_id()
    keep(session, actor, record, page, now - timedelta(minutes=5), TYPED[:1])
    keep(session, actor, record, page, now)

    found = find(session, actor, record, now)

    assert found is not None
    assert (found.entries, found.page, found.saved_at, found.version) == (TYPED, page, now, 1)
    assert len(session.exec(select(StaffDraft)).all()) == 1


def test_the_database_holds_it_sealed_and_the_audit_log_nothing(
    session: Session, person: Person, record: str, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    actor, before = person("analyst"), len(session.exec(select(AuditEntry)).all())
    with caplog.at_level(logging.DEBUG, "sinergi"):
        keep(session, actor, record, new_public_id(), now)
        session.commit()

    stored = session.exec(select(StaffDraft)).one()
    assert "Jalan" not in f"{stored.model_dump()} {caplog.text}"
    assert len(session.exec(select(AuditEntry)).all()) == before


def test_moved_to_another_person_or_record_it_does_not_open(
    session: Session, person: Person, record: str, now: datetime
) -> None:
    owner, other = person("analyst"), person("analyst")
    keep(session, owner, record, new_public_id(), now)
    stored = session.exec(select(StaffDraft)).one()
    assert find(session, other, record, now) is None

    stored.user_id = int(other.user_id or 0)
    session.add(stored)
    session.flush()

    assert find(session, other, record, now) is None
    assert find(session, owner, record, now) is None


def test_a_second_page_of_the_same_record_writes_over_nothing(
    session: Session, person: Person, record: str, now: datetime
) -> None:
    actor, first, second = person("analyst"), new_public_id(), new_public_id()
    keep(session, actor, record, first, now)

    with pytest.raises(staff_drafts.Elsewhere):
        keep(session, actor, record, second, now, [("address", "Jalan Lain")])
    staff_drafts.drop(session, COMPANY, actor, record, second)
    kept = find(session, actor, record, now)
    assert kept is not None
    assert kept.entries == TYPED

    staff_drafts.drop(session, COMPANY, actor, record, first)
    keep(session, actor, record, second, now)
    keep(session, actor, "", first, now)
    assert len(session.exec(select(StaffDraft)).all()) == 2, "one of the record, one of a new one"


def test_after_a_day_it_is_gone_and_leaves_room(session: Session, person: Person, record: str, now: datetime) -> None:
    actor, later = person("analyst"), now + staff_drafts.KEPT
    keep(session, actor, record, new_public_id(), now)
    keep(session, actor, "", new_public_id(), now)

    assert find(session, actor, record, later - timedelta(seconds=1)) is not None
    assert find(session, actor, record, later) is None
    keep(session, actor, record, new_public_id(), later)
    assert staff_drafts.expire(session, now=later) == 1
    assert find(session, actor, record, later) is not None


def test_only_what_the_person_may_write_is_kept_and_it_is_asked_again_when_used(
    session: Session, person: Person, record: str, now: datetime
) -> None:
    analyst = person("analyst")
    row = new_public_id()
    inline = [("contact-row", row), (f"contact-{row}-email", "sari@contoh.example"), (f"contact-{row}-_version", "1")]
    odd = [("created_by", "saya"), ("csrf_token", "x"), ("_choose-address", "mine"), (f"user-{row}-email", "x"),
           (f"contact-{row}-created_by", "x"), ("contact-row-x-y", "z")]  # fmt: skip
    keep(session, analyst, record, new_public_id(), now, [*TYPED, *odd, *inline])
    found = find(session, analyst, record, now)
    assert found is not None
    assert found.entries == [*TYPED, *inline]

    closed = Grants(1, {("analyst", "company", "address", "write"): "deny"})
    kept = find(session, replace(analyst, grants=closed), record, now)
    assert kept is not None
    assert kept.entries == [*TYPED[:2], *inline]
    reader = replace(analyst, roles=frozenset({"auditor"}))
    assert find(session, reader, record, now) is None
    with pytest.raises(Forbidden):
        keep(session, reader, record, new_public_id(), now)


# ---- the pages


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    return log_in_as(client, "admin")


def saved(public_id: str | None = None, **values: str) -> str:
    with unit_of_work() as session:
        outcome = records.save(session, COMPANY, values, SYSTEM, now=utcnow(), public_id=public_id)
        assert not outcome.problems, outcome.problems
        return str(outcome.public_id)


def row(public_id: str) -> dict[str, object]:
    with unit_of_work(write=False) as session:
        return lists.one(session, COMPANY, SYSTEM, public_id) or {}


def drafts() -> int:
    with unit_of_work(write=False) as session:
        return len(session.exec(select(StaffDraft)).all())


def filled(page: str, **typed: str) -> MultiDict[str, str]:
    """The page's form as the browser sends it, with what was typed."""
    made = form_of(page)
    for name, text in typed.items():
        made.setlist(name, [text])
    return made


def kept_by_script(client: FlaskClient, page: str, **typed: str) -> TestResponse:
    found = re.search(r'data-draft="([^"]+)"', page)
    assert found
    return client.post(
        html.unescape(found[1]), data=filled(page, **typed), headers={"Accept": "application/json"}
    )  # fmt: skip


def offered(page: str) -> str:
    found = re.search(r'href="([^"]*draft=1[^"]*)"', page)
    assert found, "no draft is offered"
    return html.unescape(found[1])


@ON_ONE
def test_a_draft_is_offered_used_and_gone_once_saved(admin: FlaskClient) -> None:
    edit = f"/staff/company/edit/?id={saved(legal_name='PT Contoh Maju')}"
    said = kept_by_script(admin, admin.get(edit).text, address="Jalan Belum Disimpan 1")
    assert "Draf disimpan" in said.get_json()["said"]

    again = admin.get(edit).text
    assert "yang belum disimpan, dari" in again
    assert "Jalan Belum Disimpan 1" not in again
    used = admin.get(offered(again)).text
    assert "Jalan Belum Disimpan 1" in used
    assert 'data-guard="dirty"' in used

    assert admin.post(edit, data=filled(used)).status_code == 302
    assert row(edit.rpartition("=")[2])["address"] == "Jalan Belum Disimpan 1"
    assert drafts() == 0
    assert "yang belum disimpan, dari" not in admin.get(edit).text


@ON_ONE
def test_a_draft_is_thrown_away_by_its_button_alone(admin: FlaskClient) -> None:
    kept_by_script(admin, admin.get("/staff/company/new/").text, legal_name="PT Belum Jadi")
    opened = admin.get("/staff/company/new/").text
    other = kept_by_script(admin, opened, legal_name="PT Halaman Kedua")
    assert other.status_code == 409
    assert "dari halaman lain" in other.get_json()["error"]["message"]

    button = re.search(r'(?s)<section class="note draft".*?</section>', opened)
    assert button
    address = re.search(r'action="([^"]+)"', button[0])
    assert address
    answer = admin.post(html.unescape(address[1]), data={**hidden(button[0]), "_drop": "1"})

    assert answer.status_code == 302
    assert drafts() == 0
    assert "Perubahan yang belum disimpan sudah dibuang" in admin.get(answer.location).text
    assert "tidak ada lagi: sudah masuk ke data" in admin.get("/staff/company/new/?draft=1").text


@ON_ONE
def test_a_draft_of_an_older_version_meets_what_was_saved_since(admin: FlaskClient) -> None:
    public_id = saved(legal_name="PT Contoh Maju", address="Jalan Lama")
    edit = f"/staff/company/edit/?id={public_id}"
    kept_by_script(admin, admin.get(edit).text, address="Jalan Saya")
    saved(public_id, address="Jalan Rekan")

    offer = admin.get(edit).text
    assert "Data ini berubah sejak itu" in offer
    met = admin.post(edit, data=filled(admin.get(offered(offer)).text))
    assert met.status_code == 409
    assert "Jalan Saya" in met.text
    assert "Jalan Rekan" in met.text
    assert drafts() == 1, "nothing is decided yet"

    done = admin.post(edit, data=filled(met.text, **{"_choose-address": "mine"}))
    assert done.status_code == 302
    assert (row(public_id)["address"], drafts()) == ("Jalan Saya", 0)


@ON_ONE
@pytest.mark.parametrize("new", [False, True])
def test_a_form_sent_after_the_end_of_the_session_is_found_after_the_login(client: FlaskClient, new: bool) -> None:
    choose_password(client, make_user(EMAIL, "analyst"))
    path = "/staff/company/new/" if new else f"/staff/company/edit/?id={saved(legal_name='PT Contoh Maju')}"
    opened = client.get(path).text
    with client.session_transaction(base_url="https://localhost") as cookie:
        cookie["seen"] -= 31 * 60

    refused = client.post(path, data=filled(opened, legal_name="PT Ketikan Lama"))
    assert refused.status_code == 401
    assert drafts() == 0, "nobody is logged in"
    entered = client.post("/masuk", data={**hidden(refused.text), "email": EMAIL, "password": PASSWORD})

    assert entered.status_code == 200
    assert "PT Ketikan Lama" in client.get(offered(entered.text)).text
    assert "yang belum disimpan, dari" in client.get(path).text, "also for whoever closes that page"
    assert client.post(path, data=filled(client.get(offered(entered.text)).text)).status_code == 302
    assert drafts() == 0


@ON_ONE
def test_a_script_without_a_session_is_told_to_log_in_and_nothing_is_kept(admin: FlaskClient) -> None:
    opened = admin.get("/staff/company/new/").text
    with admin.session_transaction(base_url="https://localhost") as cookie:
        cookie.pop("_user_id")

    assert kept_by_script(admin, opened, legal_name="PT Belum Jadi").status_code == 401
    assert drafts() == 0
