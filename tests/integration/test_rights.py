"""What the office changes of the declared rights: every door follows at its next request; some floors never move."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col

from app import policy
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import DECLARED, Actor, Grants
from app.domain.errors import EditConflict, Forbidden, Refused
from app.models.audit import AuditEntry
from app.models.contact_request import ContactRequest
from app.models.grant import Grant
from app.operations import grants, records, users
from app.operations.grants import Wish
from app.queries import accounts, lists
from app.queries import grants as queries
from app.registry import get, registries
from tests.factories import record
from tests.fixtures.web import hidden

SYSTEM = Actor.system("uji")
ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Login = Callable[..., FlaskClient]


@pytest.fixture
def login(app: Flask) -> Login:
    def make(role: str, email: str = "") -> FlaskClient:
        browser, now = app.test_client(), utcnow()
        with unit_of_work() as session:
            name, email_ = f"Orang {role.replace('_', ' ')}", email or f"{role}@kantor.example"
            user = users.add(session, email=email_, name=name, roles=[role], actor=SYSTEM, now=now, status="active")
            path = users.one_time_link(session, user, now, settings()).removeprefix(settings().public_url)
        assert browser.post(path, data=hidden(browser.get(path).text)).status_code == 302
        return browser

    return make


def grant(role: str, registry: str, right: str, value: str, field: str = "", reason: str = "uji") -> None:
    with unit_of_work() as session:
        grants.change(
            session, [Wish(role, registry, field, right, value)], SYSTEM, now=utcnow(), reason=reason,
            seen=queries.current(session).version,
        )  # fmt: skip


def grant_elsewhere(url: str, *wish: str) -> None:
    """`grant` in another process."""
    code = (
        "from tests.integration.test_rights import grant\nfrom app import database\n"
        f"database.use({url!r})\ngrant(*{wish!r})\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def token(browser: FlaskClient) -> dict[str, str]:
    return {"csrf_token": hidden(browser.get("/akun/kata-sandi").text)["csrf_token"]}


def contact() -> str:
    with unit_of_work() as session:
        return str(
            record(session, get("contact"), now=utcnow(), name="Rina Rahasia", email="rina@pt.example").public_id
        )


@ONE
def test_a_right_taken_away_shuts_every_door_at_the_next_request(login: Login) -> None:
    public_id, browser = contact(), login("analyst")
    pages = ["", f"details/?id={public_id}", "export/csv/", "ajax/lookup/", f"edit/?id={public_id}", "new/"]
    assert all(browser.get(f"/staff/contact/{page}").status_code == 200 for page in pages)

    grant("analyst", "contact", "read", "deny")

    assert [browser.get(f"/staff/contact/{page}").status_code for page in pages] == [403] * len(pages)
    assert "/staff/contact/" not in browser.get("/staff/company/").text
    grant("analyst", "contact", "read", "")
    assert all(browser.get(f"/staff/contact/{page}").status_code == 200 for page in pages)


@ONE
def test_the_menu_says_at_once_what_changed(login: Login, database_url: str) -> None:
    """It is kept as drawn: another right, person, language, page, number of waiting things draws it anew."""
    browser, other = login("analyst"), login("head")

    def menu(path: str = "/staff/company/", who: FlaskClient = browser) -> str:
        return who.get(path).text.partition('<nav aria-label="')[2].partition("</nav>")[0]

    first = menu()
    assert menu() == first
    assert 'href="/staff/contact/"' in first
    assert '<a href="/staff/company/" aria-current="page">' in first
    assert '<a href="/staff/contact/" aria-current="page">' in menu("/staff/contact/")
    assert "Records" in menu("/staff/company/?lang=en")
    assert 'href="/staff/contact/?lang=en"' in menu("/staff/company/?lang=en")

    grant_elsewhere(database_url, "analyst", "contact", "read", "deny")
    assert "/staff/contact/" not in menu()
    assert "/staff/contact/" in menu(who=other)
    grant("analyst", "contact", "read", "")
    assert menu() == first

    with unit_of_work() as session:
        session.add(ContactRequest(kind="no_link", company_name="PT Contoh", name="Rina", email="rina@pt.example"))
    assert menu().count('class="pill"') == first.count('class="pill"') + 1


@ONE
def test_a_right_given_opens_the_door_and_only_that(login: Login) -> None:
    public_id, browser = contact(), login("auditor")
    assert browser.get("/staff/user/").status_code == 200
    assert browser.get("/staff/user/export/csv/").status_code in (200, 302)
    grant("auditor", "user", "export", "deny")
    assert browser.get("/staff/user/export/csv/").status_code == 403
    officer = login("field_officer")
    assert officer.get(f"/staff/contact/edit/?id={public_id}").status_code == 403
    grant("field_officer", "contact", "update", "allow")
    assert officer.get(f"/staff/contact/edit/?id={public_id}").status_code == 200
    assert officer.get("/staff/contact/new/").status_code == 403


@ONE
def test_another_process_sees_the_change_at_its_next_request(login: Login, database_url: str) -> None:
    browser = login("secretariat")
    assert browser.get("/staff/contact/").status_code == 200
    grant_elsewhere(database_url, "secretariat", "contact", "read", "deny")

    assert browser.get("/staff/contact/").status_code == 403


@ONE
def test_a_hidden_field_is_nowhere_and_cannot_be_guessed(login: Login) -> None:
    public_id, browser = contact(), login("secretariat")
    grant("secretariat", "contact", "read", "hidden", "email")
    here = "/staff/contact/"

    for page in ("", f"details/?id={public_id}", f"edit/?id={public_id}", "export/csv/", "new/", "?order=email"):
        answer = browser.get(here + page)
        assert answer.status_code == 200, page
        assert "rina@pt.example" not in answer.text, page
        assert 'name="email"' not in answer.text, page
    for guess in ("rina@pt.example", "rina@pt", "pt.example"):
        assert public_id not in browser.get(f"{here}?q={guess}").text, "search is no oracle"
        assert public_id not in browser.get(f"{here}ajax/lookup/?q={guess}").text
    assert public_id in browser.get(f"{here}?q=Rahasia").text
    sent = browser.post(
        f"{here}edit/?id={public_id}", data=token(browser) | {"row_version": "1", "email": "x@y.example"}
    )
    assert sent.status_code in (302, 422)
    with unit_of_work(write=False) as session:
        row = lists.one(session, get("contact"), SYSTEM, public_id) or {}
    assert row["email"] == "rina@pt.example"


@ONE
def test_a_masked_field_shows_dots_until_it_is_revealed_by_who_may(login: Login) -> None:
    public_id, browser = contact(), login("secretariat")
    grant("secretariat", "contact", "read", "masked", "name")

    for page in ("", f"details/?id={public_id}", f"edit/?id={public_id}", "export/csv/", f"delete/?id={public_id}"):
        assert "Rina Rahasia" not in browser.get(f"/staff/contact/{page}").text, page
    assert public_id not in browser.get("/staff/contact/?q=Rahas").text, "half a masked value finds nothing"
    assert "Rina Rahasia" not in browser.get("/staff/contact/?order=-name").text
    reveal = {"field": "name"} | token(browser)
    assert browser.post(f"/staff/contact/reveal/?id={public_id}", data=reveal).status_code == 403
    grant("secretariat", "contact", "reveal", "allow")
    assert "Rina Rahasia" in browser.post(f"/staff/contact/reveal/?id={public_id}", data=reveal).text


@ONE
def test_a_masked_number_may_be_opened_to_a_role(login: Login) -> None:
    with unit_of_work() as session:
        public_id = record(session, get("passport"), now=utcnow(), number="X7431985").public_id
    browser = login("analyst")
    assert "X7431985" not in browser.get(f"/staff/passport/details/?id={public_id}").text
    grant("analyst", "passport", "read", "plain", "number")
    assert "X7431985" in browser.get(f"/staff/passport/details/?id={public_id}").text


FLOORS = [
    Wish("agency_member", "user", "", "read", "allow"),
    Wish("agency_coordinator", "role", "", "read", "allow"),
    Wish("agency_member", "company", "", "update", "allow"),
    Wish("agency_member", "company", "", "reveal", "allow"),
    Wish("agency_member", "passport", "number", "read", "plain"),
    Wish("analyst", "user", "", "update", "allow"),
    Wish("analyst", "role", "", "create", "allow"),
    Wish("admin", "user", "", "update", "deny"),
    Wish("admin", "role", "", "read", "deny"),
    Wish("admin", "user", "roles", "read", "hidden"),
    Wish("auditor", "company", "", "delete", "allow"),
    Wish("analyst", "company", "sector", "write", "allow"),
    Wish("analyst", "company", "", "fly", "allow"),
    Wish("analyst", "company", "nothing", "read", "plain"),
    Wish("analyst", "company", "", "read", "perhaps"),
]


@ONE
@pytest.mark.parametrize("wish", FLOORS, ids=lambda w: f"{w.role}-{w.registry}-{w.field}-{w.right}-{w.value}")
def test_some_floors_are_fixed_in_code(session: Session, wish: Wish) -> None:
    with pytest.raises(Refused, match="grant_floor"):
        grants.change(session, [wish], SYSTEM, now=utcnow(), reason="uji", seen=0)
    if wish.registry in registries() and (not wish.field or wish.field in get(wish.registry).fields):
        forged = Grants(1, {wish.key: wish.value})  # a row somebody wrote into the table by hand
        registry = get(wish.registry)
        assert policy.rights(registry, wish.role, forged) == policy.rights(registry, wish.role, DECLARED)


def test_no_grant_opens_what_is_closed_to_agencies_whatever_is_tried() -> None:
    """Every right, every field, every value at once: the widest table anybody could write."""
    everything = {
        (role, key, field, right): value
        for role in policy.AGENCY_ROLES
        for key, registry in registries().items()
        for field, right, value in [
            *(("", right, "allow") for right in policy.RIGHTS),
            *((name, "read", "plain") for name in registry.fields),
            *((name, "write", "allow") for name in registry.fields),
        ]
    }
    widest = Grants(1, everything)
    for registry in registries().values():
        for role in policy.AGENCY_ROLES:
            own = policy.rights(registry, role, widest)
            assert own.actions <= {"read", "export"}, registry.key
            assert own.writes == frozenset(), registry.key
            for key, f in registry.fields.items():
                if f.masked or f.sensitivity == "specific" or registry.office_only:
                    assert own.sight[key] != "plain", (registry.key, key)
            if registry.office_only:
                assert own.actions == frozenset(), registry.key


def test_changes_are_counted_kept_and_taken_back(session: Session) -> None:
    now, wish = utcnow(), Wish("analyst", "contact", "", "delete", "deny")
    assert queries.current(session) is DECLARED

    grants.change(session, [wish], SYSTEM, now=now, reason="keputusan rapat", seen=0)
    first = queries.current(session)
    assert first.version == 1
    assert "delete" not in policy.rights(get("contact"), "analyst", first).actions
    with pytest.raises(EditConflict):
        grants.change(session, [wish], SYSTEM, now=now, reason="uji", seen=0)
    grants.change(session, [Wish(*wish.key, "")], SYSTEM, now=now, reason="kembali", seen=1)

    second = queries.current(session)
    assert (second.version, second.changes) == (2, {})
    assert "delete" in policy.rights(get("contact"), "analyst", second).actions
    assert [(one.value, one.reason, one.changed_by) for one in queries.changes(session)] == [("", "kembali", "uji")]
    session.commit()
    entries = session.execute(select(AuditEntry).where(col(AuditEntry.entity) == "grant").order_by("seq")).scalars()
    told = [(e.before, e.after, e.reason) for e in entries]
    what = {"role": "analyst", "registry": "contact", "field": ""}
    assert told == [
        (what | {"delete": "allow"}, what | {"delete": "deny"}, "keputusan rapat"),
        (what | {"delete": "deny"}, what | {"delete": "allow"}, "kembali"),
    ]


@ONE
def test_only_an_administrator_changes_rights(login: Login, session: Session) -> None:
    session.rollback()
    wish = "secretariat|contact||delete|deny"
    for role in ("head", "division_head", "auditor", "analyst", "agency_coordinator"):
        browser = login(role)
        sent = browser.post("/staff/rights/apply", data=token(browser) | {"wish": wish, "seen": "0", "reason": "uji"})
        assert sent.status_code == 403, role
        with pytest.raises(Forbidden):
            grants.change(session, [], Actor("staff", "x", frozenset({role})), now=utcnow(), reason="uji", seen=0)
        assert browser.get("/staff/rights/").status_code == (200 if role in policy.READERS["rights"] else 403), role
    assert session.execute(select(Grant)).first() is None


def form_of(html: str) -> dict[str, str]:
    """Every select of the form of one role in one register, as it stands."""
    chosen = {}
    for name, options in re.findall(r'<select [^>]*name="([arw]-\w+)"[^>]*>(.*?)</select>', html, re.S):
        found = re.search(r'value="(\w+)" selected', options)
        assert found, name
        chosen[name] = found[1]
    return chosen


@ONE
def test_rights_are_changed_on_the_page_after_a_second_look(login: Login) -> None:
    browser = login("admin")
    page = browser.get("/staff/rights/?role=secretariat&registry=contact")
    form = form_of(page.text)
    assert form["a-delete"] == "allow"
    assert form["r-email"] == "plain"
    shown = {"role": "secretariat", "registry": "contact"} | token(browser)

    same = browser.post("/staff/rights/preview", data=shown | form)
    assert same.status_code == 302, "nothing is different"
    looked = browser.post("/staff/rights/preview", data=shown | form | {"a-delete": "deny", "r-email": "masked"})
    assert looked.status_code == 200
    assert re.findall(r'name="wish" value="([^"]*)"', looked.text) == [
        "secretariat|contact||delete|deny", "secretariat|contact|email|read|masked",
    ]  # fmt: skip
    assert 'id="own"' not in looked.text
    wishes = {"wish": re.findall(r'name="wish" value="([^"]*)"', looked.text), **hidden(looked.text)} | token(browser)
    wishes["wish"] = re.findall(r'name="wish" value="([^"]*)"', looked.text)

    assert browser.post("/staff/rights/apply", data=wishes).status_code == 422, "without a reason nothing is written"
    done = browser.post("/staff/rights/apply", data=wishes | {"reason": "Keputusan rapat 3/11"})
    assert done.status_code == 302
    after = browser.get(done.location).text
    assert form_of(after)["a-delete"] == "deny"
    assert "Keputusan rapat 3/11" in after
    assert "Orang admin" in after
    again = browser.post("/staff/rights/apply", data=wishes | {"reason": "sekali lagi"})
    assert again.status_code == 409, "the page was older than the rights"


@ONE
def test_own_rights_grow_only_knowingly_and_under_the_eyes_of_others(login: Login) -> None:
    browser, auditor, analyst = login("admin"), login("auditor"), login("analyst")
    grant("admin", "contact", "delete", "deny")
    with unit_of_work(write=False) as session:
        seen = queries.current(session).version
    wish = {"wish": "admin|contact||delete|", "seen": str(seen), "reason": "perlu"} | token(browser)

    looked = browser.post("/staff/rights/preview", data=wish)
    assert 'id="own"' in looked.text
    assert browser.post("/staff/rights/apply", data=wish).status_code == 422
    assert browser.post("/staff/rights/apply", data=wish | {"own": "1"}).status_code == 302

    assert "Orang admin mengubah haknya sendiri" in auditor.get("/staff/").text
    assert "mengubah haknya sendiri" not in analyst.get("/staff/").text


@ONE
def test_the_last_administrator_stays(login: Login, session: Session) -> None:
    session.rollback()
    browser = login("admin")
    with unit_of_work(write=False) as reading:
        person = users.find(reading, "admin@kantor.example")
        role = reading.execute(select(get("role").table).where(get("role").table.c.code == "admin")).mappings().one()
        admin = accounts.by_user(reading, person.id or 0)
    assert admin is not None
    actor, now = admin.actor(), utcnow()
    for registry, public_id, values in (
        ("user", person.public_id, {"roles": []}),
        ("user", person.public_id, {"status": "locked"}),
        ("role", role["public_id"], {"code": "administrator"}),
    ):
        with unit_of_work() as writing:
            outcome = records.save(writing, get(registry), values, actor, public_id=public_id, now=now)
            assert [problem.code for problem in outcome.problems] == ["last_admin"], values
    for registry, public_id in (("user", person.public_id), ("role", role["public_id"])):
        asked = browser.get(f"/staff/{registry}/delete/?id={public_id}").text
        assert "Harus selalu ada seorang administrator" in asked, "said before, not afterwards"
        assert "btn-danger" not in asked
        sent = browser.post(f"/staff/{registry}/delete/?id={public_id}", data=token(browser))
        assert sent.status_code == 409, registry
        assert "Harus selalu ada seorang administrator" in sent.text
    with pytest.raises(Refused, match="last_admin"), unit_of_work() as writing:
        users.disable(writing, person, actor, now=now, reason="uji")

    login("admin", "kedua@kantor.example")
    with unit_of_work() as writing:
        assert (
            records.save(writing, get("user"), {"roles": []}, actor, public_id=person.public_id, now=now).problems == []
        )


@ONE
def test_a_limit_does_not_keep_an_administrator_from_taking_it_back(login: Login) -> None:
    browser = login("admin")
    with unit_of_work() as session:
        person = users.find(session, "admin@kantor.example")
        zone = record(session, get("zone"), now=utcnow()).id
        records.save(session, get("user"), {"limit_zones": [zone]}, SYSTEM, public_id=person.public_id, now=utcnow())

    assert browser.get(f"/staff/user/details/?id={person.public_id}").status_code == 200
    assert browser.get("/staff/company/").status_code == 200


def test_default_rights_of_partner_agencies_are_the_answer_to_the_open_question() -> None:
    """Domain §9 no. 5: name, nationality, company, site, permit kind and expiry only."""
    seen: dict[str, Any] = {}
    for key, registry in registries().items():
        own = policy.rights(registry, "agency_member")
        if own.actions and registry.personal:
            seen[key] = {name for name, sight in own.sight.items() if sight != "hidden"}
    assert seen == {
        "foreign_national": {"name_display", "nationality"},
        "sponsorship": {"person", "sponsor", "worksite", "status"},
        "stay_permit": {"person", "kind", "expires_on", "status"},
    }
    for key in ("passport", "contact", "register_entry", "user", "role"):
        assert policy.rights(get(key), "agency_coordinator").actions == frozenset()
    assert policy.rights(get("company"), "agency_member").actions == {"read"}


def test_the_overview_says_more_than_seeing_and_writing(login: Login) -> None:
    page = login("admin").get("/staff/rights/?lang=en").text
    row = page[page.index('<th scope="row">Foreign nationals</th>') :]
    cells = row[: row.index("</tr>")].split("<td")[1:]
    said = {one.split('"')[1]: re.sub(r"<[^>]+>", " ", one) for one in cells}

    assert "export, import sheets, reveal masked values" in said["Analyst"]
    assert "import sheets" not in said["Auditor"]
    assert re.search(r"\d+ fields? (hidden|masked)", said["Auditor"])


@ONE
def test_an_empty_sheet_is_offered_to_those_who_may_import_it(login: Login) -> None:
    assert "Templat kosong untuk diisi" in login("analyst").get("/staff/company/").text
    page = login("agency_member").get("/staff/company/")
    assert page.status_code == 200
    assert "Templat kosong untuk diisi" not in page.text
    assert "Ekspor" not in page.text, "a menu of nothing"
