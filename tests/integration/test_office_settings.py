"""What the office chooses on a screen: environment over database over default; secrets written, never shown."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import Session, select

from app import database
from app.cli import main
from app.config import settings
from app.database import unit_of_work
from app.domain.actors import Actor
from app.domain.errors import EditConflict, Forbidden
from app.models.audit import AuditEntry
from app.models.outbox_message import OutboxMessage
from app.models.setting import Setting
from app.operations import backup, office, outbox
from app.queries import office as stored
from app.queries import outbox as ledger
from app.registry import setting_groups
from notifications import pump
from tests.fixtures.login import log_in_as
from tests.fixtures.smtp import Sink
from tests.fixtures.web import hidden
from tests.unit.test_pictures import png

SYSTEM = Actor.system("uji")
SECRET = "kunci-rahasia-yang-panjang"
RELAY = {
    "mail_server": "smtp.kantor.example", "mail_port": "465", "mail_tls": "tls", "mail_username": "sinergi",
    "mail_secret": SECRET,
}  # fmt: skip
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def no_relay(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server says nothing of mail: it is for the office to choose."""
    for name in ("SINERGI_MAIL_SERVER", "SINERGI_MAIL_PORT"):
        monkeypatch.delenv(name, raising=False)
    settings.cache_clear()


def save(group: str, actor: Actor = SYSTEM, **values: Any) -> office.Saved:
    more = {name: values.pop(name) for name in ("expected", "picture", "cleared") if name in values}
    with unit_of_work() as session:
        known, now = settings.environment(), datetime.now(UTC)
        done = office.save(session, setting_groups()[group], values, actor, now=now, settings=known, **more)
    with unit_of_work(write=False) as session:
        stored.refresh(session)
    return done


def codes(saved: office.Saved) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in saved.problems]


def again() -> None:
    """As another process would start: from the environment and the database."""
    settings.cache_clear()
    with unit_of_work(write=False) as session:
        stored.refresh(session)


# --- who wins -----------------------------------------------------------------------------------------------


def test_the_environment_wins_over_the_database_and_that_over_the_default(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not settings().office_known
    save("office", office_name="Kantor Imigrasi Uji", office_phone="0321 123456", office_time_zone="Asia/Makassar")
    again()

    known = settings()
    assert (known.office_name, known.origins["office_name"]) == ("Kantor Imigrasi Uji", "database")
    assert known.office_known
    assert known.today(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)).day == 23, "midnight is that of the office"
    assert "office_hours" not in known.origins

    monkeypatch.setenv("SINERGI_OFFICE_NAME", "Kantor dari Server")
    again()
    assert settings().office_name == "Kantor dari Server"
    assert settings().origins["office_name"] == "SINERGI_OFFICE_NAME"
    assert settings().office_phone == "+62321123456"


def test_a_box_left_empty_brings_the_default_back(database_url: str) -> None:
    usual = settings().office_hours
    save("office", office_hours="Setiap hari")
    assert settings().office_hours == "Setiap hari"
    assert save("office", office_hours=" ").changed == ["office_hours"]
    assert settings().office_hours == usual


def test_a_relay_comes_from_one_place_whole(no_relay: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINERGI_MAIL_PORT", "8131")  # as the supervisor of an embedded world sets it
    save("mail", **RELAY, mail_sender="surat@kantor.example")
    again()
    relay = pump.relay(settings())
    assert (relay.host, relay.port, relay.tls, relay.username) == ("smtp.kantor.example", 465, "tls", "sinergi")
    assert relay.password == SECRET
    assert not settings().embedded_mail

    monkeypatch.setenv("SINERGI_MAIL_SERVER", "127.0.0.1")
    again()
    relay = pump.relay(settings())
    assert (relay.host, relay.port, relay.username, relay.password) == ("127.0.0.1", 8131, None, None)
    assert relay.sender == "surat@kantor.example", "who writes is another question than by which way"


def test_a_password_of_the_server_never_goes_to_a_relay_of_the_screen(
    no_relay: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SINERGI_MAIL_PASSWORD", "rahasia server")
    monkeypatch.setenv("SINERGI_MAIL_USERNAME", "server")
    save("mail", mail_server="lain.example", mail_port="25", mail_tls="none")
    again()
    relay = pump.relay(settings())
    assert (relay.host, relay.username, relay.password) == ("lain.example", None, None)


def test_a_demo_sends_no_mail_out_whatever_is_chosen(no_relay: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINERGI_DEMO", "true")
    save("mail", **RELAY)
    again()
    assert settings().embedded_mail
    assert pump.relay(settings()).host == "127.0.0.1"


def test_config_says_where_each_value_comes_from(no_relay: None, monkeypatch: pytest.MonkeyPatch) -> None:
    save("office", office_name="Kantor Imigrasi Uji")
    save("mail", **RELAY)
    monkeypatch.setenv("SINERGI_OFFICE_HOURS", "Senin")
    settings.cache_clear()

    answer = CliRunner().invoke(main, ["config", "--show-origin", "--json"])
    rows = {row["name"]: row for row in json.loads(answer.stdout)["settings"]}

    assert rows["SINERGI_OFFICE_NAME"] == {
        "name": "SINERGI_OFFICE_NAME", "value": "Kantor Imigrasi Uji", "origin": "database",
    }  # fmt: skip
    assert rows["SINERGI_OFFICE_HOURS"]["origin"] == "SINERGI_OFFICE_HOURS"
    assert rows["SINERGI_OFFICE_PHONE"]["origin"] == "default"
    assert (rows["SINERGI_MAIL_PASSWORD"]["value"], rows["SINERGI_MAIL_PASSWORD"]["origin"]) == ("***", "database")
    assert SECRET not in answer.output


# --- what is refused ----------------------------------------------------------------------------------------


@SQLITE
def test_what_cannot_be_right_is_refused_and_nothing_is_written(database_url: str, staff: Callable[..., Actor]) -> None:
    assert codes(save("office", office_name="Kantor Baru", office_colour="#ffbf47")) == [("contrast", "office_colour")]
    assert codes(save("office", office_email="bukan alamat")) == [("pattern", "office_email")]
    assert codes(save("office", report_due_day="31")) == [("out_of_range", "report_due_day")]
    assert codes(save("mail", mail_server="smtp.example")) == [("required", "mail_port"), ("required", "mail_tls")]
    assert codes(save("mail", **RELAY | {"mail_tls": "none"})) == [("password_in_clear", "mail_tls")]
    assert codes(save("office", picture=b"<svg onload=alert(1)>")) == [("picture", "office_logo")]
    with unit_of_work(write=False) as session:
        assert session.exec(select(Setting)).all() == []
    with pytest.raises(Forbidden):
        save("mail", staff("head"), mail_sender="a@b.example")
    with pytest.raises(Forbidden):
        save("office", staff("secretariat"), office_name="X")


@SQLITE
def test_two_people_do_not_overwrite_each_other(database_url: str) -> None:
    save("office", office_name="Satu", expected=0)
    with pytest.raises(EditConflict, match="settings_changed"):
        save("office", office_name="Dua", expected=0)
    assert settings().office_name == "Satu"


# --- the secret ---------------------------------------------------------------------------------------------


def everything(session: Session) -> str:
    """All that the database holds, as text."""
    names = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    return "\n".join(str(row) for name in names for row in session.execute(text(f'SELECT * FROM "{name}"')))


@SQLITE
def test_a_secret_is_in_no_table_no_audit_no_log_no_page_and_no_copy(
    no_relay: None, client: FlaskClient, caplog: pytest.LogCaptureFixture, tmp_path: Any
) -> None:
    browser = log_in_as(client, "admin")
    form = hidden(browser.get("/staff/settings/mail").text)
    answer = browser.post("/staff/settings/mail", data={**form, **RELAY}, follow_redirects=True)
    assert answer.status_code == 200
    assert "Tersimpan" in answer.text

    assert settings().mail_password == SECRET
    assert SECRET not in answer.text + browser.get("/staff/settings/mail").text
    assert "Sudah tersimpan" in answer.text
    assert SECRET not in caplog.text
    with unit_of_work(write=False) as session:
        assert SECRET not in everything(session)
        entry = session.exec(select(AuditEntry).where(AuditEntry.entity == "setting")).one()
        assert (entry.before, (entry.after or {})["mail_secret"]) == (dict.fromkeys(RELAY), "•••")
    copy = backup.make(database.engine(), settings(), tmp_path / "salinan.tar.gz", now=datetime.now(UTC))
    import tarfile

    with tarfile.open(copy) as tar:
        held = b"".join((tar.extractfile(member) or io.BytesIO()).read() for member in tar if member.isfile())
    assert SECRET.encode() not in held
    assert b'"***"' in held or b"mail_password" not in held.lower()

    form = hidden(browser.get("/staff/settings/mail").text)
    wrong = browser.post("/staff/settings/mail", data={**form, **RELAY, "mail_port": "0", "mail_secret": "yang baru"})
    assert wrong.status_code == 422
    assert "yang baru" not in wrong.text, "not even as typed a moment ago"


@SQLITE
def test_a_secret_stays_when_its_box_is_empty_and_goes_when_asked(no_relay: None) -> None:
    save("mail", **RELAY)
    save("mail", mail_port="587", mail_tls="starttls", mail_secret="")
    assert (settings().mail_password, settings().mail_port) == (SECRET, 587)
    save("mail", mail_secret="", cleared=frozenset({"mail_secret"}))
    assert settings().mail_password is None


@SQLITE
def test_under_another_root_key_the_secret_opens_nothing_and_the_doctor_says_so(
    no_relay: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    save("mail", **RELAY)
    old = settings().secret_key
    monkeypatch.setenv("SINERGI_SECRET_KEY", "another root secret of another installation")
    again()
    assert settings().mail_password is None
    found = CliRunner().invoke(main, ["doctor", "--json"])
    assert "mail_password" in found.stdout

    monkeypatch.setenv("SINERGI_OLD_SECRET_KEYS", old)
    again()
    assert settings().mail_password == SECRET


# --- how it shows -------------------------------------------------------------------------------------------


@SQLITE
def test_name_colour_and_logo_are_on_every_page_at_once(client: FlaskClient) -> None:
    browser = log_in_as(client, "admin")
    form = hidden(browser.get("/staff/settings/office").text)
    answer = browser.post(
        "/staff/settings/office", content_type="multipart/form-data",
        data={**form, "office_name": "Kantor Imigrasi Uji", "office_colour": "#7a1f5c",
              "office_logo": (io.BytesIO(png(20, 20, end=b"<script>")), "logo.png")},
    )  # fmt: skip
    assert answer.status_code == 302

    for page in (browser.get("/staff/").text, client.get("/aksesibilitas").text):
        assert "Kantor Imigrasi Uji" in page
        style = re.search(r'<style nonce="[^"]+">([^<]*)</style>', page)
        assert style
        assert "--sinergi-brand:#7a1f5c;" in style[1]
        logo = re.search(r'<img src="(/logo/[0-9a-f]{16}\.png)"', page)
        assert logo
    picture = client.get(logo[1])
    assert (picture.status_code, picture.mimetype, picture.data) == (200, "image/png", png(20, 20))
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in picture.headers["Cache-Control"]
    assert client.get("/logo/0000000000000000.png").status_code == 404

    form = hidden(browser.get("/staff/settings/office").text)
    browser.post("/staff/settings/office", data={**form, "_clear_office_logo": "1"})
    assert client.get(logo[1]).status_code == 404


@SQLITE
def test_what_another_process_saved_is_on_the_next_page_whoever_asks(client: FlaskClient, app: Flask) -> None:
    browser = log_in_as(client, "admin")
    pages = {
        "logged in": lambda: browser.get("/staff/"),
        "visitor": lambda: app.test_client().get("/aksesibilitas"),
        "logged out elsewhere": lambda: browser.get("/aksesibilitas"),
        "idle": lambda: browser.get("/aksesibilitas"),
    }
    for number, (who, page) in enumerate(pages.items()):
        name = f"Kantor Nomor {number}"
        with unit_of_work() as session:  # as `save`, but this process is not told
            done = office.save(
                session, setting_groups()["office"], {"office_name": name}, SYSTEM,
                now=datetime.now(UTC), settings=settings.environment(),
            )  # fmt: skip
            assert not done.problems
            if who == "logged out elsewhere":
                session.execute(text("UPDATE login_session SET ended_at = started_at"))
        if who == "idle":
            with browser.session_transaction() as cookie:
                cookie.update(_user_id="gone", seen=0)
        assert settings().office_name != name
        assert name in page().text, who


@SQLITE
def test_a_pale_colour_is_refused_on_the_page_with_a_darker_one(client: FlaskClient) -> None:
    browser = log_in_as(client, "admin")
    form = hidden(browser.get("/staff/settings/office").text)
    answer = browser.post(
        "/staff/settings/office", data={**form, "office_colour": "#ffbf47", "office_name": "Kantor X"}
    )

    assert answer.status_code == 422
    assert "Tulisan dengan warna ini sulit dibaca" in answer.text
    assert "Apakah maksud Anda #" in answer.text
    assert 'value="Kantor X"' in answer.text


@SQLITE
def test_what_the_server_fixes_cannot_be_typed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINERGI_OFFICE_NAME", "Kantor dari Server")
    settings.cache_clear()
    browser = log_in_as(client, "admin")
    page = browser.get("/staff/settings/office").text
    assert "SINERGI_OFFICE_NAME" in page
    assert 'name="office_name"' not in page

    browser.post("/staff/settings/office", data={**hidden(page), "office_name": "Lain", "office_hours": "Selasa"})
    assert (settings().office_name, settings().office_hours) == ("Kantor dari Server", "Selasa")


@SQLITE
def test_who_may_see_the_screens(app: Flask, client: FlaskClient) -> None:
    expected = {"head": (200, 403), "auditor": (200, 200), "field_officer": (403, 403)}
    for role, answers in expected.items():
        browser = log_in_as(app.test_client(), role, email=f"{role}@kantor.example")
        assert (
            browser.get("/staff/settings/office").status_code, browser.get("/staff/settings/mail").status_code
        ) == answers, role  # fmt: skip
    reader = log_in_as(app.test_client(), "auditor", email="pembaca@kantor.example")
    page = reader.get("/staff/settings/mail").text
    assert "Kirim uji" not in page
    assert reader.post("/staff/settings/mail", data=hidden(page)).status_code == 403


# --- mail ---------------------------------------------------------------------------------------------------


@SQLITE
def test_a_test_message_goes_to_who_asks_through_the_ledger_and_the_page_tells_how(
    client: FlaskClient, smtp: Sink
) -> None:
    browser = log_in_as(client, "admin", email="admin@kantor.example")
    save("mail", mail_reply_to="balas@kantor.example", mail_sender="surat@kantor.example")
    form = hidden(browser.get("/staff/settings/mail").text)
    asked = browser.post("/staff/settings/mail/test", data={**form, "nonce": "sekali"})
    browser.post("/staff/settings/mail/test", data={**form, "nonce": "sekali"})  # a double click

    waiting = browser.get(asked.location).text
    assert "Surat uji ke admin@kantor.example: menunggu" in waiting
    assert "data-open" in waiting
    assert pump.send(20) == {"accepted": 1}
    (mail,) = smtp.messages
    assert mail.recipients == ["admin@kantor.example"]
    assert "surat@kantor.example" in mail["From"]
    assert "balas@kantor.example" in mail["Reply-To"]
    done = browser.get(asked.location).text
    assert "diterima server surat" in done
    assert "data-open" not in re.search(r'<div class="note[^>]*id="test"[^>]*>', done)[0]  # type: ignore[index]

    smtp.script["RCPT"].append("550 5.1.1 no such user")
    asked = browser.post("/staff/settings/mail/test", data={**form, "nonce": "lagi"})
    pump.send(20)
    assert "550 5.1.1 no such user" in browser.get(asked.location).text


@pytest.fixture
def queue(database_url: str) -> Callable[..., None]:
    now = datetime.now(UTC)

    def put(kind: str, number: int) -> None:
        context = {"company_name": "PT Contoh", "receipt_code": f"SNG-2026-{number:04}-X"}
        contexts = {"code": {"code": "123456"}, "confirmation": context | {"sent_at": now.isoformat()}}
        with unit_of_work() as session:
            outbox.enqueue(
                session, kind, to=f"{kind}{number}@pt{number}.example", language="id", now=now,
                context=contexts.get(kind, context), dedupe_key=f"{kind}:{number}",
            )  # fmt: skip

    return put


def test_the_daily_limit_holds_all_but_codes_and_receipts_until_tomorrow(
    queue: Callable[..., None], smtp: Sink
) -> None:
    save("mail", mail_daily_cap="3")
    for number in range(5):
        queue("accepted", number)

    assert pump.send(20) == {"accepted": 3}
    assert pump.send(20) == {}
    queue("code", 1)
    queue("confirmation", 1)
    assert pump.send(20) == {"accepted": 2}
    assert {mail.recipients[0] for mail in smtp.messages[3:]} == {"code1@pt1.example", "confirmation1@pt1.example"}
    with unit_of_work(write=False) as session:
        now = ledger.database_time(session)
        assert ledger.capped(session, settings(), now)
        assert ledger.due_count(session, now) == 2
        assert ledger.due_count(session, now, urgent=True) == 0, "nobody is rung for what may not go"
    assert pump.tick() == {}
    said = CliRunner().invoke(main, ["outbox", "status"]).output
    assert "limit of 3 messages a day" in said


def test_the_limit_begins_anew_at_midnight_of_the_office(queue: Callable[..., None], smtp: Sink) -> None:
    save("mail", mail_daily_cap="2")
    for number in range(4):
        queue("accepted", number)
    assert pump.send(20) == {"accepted": 2}
    with unit_of_work() as session:
        sqlite = session.get_bind().dialect.name == "sqlite"
        yesterday = "datetime(settled_at, '-1 day')" if sqlite else "settled_at - interval '1 day'"
        session.execute(text(f"UPDATE outbox_message SET settled_at = {yesterday} WHERE state = 'accepted'"))

    assert pump.send(20) == {"accepted": 2}
    with unit_of_work(write=False) as session:
        assert {one.state for one in session.exec(select(OutboxMessage))} == {"accepted"}


def test_no_limit_counts_nothing(queue: Callable[..., None], smtp: Sink, statements: list[str]) -> None:
    queue("accepted", 1)
    statements.clear()
    assert pump.send(20) == {"accepted": 1}
    assert not [one for one in statements if "settled_at >=" in one]
