"""Which browsers are in, and how each is put out: by the person, by the administrator, from the shell."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import text

from app.cli.user import command
from app.database import unit_of_work, utcnow
from app.operations import users
from tests.fixtures.factors import SECURITY, Device, add_passkey, connect_app
from tests.fixtures.login import (
    ADMIN,
    EMAIL,
    PASSWORD,
    choose_password,
    is_in,
    log_in,
    log_in_as,
    make_user,
    post,
)
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture
def siti(client: FlaskClient) -> FlaskClient:
    """An analyst, logged in."""
    choose_password(client, make_user())
    return client


def browser(client: FlaskClient, agent: str, email: str = EMAIL) -> FlaskClient:
    """Another browser of the same person, logged in."""
    other = client.application.test_client()
    token = hidden(other.get("/masuk").text)["csrf_token"]
    form = {"csrf_token": token, "email": email, "password": PASSWORD}
    assert other.post("/masuk", data=form, headers={"User-Agent": agent}).status_code == 302
    return other


def rows(statement: str) -> list[tuple[object, ...]]:
    with unit_of_work(write=False) as session:
        return [tuple(row) for row in session.execute(text(statement)).all()]


def told(email: str) -> list[str]:
    """What somebody was told by mail."""
    with unit_of_work(write=False) as session:
        found = session.execute(
            text("SELECT context FROM outbox_message WHERE kind = 'account' AND to_address = :to"), {"to": email}
        )
        return [json.loads(row[0])["what"] for row in found]


def test_each_browser_is_listed_and_this_one_marked(siti: FlaskClient) -> None:
    other = browser(siti, FIREFOX)
    browser(siti, CHROME)

    page = other.get(SECURITY).text

    assert "Firefox, Windows" in page
    assert "Chrome, Android" in page
    assert page.count("perangkat ini</strong>") == 1
    assert page.index("perangkat ini</strong>") > page.index("Firefox, Windows")


def test_one_other_browser_is_put_out_at_its_next_click(siti: FlaskClient) -> None:
    other, third = browser(siti, FIREFOX), browser(siti, CHROME)
    found = rows("SELECT public_id FROM login_session WHERE agent LIKE '%Firefox%'")

    post(siti, f"{SECURITY}/sesi", {"session": str(found[0][0])}, page=SECURITY)

    assert [is_in(one) for one in (siti, other, third)] == [True, False, True]


def test_all_others_are_put_out_and_this_one_stays(siti: FlaskClient) -> None:
    other, third = browser(siti, FIREFOX), browser(siti, CHROME)

    answer = post(siti, f"{SECURITY}/sesi", {"all": "1"}, page=SECURITY)

    assert [is_in(one) for one in (siti, other, third)] == [True, False, False]
    assert "2 perangkat telah dikeluarkan." in siti.get(answer.location).text


def test_nobody_puts_out_the_browser_of_another(siti: FlaskClient) -> None:
    budi = siti.application.test_client()
    choose_password(budi, make_user("budi@kantor.example"))
    found = rows(
        "SELECT s.public_id FROM login_session s JOIN credential c ON c.id = s.credential_id WHERE c.user_id = 1"
    )

    token = hidden(budi.get("/akun/kata-sandi").text)["csrf_token"]
    for one in found:
        budi.post(f"{SECURITY}/sesi", data={"csrf_token": token, "session": str(one[0])})

    assert is_in(siti)


def test_the_page_does_not_tell_what_a_cookie_holds(siti: FlaskClient) -> None:
    browser(siti, FIREFOX)

    page = siti.get(SECURITY).text

    assert not any(str(one[0]) in page for one in rows("SELECT id FROM login_session"))


def test_the_last_use_is_noted_every_few_minutes_and_an_old_one_is_not_listed(siti: FlaskClient) -> None:
    other = browser(siti, FIREFOX)
    was = utcnow() - timedelta(minutes=6)
    with unit_of_work() as session:
        session.execute(text("UPDATE login_session SET seen_at = :at"), {"at": was})
    other.get(SECURITY)
    assert rows("SELECT count(*) FROM login_session WHERE seen_at > '" + was.isoformat(" ")[:19] + "' ") != [(0,)]

    with unit_of_work() as session:
        session.execute(text("UPDATE login_session SET seen_at = :at"), {"at": utcnow() - timedelta(minutes=36)})
    assert siti.get(SECURITY).text.count("perangkat ini</strong>") == 1
    assert "Firefox, Windows" not in siti.get(SECURITY).text


# ---- the administrator


@pytest.fixture
def admin(siti: FlaskClient) -> FlaskClient:
    """An administrator beside Siti."""
    return log_in_as(siti.application.test_client(), "admin", email="admin@kantor.example")


def ways(email: str = EMAIL) -> str:
    with unit_of_work(write=False) as session:
        return f"/staff/accounts/{users.find(session, email).public_id}"


def test_the_administrator_signs_somebody_out_of_everything(siti: FlaskClient, admin: FlaskClient) -> None:
    other = browser(siti, FIREFOX)
    assert "Firefox, Windows" in admin.get(ways()).text

    post(admin, ways(), {"action": "out"})

    assert not is_in(siti)
    assert not is_in(other)
    assert is_in(admin)
    assert "sessions_ended" in told(EMAIL)


def test_a_lost_device_is_reset_by_two_and_everybody_hears_of_it(siti: FlaskClient, admin: FlaskClient) -> None:
    connect_app(siti)
    add_passkey(siti, Device())
    witness = log_in_as(siti.application.test_client(), "head", email="kepala@kantor.example")
    assert is_in(witness)

    alone = post(admin, ways(), {"action": "reset", "reason": "Ponsel hilang di pasar"})
    assert alone.status_code == 422
    assert 'aria-invalid="true"' in alone.text
    assert "Ponsel hilang di pasar" in alone.text
    with unit_of_work(write=False) as session:
        second = users.find(session, "kepala@kantor.example").public_id
    done = post(admin, ways(), {"action": "reset", "witness": second, "reason": "Ponsel hilang di pasar"})

    assert done.status_code == 302
    assert not is_in(siti)
    assert rows("SELECT count(*) FROM passkey") == [(0,)]
    assert rows("SELECT tf_totp_secret, mf_recovery_codes FROM credential WHERE user_id = 1") == [(None, "[]")]
    assert told(EMAIL)[-1] == "factors_reset"
    assert told("kepala@kantor.example") == ["factors_reset_witness"]
    [(reason, after)] = rows("SELECT reason, after FROM audit_entry WHERE action = 'factors_reset'")
    assert reason == "Ponsel hilang di pasar"
    assert "Siti Aminah" in str(after)

    assert log_in(siti).status_code == 302, "the password stays"
    assert siti.get("/staff/company/").location == SECURITY, "and a new second step comes first"


@pytest.mark.parametrize("who", ["admin@kantor.example", EMAIL])
def test_neither_the_one_who_asks_nor_the_one_who_lost_is_the_witness(
    siti: FlaskClient, admin: FlaskClient, who: str
) -> None:
    connect_app(siti)
    with unit_of_work(write=False) as session:
        named = users.find(session, who).public_id

    answer = post(admin, ways(), {"action": "reset", "witness": named, "reason": "Ponsel hilang di pasar"})

    assert answer.status_code == 422
    assert is_in(siti)


def test_the_administrator_does_not_reset_themselves(siti: FlaskClient, admin: FlaskClient) -> None:
    connect_app(admin)
    with unit_of_work(write=False) as session:
        named = users.find(session, EMAIL).public_id

    answer = post(admin, ways("admin@kantor.example"), {"action": "reset", "witness": named, "reason": "hilang semua"})

    assert answer.status_code == 404


def test_the_history_of_a_person_names_what_happened(siti: FlaskClient, admin: FlaskClient) -> None:
    connect_app(siti)

    with unit_of_work(write=False) as session:
        public_id = users.find(session, EMAIL).public_id
    page = admin.get(f"/staff/user/details/?id={public_id}").text

    assert "Aplikasi autentikator dihubungkan" in page


# ---- the shell


def test_the_shell_shows_and_resets_second_steps(siti: FlaskClient) -> None:
    connect_app(siti)
    add_passkey(siti, Device(), "Laptop kantor")
    run = CliRunner()

    shown = json.loads(run.invoke(command, ["factors", EMAIL, "--json"]).stdout)
    assert shown["passkeys"][0]["name"] == "Laptop kantor"
    assert (shown["app"], shown["recovery_codes"], shown["required"]) == (True, 10, True)
    assert "Laptop kantor" in run.invoke(command, ["factors", EMAIL]).stdout
    reset = json.loads(run.invoke(command, ["factors", EMAIL, "--reset", "--json"]).stdout)

    assert (reset["passkeys"], reset["app"], reset["recovery_codes"]) == ([], False, 0)
    assert reset["due_at"]
    assert told(EMAIL)[-1] == "factors_reset"
    assert run.invoke(command, ["factors", "nobody@kantor.example"]).exit_code == 1


def test_the_shell_lists_and_ends_sessions(siti: FlaskClient) -> None:
    browser(siti, FIREFOX)
    run = CliRunner()

    listed = json.loads(run.invoke(command, ["sessions", EMAIL, "--json"]).stdout)["sessions"]
    assert "Firefox" in listed[0]["device"]
    assert len(listed) == 2
    assert "2 signed out" in run.invoke(command, ["sessions", EMAIL, "--end"]).stdout

    assert not is_in(siti)
    assert json.loads(run.invoke(command, ["sessions", EMAIL, "--json"]).stdout)["sessions"] == []


def test_locking_ends_every_session_and_is_still_one_click(siti: FlaskClient) -> None:
    other = browser(siti, FIREFOX)
    with unit_of_work() as session:
        users.disable(session, users.find(session, EMAIL), ADMIN, now=utcnow(), reason="cuti")

    assert not is_in(siti)
    assert not is_in(other)
