"""The servers the other tests stand on: the mail sink answers as scripted, stores are empty."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest
import redis

from tests.fixtures.smtp import DROP, LOSE, Sink


def _send(sink: Sink, subject: str = "Halo") -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "a@kantor.example", "b@pt.example"
    message.set_content("Isi")
    with smtplib.SMTP(sink.host, sink.port, timeout=5) as connection:
        connection.send_message(message)


def test_sink_keeps_message_and_envelope(smtp: Sink) -> None:
    _send(smtp)
    (mail,) = smtp.to("b@pt.example")
    assert (mail["Subject"], mail.sender, mail.text.strip()) == ("Halo", "a@kantor.example", "Isi")


def test_sink_answers_as_scripted_once(smtp: Sink) -> None:
    smtp.script["RCPT"].append("450 4.2.1 busy")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        _send(smtp)
    _send(smtp)
    assert len(smtp.messages) == 1


def test_sink_can_lose_the_reply_to_the_dot(smtp: Sink) -> None:
    smtp.script["DATA"].append(LOSE)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        _send(smtp)
    assert len(smtp.messages) == 1
    smtp.script["MAIL"].append(DROP)
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        _send(smtp)
    assert len(smtp.messages) == 1


@pytest.mark.parametrize("round_", [1, 2])
def test_valkey_is_empty_for_each_test(valkey_url: str, round_: int) -> None:
    with redis.Redis.from_url(valkey_url) as client:
        assert client.dbsize() == 0
        client.set("left", round_)
