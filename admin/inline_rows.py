"""Related records on the form of a record: which rows are open, what was typed into them, what became of them.

A row is a line of text until it is opened; only open rows are sent, so an untouched row is never written. Opening,
adding, removing are steps of the form (`_step=open:contact:ID`): a round trip that writes nothing and keeps all that
was typed. Names in the form, for the row ID of the inline `contact`:

    contact-row=ID            the row is open; its place in the list
    contact-ID-_version=3     the version the person saw; a row without one is new
    contact-ID-_removed=1     it goes to the trash with the next save
    contact-ID-email          its fields
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import url_for
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from admin import cells, conflict_page
from admin.cells import Cell
from admin.conflict_page import Meeting
from admin.lookups import Pickers
from admin.record_form import RecordForm
from app import policy, webforms, wording
from app.domain.actors import Actor
from app.domain.errors import NotFound, Problem
from app.models.record import is_public_id, new_public_id
from app.operations import merging
from app.operations.related_rows import RelatedRows
from app.operations.save_plan import Outcome
from app.queries import lists
from app.registry import Inline
from app.webforms import Control

ROWS = 20  # shown on the form; the list of the other registry has them all
OPEN = 100  # at most so many at once


@dataclass(slots=True)
class Row:
    """One row. `form` is None while it is closed; `stored` is None for a new row and for one a colleague removed."""

    key: str
    prefix: str
    stored: Mapping[str, Any] | None
    title: str
    cells: list[Cell] = field(default_factory=list)
    version: int | None = None
    removed: bool = False
    form: RecordForm | None = None
    note: list[Meeting] = field(default_factory=list)  # what a colleague changed in it meanwhile
    who: str = ""
    sentences: list[str] = field(default_factory=list)

    @property
    def new(self) -> bool:
        return self.version is None

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        return webforms.summary(self.form.form) if self.form else []

    @property
    def groups(self) -> list[tuple[str, list[Control]]]:
        return self.form.groups if self.form else []


class InlineRows:
    """The rows of one inline on the form of a record (`parent` None: the record is new)."""

    def __init__(
        self,
        session: Session,
        inline: Inline,
        parent: Mapping[str, Any] | None,
        actor: Actor,
        language: str,
        typed: MultiDict[str, Any] | None,
        pickers: Pickers,
    ) -> None:
        self.session, self.inline, self.parent, self.actor, self.language = session, inline, parent, actor, language
        self.registry, self.key, self.pickers = inline.registry, inline.registry.key, pickers
        self.typed: MultiDict[str, Any] = typed if typed is not None else MultiDict()
        self.title = self.registry.title.text(language)
        self.singular = self.registry.singular.text(language)
        self.icon = self.registry.icon
        self.may_add = policy.may(actor, "create", self.registry)
        self.may_edit = policy.may(actor, "update", self.registry)
        self.may_remove = policy.may(actor, "delete", self.registry)
        self.more = 0
        self.sent = self._typed_keys()
        if self.sent:
            self.rows = self._rows()  # at once: their forms note what they show before any picker is made

    @property
    def id(self) -> str:
        return f"rows-{self.key}"

    @cached_property
    def count(self) -> str:
        return wording.number(len([row for row in self.rows if not row.new]) + self.more, self.language)

    @property
    def list_url(self) -> str:
        narrowed: dict[str, Any] = {f"f_{self.inline.field}": self.parent["public_id"] if self.parent else ""}
        return url_for(f"staff_{self.key}.index_view", **narrowed)

    # ---- rows, as stored and as typed

    @cached_property
    def rows(self) -> list[Row]:
        """Read when they are to be drawn, or when some of them were open."""
        return self._rows()

    def _rows(self) -> list[Row]:
        stored, labels = self._stored(self.sent)
        known = {row["public_id"]: self._closed(row, labels) for row in stored}
        for key in self.sent:
            row = known.setdefault(key, self._unknown(key))
            row.removed = f"{row.prefix}_removed" in self.typed
            row.version = self.typed.get(f"{row.prefix}_version", type=int)
            if not row.removed:
                self._open(row, self.typed, labels)
        return list(known.values())

    def _typed_keys(self) -> list[str]:
        keys = dict.fromkeys(self.typed.getlist(f"{self.key}-row"))
        return [key for key in keys if is_public_id(key)][:OPEN]

    def _stored(self, keys: list[str]) -> tuple[list[dict[str, Any]], lists.Named]:
        """The first rows, and those that are open although they stand further down."""
        if self.parent is None:
            return [], {}
        table = self.registry.table
        mine = table.c[self.inline.field] == self.parent["id"]
        found = lists.page(self.session, self.registry, self.actor, extra=mine, limit=ROWS)
        rows, labels = found.rows, found.labels
        self.more = found.total - len(rows)
        shown = {row["public_id"] for row in rows}
        beyond = [key for key in keys if key not in shown]
        if beyond:
            also = mine & table.c.public_id.in_(beyond)
            others = lists.page(self.session, self.registry, self.actor, extra=also, limit=OPEN, count=False)
            rows, self.more = [*rows, *others.rows], self.more - len(others.rows)
            labels = {name: {**labels[name], **others.labels[name]} for name in labels}
        return rows, labels

    def _closed(self, row: dict[str, Any], labels: lists.Named) -> Row:
        hidden = policy.masked(self.registry, self.actor)
        shown = [
            spec
            for spec in policy.fields(self.registry, self.actor)
            if spec.listed and spec.key not in (self.inline.field, self.registry.label_field)
        ]
        facts = [
            cells.cell(spec, row.get(spec.key), self.language, labels, masked=spec.key in hidden) for spec in shown
        ]
        name = lists.title(self.registry, row) if row.get(self.registry.label_field) else ""
        return Row(row["public_id"], self._prefix(row["public_id"]), row, name, facts, row["row_version"])

    def _unknown(self, key: str) -> Row:
        return Row(key, self._prefix(key), None, "")

    def _prefix(self, key: str) -> str:
        return f"{self.key}-{key}-"

    def _open(self, row: Row, typed: MultiDict[str, Any] | None, labels: lists.Named) -> None:
        row.form = RecordForm(
            self.session, self.registry, self.actor, self.language,
            row=row.stored, typed=typed, prefix=row.prefix, without=self.inline.field,
            pickers=self.pickers, named=labels, around=self._around,
        )  # fmt: skip

    @property
    def _around(self) -> dict[str, str]:
        target = self.registry.references[self.inline.field]
        return {target: self.parent["public_id"]} if self.parent else {}

    # ---- steps

    def step(self, act: str, key: str) -> None:
        """Open, close, add, remove or keep a row. Raises NotFound for what is not there or not allowed."""
        if act == "add" and self.may_add:
            made = self._unknown(new_public_id())
            self._open(made, None, {})
            self.rows.append(made)
            return
        row = next((one for one in self.rows if one.key == key), None)
        if row is None:
            raise NotFound()
        if act == "open" and self.may_edit:
            labels = lists.labels(self.session, self.registry, [row.stored] if row.stored else [], self.actor)
            self._open(row, None, labels)
        elif act == "close":
            row.form = None
            if row.stored is None:
                self.rows.remove(row)
        elif act == "remove" and self.may_remove and row.stored is not None:
            row.removed, row.form = True, None
        elif act == "keep":
            row.removed = False
        else:
            raise NotFound()

    # ---- saving

    def answers(self) -> RelatedRows:
        """What the rows say, for `related_rows.save`. A new row nobody typed into says nothing."""
        said = RelatedRows(self.inline)
        for row in self.rows if self.sent else ():
            if row.version is not None and (row.removed or row.form):
                said.versions[row.key] = row.version
            if row.removed:
                said.removed.append(row.key)
            elif row.form and not row.new:
                said.changed[row.key] = row.form.values()
            elif row.form and not _blank(row.form):
                said.new[row.key] = row.form.values()
        return said

    def hear(self, outcomes: Mapping[str, Outcome]) -> None:
        """Put at each row what stopped it."""
        for row in self.rows:
            outcome = outcomes.get(row.key)
            if outcome is None:
                continue
            if outcome.action == "conflict":
                self._meet(row)
            elif row.form:
                self._say(row, row.form, outcome.problems)

    def _say(self, row: Row, form: RecordForm, problems: list[Problem]) -> None:
        form.say(problems)
        row.sentences = form.others

    def _meet(self, row: Row) -> None:
        """A colleague saved this row meanwhile: take over what only they changed, show what both did, ask again."""
        stored = row.stored
        if stored is None:
            raise NotFound()
        row.who = stored["updated_by"] or ""
        if row.form:
            met = merging.compare(
                self.session, self.registry, row.form.values(), self.actor, public_id=row.key, version=row.version or 0
            )
            for name in met.merge.theirs:
                if name in row.form.form:
                    row.form.form[name].process_data(row.form.shown.get(name))
            row.note = conflict_page.meetings(
                self.session, self.registry, self.actor, self.language, met, met.merge.conflicts
            )
        row.removed, row.version = False, stored["row_version"]


def _blank(form: RecordForm) -> bool:
    """Whether nobody answered anything yet: what stands there is what a new row begins with."""
    pristine = {spec.key: spec.type.entry(spec.default) for spec in form.fields if not callable(spec.default)}
    return all(value in (None, "", [], False) or value == pristine.get(key) for key, value in form.values().items())
