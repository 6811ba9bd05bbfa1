"""The mail ledger from the shell."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from sqlmodel import select

from app.cli import main
from app.database import unit_of_work
from app.domain.messages import STATES
from app.models.outbox_message import OutboxMessage
from app.operations import outbox
from tests.fixtures.smtp import Sink

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def call(*words: str, expect: int = 0) -> str:
    done = CliRunner().invoke(main, ["outbox", *words])
    assert done.exit_code == expect, done.output
    return done.output


def put(number: int = 1) -> None:
    with unit_of_work() as session:
        outbox.enqueue(
            session,
            "accepted",
            to=f"a@pt{number}.example",
            language="id",
            context={"company_name": "PT Contoh", "receipt_code": "SNG-1"},
            dedupe_key=f"k{number}",
            now=datetime.now(UTC),
        )


def states() -> set[str]:
    with unit_of_work(write=False) as session:
        return set(session.exec(select(OutboxMessage.state)).all())


def test_status_counts_every_state(database_url: str) -> None:
    put()
    answer = json.loads(call("status", "--json"))
    assert answer.keys() == {*STATES, "oldest_due_s"}
    assert answer["queued"] == 1
    assert answer["oldest_due_s"] >= 0
    assert "queued" in call("status")


def test_send_until_empty_sends_all_without_redis(database_url: str, smtp: Sink) -> None:
    for number in range(3):
        put(number)
    assert json.loads(call("send", "--until-empty", "--json")) == {"accepted": 3, "left": 0}
    assert len(smtp.messages) == 3
    assert json.loads(call("status", "--json"))["oldest_due_s"] is None


def test_send_says_when_mail_remains(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put()
    monkeypatch.setenv("SINERGI_MAIL_PORT", "1")
    from app.config import settings

    settings.cache_clear()
    assert "1 due messages remain" in call("send", "--until-empty", expect=1)
    assert "127.0.0.1:1" in call("status")


def test_hold_release_and_retry_move_what_they_name(database_url: str, smtp: Sink) -> None:
    put()
    call("hold", expect=2)
    assert call("hold", "--kind", "accepted") == "1 messages.\n"
    assert states() == {"held"}
    call("send")
    assert not smtp.messages
    assert call("release", "--all") == "1 messages.\n"
    smtp.script["RCPT"].append("550 5.7.1 no")
    call("send")
    assert states() == {"failed"}
    assert call("retry", "--state", "failed") == "1 messages.\n"
    call("send")
    assert states() == {"accepted"}
    assert call("cancel", "--all") == "0 messages.\n", "what is sent stays sent"


def test_a_suppressed_address_is_named_and_allowed_again(database_url: str, smtp: Sink) -> None:
    put()
    smtp.script["RCPT"].append("550 5.1.1 nobody here")
    call("send")
    (row,) = json.loads(call("suppressed", "--json"))
    assert row["address"] == "a@pt1.example"
    call("allow", "A@pt1.example")
    call("allow", "a@pt1.example", expect=1)
    call("retry", "--all")
    call("send")
    assert states() == {"accepted"}
