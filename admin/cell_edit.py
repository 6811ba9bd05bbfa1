"""One cell of a list, edited where it stands: its small form, saving it, and what is drawn afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import wtforms
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from admin import cells
from admin.lookups import lookups_for, public_ids
from app import policy, webforms, wording
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.domain.fields import Field
from app.operations import merging
from app.operations.records import Outcome
from app.queries import lists
from app.registry import Registry
from app.webforms import Control

_ELSEWHERE = frozenset({"file"})  # inputs that want more room than a cell has


def editable(registry: Registry, actor: Actor) -> frozenset[str]:
    """Fields this actor may edit in a cell: one value, in the clear, theirs to write."""
    if not policy.may(actor, "update", registry):
        return frozenset()
    masked = policy.masked(registry, actor)
    return frozenset(
        spec.key
        for spec in policy.fields(registry, actor, "update")
        if spec.key not in masked and spec.type.python not in (list, dict) and spec.type.input not in _ELSEWHERE
    )


class CellEdit:
    """The form of one cell; `typed` is what was sent."""

    def __init__(
        self,
        session: Session,
        registry: Registry,
        actor: Actor,
        language: str,
        row: Mapping[str, Any],
        key: str,
        typed: MultiDict[str, Any] | None = None,
    ) -> None:
        if key not in editable(registry, actor) or row["deleted_at"] is not None:
            raise NotFound()
        self.session, self.registry, self.actor, self.language, self.row = session, registry, actor, language, row
        self.spec: Field = next(f for f in policy.offered(registry, actor, row) if f.key == key)
        self.version = row["row_version"]
        named = lists.labels(session, registry, [row], actor) if self.spec.reference else {}
        shown = {key: public_ids(registry, row, named)[key] if self.spec.reference else row[key]}
        chosen = {key: typed.get(f"cell-{key}") if typed is not None else shown[key]} if self.spec.reference else {}
        made = webforms.build(
            [self.spec], language, lookups=lookups_for(session, actor, [self.spec], chosen), prefix="cell-"
        )
        self.form: wtforms.Form = made(typed, data=shown)
        self.base = self.theirs = self.by = self.sentence = ""

    @property
    def control(self) -> Control:
        return next(control for control in self.form if isinstance(control, Control))

    @property
    def name(self) -> str:
        return lists.title(self.registry, self.row)

    def save(self, version: int, now: datetime) -> Outcome:
        """Through the only write path; what colleagues changed elsewhere in the record since `version` stays."""
        merged = merging.save(
            self.session, self.registry, webforms.values(self.form), self.actor, now=now,
            public_id=self.row["public_id"], version=version,
        )  # fmt: skip
        outcome = merged.outcome
        homeless = webforms.errors_onto(self.form, outcome.problems, self.language)
        said = [wording.sentence(problem, self.language, self.spec.label) for problem in homeless]
        self.sentence = self.control.sentence or " ".join(said)
        if outcome.action == "conflict" and merged.base is not None:
            touch = merged.touched.get(self.spec.key)
            self.theirs, self.base = self.cell(self.row).text or "–", self.cell(merged.base.values).text or "–"
            self.by = f"{touch.actor}, {cells.instant(touch.at, self.language)}" if touch else self.row["updated_by"]
        return outcome

    def cell(self, row: Mapping[str, Any]) -> cells.Cell:
        """The value as the list draws it."""
        labels = lists.labels(self.session, self.registry, [row], self.actor)
        return cells.cell(self.spec, row.get(self.spec.key), self.language, labels)
