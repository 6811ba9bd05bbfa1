"""The mail ledger on both databases, against a real SMTP server: what is queued arrives once, and says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.config import settings
from app.database import unit_of_work
from app.models.outbox_message import MailDomain, MailRelay, MailSuppression, OutboxMessage
from app.operations import delivery, outbox
from app.queries import outbox as queries
from notifications import pump
from notifications.lease import Heartbeat
from notifications.relay import Timing
from tests.fixtures.smtp import DROP, HANG, LOSE, Sink

QUICK = "connect=2,command=1,data=1,reply=1,lease=5,heartbeat=0.5,pause=30,circuit=15"
Queue = Callable[..., OutboxMessage]


@pytest.fixture
def queue(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """`queue(n)`: one committed `accepted` message to a{n}@pt{n}.example."""
    monkeypatch.setenv("SINERGI_MAIL_TIMING", QUICK)
    settings.cache_clear()

    def put(number: int = 1, **changes: Any) -> OutboxMessage:
        options: dict[str, Any] = {
            "to": f"a{number}@pt{number}.example",
            "language": "id",
            "context": {"company_name": f"PT Contoh {number}", "receipt_code": f"SNG-2026-{number:04}-X"},
            "dedupe_key": f"accepted:{number}",
            "now": datetime.now(UTC),
        } | changes
        with unit_of_work() as session:
            made = outbox.enqueue(session, options.pop("kind", "accepted"), **options)
        assert made is not None
        return made

    return put


def stored(message: OutboxMessage) -> OutboxMessage:
    with unit_of_work(write=False) as session:
        return session.get_one(OutboxMessage, message.id)


def steps(message: OutboxMessage) -> list[str]:
    assert message.id is not None
    with unit_of_work(write=False) as session:
        return [event.to_state for event in queries.history(session, message.id)]


def later(message: OutboxMessage, **delta: float) -> datetime:
    return message.queued_at + timedelta(**delta)


def test_a_queued_message_arrives_whole_and_is_accepted(queue: Queue, smtp: Sink) -> None:
    message = queue(1)
    assert pump.send(20) == {"accepted": 1}
    (mail,) = smtp.messages
    assert mail.recipients == ["a1@pt1.example"]
    assert mail["Message-ID"] == message.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "PT Contoh 1" in mail.text
    assert "PT Contoh 1" in mail.html
    row = stored(message)
    assert (row.state, row.attempts, row.smtp_code, row.phase) == ("accepted", 1, 250, "")
    assert row.settled_at is not None
    assert row.body_text is not None
    assert row.relay_queue_id == "1"
    assert steps(message) == ["queued", "sending", "accepted"]
    assert pump.send(20) == {}


def test_a_message_exists_exactly_when_the_business_fact_does(queue: Queue, smtp: Sink) -> None:
    class Broken(Exception):
        pass

    def fails_after_queueing() -> None:
        with unit_of_work() as session:
            outbox.enqueue(
                session,
                "accepted",
                to="a@b.example",
                language="id",
                context={"company_name": "PT A", "receipt_code": "X"},
                dedupe_key="k",
                now=datetime.now(UTC),
            )
            raise Broken

    with pytest.raises(Broken):
        fails_after_queueing()
    assert pump.send(20) == {}


def test_the_same_fact_queued_twice_is_one_message(queue: Queue, session: Session, now: datetime) -> None:
    put: dict[str, Any] = {
        "to": "a@b.example",
        "language": "id",
        "context": {"code": "123456"},
        "dedupe_key": "code:1",
        "now": now,
    }
    assert outbox.enqueue(session, "code", **put) is not None
    assert outbox.enqueue(session, "code", **put) is None
    assert session.info["rings"] == {"mail"}
    assert queries.counts(session)["queued"] == 1


@pytest.mark.parametrize(
    "address", ["", "nobody", "a b@c.example", "a@", "@c.example", "a@b@c.example", "a\r\n@c.example"]
)
def test_an_address_that_cannot_be_stops_nobody_and_is_seen(
    session: Session, smtp: Sink, now: datetime, address: str
) -> None:
    context = {"company_name": "PT A", "receipt_code": "X"}
    made = outbox.enqueue(session, "accepted", to=address, language="id", context=context, dedupe_key="a", now=now)
    assert made is not None
    assert made.state == "failed"
    assert made.last_error is not None
    assert made.last_error.startswith("address:")


def test_a_domain_is_written_in_ascii_and_small_letters() -> None:
    assert outbox.normalised(" Budi.S@Perusahaan-Café.EXAMPLE ") == (
        "Budi.S@xn--perusahaan-caf-okb.example",
        "xn--perusahaan-caf-okb.example",
    )


def test_a_context_that_does_not_fit_is_a_fault_of_the_program(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="missing"):
        outbox.enqueue(session, "accepted", to="a@b.example", language="id", context={}, dedupe_key="a", now=now)
    with pytest.raises(ValueError, match="no such kind"):
        outbox.enqueue(session, "spam", to="a@b.example", language="id", context={}, dedupe_key="a", now=now)


def test_urgent_messages_go_first(queue: Queue, smtp: Sink) -> None:
    queue(1)
    queue(2, kind="code", context={"code": "123456"}, dedupe_key="code:2")
    pump.send(20)
    assert [mail.recipients[0] for mail in smtp.messages] == ["a2@pt2.example", "a1@pt1.example"]


def test_a_code_is_blotted_once_it_is_sent(queue: Queue, smtp: Sink) -> None:
    message = queue(1, kind="code", context={"code": "123456"})
    pump.send(20)
    assert "123456" in smtp.messages[0].text
    row = stored(message)
    assert row.context == {"code": "•••"}
    assert "123456" not in f"{row.body_text} {row.subject}"


def test_every_attempt_carries_the_same_bytes(queue: Queue, smtp: Sink) -> None:
    message = queue(1)
    smtp.script["DATA"].append(LOSE)
    assert pump.send(20) == {"uncertain": 1}
    row = stored(message)
    assert (row.state, row.unsure) == ("uncertain", 1)
    with unit_of_work() as session:
        assert row.next_at is not None
        assert delivery.recover(session, now=row.next_at, pause=timedelta(seconds=30), by="test") == 1
    assert pump.send(20) == {"accepted": 1}
    first, second = smtp.messages
    assert first.raw == second.raw
    assert steps(message) == ["queued", "sending", "uncertain", "queued", "sending", "accepted"]


def test_silence_after_the_dot_is_uncertain_not_failed(queue: Queue, smtp: Sink) -> None:
    message = queue(1)
    smtp.script["DATA"].append(HANG)
    assert pump.send(20) == {"uncertain": 1}
    row = stored(message)
    assert (row.state, row.attempts) == ("uncertain", 1)


@pytest.mark.parametrize(
    ("stage", "reply", "state"),
    [
        ("RCPT", "550 5.1.1 no such user", "failed"),
        ("RCPT", "551 not local", "failed"),
        ("RCPT", "550 5.7.1 rejected by policy", "failed"),
        ("RCPT", "450 4.7.1 greylisted, come back", "queued"),
        ("RCPT", "451 4.3.0 try later", "queued"),
        ("RCPT", "452 4.2.2 mailbox full", "queued"),
        ("RCPT", "421 4.7.0 too many", "queued"),
        ("RCPT", DROP, "queued"),
        ("RCPT", HANG, "queued"),
        ("DATA", "554 5.7.1 looks like spam", "failed"),
        ("DATA", "552 5.3.4 too big", "failed"),
        ("DATA", "451 4.7.1 later", "queued"),
        ("DATA", "550 no", "failed"),
        ("MAIL", "451 4.3.0 busy", "queued"),
        ("MAIL", "530 5.7.0 log in first", "queued"),
        ("MAIL", DROP, "queued"),
        ("MAIL", HANG, "queued"),
        ("EHLO", DROP, "queued"),
        ("EHLO", HANG, "queued"),
        ("EHLO", "421 go away", "queued"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_each_answer_has_its_consequence(queue: Queue, smtp: Sink, stage: str, reply: str, state: str) -> None:
    message = queue(1)
    smtp.script[stage].append(reply)
    pump.send(20)
    row = stored(message)
    assert row.state == state
    assert row.last_error
    assert not smtp.messages
    assert steps(message)[-1] == state
    assert pump.send(20) == {}, "nothing is tried again at once"


def test_an_address_that_does_not_exist_gets_nothing_more(queue: Queue, smtp: Sink) -> None:
    queue(1)
    smtp.script["RCPT"].append("550 5.1.1 no such user")
    pump.send(20)
    again = queue(1, to="A1@pt1.example", dedupe_key="another")
    pump.send(20)
    assert stored(again).state == "suppressed"
    assert not smtp.messages


def test_a_refusal_for_policy_does_not_suppress_the_address(queue: Queue, smtp: Sink) -> None:
    queue(1)
    smtp.script["DATA"].append("554 5.7.1 looks like spam")
    pump.send(20)
    with unit_of_work(write=False) as session:
        assert session.exec(select(MailSuppression)).all() == []


def test_a_relay_that_is_down_costs_no_message_anything(
    queue: Queue, smtp: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [queue(number) for number in (1, 2, 3)]
    monkeypatch.setenv("SINERGI_MAIL_PORT", "1")
    settings.cache_clear()
    assert pump.send(20) == {"relay": 1}
    rows = [stored(message) for message in messages]
    assert [(row.state, row.attempts) for row in rows] == [("queued", 0)] * 3
    assert sum(row.infra_attempts for row in rows) == 1
    with unit_of_work(write=False) as session:
        circuit = session.exec(select(MailRelay)).one()
        assert circuit.open_until is not None
    assert pump.send(20, now=circuit.open_until + timedelta(seconds=1)) == {"relay": 1}
    with unit_of_work(write=False) as session:
        longer = session.exec(select(MailRelay)).one()
        assert longer.open_until is not None
        assert longer.open_until - circuit.open_until > timedelta(seconds=30)


def test_a_relay_that_works_again_closes_its_circuit(queue: Queue, smtp: Sink) -> None:
    queue(1)
    smtp.script["EHLO"].append("421 not now")
    assert pump.send(20) == {"relay": 1}
    soon = datetime.now(UTC) + timedelta(seconds=20)
    assert pump.send(20, now=soon) == {"accepted": 1}
    with unit_of_work(write=False) as session:
        assert session.exec(select(MailRelay)).one().fails == 0


def test_a_busy_domain_rests_and_others_do_not_wait_for_it(queue: Queue, smtp: Sink) -> None:
    first, second = queue(1), queue(1, to="b@pt1.example", dedupe_key="b")
    queue(2)
    smtp.script["RCPT"].append("421 4.7.0 too many")
    pump.send(20)
    assert [mail.recipients[0] for mail in smtp.messages] == ["a2@pt2.example"]
    assert stored(second).state == "queued"
    with unit_of_work(write=False) as session:
        domain = session.get_one(MailDomain, "pt1.example")
        assert domain.backoff_until is not None
        assert domain.max_in_flight == 1
    assert pump.send(20, now=later(first, minutes=20)) == {"accepted": 2}


def test_greylisting_ends_after_four_days(queue: Queue, smtp: Sink) -> None:
    message = queue(1)
    for days in (0, 1, 2, 3, 4.1):
        smtp.script["RCPT"].append("450 4.7.1 greylisted")
        pump.send(20, now=later(message, days=days))
    assert stored(message).state == "failed"
    assert stored(message).attempts == 5


def test_a_message_that_would_come_too_late_is_not_sent(queue: Queue, smtp: Sink) -> None:
    message = queue(1, kind="code", context={"code": "123456"})
    assert pump.send(20, now=later(message, minutes=11)) == {}
    with unit_of_work() as session:
        delivery.recover(session, now=later(message, minutes=11), pause=timedelta(0), by="test")
    assert stored(message).state == "expired"
    assert stored(message).context == {"code": "•••"}


def test_a_lost_sender_before_the_dot_frees_its_message(queue: Queue, smtp: Sink) -> None:
    message = queue(1)
    claimed = _claim(message.queued_at)
    assert claimed is not None
    assert _claim(message.queued_at) is None, "two senders never hold one message"
    _recover(later(message, seconds=59))
    assert stored(message).state == "sending", "the lease still lives"
    _recover(later(message, seconds=61))
    assert stored(message).state == "queued"
    assert stored(message).deaths == 1
    assert pump.send(20) == {"accepted": 1}


def test_a_lost_sender_after_the_dot_leaves_the_message_uncertain(queue: Queue) -> None:
    message = queue(1)
    claimed = _claim(message.queued_at)
    assert claimed is not None
    assert _fence(claimed, message.queued_at)
    _recover(later(message, seconds=61))
    assert stored(message).state == "uncertain"
    with unit_of_work() as session:
        assert delivery.finish(session, claimed, "accepted", now=later(message, seconds=62), by="late", code=250)
    assert stored(message).state == "accepted", "the answer came late, and it counts"


def test_a_sender_that_slept_too_long_is_stopped_at_the_fence(queue: Queue) -> None:
    message = queue(1)
    sleeper = _claim(message.queued_at)
    assert sleeper is not None
    _recover(later(message, seconds=61))
    assert _claim(later(message, seconds=62)) is not None
    assert not _fence(sleeper, later(message, seconds=63))


def test_a_message_that_kills_three_senders_waits_for_a_person(queue: Queue) -> None:
    message = queue(1)
    for death in range(3):
        assert _claim(later(message, minutes=2 * death)) is not None
        _recover(later(message, minutes=2 * death + 1.5))
    assert stored(message).state == "held"
    with unit_of_work() as session:
        moved = outbox.release(session, col(OutboxMessage.id) == message.id, by="test", now=later(message, minutes=9))
    assert moved == 1
    assert stored(message).state == "queued"


def test_a_slow_conversation_keeps_its_lease(queue: Queue) -> None:
    queue(1)
    claimed = _claim(datetime.now(UTC))
    assert claimed is not None
    first = stored(claimed).lease_until
    assert first is not None
    with Heartbeat(claimed, Timing(heartbeat=0.05, lease=600), queries.database_time):
        until = time.monotonic() + 20
        while stored(claimed).lease_until == first:
            assert time.monotonic() < until, "no heartbeat came"
            time.sleep(0.02)
    renewed = stored(claimed).lease_until
    assert renewed is not None
    assert renewed > first + timedelta(minutes=5)


def test_cancel_stops_a_message_whose_dot_is_not_sent(queue: Queue) -> None:
    message = queue(1)
    claimed = _claim(message.queued_at)
    assert claimed is not None
    with unit_of_work() as session:
        assert outbox.cancel(session, col(OutboxMessage.id) == message.id, by="test", now=message.queued_at) == 1
    assert not _fence(claimed, message.queued_at)
    assert stored(message).state == "cancelled"


def test_cancel_does_not_pretend_to_stop_what_has_left(queue: Queue) -> None:
    message = queue(1)
    claimed = _claim(message.queued_at)
    assert claimed is not None
    assert _fence(claimed, message.queued_at)
    with unit_of_work() as session:
        assert outbox.cancel(session, col(OutboxMessage.id) == message.id, by="test", now=message.queued_at) == 0


def test_a_message_nobody_needs_any_more_is_put_away(queue: Queue, smtp: Sink) -> None:
    message = queue(1, kind="link", context={"company_name": "PT A", "link_id": 4711})
    assert pump.send(20) == {}
    assert stored(message).state == "obsolete"
    assert not smtp.messages


def test_a_message_that_cannot_be_written_is_held_and_stops_no_other(queue: Queue, smtp: Sink) -> None:
    broken = queue(1, kind="returned", context={"company_name": "PT A", "receipt_code": "X", "link_id": 4711})
    queue(2)
    assert pump.send(20) == {"held": 1, "accepted": 1}
    assert "LookupError" in (stored(broken).last_error or "")


def test_counts_and_age_are_what_they_are(queue: Queue, smtp: Sink) -> None:
    message = queue(1)
    queue(2)
    with unit_of_work(write=False) as session:
        assert queries.counts(session)["queued"] == 2
        assert queries.oldest_due_s(session, later(message, seconds=10)) == pytest.approx(10)
    pump.send(20)
    with unit_of_work(write=False) as session:
        assert queries.counts(session)["accepted"] == 2
        assert queries.oldest_due_s(session, later(message, seconds=10)) is None


def _claim(now: datetime) -> OutboxMessage | None:
    with unit_of_work() as session:
        return delivery.claim(
            session,
            owner="test",
            now=now,
            lease=timedelta(seconds=60),
            relay="test",
            needed=lambda _session, _message, _now: True,
            settings=settings(),
        )


def _fence(message: OutboxMessage, now: datetime) -> bool:
    assert message.id is not None
    assert message.lease_token is not None
    copy = {"subject": "s", "body_text": "t", "body_sha": "0"}
    with unit_of_work() as session:
        return delivery.fence(session, message.id, message.lease_token, now=now, lease=timedelta(seconds=60), copy=copy)


def _recover(now: datetime) -> None:
    with unit_of_work() as session:
        delivery.recover(session, now=now, pause=timedelta(seconds=30), by="test")
