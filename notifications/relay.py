"""Which relay mail goes to, and how long each step of a conversation may take.

The configuration names are those of Flask-Mail, so that its documentation applies; the conversation is our own
(`notifications.transport`), because Flask-Mail has no timeouts, no verified TLS and sends the final dot by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from email.headerregistry import Address
from typing import Any

from app.config import Settings


@dataclass(frozen=True, slots=True)
class Relay:
    """An SMTP relay; `sender` is the envelope sender and the From address."""

    host: str
    port: int
    tls: str  # none, starttls, tls
    username: str | None
    password: str | None
    sender: str
    sender_name: str

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def address(self) -> Address:
        return Address(self.sender_name, addr_spec=self.sender)


@dataclass(frozen=True, slots=True)
class Timing:
    """Waits in seconds. `reply` is long on purpose (RFC 5321 4.5.3.2.6): a short one makes duplicates."""

    connect: float = 10
    command: float = 60
    data: float = 60
    reply: float = 600
    lease: float = 60
    heartbeat: float = 15
    tick: float = 15
    budget: float = 50
    pause: float = 120  # of an uncertain message
    circuit: float = 15  # first rest of a relay that failed; doubles up to five minutes
    grace: float = 5  # for an answer already on its way when we are asked to stop

    @property
    def lease_time(self) -> timedelta:
        return timedelta(seconds=self.lease)

    @classmethod
    def parse(cls, text: str) -> Timing:
        """Defaults changed by "lease=2,tick=0.5"; raises ValueError for an unknown name or no number."""
        changes: dict[str, float] = {}
        names = {field.name for field in fields(cls)}
        for part in filter(None, (part.strip() for part in text.split(","))):
            name, _, value = part.partition("=")
            if name not in names:
                raise ValueError(f"no wait is called {name}; known: {', '.join(sorted(names))}")
            changes[name] = float(value)
        return replace(cls(), **changes)


def mail_config(settings: Settings) -> dict[str, Any]:
    """Our settings under the names of Flask-Mail."""
    return {
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USE_TLS": settings.mail_tls == "starttls",
        "MAIL_USE_SSL": settings.mail_tls == "tls",
        "MAIL_USERNAME": settings.mail_username,
        "MAIL_PASSWORD": settings.mail_password,
        "MAIL_DEFAULT_SENDER": (settings.office_name, settings.mail_sender),
    }


def relay_of(config: Mapping[str, Any]) -> Relay:
    """The relay a Flask-Mail configuration describes."""
    sender = config["MAIL_DEFAULT_SENDER"]
    name, address = sender if isinstance(sender, tuple) else ("", sender)
    return Relay(
        host=config["MAIL_SERVER"],
        port=int(config["MAIL_PORT"]),
        tls="tls" if config["MAIL_USE_SSL"] else "starttls" if config["MAIL_USE_TLS"] else "none",
        username=config["MAIL_USERNAME"],
        password=config["MAIL_PASSWORD"],
        sender=address,
        sender_name=name,
    )
