"""One group of settings as its page draws it: what stands, what the server fixes, what was typed, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import wtforms
from flask_babel import gettext as _
from sqlmodel import Session, col, select
from werkzeug.datastructures import MultiDict

from admin.cells import instant
from app import webforms, wording
from app.config import RELAY, settings, variable
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.domain.fields import Field, sections
from app.models.audit import AuditEntry
from app.operations import office
from app.queries import office as stored
from app.registry import SettingGroup
from app.setting_fields import Settings
from app.webforms.controls import Control

CLEAR = "_clear_"
CHANGES = 10


@dataclass(frozen=True, slots=True)
class Fixed:
    """A setting the server decides: its value in words, and the variable that holds it ("" where a demo does)."""

    label: str
    text: str
    variable: str


@dataclass(frozen=True, slots=True)
class Changed:
    at: str
    actor: str
    rows: list[tuple[str, str, str]]  # label, before, after


class SettingPage:
    """Raises Forbidden when the actor may not read the group."""

    def __init__(
        self,
        session: Session,
        group: SettingGroup,
        actor: Actor,
        language: str,
        *,
        typed: MultiDict[str, Any] | None = None,
    ) -> None:
        office.require(actor, group, reading=True)
        self.session, self.group, self.actor, self.language = session, group, actor, language
        self.may_write = bool(actor.roles & group.write)
        self.standing, self.version = stored.of_group(session, group)
        self._fixed_names = self._decided_by_server()
        self.fields = [_asked(f) for name, f in group.fields.items() if name not in self._fixed_names]
        made = webforms.build(self.fields, language, name="SettingForm")
        shown = {f.key: None if self._untold(f) else self.standing.get(f.key) for f in self.fields}
        self.form: wtforms.Form = made(typed, data=shown) if typed is not None else made(data=shown)
        self.cleared = frozenset(f.key for f in self.fields if typed is not None and f"{CLEAR}{f.key}" in typed)
        self.others: list[str] = []

    def values(self) -> dict[str, Any]:
        """What was typed; pictures come by another way."""
        files = {f.key for f in self.fields if f.type.input == "file"}
        return {name: value for name, value in webforms.values(self.form).items() if name not in files}

    def refuse(self, problems: Iterable[Problem], sentence: str = "") -> None:
        """Put the refusal at its fields."""
        homeless = webforms.errors_onto(self.form, problems, self.language)
        self.others = [sentence] if sentence else []
        self.others += [wording.sentence(one, self.language) for one in homeless]

    @property
    def summary(self) -> list[tuple[str, str, str]]:
        return webforms.summary(self.form)

    @cached_property
    def groups(self) -> list[tuple[str, list[Control], list[Fixed]]]:
        """(heading, controls, what the server fixes) in the order of declaration."""
        controls = {one.spec.key: one for one in self.form if isinstance(one, Control)}
        made = []
        for heading, members in sections(list(self.group.fields.values())):
            asked = [self._helped(controls[f.key]) for f in members if f.key in controls]
            fixed = [self._fixed(f) for f in members if f.key in self._fixed_names]
            made.append((heading.text(self.language) if heading else "", asked, fixed))
        return made

    def stands(self, control: Control) -> bool:
        """Whether something is stored that the box does not show."""
        return self._untold(control.spec) and bool(self.standing.get(control.spec.key))

    def _helped(self, control: Control) -> Control:
        """With what holds while the box is empty, before the box: below it, boxes of one line would stand askew."""
        usual = "" if self.stands(control) else self._usual(control)
        if usual:
            control.help = " · ".join(filter(None, (control.help, _("Usual value: %(value)s", value=usual))))
        return control

    def _usual(self, control: Control) -> str:
        default = Settings.model_fields[control.spec.key].default if control.spec.key in Settings.model_fields else None
        return control.spec.type.show(default, self.language) if default not in (None, "", 0) else ""

    @cached_property
    def changes(self) -> list[Changed]:
        """The last changes, newest first."""
        query = select(AuditEntry).where(AuditEntry.entity == office.ENTITY, AuditEntry.entity_id == self.group.key)
        entries = self.session.exec(query.order_by(col(AuditEntry.seq).desc()).limit(CHANGES))
        return [
            Changed(instant(one.at, self.language), one.actor, self._rows(one.before or {}, one.after or {}))
            for one in entries
        ]

    def _rows(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, str, str]]:
        return [
            (f.label.text(self.language), self._told(f, before.get(name)), self._told(f, after.get(name)))
            for name, f in self.group.fields.items()
            if name in before or name in after
        ]

    def _told(self, f: Field, value: Any) -> str:
        if value in (None, ""):
            return ""
        return f"{str(value)[:8]}…" if f.type.input == "file" else f.type.show(value, self.language)

    def _decided_by_server(self) -> frozenset[str]:
        environment = settings.environment()
        fixed = {name for name in self.group.fields if name in environment.origins}
        if fixed & RELAY - {"mail_port"} or environment.demo:
            fixed |= RELAY & self.group.fields.keys()
        elif "mail_server" not in environment.origins:
            fixed -= {"mail_port"}  # the port of the local mail box, which gives way to a relay
        return frozenset(fixed)

    def _fixed(self, f: Field) -> Fixed:
        value = getattr(settings(), f.key, None)
        written = f.type.entry(value) if f.type.python is int else f.type.show(value, self.language)
        shown = office.HIDDEN if f.key in self.group.secrets and value else written
        by_demo = settings().demo and f.key in RELAY
        return Fixed(f.label.text(self.language), shown, "" if by_demo else variable(f.key))

    def _untold(self, f: Field) -> bool:
        return f.key in self.group.secrets or f.type.input == "file"


def _asked(f: Field) -> Field:
    """In a form of settings every box may stay empty."""
    return replace(f, required=False)
