"""The office's changes of rights as they stand, and the limits on rows of users and roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, ScalarSelect, func, select
from sqlmodel import Session, col

from app.domain.actors import DECLARED, Bounds, Grants
from app.models.audit import AuditEntry
from app.models.grant import Grant
from app.models.organisation import Agency, Region
from app.models.user import User

_TELLING = {"own", "roles", "limit_regions", "limit_zones", "limit_agencies"}
NOWHERE = "-"  # a region that no record names: a limit to what is not there any more opens nothing
_kept: WeakKeyDictionary[Engine, tuple[Any, Grants]] = WeakKeyDictionary()


def mark() -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """What tells one state of the changes from another: two columns for a query that is asked anyway."""
    return (
        select(func.max(col(Grant.version))).scalar_subquery(),
        select(func.max(col(Grant.changed_at))).scalar_subquery(),
    )


def current(session: Session, stands: tuple[Any, Any] | None = None) -> Grants:
    """The changes as they stand (`stands`, as `mark` told it): the rows are read only after a change."""
    version, changed_at = stands or session.execute(select(*mark())).one()
    if not version:
        return DECLARED
    engine = session.get_bind().engine
    known, kept = _kept.get(engine, (None, DECLARED))
    if known != (version, changed_at):
        rows = session.execute(select(Grant).where(col(Grant.value) != "")).scalars()
        kept = Grants(version, {(row.role, row.registry_key, row.field, row.right): row.value for row in rows})
        _kept[engine] = (version, changed_at), kept
    return kept


def changes(session: Session) -> list[Grant]:
    """Every change with who and when, those taken back too; the newest first."""
    return list(session.execute(select(Grant).order_by(col(Grant.version).desc(), col(Grant.id))).scalars())


def own_raises(session: Session, since: datetime) -> list[AuditEntry]:
    """Changes by which somebody gave more rights to a role of their own, or changed their own account."""
    own = col(AuditEntry.entity) == "grant"
    account = select(col(User.id)).where(col(User.public_id) == col(AuditEntry.entity_id)).scalar_subquery()
    self_ = (col(AuditEntry.entity) == "user") & (col(AuditEntry.user_id) == account)
    query = select(AuditEntry).where(
        own | self_, col(AuditEntry.action).in_(("grant", "update")), col(AuditEntry.at) >= since
    )
    found = session.execute(query.order_by(col(AuditEntry.seq).desc())).scalars()
    return [one for one in found if (one.after or {}).keys() & _TELLING]


def bounds(session: Session, limits: Mapping[str, Any]) -> Bounds:
    """The limit that a user or role carries in `limit_regions`, `limit_zones`, `limit_agencies` (ids).

    Limited to an agency, a person sees what that agency sees: what it owns, and its territory.
    """
    regions, zones, agencies = (limits.get(f"limit_{name}") or () for name in ("regions", "zones", "agencies"))
    codes = _codes(session, regions, agencies)
    return Bounds(codes, frozenset(zones), frozenset(agencies))


def _codes(session: Session, regions: Iterable[int], agencies: Iterable[int]) -> frozenset[str]:
    if not regions and not agencies:
        return frozenset()
    own = select(col(Agency.region)).where(col(Agency.id).in_(agencies))
    wanted = select(col(Region.code)).where(col(Region.id).in_(regions) | col(Region.id).in_(own))
    return frozenset(session.execute(wanted).scalars()) or frozenset({NOWHERE})
