"""Who is behind a login: the user, their roles and territory, and how they prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Select, bindparam, func, select
from sqlmodel import Session, col

from app.domain.actors import DECLARED, UNBOUNDED, Actor, Bounds, Grants
from app.keeping import kept
from app.models.audit import AuditEntry
from app.models.credential import Credential, LoginSession, Passkey
from app.models.organisation import Agency, Region
from app.models.user import Role, User
from app.policy import AGENCY_ROLES
from app.queries import grants, office
from app.registry import get

LONGEST_SESSION = timedelta(hours=12)
_MOST = 200
_kept: WeakKeyDictionary[Engine, dict[tuple[Any, ...], dict[int, tuple[str, Bounds]]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Account:
    """A user with their credential, read in one go; the rows are detached."""

    user: User
    credential: Credential
    roles: tuple[str, ...]
    region_code: str | None
    passkeys: int = 0
    session: LoginSession | None = None  # the browser they are logged in with, where they were found by it
    office_version: int | None = None  # of what the office chose, asked along with that browser
    written: str | None = None  # seal of the newest audit entry: as long as it is this one, nothing was written
    grants: Grants = DECLARED
    bounds: Bounds = UNBOUNDED
    role_bounds: Mapping[str, Bounds] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether the person may be logged in: invited people become active with their first password."""
        return self.user.status == "active" and self.user.deleted_at is None

    @property
    def has_totp(self) -> bool:
        return bool(self.credential.tf_totp_secret)

    @property
    def has_factor(self) -> bool:
        """Whether a login asks for a second step."""
        return self.has_totp or self.passkeys > 0

    def actor(self, request_id: str | None = None) -> Actor:
        office = frozenset(self.roles) - AGENCY_ROLES
        return Actor(
            kind="staff" if office or not self.roles else "agency",
            name=self.user.name,
            roles=frozenset(self.roles),
            user_id=self.user.id,
            agency_id=self.user.agency,
            region_code=self.region_code,
            request_id=request_id,
            door="screen",
            grants=self.grants,
            bounds=self.bounds,
            role_bounds=self.role_bounds,
        )


def by_email(session: Session, email: str) -> Account | None:
    return _read(session, _accounts().where(func.lower(col(User.email)) == email.strip().lower()))


def by_credential(session: Session, credential_id: int) -> Account | None:
    return _read(session, _accounts().where(col(Credential.id) == credential_id))


def by_user(session: Session, user_id: int) -> Account | None:
    return _read(session, _accounts().where(col(User.id) == user_id))


def by_version(session: Session, fs_uniquifier: str) -> Account | None:
    return _read(session, _accounts().where(col(Credential.fs_uniquifier) == fs_uniquifier))


def by_session(session: Session, fs_uniquifier: str, session_id: str, now: datetime) -> Account | None:
    """The account of a browser that is logged in; None once either the session or all of them were ended."""
    asked = {"version": fs_uniquifier, "browser": session_id, "since": now - LONGEST_SESSION}
    return _read(session, _live(), asked)


def listed(session: Session) -> list[Account]:
    """Every account, by name; for `sinergi user list`."""
    rows = session.execute(_accounts().order_by(col(User.name), col(User.id))).all()
    codes = _role_codes(session)
    return [_account(row, codes) for row in rows]


def administered(session: Session) -> bool:
    """Whether an active user may administer."""
    admin = select(col(Role.id)).where(col(Role.code) == "admin", col(Role.deleted_at).is_(None))
    ids = set(session.execute(admin).scalars())
    active = select(col(User.roles)).where(col(User.status) == "active", col(User.deleted_at).is_(None))
    return any(ids & set(roles) for roles in session.execute(active).scalars())


def _accounts() -> Select[Any]:
    newest = select(col(AuditEntry.hash)).order_by(col(AuditEntry.seq).desc()).limit(1).scalar_subquery()
    keys = select(func.count()).where(col(Passkey.credential_id) == col(Credential.id)).scalar_subquery()
    return (
        select(User, Credential, col(Region.code), keys, *grants.mark(), newest)
        .join(Credential, col(Credential.user_id) == col(User.id))
        .outerjoin(Agency, col(Agency.id) == col(User.agency))
        .outerjoin(Region, col(Region.id) == col(Agency.region))
        .where(col(User.deleted_at).is_(None))
    )


@cache
def _live() -> Select[Any]:
    """Asked before every page, hence made once."""
    return (
        _accounts()
        .add_columns(LoginSession, office.mark())
        .join(LoginSession, col(LoginSession.credential_id) == col(Credential.id))
        .where(
            col(Credential.fs_uniquifier) == bindparam("version"),
            col(LoginSession.id) == bindparam("browser"),
            col(LoginSession.ended_at).is_(None),
            col(LoginSession.started_at) > bindparam("since"),
        )
    )


def _read(session: Session, statement: Select[Any], asked: Mapping[str, Any] | None = None) -> Account | None:
    row = session.execute(statement, asked).first()
    if row is None:
        return None
    held = _roles(session, row[0].roles, row[6])
    account = replace(
        _account(row, {id_: code for id_, (code, _limit) in held.items()}),
        grants=grants.current(session, (row[4], row[5])),
        bounds=grants.bounds(session, row[0].__dict__),
        role_bounds={code: limit for code, limit in held.values() if limit},
    )
    for one in (account.user, account.credential, account.session):
        if one is not None:
            session.expunge(one)
    return account


def _roles(session: Session, ids: list[int], written: str | None) -> dict[int, tuple[str, Bounds]]:
    """Code and limit of the roles of one person, by id; read again once anything was written."""
    if written is None:
        return _read_roles(session, ids)
    known = _kept.setdefault(session.get_bind().engine, {})
    return kept(known, (written, *ids), lambda: _read_roles(session, ids), most=_MOST)


def _read_roles(session: Session, ids: list[int]) -> dict[int, tuple[str, Bounds]]:
    found = session.execute(_held(), {"ids": ids}).mappings()
    return {row["id"]: (row["code"], grants.bounds(session, dict(row))) for row in found.all()}


@cache
def _held() -> Select[Any]:
    table = get("role").table
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)), table.c.deleted_at.is_(None))


def _role_codes(session: Session) -> dict[int, str]:
    wanted = select(col(Role.id), col(Role.code)).where(col(Role.deleted_at).is_(None))
    return {int(id_ or 0): code for id_, code in session.execute(wanted).all()}


def _account(row: Any, codes: dict[int, str]) -> Account:
    user, credential, region, passkeys, _version, _changed_at, written, *browser = row
    roles = tuple(sorted(codes[id_] for id_ in user.roles if id_ in codes))
    return Account(
        user=user,
        credential=credential,
        roles=roles,
        region_code=region,
        passkeys=passkeys,
        written=written,
        session=browser[0] if browser else None,
        office_version=browser[1] if browser else None,
    )
