"""One import as its pages draw it: columns, values that fit nothing, and row by row what it would do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

import wtforms
from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from admin import cells, import_columns, import_rows
from admin.import_columns import Asked, Matching
from admin.import_rows import Line, RowsPage
from admin.lookups import lookups_for
from admin.views.bulk import TYPED_ABOVE
from app import policy, webforms, wording
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.domain.grid import Note
from app.models.import_batch import ImportBatch
from app.operations.sources import LINKS
from app.registry import Registry
from app.sheets.checking import import_fields
from app.webforms import Control
from app.wording import sentence

SHOWN = 50  # remarks about the file
ACTIONS = ("error", "new", "changed", "same", "repeat", "missing", "on_record", "same_row")


class ImportPage:
    """An import with what a person may do with it now; `count_problem` is said at the box of the number."""

    def __init__(
        self,
        session: Session,
        registry: Registry,
        batch: ImportBatch,
        actor: Actor,
        language: str,
        asked: Mapping[str, str],
    ) -> None:
        self.session, self.registry, self.batch, self.actor, self.language = session, registry, batch, actor, language
        self.report = batch.report
        self.fields = {spec.key: spec for spec in import_fields(registry)}
        self.asked = asked
        self.count_problem = ""

    # ---- where it stands

    @property
    def name(self) -> str:
        return self.batch.file_name

    @property
    def at(self) -> str:
        return cells.instant(self.batch.created_at, self.language)

    @property
    def checked(self) -> bool:
        return self.batch.status == "checked"

    @property
    def done(self) -> bool:
        return self.batch.status in ("merged", "partly_merged")

    @property
    def undone(self) -> bool:
        return self.batch.status == "undone"

    def number(self, count: int) -> str:
        return wording.number(count, self.language)

    def url(self, view: str = "batch", **values: Any) -> str:
        return url_for(f"staff_import.{view}", key=self.registry.key, batch_id=self.batch.public_id, **values)

    @property
    def can_undo(self) -> bool:
        return self.done and policy.may(self.actor, "delete", self.registry)

    @property
    def worth_writing(self) -> bool:
        return self.checked and bool(self.batch.rows_new or self.batch.rows_changed or self.batch.rows_missing)

    @property
    def can_apply(self) -> bool:
        return self.worth_writing and not any(one.needed for one in self.questions)

    # ---- what it would do

    @property
    def tabs(self) -> list[tuple[str, str, str, str]]:
        """(key, title, count, address)."""
        counts = {
            "error": self.batch.rows_bad,
            "new": self.batch.rows_new,
            "changed": self.batch.rows_changed,
            "same": self.batch.rows_same,
            "missing": self.batch.rows_missing,
            "on_record": self.on_record,
            "same_row": self.same_row,
        }
        titles = {
            "error": _("to be corrected"),
            "new": _("new"),
            "changed": _("changed"),
            "same": _("unchanged"),
            "missing": _("no longer in the file"),
        }
        if self.on_record:
            titles["on_record"] = _("new, perhaps on record")
        if self.same_row:
            titles["same_row"] = _("new, twice in the file")
        return [
            (key, title, wording.number(counts[key], self.language), self.url(show=key))
            for key, title in titles.items()
        ]

    @property
    def on_record(self) -> int:
        """New rows that bear the name, or nearly, of a record there is."""
        return int(self.report.get("on_record", 0))

    @property
    def same_row(self) -> int:
        """New rows that say the same as an earlier row of the file."""
        return int(self.report.get("same_row", 0))

    @property
    def show(self) -> str:
        wanted = self.asked.get("show", "")
        if wanted in ACTIONS:
            return wanted
        batch = self.batch
        filled = (("error", batch.rows_bad), ("changed", batch.rows_changed), ("new", batch.rows_new))
        return next((key for key, count in filled if count), "same")

    @cached_property
    def rows(self) -> RowsPage:
        return import_rows.page(
            self.session, self.registry, self.batch, self.actor, self.language, self.show, self.asked.get("after", "")
        )

    @property
    def lines(self) -> list[Line]:
        return self.rows.lines

    @property
    def next_url(self) -> str | None:
        return self.url(show=self.show, after=self.rows.next) if self.rows.next else None

    @property
    def file_problems(self) -> list[str]:
        problems = (Problem(**one) for one in self.report.get("file_problems", []))
        return [import_rows.said(self.registry, one, self.language) for one in problems]

    @property
    def notes(self) -> list[str]:
        notes = [Note(one["code"], one["params"]) for one in self.report.get("notes", [])]
        fields = self.registry.fields
        return [
            sentence(n, self.language, fields[k].label if (k := str(n.params.get("field") or "")) in fields else None)
            for n in notes[:SHOWN]
        ]

    @property
    def short(self) -> str:
        """The warning about a file that may have been cut off."""
        found = self.report.get("short")
        if not found:
            return ""
        return _(
            "This file has %(rows)s rows; the last import of this source had %(before)s (%(on)s). It may have been "
            "cut off. What it does not name is not marked in any way unless you say so below.",
            rows=wording.number(self.batch.rows_total, self.language),
            before=wording.number(found["rows"], self.language),
            on=wording.long_date(date.fromisoformat(found["on"]), self.language),
        )

    # ---- before it is written

    @property
    def can_mark_missing(self) -> bool:
        return bool(self.batch.rows_missing) and self.registry.key in LINKS

    @property
    def must_type(self) -> bool:
        return bool(self.report.get("short"))

    @property
    def missing_text(self) -> str:
        return wording.number(self.batch.rows_missing, self.language)

    def not_confirmed(self, form: Mapping[str, str]) -> str:
        """What is missing before a file so much shorter may mark what it does not name."""
        asked = "missing" in form and self.must_type
        return self._mistyped(form, self.batch.rows_missing) if asked else ""

    def _mistyped(self, form: Mapping[str, str], wanted: int) -> str:
        typed = form.get("count", "").strip().replace(".", "").replace(",", "")
        if typed == str(wanted):
            return ""
        return _("Please type the number %(count)s to confirm.", count=self.number(wanted))

    # ---- before it is taken back

    @property
    def written(self) -> int:
        """Records that taking it back removes or puts back."""
        return self.batch.rows_new + self.batch.rows_changed

    @property
    def must_type_undo(self) -> bool:
        return self.written > TYPED_ABOVE

    def undo_not_confirmed(self, form: Mapping[str, str]) -> str:
        """What is missing before so many records are taken back at once."""
        asked = self.can_undo and self.must_type_undo
        return self._mistyped(form, self.written) if asked else ""

    # ---- columns

    @property
    def columns(self) -> list[dict[str, Any]]:
        return [
            {**column, "name": f"column-{number}", "how": import_columns.how_read(column["how"])}
            for number, column in enumerate(self.report.get("columns", []))
        ]

    @property
    def unused(self) -> str:
        return import_columns.unused(self.report)

    @property
    def offered(self) -> list[tuple[str, str]]:
        """What a column can be, and pairs that one cell may hold."""
        made = [(spec.key, spec.label.text(self.language)) for spec in self.fields.values()]
        known = {key for key, _label in made}
        pairs = {column["field"] for column in self.report.get("columns", []) if column["field"]} - known
        return made + [(pair, " + ".join(self._label(key) for key in pair.split("+"))) for pair in sorted(pairs)]

    @cached_property
    def questions(self) -> list[Asked]:
        return import_columns.drawn(self.batch, self.language)

    @property
    def open_questions(self) -> list[Asked]:
        return [one for one in self.questions if not one.told]

    @property
    def told(self) -> list[str]:
        """What was answered."""
        return [one.told for one in self.questions if one.told]

    @property
    def matching(self) -> Matching:
        return import_columns.matching(self.registry, self.language)

    @property
    def match(self) -> str:
        return ", ".join(self.batch.match)

    def answered(self, form: Mapping[str, str]) -> tuple[dict[str, str | None], list[str], dict[str, Any]]:
        """(mapping, match, answers) as posted; a field that is not offered is left alone."""
        allowed = {key for key, _label in self.offered}
        mapping: dict[str, str | None] = {}
        for column in self.columns:
            wanted = form.get(column["name"], "")
            mapping[column["heading"]] = wanted if wanted in allowed else None
        match = [name.strip() for name in form.get("match", "").split(",") if name.strip()]
        return mapping, match, import_columns.answers(self.batch, form)

    # ---- values

    @property
    def unknown(self) -> list[dict[str, Any]]:
        """Values that fit nothing, each with the control that says what is meant."""
        made: list[dict[str, Any]] = []
        for number, one in enumerate(self.report.get("unknown", [])):
            spec = self.fields.get(one["field"])
            if spec is not None:
                made.append({**one, "label": spec.label.text(self.language), "control": self._control(number, one)})
        return made

    def _control(self, number: int, one: Mapping[str, Any], form: MultiDict[str, str] | None = None) -> Control:
        spec = self.fields[one["field"]]
        chosen = form.get(f"value-{number}-{spec.key}") if form is not None else None
        lookups = lookups_for(self.session, self.actor, [spec], {spec.key: chosen})
        made = webforms.build([spec], self.language, lookups=lookups, prefix=f"value-{number}-")
        shown = {spec.key: self._suggested(spec.key, one["suggestion"])}
        built: wtforms.Form = made(form, data=shown)
        control = next(control for control in built if isinstance(control, Control))
        control.label.text = _("“%(value)s” means", value=one["value"])
        return control

    def _suggested(self, key: str, suggestion: str | None) -> str | None:
        """The stored value behind a suggested word."""
        words = {label: value for value, label in self.fields[key].type.choices(self.language) or []}
        return words.get(suggestion or "")

    def replaced(self, form: MultiDict[str, str]) -> dict[str, Any]:
        """The answers with what was chosen for each unknown value; what was left open stays open."""
        answers = dict(self.batch.answers)
        replace = {key: dict(values) for key, values in answers.get("replace", {}).items()}
        for number, one in enumerate(self.report.get("unknown", [])):
            if one["field"] in self.fields:
                chosen = self._control(number, one, form).raw
                if chosen:
                    replace.setdefault(one["field"], {})[one["value"]] = str(chosen)
        return {**answers, "replace": replace}

    def _label(self, key: str) -> str:
        spec = self.registry.fields.get(key)
        return spec.label.text(self.language) if spec else key
