"""Writing the audit table. Entries wait in the session and are chained once, last, at COMMIT.

Linking under a lock held only for the final moment keeps a big import from blocking other writers.
hash = HMAC-SHA256(key, prev_hash | canonical JSON of the entry): a changed, dropped or reordered
entry breaks every later hash (`verify`).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import event, text
from sqlmodel import Session, col, select

from app.config import settings
from app.domain.actors import Actor
from app.models.audit import AuditEntry
from app.operations.bulk import bulk_insert

Recorded = tuple[str, str, Mapping[str, Any] | None, Mapping[str, Any] | None]  # entity_id, action, before, after
GENESIS = "0" * 64
_PIECE = 1000
_LOCK = 0x51_4E_45_52  # one advisory lock for the chain
_KEPT = (
    "at",
    "actor",
    "actor_kind",
    "user_id",
    "agency_id",
    "entity",
    "entity_id",
    "action",
    "before",
    "after",
    "reason",
    "request_id",
    "batch",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: how many entries stand in the chain, and the first that does not fit."""

    entries: int
    broken_at: int | None
    head: str


def record(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    entity: str,
    entity_id: str,
    action: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str | None = None,
    batch: str | None = None,
) -> None:
    """Note one action; it is written with the transaction or not at all."""
    record_many(
        session, [(entity_id, action, before, after)], actor=actor, now=now, entity=entity, reason=reason, batch=batch
    )


def record_many(
    session: Session,
    changes: Iterable[Recorded],
    *,
    actor: Actor,
    now: datetime,
    entity: str,
    reason: str | None = None,
    batch: str | None = None,
) -> None:
    """Note (entity_id, action, before, after) for many records of one registry."""
    shared = {
        "at": now.astimezone(UTC),
        "actor": actor.name,
        "actor_kind": actor.kind,
        "user_id": actor.user_id,
        "agency_id": actor.agency_id,
        "entity": entity,
        "reason": reason,
        "request_id": actor.request_id,
        "batch": batch,
        "door": _door(actor, batch),
    }
    waiting = _waiting(session)
    for entity_id, action, before, after in changes:
        waiting.append(
            {**shared, "entity_id": entity_id, "action": action, "before": plain(before), "after": plain(after)}
        )


def waiting(session: Session) -> int:
    """How many entries wait for COMMIT: where a step that may be taken back begins."""
    return len(_waiting(session))


def forget(session: Session, noted: int) -> None:
    """Drop what was noted since `waiting` said `noted`: a savepoint took back what it spoke of."""
    del _waiting(session)[noted:]


def plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Values as JSON holds them: dates as ISO, decimals as text."""
    if values is None:
        return None
    return {key: value if value.__class__ in _AS_IS else _plain(value) for key, value in values.items()}


def verify(session: Session) -> Verdict:
    """Walk the chain from its first entry."""
    previous, count = GENESIS, 0
    key = settings().key("audit")
    for entry in _chain(session):
        count += 1
        kept = {name: getattr(entry, name) for name in (*_KEPT, "door")}
        if entry.seq != count or entry.prev_hash != previous or entry.hash != _digest(key, previous, kept):
            return Verdict(entries=count, broken_at=entry.seq, head=previous)
        previous = entry.hash
    return Verdict(entries=count, broken_at=None, head=previous)


def _chain(session: Session) -> Iterator[AuditEntry]:
    """Every entry in its order, a piece at a time: that needs no transaction, and holds none while it walks."""
    asked = select(AuditEntry).order_by(col(AuditEntry.seq)).limit(_PIECE)
    piece = session.exec(asked).all()
    while piece:
        yield from piece
        piece = session.exec(asked.where(col(AuditEntry.seq) > piece[-1].seq)).all()


def _door(actor: Actor, batch: str | None) -> str | None:
    """A report says more than the screen it was accepted on."""
    report = (batch or "").removeprefix("submission:")
    return f"report:{report}" if report != (batch or "") else actor.door


def _waiting(session: Session) -> list[dict[str, Any]]:
    if "audit" not in session.info:
        session.info["audit"] = []
        event.listen(session, "before_commit", _seal)
        event.listen(session, "after_rollback", _forget)
    waiting: list[dict[str, Any]] = session.info["audit"]
    return waiting


def _forget(session: Session) -> None:
    if not session.in_nested_transaction():  # a step taken back inside leaves what was noted before it
        session.info["audit"] = []


def _seal(session: Session) -> None:
    waiting = session.info.get("audit")
    if not waiting or session.in_nested_transaction():
        return
    session.flush()
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    head = connection.execute(
        select(col(AuditEntry.seq), col(AuditEntry.hash)).order_by(col(AuditEntry.seq).desc()).limit(1)
    ).first()
    seq, previous = (head[0] or 0, head[1]) if head else (0, GENESIS)
    key = settings().key("audit")
    for entry in waiting:
        seq += 1
        entry["seq"], entry["prev_hash"] = seq, previous
        entry["hash"] = previous = _digest(key, previous, entry)
    bulk_insert(connection, AuditEntry.__table__, waiting)  # type: ignore[attr-defined]
    session.info["audit"] = []


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode


def _digest(key: bytes, previous: str, entry: Mapping[str, Any]) -> str:
    kept = [entry[name] for name in _KEPT[1:]]
    if entry["door"] is not None:  # entries older than the column keep the hash they have
        kept.append(entry["door"])
    body = f"{previous}|{entry['at'].astimezone(UTC).isoformat()}|{_encode(kept)}"
    return hmac.new(key, body.encode(), hashlib.sha256).hexdigest()


_AS_IS = frozenset({str, int, bool, type(None), float})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value
