"""What a list is narrowed to, as pure data: conditions joined by "all" and "any" of them.

As text in an address or a saved view (version 1; `parse` and `written` are each other's inverse):

    status:is:active;any(zone:is:0f3k9,1xk27;expires_on:next:30)

Parts stand between ";" and must all hold, values between ","; "!" takes the sign behind it literally.
A later version would begin with its number: "2~…".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from app.domain.errors import Problem
from app.domain.fields import Field

VERSION = 1
LONGEST = 2_500  # characters: the whole address has 4,094
MOST_CONDITIONS = 40
MOST_VALUES = 100
MOST_DEPTH = 3  # groups inside the list's own

Kind = Literal["text", "choice", "reference", "number", "date", "instant", "list", "files"]
Join = Literal["all", "any"]
Operator = Literal[
    "is", "not", "in", "contains", "lacks", "starts", "lt", "le", "gt", "ge", "between",
    "next", "last", "past", "ahead", "ago", "beyond", "period", "has", "empty", "filled",
]  # fmt: skip
_DAYS: tuple[Operator, ...] = (
    "is", "ge", "le", "between", "next", "last", "past", "ahead", "period", "ago", "beyond", "empty", "filled",
)  # fmt: skip
OPERATORS: dict[Kind, tuple[Operator, ...]] = {
    "text": ("contains", "lacks", "starts", "is", "not", "in", "empty", "filled"),
    "choice": ("is", "not", "empty", "filled"),
    "reference": ("is", "not", "empty", "filled"),
    "number": ("is", "not", "ge", "le", "gt", "lt", "between", "empty", "filled"),
    "date": (*_DAYS, "gt", "lt", "not"),
    "instant": (*_DAYS, "gt", "lt"),
    "list": ("has", "lacks", "empty", "filled"),
    "files": ("empty", "filled"),
}
_VALUES: dict[Operator, tuple[int, int]] = {  # fewest and most values; the others take exactly one
    "empty": (0, 0),
    "filled": (0, 0),
    "past": (0, 0),
    "ahead": (0, 0),
    "between": (2, 2),
    "is": (1, MOST_VALUES),
    "not": (1, MOST_VALUES),
    "in": (1, MOST_VALUES),
    "has": (1, MOST_VALUES),
    "lacks": (1, MOST_VALUES),
}
_SIGNS = frozenset(":;,()!")


@dataclass(frozen=True, slots=True)
class Condition:
    """One field and what must hold for it. `path` is a field key, or "company.zone" through a reference.

    `values` are texts as typed; a reference is named by its public id, by code also by its id (int).
    """

    path: str
    operator: Operator = "is"
    values: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of which all, or any, must hold. An empty group holds for every record."""

    join: Join = "all"
    parts: tuple[Condition | Group, ...] = field(default_factory=tuple)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def conditions(self) -> Iterator[Condition]:
        """Every condition, however deep."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.conditions()
            else:
                yield part


Part = Condition | Group
EVERYTHING = Group()


def every(*parts: Part) -> Group:
    """A group of which all must hold."""
    return Group("all", parts)


def both(*groups: Group) -> Group:
    """One group in which everything of `groups` holds; a single one is given back as it is."""
    filled = [group for group in groups if group]
    if len(filled) == 1 and filled[0].join == "all":
        return filled[0]
    parts: list[Part] = []
    for group in filled:
        parts += group.parts if group.join == "all" else (group,)
    return Group("all", tuple(parts))


def kind_of(spec: Field) -> Kind:
    """Which operators make sense for a field."""
    if spec.type.input == "files":
        return "files"
    if spec.type.python is list:
        return "list"
    if spec.reference:
        return "reference"
    if spec.type.choices() is not None:
        return "choice"
    return _KINDS.get(spec.type.python.__name__, "number")


_KINDS: dict[str, Kind] = {"str": "text", "date": "date", "datetime": "instant", "bool": "choice"}


def operators(spec: Field) -> tuple[Operator, ...]:
    """The operators of a field, the usual one first."""
    return OPERATORS[kind_of(spec)]


def arity(operator: Operator) -> tuple[int, int]:
    """The fewest and the most values an operator takes."""
    return _VALUES.get(operator, (1, 1))


def written(group: Group) -> str:
    """A group as text; the outermost is joined by all."""
    outer = group if group.join == "all" else Group("all", (group,))
    return ";".join(_part(part) for part in outer.parts)


def _part(part: Part) -> str:
    if isinstance(part, Group):
        return f"{part.join}({';'.join(_part(one) for one in part.parts)})"
    pieces = [escaped(part.path), part.operator]
    if part.values:
        pieces.append(",".join(escaped(str(value)) for value in part.values))
    return ":".join(pieces)


def escaped(text: str) -> str:
    """`text` with every sign of the grammar taken literally."""
    return "".join(f"!{c}" if c in _SIGNS else c for c in text)


def parse(text: str) -> tuple[Group, list[Problem]]:
    """Read the text of an address. What cannot be read is a problem and left out; never an exception."""
    text = text.strip()
    if found := re.match(r"(\d{1,4})~", text, re.ASCII):
        if int(found[1]) != VERSION:
            return EVERYTHING, [Problem("filter_version", params={"version": found[1]})]
        text = text[found.end() :]
    if len(text) > LONGEST:
        return EVERYTHING, [Problem("filter_too_long", params={"max": LONGEST})]
    reader = _Reader(text)
    return Group("all", tuple(reader.parts(0))), reader.problems


class _Reader:
    """One pass over the signs of a text; a sign behind "!" is a letter like any other."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.count = 0
        self.problems: list[Problem] = []

    def parts(self, depth: int) -> list[Part]:
        made: list[Part] = []
        while self.at < len(self.tokens):
            sign = self._peek()
            if sign == ")" and depth:
                break
            if sign in (";", ")"):  # a stray bracket ends nothing
                self.at += 1
                continue
            part = self._one(depth)
            if part is not None:
                made.append(part)
        return made

    def _one(self, depth: int) -> Part | None:
        started = self.at
        name = self._word()
        if self._peek() == "(":
            return self._group(name, depth)
        pieces: list[list[str]] = [[name]]
        while self._peek() in (":", ","):
            sign = self._peek()
            self.at += 1
            if sign == ":" and len(pieces) < 3:
                pieces.append([self._word()])
            elif sign == ":":  # a value may hold one: 14:30
                pieces[-1][-1] += ":" + self._word()
            else:
                pieces[-1].append(self._word())
        while self._peek() not in (";", ")", ""):  # something like a(b) in the middle of a value
            self.at += 1
            pieces = []
        return self._condition(pieces, started)

    def _group(self, name: str, depth: int) -> Part | None:
        self.at += 1
        if depth >= MOST_DEPTH:
            self._skip()
            self._refuse("filter_too_deep", None)
            return None
        inside = self.parts(depth + 1)
        self.at += 1
        if name not in ("all", "any") or not inside:
            self._refuse("filter_unreadable", f"{name}(…)")
            return None
        return Group("all" if name == "all" else "any", tuple(inside))

    def _skip(self) -> None:
        """Past the bracket that closes the one just opened."""
        opened = 1
        while opened and self.at < len(self.tokens):
            opened += {"(": 1, ")": -1}.get(self._peek(), 0)
            self.at += 1

    def _condition(self, pieces: list[list[str]], started: int) -> Condition | None:
        shown = "".join(sign for sign, _plain in self.tokens[started : self.at])[:60]
        names = [piece for piece in pieces[:2] if len(piece) == 1 and piece[0]]
        operator = names[1][0] if len(names) == 2 else ""
        values = tuple(value for value in (pieces[2] if len(pieces) == 3 else []) if value.strip())
        if operator not in _KNOWN or not _PATH.fullmatch(names[0][0]):
            self._refuse("filter_unreadable", shown)
            return None
        self.count += 1
        if self.count > MOST_CONDITIONS:
            self._refuse("filter_too_many", None)
            return None
        known: Operator = _KNOWN[operator]
        fewest, most = arity(known)
        if not fewest <= len(values) <= most:
            self._refuse("filter_unreadable", shown)
            return None
        return Condition(names[0][0], known, values)

    def _refuse(self, code: str, value: str | None) -> None:
        params = {"max": MOST_CONDITIONS if code == "filter_too_many" else MOST_DEPTH}
        problem = Problem(code, value=value, params=params)
        if len(self.problems) < 5 and problem not in self.problems:
            self.problems.append(problem)

    def _peek(self) -> str:
        """The sign that comes; "" at the end, "x" before a letter."""
        if self.at >= len(self.tokens):
            return ""
        sign, plain = self.tokens[self.at]
        return "x" if plain else sign

    def _word(self) -> str:
        letters: list[str] = []
        while self._peek() == "x":
            letters.append(self.tokens[self.at][0])
            self.at += 1
        return "".join(letters)


_KNOWN: dict[str, Operator] = {operator: operator for listed in OPERATORS.values() for operator in listed}
_PATH = re.compile(r"[a-z][a-z0-9_]{0,62}(?:\.[a-z][a-z0-9_]{0,62})?", re.ASCII)


def _tokens(text: str) -> Iterable[tuple[str, bool]]:
    """(sign, whether it is a plain letter)."""
    literal = False
    for sign in text:
        if literal or sign not in _SIGNS:
            yield sign, True
            literal = False
        elif sign == "!":
            literal = True
        else:
            yield sign, False
