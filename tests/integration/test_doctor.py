"""The doctor names what is wrong and the command that mends it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from app import database
from app.cli import main
from app.config import settings
from app.models.outbox_message import OutboxMessage
from app.operations import health, outbox
from tests.fixtures.smtp import Sink


def _found() -> dict[str, health.Finding]:
    findings = health.examine(database.engine(), settings(), now=database.utcnow())
    assert all(finding.mend for finding in findings)
    return {finding.what: finding for finding in findings}


def test_well_kept_office_has_no_database_finding(database_url: str, valkey_url: str, smtp: Sink) -> None:
    settings().data.mkdir(exist_ok=True)
    found = _found()
    assert not {"database", "schema", "valkey", "mail", "disk", "secret"} & found.keys()


def test_missing_table_is_said(database_url: str) -> None:
    with database.engine().begin() as connection:
        connection.exec_driver_sql("DROP TABLE scheduled_run")
    assert "scheduled_run" in _found()["schema"].message


def test_embedded_database_is_made_when_asked_about() -> None:
    assert CliRunner().invoke(main, ["db", "check"]).exit_code == 0


def test_empty_database_is_mended_by_upgrade() -> None:
    settings().data.mkdir()
    (settings().data / "sinergi.db").touch()
    assert CliRunner().invoke(main, ["db", "check"]).exit_code == 1
    assert _found()["schema"].mend == "sinergi db upgrade"
    assert CliRunner().invoke(main, ["db", "upgrade"]).exit_code == 0
    assert CliRunner().invoke(main, ["db", "check"]).exit_code == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_not_there_is_said(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINERGI_SECRET_KEY", "aaaaaaaaaaaaaaaaaaaa")
    monkeypatch.setenv("SINERGI_MAIL_PORT", "1")
    settings.cache_clear()
    assert {"valkey", "mail", "backup", "public_url", "secret"} <= _found().keys()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_office_without_name_contact_and_sender_is_said(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SINERGI_MAIL_SERVER", "127.0.0.1")
    settings.cache_clear()
    assert {"office_name", "office_contact", "mail_sender"} <= _found().keys()
    monkeypatch.setenv("SINERGI_OFFICE_NAME", "Kantor Imigrasi Contoh")
    monkeypatch.setenv("SINERGI_OFFICE_EMAIL", "tanya@kantor.example")
    monkeypatch.setenv("SINERGI_MAIL_SENDER", "sinergi@kantor.example")
    settings.cache_clear()
    assert not {"office_name", "office_contact", "mail_sender"} & _found().keys()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_command_prints_json_and_exits_with_one(database_url: str) -> None:
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert result.exit_code == 1
    printed = json.loads(result.output)
    assert not printed["ok"]
    assert {"what", "severity", "message", "mend"} == set(printed["findings"][0])


def test_settings_are_printed_without_secrets() -> None:
    result = CliRunner().invoke(main, ["config", "--show-origin", "--json"])
    rows = {row["name"]: row for row in json.loads(result.output)["settings"]}
    assert rows["SINERGI_SECRET_KEY"] == {"name": "SINERGI_SECRET_KEY", "value": "***", "origin": "SINERGI_SECRET_KEY"}


def test_late_and_held_mail_are_said(database_url: str) -> None:
    now = database.utcnow()
    for key, age in (("late", timedelta(hours=1)), ("held", timedelta(0))):
        with database.unit_of_work() as session:
            outbox.enqueue(session, "code", to="a@pt-uji.example", language="id", context={"code": "123456"},
                           dedupe_key=key, now=now - age, expires_at=now + timedelta(hours=1))  # fmt: skip
    with database.unit_of_work() as session:
        outbox.hold(session, OutboxMessage.dedupe_key == "held", by="uji", now=now)
    assert {"mail_late", "mail_held"} <= _found().keys()
