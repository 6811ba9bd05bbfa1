"""What a timeline is made of: where moments of each kind stand, and which of them concern a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import col

from app import policy
from app.domain.actors import Actor
from app.models.audit import AuditEntry
from app.models.contact_request import ContactRequest, Question
from app.models.form_link import FormLink
from app.models.outbox_message import OutboxMessage
from app.models.submission import Submission
from app.registry import Registry, get, registries

KINDS = ("change", "source", "mail", "link", "request", "question", "report")  # at one instant, the later ones first


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last thing of the page before."""

    at: datetime
    rank: int
    id: int


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one table that concern the record. `rank` orders kinds at the same instant."""

    kind: str
    at: Any  # columns
    id: Any
    where: tuple[ColumnElement[bool], ...]

    @property
    def rank(self) -> int:
        return KINDS.index(self.kind)

    def beyond(self, cursor: Cursor) -> ColumnElement[bool]:
        """Rows after the cursor in the order (at, rank, id), falling."""
        earlier: ColumnElement[bool] = self.at < cursor.at
        same: ColumnElement[bool] = self.at == cursor.at
        if self.rank < cursor.rank:
            return or_(earlier, same)
        if self.rank > cursor.rank:
            return earlier
        return or_(earlier, and_(same, self.id < cursor.id))


def sources(registry: Registry, row: Mapping[str, Any], actor: Actor) -> Iterator[Source]:
    """Everything this actor may see around the record; of `row`, ids or the names of parameters that bring them."""
    seen = policy.sees(actor, "history")
    if seen:
        yield _audited("change", registry.key, col(AuditEntry.entity_id) == row["public_id"])
    for other in registries().values() if seen else ():
        columns = pointing(other, registry)
        if columns and policy.may(actor, "read", other):
            table = other.table
            mine = or_(*[table.c[name] == row["id"] for name in columns])
            these = policy.rows(select(table.c.public_id).where(mine), other, actor)
            yield _audited("change", other.key, col(AuditEntry.entity_id).in_(these))
    yield from _source_rows(registry, row, actor)
    if registry.key == "company":
        yield from _of_company(row["id"], actor)


def pointing(other: Registry, registry: Registry) -> list[str]:
    """Fields of `other` that refer to a record of `registry`, lists of references left out."""
    return [
        name
        for name, target in other.references.items()
        if target == registry.key and other.fields[name].type.python is not list
    ]


def _source_rows(registry: Registry, row: Mapping[str, Any], actor: Actor) -> Iterator[Source]:
    """Source rows are noted once a file, not one by one."""
    entry = get("register_entry")
    columns = [name for name in pointing(entry, registry) if name != "source"]
    if columns and policy.may(actor, "read", entry):
        table = entry.table
        mine = or_(*[table.c[name] == row["id"] for name in columns])
        yield Source("source", table.c.created_at, table.c.id, (mine, policy.visible(entry, actor)))


def _of_company(company_id: Any, actor: Actor) -> Iterator[Source]:
    if policy.sees(actor, "report"):
        these = select(col(Submission.public_id)).where(col(Submission.company_id) == company_id)
        yield _audited("report", "submission", col(AuditEntry.entity_id).in_(these))
    if policy.sees(actor, "link"):
        issued = select(col(FormLink.public_id)).where(col(FormLink.company_id) == company_id)
        yield _audited("link", "form_link", col(AuditEntry.entity_id).in_(issued))
    if policy.sees(actor, "mail"):
        mine = (col(OutboxMessage.company_id) == company_id,)
        yield Source("mail", col(OutboxMessage.queued_at), col(OutboxMessage.id), mine)
    if policy.sees(actor, "request"):
        asked = (col(ContactRequest.company_id) == company_id,)
        yield Source("request", col(ContactRequest.created_at), col(ContactRequest.id), asked)
        questions = (col(Question.company_id) == company_id,)
        yield Source("question", col(Question.created_at), col(Question.id), questions)


def _audited(kind: str, entity: str, which: ColumnElement[bool]) -> Source:
    return Source(kind, col(AuditEntry.at), col(AuditEntry.seq), (col(AuditEntry.entity) == entity, which))
