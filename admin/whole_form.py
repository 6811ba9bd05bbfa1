"""The form of a record with its related rows, and the steps that open, add and remove them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from admin.inline_rows import InlineRows
from admin.record_form import RecordForm
from admin.short_form import Creating, creating
from app import policy
from app.domain.errors import NotFound
from app.operations import related_rows
from app.operations.records import Outcome
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

    def save(self, values: Mapping[str, Any], *, now: datetime, version: int | None = None) -> Outcome:
        """All in one transaction. The outcome is the record's; "error" also where a row stopped it."""
        whole = related_rows.save(
            self.session,
            self.registry,
            values,
            self.actor,
            [one.answers() for one in self.inlines],
            now=now,
            public_id=self.row["public_id"] if self.row else None,
            expected_version=version,
            as_public_id=self.new_id or None,
        )
        self.say(whole.record.problems)
        if whole.written or whole.record.action == "conflict":
            return whole.record
        for one, outcomes in zip(self.inlines, whole.rows, strict=True):
            one.hear(outcomes)
        return Outcome("error", whole.record.public_id, problems=whole.record.problems)

    def step(self, said: str) -> InlineRows:
        """One step ("open:contact:ID"), by the button that was pressed; returns the inline it was taken in."""
        act, _, rest = said.partition(":")
        key, _, row = rest.partition(":")
        for one in self.inlines:
            if one.key == key:
                one.step(act, row)
                return one
        raise NotFound()

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
