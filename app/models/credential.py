"""How a user proves who they are: kept apart from User, whose rows are written by people through the registry.

Flask-Security commits by itself at login; it gets this table and never the User (see `app.web.security`).
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from app.models.instant import Instant
from app.models.record import utcnow


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
    tf_totp_secret: str | None = Field(default=None, max_length=255)
    mf_recovery_codes: list[str] = Field(default_factory=list, sa_type=JSON, nullable=False)
    fs_webauthn_user_handle: str = Field(default_factory=new_mark, unique=True, max_length=64)


class LoginSession(SQLModel, table=True):
    """One browser that is logged in. A signed cookie alone cannot be ended by the server; this row can."""

    __tablename__ = "login_session"

    id: str = Field(default_factory=new_mark, primary_key=True, max_length=64)  # worth nothing without our signature
    credential_id: int = Field(foreign_key="credential.id", index=True)
    via: str = Field(max_length=20)  # password, link
    started_at: datetime = Field(default_factory=utcnow, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


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
