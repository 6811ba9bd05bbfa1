"""Who may see which rows and which fields, and do what: asked here by every door, decided nowhere else.

Row scope: the office sees all rows. An agency sees the rows of its own territory, through the
registry's `Scope`; a registry without a scope is open to it only when none of its fields is personal.
A link sees its own company. A row outside the policy does not exist for the actor (404, never 403).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true

from app.domain import steps
from app.domain.actors import Actor
from app.domain.errors import Forbidden, Problem
from app.domain.fields import Field
from app.registry import Registry, get

Action = Literal["list", "read", "create", "update", "delete", "restore", "export", "import", "reveal"]
Mode = Literal["read", "create", "update"]
_READING = frozenset({"list", "read", "export"})
_AGENCY_ROLES = frozenset({"agency_coordinator", "agency_member"})
REVEALERS = frozenset({"admin", "head", "division_head", "analyst", "field_officer"})
DELETERS = frozenset({"admin", "analyst", "secretariat"})
READERS = {  # of what is no registry: its screen and every timeline ask here
    "report": ("admin", "head", "division_head", "analyst", "field_officer", "secretariat", "auditor"),
    "request": ("admin", "head", "division_head", "analyst", "field_officer", "secretariat", "auditor"),
    "mail": ("admin", "head", "division_head", "analyst", "secretariat", "auditor"),
    "link": ("admin", "analyst", "secretariat", "field_officer"),
}


def may(actor: Actor, action: Action, registry: Registry) -> bool:
    """Whether the actor may do this kind of thing in this registry at all; rows are asked separately."""
    if actor.kind == "system":
        return True
    if actor.kind == "link":
        return False  # a link writes submissions, never records
    if action in _READING:
        return bool(actor.roles & registry.read)
    if action == "reveal":
        return bool(actor.roles & registry.read & REVEALERS)
    if action in ("delete", "restore"):
        return bool(actor.roles & registry.write & DELETERS)
    return bool(actor.roles & registry.write)


def sees(actor: Actor, thing: str) -> bool:
    """Whether the actor may look at reports, requests, mail or links: a key of `READERS`."""
    return actor.kind == "system" or (actor.kind == "staff" and bool(actor.roles & set(READERS[thing])))


def require(actor: Actor, action: Action, registry: Registry) -> None:
    """`may`, or Forbidden."""
    if not may(actor, action, registry):
        raise Forbidden(action=action, registry=registry.key)


def fields(registry: Registry, actor: Actor, mode: Mode = "read") -> list[Field]:
    """The fields the actor may see ("read") or fill ("create", "update"), in declared order."""
    if mode == "read":
        return [f for f in registry.fields.values() if _allowed(f.read, actor)]
    return [f for f in registry.fields.values() if not f.computed and _allowed(f.write, actor)]


def offered(registry: Registry, actor: Actor, row: Mapping[str, Any] | None = None) -> list[Field]:
    """The fields of a form (new without `row`); a state is offered with the steps this actor may take from here."""
    roles = None if actor.kind == "system" else actor.roles
    made = fields(registry, actor, "update" if row else "create")
    return [steps.offered(f, row.get(f.key) if row else None, roles) if f.states else f for f in made]


def reserved_steps(
    registry: Registry, actor: Actor, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Problem]:
    """Steps between states in `after` that are for other roles to take."""
    if actor.kind == "system" or not registry.states:
        return []
    taken = [name for name in registry.states if name in after]
    judged = [steps.reserved(registry.fields[n], before.get(n), after[n], actor.roles) for n in taken]
    return [problem for problem in judged if problem is not None]


def masked(registry: Registry, actor: Actor) -> frozenset[str]:
    """Fields shown as dots to this actor until a reveal, which is logged."""
    return frozenset(name for name, f in registry.fields.items() if f.masked)


def veiled(registry: Registry, actor: Actor) -> frozenset[str]:
    """Fields this actor cannot look into even by a reveal: not to be told by a filter or half a search either."""
    return frozenset() if may(actor, "reveal", registry) else masked(registry, actor)


def rows(query: Select[Any], registry: Registry, actor: Actor) -> Select[Any]:
    """`query` over the registry's table, cut to the rows the actor may see."""
    return query.where(visible(registry, actor))


def visible(registry: Registry, actor: Actor) -> ColumnElement[bool]:
    """The condition on the registry's table that is true for the rows the actor may see."""
    if actor.kind == "system":
        return true()
    if not actor.roles & registry.read:
        return false()
    if not (actor.roles <= _AGENCY_ROLES):
        return true()
    return _territory(registry, actor)


def _territory(registry: Registry, actor: Actor) -> ColumnElement[bool]:
    scope, table = registry.scope, registry.table
    allowed: list[ColumnElement[bool]] = []
    if scope.region and actor.region_code:
        allowed.append(table.c[scope.region].in_(_regions_under(actor.region_code)))
    if scope.agency and actor.agency_id is not None:
        allowed.append(table.c[scope.agency] == actor.agency_id)
    if scope.company and actor.region_code:
        company = get("company")
        inside = select(company.table.c.id).where(company.table.c.region.in_(_regions_under(actor.region_code)))
        allowed.append(table.c[scope.company].in_(inside))
    if allowed:
        return or_(*allowed)
    personal = any(f.sensitivity in ("personal", "specific") for f in registry.fields.values())
    return false() if personal or scope.region or scope.agency or scope.company else true()


def _regions_under(code: str) -> Select[Any]:
    region = get("region").table
    return select(region.c.id).where(and_(region.c.code >= code, region.c.code < code + "\uffff"))


def _allowed(roles: frozenset[str] | None, actor: Actor) -> bool:
    return roles is None or actor.kind == "system" or bool(actor.roles & roles)
