"""Which rows of a registry a piece of work is about: rows named one by one, or all that a list shows.

Pure data, so that it can wait in a job: the rights and the rows are those of the moment it is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session

from app.domain import conditions
from app.domain.actors import Actor
from app.domain.conditions import EVERYTHING, Group
from app.domain.errors import Refused
from app.queries import lists
from app.queries.keys import among, as_dicts
from app.registry import Registry


@dataclass(frozen=True, slots=True)
class Selection:
    """`public_ids` name the rows; without them all rows that fit `where` and search, up to the row `up_to`.

    `today` is the day conditions count from: that of the moment somebody chose these rows.
    """

    public_ids: tuple[str, ...] = ()
    where: Group = EVERYTHING
    search: str = ""
    deleted: bool = False
    up_to: int | None = None
    today: date | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "public_ids": list(self.public_ids),
            "where": conditions.written(self.where),
            "search": self.search,
            "deleted": self.deleted,
            "up_to": self.up_to,
            "today": self.today.isoformat() if self.today else None,
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Selection:
        where, problems = conditions.parse(kept["where"])
        if problems:
            raise Refused("selection_unclear")
        today = date.fromisoformat(kept["today"]) if kept["today"] else None
        return cls(tuple(kept["public_ids"]), where, kept["search"], kept["deleted"], kept["up_to"], today)


def closed(session: Session, registry: Registry, selection: Selection) -> Selection:
    """The selection as of now: rows that come later are not meant."""
    newest = session.execute(select(func.max(registry.table.c.id))).scalar()
    return replace(selection, up_to=newest or 0)


def count(session: Session, registry: Registry, actor: Actor, selection: Selection) -> int:
    """How many rows the selection holds for this actor, exactly."""
    found = _query(session, registry, actor, selection)
    return int(session.execute(found.with_only_columns(func.count()).order_by(None)).scalar_one())


def chunk(
    session: Session,
    registry: Registry,
    actor: Actor,
    selection: Selection,
    *,
    after: int = 0,
    limit: int = 1000,
    names_only: bool = False,
) -> Sequence[Mapping[str, Any]]:
    """The next rows in the order of their ids, as the actor may see them; or only what names them."""
    table = registry.table
    query = _query(session, registry, actor, selection)
    if names_only:
        query = query.with_only_columns(table.c.id, table.c.public_id, table.c[registry.label_field])
    found = session.execute(query.where(table.c.id > after).order_by(table.c.id).limit(limit))
    return lists.seen(registry, actor, as_dicts(found))


def _query(session: Session, registry: Registry, actor: Actor, selection: Selection) -> Select[Any]:
    table = registry.table
    extra: ColumnElement[bool] | None = None
    if selection.public_ids:
        extra = among(session, table.c.public_id, selection.public_ids)
    elif selection.up_to is not None:
        extra = table.c.id <= selection.up_to
    made, problems = lists.query(
        session,
        registry,
        actor,
        where=selection.where,
        search_for=selection.search,
        today=selection.today,
        deleted=selection.deleted,
        extra=extra,
    )
    if problems:  # a list leaves such a filter out; here that would reach rows nobody meant
        raise Refused("selection_unclear")
    return made
