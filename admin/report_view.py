"""A report as the inbox shows it: who sent it, how it differs from the last one, what accepting would write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlmodel import Session

from admin import cells
from admin.history_events import Change
from app import policy, wording
from app.config import settings
from app.domain.actors import Actor
from app.domain.deadlines import bounds_of
from app.domain.fields import Field
from app.domain.states import CHANGES, RETURN_REASONS, SUBMISSION_STATES
from app.models.draft import Upload
from app.models.submission import Submission, SubmissionRow
from app.operations import submissions
from app.operations.acceptance_plan import Preview, Question, RecordChange, RowPlan
from app.queries import lists, work_days
from app.queries import submissions as inbox
from app.queries.submissions import Difference, InboxRow
from app.registry import forms, get

SHOWN = (
    "full_name", "birth_date", "nationality", "passport_number", "passport_expires_on", "permit_expires_on",
    "job_title", "worksite", "change",
)  # fmt: skip
ALL_ROWS = 1000
NAMED = 20  # of the people of the last report who are not in this one
_MASKED_TYPES = frozenset({"passport_number", "document_number", "nik", "npwp", "mrz"})
_MASKED_KEYS = frozenset({"permit_number"})  # free text in the form, a masked number in its registry


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the report: number, name, cells to show, and what changed."""

    row_no: int
    name: str
    cells: list[cells.Cell]
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """What one row would write into the registries."""

    row_no: int
    name: str
    action: str
    how: str
    records: list[tuple[str, bool, list[Change]]]  # (registry, new?, fields)
    notes: list[str]
    question: str = ""
    person: str = ""  # public id of the person the question is about


class ReportView:
    """One report, read for one member of staff."""

    def __init__(self, session: Session, found: InboxRow, actor: Actor, language: str) -> None:
        self.session, self.found, self.actor, self.language = session, found, actor, language
        self.submission, self.duty, self.company = found.submission, found.duty, found.company
        self.fields: dict[str, Field] = forms()[found.duty.form].fields
        self.plain = policy.may(actor, "reveal", get("passport"))
        self.title = forms()[found.duty.form].title.text(language)
        self.state = SUBMISSION_STATES[found.submission.state].text(language)
        self.period = period_words(found.duty.period, language)
        self.sent_at = moment(found.submission.sent_at, language)
        self.decided_at = moment(found.submission.decided_at, language) if found.submission.decided_at else ""
        self.review_by = _review_by(session, found.submission)
        self.reasons = [RETURN_REASONS[code].text(language) for code in found.submission.decision_reasons]

    @cached_property
    def rows(self) -> list[Person]:
        return [self.person(row, SHOWN) for row in self._stored_rows]

    @cached_property
    def _stored_rows(self) -> Sequence[SubmissionRow]:
        return inbox.rows(self.session, self.submission)[:ALL_ROWS]

    @cached_property
    def difference(self) -> Difference:
        return inbox.difference(self.session, self.submission)

    @property
    def groups(self) -> list[tuple[str, str, list[Person]]]:
        """(kind, heading, people) of what differs from the report before."""
        different = self.difference
        changed = [self._changed(row, what) for row, what in different.changed]
        made = [
            ("plus", _("New in this report"), self._people(different.new)),
            ("minus", _("Reported as having left"), self._people(different.left, ("nationality", "left_on"))),
            ("warn", _("In the last report, not named in this one"), self._people(different.missing)),
            ("tilde", _("Changed"), changed),
        ]
        return [group for group in made if group[2]]

    @property
    def missing(self) -> tuple[str, list[str], str]:
        """How many of the last report are not in this one, the names of the first, how many there are beside them."""
        gone = self.difference.missing
        names = [str(row.cells.get("full_name") or "–") for row in gone[:NAMED]]
        more = len(gone) - len(names)
        return wording.number(len(gone), self.language), names, wording.number(more, self.language) if more else ""

    def person(self, row: SubmissionRow, keys: Iterable[str], changes: list[Change] | None = None) -> Person:
        shown = [self._cell(key, row.cells.get(key)) for key in keys if key in self.fields]
        return Person(row.row_no, str(row.cells.get("full_name", "")), shown, changes or [])

    def _people(
        self, rows: Iterable[SubmissionRow], keys: Sequence[str] = ("nationality", "passport_number", "job_title")
    ) -> list[Person]:
        return [self.person(row, keys) for row in rows]

    def _changed(self, row: SubmissionRow, what: Mapping[str, tuple[Any, Any]]) -> Person:
        changes = [
            Change(self._label(key), self._cell(key, before).text, self._cell(key, now).text)
            for key, (before, now) in what.items()
            if key in self.fields
        ]
        return self.person(row, (), changes)

    def _label(self, key: str) -> str:
        return self.fields[key].label.text(self.language)

    def _cell(self, key: str, value: Any) -> cells.Cell:
        spec = self.fields[key]
        if isinstance(value, str):
            value = cells.from_json(spec, value)
        if key == "change":
            label = CHANGES.get(str(value))
            return cells.Cell(key, self._label(key), label.text(self.language) if label else "")
        return cells.cell(spec, value, self.language, {}, masked=_is_secret(spec) and not self.plain)

    @cached_property
    def attachments(self) -> Sequence[Upload]:
        return inbox.attachments(self.session, self.submission)

    # ---- returning

    @cached_property
    def returnable(self) -> list[tuple[int, str, list[cells.Cell]]]:
        """(row, name, all its cells) for choosing what has to be corrected."""
        made = []
        for row in self._stored_rows:
            shown = [self._cell(key, row.cells.get(key)) for key in self.fields]
            made.append((row.row_no, str(row.cells.get("full_name", "")), shown))
        return made

    # ---- accepting

    def written(self, preview: Preview) -> list[Written]:
        return [self._written(plan) for plan in preview.rows]

    def _written(self, plan: RowPlan) -> Written:
        return Written(
            row_no=plan.row.row_no,
            name=plan.name,
            action=plan.action,
            how=_how(plan.how),
            records=[self._record(change) for change in (plan.question or plan).changes],
            notes=[wording.sentence(note, self.language) for note in plan.notes],
            question=self._question(plan.question) if plan.question else "",
            person=plan.question.person if plan.question else "",
        )

    def _question(self, asked: Question) -> str:
        people = get("foreign_national")
        hidden = frozenset() if self.plain else policy.masked(people, self.actor)
        known = {"name_display": asked.known_name, "birth_date": asked.known_birth}
        texts = {
            key: cells.cell(people.fields[key], value, self.language, {}, masked=key in hidden).text or "–"
            for key, value in known.items()
        }
        return _(
            "Passport number %(number)s is on record for %(known)s, born %(known_birth)s. "
            "This report names %(name)s, born %(birth)s. Is it the same person?",
            number=self._cell("passport_number", asked.number).text,
            known=texts["name_display"],
            known_birth=texts["birth_date"],
            name=asked.name,
            birth=self._cell("birth_date", asked.birth).text or "–",
        )

    def _record(self, change: RecordChange) -> tuple[str, bool, list[Change]]:
        registry = get(change.registry)
        labels = lists.labels(self.session, registry, [change.before, change.after], self.actor)
        hidden = frozenset() if self.plain else policy.masked(registry, self.actor)
        changes = []
        for key, value in change.after.items():
            spec = registry.fields.get(key)
            if spec is None or (spec.reference and value is None):
                continue
            texts = [
                cells.cell(spec, one, self.language, labels, masked=key in hidden).text
                for one in (change.before.get(key), value)
            ]
            if texts[1] or texts[0]:
                changes.append(Change(spec.label.text(self.language), *texts))
        return registry.singular.text(self.language), change.public_id is None, changes


def _is_secret(spec: Field) -> bool:
    """The form asks openly for what the registries mask; a report shows it to those who may look there."""
    return spec.masked or spec.type.key in _MASKED_TYPES or spec.key in _MASKED_KEYS


def _how(how: str) -> str:
    return {
        "passport": _("known by passport"),
        "identity": _("known by name, birth date and nationality"),
        "listed": _("known from the last report"),
        "new": _("not known yet"),
    }[how]


def moment(at: datetime, language: str) -> str:
    return wording.moment(at, settings().office_time_zone, language)


def period_words(period: str, language: str) -> str:
    """ "2026-11" as "November 2026"; a quarter as "triwulan IV 2026"."""
    first, _last = bounds_of(period)
    if "Q" in period:
        roman = ("I", "II", "III", "IV")[(first.month - 1) // 3]
        return f"quarter {roman} {first.year}" if language == "en" else f"triwulan {roman} {first.year}"
    return wording.long_date(date(first.year, first.month, 1), language).split(" ", 1)[1]


def _review_by(session: Session, submission: Submission) -> date:
    sent = settings().today(submission.sent_at)
    return submissions.review_by(submission, work_days.around(session, [sent]))
