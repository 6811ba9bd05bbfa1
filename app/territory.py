"""Row scopes as SQL: which rows of a registry lie within a limit (`Bounds`), told by the paths of its `Scope`.

A path becomes subqueries over indexed references ("company.region": company IN (SELECT id FROM company WHERE
region IN …)), alike on both databases, and without a parameter for each region: a province has thousands.
Only `app.policy` asks here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, false, literal, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import NullType

from app.domain.actors import Bounds, Reach
from app.registry import Registry, get

Test = Callable[[Any], ColumnElement[bool]]  # column → condition


@lru_cache(maxsize=4096)
def within(registry: Registry, bounds: Bounds) -> ColumnElement[bool]:
    """True for the rows that lie within the bounds, by any path of the registry's scope.

    Without a scope a registry is reference data and open, unless a person stands in it. Limits are few and a page asks
    dozens of times: a condition once made is used again.
    """
    if not registry.scope:
        return false() if registry.personal else true()
    return _within(registry, registry.table, bounds)


def end(registry: Registry, path: str) -> Registry:
    """The registry at the end of a path. Raises KeyError or NotFound where a step leads nowhere."""
    for step in path.split("."):
        key, back = _reverse(step)
        if back:
            if get(key).references[back] != registry.key:
                raise KeyError(step)
            registry = get(key)
        elif step != "id":
            registry = get(registry.references[step])
    return registry


def _within(registry: Registry, table: FromClause, bounds: Bounds) -> ColumnElement[bool]:
    ways = []
    for reach, path in registry.scope.paths():
        test = _test(registry, reach, path, bounds)
        if test is not None:
            ways.append(_reached(registry, table, path, test))
    return or_(*ways) if ways else false()


def _test(registry: Registry, reach: Reach, path: str, bounds: Bounds) -> Test | None:
    """What the value at the end of a path must pass; None where the bounds say nothing of such values."""
    if reach == "record":
        target = end(registry, path)
        inner = target.table.alias()
        return lambda column: column.in_(select(inner.c.id).where(_within(target, inner, bounds)))
    if reach == "region":
        return (lambda column: column.in_(_regions_under(bounds.regions))) if bounds.regions else None
    ids = bounds.zones if reach == "zone" else bounds.agencies
    return (lambda column: column.in_(sorted(ids))) if ids else None


def _reached(registry: Registry, table: FromClause, path: str, test: Test) -> ColumnElement[bool]:
    """True for the rows of `table` from which `path` leads to a value that passes `test`."""
    step, _, rest = path.partition(".")
    key, back = _reverse(step)
    if back:
        inner = get(key).table.alias()
        passes = _reached(get(key), inner, rest or "id", test)
        live = select(inner.c[back]).where(inner.c.deleted_at.is_(None), inner.c[back].is_not(None), passes)
        return table.c.id.in_(live)
    if not rest:
        return test(table.c[step])
    target = get(registry.references[step])
    inner = target.table.alias()
    return table.c[step].in_(select(inner.c.id).where(_reached(target, inner, rest, test)))


def _reverse(step: str) -> tuple[str, str]:
    """("sponsorship", "person") of "sponsorship[person]"; ("region", "") of "region"."""
    key, _, back = step.rstrip("]").partition("[")
    return key, back


def _regions_under(codes: frozenset[str]) -> Select[Any]:
    region = get("region").table.alias()
    # "35.16" itself and "35.16.…", not "35.160": "/" is the sign after ".", and before every digit
    under = [between(region.c.code, code, f"{code}/") for code in sorted(codes)]
    return select(region.c.id).where(or_(*under))


class _Between(FunctionElement[bool]):
    """first ≤ column < last, by the bytes: no language of a database may sort codes otherwise."""

    inherit_cache = True
    type = NullType()  # type: ignore[assignment]  # as a Boolean it would be compared with 1, and no index answers that
    name = "sinergi_between"


def between(column: ColumnElement[Any], first: str, last: str) -> ColumnElement[bool]:
    return _Between(column, literal(first), literal(last))


@compiles(_Between)
def _compiled(element: _Between, compiler: SQLCompiler, **kw: Any) -> str:
    column, first, last = (compiler.process(part, **kw) for part in element.clauses)
    return f"({column} >= {first} AND {column} < {last})"


@compiles(_Between, "postgresql")
def _compiled_postgresql(element: _Between, compiler: SQLCompiler, **kw: Any) -> str:
    column, first, last = (compiler.process(part, **kw) for part in element.clauses)
    return f"({column} ~>=~ {first} AND {column} ~<~ {last})"
