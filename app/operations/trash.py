"""Into the trash and out of it, with everything that belongs to a record.

One act carries one instant: what went to the trash together has the same `deleted_at`, which is how it is found
again and comes back together. What forbids a deletion or a restoration is a `Problem` a record.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.errors import NotFound, Problem, Refused
from app.operations import audit, derived
from app.operations.record_rows import writing
from app.queries import accounts, hanging, lists
from app.queries.hanging import Tree
from app.queries.keys import fetch
from app.registry import Registry, get

Row = Mapping[str, Any]


@dataclass(slots=True)
class Moved:
    """`count` chosen records moved, `along` others by registry; `refused` are (public id, why) and stayed."""

    count: int = 0
    along: dict[str, int] = field(default_factory=dict)
    refused: list[tuple[str, Problem]] = field(default_factory=list)


def delete(
    session: Session,
    registry: Registry,
    public_ids: Sequence[str],
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
    batch: str | None = None,
    partial: bool = False,
) -> Moved:
    """Move records, and what belongs to them, to the trash. A record the actor may not see is NotFound.

    Refused when something forbids one of them, unless `partial`: then the others go.
    """
    policy.require(actor, "delete", registry)
    rows = [row for row in _found(session, registry, public_ids, actor, "delete") if row["deleted_at"] is None]
    tree = hanging.tree(session, registry, rows)
    refused = forbidden(session, tree, actor)
    made = Moved(refused=[(tree.roots[id_]["public_id"], problem) for id_, problem in refused.items()])
    _refuse(made, partial)
    if refused:
        tree = hanging.tree(session, registry, [row for row in rows if row["id"] not in refused])
    made.count = len(tree.roots)
    made.along = {key: len(some) for key, some in tree.along.items()}
    _mark(session, registry, tree.roots.values(), now, actor, now, reason, batch, {})
    for key, some in tree.along.items():
        with_ = {row["public_id"]: _with(registry, tree.roots[tree.belongs[key][id_]]) for id_, row in some.items()}
        _mark(session, get(key), some.values(), now, actor, now, reason, batch, with_)
    return made


def restore(
    session: Session,
    registry: Registry,
    public_ids: Sequence[str],
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
    batch: str | None = None,
    partial: bool = False,
) -> Moved:
    """Take records out of the trash, with what went there together with them.

    Refused while a record they belong to is in the trash itself, unless `partial`.
    """
    policy.require(actor, "restore", registry)
    rows = [row for row in _found(session, registry, public_ids, actor, "restore") if row["deleted_at"] is not None]
    lonely = orphans(session, registry, rows, actor)
    made = Moved(refused=[(row["public_id"], lonely[row["id"]]) for row in rows if row["id"] in lonely])
    _refuse(made, partial)
    rows = [row for row in rows if row["id"] not in lonely]
    made.count = len(rows)
    made.along = bring_along(session, registry, rows, actor, now=now, reason=reason, batch=batch)
    _mark(session, registry, rows, None, actor, now, reason, batch, {})
    return made


def forbidden(session: Session, tree: Tree, actor: Actor) -> dict[int, Problem]:
    """Which chosen records may not go, and why: something is in use, what belongs to them is not the actor's, or
    nobody could administer any more.
    """
    made = {
        id_: Problem("still_used", params={"count": one.count, "what": asdict(one.title)})
        for id_, (one, *_others) in tree.blocked.items()
    }
    for key, ids in tree.belongs.items():
        if key != tree.registry.key and ids and not policy.may(actor, "delete", get(key)):
            problem = Problem("along_forbidden", params={"what": asdict(get(key).title)})
            made |= {root: problem for root in ids.values() if root not in made}
    if tree.registry.guarded:
        going = [id_ for id_ in tree.roots if id_ not in made]
        made |= dict.fromkeys(accounts.last_to_administer(session, tree.registry, going), Problem("last_admin"))
    return made


def orphans(session: Session, registry: Registry, rows: Sequence[Row], actor: Actor) -> dict[int, Problem]:
    """Records whose owner is in the trash."""
    made: dict[int, Problem] = {}
    for name, target in registry.references.items():
        if registry.fields[name].on_delete != "together":
            continue
        parent = get(target)
        table = parent.table
        gone = fetch(session, table, table.c.id, [row[name] for row in rows], table.c.deleted_at.is_not(None))
        names = dict.fromkeys((row["id"] for row in gone), "–")
        names |= {id_: name for id_, (name, _id) in lists.named(session, parent, set(names), actor).items()}
        for row in rows:
            if row[name] in names:
                params = {"what": asdict(parent.singular), "name": names[row[name]]}
                made[row["id"]] = Problem("owner_in_trash", field=name, params=params)
    return made


def bring_along(
    session: Session,
    registry: Registry,
    rows: Sequence[Row],
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
    batch: str | None = None,
) -> dict[str, int]:
    """Out of the trash with what went there together with `rows`, which still carry their `deleted_at`."""
    roots = {row["id"]: row for row in rows}
    made: dict[str, int] = {}
    everything = list(hanging.descend(session, registry, {id_: id_ for id_ in roots}, hanging.gone_with))
    for other, found in everything:
        with_ = {row["public_id"]: _with(registry, roots[root]) for row, root in found}
        _mark(session, other, [row for row, _root in found], None, actor, now, reason, batch, with_)
        made[other.key] = made.get(other.key, 0) + len(found)
    return made


def take_along(
    session: Session, registry: Registry, rows: Sequence[Row], actor: Actor, *, gone_at: datetime, now: datetime
) -> None:
    """Into the trash with what belongs to `rows`, which are there since `gone_at`: an undone restoration."""
    tree = hanging.tree(session, registry, rows)
    for key, some in tree.along.items():
        with_ = {row["public_id"]: _with(registry, tree.roots[tree.belongs[key][id_]]) for id_, row in some.items()}
        _mark(session, get(key), some.values(), gone_at, actor, now, None, None, with_)


def _found(
    session: Session, registry: Registry, public_ids: Sequence[str], actor: Actor, action: policy.Action
) -> list[dict[str, Any]]:
    table = registry.table
    found = fetch(session, table, table.c.public_id, public_ids, policy.visible(registry, actor, action))
    if len(found) != len(set(public_ids)):
        raise NotFound()
    return found


def _refuse(made: Moved, partial: bool) -> None:
    if made.refused and not partial:
        _public_id, problem = made.refused[0]
        raise Refused(problem.code, **problem.params)


def _with(registry: Registry, root: Row) -> dict[str, Any]:
    return {"with": {"registry": registry.key, "id": root["public_id"]}}


def _mark(
    session: Session,
    registry: Registry,
    rows: Iterable[Row],
    gone_at: datetime | None,
    actor: Actor,
    now: datetime,
    reason: str | None,
    batch: str | None,
    with_: Mapping[str, dict[str, Any]],
) -> None:
    wanted = list(rows)
    if not wanted:
        return
    table = registry.table
    statement = (
        update(table)
        .where(table.c.id == bindparam("b_id"))
        .values(
            deleted_at=gone_at,
            row_version=table.c.row_version + 1,
            updated_at=now,
            updated_by=actor.name,
        )
    )
    with writing(session, registry):
        session.connection().execute(statement, [{"b_id": row["id"]} for row in wanted])
    action = "restore" if gone_at is None else "delete"
    changes = [(row["public_id"], action, None, with_.get(row["public_id"])) for row in wanted]
    audit.record_many(session, changes, actor=actor, now=now, entity=registry.key, reason=reason, batch=batch)
    derived.follow(session, registry, [derived.Touched(row, None) for row in wanted], actor, now=now)
