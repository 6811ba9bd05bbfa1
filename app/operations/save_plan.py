"""Deciding, row by row, what a save would do: new, changed, same, error or conflict. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import True_
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.operations import files, references
from app.queries.keys import fetch
from app.queries.paths import look
from app.registry import Registry

Row = dict[str, Any]
_MODES: tuple[Literal["create", "update"], ...] = ("create", "update")
_BY_OTHERS = frozenset({"step_forbidden", "record_closed"})  # in a stale edit: somebody else took the step
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


class Plan:
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
        self._writable = {mode: {f.key for f in policy.fields(registry, actor, mode)} for mode in _MODES}
        self.named = {i: str(row.pop("public_id")) for i, row in enumerate(self.rows) if row.get("public_id")}
        for index, problems in files.resolve(session, registry, self.rows, actor, self.named).items():
            self.unresolved.setdefault(index, []).extend(problems)
        self._found = self._known()
        unseen = references.unseen(session, registry, self.rows, self._found, actor)
        gone = references.thrown_away(session, registry, self.rows, self._found)
        for index, problems in (*unseen.items(), *gone.items()):
            self.unresolved.setdefault(index, []).extend(problems)
        self.outcomes = [self._decide(index, row) for index, row in enumerate(self.rows)]
        if registry.across or registry.derived:
            self._look_across()
        for index, outcome in enumerate(self.outcomes):
            self._conclude(index, outcome)
        self._refuse_duplicates(self.outcomes)

    @property
    def stopped(self) -> bool:
        """Whether some row cannot be written as it is."""
        return any(outcome.action in ("error", "conflict") for outcome in self.outcomes)

    def _known(self) -> dict[int, Row]:
        """The record each row would change, by row index."""
        table = self.registry.table
        self._may = {mode: policy.may(self.actor, mode, self.registry) for mode in _MODES}
        policy.require(self.actor, "update" if self.named or self._may["update"] else "create", self.registry)
        visible = policy.visible(self.registry, self.actor, "update")
        by_id = {
            row["public_id"]: row
            for row in fetch(self.session, table, table.c.public_id, list(self.named.values()), visible)
        }
        found = {i: by_id[public_id] for i, public_id in self.named.items() if public_id in by_id}
        if not self.match:
            return found
        keys = {i: tuple(self._normal(name, row.get(name)) for name in self.match)
                for i, row in enumerate(self.rows) if i not in self.named}  # fmt: skip
        first, wanted = self.match[0], [key[0] for key in keys.values()]
        by_key: dict[tuple[Any, ...], Row] = {}
        for record in fetch(self.session, table, table.c[first], wanted, visible, table.c.deleted_at.is_(None)):
            by_key[tuple(record[name] for name in self.match)] = record
        return found | {i: by_key[key] for i, key in keys.items() if key in by_key}

    def _normal(self, name: str, value: Any) -> Any:
        if value is None or value == "":
            return None
        clean, problems = self.registry.validate({name: value}, "update")
        return None if problems else clean[name]

    def _decide(self, index: int, row: dict[str, Any]) -> Outcome:
        record = self._found.get(index)
        if record is None and index in self.named:
            public_id = self.named[index]
            return Outcome("error", public_id, problems=[Problem("not_found", value=public_id)])
        problems = list(self.unresolved.get(index, ())) + self._forbidden(row, "update" if record else "create")
        clean, wrong = self.registry.validate(row, "update" if record else "create", base=record)
        unresolved = {problem.field for problem in problems}
        problems += [problem for problem in wrong if problem.field not in unresolved and not self._corrects(problem)]
        problems += policy.reserved_steps(self.registry, self.actor, record or {}, clean)
        self.clean[index] = clean
        if record is None:
            return Outcome("new", problems=problems)
        self.existing[index] = record
        return Outcome("changed", record["public_id"], record["id"], problems, row_version=record["row_version"])

    def _corrects(self, problem: Problem) -> bool:
        """Going back in the history takes back a mistake: it is no step, and needs no arrow."""
        return problem.code == "step_forbidden" and (self.actor.door or "").startswith("revert:")

    def _look_across(self) -> None:
        """Rules and computed fields that need what the rows point to, fetched for all of them together."""
        good = [index for index, outcome in enumerate(self.outcomes) if not outcome.problems]
        wholes = [{**self.existing.get(index, {}), **self.clean[index]} for index in good]
        derived, rules = self.registry.derived, self.registry.across
        reads = [path for f in derived.values() for path in f.reads] + [path for rule in rules for path in rule.reads]
        for index, whole, told in zip(good, wholes, look(self.session, self.registry, wholes, reads), strict=True):
            computed = {name: f.compute({**whole, **told}) for name, f in derived.items() if f.compute is not None}
            self.clean[index] |= computed
            seen = {**whole, **computed, **told}
            self.outcomes[index].problems += [problem for rule in rules for problem in rule(seen)]

    def _conclude(self, index: int, outcome: Outcome) -> None:
        """What the row comes to: an error, a conflict, nothing, or what it changes."""
        record, clean = self.existing.get(index), self.clean.get(index, {})
        if record is None:
            outcome.after = clean
        else:
            outcome.after = {name: value for name, value in clean.items() if record[name] != value}
            outcome.before = {name: record[name] for name in outcome.after}
        expected = self.versions.get(outcome.public_id or "")
        stale = expected is not None and expected != outcome.row_version
        if stale and all(problem.code in _BY_OTHERS for problem in outcome.problems):
            outcome.action, outcome.problems = "conflict", []
        elif outcome.problems:
            outcome.action = "error"
        elif record is not None and not outcome.after:
            outcome.action = "same"

    def _forbidden(self, row: Mapping[str, Any], mode: Literal["create", "update"]) -> list[Problem]:
        if not self._may[mode]:
            return [Problem("forbidden")]
        refused = row.keys() & (self.registry.fields.keys() - self._writable[mode])
        return [Problem("not_allowed", field=name) for name in row if name in refused] if refused else []

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
        beyond = self._beyond([taken[values]["id"] for values in wanted if values in taken])
        for values, outcomes in wanted.items():
            other = taken.get(values)
            for outcome in outcomes[1:] + [o for o in outcomes[:1] if other and other["public_id"] != o.public_id]:
                outcome.action = "error"
                value = str(values[0]) if key[0] in outcome.after else None  # else what is stored, perhaps unseen
                outcome.problems.append(_duplicate(key[0], value, outcomes[0].public_id, other, beyond))

    def _beyond(self, ids: Sequence[int]) -> set[int]:
        """Which of these records the actor may not see."""
        visible = policy.visible(self.registry, self.actor)
        if isinstance(visible, True_):
            return set()
        table = self.registry.table
        return set(ids) - {row["id"] for row in fetch(self.session, table, table.c.id, ids, visible)}


def _duplicate(field: str, value: str | None, first: str | None, other: Row | None, beyond: Collection[int]) -> Problem:
    """That another record has this value; of one the actor may not see nothing but that."""
    if other is None:
        return Problem("duplicate", field=field, value=value, params={"other": first})
    if other["id"] in beyond:
        return Problem("duplicate_beyond", field=field, value=value)
    code = "duplicate_deleted" if other["deleted_at"] else "duplicate"
    return Problem(code, field=field, value=value, params={"other": other["public_id"]})
