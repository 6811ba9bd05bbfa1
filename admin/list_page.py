"""The list of one registry as its template draws it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlmodel import Session

from admin import drawn, list_columns, list_views, trash_pages
from admin.cell_edit import editable
from admin.cells import Cell, cell
from admin.filter_builder import Draft
from admin.list_filters import FilterPanel
from admin.list_views import ViewBar
from app import policy, wording
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.list_state import DENSITIES, ListState
from app.operations import row_actions
from app.queries import keyset, lists
from app.queries.saved_views import Liking
from app.registry import Registry, versions
from app.web.session import current_account

_HEARD = frozenset({"filter_value_unknown", "filter_record_unknown"})  # of one value; the others narrow the list
_ANY_ID = "~"  # no public id holds it, and an address keeps it as it is


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


class ListPage:
    """Reads one page and answers the template's questions. Names are ready words; URLs are ready addresses."""

    def __init__(
        self,
        session: Session,
        registry: Registry,
        actor: Actor,
        state: ListState,
        language: str,
        today: date,
        draft: Draft | None = None,
    ) -> None:
        self.session, self.registry, self.actor = session, registry, actor
        self.state, self.language, self.today = state, language, today
        self.endpoint = f"staff_{registry.key}"
        self.masked = policy.masked(registry, actor)
        self.base_url = url_for(f"{self.endpoint}.index_view")
        self.panel = FilterPanel(session, registry, actor, state, language, self.base_url, draft)
        self.found = lists.page(
            session,
            registry,
            actor,
            where=state.asked(self.panel.fields),
            search_for=state.search,
            today=today,
            order=state.order,
            cursor=state.cursor,
            deleted=state.trash,
        )
        if state.counts and self.found.capped:
            self.found.total, self.found.capped = self._exactly(), False
        self.panel.unheard = frozenset(one.field for one in self.found.problems if one.field and one.code not in _HEARD)
        self.found.problems += state.problems
        self.panel.ids = self.found.ids
        liking = self._liking()
        self.shown = list_columns.shown(registry, actor, state, liking)
        self.density = list_columns.density(state, liking)
        self.views = ViewBar(list_views.mine(session, registry, actor), registry, actor, state, self.base_url)
        self.title = registry.title.text(language)
        self.singular = registry.singular.text(language)
        self.icon = registry.icon
        self.trash, self.search, self.filtered = state.trash, state.search, state.filtered
        self.waiting = trash_pages.waiting(session, registry, self.found.rows, actor) if self.trash else {}
        self.retention = trash_pages.retention(registry, actor) if self.trash else None
        self.here = state.url(self.base_url)
        self.live_url = self.base_url
        self.count = self._count()
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
        self.search_hint = ", ".join(
            spec.label.text(language) for spec in policy.fields(registry, actor) if spec.search
        )

    def _liking(self) -> Liking:
        account = current_account()
        return (account.likings.get(self.registry.key) if account else None) or Liking()

    def _exactly(self) -> int:
        """The true number of a long list, for who asked for numbers."""
        asked = self.state.asked(self.panel.fields)
        return lists.total(
            self.session, self.registry, self.actor, where=asked, search_for=self.state.search, today=self.today,
            deleted=self.state.trash,
        )  # fmt: skip

    def _count(self) -> str:
        number = wording.number(self.found.total, self.language)
        return f"± {number}" if self.found.estimated else f"{number}{'+' if self.found.capped else ''}"

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
        return url_for(f"{self.endpoint}.template_view") if self.registry.sheet and self.import_url else None

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
        return [self._column(spec) for spec in self.shown]

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
    def column_choices(self) -> Markup:
        """The menu of columns, as drawn for whoever may see the same ones."""
        actor, keys = self.actor, tuple(spec.key for spec in self.shown)
        return drawn.kept(
            "staff/_column_choices.html",
            lambda: {"choices": list_columns.menu(self.registry, actor, self.shown, self.language)},
            self.registry.key, versions(), actor.kind, actor.roles, actor.grants, keys,
        )  # fmt: skip

    @property
    def densities(self) -> list[tuple[str, str]]:
        said = {"": _("normal"), "compact": _("compact"), "roomy": _("roomy")}
        return [(key, said[key]) for key in DENSITIES]

    @property
    def columns_url(self) -> str:
        return url_for("staff_views.columns", key=self.registry.key)

    @property
    def sorts(self) -> list[tuple[str, str]]:
        offered = []
        for spec in self.shown:
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
        if not self.found.rows:
            return []
        may_edit = policy.may(self.actor, "update", self.registry) and not self.trash
        details, edit = self._addresses("details_view"), self._addresses("edit_view") if may_edit else None
        return [self._row(row, details, edit) for row in self.found.rows]

    def _addresses(self, view: str) -> Callable[[str], str]:
        """Addresses of a view by public id: all but the id is the same in every row, and is made once."""
        back: dict[str, Any] = {"url": self.here}
        before, _id, after = url_for(f"{self.endpoint}.{view}", id=_ANY_ID, **back).partition(_ANY_ID)
        return lambda public_id: f"{before}{public_id}{after}"

    def _row(self, row: dict[str, Any], details: Callable[[str], str], edit: Callable[[str], str] | None) -> Row:
        public_id = row["public_id"]
        return Row(
            public_id=public_id,
            anchor=f"row-{public_id}",
            name=lists.title(self.registry, row),
            url=details(public_id),
            edit_url=edit(public_id) if edit else None,
            cells=[
                cell(spec, row.get(spec.key), self.language, self.found.labels, masked=spec.key in self.masked)
                for spec in self.shown
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
        return ngettext(
            "%(shown)s of %(count)s record",
            "%(shown)s of %(count)s records",
            self.found.total,
            shown=shown,
            count=self.count,
        )

    @property
    def last_url(self) -> str | None:
        """The end of the list, one step away however long it is."""
        return self.state.at(keyset.END).url(self.base_url) if self.found.next else None

    # ---- filters

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the search box must not lose."""
        return [(name, text) for name, text in self.state.parameters() if name not in ("q", "cursor", "order")]

    @property
    def kept_for_filters(self) -> list[tuple[str, str]]:
        """What the form of the filters does not ask itself."""
        return [
            (name, text)
            for name, text in self.state.parameters()
            if not name.startswith("f_") and name not in ("where", "cursor")
        ]

    @property
    def filters_open(self) -> bool:
        return bool(self.found.problems) or self.panel.building

    @property
    def counts_url(self) -> str:
        return self.state.counted(not self.state.counts).url(self.base_url)

    @property
    def problems(self) -> list[str]:
        return list(dict.fromkeys(self._sentence(problem) for problem in self.found.problems))

    def _sentence(self, problem: Problem) -> str:
        found = self.panel.targets.get(problem.field or "")
        sentence = wording.sentence(problem, self.language, found.field.label if found else None)
        return f"{self.panel.words.field(problem.field)}: {sentence}" if found and problem.field else sentence

    @property
    def said(self) -> str:
        """What the list is narrowed to, for its heading on paper."""
        return " · ".join(chip.text for chip in self.panel.chips)

    @property
    def printed_on(self) -> str:
        return wording.long_date(self.today, self.language)
