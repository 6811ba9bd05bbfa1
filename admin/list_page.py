"""The list of one registry as its template draws it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from admin.cell_edit import editable
from admin.cells import Cell, cell
from admin.lookups import lookup_url
from app import policy, wording
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.list_state import EMPTY, FilterKind, ListState, filter_kind
from app.operations import row_actions
from app.queries import lists
from app.queries.keys import fetch
from app.registry import Registry, get

FEW = 200  # closed lists are offered whole


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    label: str
    number: bool
    direction: str  # "", ascending, descending
    sort_url: str | None


@dataclass(frozen=True, slots=True)
class Row:
    public_id: str
    anchor: str
    name: str
    url: str
    edit_url: str | None
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class FilterBox:
    name: str
    label: str
    kind: FilterKind
    options: list[tuple[str, str]] = field(default_factory=list)
    chosen: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    mode: str = "text"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    url: str


class ListPage:
    """Reads one page and answers the template's questions. Names are ready words; URLs are ready addresses."""

    def __init__(
        self, session: Session, registry: Registry, actor: Actor, state: ListState, language: str, today: date
    ) -> None:
        self.session, self.registry, self.actor = session, registry, actor
        self.state, self.language = state, language
        self.endpoint = f"staff_{registry.key}"
        self.fields = policy.fields(registry, actor, "read")
        self.masked = policy.masked(registry, actor)
        self.filter_fields = [spec for spec in self.fields if filter_kind(spec) and spec.key not in self.masked]
        self._names: dict[tuple[str, str], tuple[str, str]] = {}  # (registry, public id) → (id, name)
        self.found = lists.page(
            session,
            registry,
            actor,
            where=state.asked(self.filter_fields),
            search_for=state.search,
            today=today,
            order=state.order,
            cursor=state.cursor,
            deleted=state.trash,
        )
        self.found.problems += state.problems
        self.title = registry.title.text(language)
        self.singular = (
            registry.singular.text(language).lower() if language == "en" else registry.singular.text(language)
        )
        self.icon = registry.icon
        self.trash, self.search, self.filtered = state.trash, state.search, state.filtered
        self.base_url = url_for(f"{self.endpoint}.index_view")
        self.here = state.url(self.base_url)
        self.live_url = self.base_url
        self.count = f"{wording.number(self.found.total, language)}{'+' if self.found.capped else ''}"
        self.order = state.order or registry.order_by
        self.clear_url = state.cleared().url(self.base_url)
        self.can_edit_many = policy.may(actor, "update", registry) and not state.trash
        self.can_delete_many = policy.may(actor, "restore" if state.trash else "delete", registry)
        self.row_actions = [] if state.trash else row_actions.of(registry.key, actor)
        self.can_bulk = bool(self.can_edit_many or self.can_delete_many or self.row_actions)
        self.editable = frozenset() if state.trash else editable(registry, actor)
        self.cell_url = url_for(f"{self.endpoint}.cell_view") if self.editable else ""
        self.bulk_state = urlencode(state.at(None).parameters())
        self.more_than_shown = bool(self.found.next or self.found.previous)
        self.search_hint = ", ".join(spec.label.text(language) for spec in self.fields if spec.search)

    # ---- what the person may do here

    @property
    def create_url(self) -> str | None:
        return url_for(f"{self.endpoint}.create_view") if policy.may(self.actor, "create", self.registry) else None

    @property
    def trash_url(self) -> str | None:
        allowed = policy.may(self.actor, "restore", self.registry)
        return ListState(trash=True).url(self.base_url) if allowed else None

    @property
    def template_url(self) -> str | None:
        return url_for(f"{self.endpoint}.template_view") if self.registry.sheet else None

    @property
    def import_url(self) -> str | None:
        allowed = policy.may(self.actor, "import", self.registry)
        return url_for("staff_import.index", key=self.registry.key) if allowed else None

    @property
    def can_export(self) -> bool:
        return policy.may(self.actor, "export", self.registry)

    def export_url(self, kind: str) -> str:
        return self.state.at(None).url(url_for(f"{self.endpoint}.export", export_type=kind))

    # ---- table

    @cached_property
    def columns(self) -> list[Column]:
        return [self._column(spec) for spec in self._listed]

    @cached_property
    def _listed(self) -> list[Field]:
        listed = [spec for spec in self.fields if spec.listed]
        # The field that names the record leads, since it carries the link; a masked name says too little.
        return sorted(listed, key=lambda spec: spec.key != self.registry.label_field or spec.key in self.masked)

    def _column(self, spec: Field) -> Column:
        current = self.order.lstrip("-") == spec.key
        falling = current and self.order.startswith("-")
        sortable = self._sortable(spec)
        target = spec.key if not current or falling else f"-{spec.key}"
        return Column(
            key=spec.key,
            label=spec.label.text(self.language),
            number=spec.type.python is int and not spec.reference,
            direction=("descending" if falling else "ascending") if current else "",
            sort_url=self.state.ordered(target).url(self.base_url) if sortable else None,
        )

    def _sortable(self, spec: Field) -> bool:
        return spec.sortable and spec.type.python is not list and spec.key not in self.masked

    @property
    def sorts(self) -> list[tuple[str, str]]:
        offered = []
        for spec in self._listed:
            if self._sortable(spec):
                name = spec.label.text(self.language)
                offered += [
                    (spec.key, _("%(name)s, ascending", name=name)),
                    (f"-{spec.key}", _("%(name)s, descending", name=name)),
                ]
        newest = [("-created_at", _("Newest first")), ("-updated_at", _("Last changed first"))]
        known = {key for key, _label in offered + newest}
        return offered + newest if self.order in known else [(self.order, _("Usual order")), *offered, *newest]

    @cached_property
    def rows(self) -> list[Row]:
        may_edit = policy.may(self.actor, "update", self.registry) and not self.trash
        return [self._row(row, may_edit) for row in self.found.rows]

    def _row(self, row: dict[str, Any], may_edit: bool) -> Row:
        public_id = row["public_id"]
        back: dict[str, Any] = {"url": self.here}
        return Row(
            public_id=public_id,
            anchor=f"row-{public_id}",
            name=lists.title(self.registry, row),
            url=url_for(f"{self.endpoint}.details_view", id=public_id, **back),
            edit_url=url_for(f"{self.endpoint}.edit_view", id=public_id, **back) if may_edit else None,
            cells=[
                cell(spec, row.get(spec.key), self.language, self.found.labels, masked=spec.key in self.masked)
                for spec in self._listed
            ],
        )

    # ---- pages

    @property
    def next_url(self) -> str | None:
        return self.state.at(self.found.next).url(self.base_url) if self.found.next else None

    @property
    def previous_url(self) -> str | None:
        return self.state.at(self.found.previous).url(self.base_url) if self.found.previous else None

    @property
    def first_url(self) -> str | None:
        return self.state.at(None).url(self.base_url) if self.state.cursor else None

    @property
    def range(self) -> str:
        shown = wording.number(len(self.found.rows), self.language)
        return _("%(shown)s of %(count)s records", shown=shown, count=self.count)

    # ---- filters

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the search box must not lose."""
        return [(name, text) for name, text in self.state.parameters() if name not in ("q", "cursor", "order")]

    @property
    def kept_for_filters(self) -> list[tuple[str, str]]:
        return [(name, text) for name, text in self.state.parameters() if name in ("q", "order", "trash")]

    @property
    def filters_open(self) -> bool:
        return bool(self.found.problems)

    @property
    def problems(self) -> list[str]:
        return [self._sentence(problem) for problem in self.found.problems]

    def _sentence(self, problem: Problem) -> str:
        spec = self.registry.fields.get(problem.field or "")
        return wording.sentence(problem, self.language, spec.label if spec else None)

    @cached_property
    def filters(self) -> list[FilterBox]:
        return [self._box(spec) for spec in self.filter_fields]

    def _box(self, spec: Field) -> FilterBox:
        kind = filter_kind(spec) or "text"
        low, high = self.state.ranges.get(spec.key, ("", ""))
        chosen = self.state.chosen.get(spec.key, ())
        return FilterBox(
            name=f"f_{spec.key}",
            label=spec.label.text(self.language),
            kind=kind,
            options=self._options(spec, kind, chosen),
            chosen=chosen,
            low=chosen[0] if kind == "text" and chosen else low,
            high=high,
            mode="numeric" if spec.type.python is int else "text",
            source=lookup_url(get(spec.reference)) if spec.reference else "",
        )

    def _options(self, spec: Field, kind: FilterKind, chosen: tuple[str, ...]) -> list[tuple[str, str]]:
        empty = [] if spec.required else [(EMPTY, _("(empty)"))]
        if kind == "choice":
            return [*(spec.type.choices(self.language) or [])[:FEW], *empty]
        if kind == "reference" and spec.reference:
            target = get(spec.reference)
            offered = {
                row["public_id"]: row["title"] for row in lists.lookup(self.session, target, self.actor, "", limit=50)
            }
            for one in chosen:
                if one != EMPTY:
                    offered.setdefault(one, self._known(spec.reference, one)[1])
            return [*offered.items(), *empty]
        return []

    @cached_property
    def chips(self) -> list[Chip]:
        made = []
        if self.search:
            made.append(Chip(f"“{self.search}”", self.state.searching("").url(self.base_url)))
        for spec in self.filter_fields:
            name = spec.label.text(self.language)
            for one in self.state.chosen.get(spec.key, ()):
                made.append(
                    Chip(f"{name}: {self._said(spec, one)}", self.state.without(spec.key, one).url(self.base_url))
                )
            if spec.key in self.state.ranges:
                low, high = self.state.ranges[spec.key]
                made.append(
                    Chip(f"{name}: {low or '…'} – {high or '…'}", self.state.without(spec.key).url(self.base_url))
                )
        return made

    def _said(self, spec: Field, one: str) -> str:
        if one == EMPTY:
            return _("(empty)")
        if spec.reference:
            return self._known(spec.reference, one)[1]
        return dict(spec.type.choices(self.language) or []).get(one, one)

    def _known(self, key: str, public_id: str) -> tuple[str, str]:
        """(id, name) of a record a filter names; ("0", what was given) when it is not there for this actor."""
        if (key, public_id) not in self._names:
            target = get(key)
            visible = policy.visible(target, self.actor)
            rows = fetch(self.session, target.table, target.table.c.public_id, [public_id], visible)
            found = lists.seen(target, self.actor, rows)
            self._names[key, public_id] = (
                (str(found[0]["id"]), lists.title(target, found[0])) if found else ("0", public_id)
            )
        return self._names[key, public_id]
