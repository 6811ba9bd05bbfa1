"""The staff door over time: edits that meet, reasons, history, versions, the trash, drafts."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import grants, records, trash
from app.queries import grants as rights
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


def versions_of(public_id: str) -> list[int | None]:
    with unit_of_work(write=False) as session:
        found = lists.one(session, COMPANY, SYSTEM, public_id) or {}
        return [one.version for one in history.page(session, COMPANY, found, SYSTEM, limit=500).events]


def test_the_history_says_who_when_why_through_which_door_and_what(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju")
    edit = f"/staff/company/edit/?id={public_id}"
    admin.post(edit, data=sent(admin.get(edit).text, address="Jalan Baru", _reason="surat masuk"))

    page = html.unescape(admin.get(f"/staff/company/history/?id={public_id}").text)

    for told in ("Diubah", "versi 2", "Petugas Uji" if "Petugas Uji" in page else "Siti Aminah", "di layar",
                 "Alasan: surat masuk", "Alamat", "Jalan Baru", "Kode permintaan: "):  # fmt: skip
        assert told in page, told
    assert "oleh sistem" in page, "the company itself came by a job"


def test_thousands_of_entries_come_a_page_at_a_time_and_are_numbered_all_the_same(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju")
    for number in range(60):
        saved("company", public_id, BUDI if number % 2 else SYSTEM, address=f"Jalan {number}")

    seen: list[str] = []
    address: str | None = f"/staff/company/history/?id={public_id}"
    while address:
        page = admin.get(address).text
        seen += re.findall(r'<li id="v(\d+)"', page)
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = html.unescape(found[1]) if found else None

    assert seen == [str(number) for number in range(61, 0, -1)]
    assert versions_of(public_id) == list(range(61, 0, -1))


def test_the_history_is_narrowed_by_field_person_and_action(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju")
    saved("company", public_id, BUDI, address="Jalan Satu")
    saved("company", public_id, SYSTEM, scale="small")

    def shown(**narrow: str) -> list[str]:
        page = admin.get("/staff/company/history/", query_string={"id": public_id, **narrow})
        return re.findall(r'<li id="v(\d+)"', page.text)

    assert shown(field="address") == ["2"]
    assert shown(person="Budi Rekan") == ["2"]
    assert shown(action="create") == ["1"]
    assert shown(action="update", field="scale") == ["3"]
    assert shown(action="revert") == []
    assert shown(field="nothing_of_the_kind") == []


def test_the_record_can_be_seen_as_it_stood(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Nama Lama", address="Jalan Satu")
    saved("company", public_id, BUDI, legal_name="PT Nama Baru", address="")

    then = html.unescape(admin.get(f"/staff/company/version/?id={public_id}&v=1").text)

    assert "PT Nama Lama" in then
    assert "Jalan Satu" in then
    assert "bukan sekarang: versi 1 dari 2" in then
    for wrong in ("0", "3", "-1", "x", "99999999999", ""):
        assert admin.get(f"/staff/company/version/?id={public_id}&v={wrong}").status_code == 404, wrong


def test_any_two_versions_stand_side_by_side(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju", address="Satu")
    saved("company", public_id, BUDI, address="Dua")
    saved("company", public_id, BUDI, address="Tiga", scale="small")

    two = html.unescape(admin.get(f"/staff/company/compare/?id={public_id}&a=3&b=1").text)
    table = two[two.index("<tbody>") : two.index("</tbody>")]
    everything = admin.get(f"/staff/company/compare/?id={public_id}&a=1&b=3&all=1").text

    assert "Satu" in table
    assert "Tiga" in table
    assert "Dua" not in table
    assert table.count("<tr") == 2
    assert "PT Contoh Maju" not in table
    assert everything.count('<th scope="row">') > 10
    assert admin.get(f"/staff/company/compare/?id={public_id}").status_code == 200
    assert admin.get(f"/staff/company/compare/?id={public_id}&a=1&b=9").status_code == 404


def test_one_field_goes_back_and_the_entry_says_to_which_version(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju", address="Satu", scale="small")
    saved("company", public_id, BUDI, address="Dua", scale="large")
    ask = f"/staff/company/revert/?id={public_id}&to=1"

    page = admin.get(f"{ask}&field=address").text
    assert admin.post(ask, data=sent(page, _reason="salah ketik")).status_code == 302

    assert (row(public_id)["address"], row(public_id)["scale"]) == ("Satu", "large")
    newest = events(public_id)[0]
    assert (newest.reverted_to, newest.reason, newest.action) == (1, "salah ketik", "update")
    told = html.unescape(admin.get(f"/staff/company/history/?id={public_id}").text)
    assert "Dikembalikan ke versi 1" in told


def test_the_whole_record_goes_back(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju", address="Satu", scale="small")
    saved("company", public_id, BUDI, legal_name="PT Diganti", address="", scale="large", is_sponsor=True)
    ask = f"/staff/company/revert/?id={public_id}&to=1"

    assert admin.post(ask, data=sent(admin.get(ask).text)).status_code == 302

    now = row(public_id)
    assert (now["legal_name"], now["address"], now["scale"]) == ("PT Contoh Maju", "Satu", "small")
    assert now["is_sponsor"] is False
    assert "sudah sama seperti ketika itu" in html.unescape(admin.get(ask).text)


def test_what_is_no_longer_valid_does_not_go_back_and_is_said(admin: FlaskClient) -> None:
    zone = saved("zone", code="KIC", name="Kawasan Contoh")
    public_id = saved("company", legal_name="PT Contoh Maju", nib="1234567890123", zone=zone, address="Satu")
    saved("company", public_id, BUDI, nib="", zone="", address="Dua")
    saved("company", legal_name="PT Lain", nib="1234567890123")
    with unit_of_work() as session:
        trash.delete(session, get("zone"), [zone], BUDI, now=utcnow())
    ask = f"/staff/company/revert/?id={public_id}&to=1"
    page = admin.get(ask).text

    refused = admin.post(ask, data=sent(page, _reason="kembali"))

    assert refused.status_code == 422
    text = html.unescape(refused.text)
    assert "Kawasan Contoh” ada di tempat sampah" in text
    assert 'value="kembali"' in text, "the reason is kept"
    assert row(public_id)["address"] == "Dua", "all or nothing"
    without = sent(refused.text)
    without.setlist("_field", ["nib", "address"])
    assert "sudah dipakai data lain" in html.unescape(admin.post(ask, data=without).text)
    without.setlist("_field", ["address"])
    assert admin.post(ask, data=without).status_code == 302
    assert row(public_id)["address"] == "Satu"


def test_going_back_overwrites_no_colleague_unseen(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju", address="Satu", scale="small")
    saved("company", public_id, BUDI, address="Dua", scale="large")
    ask = f"/staff/company/revert/?id={public_id}&to=1"
    page = admin.get(ask).text
    saved("company", public_id, BUDI, address="Tiga")

    asked = admin.post(ask, data=sent(page))

    assert asked.status_code == 409
    assert "Tiga" in asked.text
    assert row(public_id)["address"] == "Tiga"
    assert admin.post(ask, data=sent(asked.text, **{"_choose-address": "theirs"})).status_code == 302
    assert (row(public_id)["address"], row(public_id)["scale"]) == ("Tiga", "small")


def test_nothing_goes_back_in_the_trash_or_without_a_choice(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju", address="Satu")
    saved("company", public_id, BUDI, address="Dua")
    ask = f"/staff/company/revert/?id={public_id}&to=1"
    none = sent(admin.get(ask).text)
    none.setlist("_field", [])
    assert admin.post(ask, data=none).status_code == 422
    with unit_of_work() as session:
        trash.delete(session, COMPANY, [public_id], BUDI, now=utcnow())
    assert admin.get(ask).status_code == 404
    assert admin.post(ask, data=none).status_code == 404
    assert admin.get(f"/staff/company/history/?id={public_id}").status_code == 200


def test_what_went_to_the_trash_together_says_so(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju")
    contact = saved("contact", company=public_id, name="Sari", phone="081234567890")
    with unit_of_work() as session:
        trash.delete(session, COMPANY, [public_id], BUDI, now=utcnow())

    told = html.unescape(admin.get(f"/staff/contact/history/?id={contact}").text)

    assert "bersama <a" in told
    assert "PT Contoh Maju" in told


def test_masked_values_stay_masked_in_every_page_of_the_past(admin: FlaskClient) -> None:
    who = {"name_display": "KIM MIN JI", "sex": "P", "birth_date": "12/03/1985", "nationality": "KOR"}
    public_id = saved("foreign_national", **who, nik="3171234509870006")
    saved("foreign_national", public_id, BUDI, nik="3171234509870007", phone="081234567890")
    here = f"/staff/foreign_national/{{}}/?id={public_id}"
    pages = [
        here.format("history"), here.format("version") + "&v=1", here.format("version") + "&v=2",
        here.format("compare") + "&a=1&b=2", here.format("compare") + "&a=1&b=2&all=1",
        here.format("revert") + "&to=1", here.format("details"),
    ]  # fmt: skip
    for page in pages:
        answer = admin.get(page)
        assert answer.status_code == 200
        assert "317123450987000" not in answer.text, page

    ask = here.format("revert") + "&to=1"
    assert admin.post(ask, data=sent(admin.get(ask).text)).status_code == 302
    with unit_of_work(write=False) as session:
        assert records.find(session, get("foreign_national"), public_id, SYSTEM)["nik"] == "3171234509870006"


def test_a_field_the_reader_may_not_see_is_nowhere_in_the_past(client: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju", address="Jalan Rahasia")
    saved("company", public_id, BUDI, scale="small")
    saved("company", public_id, SYSTEM, address="Jalan Rahasia Dua")
    analyst = log_in_as(client, "analyst")
    assert "Rahasia" in analyst.get(f"/staff/company/history/?id={public_id}").text
    with unit_of_work() as session:
        wish = grants.Wish("analyst", "company", "address", "read", "hidden")
        seen = rights.current(session).version
        grants.change(session, [wish], SYSTEM, now=utcnow(), reason="uji", seen=seen)

    for page in ("history", "version", "compare", "revert", "details"):
        asked = {"id": public_id, "v": 1, "a": 1, "b": 3, "to": 1, "all": 1, "field": "address"}
        answer = analyst.get(f"/staff/company/{page}/", query_string=asked)
        assert answer.status_code == 200, page
        assert "Rahasia" not in answer.text, page
    assert "1 isian yang tidak dapat Anda lihat" in analyst.get(f"/staff/company/history/?id={public_id}").text


def test_the_trash_of_a_registry_says_who_when_why_with_what_and_how_long(admin: FlaskClient) -> None:
    public_id = saved("company", legal_name="PT Contoh Maju")
    contact = saved("contact", company=public_id, name="Sari", phone="081234567890")
    asked = admin.get(f"/staff/company/delete/?id={public_id}").text
    assert "Ikut dibuang, dan ikut kembali" in asked
    assert "Kontak" in asked
    admin.post(f"/staff/company/delete/?id={public_id}", data=sent(asked, _reason="data ganda"))

    shown = html.unescape(admin.get("/staff/company/?trash=1").text)
    part = html.unescape(admin.get("/staff/contact/?trash=1").text)
    page = html.unescape(admin.get(f"/staff/contact/details/?id={contact}").text)

    for told in ("Masa simpannya belum ditetapkan", "data ganda", "Kontak 1", "tanpa batas"):
        assert told in shown, told
    assert f"/staff/company/details/?id={public_id}" in part
    assert "Dibuang bersama" in page


def test_what_is_in_use_is_not_thrown_away_and_what_uses_it_is_named(admin: FlaskClient) -> None:
    firm = saved("company", legal_name="PT Contoh Maju")
    who = {"name_display": "KIM MIN JI", "sex": "P", "birth_date": "12/03/1985", "nationality": "KOR"}
    person = saved("foreign_national", **who)
    saved("sponsorship", person=person, sponsor=firm, started_on="01/02/2026", job_title="Manajer")
    ask = f"/staff/company/delete/?id={firm}"

    page = html.unescape(admin.get(ask).text)
    refused = admin.post(ask, data={"csrf_token": form_of(admin.get(ask).text)["csrf_token"]})

    assert "Data ini tidak dapat dibuang" in page
    assert "Manajer" in page
    assert refused.status_code == 409
    assert row(firm)["deleted_at"] is None


def test_a_part_in_the_trash_waits_for_its_owner(admin: FlaskClient) -> None:
    firm = saved("company", legal_name="PT Contoh Maju")
    contact = saved("contact", company=firm, name="Sari", phone="081234567890")
    with unit_of_work() as session:
        trash.delete(session, COMPANY, [firm], BUDI, now=utcnow())
    token = {"csrf_token": form_of(admin.get("/staff/company/new/").text)["csrf_token"]}

    answer = admin.post(f"/staff/contact/restore/?id={contact}", data=token)

    assert "PT Contoh Maju, ada di tempat sampah" in html.unescape(admin.get(answer.location).text)
    back = admin.post(f"/staff/company/restore/?id={firm}", data=token)
    assert "Kontak 1" in html.unescape(admin.get(back.location).text)
    assert row(contact, "contact")["deleted_at"] is None
