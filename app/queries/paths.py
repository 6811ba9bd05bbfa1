"""What rows point to, for rules and computed fields that look across references: one query a hop, for all rows.

Paths are those of `app.domain.row_rules`. Nothing is cut by the policy: a rule judges what is so, and shows none of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session

from app.queries.keys import fetch
from app.registry import Registry, get

Row = Mapping[str, Any]


class Hop(NamedTuple):
    """One step of a path: along the reference `name`, or back from the records whose `name` points here."""

    registry: Registry  # where it leads
    name: str
    back: bool
    several: bool

    def found(self, session: Session, rows: Iterable[Row]) -> dict[int, list[Row]]:
        """Records by the id that asks for them: their own, or (back) the one they point to."""
        table, key = self.registry.table, self.name if self.back else "id"
        asked = {id_ for row in rows for id_ in self.asks(row)}
        alive = [table.c.deleted_at.is_(None)] if self.back else []
        made: dict[int, list[Row]] = {}
        for record in sorted(fetch(session, table, table.c[key], asked, *alive), key=lambda one: one["id"]):
            made.setdefault(record[key], []).append(record)
        return made

    def asks(self, row: Row) -> list[int]:
        return _ids(row.get("id" if self.back else self.name))


def hops(registry: Registry, path: str) -> list[Hop]:
    """The steps of a path from `registry`, its last word left out where that is a field."""
    made: list[Hop] = []
    here = registry
    for word in path.split("."):
        if word.startswith("<"):
            key, _, name = word[1:].partition(":")
            made.append(Hop(get(key), name, back=True, several=True))
        elif word in here.references:
            made.append(Hop(get(here.references[word]), word, False, here.fields[word].type.python is list))
        else:
            break
        here = made[-1].registry
    return made if path.rpartition(".")[2].startswith("<") else made[: path.count(".")]


def look(session: Session, registry: Registry, rows: Sequence[Row], paths: Iterable[str]) -> list[dict[str, Any]]:
    """For each row {path: what stands there}: a value (None where nothing is), or a list where a hop leads to several.

    A path that ends in a step back gives whole records.
    """
    told: list[dict[str, Any]] = [{} for _ in rows]
    seen: dict[str, dict[int, list[Row]]] = {}  # the way so far → records by the id that asks for them
    for path in dict.fromkeys(paths):
        if path.startswith("@"):
            listed = _all(session, get(path[1:]))
            values: list[Any] = [listed for _ in rows]
        else:
            values = _follow(session, rows, path, hops(registry, path), seen)
        for one, value in zip(told, values, strict=True):
            one[path] = value
    return told


def _follow(
    session: Session, rows: Sequence[Row], path: str, steps: Sequence[Hop], seen: dict[str, dict[int, list[Row]]]
) -> list[Any]:
    words = path.split(".")
    standing: list[list[Row]] = [[row] for row in rows]
    for depth, step in enumerate(steps, 1):
        way = ".".join(words[:depth])
        if way not in seen:
            seen[way] = step.found(session, (record for records in standing for record in records))
        standing = [
            [record for one in records for id_ in step.asks(one) for record in seen[way].get(id_, ())]
            for records in standing
        ]
    last = None if len(words) == len(steps) else words[-1]
    found = [[record if last is None else record.get(last) for record in records] for records in standing]
    if any(step.several for step in steps):
        return found
    return [values[0] if values else None for values in found]


def _all(session: Session, registry: Registry) -> list[dict[str, Any]]:
    table = registry.table
    found = session.execute(select(table).where(table.c.deleted_at.is_(None)).order_by(table.c.id)).mappings()
    return [dict(row) for row in found]


def _ids(value: Any) -> list[int]:
    if isinstance(value, list | tuple):
        return [one for one in value if isinstance(one, int)]
    return [value] if isinstance(value, int) and not isinstance(value, bool) else []
