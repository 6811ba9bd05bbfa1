"""The list screen as a browser without JavaScript uses it."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.models.user import User
from app.operations import records
from app.queries import plans
from app.registry import get
from tests.fixtures.login import log_in_as
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
LIST, CONTACTS = "/staff/company/", "/staff/contact/"


@pytest.fixture
def zone(client: FlaskClient) -> str:
    """Companies in and out of one zone; the zone's public id."""
    system, now = Actor.system("uji"), utcnow()
    with unit_of_work() as session:
        zone = records.save(session, get("zone"), {"code": "N", "name": "Ngoro"}, system, now=now)
        states = ("documented", "documented", "closed", "documented")
        rows = [
            {"legal_name": f"PT Uji {n}", "zone": zone.public_id if n < 2 else None, "status": state}
            for n, state in enumerate(states)
        ]
        records.save_many(session, get("company"), rows, system, now=now)
    return str(zone.public_id)


@pytest.fixture
def admin(client: FlaskClient, zone: str) -> FlaskClient:
    return log_in_as(client, "admin")


def names(page: str) -> list[str]:
    return re.findall(r"PT Uji \d(?=</a></th>)", page)


def chips(page: str) -> list[str]:
    return [html.unescape(text) for text in re.findall(r'<li class="chip[^"]*">(.*?)<a', page)]


def test_a_group_is_built_button_by_button_and_ends_as_a_short_address(admin: FlaskClient, zone: str) -> None:
    page = admin.get(LIST, query_string={"w.do": "group:"}).text
    assert 'name="w.1.j"' in page
    rows = {"w.1.j": "any", "w.1.1.f": "zone"}
    page = admin.get(LIST, query_string={**rows, "w.do": "add:1"}).text
    assert re.search(r'<option value="zone" selected>', page), "what was chosen is kept"
    assert 'name="w.1.2.f"' in page

    rows |= {"w.1.1.o": "is", "w.1.1.v": zone, "w.1.2.f": "status", "w.1.2.o": "is", "w.1.2.v": "closed"}
    answer = admin.get(LIST, query_string=rows)

    assert answer.status_code == 302
    assert dict(parse_qsl(urlsplit(answer.location).query)) == {"where": f"any(zone:is:{zone};status:is:closed)"}
    page = admin.get(answer.location).text
    assert names(page) == ["PT Uji 0", "PT Uji 1", "PT Uji 2"]
    assert chips(page) == ["Kawasan adalah Ngoro atau Status adalah Tutup"]
    english = admin.get(answer.location + "&lang=en").text
    assert chips(english) == ["Zone is Ngoro or Status is Closed"]


def test_a_row_that_is_not_complete_is_said_and_nothing_is_lost(admin: FlaskClient, zone: str) -> None:
    answer = admin.get(LIST, query_string={"w.1.f": "nib", "w.1.o": "contains", "w.1.v": "", "f_status": "closed"})

    assert answer.status_code == 200
    assert "Lengkapi syarat ini" in answer.text
    assert re.search(r'<option value="nib" selected>', answer.text)
    assert names(answer.text) == ["PT Uji 2"], "the other filters hold meanwhile"


@pytest.mark.parametrize(
    "query", ["where=nonsense", "where=nope:is:1", "f_nope=1", "where=status:is:zzz", "where=2~a:is:1"]
)
def test_a_bad_filter_is_said_and_the_list_still_stands(admin: FlaskClient, query: str) -> None:
    answer = admin.get(f"{LIST}?{query}")

    assert answer.status_code == 200
    assert len(names(answer.text)) == 4
    assert "field-error" in answer.text


@pytest.mark.parametrize(
    ("query", "shown", "said"),
    [
        ("f_status=zzz", 4, "Status: Nilai “zzz” tidak dikenal, jadi tidak ikut menyaring."),
        ("f_status=zzz&f_status=closed", 1, "Status: Nilai “zzz” tidak dikenal, jadi tidak ikut menyaring."),
        ("f_zone=zzz", 4, "Kawasan: Nilai “zzz” tidak dikenal, jadi tidak ikut menyaring."),
        ("f_zone=0123456789abcdef", 0, "Kawasan: Data yang diminta tidak ada"),
        ("where=status:not:zzz,closed", 3, "Status: Nilai “zzz” tidak dikenal"),
    ],
)
def test_a_value_that_no_choice_has_is_said_and_the_others_hold(
    admin: FlaskClient, query: str, shown: int, said: str
) -> None:
    page = html.unescape(admin.get(f"{LIST}?{query}").text)

    assert len(names(page)) == shown
    assert said in page
    assert "(tidak dikenal)" in chips(page)[0], "it can be taken away where the filters in use stand"


def test_a_bad_filter_does_not_keep_anybody_from_the_next_page(admin: FlaskClient) -> None:
    answer = admin.get(f"{LIST}?where=nope:is:1&cursor=end")

    assert answer.status_code == 200


def test_numbers_by_value_come_on_demand_and_narrow_the_list(admin: FlaskClient, zone: str) -> None:
    assert 'id="counts"' not in admin.get(LIST).text

    page = admin.get(f"{LIST}?counts=1&f_status=documented").text

    links = dict(re.findall(r'<a href="([^"#]*)#counts"[^>]*>.*?<span[^>]*>([^<]*)</span>', page))
    closed = next(html.unescape(url) for url, label in links.items() if label == "Tutup")
    assert len(names(admin.get(closed).text)) == 4, "a second value of one filter widens it"
    assert re.search(r"Ngoro</span> <b>2</b>", page)


def test_records_without_a_value_are_counted_and_a_click_away(admin: FlaskClient, zone: str) -> None:
    page = admin.get(f"{LIST}?counts=1").text

    found = re.search(r'<a href="([^"#]*f_zone=-[^"#]*)#counts"><span>\(kosong\)</span> <b>2</b>', page)

    assert found
    narrowed = admin.get(html.unescape(found[1])).text
    assert names(narrowed) == ["PT Uji 2", "PT Uji 3"]
    assert chips(narrowed) == ["Kawasan: (kosong)"]
    assert "(empty)</span> <b>2</b>" in admin.get(f"{LIST}?counts=1&lang=en").text


def test_a_long_list_is_counted_to_the_end_for_who_asks_for_numbers(
    admin: FlaskClient, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "FEW", 1)
    heading = r'<span class="count">(.*?)</span>'
    assert re.findall(heading, admin.get(f"{LIST}?q=pt").text) == ["1+"]
    exact = re.findall(heading, admin.get(f"{LIST}?q=pt&counts=1").text)
    assert exact[0].isdecimal()
    assert int(exact[0]) == len(names(admin.get(f"{LIST}?q=pt").text)) > 1


def test_columns_are_chosen_put_in_order_and_remembered(admin: FlaskClient) -> None:
    page = admin.get(LIST).text
    form = {"csrf_token": hidden(page)["csrf_token"], "_state": "f_status=closed", "density": "compact"}

    answer = admin.post(
        "/staff/views/columns/company", data={**form, "col": ["legal_name", "status", "nib"], "move": "up:nib"}
    )

    assert answer.location.startswith(f"{LIST}?f_status=closed&cols=legal_name,nib,status&density=compact")
    page = admin.get(LIST).text
    heads = [re.sub(r"<.*?>", "", head).strip() for head in re.findall(r'<th scope="col".*?</th>', page, re.S)]
    assert [head for head in heads if head in ("Nama resmi", "NIB", "Status", "Sektor")] == [
        "Nama resmi",
        "NIB",
        "Status",
    ]
    assert "list--compact" in page
    admin.post("/staff/views/columns/company", data={**form, "_reset": "1"})
    assert "Sektor" in admin.get(LIST).text


def test_a_view_is_kept_opened_changed_and_deleted(admin: FlaskClient, zone: str) -> None:
    token = hidden(admin.get(LIST).text)["csrf_token"]
    shown = f"where=zone:is:{zone}&cols=legal_name,zone"
    unnamed = admin.post("/staff/views/new/company", data={"csrf_token": token, "_state": shown, "name": ""})
    assert "Beri nama tampilan ini" in admin.get(unnamed.location).text
    assert "where=zone" in unnamed.location, "what was shown is not lost"

    made = admin.post(
        "/staff/views/new/company", data={"csrf_token": token, "_state": shown, "name": "Ngoro", "shared": "1"}
    )
    opened = admin.get(made.location)
    page = admin.get(opened.location).text

    assert opened.location.startswith(f"{LIST}?where=zone:is:{zone}&cols=legal_name,zone&view=")
    assert names(page) == ["PT Uji 0", "PT Uji 1"]
    assert re.search(r'aria-current="page">Ngoro', page)
    assert "Simpan perubahan" not in page
    assert "Simpan perubahan “Ngoro”" in html.unescape(admin.get(f"{opened.location}&f_status=closed").text)
    admin.post(made.location, data={"csrf_token": token, "_state": "f_status=closed"})
    assert "f_status=closed" in admin.get(made.location).location
    admin.post(made.location, data={"csrf_token": token, "name": "Tutup", "shared": "1", "role": "admin"})
    assert "Tutup" in admin.get("/staff/views/").text
    assert admin.get(LIST).location.endswith(made.location.rpartition("/")[2]), "it opens by itself now"
    assert len(names(admin.get(f"{LIST}?view=all").text)) == 4
    assert admin.post(f"{made.location}/delete", data={"csrf_token": token}).status_code == 302
    assert admin.get(made.location).status_code == 404
    assert admin.get(LIST).status_code == 200


def test_the_last_page_and_the_count_are_offered(admin: FlaskClient) -> None:
    page = admin.get(f"{LIST}?cursor=end").text

    assert len(names(page)) == 4
    assert "4 dari 4 data" in page


def test_what_a_filter_offers_follows_the_records_it_names(admin: FlaskClient, zone: str) -> None:
    def offered() -> list[str]:
        return re.findall(rf'<option value="{zone}"[^>]*>(.*?)</option>', admin.get(LIST).text)

    assert offered() == offered() == ["Ngoro"]
    with unit_of_work() as session:
        renamed = {"name": "Ngoro Baru"}
        records.save(session, get("zone"), renamed, Actor.system("uji"), public_id=zone, now=utcnow())
    assert offered() == ["Ngoro Baru"]
    with unit_of_work() as session:
        records.delete_many(session, get("zone"), [zone], Actor.system("uji"), now=utcnow(), reason="uji")
    assert offered() == []


def test_a_kept_filter_is_nobody_elses(admin: FlaskClient, app: Flask, zone: str) -> None:
    assert "PT Uji 0" in admin.get(CONTACTS).text
    other = log_in_as(app.test_client(), "analyst", email="wilayah@kantor.example")
    assert "PT Uji 0" in other.get(CONTACTS).text
    with unit_of_work() as session:
        far = records.save(session, get("zone"), {"code": "F", "name": "Jauh"}, Actor.system("uji"), now=utcnow())
        user = session.exec(select(User).where(col(User.email) == "wilayah@kantor.example")).one()
        limit = {"limit_zones": [far.public_id]}
        records.save(session, get("user"), limit, Actor.system("uji"), public_id=user.public_id, now=utcnow())
    assert "PT Uji 0" not in other.get(CONTACTS).text
    assert "PT Uji 0" in admin.get(CONTACTS).text


@pytest.mark.parametrize("text", ["all(", "((", "any(" * 30, "legal_name:has:x", "created_at:next:-5"])
def test_a_filter_nobody_understands_is_marked_and_all_that_match_are_never_meant_by_it(
    admin: FlaskClient, text: str
) -> None:
    address = f"/staff/company/?{urlencode({'where': text})}"
    page = admin.get(address).text

    (chip,) = chips(page)
    assert chip.startswith("Diabaikan: ")
    assert 'class="field-error"' in page
    state = re.search(r'name="_state" value="([^"]*)"', page)
    assert state
    bulk = {**hidden(page), "_action": "delete", "_scope": "all", "_state": html.unescape(state[1])}
    refused = admin.post("/staff/bulk/company/", data=bulk)
    assert "tidak dapat dibaca utuh" in refused.text


def test_a_number_of_days_out_of_reach_says_what_is(admin: FlaskClient) -> None:
    for days in ("-5", "99999999999999999999"):
        page = admin.get(f"/staff/company/?where=created_at:next:{days}").text
        assert "Tulis nilai antara 0 dan 36" in page
