"""Deciding, row by row, what a save would do: new, changed, same, error or conflict. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.operations import references
from app.queries.keys import fetch
from app.registry import Registry

Row = dict[str, Any]
_MODES: tuple[Literal["create", "update"], ...] = ("create", "update")
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
        by_id, by_key = self._known()
        self.outcomes = [self._decide(index, row, by_id, by_key) for index, row in enumerate(self.rows)]
        self._refuse_duplicates(self.outcomes)

    @property
    def stopped(self) -> bool:
        """Whether some row cannot be written as it is."""
        return any(outcome.action in ("error", "conflict") for outcome in self.outcomes)

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
            return Outcome(action, problems=problems, after=clean)
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
        for values, outcomes in wanted.items():
            other = taken.get(values)
            for outcome in outcomes[1:] + [o for o in outcomes[:1] if other and other["public_id"] != o.public_id]:
                outcome.action = "error"
                params = {"other": other["public_id"] if other else outcomes[0].public_id}
                code = "duplicate_deleted" if other is not None and other["deleted_at"] else "duplicate"
                outcome.problems.append(Problem(code, field=key[0], value=str(values[0]), params=params))
