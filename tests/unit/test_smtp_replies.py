"""What a relay's answer means, and when to come back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.replies import Meaning, Reply, Stage, meaning, next_wait


@pytest.mark.parametrize(
    ("stage", "code", "text", "expected"),
    [
        ("dot", 250, "2.0.0 OK queued as 4XyZ", "taken"),
        ("greeting", 421, "4.3.2 shutting down", "relay"),
        ("greeting", 554, "5.7.1 no", "relay"),
        ("ehlo", 502, "what", "relay"),
        ("auth", 535, "5.7.8 wrong password", "config"),
        ("auth", 454, "4.7.0 try later", "config"),
        ("auth", 432, "4.7.12 transition", "relay"),
        ("starttls", 454, "TLS not available", "config"),
        ("mail", 530, "5.7.0 authentication required", "config"),
        ("mail", 553, "5.7.1 sender not owned", "config"),
        ("mail", 552, "5.3.4 too big", "ours"),
        ("mail", 451, "4.3.0 busy", "busy"),
        ("rcpt", 421, "4.7.0 rate", "busy"),
        ("rcpt", 450, "4.3.2 not now", "busy"),
        ("rcpt", 450, "4.4.1 cannot reach", "busy"),
        ("rcpt", 450, "4.7.1 Greylisted", "greylist"),
        ("rcpt", 451, "greylisting in action", "greylist"),
        ("rcpt", 450, "", "greylist"),
        ("rcpt", 452, "4.2.2 over quota", "mailbox_full"),
        ("rcpt", 452, "4.5.3 too many recipients", "busy"),
        ("rcpt", 550, "5.1.1 user unknown", "no_address"),
        ("rcpt", 550, "5.1.10 null mx", "no_address"),
        ("rcpt", 553, "no such mailbox", "no_address"),
        ("rcpt", 550, "5.2.1 disabled", "no_address"),
        ("rcpt", 550, "5.7.1 relaying denied", "policy"),
        ("rcpt", 550, "your IP is on a blocklist", "policy"),
        ("rcpt", 552, "5.2.2 mailbox full", "mailbox_full"),
        ("data", 554, "no valid recipients", "policy"),
        ("dot", 554, "5.7.1 spam", "policy"),
        ("dot", 550, "DMARC says no", "policy"),
        ("dot", 552, "5.3.4 size", "ours"),
        ("dot", 554, "5.6.0 malformed", "ours"),
        ("dot", 451, "4.7.1 later", "greylist"),
        ("dot", 550, "5.1.1 said late", "refused"),
        ("rcpt", 571, "5.0.0 no", "refused"),
    ],
)
def test_every_answer_has_one_meaning(stage: Stage, code: int, text: str, expected: Meaning) -> None:
    assert meaning(Reply(stage, code, text)) == expected


def test_a_reply_tells_its_codes() -> None:
    assert Reply("rcpt", 550, "5.1.1 no").enhanced == "5.1.1"
    assert Reply("rcpt", 550, "no 5.1.1").enhanced is None
    assert Reply("dot", 250, "2.0.0 Ok: queued as 9F3A2").queue_id == "9F3A2"
    assert Reply("dot", 250, "2.0.0 Ok").queue_id is None


def test_greylisting_waits_longer_each_time_and_not_all_at_once() -> None:
    waits = [next_wait("greylist", attempt, timedelta(0), "a") for attempt in range(1, 9)]
    assert all(wait is not None for wait in waits)
    minutes = [wait.total_seconds() / 60 for wait in waits if wait]
    for real, ideal in zip(minutes, (6, 15, 30, 60, 120, 240, 360, 360), strict=True):
        assert 0.8 * ideal <= real <= 1.2 * ideal
    assert next_wait("greylist", 1, timedelta(0), "a") == next_wait("greylist", 1, timedelta(0), "a")
    assert next_wait("greylist", 1, timedelta(0), "a") != next_wait("greylist", 1, timedelta(0), "b")


def test_trying_ends() -> None:
    assert next_wait("greylist", 9, timedelta(days=4), "a") is None
    assert next_wait("mailbox_full", 3, timedelta(hours=47), "a") == timedelta(hours=6)
    assert next_wait("mailbox_full", 9, timedelta(hours=48), "a") is None
