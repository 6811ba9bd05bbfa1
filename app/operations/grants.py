"""Changing who may see and do what: the office's changes of the declared rights, previewed, written, taken back.

    wishes = [Wish("secretariat", "passport", "number", "read", "hidden")]
    effects(wishes, current(session))          what would change, for the page that asks
    change(session, wishes, actor, …)          the same, written and audited

Floors stand in `app.policy`: a value it does not offer is refused, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from app import policy
from app.domain.actors import Actor, Grants
from app.domain.errors import EditConflict, Forbidden, Refused
from app.models.grant import Grant
from app.operations import audit
from app.queries import grants as queries
from app.registry import get

_LOCK = 0x47_52_4E_54  # one change at a time: versions follow each other


@dataclass(frozen=True, slots=True)
class Wish:
    """One right to set. `field` "" is the whole registry; `value` "" goes back to what is declared."""

    role: str
    registry: str
    field: str
    right: str
    value: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.role, self.registry, self.field, self.right


@dataclass(frozen=True, slots=True)
class Effect:
    """What a wish changes: the value that stands, the one that would, and whether the role can see or do more by it."""

    wish: Wish
    before: str
    after: str
    wider: bool


def effects(wishes: Iterable[Wish], grants: Grants) -> list[Effect]:
    """The wishes that change something. Raises Refused `grant_floor` for a value that is fixed in code."""
    made = []
    for wish in wishes:
        registry = get(wish.registry)
        if wish.right not in policy.RIGHTS_OF_FIELDS if wish.field else wish.right not in policy.RIGHTS:
            raise Refused("grant_floor", right=wish.right)
        if wish.field and wish.field not in registry.fields:
            raise Refused("grant_floor", right=wish.field)
        offered = policy.options(registry, wish.role, wish.right, wish.field)
        before = policy.standing(registry, wish.role, wish.right, wish.field, grants)
        after = wish.value or policy.standing(registry, wish.role, wish.right, wish.field)
        if after not in offered:
            raise Refused("grant_floor", right=wish.right)
        if after != before:
            made.append(Effect(wish, before, after, offered.index(after) < offered.index(before)))
    return made


def raises_own(found: Iterable[Effect], actor: Actor) -> list[Effect]:
    """Effects by which the actor gives more rights to a role of their own."""
    return [one for one in found if one.wider and one.wish.role in actor.roles]


def change(
    session: Session,
    wishes: Sequence[Wish],
    actor: Actor,
    *,
    now: datetime,
    reason: str,
    seen: int,
    own_confirmed: bool = False,
) -> list[Effect]:
    """Write the wishes; each is an audit entry. `seen` is the version of the rights the person looked at.

    Raises Forbidden for who may not govern rights, EditConflict when they changed meanwhile, Refused `grant_own` when
    own rights would grow without a second look, `reason_required`.
    """
    if not policy.governs(actor):
        raise Forbidden()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    grants = queries.current(session)
    if grants.version != seen:
        raise EditConflict("grants_changed")
    found = effects(wishes, grants)
    own = raises_own(found, actor)
    if own and not own_confirmed:
        raise Refused("grant_own")
    if not reason.strip():
        raise Refused("reason_required")
    version = (session.execute(select(func.max(col(Grant.version)))).scalar() or 0) + 1
    for one in found:
        _write(session, one, actor, version, reason, now)
        audit.record(
            session,
            actor=actor,
            now=now,
            entity="grant",
            entity_id=f"{one.wish.role}:{one.wish.registry}"[:40],
            action="grant",
            before=_said(one, one.before),
            after=_said(one, one.after) | ({"own": True} if one in own else {}),
            reason=reason,
        )
    session.flush()
    return found


def _said(one: Effect, value: str) -> dict[str, str | bool]:
    return {"role": one.wish.role, "registry": one.wish.registry, "field": one.wish.field, one.wish.right: value}


def _write(session: Session, one: Effect, actor: Actor, version: int, reason: str, now: datetime) -> None:
    wish = one.wish
    known = session.execute(
        select(Grant).where(
            col(Grant.role) == wish.role,
            col(Grant.registry_key) == wish.registry,
            col(Grant.field) == wish.field,
            col(Grant.right) == wish.right,
        )
    ).scalar_one_or_none()
    row = known or Grant(
        role=wish.role, registry_key=wish.registry, field=wish.field, right=wish.right,
        value="", version=version, changed_at=now, changed_by=actor.name,
    )  # fmt: skip
    declared = policy.standing(get(wish.registry), wish.role, wish.right, wish.field)
    row.value = "" if one.after == declared else one.after
    row.version, row.changed_at, row.changed_by = version, now, actor.name
    row.user_id, row.reason = actor.user_id, reason
    session.add(row)
