"""Sending what is due: claim, write, talk, fence, settle. Any number of processes do it, killed at any moment.

No database transaction is open while we talk to the relay. What a conversation taught is written under the lease.
"""

from __future__ import annotations

import hashlib
import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app import database
from app.config import Settings
from app.models.message_template import MessageTemplate
from app.models.outbox_message import OutboxMessage
from app.operations import delivery, mail_traffic
from app.queries.outbox import database_time
from notifications import kinds
from notifications.facts import facts
from notifications.lease import Heartbeat, key_of
from notifications.mime import wire
from notifications.own_words import letter
from notifications.relay import Relay, Timing
from notifications.replies import Reply, meaning, next_wait
from notifications.transport import Conversation, Dropped, Fenced, NoAnswer, Refused, Stop, Stopped, Unreachable

log = logging.getLogger("sinergi.mail")

PER_CONNECTION = 100  # messages, then a new connection: many relays want that
_TEMPORARY = frozenset({"greylist", "busy", "mailbox_full"})


class Sender:
    """Delivers due messages over one connection at a time.

    `now` fixes the clock (tests); else the database's is asked. `stop` is asked between and during conversations.
    """

    def __init__(
        self,
        settings: Settings,
        relay: Relay,
        timing: Timing,
        *,
        stop: Stop = lambda: False,
        now: datetime | None = None,
    ) -> None:
        self.settings = settings
        self.relay = relay
        self.timing = timing
        self.owner = f"{socket.gethostname()[:80]}:{os.getpid()}"
        self.outcomes: Counter[str] = Counter()
        self._stop = stop
        self._fixed = now
        self._line: Conversation | None = None

    def run(self, budget: float) -> Counter[str]:
        """Send until nothing is due, `budget` seconds are over, the relay fails or we are asked to stop.

        Returns how many messages came to each state.
        """
        end = time.monotonic() + budget
        try:
            while time.monotonic() < end and not self._stop():
                try:
                    message = self._claim()
                except DBAPIError as busy:  # another writer was long at it; the message is still queued
                    log.warning("database busy while looking for mail: %s", type(busy.orig).__name__)
                    time.sleep(0.5)
                    continue
                if message is None:
                    break
                self._deliver(message)
        finally:
            if self._line is not None:
                self._line.close()
        return self.outcomes

    def _claim(self) -> OutboxMessage | None:
        with database.unit_of_work() as session:
            return delivery.claim(
                session,
                owner=self.owner,
                now=self._now(session),
                lease=self.timing.lease_time,
                relay=self.relay.name,
                needed=kinds.still_needed,
                settings=self.settings,
            )

    def _deliver(self, message: OutboxMessage) -> None:
        with Heartbeat(message, self.timing, self._now):
            try:
                data, copy = self._written(message)
            except DBAPIError:
                self._settle(message, "queued", "database busy while writing", infra=True)
                return
            except Exception as wrong:  # a template, a missing record, a header that would break: not the relay's fault
                log.exception("message %s cannot be written", message.public_id)
                self._settle(message, "held", f"cannot be written: {type(wrong).__name__}: {wrong}")
                return
            try:
                reply = self._talk(message, data, copy)
            except Refused as refused:
                self._refused(message, refused.reply)
            except NoAnswer as silent:
                self._unsure(message, str(silent))
            except Unreachable as broken:
                self._relay_failed(message, str(broken))
            except (Stopped, Fenced) as ended:
                if isinstance(ended, Stopped):
                    self._settle(message, "queued", str(ended), infra=True)
            except Dropped as dropped:
                self._later(message, "dropped", str(dropped), None)
            else:
                self._taken(message, reply)

    def _written(self, message: OutboxMessage) -> tuple[bytes, dict[str, str]]:
        """The bytes to send, and the copy to keep: masked, with the hash of what is really sent."""
        with database.unit_of_work(write=False) as session:
            known = facts(message.context, message.language, self.settings, kinds.link_url(session, self.settings))
            files = kinds.attachments(session, message, self.settings)
            words = session.get(MessageTemplate, message.template_id) if message.template_id else None
        said = letter(message.kind, message.language, known, words)
        data = wire(
            said,
            to=message.to_address,
            message_id=message.message_id,
            written_at=message.queued_at,
            language=message.language,
            relay=self.relay,
            settings=self.settings,
            attachments=files,
        )
        kept = said.masked(known.secrets)
        return data, {
            "subject": kept.subject,
            "body_text": kept.text,
            "body_sha": hashlib.sha256(data).hexdigest(),
        }

    def _talk(self, message: OutboxMessage, data: bytes, copy: dict[str, str]) -> Reply:
        def fence() -> bool:
            try:
                with database.unit_of_work() as session:
                    return delivery.fence(
                        session, *key_of(message), now=self._now(session), lease=self.timing.lease_time, copy=copy
                    )
            except DBAPIError as busy:  # not written down, so the dot must not go out
                raise Stopped("data", f"database busy: {type(busy.orig).__name__}") from None

        line = self._open_line()
        used = line.delivered > 0
        try:
            return line.deliver(self.relay.sender, message.to_address, data, fence)
        except (Dropped, Refused) as stale:
            first_word = stale.stage == "mail" if isinstance(stale, Dropped) else stale.reply.stage == "mail"
            closing = isinstance(stale, Dropped) or stale.reply.code == 421
            if not (used and first_word and closing):
                raise
        return self._open_line(fresh=True).deliver(self.relay.sender, message.to_address, data, fence)

    def _open_line(self, fresh: bool = False) -> Conversation:
        line = self._line
        if line is not None and (fresh or line.delivered >= PER_CONNECTION or not line.is_open):
            line.close()
            line = None
        if line is None:
            line = Conversation(self.relay, self.timing, self._stop)
            line.open()
            self._line = line
        return line

    # -- outcomes ----------------------------------------------------------------------------------------------------

    def _taken(self, message: OutboxMessage, reply: Reply) -> None:
        def write(session: Session, now: datetime) -> bool:
            mail_traffic.relay_works(session, self.relay.name)
            mail_traffic.domain_works(session, message.domain)
            return delivery.finish(
                session,
                message,
                "accepted",
                now=now,
                by=self.owner,
                code=reply.code,
                text=reply.text,
                attempts=message.attempts + 1,
                enhanced=reply.enhanced,
                relay_queue_id=reply.queue_id,
                last_error=None,
            )

        self._write(write, "accepted", message)

    def _refused(self, message: OutboxMessage, reply: Reply) -> None:
        what = meaning(reply)
        if what in ("relay", "config"):
            if what == "config":
                log.error("mail stopped, the relay does not accept our settings: %s", reply)
            self._relay_failed(message, str(reply))
        elif what in _TEMPORARY:
            self._later(message, what, str(reply), reply)
        else:
            self._failed(message, what, reply)

    def _failed(self, message: OutboxMessage, what: str, reply: Reply) -> None:
        if what == "ours":
            log.error("message %s is refused for what it is: %s", message.public_id, reply)

        def write(session: Session, now: datetime) -> bool:
            if what == "no_address":
                mail_traffic.suppress(session, message, now=now, reason=str(reply))
            return delivery.finish(
                session,
                message,
                "failed",
                now=now,
                by=self.owner,
                text=str(reply),
                code=reply.code,
                attempts=message.attempts + 1,
                enhanced=reply.enhanced,
            )

        self._write(write, "failed", message)

    def _later(self, message: OutboxMessage, kind: str, text: str, reply: Reply | None) -> None:
        def write(session: Session, now: datetime) -> bool:
            attempts = message.attempts + 1
            wait = next_wait(kind, attempts, now - message.queued_at, message.message_id)
            at = now + wait if wait is not None else None
            if kind == "busy":
                rests_until = mail_traffic.domain_busy(session, message.domain, now=now)
                at = max(at, rests_until) if at is not None else None
            late = at is not None and message.expires_at is not None and at >= message.expires_at
            state = "failed" if at is None else "expired" if late else "queued"
            return delivery.finish(
                session,
                message,
                state,
                now=now,
                by=self.owner,
                text=text,
                code=reply.code if reply else None,
                attempts=attempts,
                enhanced=reply.enhanced if reply else None,
                next_at=at if state == "queued" else None,
            )

        self._write(write, "later", message)

    def _relay_failed(self, message: OutboxMessage, text: str) -> None:
        def write(session: Session, now: datetime) -> bool:
            until = mail_traffic.relay_failed(
                session, self.relay.name, now=now, reason=text, first=self._seconds(self.timing.circuit)
            )
            log.warning("relay %s rests until %s: %s", self.relay.name, until.isoformat(timespec="seconds"), text)
            return delivery.finish(
                session,
                message,
                "queued",
                now=now,
                by=self.owner,
                text=text,
                infra_attempts=message.infra_attempts + 1,
            )

        self._write(write, "relay", message)

    def _unsure(self, message: OutboxMessage, text: str) -> None:
        def write(session: Session, now: datetime) -> bool:
            return delivery.lost_track(
                session, message, now=now, pause=self._seconds(self.timing.pause), by=self.owner, text=text
            )

        log.warning("message %s: no answer after the final dot", message.public_id)
        self._write(write, "uncertain", message)

    def _settle(self, message: OutboxMessage, state: str, text: str, *, infra: bool = False) -> None:
        changes: dict[str, Any] = (
            {"infra_attempts": message.infra_attempts + 1} if infra else {"attempts": message.attempts + 1}
        )

        def write(session: Session, now: datetime) -> bool:
            return delivery.finish(session, message, state, now=now, by=self.owner, text=text, **changes)

        self._write(write, state, message)

    def _write(self, write: Callable[[Session, datetime], bool], outcome: str, message: OutboxMessage) -> None:
        """Write an outcome, trying for as long as the lease lives: what the relay said must not be forgotten."""
        end = time.monotonic() + self.timing.lease
        while True:
            try:
                with database.unit_of_work() as session:
                    done = write(session, self._now(session))
                break
            except DBAPIError as busy:
                if time.monotonic() > end:
                    log.error("outcome of %s could not be written: %s", message.public_id, busy)
                    return
                time.sleep(0.2)
        if done:
            self.outcomes[outcome] += 1
        else:
            log.warning("message %s was taken over before its outcome (%s) was written", message.public_id, outcome)

    def _now(self, session: Session) -> datetime:
        return self._fixed or database_time(session)

    @staticmethod
    def _seconds(seconds: float) -> timedelta:
        return timedelta(seconds=seconds)
