"""What a relay's answer means for the message, and when to try again. Pure: no clock, no network, no database."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Stage = Literal["connect", "greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "dot"]
Meaning = Literal[
    "taken", "relay", "config", "busy", "greylist", "mailbox_full", "no_address", "policy", "ours", "refused"
]

_ENHANCED = re.compile(r"^([245])\.(\d{1,3})\.(\d{1,3})\b")
_CONFIG_CODES = frozenset({454, 530, 534, 535, 538})
_NO_ADDRESS_CODES = frozenset({550, 551, 553})
_POLICY_WORDS = re.compile(r"\b(spam|dmarc|spf|dkim|blacklist|blocklist|blocked|reputation|policy)\b", re.IGNORECASE)
_GREY_WORDS = re.compile(r"grey|gray", re.IGNORECASE)
_ANSWERED_BEFORE = frozenset({"connect", "greeting", "ehlo", "starttls", "auth"})

GREY_WAITS = tuple(timedelta(minutes=minutes) for minutes in (6, 15, 30, 60, 120, 240, 360))
BUSY_WAITS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60))
DROP_WAITS = tuple(timedelta(seconds=seconds) for seconds in (15, 30, 60, 120, 300, 900, 1800))
GIVE_UP = {
    "greylist": timedelta(days=4),
    "busy": timedelta(days=4),
    "dropped": timedelta(days=4),
    "mailbox_full": timedelta(hours=48),
}


@dataclass(frozen=True, slots=True)
class Reply:
    """One SMTP reply: `text` joins its lines, `stage` says what it answers."""

    stage: Stage
    code: int
    text: str

    @property
    def enhanced(self) -> str | None:
        """The status code of RFC 3463 at the start of the text, such as 5.1.1."""
        found = _ENHANCED.match(self.text)
        return found.group(0) if found else None

    @property
    def queue_id(self) -> str | None:
        """The relay's own name for a message it took, where it tells."""
        found = re.search(r"queued as <?([\w.@-]+)>?", self.text, re.IGNORECASE)
        return found.group(1)[:80] if found else None

    def __str__(self) -> str:
        return f"{self.stage}: {self.code} {self.text}"[:480]


def meaning(reply: Reply) -> Meaning:
    """Class of a reply, in the order of the table of RFC 5321/3463 codes this product follows."""
    if reply.stage == "dot" and 200 <= reply.code < 300:
        return "taken"
    if reply.stage in {"auth", "starttls", "mail"} and reply.code in _CONFIG_CODES:
        return "config"
    if reply.stage in _ANSWERED_BEFORE:
        return "config" if reply.stage == "auth" and reply.code >= 500 else "relay"
    return _temporary(reply) if reply.code < 500 else _permanent(reply)


def next_wait(kind: str, attempt: int, waited: timedelta, seed: str) -> timedelta | None:
    """How long to wait before the attempt after number `attempt` (1 = the first), None to give up.

    Spread by ±20 %, always the same for one `seed`, so that a crowd of messages does not come back at once.
    """
    if waited >= GIVE_UP[kind]:
        return None
    if kind == "mailbox_full":
        return timedelta(hours=6)
    waits = {"greylist": GREY_WAITS, "busy": BUSY_WAITS, "dropped": DROP_WAITS}[kind]
    base = waits[min(attempt, len(waits)) - 1]
    return base * random.Random(f"{seed}/{attempt}").uniform(0.8, 1.2)  # noqa: S311 - spread, not secrecy


def _temporary(reply: Reply) -> Meaning:
    enhanced = reply.enhanced or ""
    if reply.code == 452 or enhanced == "4.2.2":
        return "mailbox_full" if enhanced in ("", "4.2.2") else "busy"
    if _GREY_WORDS.search(reply.text) or enhanced == "4.7.1":
        return "greylist"
    if reply.code == 421 or enhanced.startswith(("4.3.", "4.4.")) or enhanced == "4.7.0":
        return "busy"
    return "greylist"


def _permanent(reply: Reply) -> Meaning:
    enhanced = reply.enhanced or ""
    too_big = reply.code in (552, 523) and not enhanced
    if too_big or enhanced == "5.3.4" or enhanced.startswith("5.6."):
        return "ours"
    if reply.stage == "mail":
        return "config"  # our own sender address is refused: no message is to blame
    if enhanced == "5.2.2" or reply.code == 552:
        return "mailbox_full"
    if enhanced.startswith("5.7."):
        return "policy"
    if reply.stage == "rcpt" and (enhanced.startswith("5.1.") or enhanced == "5.2.1"):
        return "no_address"
    if reply.stage in ("data", "dot") and (reply.code == 554 or _POLICY_WORDS.search(reply.text)):
        return "policy"
    if _POLICY_WORDS.search(reply.text):
        return "policy"
    if reply.stage == "rcpt" and reply.code in _NO_ADDRESS_CODES and not enhanced:
        return "no_address"
    return "refused"
