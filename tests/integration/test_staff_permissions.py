"""What each role may do at the staff door. Every route as every role: tests/matrix."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, SQLModel, col
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from app import policy
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.models.audit import AuditEntry
from app.models.outbox_message import OutboxMessage
from app.operations import links, records, requests, uploads, users
from app.operations.users import ROLES
from app.queries import accounts, duties, hanging, lists
from app.registry import Registry, get, registries
from app.web import access
from tests.factories import record
from tests.fixtures.web import hidden
from tests.integration.company import PERSON, SYSTEM, company
from tests.integration.test_submissions import send

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Masked values of this world; none is the example of a field, which forms print as help.
PASSPORT, PERMIT, NIK, NPWP, QR = (
    "X7431985",
    "2C21QX0987-T",
    "3171234509870006",
    "0912345678901234",
    "https://qr.example/9",
)
MRZ = "P<KORRAHASIA<<UJI<<<<<<<<<<<<<<<<<<<<<<<<<<<"
IN_THE_ROW = "K90817263"
SENT = "M55512345"  # in a report, not yet in a registry
SENT_PERMIT = "2C21QX5555-S"
REGISTRY_SECRETS = (PASSPORT, PERMIT, NIK, NPWP, QR, MRZ, IN_THE_ROW)
GIVEN: dict[str, dict[str, Any]] = {
    "foreign_national": {"nik": NIK, "npwp16": NPWP},
    "passport": {"number": PASSPORT, "mrz1": MRZ, "mrz2": MRZ},
    "stay_permit": {"number": PERMIT, "qr_payload": QR},
    "register_entry": {"raw": {"No Paspor": IN_THE_ROW}},
}
EVERYBODY = [*ROLES, ""]  # "" is a user without roles

Login = Callable[..., FlaskClient]


@dataclass
class World:
    ids: dict[str, str]  # registry → public id of its record
    report: str
    attachment: str
    message: str
    request: str
    question: str
    link: str


@pytest.fixture
def world(session: Session, app: Flask) -> World:
    """A record in each registry, and a report with an attachment waiting in the inbox."""
    now = utcnow()
    users.ensure_roles(session, SYSTEM, now)
    ids = {key: str(record(session, one, now=now, **GIVEN.get(key, {})).public_id) for key, one in registries().items()}
    sender = company(session, now, name="PT Pengirim Laporan", nib="9120009876543")
    people = PERSON | {"passport_number": SENT, "permit_kind": "itas", "permit_number": SENT_PERMIT}
    report = send(session, sender, now, people | {"permit_expires_on": "30/06/2027"})
    duty = links.open_duty(session, "wajib-lapor", sender, now=now)
    scan = uploads.keep_attachment(
        session, duty, "paspor.pdf", io.BytesIO(b"%PDF-1.7 x"), folder=settings().uploads, now=now
    )
    scan.submission_id = report.id
    link = links.issue(session, "wajib-lapor", duties.company_by(session, "9120009876543"), actor=SYSTEM, now=now)
    asked = {"company_name": "PT Belum Dikenal", "name": "Eko", "email": "eko@belum.example", "nib": "8120001234567"}
    wanted = requests.ask_for_link(session, asked, now=now)
    message = session.execute(select(OutboxMessage)).scalars().first()
    assert message is not None
    assert wanted is not None
    made = World(ids, report.public_id, scan.public_id, message.public_id, wanted.public_id, "x", link.public_id)
    session.commit()
    return made


@pytest.fixture
def login(app: Flask) -> Login:
    """A browser in which somebody with these roles ("" = none) is logged in."""

    def make(*roles: str) -> FlaskClient:
        browser, now = app.test_client(), utcnow()
        names = [role for role in roles if role]
        with unit_of_work() as session:
            email = f"{'-'.join(names) or 'tanpa-peran'}@kantor.example"
            user = users.add(
                session, email=email, name="Petugas Uji", roles=names, actor=SYSTEM, now=now, status="active"
            )
            path = users.one_time_link(session, user, now, settings()).removeprefix(settings().public_url)
        assert browser.post(path, data=hidden(browser.get(path).text)).status_code == 302
        return browser

    return make


def actor(role: str) -> Actor:
    return Actor("staff", "Petugas Uji", frozenset({role} - {""}))


def token(browser: FlaskClient) -> str:
    return hidden(browser.get("/akun/kata-sandi").text)["csrf_token"]


def everything() -> dict[str, list[Any]]:
    """All rows of all tables."""
    with unit_of_work(write=False) as session:
        return {
            table.name: sorted(map(repr, session.execute(select(table)).all()))
            for table in SQLModel.metadata.sorted_tables
        }


def shown(answer: TestResponse) -> str:
    """All that an answer tells: its address, its headers, its text; of a workbook the text of its parts."""
    said = [answer.request.url, str(answer.headers)]
    if answer.data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
            said += [book.read(name).decode() for name in book.namelist()]
    else:
        said.append(html.unescape(answer.data.decode("utf-8", "replace")))
    return "\n".join(said)


def told(answer: TestResponse, secrets: tuple[str, ...]) -> list[str]:
    text = shown(answer)
    return [secret for secret in secrets if secret in text]


def alone(registry: Registry, public_id: str) -> None:
    """Nothing is left that would keep this record out of the trash."""
    with unit_of_work() as session:
        row = records.find(session, registry, public_id, SYSTEM)
        for one in hanging.tree(session, registry, [row]).blocking:
            if one.registry:
                ids = [pointing["public_id"] for pointing in one.samples]
                records.delete_many(session, one.registry, ids, SYSTEM, now=utcnow())


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_who_may_write_deletes_restores_and_reveals(world: World, login: Login, role: str) -> None:
    browser, who = login(role), actor(role)
    field = {"csrf_token": token(browser)}
    wrong = []

    def ask(path: str, right: str, expected: int, registry: Registry, **more: str) -> TestResponse:
        allowed = role in access.STAFF_ROLES and policy.may(who, right, registry)  # type: ignore[arg-type]
        answer = browser.post(path, data=field | more)
        if answer.status_code != (expected if allowed else 403):
            wrong.append((path, more, answer.status_code))
        return answer

    rights = {(one.read, one.write): one for one in registries().values() if one.key not in ("user", "role")}
    for registry in {one.key: one for one in (*rights.values(), *map(get, GIVEN))}.values():
        here, public_id = f"/staff/{registry.key}", world.ids[registry.key]
        for spec in registry.fields.values():
            if spec.masked:
                ask(f"{here}/reveal/?id={public_id}", "reveal", 200, registry, field=spec.key)
        alone(registry, public_id)
        ask(f"{here}/delete/?id={public_id}", "delete", 302, registry)
        with unit_of_work() as session:  # into the trash, whether this role could or not
            records.delete_many(session, registry, [public_id], SYSTEM, now=utcnow())
        for page in ("", "ajax/lookup/", "export/csv/"):
            assert f"id={public_id}" not in browser.get(f"{here}/{page}").text
        assert browser.get(f"{here}/edit/?id={public_id}").status_code in (403, 404)
        ask(f"{here}/restore/?id={public_id}", "restore", 302, registry)
        with unit_of_work(write=False) as session:
            row = lists.one(session, registry, SYSTEM, public_id) or {}
        came_back = role in access.STAFF_ROLES and policy.may(who, "restore", registry)
        assert (row["deleted_at"] is None) == came_back
        with unit_of_work() as session:  # what belongs to it is asked about next
            records.restore_many(session, registry, [public_id], SYSTEM, now=utcnow())

    assert wrong == []


def test_revealing_what_is_not_masked_or_not_there_is_not_found(world: World, login: Login) -> None:
    browser = login("admin")
    field = {"csrf_token": token(browser)}
    for path, name in (
        (f"passport/reveal/?id={world.ids['passport']}", "status"),
        (f"passport/reveal/?id={world.ids['passport']}", "created_by"),
        ("passport/reveal/?id=zzzzzzzzzzzzzzzz", "number"),
    ):
        assert browser.post(f"/staff/{path}", data=field | {"field": name}).status_code == 404


def screens(world: World) -> dict[str, dict[str, str]]:
    """Values of the rules of screens that are no registry, by endpoint or blueprint."""
    return {
        "staff_inbox": {"public_id": world.report, "upload_id": world.attachment},
        "staff_links": {"public_id": world.ids["company"], "link_id": world.link},
        "staff_mail": {"public_id": world.message},
        "staff_accounts": {"public_id": world.ids["user"]},
        "staff_requests": {"public_id": world.request, "decision": "confirmed"},
        "staff_import": {"key": "company", "batch_id": "x"},
        "mail_preview": {"kind": "link"},
    }


def rules(app: Flask, world: World) -> Iterator[tuple[str, str, set[str]]]:
    """(endpoint, an address that exists where there can be one, methods) of every route."""
    adapter = app.url_map.bind("localhost", url_scheme="https")
    known = screens(world)
    for rule in app.url_map.iter_rules():
        values = dict.fromkeys(rule.arguments, "x") | known.get(rule.endpoint.partition(".")[0], {})
        if rule.endpoint.endswith(".export"):
            values["export_type"] = "csv"
        path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        registry = rule.endpoint.partition(".")[0].removeprefix("staff_")
        query = f"?id={world.ids[registry]}" if registry in world.ids else ""
        yield rule.endpoint, path + query, (rule.methods or set()) - {"HEAD", "OPTIONS"}


def test_a_scan_is_for_those_who_may_see_the_number_on_it(world: World, login: Login) -> None:
    path = f"/staff/inbox/{world.report}/attachment/{world.attachment}"
    for role in ("admin", "head", "division_head", "analyst", "field_officer"):
        assert login(role).get(path).data.startswith(b"%PDF"), role
    for role in ("secretariat", "auditor", "timpora_chair"):
        browser = login(role)
        assert browser.get(path).status_code == 403
        assert "/attachment/" not in browser.get(f"/staff/inbox/{world.report}").text


def test_an_attachment_belongs_to_its_report(world: World, login: Login, session: Session) -> None:
    now = utcnow()
    sender = company(session, now, name="PT Lain Lagi", nib="9120005555555")
    other = send(session, sender, now, PERSON | {"passport_number": "M99912345"})
    duty = links.open_duty(session, "wajib-lapor", sender, now=now)
    unsent = uploads.keep_attachment(session, duty, "a.pdf", io.BytesIO(b"%PDF-1"), folder=settings().uploads, now=now)
    unsent_id, other_id = unsent.public_id, other.public_id
    session.commit()
    browser = login("admin")

    assert browser.get(f"/staff/inbox/{other_id}/attachment/{world.attachment}").status_code == 404
    assert browser.get(f"/staff/inbox/{other_id}/attachment/{unsent_id}").status_code == 404


def test_no_get_changes_anything(app: Flask, world: World, login: Login) -> None:
    browser = login("admin")
    before = everything()

    for endpoint, path, methods in rules(app, world):
        if "GET" in methods:
            assert browser.get(path).status_code < 500, endpoint

    after = everything()
    logged = set(after.pop("audit_entry")) - set(before.pop("audit_entry"))
    assert after == before
    assert all("'export'" in entry for entry in logged), "only that somebody took a list away is written down"


def test_an_export_is_in_the_audit_table_with_who_took_how_many_rows_of_what(world: World, login: Login) -> None:
    browser = login("auditor")
    browser.get("/staff/passport/export/csv/")
    browser.get("/staff/company/export/xlsx/?q=Pengirim&f_status=unconfirmed")
    browser.get("/staff/company/export/csv/?q=tidakadasamasekali")

    with unit_of_work(write=False) as session:
        found = session.execute(select(AuditEntry).where(col(AuditEntry.action) == "export").order_by("seq")).scalars()
        entries = [(one.actor, one.user_id is not None, one.entity, one.after) for one in found]
    taken = [entry[3] for entry in entries]
    assert [entry[:3] for entry in entries] == [
        ("Petugas Uji", True, "passport"), ("Petugas Uji", True, "company"), ("Petugas Uji", True, "company"),
    ]  # fmt: skip
    assert taken == [
        {"rows": 1, "file": "csv", "searched": False, "filters": []},
        {"rows": 1, "file": "xlsx", "searched": True, "filters": ["status"]},
        {"rows": 0, "file": "csv", "searched": True, "filters": []},
    ]


STOWED = {
    "id": "77", "public_id": "zzzzzzzzzzzzzzzz", "created_by": "orang lain", "updated_by": "orang lain",
    "created_at": "2001-01-01", "deleted_at": "2001-01-01", "extra": '{"a": 1}', "is_admin": "1",
}  # fmt: skip


def test_columns_of_the_house_are_not_set_by_a_form(world: World, login: Login) -> None:
    browser = login("admin")
    field = {"csrf_token": token(browser)}
    for registry in registries().values():
        if registry.key in ("user", "role"):
            continue
        computed = {spec.key: "disusupkan" for spec in registry.fields.values() if spec.computed}
        public_id = world.ids[registry.key]
        path = f"/staff/{registry.key}/edit/?id={public_id}"
        with unit_of_work(write=False) as session:
            before = lists.one(session, registry, SYSTEM, public_id) or {}
        sent = browser.post(path, data=field | STOWED | computed | {"row_version": str(before["row_version"])})
        assert sent.status_code in (302, 422), registry.key
        with unit_of_work(write=False) as session:
            after = lists.one(session, registry, SYSTEM, public_id) or {}
        assert after, registry.key
        for name in (*(set(STOWED) - {"is_admin", "updated_by"}), *computed):
            assert after[name] == before[name] or name in computed, (registry.key, name)
            assert after[name] != "disusupkan"
        assert after["updated_by"] != "orang lain"
        assert after["row_version"] - before["row_version"] in (0, 1)


def test_a_new_record_takes_no_column_of_the_house(
    world: World, login: Login, caplog: pytest.LogCaptureFixture
) -> None:
    browser = login("analyst")
    typed = {"legal_name": "PT Baru Susup", "csrf_token": token(browser), "name_normalised": "disusupkan"}
    answer = browser.post("/staff/company/new/", data=typed | STOWED | {"row_version": "99"})

    assert answer.status_code == 302, answer.text
    noted = next(one.getMessage() for one in caplog.records if one.name == "sinergi.forms")
    assert "is_admin" in noted
    assert "name_normalised" in noted
    assert "disusupkan" not in noted, "names, never values"
    with unit_of_work(write=False) as session:
        table = get("company").table
        row = session.execute(select(table).where(table.c.legal_name == "PT Baru Susup")).mappings().one()
    assert (row["row_version"], row["created_by"], row["deleted_at"], row["extra"]) == (1, "Petugas Uji", None, {})
    assert row["id"] != 77
    assert row["public_id"] != "zzzzzzzzzzzzzzzz"


def test_nobody_gives_themselves_a_role(world: World, login: Login) -> None:
    with unit_of_work(write=False) as session:
        role_ids = [str(row.public_id) for row in session.execute(select(get("role").table)).all()]
    for role in (role for role in EVERYBODY if role != "admin"):
        browser, email = login(role), f"{role or 'tanpa-peran'}@kantor.example"
        with unit_of_work(write=False) as session:
            own = users.find(session, email)
            own_id, version, roles = own.public_id, own.row_version, list(own.roles)
        field = {"csrf_token": token(browser), "roles": role_ids, "row_version": str(version), "status": "active"}

        for path in (
            f"/staff/user/edit/?id={own_id}", "/staff/user/new/", f"/staff/accounts/{own_id}", "/staff/import/user/",
            f"/staff/role/edit/?id={role_ids[0]}", f"/staff/user/delete/?id={own_id}",
        ):  # fmt: skip
            assert browser.post(path, data=field | {"action": "link"}).status_code == 403, (role, path)
        browser.post("/akun/kata-sandi", data=field | {"password": "x", "new_password": "y"})

        with unit_of_work(write=False) as session:
            assert users.find(session, email).roles == roles


def test_who_has_no_role_is_logged_in_and_nothing_more(world: World, login: Login) -> None:
    browser = login("")
    assert browser.get("/akun/kata-sandi").status_code == 200
    assert browser.get("/staff/").status_code == 403
    first = browser.get("/", follow_redirects=True)
    assert first.status_code == 200
    assert "PT Pengirim Laporan" not in first.text


def test_the_home_page_offers_no_door_that_is_shut(world: World, login: Login) -> None:
    for role in access.STAFF_ROLES:
        browser = login(role)
        page = browser.get("/staff/").text
        for path in set(re.findall(r'href="(/staff/[^"#]*)"', page)):
            assert browser.get(html.unescape(path)).status_code == 200, (role, path)


def test_rights_end_with_the_next_request(world: World, login: Login) -> None:
    admin, browsers = login("admin"), {name: login(name) for name in ("analyst", "secretariat", "head", "auditor")}
    field, now = {"csrf_token": token(admin)}, utcnow()
    with unit_of_work(write=False) as session:
        ids = {name: users.find(session, f"{name}@kantor.example").public_id for name in browsers}

    assert admin.post(f"/staff/accounts/{ids['analyst']}", data=field | {"action": "lock"}).status_code == 302
    removed = admin.post(f"/staff/user/delete/?id={ids['head']}", data=field)
    assert removed.status_code == 302
    with unit_of_work() as session:
        records.save(session, get("user"), {"roles": ["agency_member"]}, SYSTEM, public_id=ids["auditor"], now=now)
        person = users.find(session, "secretariat@kantor.example")
        account = accounts.by_credential(session, int(users.credential_of(session, person).id or 0))
        assert account is not None
        users.set_password(session, account, "ganti", now=now)

    for name in ("analyst", "secretariat", "head"):
        answer = browsers[name].get("/staff/company/")
        assert (answer.status_code, (answer.location or "")[:12]) == (302, "/masuk?next="), name
    assert browsers["auditor"].get("/staff/contact/").status_code == 403


def test_a_company_in_the_trash_gets_no_link(world: World, login: Login) -> None:
    browser = login("analyst")
    with unit_of_work() as session:
        records.delete_many(session, get("company"), [world.ids["company"]], SYSTEM, now=utcnow())
    path = f"/staff/links/{world.ids['company']}"
    assert browser.get(path).status_code == 404
    assert browser.post(path, data={"csrf_token": token(browser)}).status_code == 404


def test_what_a_person_asked_stands_in_the_form_and_not_in_the_address(world: World, login: Login) -> None:
    browser = login("analyst")
    answer = browser.post(f"/staff/requests/{world.request}/confirmed", data={"csrf_token": token(browser)})

    assert answer.status_code == 302
    assert not [word for word in ("Belum", "8120001234567", "eko", "Eko") if word in answer.location]
    assert 'value="PT Belum Dikenal"' in browser.get(answer.location).text


def test_numbers_nobody_writes_break_no_page(world: World, login: Login) -> None:
    browser = login("admin")
    field = {"csrf_token": token(browser), "reason": "other", "row_version": "0"}
    for number in ("9" * 23, "9" * 5000, "-1", "²", "1e9", ""):
        for path in ("mail/", "inbox/"):
            assert browser.get(f"/staff/{path}?before={number}").status_code == 200, (path, number)
        sent = browser.post(f"/staff/inbox/{world.report}/return", data=field | {"cell": f"{number}:full_name"})
        assert sent.status_code in (409, 422), number


def test_an_import_shows_no_stored_number_and_takes_no_foreign_key(world: World, login: Login) -> None:
    browser = login("analyst")
    field = {"csrf_token": token(browser), "source": "uji-2026"}
    sheet = FileStorage(io.BytesIO(b"Kode,Nama\nx,y\n"), "a.csv")

    assert browser.post("/staff/import/user/", data=field | {"file": sheet}).status_code == 403
    assert browser.post("/staff/import/role/x/apply", data=field).status_code == 403
    for stolen in ("..%2F..%2Fetc%2Fpasswd", "x", "0" * 32 + "-..%2F..%2Fsinergi.db"):
        assert browser.post(f"/staff/import/company/{stolen}/apply", data=field).status_code == 404
