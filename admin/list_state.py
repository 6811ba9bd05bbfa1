"""What a list shows, as it stands in its address: everything can be bookmarked and sent to a colleague.

?q=contoh&order=-legal_name&f_status=documented&f_status=closed&f_birth_date_from=01/01/1990&cursor=…&trash=1
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from app.domain.fields import Field
from app.queries.filters import Filter, Operator, operators

EMPTY = "-"  # the choice "(empty)"
FilterKind = Literal["choice", "reference", "range", "text"]
Resolve = Callable[[Field, str], str | None]  # public id → id as text


def filter_kind(spec: Field) -> FilterKind | None:
    """Which control filters a field; None where it cannot be filtered."""
    if not spec.filter or spec.type.python is list:
        return None
    if spec.reference:
        return "reference"
    first = operators(spec)[0]
    if spec.type.choices() is not None:
        return "choice"
    return "text" if first == "contains" else "range"


@dataclass(frozen=True, slots=True)
class ListState:
    search: str = ""
    order: str = ""
    cursor: str | None = None
    trash: bool = False
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # choice, reference, text
    ranges: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # (from, until) as typed

    @classmethod
    def read(cls, fields: Iterable[Field], args: MultiDict[str, str]) -> ListState:
        """Unknown parameters are left out; what cannot be read becomes a problem of the page, not here."""
        chosen: dict[str, tuple[str, ...]] = {}
        ranges: dict[str, tuple[str, str]] = {}
        for spec in fields:
            kind, name = filter_kind(spec), f"f_{spec.key}"
            if kind == "range":
                pair = (args.get(f"{name}_from", "").strip(), args.get(f"{name}_to", "").strip())
                if any(pair):
                    ranges[spec.key] = pair
            elif kind is not None:
                values = tuple(dict.fromkeys(text.strip() for text in args.getlist(name) if text.strip()))
                if values:
                    chosen[spec.key] = values
        return cls(
            search=args.get("q", "").strip()[:200],
            order=args.get("order", ""),
            cursor=args.get("cursor") or None,
            trash=args.get("trash") == "1",
            chosen=chosen,
            ranges=ranges,
        )

    @property
    def filtered(self) -> bool:
        return bool(self.search or self.chosen or self.ranges)

    def parameters(self) -> list[tuple[str, str]]:
        """As query parameters, in a steady order."""
        found = [("q", self.search), ("order", self.order)]
        found += [(f"f_{key}", text) for key, texts in self.chosen.items() for text in texts]
        for key, (low, high) in self.ranges.items():
            found += [(f"f_{key}_from", low), (f"f_{key}_to", high)]
        found += [("trash", "1" if self.trash else ""), ("cursor", self.cursor or "")]
        return [(name, text) for name, text in found if text]

    def url(self, base: str) -> str:
        query = urlencode(self.parameters())
        if not query:
            return base
        return f"{base}{'&' if '?' in base else '?'}{query}"

    def ordered(self, order: str) -> ListState:
        return replace(self, order=order, cursor=None)

    def at(self, cursor: str | None) -> ListState:
        return replace(self, cursor=cursor)

    def cleared(self) -> ListState:
        return ListState(order=self.order, trash=self.trash)

    def without(self, key: str, text: str | None = None) -> ListState:
        """Without one filter, or without one of its values."""
        chosen = {name: tuple(t for t in texts if name != key or (text is not None and t != text))
                  for name, texts in self.chosen.items()}  # fmt: skip
        return replace(
            self,
            cursor=None,
            chosen={name: texts for name, texts in chosen.items() if texts},
            ranges={name: pair for name, pair in self.ranges.items() if name != key},
        )

    def filters(self, fields: Iterable[Field], resolve: Resolve) -> list[Filter]:
        """As `queries.lists` takes them."""
        made: list[Filter] = []
        for spec in fields:
            low, high = self.ranges.get(spec.key, ("", ""))
            made += [Filter(spec.key, operator, text) for operator, text in _bounds(low, high) if text]
            texts = self.chosen.get(spec.key, ())
            if texts:
                made.append(_chosen(spec, texts, resolve))
        return made


def _bounds(low: str, high: str) -> list[tuple[Operator, str]]:
    return [("ge", low), ("le", high)]


def _chosen(spec: Field, texts: tuple[str, ...], resolve: Resolve) -> Filter:
    if texts == (EMPTY,):
        return Filter(spec.key, "empty")
    kind = filter_kind(spec)
    if kind == "text":
        return Filter(spec.key, "contains", texts[0])
    wanted = [text for text in texts if text != EMPTY]
    if kind == "reference":
        wanted = [resolve(spec, text) or "0" for text in wanted]
    return Filter(spec.key, "eq", wanted[0]) if len(wanted) == 1 else Filter(spec.key, "in", ",".join(wanted))
