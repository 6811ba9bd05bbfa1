"""Create and edit: the form of a record, and saving it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

import wtforms
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from admin import record_files
from admin.lookups import Pickers, public_ids
from app import policy, webforms, wording
from app.domain.actors import Actor
from app.domain.errors import Problem, Refused
from app.domain.fields import Field, sections
from app.models.record import new_public_id
from app.operations import records
from app.operations.records import Outcome
from app.queries import lists, twins
from app.registry import Registry
from app.webforms import Control

log = logging.getLogger("sinergi.forms")


class RecordForm:
    """The form of one record (new without `row`), built for this actor and language.

    A masked field is an empty box: left empty it stays as it is. So does a reference to a record the actor may not
    see. `prefix` goes before every name ("contact-…-"), `without` names a field that the page itself answers,
    `pickers` are those of a page with several forms, `around` what it is about (registry → public id). Controls are
    made when they are first asked for, once every form of the page has noted what it shows.
    """

    def __init__(
        self,
        session: Session,
        registry: Registry,
        actor: Actor,
        language: str,
        *,
        row: Mapping[str, Any] | None = None,
        typed: MultiDict[str, Any] | None = None,
        prefill: Mapping[str, str] | None = None,
        prefix: str = "",
        without: str = "",
        pickers: Pickers | None = None,
        named: lists.Named | None = None,
        around: Mapping[str, str] | None = None,
    ) -> None:
        self.session, self.registry, self.actor, self.language, self.row = session, registry, actor, language, row
        self.prefix, self.typed = prefix, typed
        self.around = {**(around or {}), **({registry.key: row["public_id"]} if row else {})}
        self.fields = self._offered(without)
        self.masked = policy.masked(registry, actor) if row else frozenset()
        self.pickers = pickers or Pickers(session, actor)
        self.named = self._names() if named is None else named
        self.shown = self._shown(prefill or {})
        self.pickers.note(self.fields, self._chosen())
        self.others: list[str] = []
        self.new_id = new_public_id() if typed is None else str(typed.get(f"{prefix}new_id", ""))
        self.only = frozenset(typed.getlist("_only")) if typed is not None else frozenset()

    def _offered(self, without: str) -> list[Field]:
        return [f for f in policy.offered(self.registry, self.actor, self.row) if f.key != without]

    @cached_property
    def form(self) -> wtforms.Form:
        made = webforms.build(self.fields, self.language, lookups=self._lookups(), prefix=self.prefix)
        return made(self.typed, data=self.shown) if self.typed is not None else made(data=self.shown)

    def _lookups(self) -> webforms.Lookups:
        pickers, typed = self.pickers.lookups(self._chosen()), self.typed

        def lookup(spec: Field) -> webforms.Lookup | None:
            if spec.key not in self.registry.files:
                return pickers(spec)
            chosen = typed.getlist(self.prefix + spec.key) if typed is not None else []
            row = None if spec.key in self.masked else self.row
            return record_files.lookup(self.session, self.registry, self.actor, spec, row, chosen)

        return lookup

    @property
    def has_files(self) -> bool:
        """Whether it is sent in parts, as files need."""
        return any(spec.key in self.registry.files for spec in self.fields)

    def _names(self) -> lists.Named:
        return lists.labels(self.session, self.registry, [self.row] if self.row else [], self.actor)

    def _shown(self, prefill: Mapping[str, str]) -> dict[str, Any]:
        if self.row is None:
            asked = prefill.keys() - self.registry.files.keys()  # an address brings no files
            return {spec.key: prefill[spec.key] for spec in self.fields if spec.key in asked}
        values = {**self.row, **public_ids(self.registry, self.row, self.named)}
        return {spec.key: None if spec.key in self.masked else values.get(spec.key) for spec in self.fields}

    def _chosen(self) -> dict[str, Any]:
        """What stands in the pickers: as typed, else as stored."""
        return {**self.shown, **_typed_references(self.fields, self.typed, self.prefix)}

    def note_strays(self) -> None:
        """Answers to what the form does not ask are nobody's: not taken, and noted by name for whoever watches."""
        known = {control.short_name for control in self.controls} | {"csrf_token", "row_version", "new_id"}
        given = {name for name in self.typed or () if "-" not in name and not name.startswith("_")}
        strange = sorted(re.sub(r"\W", "?", name, flags=re.ASCII)[:40] for name in given - known)[:10]
        if strange:
            log.warning(
                "a form of %s came with fields it does not have: %s (user %s)",
                self.registry.key, ", ".join(strange), self.actor.user_id,
            )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """The raw answers; masked fields only where something was typed, of a form of few fields only those."""
        typed = webforms.values(self.form)
        asked = self.only or typed.keys()
        kept = {
            key: value
            for key, value in typed.items()
            if key in asked and (key not in self.masked or value not in (None, "", []))
        }
        for key in kept.keys() & self.registry.files.keys() & self.masked:
            if self.registry.files[key].most > 1:
                kept[key] = [*self._files_unseen(key), *kept[key]]
        for key, ids in self._unseen.items():
            if isinstance(kept.get(key), list):
                kept[key] = [*kept[key], *ids]
            elif not kept.get(key):
                kept.pop(key, None)
        return kept

    def _files_unseen(self, key: str) -> list[str]:
        """Ids of the files that stand in a masked field: new ones are added to them."""
        assert self.row is not None
        stored = self.session.get_one(self.registry.model, self.row["id"])
        return [one["id"] for one in getattr(stored, key) or ()]

    @cached_property
    def _unseen(self) -> dict[str, list[int]]:
        """Ids of records the stored row names and the actor may not see, by field."""
        if self.row is None:
            return {}
        found = {}
        for spec in self.fields:
            value = self.row.get(spec.key) if spec.reference else None
            ids = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)]
            found[spec.key] = [one for one in ids if one not in self.named[spec.key]] if ids else []
        return {key: ids for key, ids in found.items() if ids}

    def save(self, *, now: datetime, reason: str | None = None) -> Outcome:
        """Create it, through the only write path; problems are put at their fields."""
        outcome = records.save(
            self.session, self.registry, self.values(), self.actor, now=now, as_public_id=self.new_id or None,
            reason=reason,
        )  # fmt: skip
        self.say(outcome.problems)
        return outcome

    def say(self, problems: Iterable[Problem]) -> None:
        """Put problems at their fields; those of no field of this form become `others`."""
        homeless = webforms.errors_onto(self.form, problems, self.language)
        self.others = [self._sentence(problem) for problem in homeless]

    def say_refused_files(self) -> None:
        """Say at once which files were not taken, where nothing is saved that would say it."""
        for control in self.controls:
            for one in control.data if control.kind == "files" else ():
                if isinstance(one, Refused):
                    self.say([Problem(one.code, field=control.spec.key, params=one.params)])

    def _sentence(self, problem: Problem) -> str:
        spec = self.registry.fields.get(problem.field or "")
        return wording.sentence(problem, self.language, spec.label if spec else None)

    @property
    def controls(self) -> list[Control]:
        return [control for control in self.form if isinstance(control, Control)]

    @property
    def compared(self) -> str:
        """Fields by which its script looks for records that may be the same; empty where this reader has none."""
        return twins.names(self.registry, self.actor)

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        return webforms.summary(self.form)

    @property
    def groups(self) -> list[tuple[str, list[Control]]]:
        """Controls under their headings, as declared."""
        controls = {control.spec.key: control for control in self.controls}
        return [
            (heading.text(self.language) if heading else "", [controls[spec.key] for spec in members])
            for heading, members in sections(control.spec for control in controls.values())
        ]

    @property
    def contents(self) -> list[tuple[str, str]]:
        """(id, title) of each section, for the way through a long form."""
        first = self.registry.singular.text(self.language)
        return [(f"section-{number}", title or first) for number, (title, _) in enumerate(self.groups, 1)]


def _typed_references(fields: list[Field], typed: MultiDict[str, Any] | None, prefix: str) -> dict[str, Any]:
    if typed is None:
        return {}
    return {
        spec.key: typed.getlist(prefix + spec.key) if spec.type.python is list else typed.get(prefix + spec.key)
        for spec in fields
        if spec.reference and prefix + spec.key in typed
    }
