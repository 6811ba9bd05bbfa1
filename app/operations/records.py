"""The only path by which records of a registry are written.

`save_many` = policy → references → schema → what stands in the database, in one query → set-based
write → audit entries, all in the caller's transaction. Forms, inline edit, bulk edit, API, sheet
import and accepted submissions call it; `save` is one row of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, func, insert, select, text, update
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.errors import EditConflict, NotFound, Problem
from app.models.record import new_public_id
from app.operations import audit, references
from app.queries.keys import fetch
from app.registry import Registry

Row = dict[str, Any]
Action = Literal["new", "changed", "same", "error", "conflict"]


@dataclass(slots=True)
class Outcome:
    """What became of one row. `before` and `after` hold only the fields that change."""

    action: Action
    public_id: str | None = None
    id: int | None = None
    problems: list[Problem] = field(default_factory=list)
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    row_version: int | None = None


@dataclass(slots=True)
class SaveResult:
    """One outcome a row, in the order given. `written` is False when problems or a dry run stopped it."""

    outcomes: list[Outcome]
    written: bool

    @property
    def problems(self) -> list[Problem]:
        return [problem for outcome in self.outcomes for problem in outcome.problems]

    def count(self, action: Action) -> int:
        return sum(outcome.action == action for outcome in self.outcomes)


def save_many(
    session: Session,
    registry: Registry,
    rows: Sequence[Mapping[str, Any]],
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
    expected_versions: Mapping[str, int] | None = None,
    match: Sequence[str] = (),
    batch: str | None = None,
    dry_run: bool = False,
    partial: bool = False,
) -> SaveResult:
    """Create or update many records.

    A row is raw values by field key; with `public_id` it updates that record, else `match` (field
    keys) finds one, else it is new. `expected_versions` (public id → row_version) refuses stale
    edits as "conflict". All rows or none are written unless `partial`.
    """
    plan = _Plan(session, registry, rows, actor, match, expected_versions or {})
    outcomes = plan.outcomes()
    stopped = any(outcome.action in ("error", "conflict") for outcome in outcomes)
    if dry_run or (stopped and not partial):
        return SaveResult(outcomes, written=False)
    _write(session, registry, outcomes, plan, actor, now)
    audit.record_many(
        session, _audited(outcomes), actor=actor, now=now, entity=registry.key, reason=reason, batch=batch
    )
    return SaveResult(outcomes, written=True)


def save(
    session: Session,
    registry: Registry,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    now: datetime,
    public_id: str | None = None,
    expected_version: int | None = None,
    reason: str | None = None,
) -> Outcome:
    """Create one record, or update the one named. The outcome says what happened; nothing is raised for bad values."""
    row = {**values, "public_id": public_id} if public_id else dict(values)
    versions = {public_id: expected_version} if public_id and expected_version is not None else {}
    return save_many(session, registry, [row], actor, now=now, reason=reason, expected_versions=versions).outcomes[0]


def delete_many(
    session: Session,
    registry: Registry,
    public_ids: Sequence[str],
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
) -> int:
    """Move records to the trash; returns how many. A record the actor may not see is NotFound."""
    policy.require(actor, "delete", registry)
    return _mark(session, registry, public_ids, actor, now, reason, deleted=True)


def restore_many(
    session: Session,
    registry: Registry,
    public_ids: Sequence[str],
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
) -> int:
    """Take records out of the trash; returns how many."""
    policy.require(actor, "restore", registry)
    return _mark(session, registry, public_ids, actor, now, reason, deleted=False)


def reveal(
    session: Session,
    registry: Registry,
    public_id: str,
    name: str,
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
) -> Any:
    """The plain value of a masked field. That somebody looked is an audit entry."""
    policy.require(actor, "reveal", registry)
    if name not in {f.key for f in policy.fields(registry, actor)}:
        raise NotFound()
    row = find(session, registry, public_id, actor)
    audit.record(
        session,
        actor=actor,
        now=now,
        entity=registry.key,
        entity_id=public_id,
        action="reveal",
        after={"field": name},
        reason=reason,
    )
    return row[name]


def find(session: Session, registry: Registry, public_id: str, actor: Actor) -> Row:
    """One record by its public id, in the trash or not. NotFound when it is not there for this actor."""
    table = registry.table
    found = (
        session.execute(policy.rows(select(table).where(table.c.public_id == public_id), registry, actor))
        .mappings()
        .first()
    )
    if found is None:
        raise NotFound()
    return dict(found)


def conflict(outcome: Outcome) -> EditConflict:
    """The refusal a door raises for a stale single edit."""
    return EditConflict("edit_conflict", public_id=outcome.public_id)


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Opens the guard on registry tables (`app.models.guard`): only this module does so."""
    session.info["writing"] = True
    try:
        yield
    finally:
        session.info["writing"] = False


class _Plan:
    """Decides, row by row, what a save would do; reads the database a fixed number of times."""

    def __init__(
        self,
        session: Session,
        registry: Registry,
        rows: Sequence[Mapping[str, Any]],
        actor: Actor,
        match: Sequence[str],
        versions: Mapping[str, int],
    ) -> None:
        self.session, self.registry, self.actor = session, registry, actor
        self.match, self.versions = tuple(match), versions
        self.rows = [dict(row) for row in rows]
        self.unresolved = references.resolve(session, registry, self.rows, actor)
        self.existing: dict[int, Row] = {}  # row index → record
        self.clean: dict[int, dict[str, Any]] = {}

    def outcomes(self) -> list[Outcome]:
        by_id, by_key = self._known()
        made = [self._decide(index, row, by_id, by_key) for index, row in enumerate(self.rows)]
        self._refuse_duplicates(made)
        return made

    def _known(self) -> tuple[dict[str, Row], dict[tuple[Any, ...], Row]]:
        table, visible = self.registry.table, policy.visible(self.registry, self.actor)
        named = [row["public_id"] for row in self.rows if row.get("public_id")]
        policy.require(self.actor, "update" if named else "create", self.registry)
        by_id = {row["public_id"]: row for row in fetch(self.session, table, table.c.public_id, named, visible)}
        by_key: dict[tuple[Any, ...], Row] = {}
        if self.match:
            first = self.match[0]
            wanted = [self._normal(first, row.get(first)) for row in self.rows if not row.get("public_id")]
            for record in fetch(self.session, table, table.c[first], wanted, visible, table.c.deleted_at.is_(None)):
                by_key[tuple(record[name] for name in self.match)] = record
        return by_id, by_key

    def _normal(self, name: str, value: Any) -> Any:
        if value is None or value == "":
            return None
        clean, problems = self.registry.validate({name: value}, "update")
        return None if problems else clean[name]

    def _decide(
        self, index: int, row: dict[str, Any], by_id: Mapping[str, Row], by_key: Mapping[tuple[Any, ...], Row]
    ) -> Outcome:
        public_id = row.pop("public_id", None)
        record = by_id.get(public_id) if public_id else None
        if public_id and record is None:
            return Outcome("error", public_id, problems=[Problem("not_found", value=public_id)])
        if record is None and self.match:
            record = by_key.get(tuple(self._normal(name, row.get(name)) for name in self.match))
        problems = list(self.unresolved.get(index, ())) + self._forbidden(row, "update" if record else "create")
        clean, wrong = self.registry.validate(row, "update" if record else "create", base=record)
        unresolved = {problem.field for problem in problems}
        problems += [problem for problem in wrong if problem.field not in unresolved]
        if record is None:
            action: Action = "error" if problems else "new"
            self.clean[index] = clean
            return Outcome(action, new_public_id(), problems=problems, after=clean)
        return self._compare(index, record, clean, problems)

    def _compare(self, index: int, record: Row, clean: dict[str, Any], problems: list[Problem]) -> Outcome:
        after = {name: value for name, value in clean.items() if record[name] != value}
        before = {name: record[name] for name in after}
        self.existing[index], self.clean[index] = record, clean
        made = Outcome("changed", record["public_id"], record["id"], problems, before, after, record["row_version"])
        expected = self.versions.get(record["public_id"])
        if problems:
            made.action = "error"
        elif expected is not None and expected != record["row_version"]:
            made.action = "conflict"
        elif not after:
            made.action = "same"
        return made

    def _forbidden(self, row: Mapping[str, Any], mode: Literal["create", "update"]) -> list[Problem]:
        allowed = {f.key for f in policy.fields(self.registry, self.actor, mode)}
        return [
            Problem("not_allowed", field=name) for name in row if name in self.registry.fields and name not in allowed
        ]

    def _refuse_duplicates(self, made: Sequence[Outcome]) -> None:
        keys: list[tuple[str, ...]] = [(name,) for name, f in self.registry.fields.items() if f.unique]
        natural = self.registry.natural_key
        if natural and natural not in keys:
            keys.append(natural)
        for key in keys:
            self._refuse(key, made)

    def _refuse(self, key: tuple[str, ...], made: Sequence[Outcome]) -> None:
        table = self.registry.table
        wanted: dict[tuple[Any, ...], list[Outcome]] = {}
        for index, outcome in enumerate(made):
            if outcome.action in ("new", "changed") and any(name in outcome.after for name in key):
                whole = {**self.existing.get(index, {}), **self.clean[index]}
                values = tuple(whole.get(name) for name in key)
                if None not in values:
                    wanted.setdefault(values, []).append(outcome)
        taken: dict[tuple[Any, ...], Row] = {}
        for record in fetch(self.session, table, table.c[key[0]], [values[0] for values in wanted]):
            taken[tuple(record[name] for name in key)] = record
        for values, outcomes in wanted.items():
            other = taken.get(values)
            for outcome in outcomes[1:] + [o for o in outcomes[:1] if other and other["public_id"] != o.public_id]:
                outcome.action = "error"
                params = {"other": other["public_id"] if other else outcomes[0].public_id}
                code = "duplicate_deleted" if other is not None and other["deleted_at"] else "duplicate"
                outcome.problems.append(Problem(code, field=key[0], value=str(values[0]), params=params))


def _write(
    session: Session, registry: Registry, outcomes: Sequence[Outcome], plan: _Plan, actor: Actor, now: datetime
) -> None:
    new = [(index, outcome) for index, outcome in enumerate(outcomes) if outcome.action == "new"]
    changed = [outcome for outcome in outcomes if outcome.action == "changed"]
    with writing(session):
        if new:
            _insert(session, registry, [(outcome, plan.clean[index]) for index, outcome in new], actor, now)
        if changed:
            _update(
                session,
                registry,
                changed,
                [plan.existing[i] for i, o in enumerate(outcomes) if o.action == "changed"],
                actor,
                now,
            )


def _insert(
    session: Session, registry: Registry, new: Sequence[tuple[Outcome, dict[str, Any]]], actor: Actor, now: datetime
) -> None:
    ids = _next_ids(session, registry, len(new))
    shared = {
        "row_version": 1,
        "created_at": now,
        "created_by": actor.name,
        "updated_at": now,
        "updated_by": actor.name,
        "deleted_at": None,
        "extra": {},
    }
    values = []
    for (outcome, clean), id_ in zip(new, ids, strict=True):
        outcome.id, outcome.row_version = id_, 1
        values.append({**shared, **clean, "id": id_, "public_id": outcome.public_id})
    session.execute(insert(registry.table), values)


def _next_ids(session: Session, registry: Registry, count: int) -> Sequence[int]:
    """Ids taken before the insert, so that dependents need no second look-up."""
    table = registry.table
    if session.get_bind().dialect.name == "postgresql":
        take = text("SELECT nextval(pg_get_serial_sequence(:of, 'id')) FROM generate_series(1, :n)")
        taken = session.execute(take, {"of": f'"{table.name}"', "n": count})
        return [int(row[0]) for row in taken]
    last = session.execute(select(func.max(table.c.id))).scalar() or 0
    return range(last + 1, last + 1 + count)


def _update(
    session: Session,
    registry: Registry,
    changed: Sequence[Outcome],
    records: Sequence[Row],
    actor: Actor,
    now: datetime,
) -> None:
    """One statement for all: every column that changes anywhere is set, to its old value where it does not."""
    table = registry.table
    names = sorted({name for outcome in changed for name in outcome.after})
    statement = (
        update(table)
        .where(table.c.id == bindparam("b_id"), table.c.row_version == bindparam("b_version"))
        .values(
            {name: bindparam(f"v_{name}", type_=table.c[name].type) for name in names}
            | {
                "row_version": table.c.row_version + 1,
                "updated_at": bindparam("b_now", type_=table.c.updated_at.type),
                "updated_by": actor.name,
            }
        )
    )
    values = []
    for outcome, record in zip(changed, records, strict=True):
        row = {f"v_{name}": outcome.after.get(name, record[name]) for name in names}
        values.append({**row, "b_id": record["id"], "b_version": record["row_version"], "b_now": now})
        outcome.row_version = record["row_version"] + 1
    result = session.connection().execute(statement, values)
    if result.rowcount not in (len(values), -1):
        raise EditConflict("edit_conflict", public_id=changed[0].public_id)


def _audited(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str, dict[str, Any] | None, dict[str, Any] | None]]:
    for outcome in outcomes:
        if outcome.action == "new":
            yield str(outcome.public_id), "create", None, {k: v for k, v in outcome.after.items() if v is not None}
        elif outcome.action == "changed":
            yield str(outcome.public_id), "update", outcome.before, outcome.after


def _mark(
    session: Session,
    registry: Registry,
    public_ids: Sequence[str],
    actor: Actor,
    now: datetime,
    reason: str | None,
    *,
    deleted: bool,
) -> int:
    table = registry.table
    found = fetch(session, table, table.c.public_id, public_ids, policy.visible(registry, actor))
    if len(found) != len(set(public_ids)):
        raise NotFound()
    wanted = [row for row in found if (row["deleted_at"] is None) == deleted]
    if not wanted:
        return 0
    statement = (
        update(table)
        .where(table.c.id == bindparam("b_id"))
        .values(
            deleted_at=now if deleted else None,
            row_version=table.c.row_version + 1,
            updated_at=now,
            updated_by=actor.name,
        )
    )
    with writing(session):
        session.connection().execute(statement, [{"b_id": row["id"]} for row in wanted])
    action = "delete" if deleted else "restore"
    changes = [(row["public_id"], action, None, None) for row in wanted]
    audit.record_many(session, changes, actor=actor, now=now, entity=registry.key, reason=reason)
    return len(wanted)
