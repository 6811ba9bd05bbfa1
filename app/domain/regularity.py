"""How a company has reported, as counted facts with their reasons. Never a score, and never more than was counted.

A duty counts once its day has passed or a report of it came. Excused and waived duties do not count, nor does one that
is paused while the company's question waits for an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.domain.fields import Label
from app.domain.states import DUTY_OPEN

Verdict = Literal["regular", "late", "never", "none"]
VERDICTS: dict[Verdict, Label] = {
    "regular": Label("Rutin melapor", "Reports regularly"),
    "late": Label("Pernah terlambat", "Has been late"),
    "never": Label("Belum pernah melapor", "Has never reported"),
    "none": Label("Belum ada laporan yang jatuh tempo", "No report has been due yet"),
}
_NOT_COUNTED = frozenset({"excused", "waived"})


@dataclass(frozen=True, slots=True)
class DutyFact:
    """One duty: `sent_on` is the office's day on which the first report of it came, None while none came."""

    public_id: str
    form: str
    period: str
    due_on: date
    state: str
    sent_on: date | None = None
    paused: bool = False

    @property
    def days_late(self) -> int:
        """Days between the due date and the report; 0 where it came in time or not at all."""
        return max(0, (self.sent_on - self.due_on).days) if self.sent_on else 0


@dataclass(slots=True)
class Regularity:
    """What was counted since `since`, each duty in one of three lists, newest first."""

    since: date
    on_time: list[DutyFact] = field(default_factory=list)
    late: list[DutyFact] = field(default_factory=list)
    missing: list[DutyFact] = field(default_factory=list)

    @property
    def counted(self) -> int:
        return len(self.on_time) + len(self.late) + len(self.missing)

    @property
    def verdict(self) -> Verdict:
        if not self.counted:
            return "none"
        if not self.on_time and not self.late:
            return "never"
        return "late" if self.late or self.missing else "regular"


def regularity(facts: Iterable[DutyFact], *, since: date, today: date) -> Regularity:
    """Count the duties that were due from `since` on."""
    made = Regularity(since)
    for fact in sorted(facts, key=lambda one: (one.due_on, one.period), reverse=True):
        if fact.due_on < since or fact.state in _NOT_COUNTED:
            continue
        if fact.sent_on is not None:
            (made.late if fact.days_late else made.on_time).append(fact)
        elif fact.due_on < today and fact.state in DUTY_OPEN and not fact.paused:
            made.missing.append(fact)
    return made
