"""Who gets in, how, and when they are out again."""

from __future__ import annotations

import html
import json
import logging
import re
from datetime import timedelta

import pytest
import redis
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.cli.user import command
from app.config import settings
from app.database import unit_of_work, utcnow
from app.operations import records, users
from app.registry import get
from tests.fixtures.login import (
    ADMIN,
    EMAIL,
    PASSWORD,
    choose_password,
    is_in,
    link_for,
    log_in,
    make_user,
    post,
)
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def known(client: FlaskClient) -> FlaskClient:
    """A client without cookies of a site where one analyst has a password."""
    choose_password(client, make_user())
    return client.application.test_client()


def test_reading_a_link_a_hundred_times_does_not_use_it(client: FlaskClient) -> None:
    path = make_user()
    before = _everything()

    assert {client.open(path, method=method).status_code for method in ("GET", "HEAD") * 6} == {200}

    assert _everything() == before
    assert choose_password(client, path).status_code == 302


def test_a_link_dies_after_an_hour_and_when_a_newer_one_is_made(client: FlaskClient) -> None:
    first = make_user()
    with unit_of_work() as session:
        second = users.one_time_link(session, users.find(session, EMAIL), utcnow(), settings(), purpose="password")
        third = users.one_time_link(
            session, users.find(session, EMAIL), utcnow() - timedelta(minutes=61), settings(), purpose="login"
        )

    assert client.get(first).status_code == 410
    assert client.get(third.removeprefix(settings().public_url)).status_code == 410
    assert client.get(second.removeprefix(settings().public_url)).status_code == 200


def test_the_database_holds_no_token_and_no_password(client: FlaskClient) -> None:
    path = make_user()
    choose_password(client, path)

    assert path.rpartition("/")[2] not in str(_everything())
    assert PASSWORD not in str(_everything())


def test_a_stranger_to_the_database_gets_the_page_of_any_unknown_address(client: FlaskClient) -> None:
    assert client.get("/masuk/tautan/" + "x" * 43).status_code == 404


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 129, "passwordpassword", "qwertyuiop1234", "aaaaaaaaaaaaa", "sinergi20262026", "SitiAminah2026!"],
)
def test_a_weak_first_password_is_refused_in_words(client: FlaskClient, password: str) -> None:
    path = make_user()

    answer = choose_password(client, path, password)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "Perlu diperbaiki: " in answer.text
    assert client.get(path).status_code == 200


def test_a_password_of_128_characters_and_a_pasted_sentence_are_taken(client: FlaskClient) -> None:
    assert (
        choose_password(client, make_user(), "Kopi susu dan roti bakar! " * 4 + "enak sekali, ya?").status_code == 302
    )


def test_e_mail_and_password_open_the_door(known: FlaskClient) -> None:
    answer = log_in(known, EMAIL.upper())

    assert answer.status_code == 302
    assert is_in(known)


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong password here"), ("nobody@kantor.example", PASSWORD)])
def test_a_wrong_password_and_an_unknown_address_look_the_same(known: FlaskClient, email: str, password: str) -> None:
    answer = log_in(known, email, password)
    other = log_in(known, "else@kantor.example", "some other password")

    assert answer.status_code == 200
    assert "Alamat e-mail atau kata sandi" in answer.text
    assert _without_tokens(answer.text).replace(email, "-") == _without_tokens(other.text).replace(
        "else@kantor.example", "-"
    )
    assert not is_in(known)


def test_an_invited_or_locked_person_cannot_log_in(client: FlaskClient) -> None:
    make_user("baru@kantor.example")
    choose_password(client, make_user())
    with unit_of_work() as session:
        users.disable(session, users.find(session, EMAIL), ADMIN, now=utcnow(), reason="cuti")

    fresh = client.application.test_client()
    for email in ("baru@kantor.example", EMAIL):
        assert log_in(fresh, email).status_code == 200
        assert not is_in(fresh)


def test_locking_on_the_users_screen_ends_sessions_too(known: FlaskClient) -> None:
    from app import registry
    from app.operations import records

    log_in(known)
    with unit_of_work() as session:
        public_id = users.find(session, EMAIL).public_id
        records.save(session, registry.get("user"), {"status": "locked"}, ADMIN, public_id=public_id, now=utcnow())

    assert not is_in(known)


def test_logging_out_ends_the_session_on_the_server(known: FlaskClient) -> None:
    log_in(known)
    stolen = known.get_cookie("__Host-sinergi")
    assert stolen is not None

    assert post(known, "/keluar", page="/akun/kata-sandi").status_code == 302

    assert not is_in(known)
    known.set_cookie("__Host-sinergi", stolen.value, secure=True)
    assert not is_in(known)


def test_logging_out_by_a_link_is_not_possible(known: FlaskClient) -> None:
    log_in(known)

    assert known.get("/keluar").status_code == 405
    assert known.post("/keluar").status_code == 400
    assert is_in(known)


def test_a_session_ends_after_half_an_hour_without_a_request(known: FlaskClient) -> None:
    log_in(known)
    with known.session_transaction(base_url="https://localhost") as cookie:
        cookie["seen"] -= 31 * 60

    answer = known.get("/akun/kata-sandi")

    assert answer.status_code == 302
    assert answer.location.startswith("/masuk?next=")


def test_a_cookie_from_before_the_login_is_worth_nothing_after_it(known: FlaskClient) -> None:
    form = hidden(known.get("/masuk").text)
    planted = known.get_cookie("__Host-sinergi")
    assert planted is not None
    known.post("/masuk", data={**form, "email": EMAIL, "password": PASSWORD})
    assert is_in(known)

    after = known.get_cookie("__Host-sinergi")
    assert after is not None
    assert after.value != planted.value
    assert known.post("/session/extend", data={"csrf_token": form["csrf_token"]}).status_code == 400
    attacker = known.application.test_client()
    attacker.set_cookie("__Host-sinergi", planted.value, secure=True)
    assert not is_in(attacker)


def test_changing_the_password_keeps_this_browser_and_ends_the_others(known: FlaskClient) -> None:
    other = known.application.test_client()
    log_in(known)
    log_in(other)

    answer = post(
        known, "/akun/kata-sandi",
        {"password": PASSWORD, "new_password": "teh manis tanpa gula", "new_password_confirm": "teh manis tanpa gula"},
    )  # fmt: skip

    assert answer.status_code == 302
    assert is_in(known)
    assert not is_in(other)
    assert log_in(other).status_code == 200
    assert log_in(other, password="teh manis tanpa gula").status_code == 302


def test_a_password_change_needs_the_present_one_and_says_so_in_indonesian(known: FlaskClient) -> None:
    log_in(known)

    new = "teh manis tanpa gula"
    typed = {"password": "not the one", "new_password": new, "new_password_confirm": new}
    answer = post(known, "/akun/kata-sandi", typed)

    assert answer.status_code == 200
    assert "Kata sandi salah" in answer.text


def test_a_password_change_says_once_what_is_empty(known: FlaskClient) -> None:
    log_in(known)

    answer = post(known, "/akun/kata-sandi", {"password": "", "new_password": "", "new_password_confirm": ""})

    assert answer.text.count("Mohon isi kata sandi.") == 2, "in the summary and at the box"
    assert 'id="new_password_confirm-error"' not in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "javascript:alert(1)", " //evil.example", "http:evil.example", "/%09/evil.example\n", "https:/evil.example",
        "///evil.example", "evil.example", "web.accessibility", "https://localhost@evil.example/",
    ],
)  # fmt: skip
def test_after_the_login_nobody_is_sent_to_another_site(known: FlaskClient, target: str) -> None:
    page = known.get("/masuk", query_string={"next": target})
    form = hidden(page.text)
    answer = known.post(
        "/masuk", query_string={"next": target}, data={**form, "email": EMAIL, "password": PASSWORD, "next": target}
    )

    assert answer.status_code == 302
    assert answer.location == "/"


def test_after_the_login_the_page_asked_for_is_opened(known: FlaskClient) -> None:
    asked = known.get("/akun/kata-sandi")
    form = hidden(known.get(asked.location).text)

    answer = known.post("/masuk", data={**form, "email": EMAIL, "password": PASSWORD})

    assert answer.location == "/akun/kata-sandi"


def test_a_form_sent_after_the_end_of_the_session_is_kept_through_the_login(known: FlaskClient) -> None:
    log_in(known)
    token = hidden(known.get("/akun/kata-sandi").text)["csrf_token"]
    with known.session_transaction(base_url="https://localhost") as cookie:
        cookie.pop("_user_id")
    sent = known.post(
        "/session/extend?a=1", data={"csrf_token": token, "alamat": 'Jl. "Mawar" 1', "password": "secret"}
    )
    assert sent.status_code == 401
    form = hidden(sent.text)

    answer = known.post("/masuk", data={**form, "email": EMAIL, "password": PASSWORD})

    assert answer.status_code == 200
    again = hidden(answer.text)
    assert again["alamat"] == 'Jl. "Mawar" 1'
    assert "password" not in again
    assert 'action="/session/extend?a=1"' in answer.text
    assert known.post("/session/extend?a=1", data=again).status_code == 204


def test_kept_entries_survive_a_mistyped_password(known: FlaskClient) -> None:
    log_in(known)
    token = hidden(known.get("/akun/kata-sandi").text)["csrf_token"]
    with known.session_transaction(base_url="https://localhost") as cookie:
        cookie.pop("_user_id")
    form = hidden(known.post("/session/extend", data={"csrf_token": token, "alamat": "Jl. Mawar"}).text)

    wrong = known.post("/masuk", data={**form, "email": EMAIL, "password": "not this one, sorry"})

    assert hidden(wrong.text)["kept"] == form["kept"]


def test_guessing_passwords_is_slowed_and_other_people_are_not_locked_out(known: FlaskClient) -> None:
    codes = [log_in(known, EMAIL, f"guess number {n}").status_code for n in range(7)]

    assert codes == [200] * 5 + [429] * 2
    elsewhere = known.application.test_client()
    token = hidden(elsewhere.get("/masuk").text)["csrf_token"]
    answer = elsewhere.post(
        "/masuk",
        data={"csrf_token": token, "email": EMAIL, "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert answer.status_code == 302


def test_attempts_are_counted_for_all_processes_together_and_here_when_valkey_dies(
    valkey_url: str, known: FlaskClient
) -> None:
    """Five failures are allowed; Valkey is unreachable after the third, which must neither open nor break the door."""
    for number in range(3):
        log_in(known, EMAIL, f"guess number {number}")
    with redis.Redis.from_url(valkey_url) as valkey:
        names = b"\n".join(valkey.scan_iter())
        assert b"sinergi" in names
        assert EMAIL.encode() not in names
        assert b"127.0.0.1" not in names
        valkey.config_set("maxclients", 1)
        try:
            codes = [log_in(known, EMAIL, f"guess number {number}").status_code for number in range(6)]
        finally:
            valkey.config_set("maxclients", 1000)

    assert set(codes) <= {200, 429}
    assert codes[-1] == 429


def test_each_login_is_in_the_audit_log_and_the_password_is_not(known: FlaskClient) -> None:
    log_in(known)

    with unit_of_work(write=False) as session:
        rows = session.execute(text("SELECT action, after FROM audit_entry WHERE entity = 'user'")).all()
    actions = [row[0] for row in rows]
    assert {"link_issued", "link_used", "password_set", "login"} <= set(actions)
    assert PASSWORD not in str(rows)
    assert "argon2" not in str(rows)


def test_failed_logins_are_logged_with_their_address_and_no_name(
    known: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "sinergi.web"):
        log_in(known, EMAIL, "not the right one")

    failed = [record for record in caplog.records if record.message == "login failed"]
    assert len(failed) == 1
    assert vars(failed[0])["address"] == "127.0.0.1"
    assert EMAIL not in caplog.text


def test_the_audit_chain_holds_after_logins(known: FlaskClient) -> None:
    from app.operations import audit

    log_in(known)

    with unit_of_work(write=False) as session:
        assert audit.verify(session).broken_at is None


def test_login_by_token_header_or_json_does_not_exist(known: FlaskClient) -> None:
    answer = known.post("/masuk", json={"email": EMAIL, "password": PASSWORD})
    assert answer.status_code == 400
    assert known.get("/akun/kata-sandi?auth_token=abc", headers={"Authentication-Token": "abc"}).status_code == 302


def test_somebody_without_a_role_is_not_sent_to_a_screen_they_may_not_see(client: FlaskClient) -> None:
    choose_password(client, make_user("indah@disnaker.example", "agency_coordinator"))
    assert client.get("/").location == "/staff/"
    with unit_of_work() as session:
        person = users.find(session, "indah@disnaker.example")
        records.save(session, get("user"), {"roles": []}, ADMIN, public_id=person.public_id, now=utcnow())

    answer = client.get("/")

    assert answer.status_code == 200
    assert "Anda masuk sebagai Siti Aminah." in answer.text
    assert client.get("/staff/").status_code == 403
    assert post(client, "/keluar", page="/").status_code == 302


def test_the_pages_follow_the_language_of_the_person(client: FlaskClient) -> None:
    choose_password(client, make_user("bryan@agency.example", language="en"))

    assert "Change password" in client.get("/akun/kata-sandi").text


def test_an_actor_carries_the_roles_of_the_user(app: Flask, client: FlaskClient) -> None:
    from app.web.session import current_actor

    choose_password(client, make_user(EMAIL, "head", "analyst"))
    with client:
        client.get("/akun/kata-sandi")
        actor = current_actor()

    assert (actor.kind, actor.name, actor.roles) == ("staff", "Siti Aminah", frozenset({"head", "analyst"}))
    assert actor.request_id


def test_login_works_while_valkey_is_away(known: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The embedded address points at a socket that does not exist in this test."""
    assert not settings().valkey_socket.exists()
    assert log_in(known).status_code == 302


def test_a_login_link_lets_an_invited_person_straight_in(client: FlaskClient) -> None:
    path = link_for(EMAIL, "login", "head")

    assert "password" not in hidden(client.get(path).text)
    assert post(client, path).status_code == 302
    assert is_in(client)


def test_the_first_start_offers_one_administrator_and_never_a_second(client: FlaskClient) -> None:
    with unit_of_work() as session:
        first = users.first_admin(session, utcnow(), settings())
        again = users.first_admin(session, utcnow(), settings())
    assert first
    assert again
    assert first[0] == again[0]
    assert client.get(first[1].removeprefix(settings().public_url)).status_code == 410

    choose_password(client, again[1].removeprefix(settings().public_url))

    with unit_of_work() as session:
        assert users.first_admin(session, utcnow(), settings()) is None


def test_the_commands_add_invite_list_and_disable(database_url: str) -> None:
    run = CliRunner()
    invited = json.loads(run.invoke(command, ["invite", EMAIL, "--role", "admin", "--json"]).stdout)
    assert invited["url"].startswith(f"{settings().public_url}/masuk/tautan/")
    assert run.invoke(command, ["add", "budi@kantor.example", "--role", "analyst"]).exit_code == 0
    assert run.invoke(command, ["add", "BUDI@kantor.example", "--role", "analyst"]).exit_code == 1
    assert run.invoke(command, ["add", "x@kantor.example", "--role", "king"]).exit_code == 2
    assert run.invoke(command, ["link", "nobody@kantor.example"]).exit_code == 1
    assert json.loads(run.invoke(command, ["disable", "budi@kantor.example", "--json"]).stdout)["status"] == "locked"
    assert run.invoke(command, ["enable", "budi@kantor.example"]).exit_code == 0

    listed = json.loads(run.invoke(command, ["list", "--json"]).stdout)["users"]

    assert {user["email"]: user["status"] for user in listed} == {EMAIL: "invited", "budi@kantor.example": "active"}
    assert "argon2" not in str(listed)


def _everything() -> list[object]:
    """Every row a login could touch."""
    with unit_of_work(write=False) as session:
        tables = ("credential", "login_session", "one_time_link", '"user"', "audit_entry")
        return [[tuple(row) for row in session.execute(text(f"SELECT * FROM {name}")).all()] for name in tables]


def _without_tokens(page: str) -> str:
    page = re.sub(r'name="(csrf_token|kept)" value="[^"]*"', "", html.unescape(page))
    return re.sub(r'nonce="[^"]*"', "", page)
