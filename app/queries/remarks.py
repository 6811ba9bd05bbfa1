"""What is odd about a record and refuses nothing: said on its page, for a person to weigh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from app.domain.errors import Problem
from app.domain.row_rules import Across
from app.queries.paths import look
from app.registry import Registry


def of(session: Session, registry: Registry, row: Mapping[str, Any]) -> list[Problem]:
    """The remarks of one whole record."""
    if not registry.remarks:
        return []
    reads = [path for remark in registry.remarks if isinstance(remark, Across) for path in remark.reads]
    whole = {**row, **look(session, registry, [row], reads)[0]}
    return [problem for remark in registry.remarks for problem in remark(whole)]
