"""Mails on disk: a SQLite file of its own, for the mail box is a relay and no part of the product's truth."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """One mail as received; `raw` is the whole of it."""

    id: int
    received_at: datetime
    sender: str
    recipient: str
    subject: str
    message_id: str
    raw: bytes

    def parsed(self) -> EmailMessage:
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        return message

    def text(self) -> str:
        """The plain part, or nothing."""
        return _content(self.parsed(), "plain")

    def html(self) -> str:
        """The HTML part, or nothing."""
        return _content(self.parsed(), "html")

    def files(self) -> list[tuple[str, str, bytes]]:
        """Attachments as (name, media type, content)."""
        return [
            (part.get_filename() or "file", part.get_content_type(), _bytes(part))
            for part in self.parsed().iter_attachments()
            if isinstance(part, EmailMessage)
        ]


class Store:
    """Opened once a process; used by the SMTP thread and the page's threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        path.chmod(0o600)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")  # 250 means: it is on the disk
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY, received_at TEXT NOT NULL, sender TEXT NOT NULL,"
            " recipient TEXT NOT NULL, subject TEXT NOT NULL, message_id TEXT NOT NULL, raw BLOB NOT NULL)"
        )

    def keep(self, sender: str, recipients: list[str], raw: bytes, *, now: datetime) -> int:
        """Write one mail; returns its number."""
        message = message_from_bytes(raw, policy=default)
        values = (
            now.isoformat(timespec="seconds"),
            sender,
            ", ".join(recipients),
            str(message.get("Subject", "")),
            str(message.get("Message-ID", "")).strip(),
            raw,
        )
        with self._lock:
            done = self._connection.execute(
                "INSERT INTO mail (received_at, sender, recipient, subject, message_id, raw) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
        return int(done.lastrowid or 0)

    def newest(self, limit: int = 200, recipient: str = "") -> list[Kept]:
        """The last mails, newest first; `recipient` finds a part of the address."""
        like = "%" + recipient.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        with self._lock:
            rows = self._connection.execute(
                "SELECT id, received_at, sender, recipient, subject, message_id, raw FROM mail"
                " WHERE recipient LIKE ? ESCAPE '\\' ORDER BY id DESC LIMIT ?",
                (like, limit),
            ).fetchall()
        return [_kept(row) for row in rows]

    def get(self, number: int) -> Kept | None:
        with self._lock:
            row = self._connection.execute(
                "SELECT id, received_at, sender, recipient, subject, message_id, raw FROM mail WHERE id = ?", (number,)
            ).fetchone()
        return _kept(row) if row else None

    def count(self) -> int:
        with self._lock:
            return int(self._connection.execute("SELECT count(*) FROM mail").fetchone()[0])


def _bytes(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _kept(row: tuple[int, str, str, str, str, str, bytes]) -> Kept:
    return Kept(row[0], datetime.fromisoformat(row[1]).astimezone(UTC), *row[2:])


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, UnicodeError):
        content = _bytes(part).decode("utf-8", "replace")
    return str(content)
