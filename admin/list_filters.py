"""What a list is narrowed to, as its page draws it: boxes, rows of the builder, chips, counted values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from flask_babel import gettext as _
from markupsafe import Markup
from sqlmodel import Session

from admin import drawn, filter_builder
from admin.filter_builder import Box, Draft, Row
from admin.filter_words import Words, periods, phrases
from admin.lookups import lookup_url
from app import policy, wording
from app.domain.actors import Actor
from app.domain.conditions import MOST_DEPTH, Group, arity, kind_of, operators
from app.domain.fields import Field
from app.domain.list_state import EMPTY, FilterKind, ListState, filter_kind
from app.domain.record_fields import RECORD_FIELDS
from app.queries import facets as counting
from app.queries import lists
from app.queries.filters import Target, targets
from app.queries.keys import fetch
from app.registry import Registry, get, versions
from app.web.session import current_account

FEW = 300  # closed lists are offered whole
OFFERED = 50  # records of a reference before anybody searches
SHOWN = 8  # values of a facet before "more"
Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FilterBox:
    name: str
    label: str
    kind: FilterKind
    options: Options = field(default_factory=list)
    chosen: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    mode: str = "text"
    source: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    url: str
    ignored: bool = False  # the list is not narrowed by it: it could not be read


@dataclass(frozen=True, slots=True)
class BuilderRow:
    """One row of the builder: `place` names its boxes, `widget` says which box takes the values."""

    place: str
    path: str
    operators: Options
    operator: str
    widget: str
    values: tuple[str, ...]
    options: Options
    source: str
    missing: bool


@dataclass(frozen=True, slots=True)
class BuilderBox:
    """A group of the builder. `prefix` begins the names of its boxes: "", "2."."""

    place: str
    prefix: str
    join: str
    parts: list[BuilderRow | BuilderBox]
    may_nest: bool


@dataclass(frozen=True, slots=True)
class FacetValue:
    label: str
    count: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    label: str
    values: list[FacetValue]
    more: list[FacetValue]


class FilterPanel:
    """Reads nothing until the template asks."""

    def __init__(
        self,
        session: Session,
        registry: Registry,
        actor: Actor,
        state: ListState,
        language: str,
        base_url: str,
        draft: Draft | None,
    ) -> None:
        self.session, self.registry, self.actor = session, registry, actor
        self.state, self.language, self.base_url, self.draft = state, language, base_url, draft
        masked = policy.masked(registry, actor)
        self.fields = [f for f in policy.fields(registry, actor) if filter_kind(f) and f.key not in masked]
        self._names: dict[tuple[str, str], str] = {}
        self.unheard: frozenset[str] = frozenset()  # paths of conditions that could not be read, once that is known
        self.ids: tuple[int, ...] | None = None  # of the rows of the list, once they are known to be few

    @property
    def questions(self) -> Markup:
        """The boxes and the builder, as drawn for this person since the last time anything was written."""
        template, account = "staff/_list_questions.html", current_account()
        if self.draft is not None or account is None:
            return drawn.draw(template, {"panel": self})
        asked = tuple(one for one in self.state.parameters() if one[0].startswith(("f_", "where")))
        return drawn.kept(
            template, lambda: {"panel": self}, self.registry.key, versions(), account.user.id, account.written, asked
        )

    # ---- the usual questions

    @cached_property
    def boxes(self) -> list[FilterBox]:
        return [self._box(spec) for spec in self.fields]

    def _box(self, spec: Field) -> FilterBox:
        kind = filter_kind(spec) or "text"
        low, high = self.state.ranges.get(spec.key, ("", ""))
        chosen = self.state.chosen.get(spec.key, ())
        return FilterBox(
            name=f"f_{spec.key}",
            label=spec.label.text(self.language),
            kind=kind,
            options=[*self._options(spec, chosen), *([] if spec.required else [(EMPTY, _("(empty)"))])],
            chosen=chosen,
            low=chosen[0] if kind == "text" and chosen else low,
            high=high,
            mode="numeric" if spec.type.python is int else "text",
            source=lookup_url(get(spec.reference)) if spec.reference else "",
        )

    def _options(self, spec: Field, chosen: tuple[str, ...]) -> Options:
        if not spec.reference:
            return (spec.type.choices(self.language) or [])[:FEW]
        target = get(spec.reference)
        offered = dict(self._offered(target))
        for one in chosen:
            if one != EMPTY:
                offered.setdefault(one, self.named(target.key, one))
        return list(offered.items())

    def _offered(self, target: Registry) -> Options:
        if not policy.may(self.actor, "list", target):
            return []
        return lists.names(self.session, target, self.actor, limit=OFFERED)

    # ---- the builder

    @cached_property
    def targets(self) -> dict[str, Target]:
        """What conditions may be built on: as `filters.targets`, without what is masked."""
        found = targets(self.registry, self.actor)
        return {
            path: one
            for path, one in found.items()
            if one.field.key not in policy.masked(one.registry, self.actor) or one.field.key in RECORD_FIELDS
        }

    @cached_property
    def field_groups(self) -> list[tuple[str, Options]]:
        """(heading, fields) of the builder: own fields first, then those of what is referred to."""
        grouped: dict[str, Options] = {}
        for path, one in self.targets.items():
            heading = one.through.label.text(self.language) if one.through else ""
            grouped.setdefault(heading, []).append((path, one.field.label.text(self.language)))
        return list(grouped.items())

    @cached_property
    def builder(self) -> BuilderBox:
        box = self.draft.box if self.draft else filter_builder.of(self.state.where)
        return self._group(box, "", 0)

    def _group(self, box: Box, prefix: str, depth: int) -> BuilderBox:
        parts: list[BuilderRow | BuilderBox] = []
        for number, one in enumerate(box.parts, start=1):
            place = f"{prefix}{number}"
            parts.append(
                self._group(one, f"{place}.", depth + 1) if isinstance(one, Box) else self._builder_row(one, place)
            )
        return BuilderBox(prefix.rstrip("."), prefix, box.join, parts, depth + 1 < MOST_DEPTH)

    def _builder_row(self, row: Row, place: str) -> BuilderRow:
        found = self.targets.get(row.path)
        if found is None:
            return BuilderRow(place, "", [], "", "none", (), [], "", missing=bool(row.path))
        offered = operators(found.field)
        operator = filter_builder.known(row, self.targets) or offered[0]
        widget = filter_builder.widget(found, operator)
        said = phrases(kind_of(found.field))
        values = tuple(row.values)
        if widget == "list":
            values = (", ".join(values),)
        options: Options = []
        if widget == "period":
            options = periods()
        elif widget in ("choice", "reference"):
            options = self._options(found.field, values)
        return BuilderRow(
            place=place,
            path=row.path,
            operators=[(one, said[one]) for one in offered],
            operator=operator,
            widget=widget,
            values=values if arity(operator)[1] else (),
            options=options,
            source=lookup_url(get(found.field.reference)) if widget == "reference" and found.field.reference else "",
            missing=filter_builder.condition(row, self.targets) is None and bool(self.draft and not self.draft.asked),
        )

    @property
    def building(self) -> bool:
        """Whether a draft waits to be completed."""
        return self.draft is not None

    # ---- chips

    @cached_property
    def words(self) -> Words:
        return Words(self.targets, self.named, self.language)

    @cached_property
    def chips(self) -> list[Chip]:
        return list(self._chips())

    def _chips(self) -> Iterator[Chip]:
        state = self.state
        if state.search:
            yield Chip(f"“{state.search}”", self._url(state.searching("")))
        for spec in self.fields:
            name = spec.label.text(self.language)
            texts = state.chosen.get(spec.key, ())
            if texts:
                said = (" " + _("or") + " ").join(self._said(spec, one) for one in texts)
                yield Chip(f"{name}: {said}", self._url(state.without(spec.key)))
            if spec.key in state.ranges:
                low, high = state.ranges[spec.key]
                said = f"{name}: {low or '…'} – {high or '…'}"
                yield Chip(said, self._url(state.without(spec.key)), spec.key in self.unheard)
        for part in state.where.parts:
            paths = {one.path for one in Group("all", (part,)).conditions()}
            yield Chip(self.words.said(part), self._url(state.without_part(part)), not paths.isdisjoint(self.unheard))
        for _name, text in state.unread:
            yield Chip(text[:60], self._url(state.understood()), ignored=True)

    def _said(self, spec: Field, one: str) -> str:
        if one == EMPTY:
            return _("(empty)")
        return self.words.value(spec, kind_of(spec), "is", one)

    def _url(self, state: ListState) -> str:
        return state.url(self.base_url)

    def named(self, key: str, public_id: str) -> str:
        """The name of a record a condition speaks of; what was given when it is not there for this actor."""
        if (key, public_id) not in self._names:
            target = get(key)
            visible = policy.visible(target, self.actor)
            rows = fetch(self.session, target.table, target.table.c.public_id, [public_id], visible)
            found = lists.seen(target, self.actor, rows)
            self._names[key, public_id] = lists.title(target, found[0]) if found else public_id
        return self._names[key, public_id]

    # ---- counted values

    def facets(self, today: date) -> list[Facet]:
        """The values of every closed list and reference with their numbers; clicking one narrows the list."""
        state = self.state
        fields = counting.countable(self.registry, self.actor)
        free = [f for f in fields if f.key not in state.chosen]
        found = self._counted(free, state, today, self.ids)
        for f in fields:
            if f.key in state.chosen:  # within everything else, so that more values of it can be added
                found |= self._counted([f], state.without(f.key), today)
        return [self._facet(f, found[f.key]) for f in fields if found.get(f.key)]

    def _counted(
        self, fields: list[Field], state: ListState, today: date, ids: tuple[int, ...] | None = None
    ) -> dict[str, list[counting.Value]]:
        if not fields:
            return {}
        return counting.count(
            self.session,
            self.registry,
            self.actor,
            fields,
            where=state.asked(self.fields),
            search_for=state.search,
            today=today,
            deleted=state.trash,
            ids=ids,
        )

    def _facet(self, spec: Field, counted: list[counting.Value]) -> Facet:
        labels = {}
        if spec.reference:
            rows = [{spec.key: value.key} for value in counted if value.key is not None]
            labels = lists.labels(self.session, self.registry, rows, self.actor).get(spec.key, {})
        chosen = self.state.chosen.get(spec.key, ())
        made = []
        for one in counted:
            if one.value == EMPTY:
                label = _("(empty)")
            else:
                label = labels[one.key][0] if one.key in labels else spec.type.show(one.key, self.language)
            count = f"{wording.number(one.count, self.language)}{'+' if one.more else ''}"
            made.append(
                FacetValue(label, count, self._url(self.state.toggled(spec.key, one.value)), one.value in chosen)
            )
        return Facet(spec.label.text(self.language), made[:SHOWN], made[SHOWN:])
