"""A letter as bytes: the same on every attempt, and no name can add a header."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import load, settings
from notifications.facts import facts
from notifications.mime import Attachment, wire
from notifications.relay import Relay, Timing, mail_config, relay_of
from notifications.render import Letter, letter
from notifications.samples import preview, sample

WRITTEN = datetime(2026, 11, 22, 7, 3, tzinfo=UTC)
RELAY = Relay("127.0.0.1", 25, "none", None, None, "sinergi@kantor.example", "Kantor Imigrasi, Kelas I (contoh)")
PDF = Attachment("tanda-terima-SNG-2026-7F3K-9.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")


def made(said: Letter, to: str = "a@b.example", files: tuple[Attachment, ...] = (PDF,)) -> bytes:
    return wire(
        said,
        to=to,
        message_id="<abc@kantor.example>",
        written_at=WRITTEN,
        language="id",
        relay=RELAY,
        settings=settings(),
        attachments=files,
    )


def test_the_same_letter_is_the_same_bytes() -> None:
    assert made(preview("confirmation", "id", settings())) == made(preview("confirmation", "id", settings()))


def test_a_letter_is_plain_ascii_with_crlf_and_short_lines() -> None:
    data = made(preview("returned", "id", settings()))
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(len(line) for line in data.split(b"\r\n")) <= 998


def test_headers_say_who_when_and_that_a_machine_wrote() -> None:
    message = message_from_bytes(made(preview("link", "id", settings())), policy=default)
    assert str(message["From"]) == '"Kantor Imigrasi, Kelas I (contoh)" <sinergi@kantor.example>'
    assert message["Message-ID"] == "<abc@kantor.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == WRITTEN
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]
    assert next(message.iter_attachments()).get_payload(decode=True) == PDF.content


def test_answers_go_to_the_office() -> None:
    office = load({"SINERGI_OFFICE_EMAIL": "layanan@kantor.example", "SINERGI_OFFICE_NAME": "Kantor"})
    data = wire(
        preview("link", "id", office),
        to="a@b.example",
        message_id="<x@y>",
        written_at=WRITTEN,
        language="id",
        relay=RELAY,
        settings=office,
    )
    assert message_from_bytes(data, policy=default)["Reply-To"] == "Kantor <layanan@kantor.example>"


@hypothesis.settings(deadline=None)
@given(name=st.text(min_size=1, max_size=80).filter(lambda text: not any(0xD800 <= ord(c) < 0xE000 for c in text)))
def test_no_company_name_adds_a_header_or_breaks_a_letter(name: str) -> None:
    context = sample("link") | {"company_name": name, "contact_name": name}
    said = letter("link", "id", facts(context, "id", load({}), lambda _id: "http://localhost:8000/t/x"))
    message = message_from_bytes(made(said, files=()), policy=default)
    assert set(message.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
        "Content-Language",
        "MIME-Version",
        "Content-Type",
    }


@pytest.mark.parametrize("name", ["a\r\nBcc: x@y.example", "a\nb"])
def test_a_line_break_in_a_file_name_is_refused_or_tamed(name: str) -> None:
    try:
        data = made(preview("link", "id", settings()), files=(Attachment(name, "application/pdf", b""),))
    except ValueError:
        return
    assert b"\r\nBcc:" not in data


def test_flask_mails_names_describe_the_relay() -> None:
    current = load(
        {
            "SINERGI_MAIL_SERVER": "relay.example",
            "SINERGI_MAIL_PORT": "587",
            "SINERGI_MAIL_TLS": "starttls",
            "SINERGI_MAIL_USERNAME": "us",
            "SINERGI_MAIL_PASSWORD": "secret",
            "SINERGI_MAIL_SENDER": "sinergi@kantor.example",
            "SINERGI_OFFICE_NAME": "Kantor",
        }
    )
    assert relay_of(mail_config(current)) == Relay(
        "relay.example", 587, "starttls", "us", "secret", "sinergi@kantor.example", "Kantor"
    )


def test_waits_can_be_shortened_by_name() -> None:
    assert Timing.parse("") == Timing()
    assert Timing.parse("lease=2, tick=0.5") == Timing(lease=2, tick=0.5)
    with pytest.raises(ValueError, match="no wait is called leese"):
        Timing.parse("leese=2")
