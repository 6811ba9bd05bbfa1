"""How a user proves who they are: kept apart from User, whose rows are written by people through the registry.

Flask-Security commits by itself at login; it gets this table and never the User (see `app.web.security`).
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import JSON, BigInteger, LargeBinary
from sqlmodel import Field, SQLModel

from app.models.instant import Instant
from app.models.record import new_public_id, utcnow


def new_mark() -> str:
    """256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


class Credential(SQLModel, table=True):
    """One a user. `fs_uniquifier` is the version of all the user's sessions: a new one ends them."""

    __tablename__ = "credential"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user.id", unique=True)
    fs_uniquifier: str = Field(default_factory=new_mark, unique=True, max_length=64)
    password: str | None = Field(default=None, max_length=255)  # argon2id; none until the first link is used
    password_set_at: datetime | None = Field(default=None, sa_type=Instant)
    last_login_at: datetime | None = Field(default=None, sa_type=Instant)
    current_login_at: datetime | None = Field(default=None, sa_type=Instant)
    login_count: int = Field(default=0)
    # The second factor's columns, as Flask-Security names them; empty until it is switched on.
    tf_primary_method: str | None = Field(default=None, max_length=64)
    tf_totp_secret: str | None = Field(default=None, max_length=255)  # sealed, see app.sealing
    mf_recovery_codes: list[str] = Field(default_factory=list, sa_type=JSON, nullable=False)  # keyed hashes, not used
    fs_webauthn_user_handle: str = Field(default_factory=new_mark, unique=True, max_length=64)
    totp_counter: int | None = Field(default=None, sa_type=BigInteger)  # of the last code taken: none is taken twice
    factor_due_at: datetime | None = Field(default=None, sa_type=Instant)  # a login from then on must set one up
    proof_failures: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # in a row, of any proof but login
    proof_locked_until: datetime | None = Field(default=None, sa_type=Instant)


class LoginSession(SQLModel, table=True):
    """One browser that is logged in. A signed cookie alone cannot be ended by the server; this row can."""

    __tablename__ = "login_session"

    id: str = Field(default_factory=new_mark, primary_key=True, max_length=64)  # worth nothing without our signature
    credential_id: int = Field(foreign_key="credential.id", index=True)
    public_id: str = Field(default_factory=new_public_id, index=True, unique=True, max_length=20)  # its name on a page
    via: str = Field(max_length=20)  # password, link, passkey, totp, code
    agent: str = Field(
        default="", max_length=255, sa_column_kwargs={"server_default": ""}
    )  # what the browser calls itself
    started_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    seen_at: datetime | None = Field(default=None, sa_type=Instant)  # to some minutes, for the person's own list
    proven_at: datetime | None = Field(default=None, sa_type=Instant)  # when they last proved who they are
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class Passkey(SQLModel, table=True):
    """A key pair whose private half never leaves the person's device (WebAuthn); this is the public half."""

    __tablename__ = "passkey"

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(default_factory=new_public_id, unique=True, max_length=20)
    credential_id: int = Field(foreign_key="credential.id", index=True)
    key_id: bytes = Field(sa_type=LargeBinary, unique=True)  # the authenticator's name of the pair, up to 1023 bytes
    public_key: bytes = Field(sa_type=LargeBinary)
    sign_count: int = Field(default=0, sa_type=BigInteger)  # 0 for ever where it lives on several devices
    transports: list[str] = Field(default_factory=list, sa_type=JSON, nullable=False)
    synced: bool = Field(default=False)  # backed up by the maker of the device
    name: str = Field(max_length=60)
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    asked_at: datetime | None = Field(
        default=None, sa_type=Instant
    )  # of the last question answered: no answer counts twice


class OneTimeLink(SQLModel, table=True):
    """A link that lets its holder in once, by POST. Only the hash of its token is kept."""

    __tablename__ = "one_time_link"

    id: int | None = Field(default=None, primary_key=True)
    credential_id: int = Field(foreign_key="credential.id", index=True)
    purpose: str = Field(max_length=20)  # password: choose one, then in; login: straight in (demo)
    token_hash: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    created_by: str = Field(default="", max_length=160)
    expires_at: datetime = Field(sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)


CREDENTIAL_COLUMNS: frozenset[str] = frozenset(Credential.model_fields) - {"id", "user_id"}
