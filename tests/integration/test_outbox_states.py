"""The mail ledger under any order of events: senders that win, sleep and die, staff that hold, release and cancel."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import hypothesis
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import delete, true
from sqlmodel import col, select

from app.config import settings
from app.database import unit_of_work
from app.domain.messages import OPEN_STATES
from app.models.outbox_message import OutboxEvent, OutboxMessage
from app.operations import delivery, outbox

LEASE = timedelta(seconds=60)
PAUSE = timedelta(seconds=120)
COPY = {"subject": "s", "body_text": "t", "body_sha": "0"}


class Ledger(RuleBasedStateMachine):
    """`dots` counts the final dots that may have gone out for each message; `unsure` what the ledger knows of doubt."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)
        self.senders: list[OutboxMessage] = []  # claimed, not past the fence
        self.sent: list[OutboxMessage] = []  # past the fence, outcome not written
        self.dots: Counter[int] = Counter()
        self.tried_again: Counter[int] = Counter()  # by a person, after the message was final
        self.put = 0
        with unit_of_work() as session:
            session.execute(delete(OutboxEvent))
            session.execute(delete(OutboxMessage))

    @rule(kind=st.sampled_from(["accepted", "code"]), again=st.booleans())
    def enqueue(self, kind: str, again: bool) -> None:
        self.put += 0 if again and self.put else 1
        context = {"code": "123456"} if kind == "code" else {"company_name": "PT A", "receipt_code": "X"}
        with unit_of_work() as session:
            outbox.enqueue(
                session,
                kind,
                to=f"a@pt{self.put}.example",
                language="id",
                context=context,
                dedupe_key=str(self.put),
                now=self.now,
            )

    @rule()
    def claim(self) -> None:
        with unit_of_work() as session:
            taken = delivery.claim(
                session,
                owner="s",
                now=self.now,
                lease=LEASE,
                relay="r",
                needed=lambda _s, _m, _n: True,
                settings=settings(),
            )
        if taken is not None:
            self.senders.append(taken)

    @precondition(lambda self: self.senders)
    @rule(which=st.integers(0, 9))
    def fence(self, which: int) -> None:
        sender = self.senders.pop(which % len(self.senders))
        assert sender.id is not None
        assert sender.lease_token is not None
        with unit_of_work() as session:
            allowed = delivery.fence(session, sender.id, sender.lease_token, now=self.now, lease=LEASE, copy=COPY)
        if allowed:
            self.dots[sender.id] += 1
            self.sent.append(sender)

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 9), state=st.sampled_from(["accepted", "failed", "queued"]))
    def answer(self, which: int, state: str) -> None:
        """A definite answer: taken, refused for good, or refused for now, which takes the dot back."""
        sender = self.sent.pop(which % len(self.sent))
        with unit_of_work() as session:
            done = delivery.finish(
                session, sender, state, now=self.now, by="s", next_at=self.now + PAUSE if state == "queued" else None
            )
        if done and state != "accepted":
            assert sender.id is not None
            self.dots[sender.id] -= 1

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 9))
    def no_answer(self, which: int) -> None:
        sender = self.sent.pop(which % len(self.sent))
        with unit_of_work() as session:
            delivery.lost_track(session, sender, now=self.now, pause=PAUSE, by="s", text="silence")

    @precondition(lambda self: self.senders or self.sent)
    @rule(which=st.integers(0, 9))
    def die(self, which: int) -> None:
        crowd = self.senders if self.senders and (which % 2 or not self.sent) else self.sent
        crowd.pop(which % len(crowd))

    @rule(seconds=st.sampled_from([1, 30, 61, 300, 4000]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def recover(self) -> None:
        with unit_of_work() as session:
            delivery.recover(session, now=self.now, pause=PAUSE, by="pump")

    @rule(act=st.sampled_from([outbox.hold, outbox.release, outbox.cancel]))
    def staff(self, act: object) -> None:
        with unit_of_work() as session:
            act(session, true(), by="staff", now=self.now)  # type: ignore[operator]

    @rule()
    def staff_retry(self) -> None:
        before = {row.id: row.state for row in self.rows()}
        with unit_of_work() as session:
            outbox.retry(session, true(), by="staff", now=self.now)
        for row in self.rows():
            if before[row.id] != "queued" and row.state == "queued":
                self.tried_again[row.id or 0] += 1

    def rows(self) -> list[OutboxMessage]:
        with unit_of_work(write=False) as session:
            return list(session.exec(select(OutboxMessage)).all())

    @invariant()
    def one_row_a_fact(self) -> None:
        assert len(self.rows()) <= self.put

    @invariant()
    def no_dot_without_a_reason(self) -> None:
        """A second dot needs a doubt that is written down, or a person who asked for it."""
        with unit_of_work(write=False) as session:
            doubts = Counter(
                session.exec(
                    select(OutboxEvent.outbox_id).where(
                        (OutboxEvent.to_state == "uncertain")
                        | ((OutboxEvent.from_state == "sending") & (OutboxEvent.to_state == "held"))
                    )
                ).all()
            )
        for number, dots in self.dots.items():
            assert dots <= 1 + doubts[number] + self.tried_again[number]

    @invariant()
    def a_row_says_how_it_stands(self) -> None:
        for row in self.rows():
            assert (row.state == "sending") == (row.phase in ("claimed", "dot"))
            assert (row.lease_until is not None) <= (row.state == "sending")
            assert (row.settled_at is None) == (row.state in OPEN_STATES)
            if row.kind == "code" and row.state in ("accepted", "expired", "failed", "cancelled"):
                assert row.context == {"code": "•••"}

    @invariant()
    def the_steps_lead_to_the_state(self) -> None:
        with unit_of_work(write=False) as session:
            steps = session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id))).all()
        last: dict[int, str] = {}
        for step in steps:
            assert last.get(step.outbox_id, "") == step.from_state, "no step is missing"
            last[step.outbox_id] = step.to_state
        assert last == {row.id: row.state for row in self.rows()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_order_of_events_loses_a_message_or_sends_it_twice_unasked(database_url: str) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Ledger,
        settings=hypothesis.settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )
