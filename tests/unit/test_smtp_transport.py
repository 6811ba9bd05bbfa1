"""Our SMTP client against a server that misbehaves at exact bytes: nothing hangs, nothing unknown is claimed."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from notifications.relay import Relay, Timing
from notifications.transport import (
    Conversation,
    Dropped,
    Fenced,
    NoAnswer,
    Refused,
    Stopped,
    Unreachable,
)

TLS = Path(__file__).resolve().parents[1] / "fixtures" / "tls"
QUICK = Timing(connect=1, command=0.6, data=0.6, reply=0.6, grace=0.3)
LETTER = b"Subject: a\r\n\r\n.dot at the start\r\n..two\r\nend\r\n"

CLOSE = b"\0close"
SILENT = b"\0silent"
SLOW = b"\0slow"


class Scripted:
    """A server on a raw socket. `answers` maps a command word (or "greeting", "dot") to bytes or a misbehaviour."""

    def __init__(self, certificate: str | None = None, immediate: bool = False) -> None:
        self.answers: dict[str, bytes] = {
            "greeting": b"220 test\r\n",
            "EHLO": b"250-test\r\n250-STARTTLS\r\n250-AUTH LOGIN PLAIN\r\n250 ENHANCEDSTATUSCODES\r\n",
            "STARTTLS": b"220 go\r\n",
            "AUTH": b"235 ok\r\n",
            "MAIL": b"250 2.1.0 ok\r\n",
            "RCPT": b"250 2.1.5 ok\r\n",
            "DATA": b"354 go\r\n",
            "dot": b"250 2.0.0 ok queued as Q1\r\n",
            "RSET": b"250 ok\r\n",
            "QUIT": b"221 bye\r\n",
        }
        self.heard: list[bytes] = []
        self.taken: list[bytes] = []  # whole messages, final dot seen
        self.ended_without_dot = 0
        self._certificate = certificate
        self._immediate = immediate
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                wire, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def _serve(self, wire: socket.socket) -> None:
        with suppress(OSError):
            try:
                if self._immediate:
                    wire = self._secured(wire)
                if self._answer(wire, "greeting"):
                    self._talk(wire)
            finally:
                wire.close()

    def _talk(self, wire: socket.socket) -> None:
        buffer = b""
        while True:
            while b"\r\n" not in buffer:
                got = wire.recv(4096)
                if not got:
                    return
                buffer += got
            line, _, buffer = buffer.partition(b"\r\n")
            self.heard.append(line)
            word = line.split(b" ")[0].decode().upper()
            if not self._answer(wire, word):
                return
            if word == "STARTTLS" and self.answers["STARTTLS"].startswith(b"220"):
                wire, buffer = self._secured(wire), b""
            if word == "DATA" and self.answers["DATA"].startswith(b"354"):
                while not buffer.endswith(b"\r\n.\r\n"):
                    got = wire.recv(4096)
                    if not got:
                        self.ended_without_dot += 1
                        return
                    buffer += got
                self.taken.append(buffer[: -len(b".\r\n")])
                buffer = b""
                if not self._answer(wire, "dot"):
                    return

    def _answer(self, wire: socket.socket, word: str) -> bool:
        answer = self.answers.get(word, b"500 what\r\n")
        if answer == CLOSE:
            return False
        if answer == SILENT:
            time.sleep(30)
            return False
        if answer == SLOW:
            for _ in range(300):
                wire.sendall(b"2")
                time.sleep(0.1)
            return False
        wire.sendall(answer)
        return True

    def _secured(self, wire: socket.socket) -> socket.socket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / f"{self._certificate}.pem", TLS / f"{self._certificate}.key")
        return context.wrap_socket(wire, server_side=True)


Make = Callable[..., Scripted]


@pytest.fixture
def server() -> Iterator[Make]:
    made: list[Scripted] = []

    def make(*, certificate: str | None = None, immediate: bool = False, **answers: bytes) -> Scripted:
        one = Scripted(certificate, immediate)
        one.answers.update(answers)
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()


def relay(server: Scripted, tls: str = "none", username: str | None = None, host: str = "127.0.0.1") -> Relay:
    return Relay(host, server.port, tls, username, "secret" if username else None, "us@kantor.example", "Kantor")


def say(
    to: Relay,
    *,
    recipient: str = "a@b.example",
    fence: Callable[[], bool] = lambda: True,
    stop: Callable[[], bool] = lambda: False,
) -> str:
    line = Conversation(to, QUICK, stop)
    line.open()
    try:
        return str(line.deliver("us@kantor.example", recipient, LETTER, fence))
    finally:
        line.close()


def test_a_letter_crosses_the_wire_unchanged(server: Make) -> None:
    one = server()
    assert "queued as Q1" in say(relay(one))
    (got,) = one.taken
    assert got.replace(b"\r\n..", b"\r\n.") == LETTER, "leading dots were doubled on the way"
    assert b"MAIL FROM:<us@kantor.example>" in one.heard
    assert b"RCPT TO:<a@b.example>" in one.heard


def test_a_reply_is_fit_to_be_kept(server: Make) -> None:
    assert say(relay(server(dot=b"250 2.0.0 o\x00k\x1b[31m\xff\r\n"))) == "dot: 250 2.0.0 o k [31m\ufffd"


def test_one_connection_carries_many_letters(server: Make) -> None:
    one = server()
    line = Conversation(relay(one), QUICK)
    line.open()
    for _ in range(3):
        line.deliver("us@kantor.example", "a@b.example", LETTER, lambda: True)
    line.close()
    assert len(one.taken) == 3
    assert one.heard.count(b"EHLO kantor.example") == 1


def test_a_refused_recipient_leaves_the_connection_usable(server: Make) -> None:
    one = server(RCPT=b"550 5.1.1 nobody\r\n")
    line = Conversation(relay(one), QUICK)
    line.open()
    with pytest.raises(Refused, match=r"550 5\.1\.1"):
        line.deliver("us@kantor.example", "a@b.example", LETTER, lambda: True)
    one.answers["RCPT"] = b"250 ok\r\n"
    line.deliver("us@kantor.example", "b@b.example", LETTER, lambda: True)
    assert len(one.taken) == 1


@pytest.mark.parametrize("misbehaviour", [CLOSE, SILENT, SLOW, b"hello\r\n", b"x" * 70_000])
@pytest.mark.parametrize("stage", ["greeting", "EHLO"])
def test_trouble_before_the_letter_is_the_relays(server: Make, stage: str, misbehaviour: bytes) -> None:
    with pytest.raises(Unreachable):
        say(relay(server(**{stage: misbehaviour})))


@pytest.mark.parametrize("misbehaviour", [CLOSE, SILENT, SLOW, b"hello\r\n"])
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_trouble_before_the_dot_means_not_sent(server: Make, stage: str, misbehaviour: bytes) -> None:
    one = server(**{stage: misbehaviour})
    with pytest.raises(Dropped):
        say(relay(one))
    assert not one.taken


@pytest.mark.parametrize("misbehaviour", [CLOSE, SILENT, SLOW, b"hello\r\n", b"250"])
def test_trouble_after_the_dot_means_nobody_knows(server: Make, misbehaviour: bytes) -> None:
    one = server(dot=misbehaviour)
    with pytest.raises(NoAnswer):
        say(relay(one))
    assert len(one.taken) == 1


@pytest.mark.parametrize("misbehaviour", [CLOSE, SILENT, b"500 no\r\n"])
def test_trouble_at_goodbye_is_nobodys(server: Make, misbehaviour: bytes) -> None:
    assert "250" in say(relay(server(QUIT=misbehaviour)))


def test_without_permission_the_dot_stays_here(server: Make) -> None:
    one = server()
    with pytest.raises(Fenced):
        say(relay(one), fence=lambda: False)
    until = time.monotonic() + 5
    while not one.ended_without_dot and time.monotonic() < until:
        time.sleep(0.01)
    assert one.ended_without_dot == 1
    assert not one.taken


def test_permission_is_asked_when_all_but_the_dot_is_out(server: Make) -> None:
    one = server()
    seen: list[int] = []

    def fence() -> bool:
        seen.append(len(one.taken))
        return True

    say(relay(one), fence=fence)
    assert seen == [0]
    assert one.heard[-2:] == [b"DATA", b"QUIT"]


def test_asked_to_stop_before_the_dot_we_stop(server: Make) -> None:
    one = server(MAIL=SILENT)
    with pytest.raises(Stopped):
        say(relay(one), stop=lambda: b"MAIL FROM:<us@kantor.example>" in one.heard)


def test_asked_to_stop_after_the_dot_we_give_the_answer_a_moment(server: Make) -> None:
    one = server()
    assert "250" in say(relay(one), stop=lambda: bool(one.taken))
    one.answers["dot"] = SILENT
    with pytest.raises(NoAnswer):
        say(relay(one), stop=lambda: len(one.taken) > 1)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="connect"):
        Conversation(Relay("127.0.0.1", port, "none", None, None, "a@b.example", ""), QUICK).open()


def test_a_name_nobody_knows() -> None:
    with pytest.raises(Unreachable, match="connect"):
        Conversation(Relay("relay.invalid", 25, "none", None, None, "a@b.example", ""), QUICK).open()


@pytest.mark.parametrize("immediate", [True, False])
def test_a_certificate_nobody_vouches_for_gets_no_mail_and_no_password(server: Make, immediate: bool) -> None:
    one = server(certificate="localhost", immediate=immediate)
    with pytest.raises(Unreachable, match="TLS"):
        say(relay(one, "tls" if immediate else "starttls", username="us"))
    assert not any(line.startswith((b"AUTH", b"MAIL")) for line in one.heard)


@pytest.mark.parametrize("immediate", [True, False])
def test_a_certificate_for_another_name_gets_no_mail(
    server: Make, immediate: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "other.pem"))
    one = server(certificate="other", immediate=immediate)
    with pytest.raises(Unreachable, match="TLS"):
        say(relay(one, "tls" if immediate else "starttls"))
    assert not one.taken


@pytest.mark.parametrize("immediate", [True, False])
def test_a_certificate_that_is_vouched_for_gets_the_mail(
    server: Make, immediate: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "localhost.pem"))
    one = server(certificate="localhost", immediate=immediate)
    say(relay(one, "tls" if immediate else "starttls", username="us", host="localhost"))
    assert len(one.taken) == 1
    assert any(line.startswith(b"AUTH PLAIN") for line in one.heard)


def test_a_relay_without_tls_is_refused_where_tls_is_configured(server: Make) -> None:
    with pytest.raises(Unreachable, match="does not offer TLS"):
        say(relay(server(EHLO=b"250 test\r\n"), "starttls"))


def test_words_slipped_in_before_tls_are_refused(server: Make) -> None:
    with pytest.raises(Unreachable, match="unexpected data"):
        say(relay(server(certificate="localhost", STARTTLS=b"220 go\r\n250 injected\r\n"), "starttls"))


def test_a_wrong_password_is_a_definite_answer(server: Make) -> None:
    with pytest.raises(Refused, match="535"):
        say(relay(server(AUTH=b"535 5.7.8 no\r\n"), username="us"))


def test_a_letter_larger_than_the_relay_takes_is_not_begun(server: Make) -> None:
    one = server(EHLO=b"250-test\r\n250 SIZE 10\r\n")
    with pytest.raises(Refused, match=r"5\.3\.4"):
        say(relay(one))
    assert not any(line.startswith(b"MAIL") for line in one.heard)


def test_an_address_beyond_ascii_needs_a_relay_that_knows_it(server: Make) -> None:
    with pytest.raises(Refused, match="SMTPUTF8"):
        say(relay(server()), recipient="bäcker@b.example")
    one = server(EHLO=b"250-test\r\n250 SMTPUTF8\r\n")
    say(relay(one), recipient="bäcker@b.example")
    assert "RCPT TO:<bäcker@b.example>".encode() in one.heard


def test_a_line_break_in_an_address_starts_no_command(server: Make) -> None:
    one = server()
    with pytest.raises(Refused):
        say(relay(one), recipient="a@b.example>\r\nRCPT TO:<c@d.example")
    assert not any(b"c@d.example" in line for line in one.heard)
