"""A record together with the rows edited on its form: all of it is written, or nothing.

Everything is tried inside a savepoint: the record first, so that its rows are judged beside it as it will stand.
Every problem of every part is known at once; one is enough to take all of it back. A row belongs to the record of
the form: one that belongs to another is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.errors import NotFound, Problem
from app.models.record import is_public_id
from app.operations import audit, merging, records, trash
from app.operations.merging import Merged
from app.operations.save_plan import Outcome, Plan, Row
from app.queries.keys import fetch
from app.registry import Inline, Registry

NOT_YET = -1  # the id of a record that could not be written: its rows are judged all the same


@dataclass(slots=True)
class RelatedRows:
    """What a form says about the rows of one inline.

    `changed`: public id → raw values of a stored row; `new`: public id the row will have → raw values; `removed`:
    public ids. `versions`: public id → the row_version the person saw, of changed and removed rows.
    """

    inline: Inline
    changed: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    new: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Whole:
    """`rows[n][public id]` is what became of a row of the n-th inline, removed ones included ("changed").

    `merged` tells how a record others had overtaken came together.
    """

    record: Outcome
    rows: list[dict[str, Outcome]]
    written: bool
    merged: Merged | None = None


def save(
    session: Session,
    registry: Registry,
    values: Mapping[str, Any],
    actor: Actor,
    related: Sequence[RelatedRows],
    *,
    now: datetime,
    public_id: str | None = None,
    expected_version: int | None = None,
    as_public_id: str | None = None,
    reason: str | None = None,
    seen: int | None = None,
    choices: Mapping[str, str] | None = None,
) -> Whole:
    """Create or update a record and its related rows. Bad values are outcomes, a missing right is Forbidden.

    `as_public_id`, and the ids of new rows, are made by the form: the same form sent twice writes once.
    """
    noted = audit.waiting(session)
    with session.begin_nested() as attempt:
        merged = None
        if public_id is not None and expected_version is not None:
            merged = merging.save(
                session, registry, values, actor, now=now, public_id=public_id, version=expected_version, seen=seen,
                choices=choices, reason=reason,
            )  # fmt: skip
            record = merged.outcome
        else:
            record = records.save(
                session, registry, values, actor, now=now, public_id=public_id, as_public_id=as_public_id, reason=reason
            )
        parent = record.id if record.id is not None else NOT_YET
        rows = [_rows(session, one, actor, parent, now, reason) for one in related]
        stopped = any(_stops(one) for one in [record, *(outcome for part in rows for outcome in part.values())])
        if stopped:
            attempt.rollback()
            audit.forget(session, noted)
    return Whole(record, rows, written=not stopped, merged=merged)


def _rows(
    session: Session, said: RelatedRows, actor: Actor, parent: int, now: datetime, reason: str | None
) -> dict[str, Outcome]:
    """What becomes of the rows of one inline; nothing of it is written when one of them stops."""
    child = said.inline.registry
    if said.new:
        policy.require(actor, "create", child)
    if said.changed:
        policy.require(actor, "update", child)
    stored = _stored(session, child, [*said.changed, *said.removed], policy.visible(child, actor))
    before = _stored(session, child, list(said.new))  # written by an earlier sending of this form
    ours = {key for key, row in stored.items() if row[said.inline.field] == parent and row["deleted_at"] is None}
    said = _merged(session, said, stored, ours, actor)
    keys = [*said.changed, *(key for key in said.new if key not in before)]
    made = dict(zip(keys, _written(session, said, keys, ours, actor, parent, now, reason), strict=True))
    made |= {key: _same(row) for key, row in before.items()}
    removals = {key: _removal(said, key, stored[key]) for key in said.removed if key in ours}
    if removals:
        _remove(session, child, removals, actor, now, reason)
    return made | removals


def _merged(
    session: Session, said: RelatedRows, stored: Mapping[str, Row], ours: Collection[str], actor: Actor
) -> RelatedRows:
    """Of rows a colleague saved meanwhile only what the person changed, where the two do not part."""
    made = replace(said, changed=dict(said.changed), versions=dict(said.versions))
    for key, values in said.changed.items():
        version = said.versions.get(key)
        if key not in ours or version in (None, stored[key]["row_version"]):
            continue
        met = merging.compare(
            session, said.inline.registry, values, actor, public_id=key, version=int(version or 0), lock=True
        )
        if met.outcome.action == "changed":
            made.changed[key] = {name: values[name] for name in met.merge.mine}
            made.versions[key] = int(met.theirs["row_version"])
    return made


def _stored(session: Session, registry: Registry, keys: Sequence[str], *where: ColumnElement[bool]) -> dict[str, Row]:
    if not all(is_public_id(key) for key in keys):
        raise NotFound()
    table = registry.table
    return {row["public_id"]: row for row in fetch(session, table, table.c.public_id, keys, *where)}


def _written(
    session: Session,
    said: RelatedRows,
    keys: Sequence[str],
    ours: set[str],
    actor: Actor,
    parent: int,
    now: datetime,
    reason: str | None,
) -> list[Outcome]:
    if not keys:
        return []
    plan = _planned(session, said, keys, actor, parent)
    for key, outcome in zip(keys, plan.outcomes, strict=True):
        if key in said.changed and key not in ours:
            outcome.action, outcome.problems = "error", [Problem("row_gone")]
        elif outcome.action == "new":
            outcome.public_id = key
    if plan.stopped or parent == NOT_YET:
        return plan.outcomes
    return records.carry_out(session, plan, actor, now=now, reason=reason).outcomes


def _planned(session: Session, said: RelatedRows, keys: Sequence[str], actor: Actor, parent: int) -> Plan:
    link = said.inline.field
    rows: list[dict[str, Any]] = []
    for key in keys:
        values = said.changed[key] if key in said.changed else said.new[key]
        rows.append({**values, link: parent, **({"public_id": key} if key in said.changed else {})})
    plan = records.planned(session, said.inline.registry, rows, actor, expected_versions=said.versions)
    if parent == NOT_YET:
        for outcome in plan.outcomes:
            outcome.problems = [problem for problem in outcome.problems if problem.field != link]
    return plan


def _removal(said: RelatedRows, key: str, row: Row) -> Outcome:
    stale = said.versions.get(key, row["row_version"]) != row["row_version"]
    return Outcome("conflict" if stale else "changed", key, row["id"], row_version=row["row_version"])


def _remove(
    session: Session, registry: Registry, removals: dict[str, Outcome], actor: Actor, now: datetime, reason: str | None
) -> None:
    policy.require(actor, "delete", registry)
    gone = [key for key, outcome in removals.items() if outcome.action == "changed"]
    for key, problem in trash.delete(session, registry, gone, actor, now=now, reason=reason, partial=True).refused:
        removals[key].action, removals[key].problems = "error", [problem]


def _stops(outcome: Outcome) -> bool:
    return outcome.action in ("error", "conflict")


def _same(row: Row) -> Outcome:
    return Outcome("same", row["public_id"], row["id"], row_version=row["row_version"])
