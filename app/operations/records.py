"""The only path by which records of a registry are written.

`save_many` = policy → references → schema → what stands in the database, in one query → set-based
write → audit entries, all in the caller's transaction. Forms, inline edit, bulk edit, API, sheet
import and accepted submissions call it; `save` is one row of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app import policy
from app.domain.actors import Actor
from app.domain.errors import EditConflict, Forbidden, NotFound, Problem, Refused
from app.models.draft import Upload
from app.models.record import is_public_id, new_public_id
from app.operations import audit, derived, files, trash
from app.operations.record_rows import insert_rows, update_rows, writing
from app.operations.save_plan import Action, Outcome, Plan, Row
from app.queries.keys import fetch
from app.registry import Registry

__all__ = [
    "Action",
    "Outcome",
    "Plan",
    "Row",
    "SaveResult",
    "carry_out",
    "conflict",
    "delete_many",
    "find",
    "planned",
    "require_placed",
    "restore_many",
    "reveal",
    "save",
    "save_many",
    "take_file",
]  # fmt: skip


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
    place_later: bool = False,
) -> SaveResult:
    """Create or update many records.

    A row is raw values by field key; with `public_id` it updates that record, else `match` (field
    keys) finds one, else it is new. `expected_versions` (public id → row_version) refuses stale
    edits as "conflict". All rows or none are written unless `partial`. A row that would then lie outside of what
    the actor may see is a problem; with `place_later` the caller asks `require_placed` once all is written.
    """
    plan = planned(session, registry, rows, actor, match=match, expected_versions=expected_versions)
    if dry_run or (plan.stopped and not partial):
        return SaveResult(plan.outcomes, written=False)
    return carry_out(
        session, plan, actor, now=now, reason=reason, batch=batch, partial=partial, place_later=place_later
    )


def planned(
    session: Session,
    registry: Registry,
    rows: Sequence[Mapping[str, Any]],
    actor: Actor,
    *,
    match: Sequence[str] = (),
    expected_versions: Mapping[str, int] | None = None,
) -> Plan:
    """What `save_many` would do with these rows; nothing is written."""
    return Plan(session, registry, rows, actor, match, expected_versions or {})


def carry_out(
    session: Session,
    plan: Plan,
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
    batch: str | None = None,
    partial: bool = False,
    place_later: bool = False,
) -> SaveResult:
    """Write the good rows of a plan made in this same transaction.

    Only now it is seen which rows would leave what the actor may see: none is written then, unless `partial`.
    """
    for outcome in plan.outcomes:
        if outcome.action == "new":
            outcome.public_id = outcome.public_id or new_public_id()
    if place_later or not (policy.bounded(actor) or plan.registry.guarded):
        _write(session, plan, actor, now)
    elif not _write_within(session, plan, actor, now):
        if not partial:
            return SaveResult(plan.outcomes, written=False)
        _write_within(session, plan, actor, now)
    if plan.registry.files:
        files.tie(session, plan.registry, [(str(one.public_id), one.after) for one in plan.outcomes if one.id])
    audit.record_many(
        session, _audited(plan.outcomes), actor=actor, now=now, entity=plan.registry.key, reason=reason, batch=batch
    )
    derived.follow(session, plan.registry, derived.touched(plan), actor, now=now)
    return SaveResult(plan.outcomes, written=True)


def save(
    session: Session,
    registry: Registry,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    now: datetime,
    public_id: str | None = None,
    expected_version: int | None = None,
    as_public_id: str | None = None,
    reason: str | None = None,
) -> Outcome:
    """Create one record, or update the one named. The outcome says what happened; nothing is raised for bad values.

    A form that creates carries `as_public_id`, the id its record will have: sent twice, the second is "same".
    """
    if as_public_id and not public_id:
        known = _by_public_id(session, registry, as_public_id)
        if known is not None:
            return Outcome("same", as_public_id, known["id"], row_version=known["row_version"])
    row = {**values, "public_id": public_id} if public_id else dict(values)
    versions = {public_id: expected_version} if public_id and expected_version is not None else {}
    plan = planned(session, registry, [row], actor, expected_versions=versions)
    if plan.outcomes[0].action == "new":
        plan.outcomes[0].public_id = as_public_id
    return plan.outcomes[0] if plan.stopped else carry_out(session, plan, actor, now=now, reason=reason).outcomes[0]


def delete_many(
    session: Session,
    registry: Registry,
    public_ids: Sequence[str],
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
    batch: str | None = None,
) -> int:
    """`trash.delete` of all or none; returns how many."""
    return trash.delete(session, registry, public_ids, actor, now=now, reason=reason, batch=batch).count


def restore_many(
    session: Session,
    registry: Registry,
    public_ids: Sequence[str],
    actor: Actor,
    *,
    now: datetime,
    reason: str | None = None,
    batch: str | None = None,
) -> int:
    """`trash.restore` of all or none; returns how many."""
    return trash.restore(session, registry, public_ids, actor, now=now, reason=reason, batch=batch).count


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
    row = find(session, registry, public_id, actor, "reveal")
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


def take_file(
    session: Session, registry: Registry, public_id: str, name: str, file_id: str, actor: Actor, *, now: datetime,
    noted: bool = True,
) -> Upload:  # fmt: skip
    """A file of a record, for a download; of a sensitive field that is an audit entry. NotFound where there is none.

    A masked one is for those who may reveal.
    """
    if not policy.may(actor, "read", registry):
        raise NotFound()
    spec = next((f for f in policy.fields(registry, actor) if f.key == name and name in registry.files), None)
    masked = name in policy.masked(registry, actor)
    if masked:
        policy.require(actor, "reveal", registry)
    row = find(session, registry, public_id, actor, "reveal" if masked else "read")
    if spec is None or file_id not in {one["id"] for one in row[name] or ()}:
        raise NotFound()
    owned = select(Upload).where(col(Upload.public_id) == file_id, col(Upload.entity_id) == public_id)
    found: Upload | None = session.execute(owned).scalar_one_or_none()
    if found is None:
        raise NotFound()
    if noted and (masked or spec.sensitivity in ("personal", "specific")):
        audit.record(
            session, actor=actor, now=now, entity=registry.key, entity_id=public_id, action="download",
            after={"field": name, "file": found.name},
        )  # fmt: skip
    return found


def find(session: Session, registry: Registry, public_id: str, actor: Actor, action: policy.Action = "list") -> Row:
    """One record by its public id, in the trash or not. NotFound when it is not there for this actor."""
    table = registry.table
    query = select(table).where(table.c.public_id == public_id, policy.visible(registry, actor, action))
    found = session.execute(query).mappings().first()
    if found is None:
        raise NotFound()
    return dict(found)


def require_placed(session: Session, registry: Registry, ids: Sequence[int], actor: Actor) -> None:
    """Raises Forbidden `outside_scope` unless every one of these records lies where the actor may see it."""
    if _outside(session, registry, ids, actor):
        raise Forbidden("outside_scope")


def conflict(outcome: Outcome) -> EditConflict:
    """The refusal a door raises for a stale single edit."""
    return EditConflict("edit_conflict", public_id=outcome.public_id)


def _by_public_id(session: Session, registry: Registry, public_id: str) -> Row | None:
    if not is_public_id(public_id):
        raise NotFound()
    found = fetch(session, registry.table, registry.table.c.public_id, [public_id])
    return found[0] if found else None


def _write(session: Session, plan: Plan, actor: Actor, now: datetime) -> None:
    numbered = list(enumerate(plan.outcomes))
    new = [(outcome, plan.clean[index]) for index, outcome in numbered if outcome.action == "new"]
    changed = [(outcome, plan.existing[index]) for index, outcome in numbered if outcome.action == "changed"]
    with writing(session, plan.registry):
        if new:
            insert_rows(session, plan.registry, new, actor, now)
        if changed:
            update_rows(session, plan.registry, changed, actor, now)


def _write_within(session: Session, plan: Plan, actor: Actor, now: datetime) -> bool:
    """Write, and take it back where a record would leave what the actor may see, or nobody could administer any more.

    The rows in question say so.
    """
    written = [one for one in plan.outcomes if one.action in ("new", "changed")]
    with session.begin_nested() as attempt:
        code, wrong = "outside_scope", written
        try:
            _write(session, plan, actor, now)
            outside = _outside(session, plan.registry, [one.id for one in written if one.id is not None], actor)
            wrong = [one for one in written if one.id in outside]
        except Refused as refused:
            code = refused.code
        if not wrong:
            return True
        attempt.rollback()
    for one in wrong:
        one.action = "error"
        one.problems.append(Problem(code))
    return False


def _outside(session: Session, registry: Registry, ids: Sequence[int], actor: Actor) -> set[int]:
    table = registry.table
    found = fetch(session, table, table.c.id, ids, policy.visible(registry, actor))
    return set(ids) - {row["id"] for row in found}


def _audited(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str, dict[str, Any] | None, dict[str, Any] | None]]:
    for outcome in outcomes:
        if outcome.action == "new":
            yield str(outcome.public_id), "create", None, {k: v for k, v in outcome.after.items() if v is not None}
        elif outcome.action == "changed":
            yield str(outcome.public_id), "update", outcome.before, outcome.after
