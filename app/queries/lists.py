"""The only path by which rows of a registry are listed: staff list, look-ups, export and API.

Policy first, then filters and search, then a keyset cursor: a page costs the same at any depth.
Totals are exact while cheap, else capped ("10.000+").
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session

from app import policy, search
from app.domain.actors import Actor
from app.domain.conditions import EVERYTHING, Group
from app.domain.errors import Problem
from app.domain.fields import Masked
from app.queries import filters as typed
from app.queries.keys import LARGEST, among, storable
from app.registry import Registry, get

Named = dict[str, dict[int, tuple[str, str]]]  # field → id → (name, public id)
CAP = 10_000
PAGE = 50


@dataclass(slots=True)
class Page:
    """One page of rows. `labels[field][id]` is (name, public id) of what a reference points to."""

    rows: list[dict[str, Any]]
    next: str | None
    previous: str | None
    total: int
    capped: bool
    labels: Named = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


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
    chosen, problems = query(
        session, registry, actor, where=where, search_for=search_for, today=today, deleted=deleted, extra=extra
    )
    key, falling = _order(registry, actor, order)
    backwards, after = _decoded(cursor, problems)
    table = registry.table
    keyed = chosen if after is None else chosen.where(_beyond(table.c[key], table.c.id, after, falling != backwards))
    keyed = keyed.order_by(*_ordering(table.c[key], table.c.id, falling != backwards)).limit(limit + 1)
    rows = [dict(row) for row in session.execute(keyed).mappings()]
    more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    total, capped = _count(session, chosen) if count else (len(rows), more)
    has_next, has_previous = (after is not None, more) if backwards else (more, after is not None)
    shown = seen(registry, actor, rows)
    return Page(
        rows=shown,
        next=_encoded("n", rows[-1], key) if rows and has_next else None,
        previous=_encoded("p", rows[0], key) if rows and has_previous else None,
        total=total,
        capped=capped,
        labels=labels(session, registry, shown, actor),
        problems=problems,
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


def labels(session: Session, registry: Registry, rows: Sequence[Mapping[str, Any]], actor: Actor) -> Named:
    """Names of what the rows' references point to: {field: {id: (name, public id)}}, one query a registry named.

    A record the actor may not see has no name here, and none of its number is to be shown either.
    """
    wanted: dict[str, set[int]] = {}
    for name, key in registry.references.items():
        wanted.setdefault(key, set()).update(one for row in rows for one in _ids(row.get(name)))
    found = {key: _named(session, get(key), ids, actor) for key, ids in wanted.items()}
    return {name: found[key] for name, key in registry.references.items()}


def names(session: Session, registry: Registry, actor: Actor, *, limit: int) -> list[tuple[str, str]]:
    """The first records in the registry's own order, as a short list offers them: [(public id, name)]."""
    table = registry.table
    key, falling = _order(registry, actor, "")
    asked = _naming(registry, actor).where(table.c.deleted_at.is_(None))
    asked = asked.order_by(*_ordering(table.c[key], table.c.id, falling)).limit(limit)
    rows = [dict(row) for row in session.execute(asked).mappings()]
    return [(row["public_id"], title(registry, row)) for row in seen(registry, actor, rows)]


def _named(session: Session, registry: Registry, ids: set[int], actor: Actor) -> dict[int, tuple[str, str]]:
    if not ids:
        return {}
    asked = _naming(registry, actor).where(among(session, registry.table.c.id, ids))
    rows = [dict(row) for row in session.execute(asked).mappings()]
    return {row["id"]: (title(registry, row), row["public_id"]) for row in seen(registry, actor, rows)}


def _naming(registry: Registry, actor: Actor) -> Select[Any]:
    """The columns that name a record, of the rows the actor may see."""
    table = registry.table
    return policy.rows(select(table.c.id, table.c.public_id, table.c[registry.label_field]), registry, actor)


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
    table = registry.table
    veiled = policy.veiled(registry, actor)
    condition, problems = typed.condition(session, registry, where, actor, today=today)
    made = policy.rows(select(table), registry, actor)
    made = made.where(table.c.deleted_at.is_not(None) if deleted else table.c.deleted_at.is_(None))
    for part in (condition, extra):
        if part is not None:
            made = made.where(part)
    if search_for.strip():
        dialect, hidden = session.get_bind().dialect.name, policy.hidden(registry, actor)
        made = made.where(search.matches(registry, dialect, search_for, whole=veiled, without=hidden))
    return made, problems


def _order(registry: Registry, actor: Actor, order: str) -> tuple[str, bool]:
    """(column, falling). A masked or hidden field orders nothing: place and cursor would tell its value."""
    key, falling = order.lstrip("-"), order.startswith("-")
    open_ = {f.key for f in policy.fields(registry, actor)} - policy.masked(registry, actor)
    f = registry.fields.get(key)
    sortable = f is not None and key in open_ and f.sortable and f.type.python is not list
    if sortable or key in ("created_at", "updated_at", "id"):
        return key, falling
    return (registry.order_by, falling and not key) if registry.order_by in open_ else ("id", True)


def _ordering(column: Column[Any], id_: Column[Any], falling: bool) -> list[ColumnElement[Any]]:
    if falling:
        return [column.desc().nulls_last(), id_.desc()] if column.nullable else [column.desc(), id_.desc()]
    return [column.asc().nulls_first(), id_.asc()] if column.nullable else [column.asc(), id_.asc()]


def _beyond(column: Column[Any], id_: Column[Any], after: tuple[Any, int], falling: bool) -> ColumnElement[bool]:
    """Rows that stand after (value, id); nulls stand lowest, as `_ordering` puts them."""
    value = _typed(column, after[0])
    tied = id_ < after[1] if falling else id_ > after[1]
    if value is None:
        return and_(column.is_(None), tied) if falling else or_(column.is_not(None), tied)
    further = column < value if falling else column > value
    condition = or_(further, and_(column == value, tied))
    return or_(condition, column.is_(None)) if falling and column.nullable else condition


def _count(session: Session, chosen: Select[Any]) -> tuple[int, bool]:
    capped = chosen.with_only_columns(func.count()).order_by(None)
    if chosen.whereclause is not None:
        inner = chosen.with_only_columns(chosen.selected_columns["id"]).order_by(None).limit(CAP + 1).subquery()
        capped = select(func.count()).select_from(inner)
    total = int(session.execute(capped).scalar() or 0)
    return (CAP, True) if total > CAP else (total, False)


def _ids(value: Any) -> list[int]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)]


def _encoded(direction: str, row: Mapping[str, Any], key: str) -> str:
    value = row[key]
    if isinstance(value, datetime | date):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = str(value)
    packed = json.dumps([direction, value, row["id"]], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def _decoded(cursor: str | None, problems: list[Problem]) -> tuple[bool, tuple[Any, int] | None]:
    if not cursor:
        return False, None
    try:
        direction, value, id_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(value, str | int | float | None) or direction not in ("n", "p") or not storable(value):
            raise ValueError
        if not 0 <= int(id_) <= LARGEST:
            raise ValueError
        return direction == "p", (value, int(id_))
    except (ValueError, TypeError, OverflowError):
        problems.append(Problem("cursor_unknown"))
        return False, None


def _typed(column: Column[Any], value: Any) -> Any:
    stored = getattr(column.type, "impl_instance", column.type)  # the type under a decorator
    kind = stored.python_type
    try:
        if kind is datetime:
            return datetime.fromisoformat(value)
        if kind is date:
            return date.fromisoformat(value)
        if kind is Decimal:
            return None if value is None else Decimal(value)
        return value if type(value) is kind and (kind is not int or abs(value) <= LARGEST) else None
    except (TypeError, ValueError, InvalidOperation):
        return None
