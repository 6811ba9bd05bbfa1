"""Users, their first way in, and the end of their sessions. Nothing here knows a password in clear."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from app import registry, wording
from app.config import Settings
from app.domain.actors import Actor
from app.domain.errors import LinkGone, NotFound, Refused
from app.domain.fields import Label
from app.domain.roles import TITLES
from app.models.credential import CREDENTIAL_COLUMNS, Credential, OneTimeLink, new_mark
from app.models.user import Role, User
from app.operations import audit, notices, records, sessions
from app.queries import accounts
from app.queries.accounts import Account

LINK_LIFE = timedelta(hours=1)
wording.add(
    {
        "user_unknown": Label(
            "Tidak ada pengguna dengan alamat {email}.", "There is no user with the address {email}."
        ),
        "user_exists": Label(
            "Alamat {email} sudah dipakai pengguna lain.", "The address {email} belongs to another user."
        ),
        "user_invalid": Label("Data pengguna belum sesuai: {fields}.", "The data of the user are not right: {fields}."),
        "role_unknown": Label("Peran {role} tidak dikenal.", "There is no role {role}."),
        "role_required": Label(
            "Akun Anda tidak berhak atas halaman atau tindakan ini. Bila memerlukannya, mohon hubungi administrator.",
            "Your account has no right to this page or action. Please ask your administrator if you need it.",
        ),
        "login_required": Label("Silakan masuk dahulu.", "Please log in first."),
        "one_time_link_used": Label(
            "Tautan ini sudah dipakai. Mohon minta tautan baru kepada administrator.",
            "This link was used already. Please ask your administrator for a new one.",
        ),
        "one_time_link_expired": Label(
            "Tautan ini sudah tidak berlaku. Mohon minta tautan baru kepada administrator.",
            "This link is no longer valid. Please ask your administrator for a new one.",
        ),
    }
)
ROLES = {code: (title.id, title.en) for code, title in TITLES.items()}


def ensure_roles(session: Session, actor: Actor, now: datetime) -> dict[str, int]:
    """The ten roles, made where they are missing; code -> id."""
    have = _role_ids(session)
    missing = [
        {"code": code, "label_id": title_id, "label_en": title_en}
        for code, (title_id, title_en) in ROLES.items()
        if code not in have
    ]
    if not missing:
        return have
    made = records.save_many(session, registry.get("role"), missing, actor, now=now, reason="peran bawaan")
    for outcome in made.outcomes:
        _saved(outcome)
    session.flush()
    return _role_ids(session)


def add(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    actor: Actor,
    now: datetime,
    status: str = "invited",
    language: str = "id",
    agency: str | None = None,
) -> User:
    """A new user with a credential that has no password yet. Raises Refused `role_unknown`, `user_exists` or as `save`.

    `agency` is the code of an agency.
    """
    known = ensure_roles(session, actor, now)
    wanted = list(roles)
    for code in wanted:
        if code not in known:
            raise Refused("role_unknown", role=code)
    if accounts.by_email(session, email) is not None:
        raise Refused("user_exists", email=email)
    values: dict[str, Any] = {
        "email": email,
        "name": name,
        "roles": wanted,
        "status": status,
        "language": language,
    }
    if agency:
        values["agency"] = agency
    _saved(records.save(session, registry.get("user"), values, actor, now=now, reason="akun dibuat"))
    user = find(session, email)
    credential_of(session, user)
    return user


def first_admin(session: Session, now: datetime, settings: Settings) -> tuple[str, str] | None:
    """(e-mail address, one-time URL) of the first administrator while nobody can administer yet, else None.

    For the first start, when nobody has named an address; the administrator changes it on the screen of users.
    """
    everybody = accounts.listed(session)
    if any(account.active and "admin" in account.roles for account in everybody):
        return None
    waiting = [account.user for account in everybody if "admin" in account.roles and account.user.status == "invited"]
    by = Actor.system("sinergi run")
    user = waiting[0] if waiting else None
    if user is None:
        email = settings.office_email or f"admin@{settings.mail_domain}"
        user = add(session, email=email, name="Administrator", roles=["admin"], actor=by, now=now)
    return user.email, one_time_link(session, user, now, settings, purpose="password", actor=by)


def find(session: Session, email: str) -> User:
    """The user with this address; raises NotFound."""
    wanted = select(User).where(func.lower(col(User.email)) == email.strip().lower(), col(User.deleted_at).is_(None))
    user: User | None = session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if user is None:
        raise NotFound("user_unknown", email=email)
    return user


def credential_of(session: Session, user: User) -> Credential:
    """The credential of a user; a user made on a screen gets theirs with the first link."""
    wanted = select(Credential).where(col(Credential.user_id) == user.id)
    credential = session.execute(wanted).scalar_one_or_none()
    if credential is None:
        credential = Credential(user_id=int(user.id or 0))
        session.add(credential)
        session.flush()
    return credential


def one_time_link(
    session: Session,
    user: User,
    now: datetime,
    settings: Settings,
    *,
    purpose: str = "login",
    actor: Actor | None = None,
    life: timedelta = LINK_LIFE,
) -> str:
    """The URL of a page with one button that lets `user` in, once, within `life`.

    `purpose` "password" first asks for a new password (invitation, lost password); "login" goes straight
    in (demo). An earlier unused link of the same purpose stops working.
    """
    by = actor or Actor.system("sinergi user")
    credential = credential_of(session, user)
    _void_links(session, credential, now, purpose)
    token = new_mark()
    session.add(
        OneTimeLink(
            credential_id=int(credential.id or 0),
            purpose=purpose,
            token_hash=_hash(settings, token),
            created_at=now,
            created_by=by.name,
            expires_at=now + life,
        )
    )
    audit.record(
        session,
        actor=by,
        now=now,
        entity="user",
        entity_id=user.public_id,
        action="link_issued",
        after={"purpose": purpose},
    )
    return f"{settings.public_url}/masuk/tautan/{token}"


def look_at_link(session: Session, token: str, settings: Settings, now: datetime) -> OneTimeLink:
    """The live link of a token, changing nothing. Raises NotFound for a stranger, LinkGone (expired, used)."""
    wanted = select(OneTimeLink).where(col(OneTimeLink.token_hash) == _hash(settings, token))
    link: OneTimeLink | None = session.execute(wanted).scalar_one_or_none()
    if link is None:
        raise NotFound("link_unknown")
    if link.used_at is not None:
        raise LinkGone("one_time_link_used", reason="used")
    if link.expires_at <= now:
        raise LinkGone("one_time_link_expired", reason="expired", expires_at=link.expires_at)
    return link


def use_link(session: Session, token: str, settings: Settings, now: datetime) -> Account:
    """Spend the link: of two clicks at once one wins, the other finds it used. Raises as `look_at_link`."""
    link = look_at_link(session, token, settings, now)
    spent = session.execute(
        update(OneTimeLink)
        .where(col(OneTimeLink.id) == link.id, col(OneTimeLink.used_at).is_(None))
        .values(used_at=now)
    )
    if spent.rowcount != 1:  # type: ignore[attr-defined]
        raise LinkGone("one_time_link_used", reason="used")
    account = account_of_link(session, link)
    audit.record(
        session, actor=account.actor(), now=now, entity="user", entity_id=account.user.public_id, action="link_used",
        after={"purpose": link.purpose},
    )  # fmt: skip
    if link.purpose == "login" and account.user.status == "invited":
        _change(session, account.user, {"status": "active"}, _self(account), now, "masuk dengan tautan")
        account = account_of_link(session, link)
    return account


def account_of_link(session: Session, link: OneTimeLink) -> Account:
    """Who a link lets in. Raises NotFound when that person may not come in any more."""
    account = accounts.by_credential(session, link.credential_id)
    if account is None or account.user.status in ("locked", "left"):
        raise NotFound("link_unknown")
    return account


def set_password(session: Session, account: Account, password_hash: str, *, now: datetime) -> Account:
    """A new password ends every session and every open link; an invited user becomes active."""
    credential = session.get_one(Credential, account.credential.id)
    credential.password = password_hash
    credential.password_set_at = now
    credential.fs_uniquifier = new_mark()
    session.add(credential)
    sessions.end_all(session, int(credential.id or 0), now)
    _void_links(session, credential, now)
    session.flush()
    if account.user.status == "invited":
        _change(session, account.user, {"status": "active"}, _self(account), now, "kata sandi pertama")
    audit.record(
        session, actor=_self(account), now=now, entity="user", entity_id=account.user.public_id, action="password_set"
    )
    if account.credential.login_count:  # the first password of an invited person is no news to them
        notices.tell(session, account.user, "password_changed", now=now)
    changed = accounts.by_credential(session, int(credential.id or 0))
    assert changed is not None
    return changed


def activate(session: Session, user: User, actor: Actor, *, now: datetime) -> None:
    """A locked user may come back, with the password they had; one who left the office may not."""
    if user.status == "left":
        raise Refused("state_forbidden", state=user.status)
    _change(session, user, {"status": "active"}, actor, now, "akun dibuka kembali")


def disable(session: Session, user: User, actor: Actor, *, now: datetime, status: str = "locked", reason: str) -> None:
    """Locked ("locked") or gone ("left"): out of every browser at the next request, open links void."""
    credential = credential_of(session, user)
    credential.fs_uniquifier = new_mark()
    session.add(credential)
    sessions.end_all(session, int(credential.id or 0), now)
    _void_links(session, credential, now)
    session.flush()
    _change(session, user, {"status": status}, actor, now, reason)


def write_credential(session: Session, credential_id: int, values: Mapping[str, Any]) -> None:
    """What Flask-Security changed on its login object. Other names than credential columns are refused."""
    strange = set(values) - CREDENTIAL_COLUMNS
    if strange:
        raise ValueError(f"not columns of a credential: {sorted(strange)}")
    if values:
        session.execute(update(Credential).where(col(Credential.id) == credential_id).values(**values))


def _change(session: Session, user: User, values: dict[str, Any], actor: Actor, now: datetime, reason: str) -> None:
    _saved(records.save(session, registry.get("user"), values, actor, public_id=user.public_id, now=now, reason=reason))


def _saved(outcome: records.Outcome) -> None:
    if any(problem.code == "last_admin" for problem in outcome.problems):
        raise Refused("last_admin")
    if outcome.problems:
        raise Refused("user_invalid", fields=[problem.field or problem.code for problem in outcome.problems])


def _self(account: Account) -> Actor:
    """The office's own hand: a user may not write the user registry, but may choose a password."""
    return Actor.system(account.user.name)


def _void_links(session: Session, credential: Credential, now: datetime, purpose: str | None = None) -> None:
    void = update(OneTimeLink).where(
        col(OneTimeLink.credential_id) == credential.id, col(OneTimeLink.used_at).is_(None)
    )
    if purpose:
        void = void.where(col(OneTimeLink.purpose) == purpose)
    session.execute(void.values(used_at=now))


def _role_ids(session: Session) -> dict[str, int]:
    rows = session.execute(select(col(Role.code), col(Role.id)).where(col(Role.deleted_at).is_(None))).all()
    return {code: int(id_ or 0) for code, id_ in rows}


def _hash(settings: Settings, token: str) -> str:
    return hmac.new(settings.key("one-time-link"), token.encode(), hashlib.sha256).hexdigest()
