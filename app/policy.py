"""Who may see which rows and which fields, and do what: asked here by every door, decided nowhere else.

Rights: the declarations give the defaults, the office changes them (`Grants`, from the table `grant`), and some
floors no change breaks. A right belongs to a role; a person has what any of their roles has.

Rows: the office sees all rows, unless a role or a person is limited to regions, zones or agencies. An agency sees
the rows of its own territory, through the registry's `Scope`; a registry without a scope is open to it only when
none of its fields is personal. A link sees its own company. A row outside the policy does not exist for the actor
(404, never 403).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, False_, Select, True_, and_, false, or_, select, true

from app import territory
from app.domain import steps
from app.domain.actors import DECLARED, Actor, Bounds, Grants
from app.domain.errors import Forbidden, Problem
from app.domain.fields import Field
from app.registry import OFFICE, Registry, get

Action = Literal["list", "read", "create", "update", "delete", "restore", "export", "import", "reveal"]
Right = Literal["read", "create", "update", "delete", "restore", "export", "import", "reveal"]
Sight = Literal["plain", "masked", "hidden"]
Mode = Literal["read", "create", "update"]
RIGHTS: tuple[Right, ...] = get_args(Right)
SIGHTS: tuple[Sight, ...] = get_args(Sight)
RIGHTS_OF_FIELDS = ("read", "write")
GOVERNORS = ("admin",)  # who may change rights
ALLOW, DENY = "allow", "deny"
AGENCY_ROLES = frozenset({"agency_coordinator", "agency_member"})
REVEALERS = frozenset({"admin", "head", "division_head", "analyst", "field_officer"})
DELETERS = frozenset({"admin", "analyst", "secretariat"})
IMPORTERS = frozenset({"admin", "analyst"})
READERS = {  # of what is no registry: its screen and every timeline ask here
    "report": ("admin", "head", "division_head", "analyst", "field_officer", "secretariat", "auditor"),
    "request": ("admin", "head", "division_head", "analyst", "field_officer", "secretariat", "auditor"),
    "mail": ("admin", "head", "division_head", "analyst", "secretariat", "auditor"),
    "link": ("admin", "analyst", "secretariat", "field_officer"),
    "rights": ("admin", "head", "division_head", "auditor"),
    "history": tuple(sorted(OFFICE)),  # who did what stays in the office
}
_LOOKING = frozenset({"read", "export"})


@dataclass(frozen=True, slots=True)
class Rights:
    """What one role, or one person, may do in one registry."""

    actions: frozenset[str]
    sight: Mapping[str, Sight]  # every field
    writes: frozenset[str]  # fields


# ---- what doors ask


def may(actor: Actor, action: Action, registry: Registry) -> bool:
    """Whether the actor may do this kind of thing in this registry at all; rows are asked separately.

    A file knows no territory: whoever is limited to some rows imports none. And its rows are kept as they came, in a
    register: whoever may not write that imports none either.
    """
    able = _right(action) in of(registry, actor).actions
    if action != "import" or not able or actor.kind == "system":
        return able
    kept = ("register", "register_entry")
    return not bounded(actor) and all("create" in of(get(key), actor).actions for key in kept)


def sees(actor: Actor, thing: str) -> bool:
    """Whether the actor may look at reports, requests, mail, links or histories: a key of `READERS`."""
    return actor.kind == "system" or (actor.kind == "staff" and bool(actor.roles & set(READERS[thing])))


def governs(actor: Actor) -> bool:
    """Whether the actor may change what others may do."""
    return actor.kind == "system" or bool(actor.roles & set(GOVERNORS))


def require(actor: Actor, action: Action, registry: Registry) -> None:
    """`may`, or Forbidden."""
    if not may(actor, action, registry):
        raise Forbidden(action=action, registry=registry.key)


def fields(registry: Registry, actor: Actor, mode: Mode = "read") -> list[Field]:
    """The fields the actor may see ("read") or fill ("create", "update"), in declared order."""
    own = of(registry, actor)
    if mode == "read":
        return [f for f in registry.fields.values() if own.sight[f.key] != "hidden"]
    return [f for f in registry.fields.values() if f.key in own.writes]


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
    return frozenset(key for key, sight in of(registry, actor).sight.items() if sight == "masked")


def hidden(registry: Registry, actor: Actor) -> frozenset[str]:
    """Fields this actor does not see at all, and that no search, filter, order or message may tell of."""
    return frozenset(key for key, sight in of(registry, actor).sight.items() if sight == "hidden")


def veiled(registry: Registry, actor: Actor) -> frozenset[str]:
    """Fields this actor cannot look into even by a reveal: not to be told by a filter or half a search either."""
    return frozenset() if may(actor, "reveal", registry) else masked(registry, actor)


def rows(query: Select[Any], registry: Registry, actor: Actor) -> Select[Any]:
    """`query` over the registry's table, cut to the rows the actor may see."""
    return query.where(visible(registry, actor))


def visible(registry: Registry, actor: Actor, action: Action = "list") -> ColumnElement[bool]:
    """The condition on the registry's table that is true for the rows the actor may see, or do `action` to."""
    if actor.kind == "system" or (registry.guarded and "admin" in actor.roles):
        return true()  # a limit on an administrator would keep them from taking it back
    right = _right(action)
    able = [role for role in sorted(actor.roles) if right in rights(registry, role, actor.grants).actions]
    limits = [_bounds_of(role, actor) for role in able]
    shown: ColumnElement[bool] = false()
    if None in limits:
        shown = true()
    elif limits:
        shown = or_(*(territory.within(registry, one) for one in limits if one is not None))
    return and_(shown, territory.within(registry, actor.bounds)) if actor.bounds else shown


def of_company(column: Any, actor: Actor) -> ColumnElement[bool]:
    """True where `column` names a company the actor may see: of reports, letters, requests, which are no registry."""
    company = get("company")
    shown = visible(company, actor)
    if isinstance(shown, True_ | False_):
        return shown
    return column.in_(select(company.table.c.id).where(shown).correlate(None))  # type: ignore[no-any-return]


def bounded(actor: Actor) -> bool:
    """Whether some row may lie outside of what this actor sees."""
    return actor.kind != "system" and bool(actor.bounds or all(_bounds_of(role, actor) for role in actor.roles))


def unlimited(actor: Actor) -> bool:
    """Whether nothing but kind, roles and grants decides what this actor sees: neither person nor role has a limit."""
    return not actor.bounds and all(_bounds_of(role, actor) is None for role in actor.roles)


def of(registry: Registry, actor: Actor) -> Rights:
    """All rights of an actor in a registry: those of any of their roles."""
    if actor.kind == "system":
        return _everything(registry, registry.version)
    if actor.kind == "link":
        return _together(registry, registry.version, frozenset(), DECLARED)  # a link writes submissions, never records
    return _together(registry, registry.version, actor.roles, actor.grants)


# ---- roles, as the page of rights and `sinergi registry show` print them


def rights(registry: Registry, role: str, grants: Grants = DECLARED) -> Rights:
    """What one role may do: as declared, as the office changed it, never beyond the floors."""
    return _of_role(registry, registry.version, role, grants)


def standing(registry: Registry, role: str, right: str, field: str = "", grants: Grants = DECLARED) -> str:
    """The value of one right ("allow", "deny"; of a field's "read": "plain", "masked", "hidden"), taken alone.

    Taken alone: a right to write stands even where the role may not read and so cannot use it.
    """
    offered = options(registry, role, right, field)
    changed = grants.changes.get((role, registry.key, field, right))
    if changed in offered:
        return str(changed)
    declared = _declared(registry, role, right, field)
    return declared if declared in offered else offered[-1]


def options(registry: Registry, role: str, right: str, field: str = "") -> tuple[str, ...]:
    """The values the office may choose between, the widest first; a single one is fixed in code."""
    if field and right == "read":
        return _sights(registry, role, registry.fields[field])
    if registry.guarded and role == "admin":
        return (_declared(registry, role, right, field),)  # or nobody could mend the rights again
    if field:
        closed = role in AGENCY_ROLES or registry.fields[field].computed or registry.guarded
    elif role in AGENCY_ROLES:
        closed = registry.office_only or right not in _LOOKING  # agencies send claims, and never write a register
    else:
        closed = right not in _LOOKING and (role == "auditor" or registry.guarded)
    return (DENY,) if closed else (ALLOW, DENY)


# ---- steps


def _right(action: Action) -> Right:
    return "read" if action == "list" else action


def _bounds_of(role: str, actor: Actor) -> Bounds | None:
    """The limit of a role on rows; None where it has none. An agency's own territory is its limit, even if empty."""
    if role in AGENCY_ROLES:
        return Bounds(
            regions=frozenset({actor.region_code} - {None, ""}),  # type: ignore[arg-type]
            agencies=frozenset({actor.agency_id} - {None}),  # type: ignore[arg-type]
        )
    return actor.role_bounds.get(role) or None


@lru_cache(maxsize=8192)
def _of_role(registry: Registry, _version: int, role: str, grants: Grants) -> Rights:
    able = frozenset(right for right in RIGHTS if standing(registry, role, right, grants=grants) == ALLOW)
    if "read" not in able:
        return Rights(frozenset(), dict.fromkeys(registry.fields, "hidden"), frozenset())
    sight: dict[str, Sight] = {key: standing(registry, role, "read", key, grants) for key in registry.fields}  # type: ignore[misc]
    writing = bool(able & {"create", "update", "import"})
    writes = frozenset(
        key
        for key, seen in sight.items()
        if writing and seen != "hidden" and standing(registry, role, "write", key, grants) == ALLOW
    )
    return Rights(able, sight, writes)


@lru_cache(maxsize=4096)
def _together(registry: Registry, version: int, roles: frozenset[str], grants: Grants) -> Rights:
    own = [_of_role(registry, version, role, grants) for role in roles]
    sight: dict[str, Sight] = {
        key: min((one.sight[key] for one in own), key=SIGHTS.index, default="hidden") for key in registry.fields
    }
    actions = frozenset[str]().union(*(one.actions for one in own))
    return Rights(actions, sight, frozenset[str]().union(*(one.writes for one in own)))


@lru_cache(maxsize=1024)
def _everything(registry: Registry, _version: int) -> Rights:
    sight: dict[str, Sight] = {key: "masked" if f.masked else "plain" for key, f in registry.fields.items()}
    writes = frozenset(key for key, f in registry.fields.items() if not f.computed)
    return Rights(frozenset(RIGHTS), sight, writes)


def _declared(registry: Registry, role: str, right: str, field: str) -> str:
    if not field:
        return ALLOW if role in _declared_roles(registry, right) else DENY
    f = registry.fields[field]
    if right == "write":
        return DENY if f.computed or (f.write is not None and role not in f.write) else ALLOW
    if f.read is not None and role not in f.read:
        return "hidden"
    if role in AGENCY_ROLES and not registry.shared(f):
        return "hidden"
    return "masked" if f.masked else "plain"


def _declared_roles(registry: Registry, right: str) -> frozenset[str]:
    if right == "read":
        return registry.read
    if right == "export":
        return registry.read - AGENCY_ROLES
    if right == "reveal":
        return registry.read & REVEALERS
    if right == "import":
        return registry.write & IMPORTERS
    return registry.write & DELETERS if right in ("delete", "restore") else registry.write


def _sights(registry: Registry, role: str, f: Field) -> tuple[Sight, ...]:
    if role in AGENCY_ROLES:
        if registry.office_only or f.sensitivity == "specific":
            return ("hidden",)
        return ("masked", "hidden") if f.masked else SIGHTS
    if registry.guarded and role == "admin":
        return ("plain",)
    return ("masked", "hidden") if f.sensitivity == "specific" else SIGHTS
