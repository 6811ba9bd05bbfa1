"""Going back to an earlier version of a record: one field, some, or all of them, by the one write path.

The old values pass every check a form passes; one that is no longer valid (a record that is gone, a number another
record has by now) is a problem at its field, and nothing is written. The audit entry's door says "revert:VERSION".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.errors import NotFound, Problem
from app.operations import merging
from app.operations.merging import Merged
from app.operations.records import Outcome
from app.queries.keys import fetch
from app.queries.versions import Version, Versions
from app.registry import Registry, get


@dataclass(frozen=True, slots=True)
class Return:
    """What going back to `version` would change of `row`, in the fields the actor may write."""

    row: Mapping[str, Any]
    version: Version
    names: tuple[str, ...]


def look(session: Session, registry: Registry, public_id: str, number: int, actor: Actor) -> Return:
    """What could go back. Raises NotFound for a version that never was, or a record in the trash."""
    versions = Versions(session, registry, public_id, actor)
    if versions.row["deleted_at"] is not None:
        raise NotFound()
    version = versions.at(number)[number]
    writable = (f.key for f in policy.fields(registry, actor, "update") if not f.computed)
    names = tuple(name for name in writable if version.values[name] != versions.row[name])
    return Return(versions.row, version, names)


def revert(
    session: Session,
    registry: Registry,
    public_id: str,
    number: int,
    names: Collection[str],
    actor: Actor,
    *,
    now: datetime,
    seen: int,
    compared: int | None = None,
    choices: Mapping[str, str] | None = None,
    reason: str | None = None,
) -> Merged:
    """Give the fields `names` their values of version `number`; `seen` is the version the person looked at.

    What a colleague changed since `seen` is not overwritten: see `merging.save` for `compared` and `choices`.
    """
    policy.require(actor, "update", registry)
    found = look(session, registry, public_id, number, actor)
    writable = {f.key for f in policy.fields(registry, actor, "update")}
    wanted = {name: found.version.values[name] for name in registry.fields if name in names and name in writable}
    values, problems = _written(session, registry, wanted)
    if problems:
        return Merged(Outcome("error", public_id, problems=problems), theirs=found.row)
    return merging.save(
        session, registry, values, actor.through(f"revert:{number}"), now=now, public_id=public_id, version=seen,
        seen=compared, choices=choices, reason=reason,
    )  # fmt: skip


def _written(session: Session, registry: Registry, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """References by public id, so that they are looked up like anything a person writes."""
    made, problems = dict(values), []
    for name, key in registry.references.items():
        if not made.get(name):
            continue
        table, several = get(key).table, isinstance(made[name], list)
        ids = made[name] if several else [made[name]]
        known = {row["id"]: row["public_id"] for row in fetch(session, table, table.c.id, ids)}
        if any(one not in known for one in ids):
            problems.append(Problem("reference_removed", field=name))
        made[name] = [known.get(one) for one in ids] if several else known.get(ids[0])
    return made, problems
