"""One record as its page draws it: its facts by group, what points at it, and its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from admin import cells, trash_pages
from admin.cells import Cell
from admin.history_events import Event, Words
from app import policy, wording
from app.domain.actors import Actor
from app.domain.conditions import Condition, every
from app.domain.errors import NotFound
from app.domain.fields import Field, sections
from app.queries import history, lists, remarks
from app.registry import Registry, registries

PREVIEW = 5
LATEST = 12


@dataclass(frozen=True, slots=True)
class Related:
    """Records of another registry that point at this one."""

    key: str
    title: str
    icon: str
    count: str
    columns: list[str]
    rows: list[tuple[str, list[Cell]]]  # (address of the record, its cells)
    list_url: str
    create_url: str | None


class RecordPage:
    """Raises NotFound when the record is not there for this actor. `revealed` holds plain values by field."""

    template: ClassVar[str] = "staff/details.html"

    def __init__(
        self,
        session: Session,
        registry: Registry,
        actor: Actor,
        public_id: str,
        language: str,
        revealed: Mapping[str, Any] | None = None,
    ) -> None:
        row = lists.one(session, registry, actor, public_id)
        if row is None:
            raise NotFound()
        self.session, self.registry, self.actor, self.row, self.language = session, registry, actor, row, language
        self.revealed = revealed or {}
        self.public_id = public_id
        self.endpoint = f"staff_{registry.key}"
        self.fields = policy.fields(registry, actor, "read")
        self.masked = policy.masked(registry, actor)
        self.labels = lists.labels(session, registry, [row], actor)
        self.name = lists.title(registry, row)
        self.list_title = registry.title.text(language)
        self.singular = registry.singular.text(language)
        self.deleted = row["deleted_at"] is not None
        self.list_url = url_for(f"{self.endpoint}.index_view")
        self.can_reveal = policy.may(actor, "reveal", registry)
        self.can_edit = policy.may(actor, "update", registry) and not self.deleted
        self.can_delete = policy.may(actor, "delete", registry) and not self.deleted
        self.can_restore = policy.may(actor, "restore", registry) and self.deleted
        self.changed_at = cells.instant(row["updated_at"], language)
        self.changed_by = cells.doer(row["updated_by"], language) or "–"
        self.created_at = cells.instant(row["created_at"], language)
        self.created_by = cells.doer(row["created_by"], language) or "–"

    def url(self, view: str, **values: Any) -> str:
        return url_for(f"{self.endpoint}.{view}", id=self.public_id, **values)

    @property
    def groups(self) -> list[tuple[str, list[Cell], list[str]]]:
        """(heading or "", facts, names of empty fields) of each section, as declared."""
        made = []
        for heading, members in sections(spec for spec in self.fields if not spec.computed or spec.listed):
            facts = [self._fact(spec) for spec in members]
            filled, empty = [fact for fact in facts if fact.text], [fact.label for fact in facts if not fact.text]
            made.append((heading.text(self.language) if heading else "", filled, empty))
        return made

    def contents(self, groups: Sequence[tuple[str, Any, Any]], related: Iterable[Related]) -> list[tuple[str, str]]:
        """(id, title) of what stands on the page, for the way through a long one."""
        facts = [(f"section-{number}", heading or _("Facts")) for number, (heading, _f, _m) in enumerate(groups, 1)]
        return facts + [(one.key, one.title) for one in related if one.rows]

    def _fact(self, spec: Field) -> Cell:
        value = self.row.get(spec.key)
        masked = spec.key in self.masked and spec.key not in self.revealed
        if spec.key in self.revealed:
            value = self.revealed[spec.key]
        made = cells.cell(spec, value, self.language, self.labels, masked=masked, url=self._target(spec, value))
        return made if masked or spec.key not in self.registry.files else replace(made, files=self._files(spec, value))

    def _files(self, spec: Field, value: Any) -> list[tuple[str, str]]:
        place: dict[str, Any] = {"key": self.registry.key, "public_id": self.public_id, "name": spec.key}
        return [(one["name"], url_for("staff_files.show", file_id=one["id"], **place)) for one in value or ()]

    def _target(self, spec: Field, value: Any) -> str | None:
        found = self.labels.get(spec.key, {}).get(value) if spec.reference and not isinstance(value, list) else None
        target = registries().get(spec.reference or "")
        if found is None or target is None or not policy.may(self.actor, "read", target):
            return None
        return url_for(f"staff_{target.key}.details_view", id=found[1])

    @property
    def remarks(self) -> list[str]:
        """What is odd about this record, where the reader may see the field it concerns."""
        if self.deleted:
            return []
        shown = {spec.key: spec for spec in self.fields}
        found = remarks.of(self.session, self.registry, self.row)
        return [
            wording.sentence(one, self.language, shown[one.field].label if one.field else None)
            for one in found
            if one.field is None or one.field in shown
        ]

    # ---- what points here

    @property
    def related(self) -> list[Related]:
        """Other records that point here, filled ones first."""
        made: list[Related] = []
        for other in registries().values():
            if policy.may(self.actor, "list", other):
                made += [self._related(other, name) for name in other.pointing_at(self.registry)]
        return sorted(made, key=lambda one: not one.rows)

    def _related(self, other: Registry, name: str) -> Related:
        where = every(Condition(name, "is", (self.row["id"],)))
        found = lists.page(self.session, other, self.actor, where=where, limit=PREVIEW)
        shown = [spec for spec in policy.fields(other, self.actor) if spec.listed and spec.key != name]
        hidden = policy.masked(other, self.actor)
        shown.sort(key=lambda spec: spec.key != other.label_field or spec.key in hidden)
        rows = []
        for row in found.rows:
            values = [cells.cell(s, row.get(s.key), self.language, found.labels, masked=s.key in hidden) for s in shown]
            rows.append((url_for(f"staff_{other.key}.details_view", id=row["public_id"]), values))
        may_create = policy.may(self.actor, "create", other) and not self.deleted
        narrowed: dict[str, Any] = {f"f_{name}": self.public_id} if other.fields[name].filter else {}
        filled: dict[str, Any] = {name: self.public_id}
        return Related(
            key=f"{other.key}-{name}",
            title=other.title.text(self.language),
            icon=other.icon,
            count=f"{wording.number(found.total, self.language)}{'+' if found.capped else ''}",
            columns=[spec.label.text(self.language) for spec in shown],
            rows=rows,
            list_url=url_for(f"staff_{other.key}.index_view", **narrowed),
            create_url=url_for(f"staff_{other.key}.create_view", **filled) if may_create else None,
        )

    # ---- history

    @property
    def waiting(self) -> trash_pages.Waiting | None:
        """Since when it is in the trash, by whom, with what."""
        found = trash_pages.waiting(self.session, self.registry, [self.row], self.actor) if self.deleted else {}
        return found.get(self.public_id)

    @property
    def history_url(self) -> str | None:
        """All of it, with versions to compare and to go back to."""
        return self.url("history_view") if policy.sees(self.actor, "history") else None

    @property
    def events(self) -> list[Event]:
        """The latest."""
        found = history.of(self.session, self.registry, self.public_id, self.actor, limit=LATEST)
        return Words(self.session, self.registry, self.actor, self.language, found).all()
