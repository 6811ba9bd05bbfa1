"""How one page of a large list is read. The database is told which way to go, since it cannot know what we do.

A list that is narrowed is first asked for the ids of its rows, while they are few; more are "3.000+". Then

* few rows: they are fetched by id and sorted;
* many rows: the index of the order is walked and each row checked, since a page's worth comes soon;
* many rows that all stand far off ("yayasan" in a list by name): the walk ends after a while, and the rows are
  found by the index of what was asked and sorted, only their ids and the column of the order in hand.

Left to themselves, SQLite without statistics sorts half the table for one page, and PostgreSQL walks all of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Label, Select, Table, case, column, func, select
from sqlalchemy.sql import visitors
from sqlmodel import Session

from app import list_indexes
from app.queries import commonness
from app.queries.keys import among, as_dicts
from app.queries.keyset import Order, Place, Stretch, stretches, up_to

FEW = 3_000  # ids that are fetched and sorted in a few milliseconds
WALK = 20_000  # rows of an index that are checked one by one in as many
LARGE = 200  # a page of an export: the walk goes on to the end, since the next page begins where it stopped
Made = Callable[[], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows of a list, in no order.

    `standing` is what the indexes of lists hold (in the trash or not); `narrowed` all the rest, for the indexes of
    what was asked; `hits` the same for finding the first of them; `checked` the same, to be asked of one row at a
    time. Each is made when it is asked for, since a page seldom needs more than one. All None: every row that stands.
    `words`: those the index of the search knows of a search, None where there is none; `only`: nothing else is asked.
    """

    table: Table
    standing: ColumnElement[bool]
    narrowed: Made | None = None
    hits: Made | None = None
    checked: Made | None = None
    words: tuple[str, ...] | None = None
    only: bool = False

    def query(self) -> Select[Any]:
        made = select(self.table).where(self.standing)
        return made if self.narrowed is None else made.where(self.narrowed())

    def found(self, *columns: Column[Any] | Label[Any]) -> Select[Any]:
        """Columns of the rows, found by the index of what was asked."""
        made = select(*columns).where(self.standing)
        return made if self.hits is None else made.where(self.hits())


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows there are: `ids` are all of them where they were brought; a capped number means "or more"."""

    count: int
    capped: bool = False
    ids: tuple[int, ...] | None = None
    estimated: bool = False


def tally(session: Session, wanted: Wanted) -> Tally:
    """The ids of few rows; of more it is only said that they are."""
    if wanted.words is None or session.get_bind().dialect.name == "sqlite":
        return _counted(_packed(session, wanted))
    sample = commonness.sample(session, wanted.table)
    if sample.seldom(wanted.words):
        return _counted(session.execute(_found(wanted)).scalars().all())
    if wanted.only and sample.many(wanted.words, FEW):
        return Tally(FEW, capped=True)
    with _by_index(session):
        return _counted(_packed(session, wanted))


def _counted(ids: Sequence[int]) -> Tally:
    return Tally(FEW, capped=True) if len(ids) > FEW else Tally(len(ids), ids=tuple(ids))


def _found(wanted: Wanted) -> Select[Any]:
    return wanted.found(wanted.table.c.id).limit(FEW + 1)


def _packed(session: Session, wanted: Wanted) -> Sequence[int]:
    """Thousands of ids come sooner as one text."""
    sqlite = session.get_bind().dialect.name == "sqlite"
    listed = (func.json_group_array if sqlite else func.json_agg)(column("id"))
    packed = session.execute(select(listed).select_from(_found(wanted).cte("hits"))).scalar()
    found: Sequence[int] = json.loads(packed) if isinstance(packed, str) else packed or []
    return found


@contextmanager
def _by_index(session: Session) -> Iterator[None]:
    """PostgreSQL takes putting the words of a row together for nothing, and would read the table for many hits."""
    driver: Any = session.connection().connection.driver_connection
    alone = driver.autocommit
    driver.execute(f"{'BEGIN; ' * alone}SET LOCAL enable_seqscan = off", prepare=False)
    try:
        yield
    except BaseException:
        if alone:
            driver.rollback()
        raise
    driver.execute("COMMIT" if alone else "SET LOCAL enable_seqscan = on", prepare=False)


def rows(
    session: Session, wanted: Wanted, known: Tally | None, order: Order, place: Place, limit: int
) -> list[dict[str, Any]]:
    """Up to `limit` rows in the direction of reading. `known` is the tally of `wanted`, needed where it is narrowed."""
    if known is not None and known.ids == ():
        return []
    dialect = session.get_bind().dialect.name
    left = stretches(wanted.table, order, place, dialect)
    if wanted.narrowed is None:
        return _read(session, [_straight(wanted, stretch) for stretch in left], limit)
    if known is not None and known.ids is not None:
        table, ids = wanted.table, known.ids
        chosen = Wanted(table, wanted.standing, hits=lambda: among(session, table.c.id, ids))
        return _read(session, [_sorted(chosen, order, stretch, limit) for stretch in left], limit)
    if list_indexes.serves(wanted.table, order.key):
        found = _walk(session, wanted, order, place, left, limit)
        if found is not None:
            return found
    return _read(session, [_sorted(wanted, order, stretch, limit) for stretch in left], limit)


def _straight(wanted: Wanted, stretch: Stretch) -> Select[Any]:
    return select(wanted.table).where(wanted.standing, *stretch.conditions).order_by(*stretch.order_by)


def _sorted(wanted: Wanted, order: Order, stretch: Stretch, limit: int) -> Select[Any]:
    """Find by what was asked, sort ids and one column, then fetch one page of whole rows."""
    table = wanted.table
    key: Column[Any] = table.c[order.key]
    found = wanted.found(table.c.id.label("hit"), key.label("place")).where(*stretch.conditions)
    hits = found.cte("hits").prefix_with("MATERIALIZED")
    page = select(hits).order_by(*_ordered(hits.c, key, stretch.down)).limit(limit).subquery("page")
    return select(table).join(page, table.c.id == page.c.hit).order_by(*_ordered(page.c, key, stretch.down))


def _ordered(columns: Any, key: Column[Any], down: bool) -> list[ColumnElement[Any]]:
    both = (list_indexes.placed(key, columns.place), columns.hit)
    return [one.desc() if down else one.asc() for one in both]


def _walk(
    session: Session, wanted: Wanted, order: Order, place: Place, left: Sequence[Stretch], limit: int
) -> list[dict[str, Any]] | None:
    """Rows met on a walk along the order; None when a long one did not meet enough."""
    fits = _checked(session, wanted, order)
    found: list[dict[str, Any]] = []
    for stretch in left:
        asked = _straight(wanted, stretch).where(fits)
        end = None if limit > LARGE else _end(session, wanted, order, stretch)
        if end is not None:
            asked = asked.where(up_to(wanted.table, order, place, end, session.get_bind().dialect.name))
        found += _read(session, [asked], limit - len(found))
        if len(found) >= limit:
            return found
        if end is not None:
            return None
    return found


def _checked(session: Session, wanted: Wanted, order: Order) -> ColumnElement[bool]:
    """What is asked, so that only the index of the order can be walked: no index answers a case.

    What that index holds itself, PostgreSQL asks of the index, but only when it is asked plainly.
    """
    assert wanted.checked is not None
    asked = wanted.checked()
    plain = session.get_bind().dialect.name == "postgresql" and _inside(wanted.table, order, asked)
    return asked if plain else case((asked, 1), else_=0) == 1


def _inside(table: Table, order: Order, asked: ColumnElement[bool]) -> bool:
    """Whether the index of the order holds all that is asked about."""
    parts = list(visitors.iterate(asked))
    columns = [one for one in parts if isinstance(one, Column)]
    return list_indexes.carries(table, order.key, columns) and not any(isinstance(one, Select) for one in parts)


def _end(session: Session, wanted: Wanted, order: Order, stretch: Stretch) -> tuple[Any, int] | None:
    """(value, id) of the row at which a walk ends; None where the stretch is shorter."""
    table = wanted.table
    ahead = _straight(wanted, stretch).with_only_columns(table.c[order.key].label("place"), table.c.id.label("hit"))
    row = session.execute(ahead.limit(1).offset(WALK)).mappings().first()
    return None if row is None else (row["place"], row["hit"])


def _read(session: Session, statements: Sequence[Select[Any]], limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for statement in statements:
        if len(found) < limit:
            asked = statement.limit(limit - len(found))
            found += as_dicts(session.execute(asked))
    return found
