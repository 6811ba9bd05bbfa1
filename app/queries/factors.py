"""What second steps a person has, whether they must have one, and since when."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from app import policy
from app.config import Settings
from app.models.credential import Passkey
from app.queries.accounts import Account
from app.registry import registries


def passkeys(session: Session, credential_id: int) -> list[Passkey]:
    """The passkeys of a credential, oldest first."""
    wanted = select(Passkey).where(col(Passkey.credential_id) == credential_id).order_by(col(Passkey.id))
    return list(session.exec(wanted).all())


def passkey(session: Session, key_id: bytes) -> Passkey | None:
    """The passkey an authenticator calls by this id."""
    return session.exec(select(Passkey).where(col(Passkey.key_id) == key_id)).first()


def must_have(account: Account, settings: Settings) -> bool:
    """Whether this person may be without a second step only for a while. A demo asks nobody."""
    wanted = settings.factor_for
    if settings.demo or wanted == "none":
        return False
    if wanted == "all":
        return True
    if wanted != "sensitive":
        return bool(set(wanted.split(",")) & set(account.roles))
    return account.actor().kind == "staff" and _weighty(account)


def must_set_up_now(account: Account, settings: Settings) -> bool:
    """Whether this browser may do nothing else before a second step is set up: it came in after the days of grace."""
    due = account.credential.factor_due_at
    if account.has_factor or due is None or account.session is None or account.session.started_at < due:
        return False
    return must_have(account, settings)


def asked_by(account: Account, settings: Settings) -> datetime | None:
    """By when a person who must have a second step is asked to set one up; None for everybody else."""
    return account.credential.factor_due_at if not account.has_factor and must_have(account, settings) else None


def _weighty(account: Account) -> bool:
    """May take data out, look behind masks, or change who may do what."""
    actor = account.actor()
    return any(
        policy.may(actor, "export", one)
        or policy.may(actor, "reveal", one)
        or (one.guarded and policy.may(actor, "update", one))
        for one in registries().values()
    )
