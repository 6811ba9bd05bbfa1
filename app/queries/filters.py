"""Typed filters of a list: field, operator, value as they stand in a URL → a condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, and_, cast, func

from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.semantic import Invalid
from app.domain.types import BoolType, ChoiceType, CountryCodeType
from app.registry import Registry
from app.search import escaped

Operator = Literal["eq", "ne", "in", "contains", "starts", "lt", "le", "gt", "ge", "empty", "filled"]
_ORDERED: tuple[Operator, ...] = ("eq", "ge", "le", "gt", "lt", "empty", "filled")
_CHOSEN: tuple[Operator, ...] = ("eq", "ne", "in", "empty", "filled")
_WORDED: tuple[Operator, ...] = ("contains", "eq", "starts", "empty", "filled")


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter. `value` is text as typed; "in" takes values joined by commas."""

    field: str
    operator: Operator = "eq"
    value: str = ""


def operators(field: Field) -> tuple[Operator, ...]:
    """The operators that make sense for a field, the usual one first."""
    if field.reference or isinstance(field.type, ChoiceType | CountryCodeType | BoolType):
        return _CHOSEN
    return _WORDED if field.type.python is str else _ORDERED


def condition(registry: Registry, filters: Sequence[Filter]) -> tuple[ColumnElement[bool] | None, list[Problem]]:
    """All filters joined by AND; a filter that cannot be read is a problem and left out."""
    made: list[ColumnElement[bool]] = []
    problems: list[Problem] = []
    for one in filters:
        field = registry.fields.get(one.field)
        if field is None or one.operator not in operators(field):
            problems.append(Problem("filter_unknown", field=one.field, value=one.operator))
            continue
        try:
            made.append(_one(registry, field, one))
        except Invalid as wrong:
            problems.append(
                Problem(wrong.code, field=one.field, value=one.value, suggestion=wrong.suggestion, params=wrong.params)
            )
    return (and_(*made) if made else None), problems


def _one(registry: Registry, field: Field, one: Filter) -> ColumnElement[bool]:
    column = registry.table.c[field.key]
    if one.operator == "empty":
        return column.is_(None)
    if one.operator == "filled":
        return column.is_not(None)
    if one.operator == "in":
        return column.in_([_value(field, part) for part in one.value.split(",") if part.strip()])
    if one.operator in ("contains", "starts"):
        pattern = escaped(one.value.lower())
        start = "" if one.operator == "starts" else "%"
        return func.lower(cast(column, String)).like(f"{start}{pattern}%", escape="\\")
    value = _value(field, one.value)
    if one.operator == "ne":
        return column.is_distinct_from(value)
    if one.operator == "eq":
        equal: ColumnElement[bool] = column == value
        return equal
    compare = {"lt": column.__lt__, "le": column.__le__, "gt": column.__gt__, "ge": column.__ge__}
    made: ColumnElement[bool] = compare[one.operator](value)
    return made


def _value(field: Field, text: str) -> Any:
    if field.reference:
        if not text.strip().isdigit():
            raise Invalid("reference_unknown")
        return int(text)
    return field.type.parse(text)
