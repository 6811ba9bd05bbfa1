"""Keeping computed fields true when what they look at changes: a work site moves, so its work plans lie elsewhere.

Who looks where stands in the declarations (`field(compute=…, reads=…)`). A record whose computed value changes is
written and audited like any other, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from app.domain.actors import Actor
from app.operations import audit
from app.operations.record_rows import update_rows, writing
from app.operations.save_plan import Outcome, Plan, Row
from app.queries.keys import among, fetch
from app.queries.paths import Hop, hops, look
from app.registry import Registry, registries


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that was written: how it stands (or stood, if it left), and which fields changed (None: all)."""

    row: Mapping[str, Any]
    changed: Mapping[str, Any] | None  # field → value before


def touched(plan: Plan) -> list[Touched]:
    """What a plan has written."""
    made = []
    for index, outcome in enumerate(plan.outcomes):
        if outcome.action == "new":
            made.append(Touched({**plan.clean[index], "id": outcome.id}, None))
        elif outcome.action == "changed":
            made.append(Touched({**plan.existing[index], **outcome.after}, outcome.before))
    return made


def follow(session: Session, registry: Registry, written: Sequence[Touched], actor: Actor, *, now: datetime) -> None:
    """Compute anew what looks at these records."""
    if not written:
        return
    for other in registries().values():
        if other.derived:
            paths = {path for f in other.derived.values() for path in f.reads}
            ids = {id_ for path in paths for id_ in _lookers(session, other, path, registry, written)}
            _compute(session, other, ids, actor, now)


def _lookers(
    session: Session, other: Registry, path: str, registry: Registry, written: Sequence[Touched]
) -> Iterator[int]:
    """Ids of records of `other` whose `path` passes through what was written."""
    words, steps = path.split("."), hops(other, path)
    for depth, step in enumerate(steps):
        if step.registry is not registry:
            continue
        if step.back:
            found = {id_ for one in written for id_ in _pointed(one, step.name)}
        else:
            read = words[depth + 1]  # the field of the written record that the path goes on with
            seen = (one for one in written if one.changed is not None and read in one.changed)
            found = {one.row["id"] for one in seen}
        before = steps[:depth] if step.back else steps[: depth + 1]
        yield from _backwards(session, other, before, found)


def _pointed(one: Touched, name: str) -> Iterator[int]:
    for value in (one.row.get(name), (one.changed or {}).get(name)):
        if isinstance(value, int):
            yield value


def _backwards(session: Session, other: Registry, steps: Sequence[Hop], ids: Iterable[int]) -> set[int]:
    """The records of `other` from which `steps` lead to one of `ids`."""
    found = set(ids)
    for depth in range(len(steps) - 1, -1, -1):
        if not found:
            return found
        step, origin = steps[depth], steps[depth - 1].registry if depth else other
        if step.back:
            rows = fetch(session, step.registry.table, step.registry.table.c.id, found)
            found = {row[step.name] for row in rows if row[step.name] is not None}
        else:
            table = origin.table
            found = set(session.execute(select(table.c.id).where(_points(session, origin, step.name, found))).scalars())
    return found


def _points(session: Session, origin: Registry, name: str, ids: Iterable[int]) -> ColumnElement[bool]:
    column = origin.table.c[name]
    if origin.fields[name].type.python is not list:
        return among(session, column, ids)
    listed = list(ids)
    if session.get_bind().dialect.name == "postgresql":
        items = func.json_array_elements_text(column).table_valued("value")
        return select(items.c.value).where(items.c.value.in_([str(id_) for id_ in listed])).exists()
    items = func.json_each(column).table_valued("value")
    return select(items.c.value).where(items.c.value.in_(listed)).exists()


def _compute(session: Session, registry: Registry, ids: Iterable[int], actor: Actor, now: datetime) -> None:
    rows = fetch(session, registry.table, registry.table.c.id, ids)
    paths = [path for f in registry.derived.values() for path in f.reads]
    changed: list[tuple[Outcome, Row]] = []
    for row, told in zip(rows, look(session, registry, rows, paths), strict=True):
        values = {name: f.compute({**row, **told}) for name, f in registry.derived.items() if f.compute}
        after = {name: value for name, value in values.items() if row[name] != value}
        if after:
            before = {name: row[name] for name in after}
            changed.append((Outcome("changed", row["public_id"], row["id"], before=before, after=after), row))
    if not changed:
        return
    with writing(session, registry):
        update_rows(session, registry, changed, actor, now)
    entries: list[audit.Recorded] = [(str(o.public_id), "update", o.before, o.after) for o, _ in changed]
    audit.record_many(session, entries, actor=actor, now=now, entity=registry.key, reason="dihitung ulang")
