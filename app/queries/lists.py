"""The only path by which rows of a registry are listed: staff list, look-ups, export and API.

Policy first, then conditions and search, then a keyset cursor: a page costs the same at any depth.
Totals are exact while cheap, else capped ("3.000+") until they are asked for or, for a whole large registry, estimated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, True_, and_, bindparam, case, func, select
from sqlmodel import Session

from app import policy, search
from app.domain.actors import Actor
from app.domain.conditions import EVERYTHING, Group
from app.domain.errors import Problem
from app.domain.fields import Masked
from app.queries import filters as typed
from app.queries import keyset, plans, totals
from app.queries.keys import alive, among_ids, as_dicts, packed, standing
from app.queries.keyset import Order, Place
from app.queries.plans import Tally, Wanted
from app.registry import Registry, get

Named = dict[str, dict[int, tuple[str, str]]]  # field → id → (name, public id)
PAGE = 50


@dataclass(slots=True)
class Page:
    """One page of rows. `labels[field][id]` is (name, public id) of what a reference points to.

    `ids` are those of the whole list, where it is narrowed to few rows.
    """

    rows: list[dict[str, Any]]
    next: str | None
    previous: str | None
    total: int
    capped: bool
    estimated: bool = False
    labels: Named = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    ids: tuple[int, ...] | None = None


def page(
    session: Session,
    registry: Registry,
    actor: Actor,
    *,
    where: Group = EVERYTHING,
    search_for: str = "",
    today: date | None = None,
    order: str = "",
    cursor: str | None = None,
    limit: int = PAGE,
    deleted: bool = False,
    extra: ColumnElement[bool] | None = None,
    count: bool = True,
) -> Page:
    """Rows the actor may see, `limit` at a time.

    `order` is a field key, "-key" for descending; the registry's own order by default. `cursor` is a
    page's `next` or `previous`. A bad filter or cursor is a problem in the answer, never an error page.
    `today` is needed where a condition of `where` counts from it.
    """
    chosen, problems = wanted(
        session, registry, actor, where=where, search_for=search_for, today=today, deleted=deleted, extra=extra
    )
    sorting = _order(registry, actor, order)
    place = keyset.decoded(cursor, problems)
    known = _tally(session, chosen, deleted, count)
    rows = plans.rows(session, chosen, known, sorting, place, limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    if place.backwards:
        rows.reverse()
    has_next, has_previous = (place.inside, more) if place.backwards else (more, place.inside)
    ids = known.ids if known is not None else None
    if not count or known is None:
        known = Tally(len(rows), more)
    shown = seen(registry, actor, rows)
    return Page(
        rows=shown,
        next=keyset.encoded("n", rows[-1], sorting.key) if rows and has_next else None,
        previous=keyset.encoded("p", rows[0], sorting.key) if rows and has_previous else None,
        total=known.count,
        capped=known.capped,
        estimated=known.estimated,
        labels=labels(session, registry, shown, actor),
        problems=problems,
        ids=ids,
    )


def stream(
    session: Session,
    registry: Registry,
    actor: Actor,
    *,
    where: Group = EVERYTHING,
    search_for: str = "",
    today: date | None = None,
    order: str = "",
    extra: ColumnElement[bool] | None = None,
    size: int = 1000,
) -> Iterator[Page]:
    """The whole list as pages, for exports: memory holds one page at a time."""
    policy.require(actor, "export", registry)
    cursor: str | None = None
    while True:
        found = page(session, registry, actor, where=where, search_for=search_for, today=today,
                     order=order, cursor=cursor, limit=size, extra=extra, count=False)  # fmt: skip
        yield found
        cursor = found.next
        if cursor is None:
            return


def total(
    session: Session,
    registry: Registry,
    actor: Actor,
    *,
    where: Group = EVERYTHING,
    search_for: str = "",
    today: date | None = None,
    deleted: bool = False,
    extra: ColumnElement[bool] | None = None,
) -> int:
    """How many rows `stream` would give, exactly."""
    found, _problems = query(
        session, registry, actor, where=where, search_for=search_for, today=today, deleted=deleted, extra=extra
    )
    return int(session.execute(found.with_only_columns(func.count()).order_by(None)).scalar_one())


def one(session: Session, registry: Registry, actor: Actor, public_id: str) -> dict[str, Any] | None:
    """One record as a list row, in the trash or not; None when it is not there for this actor."""
    query = policy.rows(select(registry.table).where(registry.table.c.public_id == public_id), registry, actor)
    row = session.execute(query).mappings().first()
    return seen(registry, actor, [dict(row)])[0] if row else None


def seen(registry: Registry, actor: Actor, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the table as the actor may see them: without hidden fields, and what is masked as `Masked`."""
    if actor.kind == "system":
        return [dict(row) for row in rows]
    hidden = policy.hidden(registry, actor)
    types = {key: registry.fields[key].type for key in policy.masked(registry, actor)}
    cut = [{key: value for key, value in row.items() if key not in hidden} for row in rows]
    if not policy.sees(actor, "history"):
        cut = [{**row, "created_by": None, "updated_by": None} for row in cut]
    for row in cut:
        for key, type_ in types.items():
            value = row.get(key)
            if value not in (None, "", []) and not isinstance(value, Masked):
                row[key] = Masked(type_.mask(value))
    return cut


def labels(
    session: Session,
    registry: Registry,
    rows: Sequence[Mapping[str, Any]],
    actor: Actor,
    *,
    only: Collection[str] | None = None,
) -> Named:
    """Names of what the rows' references (`only` some of them) point to: {field: {id: (name, public id)}}, one query a
    registry named.

    A record the actor may not see has no name here, and none of its number is to be shown either.
    """
    pointing = {name: key for name, key in registry.references.items() if only is None or name in only}
    wanted: dict[str, set[int]] = {}
    for name, key in pointing.items():
        wanted.setdefault(key, set()).update(one for row in rows for one in _ids(row.get(name)))
    found = {key: named(session, get(key), ids, actor) for key, ids in wanted.items()}
    return {name: found[key] for name, key in pointing.items()}


def names(session: Session, registry: Registry, actor: Actor, *, limit: int) -> list[tuple[str, str]]:
    """The first records in the registry's own order, as a short list offers them: [(public id, name)]."""
    return [(row["public_id"], title(registry, row)) for row in first(session, registry, actor, limit=limit)]


def first(session: Session, registry: Registry, actor: Actor, *, limit: int) -> list[dict[str, Any]]:
    """The same as rows that hold what names them and tells them apart."""
    rows: list[dict[str, Any]] = []
    visible, dialect = policy.visible(registry, actor), session.get_bind().dialect.name
    for asked in _kept(_first, visible)(registry, registry.version, visible, dialect, _order(registry, actor, "")):
        if len(rows) < limit:
            rows += as_dicts(session.execute(asked, {"most": limit - len(rows)}))
    return seen(registry, actor, rows)


def named(session: Session, registry: Registry, ids: set[int], actor: Actor) -> dict[int, tuple[str, str]]:
    """(name, public id) of those of these records the actor may see, by id."""
    if not ids:
        return {}
    visible, dialect = policy.visible(registry, actor), session.get_bind().dialect.name
    asked = _kept(_chosen, visible)(registry, registry.version, visible, dialect)
    rows = as_dicts(session.execute(asked, {"ids": packed(ids)}))
    return {row["id"]: (title(registry, row), row["public_id"]) for row in seen(registry, actor, rows)}


def _kept(make: Any, visible: ColumnElement[bool]) -> Any:
    """A statement for whoever sees every row is made once: a page asks it again and again."""
    return make if isinstance(visible, True_) else make.__wrapped__


@lru_cache(maxsize=512)
def _first(
    registry: Registry, _version: int, visible: ColumnElement[bool], dialect: str, order: Order
) -> list[Select[Any]]:
    alive_ = standing(dialect, registry.table)
    return [
        _naming(registry, visible)
        .add_columns(*(registry.table.c[name] for name in registry.beside))
        .where(alive_, *stretch.conditions)
        .order_by(*stretch.order_by)
        .limit(bindparam("most", type_=Integer))
        for stretch in keyset.stretches(registry.table, order, Place(), dialect)
    ]


@lru_cache(maxsize=512)
def _chosen(registry: Registry, _version: int, visible: ColumnElement[bool], dialect: str) -> Select[Any]:
    return _naming(registry, visible).where(among_ids(dialect, registry.table.c.id))


def _naming(registry: Registry, visible: ColumnElement[bool]) -> Select[Any]:
    """The columns that name a record, of the rows somebody may see."""
    table = registry.table
    return select(table.c.id, table.c.public_id, table.c[registry.label_field]).where(visible)


def title(registry: Registry, row: Mapping[str, Any]) -> str:
    """How a record is called in links and pickers, from a row as `seen`."""
    f = registry.fields[registry.label_field]
    value = row.get(registry.label_field)
    if isinstance(value, Masked):
        return str(value)
    if f.masked:
        return f.type.mask(value)
    return f.type.show(value) or str(row["public_id"])


def lookup(session: Session, registry: Registry, actor: Actor, text: str, *, limit: int = 20) -> list[dict[str, Any]]:
    """Records whose search fields hold `text`, for pickers: [{id, public_id, title}]."""
    found = page(session, registry, actor, search_for=text, limit=limit, count=False)
    return [{"id": row["id"], "public_id": row["public_id"], "title": title(registry, row)} for row in found.rows]


def query(
    session: Session,
    registry: Registry,
    actor: Actor,
    *,
    where: Group = EVERYTHING,
    search_for: str = "",
    today: date | None = None,
    deleted: bool = False,
    extra: ColumnElement[bool] | None = None,
) -> tuple[Select[Any], list[Problem]]:
    """The rows the actor may see, in no order, and what of the conditions could not be read."""
    found, problems = wanted(
        session, registry, actor, where=where, search_for=search_for, today=today, deleted=deleted, extra=extra
    )
    return found.query(), problems


def wanted(
    session: Session,
    registry: Registry,
    actor: Actor,
    *,
    where: Group = EVERYTHING,
    search_for: str = "",
    today: date | None = None,
    deleted: bool = False,
    extra: ColumnElement[bool] | None = None,
) -> tuple[Wanted, list[Problem]]:
    """The same as `query`, in the parts a plan is made of."""
    table, dialect = registry.table, session.get_bind().dialect.name
    scope = policy.visible(registry, actor)
    condition, problems = typed.condition(session, registry, where, actor, today=today)
    parts = [one for one in (scope, condition, extra) if one is not None and not isinstance(one, True_)]
    there = table.c.deleted_at.is_not(None) if deleted else alive(session, table)
    if search_for.strip():
        veiled, hidden = policy.veiled(registry, actor), policy.hidden(registry, actor)
        asked = search.Asked(registry, dialect, search_for, veiled, hidden)
        # SQLite would walk an index of the other parts, and look through all hits of the search for each of its rows.
        beside = [case((and_(*parts), 1), else_=0) == 1] if parts and dialect == "sqlite" else parts
        return Wanted(
            table,
            there,
            narrowed=lambda: and_(*parts, asked.matches),
            hits=lambda: and_(*beside, asked.hits),
            checked=lambda: and_(*parts, asked.checked),
            words=asked.long_words,
            only=not parts and asked.by_index,
        ), problems
    if not parts:
        return Wanted(table, there), problems
    together = and_(*parts)
    return Wanted(table, there, lambda: together, lambda: together, lambda: together), problems


def _tally(session: Session, chosen: Wanted, deleted: bool, count: bool) -> Tally | None:
    if chosen.narrowed is not None:
        return plans.tally(session, chosen)
    if not count:
        return None
    return plans.tally(session, chosen) if deleted else totals.everything(session, chosen.table)


def _order(registry: Registry, actor: Actor, order: str) -> Order:
    """A masked or hidden field orders nothing: place and cursor would tell its value."""
    key, falling = order.lstrip("-"), order.startswith("-")
    open_ = {f.key for f in policy.fields(registry, actor)} - policy.masked(registry, actor)
    f = registry.fields.get(key)
    sortable = f is not None and key in open_ and f.sortable and f.type.python is not list
    if key == "created_at":
        return Order("id", falling)  # records get their ids in the order in which they come
    if sortable or key in ("updated_at", "id"):
        return Order(key, falling)
    return Order(registry.order_by, falling and not key) if registry.order_by in open_ else Order("id", True)


def _ids(value: Any) -> list[int]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)]
