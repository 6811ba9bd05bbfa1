"""The staff door over time: edits that meet, reasons, history, versions, the trash, drafts."""

from __future__ import annotations

import html
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import records, trash
from app.queries import history, lists
from app.registry import get
from tests.contracts.test_registries_staff import form_of
from tests.fixtures.login import log_in_as
from tests.integration.company import SYSTEM

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

COMPANY = get("company")
BUDI = Actor("staff", "Budi Rekan", frozenset({"admin"}), door="screen")


def saved(key: str, public_id: str | None = None, actor: Actor = SYSTEM, **values: Any) -> str:
    with unit_of_work() as session:
        outcome = records.save(session, get(key), values, actor, now=utcnow(), public_id=public_id)
        assert not outcome.problems, outcome.problems
        return str(outcome.public_id)


def row(public_id: str, key: str = "company") -> dict[str, Any]:
    with unit_of_work(write=False) as session:
        return lists.one(session, get(key), SYSTEM, public_id) or {}


def events(public_id: str, key: str = "company") -> list[history.Event]:
    with unit_of_work(write=False) as session:
        return history.of(session, get(key), public_id, SYSTEM)


def sent(page: str, **typed: str) -> MultiDict[str, str]:
    """The page's form as the browser sends it, with what was typed."""
    made = form_of(page)
    for name, text in typed.items():
        made.setlist(name, [text])
    return made


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    return log_in_as(client, "admin")


def test_the_reason_of_a_change_is_kept_with_it_and_the_door(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju")
    edit = f"/staff/company/edit/?id={public_id}"
    opened = admin.get(edit).text
    assert "Alasan perubahan" in opened

    admin.post(edit, data=sent(opened, address="Jalan Baru", _reason="surat tanggal 3 Desember"))

    newest = events(public_id)[0]
    assert (newest.reason, newest.door) == ("surat tanggal 3 Desember", "screen")
    assert newest.request_id


def test_changes_of_different_fields_are_both_kept_and_said(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju")
    edit = f"/staff/company/edit/?id={public_id}"
    opened = admin.get(edit).text
    saved("company", public_id, BUDI, scale="small")

    answer = admin.post(edit, data=sent(opened, address="Jalan Baru"))

    assert answer.status_code == 302
    assert (row(public_id)["address"], row(public_id)["scale"]) == ("Jalan Baru", "small")
    said = html.unescape(admin.get(answer.location).text)
    assert "Budi Rekan mengubah data ini pada saat yang sama: Skala usaha" in said


def test_the_page_where_two_changes_meet_says_who_when_and_what_merges(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju", address="Jalan Lama")
    edit = f"/staff/company/edit/?id={public_id}"
    opened = admin.get(edit).text
    saved("company", public_id, BUDI, address="Jalan Budi", scale="small")

    asked = admin.post(edit, data=sent(opened, address="Jalan Saya", risk="low", _reason="dari lapangan"))

    assert asked.status_code == 409
    text = html.unescape(asked.text)
    for told in ("Jalan Lama", "Jalan Saya", "Jalan Budi", "Budi Rekan, ", "Skala usaha", "Risiko usaha"):
        assert told in text, told
    chosen = sent(asked.text, **{"_choose-address": "mine"})
    assert admin.post(edit, data=chosen).status_code == 302
    now = row(public_id)
    assert (now["address"], now["scale"], now["risk"]) == ("Jalan Saya", "small", "low")
    assert events(public_id)[0].reason == "dari lapangan"


def test_a_third_save_while_choosing_is_asked_about_again(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju")
    edit = f"/staff/company/edit/?id={public_id}"
    opened = admin.get(edit).text
    saved("company", public_id, BUDI, address="Jalan Budi")
    asked = admin.post(edit, data=sent(opened, address="Jalan Saya"))
    saved("company", public_id, BUDI, address="Jalan Budi Kedua")

    again = admin.post(edit, data=sent(asked.text, **{"_choose-address": "mine"}))

    assert again.status_code == 409
    assert "Jalan Budi Kedua" in again.text
    assert row(public_id)["address"] == "Jalan Budi Kedua"


def test_what_was_typed_survives_that_a_colleague_threw_the_record_away(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju")
    edit = f"/staff/company/edit/?id={public_id}"
    opened = admin.get(edit).text
    with unit_of_work() as session:
        trash.delete(session, COMPANY, [public_id], BUDI, now=utcnow(), reason="ganda")

    told = admin.post(edit, data=sent(opened, address="Jalan Saya"))

    assert told.status_code == 409
    assert "Budi Rekan" in told.text
    assert "ganda" in told.text
    assert admin.post(edit, data=sent(told.text)).status_code == 302
    now = row(public_id)
    assert (now["address"], now["deleted_at"]) == ("Jalan Saya", None)


def test_a_form_of_few_fields_touches_no_other(admin: FlaskClient) -> None:
    """What an inline edit sends: the rest of the record is neither emptied nor overwritten."""
    public_id = saved("company", legal_name="PT Contoh Maju", address="Jalan Lama", scale="small")
    token = form_of(admin.get(f"/staff/company/edit/?id={public_id}").text)["csrf_token"]

    few = {"csrf_token": token, "row_version": "1", "_only": "address", "address": "Jalan Baru"}
    answer = admin.post(f"/staff/company/edit/?id={public_id}", data=few)

    assert answer.status_code == 302
    assert (row(public_id)["legal_name"], row(public_id)["address"]) == ("PT Contoh Maju", "Jalan Baru")
    assert row(public_id)["scale"] == "small"


def test_a_reference_into_the_trash_may_stand_but_not_be_chosen(admin: FlaskClient) -> None:
    zone = saved("zone", code="KIC", name="Kawasan Contoh")
    public_id = saved("company", legal_name="PT Contoh Maju", zone=zone)
    with unit_of_work() as session:
        trash.delete(session, get("zone"), [zone], BUDI, now=utcnow())
    edit = f"/staff/company/edit/?id={public_id}"

    assert admin.post(edit, data=sent(admin.get(edit).text, address="Jalan Baru")).status_code == 302
    assert row(public_id)["zone"] is not None
    other = saved("company", legal_name="PT Lain")
    edit = f"/staff/company/edit/?id={other}"
    refused = admin.post(edit, data=sent(admin.get(edit).text, zone=zone))
    assert refused.status_code == 422
    assert "ada di tempat sampah" in refused.text
