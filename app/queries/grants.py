"""The office's changes of rights as they stand, and the limits on rows of users and roles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from app.domain.actors import DECLARED, Bounds, Grants
from app.models.grant import Grant
from app.models.organisation import Agency, Region

NOWHERE = "-"  # a region that no record names: a limit to what is not there any more opens nothing
_kept: WeakKeyDictionary[Engine, tuple[Any, Grants]] = WeakKeyDictionary()


def current(session: Session) -> Grants:
    """The changes as they stand: one number is asked each time, the rows only after a change."""
    stands = session.execute(select(func.max(col(Grant.version)), func.max(col(Grant.changed_at)))).one()
    version = stands[0] or 0
    if not version:
        return DECLARED
    engine = session.get_bind().engine
    mark, known = _kept.get(engine, (None, DECLARED))
    if mark != tuple(stands):
        rows = session.execute(select(Grant).where(col(Grant.value) != "")).scalars()
        known = Grants(version, {(row.role, row.registry_key, row.field, row.right): row.value for row in rows})
        _kept[engine] = tuple(stands), known
    return known


def changes(session: Session) -> list[Grant]:
    """Every change with who and when, those taken back too; the newest first."""
    return list(session.execute(select(Grant).order_by(col(Grant.version).desc(), col(Grant.id))).scalars())


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
