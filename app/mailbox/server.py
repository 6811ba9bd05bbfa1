"""An SMTP server that keeps what it gets, and the page that shows it. Both listen on this machine only by default."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from app import stopping
from app.config import settings
from app.mailbox.page import handler
from app.mailbox.store import Store

log = logging.getLogger("sinergi.mailbox")


class Keeper:
    """aiosmtpd's handler: the answer 250 is given after the mail is on the disk."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        raw = envelope.content or b""
        assert isinstance(raw, bytes)
        try:
            number = self._store.keep(envelope.mail_from or "", list(envelope.rcpt_tos), raw, now=datetime.now(UTC))
        except Exception:
            log.exception("mail not kept")
            return "451 4.3.0 not kept"
        return f"250 2.0.0 OK queued as {number}"


def main() -> None:
    """Serve until asked to stop."""
    logging.basicConfig(level=settings().log_level, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells every connection
    stopping.listen()
    current = settings()
    store = Store(current.data / "mailbox" / "mail.db")
    smtp = Controller(
        Keeper(store), hostname=current.mail_server, port=current.mail_port, enable_SMTPUTF8=True, ready_timeout=10
    )
    # Its mails carry living links: only a demo shows them to the network.
    host = current.host if current.demo else "127.0.0.1"
    page = ThreadingHTTPServer((host, current.mailbox_port), handler(store, current.office_time_zone))
    page.daemon_threads = True
    smtp.start()
    threading.Thread(target=page.serve_forever, name="page", daemon=True).start()
    log.info("mail box: SMTP on port %d, page on port %d", current.mail_port, current.mailbox_port)
    while not stopping.wait(3600):
        pass
    smtp.stop(no_assert=True)
    page.shutdown()
