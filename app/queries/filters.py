"""Conditions of a list → SQL, for both databases and within what the actor may know.

A condition that cannot be read, or that speaks of a field the actor may not look into, is said and left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, ColumnElement, String, and_, case, cast, exists, false, func, or_, select
from sqlmodel import Session

from app import policy
from app.config import settings
from app.domain import condition_days
from app.domain.actors import Actor
from app.domain.condition_days import Span
from app.domain.conditions import Condition, Group, Kind, Part, kind_of, operators
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.record_fields import RECORD_FIELDS
from app.domain.semantic import Invalid
from app.domain.types import DateType
from app.models.record import is_public_id
from app.queries.keys import LARGEST, among, fetch, same, storable
from app.registry import Registry, get
from app.search import escaped

FEW = 500  # records of another registry that are named one by one


@dataclass(frozen=True, slots=True)
class Target:
    """What a path names: the field, the registry it stands in, and the reference the path goes through."""

    field: Field
    registry: Registry
    through: Field | None = None


def targets(registry: Registry, actor: Actor, *, hops: bool = True) -> dict[str, Target]:
    """Every path the actor may narrow a list by: own fields, created and changed, one step through a reference.

    Declared by the fields alone: a reference that filters leads to what filters in the registry it points to.
    """
    closed = policy.veiled(registry, actor)
    own = [f for f in policy.fields(registry, actor) if f.key not in closed and f.type.key != "raw_row"]
    found = {f.key: Target(f, registry) for f in own}
    found |= {key: Target(f, registry) for key, f in RECORD_FIELDS.items()}
    if hops:
        for f in own:
            if f.reference and f.filter and f.type.python is not list:
                found |= _through(f, get(f.reference), actor)
    return found


def _through(reference: Field, other: Registry, actor: Actor) -> dict[str, Target]:
    if not policy.may(actor, "list", other):
        return {}
    closed = policy.veiled(other, actor)
    return {
        f"{reference.key}.{f.key}": Target(f, other, reference)
        for f in policy.fields(other, actor)
        if f.filter and f.key not in closed
    }


def target(registry: Registry, actor: Actor, path: str) -> Target | None:
    """What one path names; None where there is no such thing for this actor."""
    return targets(registry, actor, hops="." in path).get(path)


def condition(
    session: Session, registry: Registry, where: Group, actor: Actor, *, today: date | None = None
) -> tuple[ColumnElement[bool] | None, list[Problem]]:
    """`where` as one condition on the registry's table, None where it holds for every row.

    `today` is needed as soon as a condition counts from it ("within 30 days").
    """
    if not where:
        return None, []
    reading = _Reading(session, registry, where, actor, today)
    return reading.group(where), reading.problems


class _Reading:
    """One walk over a group. `problems` holds what was left out."""

    def __init__(self, session: Session, registry: Registry, where: Group, actor: Actor, today: date | None) -> None:
        self.session, self.actor, self.today = session, actor, today
        paths = {one.path for one in where.conditions()}
        self.targets = targets(registry, actor, hops=any("." in path for path in paths))
        self.registry = registry
        self.problems: list[Problem] = []
        self.ids = self._resolved(where)

    def group(self, group: Group) -> ColumnElement[bool] | None:
        made = [one for part in group.parts if (one := self._part(part)) is not None]
        if not made:
            return None
        return and_(*made) if group.join == "all" else or_(*made)

    def _part(self, part: Part) -> ColumnElement[bool] | None:
        if isinstance(part, Group):
            return self.group(part)
        found = self.targets.get(part.path)
        if found is None or part.operator not in operators(found.field):
            self.problems.append(Problem("filter_unknown", field=part.path, value=part.operator))
            return None
        known = self._known(found.field, part)
        if part.values and not known.values:
            return None
        try:
            return self._placed(found, known)
        except Invalid as wrong:
            value = ", ".join(str(one) for one in part.values)
            self.problems.append(
                Problem(wrong.code, field=part.path, value=value, suggestion=wrong.suggestion, params=wrong.params)
            )
            return None

    def _known(self, field: Field, one: Condition) -> Condition:
        """The condition without values that its closed list does not have: those are said.

        A record that is not there stays among them: nothing matches it, and leaving it out would show everything.
        """
        kind = kind_of(field)
        if kind not in ("choice", "list", "reference"):
            return one
        kept = []
        for value in one.values:
            try:
                self._elements(field, value) if kind == "list" else self._value(field, value)
            except Invalid:
                self.problems.append(Problem("filter_value_unknown", field=one.path, value=str(value)))
                continue
            kept.append(value)
            if field.reference and (field.reference, value) not in self.ids:
                self.problems.append(Problem("filter_record_unknown", field=one.path, value=str(value)))
        return replace(one, values=tuple(kept))

    def _placed(self, found: Target, one: Condition) -> ColumnElement[bool]:
        column = found.registry.table.c[found.field.key]
        made = self._one(found.field, column, one)
        if found.through is None:
            return made
        other, column = found.registry, self.registry.table.c[found.through.key]
        inside = select(other.table.c.id).where(made, policy.visible(other, self.actor))
        few = self.session.execute(inside.limit(FEW + 1)).scalars().all()
        if len(few) > FEW:
            return column.in_(inside)
        return among(self.session, column, few) if few else false()  # the planner then knows how few they are

    def _one(self, field: Field, column: Column[Any], one: Condition) -> ColumnElement[bool]:
        kind = kind_of(field)
        if kind in ("list", "files"):
            return self._list(field, column, one)
        if one.operator == "empty":
            return column.is_(None)
        if one.operator == "filled":
            return column.is_not(None)
        if kind in ("date", "instant"):
            return self._days(field, column, kind, one)
        if one.operator in ("contains", "lacks", "starts"):
            return _worded(column, one.operator, str(one.values[0]))
        if one.operator in ("is", "not", "in"):
            values = [self._value(field, value) for value in one.values]
            if one.operator == "not":
                return _other(column, values)
            dialect = self.session.get_bind().dialect.name
            equal: ColumnElement[bool] = same(dialect, column, lambda asked: _equal(asked, values))
            return equal
        return _compared(column, one.operator, [self._value(field, value) for value in one.values])

    def _days(self, field: Field, column: Column[Any], kind: Kind, one: Condition) -> ColumnElement[bool]:
        if one.operator in ("is", "not") and len(one.values) > 1:
            each = [self._days(field, column, kind, Condition(one.path, "is", (value,))) for value in one.values]
            return or_(*each) if one.operator == "is" else or_(~or_(*each), column.is_(None))
        return _within(column, kind, self._span(field, one), one.operator)

    def _span(self, field: Field, one: Condition) -> Span:
        first = str(one.values[0]) if one.values else ""
        if one.operator in condition_days.RELATIVE:
            if self.today is None:
                raise ValueError("a condition that counts from today needs `today`")
            return condition_days.relative(one.operator, first, self.today)
        reader = field.type if isinstance(field.type, DateType) else DateType()
        days = [reader.parse(str(value)) for value in one.values]
        return condition_days.absolute(one.operator, days[0], days[-1])

    def _value(self, field: Field, value: str | int) -> Any:
        if field.reference:
            if isinstance(value, str) and not is_public_id(value):
                raise Invalid("reference_unknown")
            return self.ids.get((field.reference, value), 0)  # not there for this actor: no row has it
        if not storable(value):
            raise Invalid("pattern", kind="control")
        return field.type.parse(value)

    def _list(self, field: Field, column: Column[Any], one: Condition) -> ColumnElement[bool]:
        blank = or_(column.is_(None), cast(column, String).in_(("[]", "null")))
        if one.operator == "empty":
            return blank
        if one.operator == "filled":
            return ~blank
        values = [value for given in one.values for value in self._elements(field, given)]
        held = _holds(self.session.get_bind().dialect.name, column, values)
        return or_(blank, ~held) if one.operator == "lacks" else held

    def _elements(self, field: Field, given: str | int) -> list[str]:
        if field.reference:
            return [str(self._value(field, given))]
        return [str(one) for one in field.type.parse(given)]

    def _resolved(self, where: Group) -> dict[tuple[str, str | int], int]:
        """The ids of the records that conditions name by public id, one query a registry."""
        wanted: dict[str, set[str]] = {}
        ids: dict[tuple[str, str | int], int] = {}
        for one in where.conditions():
            found = self.targets.get(one.path)
            if found is None or not found.field.reference:
                continue
            for value in one.values:
                if isinstance(value, int):
                    ids[found.field.reference, value] = value if 0 <= value <= LARGEST else 0
                else:
                    wanted.setdefault(found.field.reference, set()).add(value)
        for key, public_ids in wanted.items():
            other = get(key)
            table = other.table
            for row in fetch(
                self.session, table, table.c.public_id, public_ids, policy.visible(other, self.actor)
            ):  # fmt: skip
                ids[key, row["public_id"]] = row["id"]
        return ids


def _equal(column: ColumnElement[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    if len(values) == 1:
        made: ColumnElement[bool] = column == values[0]
        return made
    return column.in_(values)


def _other(column: Column[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    different = column != values[0] if len(values) == 1 else column.not_in(values)
    return or_(different, column.is_(None)) if column.nullable else different


def _worded(column: Column[Any], operator: str, text: str) -> ColumnElement[bool]:
    if not storable(text):
        raise Invalid("pattern", kind="control")
    start = "" if operator == "starts" else "%"
    held = func.lower(cast(column, String)).like(f"{start}{escaped(text.strip().lower())}%", escape="\\")
    return or_(~held, column.is_(None)) if operator == "lacks" else held


def _compared(column: Column[Any], operator: str, values: Sequence[Any]) -> ColumnElement[bool]:
    if operator == "between":
        return column.between(min(values), max(values))
    compare = {"lt": column.__lt__, "le": column.__le__, "gt": column.__gt__, "ge": column.__ge__}
    made: ColumnElement[bool] = compare[operator](values[0])
    return made


def _within(column: Column[Any], kind: Kind, span: Span, operator: str) -> ColumnElement[bool]:
    """Days of a span; a moment belongs to the day it has at the office."""
    first, last = span
    low: Any = first
    high: Any = last
    if kind == "instant":
        low = None if first is None else _midnight(first)
        high = None if last is None else _midnight(last + timedelta(days=1))
    bounds: list[ColumnElement[bool]] = []
    if low is not None:
        bounds.append(column >= low)
    if high is not None:
        bounds.append(column < high if kind == "instant" else column <= high)
    if kind == "date" and low is not None and low == high:
        bounds = [column == low]
    if operator == "not":
        return or_(~and_(*bounds), column.is_(None))
    return and_(*bounds) if bounds else false()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(settings().office_time_zone)).astimezone(UTC)


def _holds(dialect: str, column: Column[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """Whether a JSON list holds one of `values`; ids are compared as text."""
    if dialect == "postgresql":
        listed = case((func.json_typeof(column) == "array", column))  # a JSON null has no elements to give
        elements = func.json_array_elements_text(listed).table_valued("value").alias("element")
    else:
        elements = func.json_each(column).table_valued("value").alias("element")
    return exists(select(1).select_from(elements).where(cast(elements.c.value, String).in_(values)))
