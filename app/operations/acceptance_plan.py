"""What accepting a report would write, row by row, and what it asks the officer first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from app.domain.grid import Note
from app.models.submission import SubmissionRow

How = Literal["passport", "identity", "listed", "new"]


@dataclass(slots=True)
class RecordChange:
    """One record to write. `before` and `after` hold only the fields that change; `public_id` None = new."""

    registry: str
    public_id: str | None
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(slots=True)
class Question:
    """A passport on record for somebody else than the row names. `changes`: what "the same person" would write."""

    person: str  # public id of the record
    number: str
    known_name: str
    known_birth: date | None
    name: str
    birth: date | None
    same: bool
    changes: list[RecordChange]


@dataclass(slots=True)
class RowPlan:
    """One row of the report: whom it means, how we know, what would change, what is odd."""

    row: SubmissionRow
    name: str
    person_id: int | None
    how: How
    changes: list[RecordChange] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    question: Question | None = None

    @property
    def left_out(self) -> bool:
        return self.question is not None and not self.question.same

    @property
    def action(self) -> Literal["new", "changed", "same", "left", "asked"]:
        if self.left_out:
            return "asked"
        if self.row.change == "keluar":
            return "left"
        if self.how == "new":
            return "new"
        return "changed" if self.changes else "same"


@dataclass(slots=True)
class Preview:
    """The whole plan, rows in the order of the report."""

    rows: list[RowPlan]

    @property
    def left_out(self) -> list[RowPlan]:
        return [plan for plan in self.rows if plan.left_out]

    @property
    def same_person(self) -> list[RowPlan]:
        """Rows an officer said are the person the passport is on record for."""
        return [plan for plan in self.rows if plan.question is not None and plan.question.same]

    def count(self, action: str) -> int:
        return sum(plan.action == action for plan in self.rows)

    def changes(self, registry: str) -> list[tuple[RowPlan, RecordChange]]:
        return [(plan, change) for plan in self.rows for change in plan.changes if change.registry == registry]
