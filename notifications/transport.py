"""A thin SMTP client (RFC 5321) whose final dot waits for permission.

One recipient a transaction; every wait has an end and can be interrupted; certificates are verified; trouble at QUIT
is nobody's trouble. A connection may carry many messages.
"""

from __future__ import annotations

import base64
import errno
import re
import select
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

from notifications.relay import Relay, Timing
from notifications.replies import Reply, Stage

_SLICE = 0.25  # seconds between two looks at `stop`
_LONGEST_REPLY = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")  # a reply is kept in the ledger, and PostgreSQL cannot keep a NUL
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Stop = Callable[[], bool]


class Undelivered(Exception):
    """The conversation ended without an answer to the final dot; the relay does not have the message."""

    def __init__(self, stage: Stage, reason: str) -> None:
        super().__init__(f"{stage}: {reason}")
        self.stage = stage


class Unreachable(Undelivered):
    """The relay could not be talked to at all: name, connection, TLS, greeting, login."""


class Dropped(Undelivered):
    """The relay went away or fell silent between MAIL and the final dot."""


class Fenced(Undelivered):
    """We lost the right to send before the final dot; the connection was closed without it."""


class Stopped(Undelivered):
    """This process was asked to stop before the final dot."""


class NoAnswer(Exception):
    """The final dot went out and no complete answer came back: nobody can know."""


class Refused(Exception):
    """A definite answer that is not success."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply))
        self.reply = reply


class Conversation:
    """One connection to a relay. `stop` is asked while waiting; after the final dot it only shortens the wait."""

    def __init__(self, relay: Relay, timing: Timing, stop: Stop = lambda: False) -> None:
        self.relay = relay
        self.timing = timing
        self._stop = stop
        self._socket: socket.socket | None = None
        self._buffer = b""
        self._extensions: dict[str, str] = {}
        self._stop_by: float | None = None
        self.delivered = 0

    @property
    def is_open(self) -> bool:
        return self._socket is not None

    def open(self) -> None:
        """Connect, greet, secure, log in; raises Unreachable, Stopped or Refused (stage up to auth)."""
        try:
            self._socket = self._connect()
            self._buffer = b""
            if self.relay.tls == "tls":
                self._secure("connect")
            self._expect("greeting", self._read("greeting", self.timing.command), 220)
            self._ehlo()
            if self.relay.tls == "starttls":
                self._starttls()
            if self.relay.username:
                self._login(self.relay.username, self.relay.password or "")
        except BaseException as failed:
            self.abort()
            if isinstance(failed, Dropped):
                raise Unreachable(failed.stage, str(failed)) from None
            raise

    def deliver(self, sender: str, recipient: str, message: bytes, fence: Callable[[], bool]) -> Reply:
        """Send one message to one recipient and return the 2xx reply to the final dot.

        `message` has CRLF line ends. `fence` is called when all but the dot is out; False closes the connection.
        Raises Refused (any other definite reply), Dropped, Stopped, Fenced, NoAnswer.
        """
        try:
            self._transaction(sender, recipient, message)
            if not fence():
                raise Fenced("data", "no longer ours to send")
            reply = self._dot()
        except Refused as refused:
            if refused.reply.code == 421:
                self.abort()
            else:
                self._reset()
            raise
        except BaseException:
            self.abort()
            raise
        self.delivered += 1
        return reply

    def close(self) -> None:
        """Say goodbye; what the relay answers, or whether it does, means nothing any more."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.settimeout(1)
                self._socket.sendall(b"QUIT\r\n")
                self._socket.recv(1024)
        self.abort()

    def abort(self) -> None:
        """Close without a word: without its dot the relay must throw the message away (RFC 5321 4.1.1.4)."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
            self._socket = None

    # -- steps -------------------------------------------------------------------------------------------------------

    def _connect(self) -> socket.socket:
        end = time.monotonic() + self.timing.connect
        try:
            found = socket.getaddrinfo(self.relay.host, self.relay.port, type=socket.SOCK_STREAM)
        except OSError as unknown:
            raise Unreachable("connect", f"{self.relay.host}: {unknown}") from None
        problem = "no address"
        for family, kind, protocol, _, address in found:
            wire = socket.socket(family, kind, protocol)
            try:
                wire.setblocking(False)
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the lonely dot waits 40 ms for an ACK
                self._await_connection(wire, wire.connect_ex(address), end)
                return wire
            except OSError as failed:
                problem = failed.strerror or str(failed)
                wire.close()
            except BaseException:
                wire.close()
                raise
        raise Unreachable("connect", f"{self.relay.name}: {problem}")

    def _await_connection(self, wire: socket.socket, status: int, end: float) -> None:
        if status not in (0, errno.EINPROGRESS):
            raise OSError(status, errno.errorcode.get(status, "error"))
        while not select.select([], [wire], [], _SLICE)[1]:
            if self._stop():
                raise Stopped("connect", "asked to stop")
            if time.monotonic() > end:
                raise TimeoutError(errno.ETIMEDOUT, "no connection in time")
        failed = wire.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if failed:
            raise OSError(failed, errno.errorcode.get(failed, "error"))

    def _secure(self, stage: Stage) -> None:
        assert self._socket is not None
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._socket.settimeout(self.timing.connect)
        try:
            self._socket = context.wrap_socket(self._socket, server_hostname=self.relay.host)
        except (OSError, ValueError) as failed:  # ssl errors are OSErrors
            raise Unreachable(stage, f"TLS: {failed}") from None

    def _ehlo(self) -> None:
        name = self.relay.sender.rpartition("@")[2] or "localhost"
        reply = self._command("ehlo", f"EHLO {name}")
        self._expect("ehlo", reply, 250)
        self._extensions = {}
        for line in reply.text.split("\n")[1:]:
            word, _, rest = line.partition(" ")
            self._extensions[word.upper()] = rest

    def _starttls(self) -> None:
        if "STARTTLS" not in self._extensions:
            raise Unreachable("starttls", "the relay does not offer TLS")
        self._expect("starttls", self._command("starttls", "STARTTLS"), 220)
        if self._buffer:  # bytes sent before the handshake could be an attacker's (CVE-2011-0411)
            raise Unreachable("starttls", "unexpected data before TLS")
        self._secure("starttls")
        self._ehlo()

    def _login(self, username: str, password: str) -> None:
        if self.relay.tls == "none" and self.relay.host not in _LOOPBACK:
            raise Refused(Reply("auth", 534, "5.7.9 a password is not sent without TLS"))
        offered = self._extensions.get("AUTH", "").upper().split()
        if "PLAIN" in offered:
            secret = base64.b64encode(f"\0{username}\0{password}".encode()).decode()
            reply = self._command("auth", f"AUTH PLAIN {secret}")
        elif "LOGIN" in offered:
            self._expect("auth", self._command("auth", "AUTH LOGIN"), 334)
            self._expect("auth", self._command("auth", base64.b64encode(username.encode()).decode()), 334)
            reply = self._command("auth", base64.b64encode(password.encode()).decode())
        else:
            raise Refused(Reply("auth", 538, "5.7.11 the relay offers no login we know"))
        self._expect("auth", reply, 235)

    def _transaction(self, sender: str, recipient: str, message: bytes) -> None:
        options = ""
        if not recipient.isascii():
            if "SMTPUTF8" not in self._extensions:
                raise Refused(Reply("rcpt", 553, "5.6.7 the relay cannot take this address (no SMTPUTF8)"))
            options = " SMTPUTF8"
        if "SIZE" in self._extensions:
            limit = self._extensions["SIZE"]
            if limit.isdigit() and 0 < int(limit) < len(message):
                raise Refused(Reply("mail", 552, f"5.3.4 {len(message)} bytes, the relay takes {limit}"))
            options += f" SIZE={len(message)}"
        self._expect("mail", self._command("mail", f"MAIL FROM:<{sender}>{options}"), 250)
        self._expect("rcpt", self._command("rcpt", f"RCPT TO:<{recipient}>"), 250, 251)
        self._expect("data", self._command("data", "DATA"), 354)
        self._send("data", _stuffed(message), self.timing.data)

    def _dot(self) -> Reply:
        try:
            self._send("dot", b".\r\n", self.timing.command)
            reply = self._read("dot", self.timing.reply)
        except (Dropped, Stopped) as silent:
            raise NoAnswer(str(silent)) from None
        self._expect("dot", reply, 250, 251, 252)
        return reply

    def _reset(self) -> None:
        try:
            if self._command("mail", "RSET").code != 250:
                self.abort()
        except Undelivered:
            self.abort()

    # -- bytes -------------------------------------------------------------------------------------------------------

    def _command(self, stage: Stage, line: str) -> Reply:
        if "\r" in line or "\n" in line:
            raise Refused(Reply(stage, 553, "5.6.7 line break in an address"))
        self._send(stage, line.encode() + b"\r\n", self.timing.command)
        return self._read(stage, self.timing.command)

    def _expect(self, stage: Stage, reply: Reply, *codes: int) -> None:
        if reply.code not in codes:
            raise Refused(reply)

    def _send(self, stage: Stage, data: bytes, seconds: float) -> None:
        assert self._socket is not None
        end = time.monotonic() + seconds
        self._socket.settimeout(_SLICE)
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[self._socket.send(rest) :]
            except TimeoutError:
                self._still(stage, end)
            except OSError as gone:
                raise Dropped(stage, f"connection lost ({gone.strerror or gone})") from None

    def _read(self, stage: Stage, seconds: float) -> Reply:
        """One whole reply; the limit is for all of it, so that one byte a second is not an answer either."""
        end = time.monotonic() + seconds
        lines: list[str] = []
        size = 0
        while True:
            line = self._line(stage, end)
            size += len(line)
            code = line[:3]
            if not (code.isdigit() and len(code) == 3 and line[3:4] in (b"", b" ", b"-")) or size > _LONGEST_REPLY:
                raise Dropped(stage, "the relay does not speak SMTP")
            lines.append(_CONTROL.sub(" ", line[4:].decode("utf-8", "replace")))
            if line[3:4] != b"-":
                return Reply(stage, int(code), "\n".join(lines))

    def _line(self, stage: Stage, end: float) -> bytes:
        assert self._socket is not None
        self._socket.settimeout(_SLICE)
        while b"\n" not in self._buffer:
            self._still(stage, end)
            try:
                received = self._socket.recv(4096)
            except TimeoutError:
                continue
            except OSError as gone:
                raise Dropped(stage, f"connection lost ({gone.strerror or gone})") from None
            if not received:
                raise Dropped(stage, "the relay closed the connection")
            self._buffer += received
            if len(self._buffer) > _LONGEST_REPLY:
                raise Dropped(stage, "the relay does not speak SMTP")
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r")

    def _still(self, stage: Stage, end: float) -> None:
        """Whether to go on waiting; raises Stopped or Dropped."""
        now = time.monotonic()
        if now > end:
            raise Dropped(stage, "no answer in time")
        if self._stop():
            if stage != "dot":
                raise Stopped(stage, "asked to stop")
            self._stop_by = self._stop_by or now + self.timing.grace
            if now > self._stop_by:
                raise Stopped(stage, "asked to stop")


def _stuffed(message: bytes) -> bytes:
    """The message as it crosses the wire: leading dots doubled, last line ended (RFC 5321 4.5.2)."""
    body = message if message.endswith(b"\r\n") else message + b"\r\n"
    body = body.replace(b"\r\n.", b"\r\n..")
    return b"." + body if body.startswith(b".") else body
