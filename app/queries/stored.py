"""Values of the audit table's JSON as the columns hold them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Date, DateTime, Numeric, Table
from sqlalchemy.types import TypeDecorator


def typed(table: Table, name: str, value: Any) -> Any:
    """`value` (dates as ISO text, decimals as text) as the Python value of the column `name`."""
    kind = table.c[name].type
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return Decimal(value) if isinstance(kind, Numeric) and isinstance(value, str) else value
