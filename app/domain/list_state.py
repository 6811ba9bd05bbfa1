"""What a list shows, as it stands in its address: everything can be bookmarked, sent to a colleague, kept as a view.

?q=contoh&order=-legal_name&f_status=documented&f_status=closed&f_birth_date_from=01/01/1990
 &where=any(zone:is:0f3k9;expires_on:next:30)&cols=legal_name,zone&density=compact&counts=1&cursor=…&trash=1&view=…

`f_KEY` is the short form for the usual question about one field; `where` holds everything else
(`app.domain.conditions`). `view` only tells which saved view the rest began as.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlencode

from app.domain import conditions
from app.domain.conditions import EVERYTHING, Condition, Group, Operator, Part, kind_of
from app.domain.errors import Problem
from app.domain.fields import Field

EMPTY = "-"  # the choice "(empty)"
ALL = "all"  # instead of a view: the whole list, although a view would open by itself
FilterKind = Literal["choice", "reference", "range", "text"]
Density = Literal["", "compact", "roomy"]
DENSITIES: dict[str, Density] = {"": "", "compact": "compact", "roomy": "roomy"}
MOST_COLUMNS = 40
_PLAIN = ":;,()!@*"  # signs that may stand in a query as they are (RFC 3986)
_BY_KIND: dict[str, FilterKind] = {"choice": "choice", "reference": "reference", "text": "text"}


def filter_kind(spec: Field) -> FilterKind | None:
    """Which control asks the usual question about a field; None where there is none."""
    if not spec.filter or spec.type.python is list:
        return None
    return _BY_KIND.get(kind_of(spec), "range")


@dataclass(frozen=True, slots=True)
class ListState:
    search: str = ""
    order: str = ""
    cursor: str | None = None
    trash: bool = False
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # choice, reference, text
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # (from, until) as typed
    where: Group = EVERYTHING
    columns: tuple[str, ...] = ()  # field keys in order; none: as the person or the declaration has it
    density: Density = ""
    counts: bool = False  # how many records each value of the filters has
    view: str = ""  # public id of a saved view, or ALL
    problems: tuple[Problem, ...] = field(default=(), compare=False)  # what of the address could not be read
    unread: tuple[tuple[str, str], ...] = ()  # that part of the address: whoever goes on from here must not lose it

    @classmethod
    def read(cls, fields: Iterable[Field], parameters: Iterable[tuple[str, str]]) -> ListState:
        """Unknown parameters are left out; what cannot be read becomes a problem of the page, never an error."""
        given: dict[str, list[str]] = {}
        for name, text in parameters:
            given.setdefault(name, []).append(text.strip())
        chosen: dict[str, tuple[str, ...]] = {}
        ranges: dict[str, tuple[str, str]] = {}
        strange = {name: text for name, text in given.items() if name.startswith("f_") and any(text)}
        for spec in fields:
            kind, name = filter_kind(spec), f"f_{spec.key}"
            if kind == "range":
                pair = (_first(given, f"{name}_from"), _first(given, f"{name}_to"))
                strange.pop(f"{name}_from", None)
                strange.pop(f"{name}_to", None)
                if any(pair):
                    ranges[spec.key] = pair
            elif kind is not None:
                values = tuple(dict.fromkeys(text for text in given.get(name, ()) if text))
                strange.pop(name, None)
                if values:
                    chosen[spec.key] = values[: conditions.MOST_VALUES]
        where, problems = conditions.parse(_first(given, "where"))
        unread = [("where", _first(given, "where"))] if problems else []
        unread += [(name, text) for name in strange for text in given[name] if text]
        problems += [Problem("filter_unknown", field=name[2:]) for name in list(strange)[:5]]
        return cls(
            search=_first(given, "q")[:200],
            order=_first(given, "order"),
            cursor=_first(given, "cursor") or None,
            trash=_first(given, "trash") == "1",
            chosen=chosen,
            ranges=ranges,
            where=where,
            columns=tuple(dict.fromkeys(key for key in _first(given, "cols").split(",") if key))[:MOST_COLUMNS],
            density=DENSITIES.get(_first(given, "density"), ""),
            counts=_first(given, "counts") == "1",
            view=_first(given, "view")[:20],
            problems=tuple(problems),
            unread=tuple(unread[:MOST_COLUMNS]),
        )

    @property
    def filtered(self) -> bool:
        return bool(self.search or self.chosen or self.ranges or self.where or self.unread)

    def parameters(self) -> list[tuple[str, str]]:
        """As query parameters, in a steady order."""
        found = [("q", self.search), ("order", self.order)]
        found += [(f"f_{key}", text) for key, texts in self.chosen.items() for text in texts]
        for key, (low, high) in self.ranges.items():
            found += [(f"f_{key}_from", low), (f"f_{key}_to", high)]
        whole = any(name == "where" for name, _text in self.unread)  # what was read of it stands in it too
        found += self.unread
        found += [
            ("where", "" if whole else conditions.written(self.where)),
            ("cols", ",".join(self.columns)),
            ("density", self.density),
        ]
        found += [("counts", "1" if self.counts else ""), ("trash", "1" if self.trash else "")]
        found += [("cursor", self.cursor or ""), ("view", self.view)]
        return [(name, text) for name, text in found if text]

    def url(self, base: str) -> str:
        query = urlencode(self.parameters(), safe=_PLAIN)
        if not query:
            return base
        return f"{base}{'&' if '?' in base else '?'}{query}"

    def ordered(self, order: str) -> ListState:
        return replace(self, order=order, cursor=None)

    def at(self, cursor: str | None) -> ListState:
        return replace(self, cursor=cursor)

    def cleared(self) -> ListState:
        """Without search and conditions; how the list looks stays."""
        return replace(self.understood(), search="", cursor=None, chosen={}, ranges={}, where=EVERYTHING)

    def understood(self) -> ListState:
        """Without what could not be read."""
        return replace(self, cursor=None, problems=(), unread=())

    def searching(self, words: str) -> ListState:
        return replace(self, search=words, cursor=None)

    def counted(self, counts: bool) -> ListState:
        return replace(self, counts=counts)

    def looking(self, columns: tuple[str, ...], density: Density) -> ListState:
        return replace(self, columns=columns, density=density)

    def kept(self) -> ListState:
        """What a saved view holds: the list, not the place in it."""
        return replace(self, cursor=None, trash=False, view="", problems=())

    def toggled(self, key: str, text: str) -> ListState:
        """With one value of a short filter more, or less."""
        if text in self.chosen.get(key, ()):
            return self.without(key, text)
        chosen = {**self.chosen, key: (*self.chosen.get(key, ()), text)}
        return replace(self, cursor=None, chosen=chosen)

    def narrowed(self, where: Group) -> ListState:
        return replace(self, where=where, cursor=None)

    def without_part(self, part: Part) -> ListState:
        """Without one part of `where`."""
        left = tuple(one for one in self.where.parts if one is not part)
        return self.narrowed(Group(self.where.join, left))

    def without(self, key: str, text: str | None = None) -> ListState:
        """Without one short filter, or without one of its values."""
        chosen = {name: tuple(t for t in texts if name != key or (text is not None and t != text))
                  for name, texts in self.chosen.items()}  # fmt: skip
        return replace(
            self,
            cursor=None,
            chosen={name: texts for name, texts in chosen.items() if texts},
            ranges={name: pair for name, pair in self.ranges.items() if name != key},
        )

    def asked(self, fields: Iterable[Field]) -> Group:
        """Everything the list is narrowed to, as one group; `fields` are those the short filters may ask about."""
        made: list[Part] = []
        for spec in fields:
            low, high = self.ranges.get(spec.key, ("", ""))
            made += [Condition(spec.key, operator, (text,)) for operator, text in _bounds(low, high) if text]
            if texts := self.chosen.get(spec.key, ()):
                made.append(_chosen(spec, texts))
        return conditions.both(Group("all", tuple(made)), self.where)


def _first(given: Mapping[str, list[str]], name: str) -> str:
    return given[name][0] if name in given else ""


def _bounds(low: str, high: str) -> list[tuple[Operator, str]]:
    return [("ge", low), ("le", high)]


def _chosen(spec: Field, texts: tuple[str, ...]) -> Part:
    if filter_kind(spec) == "text":
        return Condition(spec.key, "contains", (texts[0],))
    wanted = tuple(text for text in texts if text != EMPTY)
    parts: list[Part] = [Condition(spec.key, "is", wanted)] if wanted else []
    if len(wanted) < len(texts):
        parts.append(Condition(spec.key, "empty"))
    return parts[0] if len(parts) == 1 else Group("any", tuple(parts))
