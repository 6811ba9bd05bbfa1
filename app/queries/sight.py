"""Who may see one record: role by role, class of fields by class, agency by agency; and who looked at what is masked.

Everything is asked of the policy itself, so that this answer cannot differ from what happens. Three statements,
however many roles and agencies there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, select
from sqlmodel import Session, col

from app import policy
from app.domain.actors import Actor, Grants
from app.domain.fields import Label, Sensitivity
from app.models.audit import LOOKED, AuditEntry
from app.models.organisation import Agency, Region
from app.queries import grants
from app.registry import SENSITIVITIES, Registry, get

Extent = Literal["plain", "partly", "masked", "hidden"]
AGENCIES = 200  # asked at once
LOOKS = 50


@dataclass(frozen=True, slots=True)
class RoleSight:
    """`row` says whether the role sees this record at all; `classes` how much of each class of fields it has."""

    code: str
    title: Label
    row: bool
    classes: Mapping[Sensitivity, Extent]
    writes: bool
    reveals: bool


@dataclass(frozen=True, slots=True)
class Look:
    """A masked value was looked at: which field of which record."""

    at: datetime
    who: str
    entity: str
    field: str
    reason: str | None


def roles(session: Session, registry: Registry, row: Mapping[str, Any]) -> list[RoleSight]:
    """Every role of the office and of partner agencies; an agency's rows depend on its territory (`agencies`)."""
    changed = grants.current(session)
    table = get("role").table
    found = session.execute(select(table).where(table.c.deleted_at.is_(None)).order_by(table.c.id)).mappings()
    known = [dict(one) for one in found]
    actors = [_role(session, one, changed) for one in known]
    rows = _seen(session, registry, row, [policy.visible(registry, actor) for actor in actors])
    made = []
    for one, seen in zip(known, rows, strict=True):
        rights = policy.rights(registry, one["code"], changed)
        agency = one["code"] in policy.AGENCY_ROLES
        made.append(
            RoleSight(
                one["code"],
                Label(one["label_id"], one["label_en"]),
                row=seen or (agency and "read" in rights.actions),
                classes=_classes(registry, rights),
                writes="update" in rights.actions,
                reveals="reveal" in rights.actions,
            )
        )
    return made


def agencies(session: Session, registry: Registry, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, public id) of the agencies in whose territory the record lies, as far as their roles read it at all."""
    changed = grants.current(session)
    readers = [one for one in sorted(policy.AGENCY_ROLES) if "read" in policy.rights(registry, one, changed).actions]
    if not readers:
        return []
    query = select(col(Agency.id), col(Agency.name), col(Agency.public_id), col(Region.code))
    query = query.outerjoin(Region, col(Region.id) == col(Agency.region))
    query = query.where(
        col(Agency.deleted_at).is_(None), col(Agency.status) == "active", col(Agency.kind) != "imigrasi"
    )
    found = session.execute(query.order_by(col(Agency.name)).limit(AGENCIES)).all()
    actors = [
        Actor("agency", one.name, frozenset(readers), agency_id=one.id, region_code=one.code, grants=changed)
        for one in found
    ]
    rows = _seen(session, registry, row, [policy.visible(registry, actor) for actor in actors])
    return [(one.name, one.public_id) for one, seen in zip(found, rows, strict=True) if seen]


def looks(session: Session, records: Mapping[str, Sequence[str]], actor: Actor) -> list[Look]:
    """Who revealed a masked value of these records, or took a sensitive file (registry → public ids), newest first."""
    if not policy.sees(actor, "history") or not records:
        return []
    query = select(AuditEntry).where(
        col(AuditEntry.entity).in_(records),
        col(AuditEntry.entity_id).in_([one for ids in records.values() for one in ids]),
        col(AuditEntry.action).in_(LOOKED),
    )
    found = session.execute(query.order_by(col(AuditEntry.seq).desc()).limit(LOOKS)).scalars()
    return [Look(one.at, one.actor, one.entity, str((one.after or {}).get("field", "")), one.reason) for one in found]


def _role(session: Session, role: Mapping[str, Any], changed: Grants) -> Actor:
    limit = grants.bounds(session, role)
    kind: Literal["agency", "staff"] = "agency" if role["code"] in policy.AGENCY_ROLES else "staff"
    return Actor(
        kind,
        role["code"],
        frozenset({role["code"]}),
        grants=changed,
        role_bounds={role["code"]: limit} if limit else {},
    )


def _seen(
    session: Session, registry: Registry, row: Mapping[str, Any], conditions: Sequence[ColumnElement[bool]]
) -> list[bool]:
    """Each condition for this one record, asked in one statement."""
    if not conditions:
        return []
    asked = [case((one, 1), else_=0).label(f"c{number}") for number, one in enumerate(conditions)]
    found = session.execute(select(*asked).select_from(registry.table).where(registry.table.c.id == row["id"])).one()
    return [bool(one) for one in found]


def _classes(registry: Registry, rights: policy.Rights) -> dict[Sensitivity, Extent]:
    made: dict[Sensitivity, Extent] = {}
    for class_ in SENSITIVITIES:
        sights = {rights.sight[key] for key, f in registry.fields.items() if f.sensitivity == class_}
        if sights:
            made[class_] = _extent(sights)
    return made


def _extent(sights: set[policy.Sight]) -> Extent:
    if sights == {"plain"}:
        return "plain"
    if sights == {"hidden"}:
        return "hidden"
    return "masked" if sights <= {"plain", "masked"} else "partly"
