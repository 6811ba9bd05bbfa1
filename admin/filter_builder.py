"""The builder of conditions: numbered rows of one form, which works without JavaScript.

A row is named by its place: w.1.f, w.1.o, w.1.v (field, operator, values), w.2.j (the join of a group) and w.2.1.f
inside it. "w.do" is a button: add a condition, add a group, drop a row; the page is then drawn anew with the rows as
typed. Without a button the rows become conditions and stand in the address.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.domain.conditions import (
    MOST_DEPTH,
    Condition,
    Group,
    Join,
    Operator,
    Part,
    arity,
    kind_of,
    operators,
)
from app.domain.list_state import ListState
from app.queries.filters import Target

MOST_ROWS = 30
ADD, ADD_GROUP, DROP = "add", "group", "drop"


@dataclass(slots=True)
class Row:
    """One condition as typed; `values` may still be missing or wrong."""

    path: str = ""
    operator: str = ""
    values: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Box:
    """A group of rows as typed."""

    join: Join = "all"
    parts: list[Row | Box] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form holds. `asked` is the button that was pressed, "" for none."""

    box: Box
    asked: str = ""

    def part(self, targets: Mapping[str, Target]) -> tuple[Group, bool]:
        """The rows that are complete as conditions, and whether all are."""
        return _group(self.box, targets)


def read(parameters: Iterable[tuple[str, str]]) -> Draft | None:
    """The draft in the parameters of a request, the button already carried out; None where there is none."""
    given: dict[str, list[str]] = {}
    for name, text in parameters:
        if name.startswith("w."):
            given.setdefault(name[2:], []).append(text.strip())
    if not given:
        return None
    asked = (given.pop("do", None) or [""])[0]
    box = _box(given, "", 0)
    return Draft(_done(box, asked), asked)


def of(group: Group) -> Box:
    """Conditions as rows."""
    box = Box(group.join)
    for part in group.parts:
        if isinstance(part, Group):
            box.parts.append(of(part))
        else:
            box.parts.append(Row(part.path, part.operator, [str(value) for value in part.values]))
    return box


def settled(state: ListState, draft: Draft | None, targets: Mapping[str, Target]) -> tuple[ListState, bool]:
    """The state with what of the draft is complete, and whether nothing of the draft is left to be filled in."""
    if draft is None:
        return state, True
    where, complete = draft.part(targets)
    return state.narrowed(where), complete and not draft.asked


def _box(given: Mapping[str, list[str]], place: str, depth: int) -> Box:
    join: Join = "any" if given.get(f"{place}j", [""])[0] == "any" else "all"
    box = Box(join)
    numbers = {name[len(place) :].split(".")[0] for name in given if name.startswith(place)}
    for number in sorted(int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 4):
        inner = f"{place}{number}."
        if f"{inner}j" in given and depth < MOST_DEPTH:
            box.parts.append(_box(given, inner, depth + 1))
        elif f"{inner}f" in given:
            box.parts.append(_row(given, inner))
    box.parts = box.parts[:MOST_ROWS]
    return box


def _row(given: Mapping[str, list[str]], place: str) -> Row:
    values = [text for text in given.get(f"{place}v", []) if text]
    operator = given.get(f"{place}o", [""])[0]
    if operator == "in":  # typed into one box
        values = [one.strip() for text in values for one in text.replace(";", ",").split(",") if one.strip()]
    return Row(given[f"{place}f"][0], operator, values[:100])


def _done(box: Box, asked: str) -> Box:
    what, _, where = asked.partition(":")
    steps = [int(one) for one in where.split(".") if one.isascii() and one.isdigit()]
    if what == DROP and steps:
        parent = _at(box, steps[:-1])
        if parent is not None and 0 < steps[-1] <= len(parent.parts):
            del parent.parts[steps[-1] - 1]
    elif what in (ADD, ADD_GROUP):
        parent = _at(box, steps)
        if parent is not None and len(parent.parts) < MOST_ROWS:
            parent.parts.append(Row() if what == ADD else Box("any", [Row()]))
    return box


def _at(box: Box, steps: list[int]) -> Box | None:
    for step in steps:
        inner = box.parts[step - 1] if 0 < step <= len(box.parts) else None
        if not isinstance(inner, Box):
            return None
        box = inner
    return box


def _group(box: Box, targets: Mapping[str, Target]) -> tuple[Group, bool]:
    parts: list[Part] = []
    complete = True
    for one in box.parts:
        if isinstance(one, Box):
            inner, whole = _group(one, targets)
            complete = complete and whole
            if inner:
                parts.append(inner)
        elif (made := condition(one, targets)) is not None:
            parts.append(made)
        elif one.path or one.values:
            complete = False
    return Group(box.join, tuple(parts)), complete


def condition(row: Row, targets: Mapping[str, Target]) -> Condition | None:
    """A row as a condition; None while something is missing."""
    found = targets.get(row.path)
    operator = known(row, targets)
    if found is None or operator is None:
        return None
    fewest, most = arity(operator)
    values = tuple(row.values[:most]) if most else ()
    return Condition(row.path, operator, values) if len(values) >= fewest else None


def known(row: Row, targets: Mapping[str, Target]) -> Operator | None:
    """The operator of a row where its field has it."""
    found = targets.get(row.path)
    if found is None:
        return None
    return next((one for one in operators(found.field) if one == row.operator), None)


def widget(found: Target, operator: Operator) -> str:
    """Which box takes the values: none, choice, reference, days, period, list, date, number, text."""
    if arity(operator)[1] == 0:
        return "none"
    if operator == "period":
        return "period"
    if operator in ("next", "last", "ago", "beyond"):
        return "days"
    kind = kind_of(found.field)
    if found.field.reference:
        return "reference"
    if kind in ("choice", "list"):
        return "choice"
    if operator == "in":
        return "list"
    return "date" if kind in ("date", "instant") else kind
