"""Who is behind a login: the user, their roles and territory, and how they prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Engine, Select, bindparam, func, select
from sqlmodel import Session, SQLModel, col

from app import keeping
from app.domain.actors import DECLARED, UNBOUNDED, Actor, Bounds, Grants
from app.models.audit import AuditEntry
from app.models.credential import Credential, LoginSession, Passkey
from app.models.organisation import Agency, Region
from app.models.user import Role, User
from app.policy import AGENCY_ROLES
from app.queries import grants, office, waiting
from app.queries.saved_views import Liking, liked, likings
from app.queries.waiting import Waiting
from app.registry import Registry, get

LONGEST_SESSION = timedelta(hours=12)
_MOST = 200
V = TypeVar("V")
M = TypeVar("M", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Person:
    """A user as the registers have them. The row is detached, and read by others at the same time: never change it."""

    user: User
    region_code: str | None
    bounds: Bounds


_kept_people: WeakKeyDictionary[Engine, dict[Any, Person | None]] = WeakKeyDictionary()
_kept_roles: WeakKeyDictionary[Engine, dict[Any, dict[int, tuple[str, Bounds]]]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Account:
    """A user with their credential; the rows belong to no session."""

    user: User
    credential: Credential
    roles: tuple[str, ...]
    region_code: str | None
    passkeys: int = 0
    session: LoginSession | None = None  # the browser they are logged in with, where they were found by it
    office_version: int | None = None  # of what the office chose, asked along with that browser
    written: str | None = None  # seal of the newest audit entry: as long as it is this one, nothing was written
    waiting: Waiting | None = None  # at all, asked along with that browser too
    likings: Mapping[str, Liking] = field(default_factory=dict)  # by list
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
    return _one(session, _logins(of_users=True).where(func.lower(col(User.email)) == email.strip().lower()))


def by_credential(session: Session, credential_id: int) -> Account | None:
    return _one(session, _logins().where(col(Credential.id) == credential_id))


def by_user(session: Session, user_id: int) -> Account | None:
    return _one(session, _logins().where(col(Credential.user_id) == user_id))


def by_version(session: Session, fs_uniquifier: str) -> Account | None:
    return _one(session, _logins().where(col(Credential.fs_uniquifier) == fs_uniquifier))


def by_session(session: Session, fs_uniquifier: str, session_id: str, now: datetime) -> Account | None:
    """The account of a browser that is logged in; None once either the session or all of them were ended."""
    asked = {"version": fs_uniquifier, "browser": session_id, "since": now - LONGEST_SESSION}
    return _one(session, _live(session.get_bind().dialect.name), asked)


def listed(session: Session) -> list[Account]:
    """Every account, by name; for `sinergi user list`."""
    rows = session.execute(_logins(of_users=True).order_by(col(User.name), col(User.id))).all()
    return [one for row in rows if (one := _account(session, row)) is not None]


def administered(session: Session) -> bool:
    """Whether an active user may administer."""
    return any(who for _role, who in _administering(session))


def last_to_administer(session: Session, registry: Registry, ids: Iterable[int]) -> list[int]:
    """Which of the users or roles `ids` make it, all going, that nobody administers any more; none if nobody does."""
    now, going = _administering(session), set(ids)
    if not any(who for _role, who in now):
        return []
    if registry.key == "role":
        left = any(who for role, who in now if role not in going)
        return [] if left else [role for role, _who in now if role in going]
    everybody = {one for _role, who in now for one in who}
    return [] if registry.key != "user" or everybody - going else sorted(everybody & going)


def _administering(session: Session) -> list[tuple[int, set[int]]]:
    """The roles of administrators, each with the active users that have it."""
    admin = select(col(Role.id)).where(col(Role.code) == "admin", col(Role.deleted_at).is_(None))
    active = select(col(User.id), col(User.roles)).where(col(User.status) == "active", col(User.deleted_at).is_(None))
    people = session.execute(active).all()
    return [(id_, {one for one, roles in people if id_ in roles}) for id_ in session.execute(admin).scalars() if id_]


def _logins(of_users: bool = False) -> Select[Any]:
    newest = select(col(AuditEntry.hash)).order_by(col(AuditEntry.seq).desc()).limit(1).scalar_subquery()
    keys = select(func.count()).where(col(Passkey.credential_id) == col(Credential.id)).scalar_subquery()
    asked = select(*grants.mark(), newest, keys, *_columns(Credential))
    return asked.join(User, col(User.id) == col(Credential.user_id)) if of_users else asked


@cache
def _live(dialect: str) -> Select[Any]:
    """Asked before every page, hence made once, and along with it what every page shows."""
    return (
        _logins()
        .add_columns(*_columns(LoginSession))
        .add_columns(office.mark(), likings(dialect, col(Credential.user_id)), *waiting.all_())
        .join(LoginSession, col(LoginSession.credential_id) == col(Credential.id))
        .where(
            col(Credential.fs_uniquifier) == bindparam("version"),
            col(LoginSession.id) == bindparam("browser"),
            col(LoginSession.ended_at).is_(None),
            col(LoginSession.started_at) > bindparam("since"),
        )
    )


def _one(session: Session, statement: Select[Any], asked: Mapping[str, Any] | None = None) -> Account | None:
    row = session.execute(statement, asked).first()
    return None if row is None else _account(session, row)


def _account(session: Session, row: Any) -> Account | None:
    """None where the person lies in the trash."""
    version, changed_at, written, passkeys, *values = row
    credential, live = _row(Credential, values), _live_facts(values[len(_columns(Credential)) :])
    since = written if live else None  # what writes reads anew: its own entries come with its COMMIT
    person = _kept(session, _kept_people, since, credential.user_id, lambda: _person(session, credential.user_id))
    if person is None:
        return None
    held = _kept(session, _kept_roles, since, tuple(person.user.roles), lambda: _roles(session, person.user.roles))
    return Account(
        user=person.user,
        credential=credential,
        roles=tuple(sorted(code for code, _limit in held.values())),
        region_code=person.region_code,
        passkeys=passkeys,
        written=written,
        grants=grants.current(session, (version, changed_at)),
        bounds=person.bounds,
        role_bounds={code: limit for code, limit in held.values() if limit},
        **live,
    )


def _live_facts(values: Sequence[Any]) -> dict[str, Any]:
    """What `_live` asks beside the login."""
    if not values:
        return {}
    office_version, likings_, *numbers = values[len(_columns(LoginSession)) :]
    return {
        "session": _row(LoginSession, values),
        "office_version": office_version,
        "likings": liked(likings_),
        "waiting": Waiting.of(numbers),
    }


@cache
def _columns(model: type[SQLModel]) -> tuple[Column[Any], ...]:
    """Read as they are, and made a row of the model below: the mapping takes as long again as the question."""
    return tuple(model.__table__.c)  # type: ignore[attr-defined]


def _row(model: type[M], values: Sequence[Any]) -> M:
    """A row of no session, of as many values as the model has columns."""
    return cast(M, model.model_construct(**dict(zip((one.key for one in _columns(model)), values, strict=False))))


def _kept(
    session: Session,
    kept: WeakKeyDictionary[Engine, dict[Any, V]],
    since: str | None,
    of: object,
    read: Callable[[], V],
) -> V:
    """What the registers say of a person, read again once anything was written."""
    if since is None:
        return read()
    return keeping.kept(kept.setdefault(session.get_bind().engine, {}), (since, of), read, most=_MOST)


def _person(session: Session, user_id: int) -> Person | None:
    row = session.execute(_people(), {"id": user_id}).first()
    if row is None:
        return None
    region_code, user = row
    session.expunge(user)
    return Person(user, region_code, grants.bounds(session, user.__dict__))


@cache
def _people() -> Select[Any]:
    return (
        select(col(Region.code))
        .add_columns(User)
        .select_from(User)
        .outerjoin(Agency, col(Agency.id) == col(User.agency))
        .outerjoin(Region, col(Region.id) == col(Agency.region))
        .where(col(User.id) == bindparam("id"), col(User.deleted_at).is_(None))
    )


def _roles(session: Session, ids: list[int]) -> dict[int, tuple[str, Bounds]]:
    """Code and limit of these roles, by id."""
    found = session.execute(_held(), {"ids": ids}).mappings()
    return {row["id"]: (row["code"], grants.bounds(session, dict(row))) for row in found.all()}


@cache
def _held() -> Select[Any]:
    table = get("role").table
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)), table.c.deleted_at.is_(None))
