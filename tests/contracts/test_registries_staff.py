"""Every registry on the staff door, driven as a browser drives it: what is declared works and obeys the policy."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import records, users
from app.queries import history, lists
from app.registry import Registry, registries
from tests.factories import record, values
from tests.fixtures.forms import answers, form_of, made, plain
from tests.fixtures.web import hidden

ALL = list(registries().values())
SYSTEM = Actor.system("uji")
Login = Callable[..., FlaskClient]

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("registry", ALL, ids=lambda registry: registry.key),
]


@pytest.fixture
def login(app: Flask) -> Login:
    """A client logged in as a new member of staff with these roles."""

    def make(*roles: str) -> FlaskClient:
        client, now = app.test_client(), utcnow()
        with unit_of_work() as session:
            email = f"{'-'.join(roles)}@kantor.example"
            user = users.add(
                session, email=email, name="Petugas Uji", roles=roles, actor=SYSTEM, now=now, status="active"
            )
            path = users.one_time_link(session, user, now, settings()).removeprefix(settings().public_url)
        assert client.post(path, data=hidden(client.get(path).text)).status_code == 302
        return client

    return make


@pytest.fixture
def admin(login: Login) -> FlaskClient:
    return login("admin")


def test_the_list_shows_a_record_in_both_languages(registry: Registry, admin: FlaskClient) -> None:
    public_id = made(registry)

    for language in ("id", "en"):
        page = admin.get(f"/staff/{registry.key}/?lang={language}")
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
        assert registry.title.text(language) in plain(page.text)
        assert f"id={public_id}" in page.text
        assert page.text.count("<h1") == 1


def test_an_empty_list_says_what_to_do(registry: Registry, admin: FlaskClient) -> None:
    page = admin.get(f"/staff/{registry.key}/?q=tidakadasamasekali")

    assert page.status_code == 200
    assert "empty-state" in page.text


def test_a_record_is_created_changed_deleted_and_restored_by_forms(registry: Registry, admin: FlaskClient) -> None:
    typed = answers(registry)
    token = hidden(admin.get(f"/staff/{registry.key}/new/").text)["csrf_token"]

    created = admin.post(f"/staff/{registry.key}/new/", data={**typed, "csrf_token": token})
    assert created.status_code == 302, re.findall(r"field-error.*?<span>(.*?)</span>", created.text)
    public_id = re.search(r"id=(\w+)", created.location)
    assert public_id
    details = admin.get(created.location)
    assert details.status_code == 200

    edit = f"/staff/{registry.key}/edit/?id={public_id[1]}"
    same = admin.post(edit, data=form_of(admin.get(edit).text))
    assert same.status_code == 302, re.findall(r"field-error.*?<span>(.*?)</span>", same.text)
    with unit_of_work(write=False) as session:
        assert [one.action for one in history.of(session, registry, public_id[1], SYSTEM)] == ["create"], (
            "saving unchanged writes nothing"
        )

    asked = admin.get(f"/staff/{registry.key}/delete/?id={public_id[1]}")
    assert asked.status_code == 200
    gone = admin.post(f"/staff/{registry.key}/delete/?id={public_id[1]}", data=hidden(asked.text))
    assert gone.status_code == 302
    assert public_id[1] not in admin.get(f"/staff/{registry.key}/").text
    trash = admin.get(f"/staff/{registry.key}/?trash=1")
    assert public_id[1] in trash.text
    back = admin.post(f"/staff/{registry.key}/restore/?id={public_id[1]}", data={"csrf_token": token})
    assert back.status_code == 302
    assert public_id[1] in admin.get(f"/staff/{registry.key}/").text


def test_a_wrong_answer_keeps_what_was_typed_and_says_where(registry: Registry, admin: FlaskClient) -> None:
    required = [f for f in registry.fields.values() if f.required and not f.computed]
    token = hidden(admin.get(f"/staff/{registry.key}/new/").text)["csrf_token"]

    page = admin.post(f"/staff/{registry.key}/new/", data={"csrf_token": token})

    assert page.status_code == 422
    assert "data-error-summary" in page.text
    assert page.text.count('aria-invalid="true"') >= len(required)
    assert "<title>Perlu diperbaiki:" in page.text


def test_two_edits_meet_and_neither_is_lost(registry: Registry, admin: FlaskClient) -> None:
    with unit_of_work() as session:
        row = values(session, registry, now=utcnow())
        public_id = str(record(session, registry, now=utcnow()).public_id)
    plain = ("text", "long_text", "legal_name", "person_name")
    free = [
        f for f in registry.fields.values() if f.type.key in plain and not (f.computed or f.natural_key or f.masked)
    ]
    field = next((f for f in free if f.write is None), None)
    if field is None:
        pytest.skip("no plain field to change")
    assert field.key in row
    edit = f"/staff/{registry.key}/edit/?id={public_id}"
    opened = form_of(admin.get(edit).text)
    with unit_of_work() as session:
        theirs = records.save(session, registry, {field.key: "Rekan Kerja"}, SYSTEM, now=utcnow(), public_id=public_id)
        assert theirs.action == "changed"
    opened[field.key] = "Isian Saya"

    conflict = admin.post(edit, data=opened)
    assert conflict.status_code == 409
    assert "Rekan Kerja" in conflict.text
    assert "Isian Saya" in conflict.text

    unanswered = admin.post(edit, data=form_of(conflict.text))
    assert unanswered.status_code == 409, "a real conflict is decided by a person, never by default"
    same = {**opened.to_dict(), field.key: "Rekan Kerja"}
    assert admin.post(edit, data=same).status_code == 302, "the same change twice is no conflict"
    chosen = admin.post(edit, data={**form_of(conflict.text).to_dict(), f"_choose-{field.key}": "mine"})
    assert chosen.status_code == 302
    with unit_of_work(write=False) as session:
        assert (lists.one(session, registry, SYSTEM, public_id) or {})[field.key] == "Isian Saya"


def test_the_list_is_exported_as_filtered(registry: Registry, admin: FlaskClient) -> None:
    made(registry)

    sheet = admin.get(f"/staff/{registry.key}/export/csv/")
    rows = list(csv.reader(io.StringIO(sheet.data.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(admin.get(f"/staff/{registry.key}/export/xlsx/").data))
    none = admin.get(f"/staff/{registry.key}/export/csv/?q=tidakadasamasekali").data.decode("utf-8-sig")

    assert rows[0] == [f.label.id for f in registry.fields.values()]
    assert len(rows) >= 2
    assert book.active.max_row == len(rows)
    assert len(list(csv.reader(io.StringIO(none)))) == 1
    assert admin.get(f"/staff/{registry.key}/export/exe/").status_code == 404


def test_masked_values_leave_only_when_revealed_and_revealing_is_logged(registry: Registry, admin: FlaskClient) -> None:
    masked = [f for f in registry.fields.values() if f.masked and f.type.key != "raw_row"]  # none in the factory
    if not masked:
        pytest.skip("nothing masked")
    public_id = made(registry)
    with unit_of_work(write=False) as session:
        row = lists.one(session, registry, SYSTEM, public_id) or {}
    kept = [f for f in masked if isinstance(row.get(f.key), str)]
    assert kept
    pages = [f"details/?id={public_id}", f"edit/?id={public_id}", "", "export/csv/", "ajax/lookup/"]
    for page in pages:
        text = re.sub(
            r'<p class="field-help".*?</p>', "", admin.get(f"/staff/{registry.key}/{page}").text
        )  # has examples
        assert not [f.key for f in kept if row[f.key] in text], page

    token = hidden(admin.get(f"/staff/{registry.key}/details/?id={public_id}").text)["csrf_token"]
    seen = admin.post(f"/staff/{registry.key}/reveal/?id={public_id}", data={"csrf_token": token, "field": kept[0].key})

    assert row[kept[0].key] in seen.text
    assert seen.headers["Cache-Control"] == "no-store"
    with unit_of_work(write=False) as session:
        assert history.of(session, registry, public_id, SYSTEM)[0].action == "reveal"


def test_every_filter_and_order_of_the_list_can_be_asked(registry: Registry, admin: FlaskClient) -> None:
    made(registry)
    page = admin.get(f"/staff/{registry.key}/").text

    orders = set(re.findall(r'<option value="(-?\w+)"', page[page.index('name="order"') : page.index("</select>")]))
    assert orders
    for order in orders:
        assert admin.get(f"/staff/{registry.key}/?order={order}").status_code == 200, order
    for name in set(re.findall(r'name="(f_\w+)"', page)):
        for text in ("-", "x", "12/03/1985"):
            assert admin.get(f"/staff/{registry.key}/?{name}={text}").status_code == 200, (name, text)


def test_the_empty_sheet_and_the_look_up_answer(registry: Registry, admin: FlaskClient) -> None:
    public_id = made(registry)

    found = admin.get(f"/staff/{registry.key}/ajax/lookup/").get_json()["results"]
    assert public_id in {one["value"] for one in found}
    sheet = admin.get(f"/staff/{registry.key}/template/")
    if registry.sheet:
        assert sheet.data[:2] == b"PK"
    else:
        assert sheet.status_code == 404


def test_a_record_that_is_not_there_is_not_found(registry: Registry, admin: FlaskClient) -> None:
    for view in ("details", "edit", "delete"):
        assert admin.get(f"/staff/{registry.key}/{view}/?id=zzzzzzzzzzzzzzzz").status_code == 404, view
        assert admin.get(f"/staff/{registry.key}/{view}/").status_code == 404, view


def test_who_may_only_read_finds_no_way_to_write(registry: Registry, login: Login) -> None:
    readers = registry.read - registry.write
    role = (
        "auditor"
        if "auditor" in readers
        else next(iter(sorted(readers - {"agency_coordinator", "agency_member"})), None)
    )
    if role is None:
        pytest.skip("everybody who reads may write")
    public_id, client = made(registry), login(role)
    page = client.get(f"/staff/{registry.key}/details/?id={public_id}")
    token = hidden(page.text)["csrf_token"]

    assert page.status_code == 200
    assert "/edit/" not in page.text
    for view, data in (("new", {}), ("edit", {"row_version": "1"}), ("delete", {}), ("restore", {})):
        answer = client.post(f"/staff/{registry.key}/{view}/?id={public_id}", data={"csrf_token": token, **data})
        assert answer.status_code in (403, 404), view
