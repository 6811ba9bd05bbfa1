"""One timeline over a record and everything that points at it, newest first.

    page(session, get("company"), company_public_id, actor)            the first 30 moments
    page(…, before=found.next)                                         the following ones
    page(…, kinds={"report", "mail"})                                  only these kinds

A registry that refers to the record joins in by its reference alone; reports, letters, requests and links of a
company stand in `timeline_sources`. The number of statements depends on the kinds shown, never on the moments.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnClause, Select, bindparam, column, literal, literal_column, select, union_all
from sqlmodel import Session, col

from app import policy
from app.domain.actors import Actor, Grants, Kind
from app.domain.errors import NotFound
from app.models.audit import AuditEntry
from app.models.contact_request import ContactRequest, Question
from app.models.form_link import FormLink
from app.models.import_batch import ImportBatch
from app.models.instant import Instant
from app.models.outbox_message import OutboxMessage
from app.models.submission import Submission
from app.queries import history, lists
from app.queries.history import Event
from app.queries.keys import fetch
from app.queries.timeline_sources import KINDS, Cursor, sources
from app.registry import Registry, get, versions

__all__ = ["KINDS", "PAGE", "Moment", "TimelinePage", "page"]

PAGE = 30
# The parts of the statement below go by name: were each derived from the part before, making it would take longest.
_ALL: ColumnClause[Any] = literal_column("*")
_RECORD: dict[str, Any] = {"id": bindparam("record"), "public_id": bindparam("public")}
_KEY: tuple[ColumnClause[Any], ...] = (column("at", Instant()), column("rank"), column("id"), column("kind"))


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened.

    `kind`: "change" (an audit entry of the record or of one that points at it), "report", "request", "link", "mail",
    "source" (the record stood in a register or file). `about` is the key of a registry or the name of a table,
    `public_id` and `title` the thing itself, `own` whether it is the record of this timeline. `event` holds the
    changes of a "change", cut and masked for the actor; `facts` what the others say:

    report   code, state, rows, version            mail     kind, to, state, subject
    request  kind, state, reason, name             link     state, until
    source   register, as_of, file                 change by a file: file
    """

    kind: str
    at: datetime
    who: str
    action: str
    about: str
    public_id: str
    title: str
    own: bool = False
    event: Event | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """`next` is the `before` of the following page, None at the end.

    `labels[registry][field][id]` is (name, public id) of what changed references speak of, as `lists.labels`.
    """

    moments: list[Moment]
    next: str | None
    labels: dict[str, dict[str, dict[int, tuple[str, str]]]]


def page(
    session: Session,
    registry: Registry,
    public_id: str,
    actor: Actor,
    *,
    before: str | None = None,
    kinds: Collection[str] = (),
    limit: int = PAGE,
    row: Mapping[str, Any] | None = None,
) -> TimelinePage:
    """What happened to this record and around it, as far as the actor may see it. Raises NotFound.

    A cursor that cannot be read begins anew. `row` is the record, where the actor has read it already.
    """
    row = row or lists.one(session, registry, actor, public_id)
    if row is None:
        raise NotFound()
    keys = _keys(session, _newest(registry, actor, frozenset(kinds), _decoded(before), limit + 1), row)
    shown = keys[:limit]
    moments = _moments(session, registry, row, actor, shown)
    after = _encoded(shown[-1]) if len(keys) > limit else None
    return TimelinePage(moments, after, _labels(session, moments, actor))


def _keys(session: Session, newest: Select[Any] | None, row: Mapping[str, Any]) -> list[Any]:
    """(at, rank, id, kind) of the newest things beyond the cursor."""
    if newest is None:
        return []
    return list(session.execute(newest, {"record": row["id"], "public": row["public_id"]}).all())


def _newest(
    registry: Registry, actor: Actor, kinds: frozenset[str], cursor: Cursor | None, limit: int
) -> Select[Any] | None:
    """The beginning is asked with every page of a record, and is the same statement for all who have no limit."""
    if cursor is None and policy.unlimited(actor):
        return _beginning(registry, versions(), actor.kind, actor.roles, actor.grants, kinds, limit)
    return _statement(registry, actor, kinds, cursor, limit)


@lru_cache(maxsize=256)
def _beginning(
    registry: Registry,
    _versions: tuple[tuple[str, int], ...],
    kind: Kind,
    roles: frozenset[str],
    grants: Grants,
    kinds: frozenset[str],
    limit: int,
) -> Select[Any] | None:
    return _statement(registry, Actor(kind=kind, name="", roles=roles, grants=grants), kinds, None, limit)


def _statement(
    registry: Registry, actor: Actor, kinds: frozenset[str], cursor: Cursor | None, limit: int
) -> Select[Any] | None:
    """Each source gives its own newest, in one statement; None where this actor may see none."""
    parts: list[Select[Any]] = []
    for one in sources(registry, _RECORD, actor):
        if kinds and one.kind not in kinds:
            continue
        query = select(
            one.at.label("at"), literal(one.rank).label("rank"), one.id.label("id"), literal(one.kind).label("kind")
        ).where(*one.where)
        if cursor is not None:
            query = query.where(one.beyond(cursor))
        parts.append(select(_ALL).select_from(query.order_by(one.at.desc(), one.id.desc()).limit(limit).subquery()))
    if not parts:
        return None
    newest = select(*_KEY).select_from(union_all(*parts).subquery())
    return newest.order_by(*(part.desc() for part in _KEY[:3])).limit(limit)


def _moments(
    session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor, keys: Sequence[Any]
) -> list[Moment]:
    made: dict[tuple[str, int], Moment] = {}
    for kind in {key.kind for key in keys}:
        ids = [key.id for key in keys if key.kind == kind]
        for id_, moment in _MAKERS[kind](session, registry, row, actor, ids).items():
            made[kind, id_] = moment
    return [made[key.kind, key.id] for key in keys if (key.kind, key.id) in made]


Made = dict[int, Moment]


def _changes(session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor, ids: Sequence[int]) -> Made:
    """Audit entries of registries: one statement for them, one a registry for names, one for files."""
    entries = _rows(session, AuditEntry, "seq", ids)
    files = _files(session, [entry.batch for entry in entries.values()])
    by_registry: dict[str, list[AuditEntry]] = {}
    for entry in entries.values():
        by_registry.setdefault(entry.entity, []).append(entry)
    made: Made = {}
    for key, some in by_registry.items():
        other = get(key)
        titles = _titles(session, other, {entry.entity_id for entry in some}, actor)
        for entry, event in zip(some, history.events(other, some, actor), strict=True):
            made[event.seq] = Moment(
                kind="change",
                at=entry.at,
                who=entry.actor,
                action="revert" if event.reverted_to else entry.action,
                about=key,
                public_id=entry.entity_id,
                title=titles.get(entry.entity_id, ""),
                own=key == registry.key and entry.entity_id == row["public_id"],
                event=event,
                facts={"file": files[entry.batch]} if entry.batch in files else {},
            )
    return made


def _reports(session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor, ids: Sequence[int]) -> Made:
    """What was sent and decided, from the audit entries of reports."""
    entries = _rows(session, AuditEntry, "seq", ids)
    reports = _by_public_id(session, Submission, [entry.entity_id for entry in entries.values()])
    return {
        seq: Moment("report", entry.at, entry.actor, entry.action, "submission", entry.entity_id, report.code,
                    facts={"code": report.code, "state": report.state, "rows": report.rows_ok,
                           "version": report.version, "note": entry.reason,
                           **{key: (entry.after or {}).get(key) for key in ("left_out", "same_person")}})
        for seq, entry in entries.items() if (report := reports.get(entry.entity_id))
    }  # fmt: skip


def _links(session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor, ids: Sequence[int]) -> Made:
    entries = _rows(session, AuditEntry, "seq", ids)
    links = _by_public_id(session, FormLink, [entry.entity_id for entry in entries.values()])
    return {
        seq: Moment("link", entry.at, entry.actor, entry.action, "form_link", entry.entity_id, link.email or "",
                    facts={"until": link.expires_at, "reason": entry.reason})
        for seq, entry in entries.items() if (link := links.get(entry.entity_id))
    }  # fmt: skip


def _letters(session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor, ids: Sequence[int]) -> Made:
    return {
        id_: Moment("mail", mail.queued_at, "", mail.state, "outbox_message", mail.public_id, mail.subject or "",
                    facts={"kind": mail.kind, "to": mail.to_address, "state": mail.state, "subject": mail.subject})
        for id_, mail in _rows(session, OutboxMessage, "id", ids).items()
    }  # fmt: skip


def _requests(session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor, ids: Sequence[int]) -> Made:
    return {
        id_: Moment("request", one.created_at, one.name, "ask", "contact_request", one.public_id, one.company_name,
                    facts={"kind": one.kind, "state": one.state, "name": one.name})
        for id_, one in _rows(session, ContactRequest, "id", ids).items()
    }  # fmt: skip


def _questions(session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor, ids: Sequence[int]) -> Made:
    return {
        id_: Moment("question", one.created_at, "", "ask", "question", one.public_id, one.question,
                    facts={"kind": one.kind, "state": one.state, "reason": one.reason, "answered_at": one.answered_at})
        for id_, one in _rows(session, Question, "id", ids).items()
    }  # fmt: skip


def _stood_in(session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor, ids: Sequence[int]) -> Made:
    """Source rows that were matched to this record."""
    entries = fetch(session, get("register_entry").table, get("register_entry").table.c.id, ids)
    registers = {
        one["id"]: one
        for one in fetch(session, get("register").table, get("register").table.c.id, [e["source"] for e in entries])
    }
    files = _files(session, [entry["batch"] for entry in entries])
    made: Made = {}
    for entry in entries:
        source = registers.get(entry["source"], {})
        facts = {"register": source.get("code"), "as_of": source.get("as_of"), "file": files.get(entry["batch"])}
        title = str(source.get("code") or "")
        made[entry["id"]] = Moment("source", entry["created_at"], entry["created_by"] or "", "append",
                                   "register_entry", entry["public_id"], title, facts=facts)  # fmt: skip
    return made


_MAKERS: dict[str, Callable[[Session, Registry, Mapping[str, Any], Actor, Sequence[int]], Made]] = {
    "change": _changes,
    "report": _reports,
    "link": _links,
    "mail": _letters,
    "request": _requests,
    "question": _questions,
    "source": _stood_in,
}


def _rows(session: Session, model: Any, key: str, ids: Sequence[int]) -> dict[int, Any]:
    column = getattr(model, key)
    found = session.execute(select(model).where(column.in_(ids))).scalars()
    return {getattr(one, key): one for one in found}


def _by_public_id(session: Session, model: Any, public_ids: Sequence[str]) -> dict[str, Any]:
    found = session.execute(select(model).where(model.public_id.in_(set(public_ids)))).scalars()
    return {one.public_id: one for one in found}


def _titles(session: Session, registry: Registry, public_ids: Collection[str], actor: Actor) -> dict[str, str]:
    rows = fetch(session, registry.table, registry.table.c.public_id, public_ids, policy.visible(registry, actor))
    return {row["public_id"]: lists.title(registry, row) for row in lists.seen(registry, actor, rows)}


def _files(session: Session, batches: Sequence[str | None]) -> dict[str | None, str]:
    wanted = {one for one in batches if one}
    if not wanted:
        return {}
    query = select(col(ImportBatch.public_id), col(ImportBatch.file_name)).where(col(ImportBatch.public_id).in_(wanted))
    return {one.public_id: one.file_name for one in session.execute(query)}


def _labels(
    session: Session, moments: Sequence[Moment], actor: Actor
) -> dict[str, dict[str, dict[int, tuple[str, str]]]]:
    spoken: dict[str, list[dict[str, Any]]] = {}
    for moment in moments:
        for change in moment.event.changes if moment.event else ():
            if change.field.reference:
                spoken.setdefault(moment.about, []).extend(
                    {change.field.key: value} for value in (change.before, change.after)
                )
    return {key: lists.labels(session, get(key), rows, actor) for key, rows in spoken.items()}


def _encoded(key: Any) -> str:
    packed = json.dumps([key.at.isoformat(), key.rank, key.id], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _decoded(before: str | None) -> Cursor | None:
    if not before:
        return None
    try:
        at, rank, id_ = json.loads(base64.urlsafe_b64decode(before + "=" * (-len(before) % 4)))
        moment = datetime.fromisoformat(at)
        return Cursor(moment, int(rank), int(id_)) if moment.tzinfo and 0 <= int(id_) < 2**62 else None
    except (ValueError, TypeError, OverflowError):
        return None
