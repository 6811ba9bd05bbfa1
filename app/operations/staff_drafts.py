"""What a member of staff typed and did not save: kept sealed for a day, for that person alone, and offered again.

Nothing of it is logged or audited. Only answers to fields the person may write are kept, and the same is asked again
when it is used. A form has a key of its own (`page`): a second form of the same record writes over nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app import policy, sealing, wording
from app.config import Settings
from app.domain.actors import Actor
from app.domain.errors import Refused
from app.domain.fields import Label
from app.models.staff_draft import StaffDraft
from app.operations.bulk import insert_or
from app.queries.keys import as_key
from app.registry import Registry

KEPT = timedelta(hours=24)
LARGEST = 200_000  # characters
PURPOSE = "staff draft"
OF_FORM = frozenset({"new_id", "row_version", "_reason", "_only"})
OF_ROW = frozenset({"_version", "_removed"})
Entries = list[tuple[str, str]]
wording.add(
    {
        "draft_elsewhere": Label(
            "Untuk data ini sudah ada perubahan lain yang belum disimpan, dari halaman lain. Yang Anda ketik di sini"
            " tidak disimpan sebagai draf; tekan Simpan bila sudah selesai.",
            "There are other unsaved changes to this record, from another page. What you type here is not kept as a"
            " draft; please press Save when you are done.",
        ),
        "draft_too_large": Label(
            "Isian ini terlalu panjang untuk disimpan sebagai draf; tekan Simpan bila sudah selesai.",
            "This is too long to be kept as a draft; please press Save when you are done.",
        ),
    }
)


class Elsewhere(Refused):
    """Another page of the same person keeps a draft of this record."""

    status = 409


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft, opened: the answers by their names in the form, repeats in order."""

    page: str
    entries: Entries
    saved_at: datetime

    @property
    def version(self) -> int | None:
        """The version of the record the person saw."""
        try:
            return as_key(dict(self.entries).get("row_version", ""))
        except ValueError:
            return None


def keep(
    session: Session,
    settings: Settings,
    registry: Registry,
    actor: Actor,
    *,
    record: str,
    page: str,
    entries: Iterable[tuple[str, str]],
    now: datetime,
) -> None:
    """Keep what is typed on a page, over what that page kept before. `record` is "" for a new one.

    Raises Forbidden; Elsewhere where another page keeps a draft; Refused draft_too_large.
    """
    policy.require(actor, "update" if record else "create", registry)
    if actor.user_id is None:
        return
    text = json.dumps(writable(registry, actor, record, entries), ensure_ascii=False)
    if len(text) > LARGEST:
        raise Refused("draft_too_large")
    about = _about(actor.user_id, registry, record)
    what = {
        "page": page,
        "sealed": sealing.seal(settings, PURPOSE, text, about=about),
        "saved_at": now,
        "expires_at": now + KEPT,
    }
    free = (col(StaffDraft.page) == page) | (col(StaffDraft.expires_at) <= now)
    statement = (
        insert_or(session, StaffDraft)
        .values(user_id=actor.user_id, registry_key=registry.key, record=record, **what)
        .on_conflict_do_update(index_elements=["user_id", "registry_key", "record"], set_=what, where=free)
    )
    if session.execute(statement.returning(col(StaffDraft.id))).first() is None:
        raise Elsewhere("draft_elsewhere")


def find(
    session: Session, settings: Settings, registry: Registry, actor: Actor, record: str, *, now: datetime
) -> Kept | None:
    """The person's own draft, as far as they may write its fields today; None without one, or when it is too old."""
    if actor.user_id is None or not policy.may(actor, "update" if record else "create", registry):
        return None
    asked = select(StaffDraft).where(*_of(actor.user_id, registry, record), col(StaffDraft.expires_at) > now)
    found = session.exec(asked).first()
    if found is None:
        return None
    text = sealing.unseal(settings, PURPOSE, found.sealed, about=_about(actor.user_id, registry, record))
    if text is None:  # sealed under a key nobody has any more
        return None
    entries = [(str(name), str(value)) for name, value in json.loads(text)]
    return Kept(found.page, writable(registry, actor, record, entries), found.saved_at)


def drop(session: Session, registry: Registry, actor: Actor, record: str, page: str) -> None:
    """Forget what that page kept: it was saved, or thrown away."""
    if actor.user_id is not None:
        session.execute(delete(StaffDraft).where(*_of(actor.user_id, registry, record), col(StaffDraft.page) == page))


def expire(session: Session, *, now: datetime) -> int:
    """Remove what is older than a day; returns how many."""
    gone = session.execute(delete(StaffDraft).where(col(StaffDraft.expires_at) <= now))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def writable(registry: Registry, actor: Actor, record: str, entries: Iterable[tuple[str, str]]) -> Entries:
    """The answers to what this actor may write: fields of the record, and of related rows ("contact-ID-email")."""
    own = _names(registry, actor, "update" if record else "create") | OF_FORM
    rows = {one.registry.key: _of_rows(one.registry, actor) for one in registry.inlines}
    return [(name, text) for name, text in entries if _is_asked(name, own, rows)]


def _is_asked(name: str, own: frozenset[str], rows: dict[str, frozenset[str]]) -> bool:
    key, _, rest = name.partition("-")
    if not rest:
        return name in own
    of_row = rest.partition("-")[2]
    return bool(rows.get(key)) and (rest == "row" or of_row in rows[key])


def _of_rows(registry: Registry, actor: Actor) -> frozenset[str]:
    modes: tuple[policy.Mode, ...] = ("create", "update")
    able = [mode for mode in modes if policy.may(actor, mode, registry)]
    return frozenset(OF_ROW).union(*(_names(registry, actor, mode) for mode in able)) if able else frozenset()


def _names(registry: Registry, actor: Actor, mode: policy.Mode) -> frozenset[str]:
    return frozenset(f.key for f in policy.fields(registry, actor, mode))


def _of(user_id: int, registry: Registry, record: str) -> tuple[Any, ...]:
    return (
        col(StaffDraft.user_id) == user_id,
        col(StaffDraft.registry_key) == registry.key,
        col(StaffDraft.record) == record,
    )


def _about(user_id: int, registry: Registry, record: str) -> str:
    """What a seal belongs to: moved to another person or record, it does not open."""
    return f"staff_draft/{user_id}/{registry.key}/{record or 'new'}"
