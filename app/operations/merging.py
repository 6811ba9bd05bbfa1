"""Saving a form that others may have overtaken: what only one side changed merges by itself, the rest a person decides.

Nobody overwrites silently: a value another person saved in the meantime is replaced only by who has seen it
(`seen` = the version compared with) and chose.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.domain.merging import Merge, three_way
from app.operations import files, records, references
from app.operations.records import Outcome
from app.queries.versions import Touch, Version, Versions
from app.registry import Registry

Choice = Literal["mine", "theirs"]
NOTHING = Merge((), (), (), ())


@dataclass(slots=True)
class Merged:
    """What became of it. `outcome.action` is "conflict" when a person must choose; then nothing was written.

    Of a save that nobody overtook `merge` is empty. `mine` are the clean values given, `base` and `theirs` whole
    records; `touched` says who changed which field in between.
    """

    outcome: Outcome
    merge: Merge = NOTHING
    base: Version | None = None
    mine: Mapping[str, Any] = field(default_factory=dict)
    theirs: Mapping[str, Any] = field(default_factory=dict)
    touched: Mapping[str, Touch] = field(default_factory=dict)


def compare(
    session: Session,
    registry: Registry,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    public_id: str,
    version: int,
    lock: bool = False,
) -> Merged:
    """What raw `values` of a form opened at `version` would meet; nothing is written.

    The outcome is "same" while nobody saved since, "changed" when all merges by itself, else "conflict" or "error".
    """
    versions = Versions(session, registry, public_id, actor, lock=lock)
    outcome = Outcome("same", public_id, versions.row["id"], row_version=versions.current)
    if versions.current == version:
        return Merged(outcome, theirs=versions.row)
    base = _base(versions, version)
    rows = [dict(values)]
    unresolved = references.resolve(session, registry, rows, actor)
    unknown = files.resolve(session, registry, rows, actor, {0: public_id})
    clean, wrong = registry.validate(rows[0], "update", base=base.values or versions.row)
    outcome.problems = [*unresolved.get(0, ()), *unknown.get(0, ()), *wrong]
    if outcome.problems:
        outcome.action = "error"
        return Merged(outcome, theirs=versions.row)
    mine = {name: value for name, value in clean.items() if name in values}
    theirs = {name: versions.row[name] for name in registry.fields}
    merge = three_way(base.values, mine, theirs) if base.values else _untold(mine, theirs)
    outcome.action = "conflict" if merge.conflicts else "changed"
    return Merged(outcome, merge, base, mine, versions.row, versions.touched_since(version))


def save(
    session: Session,
    registry: Registry,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    now: datetime,
    public_id: str,
    version: int,
    seen: int | None = None,
    choices: Mapping[str, str] | None = None,
    reason: str | None = None,
) -> Merged:
    """Save raw `values` (perhaps of some fields only) of a form opened at `version`.

    `choices` (field → "mine" or "theirs") count only when `seen` is still the stored version.
    """
    made = compare(session, registry, values, actor, public_id=public_id, version=version, lock=True)
    if made.outcome.action == "error":
        return made
    current, merge = int(made.theirs["row_version"]), made.merge
    taken: Collection[str] = values.keys()
    if made.base is not None:
        chosen = dict(choices or {}) if seen == current else {}
        if any(chosen.get(name) not in ("mine", "theirs") for name in merge.conflicts):
            return made
        taken = {*merge.mine, *(name for name in merge.conflicts if chosen[name] == "mine")}
    made.outcome = Outcome("same", public_id, made.theirs["id"], row_version=current)
    if taken:
        kept = {name: value for name, value in values.items() if name in taken}
        made.outcome = records.save(
            session, registry, kept, actor, now=now, public_id=public_id, expected_version=current, reason=reason
        )
    return made


def _base(versions: Versions, number: int) -> Version:
    """The version the form was opened at; without values where the history does not tell it."""
    try:
        return versions.at(number)[number]
    except NotFound:
        return Version(number, {}, deleted=False)


def _untold(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merge:
    """Without a base nobody can say who changed what: all that differs is asked about."""
    alike = tuple(name for name in mine if mine[name] == theirs[name])
    return Merge((), (), alike, tuple(name for name in mine if name not in alike))
