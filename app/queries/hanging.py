"""What hangs on a record: what goes to the trash with it, what forbids that, what stays and points at it.

References say which (`field(..., on_delete=…)`); reports and duties of a company are named here. The number of
statements depends on the declarations, never on the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select
from sqlmodel import Session, col

from app.domain.fields import Field, Label, OnDelete
from app.domain.states import DUTY_OPEN
from app.models.duty import Duty
from app.models.submission import Submission
from app.queries.keys import among
from app.registry import Registry, registries

SAMPLES = 5
Row = Mapping[str, Any]
Ids = dict[int, int]  # id → id of the chosen record it belongs to


@dataclass(frozen=True, slots=True)
class Pointing:
    """How many live records of `registry` point by `field` at what would go; `samples` are the first of them.

    For what is no registry (reports, duties) `field` is None and `title` says what it is.
    """

    title: Label
    rule: OnDelete
    count: int
    registry: Registry | None = None
    field: Field | None = None
    samples: Sequence[Row] = ()


@dataclass(slots=True)
class Tree:
    """`along` holds by registry what goes with the chosen records; `blocked` by chosen id what forbids it."""

    registry: Registry
    roots: dict[int, Row]
    along: dict[str, dict[int, Row]] = field(default_factory=dict)
    belongs: dict[str, Ids] = field(default_factory=dict)
    pointing: list[Pointing] = field(default_factory=list)
    blocked: dict[int, list[Pointing]] = field(default_factory=dict)

    @property
    def asking(self) -> list[Pointing]:
        return [one for one in self.pointing if one.rule == "ask"]

    @property
    def blocking(self) -> list[Pointing]:
        return [one for one in self.pointing if one.rule == "block"]


def tree(session: Session, registry: Registry, rows: Sequence[Row]) -> Tree:
    """What deleting these records means."""
    made = Tree(registry, {row["id"]: row for row in rows})
    made.belongs[registry.key] = {id_: id_ for id_ in made.roots}
    for other, found in descend(session, registry, made.belongs[registry.key], _live):
        made.along.setdefault(other.key, {}).update({row["id"]: row for row, _root in found})
        made.belongs.setdefault(other.key, {}).update({row["id"]: root for row, root in found})
    for key, ids in made.belongs.items():
        for other, spec in referring(key):
            if spec.on_delete != "together" and ids:
                _point(session, made, other, spec, ids)
    for what in _OUTSIDE.get(registry.key, ()):
        _count_outside(session, made, what)
    return made


def descend(
    session: Session, registry: Registry, ids: Ids, where: Any
) -> Iterator[tuple[Registry, list[tuple[Row, int]]]]:
    """Records that belong to these, level by level: (registry, [(row, id of the first ancestor)]).

    `where(child table, parent table)` narrows them.
    """
    seen: dict[str, set[int]] = {registry.key: set(ids)}
    level = [(registry, ids)]
    while level:
        below = []
        for parent, roots in level:
            for other, spec in referring(parent.key):
                if spec.on_delete != "together" or not roots:
                    continue
                known = seen.setdefault(other.key, set())
                rows = _children(session, parent, other, spec.key, roots, where)
                found = [(row, roots[row[spec.key]]) for row in rows if row["id"] not in known]
                known |= {row["id"] for row, _root in found}
                if found:
                    yield other, found
                    below.append((other, {row["id"]: root for row, root in found}))
        level = below


def referring(key: str) -> Iterator[tuple[Registry, Field]]:
    """Every field of every registry that refers to the registry `key`."""
    for other in registries().values():
        for name, target in other.references.items():
            if target == key:
                yield other, other.fields[name]


def gone_with(child: Any, parent: Any) -> ColumnElement[bool]:
    """The child went to the trash in the same act as the parent: one act, one instant."""
    same: ColumnElement[bool] = child.c.deleted_at == parent.c.deleted_at
    return same


def _live(child: Any, _parent: Any) -> ColumnElement[bool]:
    alive: ColumnElement[bool] = child.c.deleted_at.is_(None)
    return alive


def _children(
    session: Session, parent: Registry, other: Registry, name: str, ids: Iterable[int], where: Any
) -> list[Row]:
    table = other.table
    above = parent.table.alias("above")
    query = (
        select(table)
        .join(above, above.c.id == table.c[name])
        .where(among(session, table.c[name], ids), where(table, above))
        .order_by(table.c.id)
    )
    return [dict(row) for row in session.execute(query).mappings()]


def _named(registry: Registry, *names: str) -> list[Any]:
    wanted = dict.fromkeys(("id", "public_id", registry.label_field, *names))
    return [registry.table.c[name] for name in wanted]


def _point(session: Session, made: Tree, other: Registry, spec: Field, ids: Ids) -> None:
    going = made.belongs.get(other.key, {})
    if spec.type.python is list:
        found = _in_lists(session, other, spec, ids, going)
    else:
        found = _by_target(session, other, spec, ids, going)
    count = sum(found.values())
    if not count:
        return
    one = Pointing(other.title, spec.on_delete, count, other, spec, _samples(session, other, spec, ids, going))
    made.pointing.append(one)
    if spec.on_delete == "block":
        for target, number in found.items():
            blocker = Pointing(other.title, "block", number, other, spec)
            made.blocked.setdefault(ids[target], []).append(blocker)


def _pointing_rows(
    session: Session, other: Registry, spec: Field, ids: Iterable[int], going: Ids
) -> list[ColumnElement[bool]]:
    table = other.table
    where = [among(session, table.c[spec.key], ids), table.c.deleted_at.is_(None)]
    return [*where, not_(among(session, table.c.id, going))] if going else where


def _by_target(session: Session, other: Registry, spec: Field, ids: Ids, going: Ids) -> dict[int, int]:
    column = other.table.c[spec.key]
    query = select(column, func.count()).where(*_pointing_rows(session, other, spec, ids, going)).group_by(column)
    return {target: int(number) for target, number in session.execute(query)}


def _in_lists(session: Session, other: Registry, spec: Field, ids: Ids, going: Ids) -> dict[int, int]:
    """Lists of references stand in small registries (roles of users, regions of a zone): read whole."""
    table = other.table
    found: dict[int, int] = {}
    for id_, listed in session.execute(select(table.c.id, table.c[spec.key]).where(table.c.deleted_at.is_(None))):
        for target in (listed or ()) if id_ not in going else ():
            if target in ids:
                found[target] = found.get(target, 0) + 1
    return found


def _samples(session: Session, other: Registry, spec: Field, ids: Ids, going: Ids) -> Sequence[Row]:
    table = other.table
    if spec.type.python is list:
        rows = session.execute(select(*_named(other, spec.key)).where(table.c.deleted_at.is_(None))).mappings()
        return [dict(row) for row in rows if set(row[spec.key] or ()) & ids.keys()][:SAMPLES]
    where = _pointing_rows(session, other, spec, ids, going)
    query = select(*_named(other)).where(*where).order_by(table.c.id).limit(SAMPLES)
    return [dict(row) for row in session.execute(query).mappings()]


@dataclass(frozen=True, slots=True)
class _Outside:
    """Rows of a table that is no registry, by the id of the record they are about."""

    title: Label
    rule: OnDelete
    about: Any
    where: ColumnElement[bool]


_OUTSIDE = {
    "company": (
        _Outside(Label("Laporan yang menunggu diperiksa", "Reports waiting to be checked"), "block",
                 col(Submission.company_id), col(Submission.state) == "submitted"),
        _Outside(Label("Laporan yang sudah diperiksa", "Reports already decided"), "ask",
                 col(Submission.company_id), col(Submission.state) != "submitted"),
        _Outside(Label("Kewajiban lapor yang masih terbuka", "Duties to report that are still open"), "ask",
                 col(Duty.company_id), col(Duty.state).in_(DUTY_OPEN)),
    )
}  # fmt: skip


def _count_outside(session: Session, made: Tree, what: _Outside) -> None:
    query = select(what.about, func.count()).where(among(session, what.about, made.roots), what.where)
    found = {int(id_): int(number) for id_, number in session.execute(query.group_by(what.about))}
    if not found:
        return
    made.pointing.append(Pointing(what.title, what.rule, sum(found.values())))
    if what.rule == "block":
        for id_, number in found.items():
            made.blocked.setdefault(id_, []).append(Pointing(what.title, "block", number))
