"""The form of a record with its related rows, and the steps that open, add and remove them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from admin.inline_rows import InlineRows
from admin.record_form import RecordForm
from admin.short_form import Creating, creating
from app import policy
from app.domain.errors import NotFound
from app.operations import related_rows
from app.operations.merging import Merged
from app.operations.records import Outcome
from app.operations.related_rows import Whole
from app.webforms import Control


class WholeForm(RecordForm):
    """A record and, where the registry declares inlines, their rows; saved together or not at all."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.inlines = [
            InlineRows(self.session, one, self.row, self.actor, self.language, self.typed, self.pickers)
            for one in self.registry.inlines
            if policy.may(self.actor, "create", one.registry) or policy.may(self.actor, "update", one.registry)
        ]

    def save(self, *, now: datetime, reason: str | None = None) -> Outcome:
        """Create it and its rows in one transaction. The outcome is the record's; "error" also where a row stops it."""
        whole = self._save(now=now, as_public_id=self.new_id or None, reason=reason)
        return whole.record if whole.written else Outcome("error", problems=whole.record.problems)

    def merge(
        self, *, now: datetime, version: int, seen: int | None, choices: Mapping[str, str], reason: str | None
    ) -> Merged:
        """Change it and its rows in one transaction, together with what others saved since `version`."""
        assert self.row is not None
        whole = self._save(
            now=now,
            public_id=self.row["public_id"],
            expected_version=version,
            seen=seen,
            choices=choices,
            reason=reason,
        )
        assert whole.merged is not None
        if not whole.written and whole.record.action != "conflict":
            problems = whole.record.problems
            return replace(whole.merged, outcome=Outcome("error", whole.record.public_id, problems=problems))
        return whole.merged

    def _save(self, **how: Any) -> Whole:
        said = [one.answers() for one in self.inlines]
        whole = related_rows.save(self.session, self.registry, self.values(), self.actor, said, **how)
        self.say(whole.record.problems)
        if not whole.written and whole.record.action != "conflict":
            for one, outcomes in zip(self.inlines, whole.rows, strict=True):
                one.hear(outcomes)
        return whole

    def step(self, said: str) -> InlineRows:
        """One step ("open:contact:ID"), by the button that was pressed; returns the inline it was taken in."""
        act, _, rest = said.partition(":")
        key, _, row = rest.partition(":")
        for one in self.inlines:
            if one.key == key:
                one.step(act, row)
                return one
        raise NotFound()

    @property
    def has_files(self) -> bool:
        return super().has_files or any(one.registry.files for one in self.inlines)

    def say_refused_files(self) -> None:
        super().say_refused_files()
        for one in self.inlines:
            for row in one.rows:
                if row.form:
                    row.form.say_refused_files()

    def picker(self, name: str) -> Control:
        """The control of that name, of the record or of an open row. Raises NotFound."""
        rows = [row.form for one in self.inlines for row in one.rows if row.form]
        for form in (self, *rows):
            for control in form.controls:
                if control.name == name and control.spec.reference:
                    return control
        raise NotFound()

    def again(self, typed: MultiDict[str, Any]) -> WholeForm:
        """The same form with other answers."""
        return WholeForm(self.session, self.registry, self.actor, self.language, row=self.row, typed=typed)

    def creating(self, form: RecordForm, control: Control) -> Creating | None:
        """What stands beside a picker for whoever may create what it does not find."""
        return creating(form, control.name, control.spec)

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        rows = [
            (id_, f"{one.singular}: {label}", sentence)
            for one in self.inlines
            for row in one.rows
            for id_, label, sentence in row.summary
        ]
        return super().summary + rows

    @property
    def contents(self) -> list[tuple[str, str]]:
        return super().contents + [(one.id, one.title) for one in self.inlines]
