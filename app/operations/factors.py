"""The second step of a login: passkeys, the authenticator app, recovery codes. Each change is audited, and the
person hears of it by mail, in the same COMMIT. Nothing here is kept in clear: see `app.sealing` and `_code_hash`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from app import sealing, wording
from app.config import Settings
from app.domain.actors import Actor
from app.domain.errors import NotFound, Refused
from app.domain.fields import Label
from app.models.credential import Credential, Passkey
from app.models.user import User
from app.operations import audit, notices, sessions
from app.queries import factors as known
from app.queries.accounts import Account

CODES = 10
LENGTH = 10  # characters of 32: 50 bits, of use only to somebody who also has the password and our key
MOST_PASSKEYS = 20
LONGEST_NAME = 60
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0 and 1, which people confuse on paper
_PURPOSE = "second-factor"
wording.add(
    {
        "factor_last": Label(
            "Ini langkah kedua Anda yang terakhir, dan peran Anda memerlukannya. Mohon tambahkan yang lain dahulu.",
            "This is your last second step, and your role needs one. Please add another one first.",
        ),
        "passkey_many": Label(
            "Paling banyak {most} passkey. Mohon hapus dahulu yang tidak lagi dipakai.",
            "At most {most} passkeys. Please remove one you no longer use first.",
        ),
    }
)


def add_passkey(
    session: Session,
    account: Account,
    *,
    key_id: bytes,
    public_key: bytes,
    sign_count: int,
    transports: Sequence[str],
    synced: bool,
    name: str,
    now: datetime,
    actor: Actor,
) -> Passkey:
    """Keep the public half of a pair the person's device has just made. Refused `passkey_many`."""
    if len(known.passkeys(session, _id(account))) >= MOST_PASSKEYS:
        raise Refused("passkey_many", most=MOST_PASSKEYS)
    made = Passkey(
        credential_id=_id(account), key_id=key_id, public_key=public_key, sign_count=sign_count,
        transports=list(transports), synced=synced, name=_named(name), created_at=now,
    )  # fmt: skip
    session.add(made)
    session.execute(_of(account).values(factor_due_at=None))
    _note(session, account.user, actor, now, "passkey_added", {"name": made.name})
    return made


def rename_passkey(
    session: Session, account: Account, public_id: str, name: str, *, now: datetime, actor: Actor
) -> None:
    """Raises NotFound for a passkey that is not theirs."""
    found = _own(session, account, public_id)
    before, found.name = found.name, _named(name)
    session.add(found)
    audit.record(
        session, actor=actor, now=now, entity="user", entity_id=account.user.public_id, action="passkey_renamed",
        before={"name": before}, after={"name": found.name},
    )  # fmt: skip


def remove_passkey(
    session: Session, account: Account, public_id: str, *, settings: Settings, now: datetime, actor: Actor
) -> None:
    """The device opens nothing any more. Raises NotFound; Refused `factor_last` where one must stay."""
    found = _own(session, account, public_id)
    _keep_one(session, account, settings)
    session.delete(found)
    session.flush()
    _forget_codes_of_nothing(session, account)
    _note(session, account.user, actor, now, "passkey_removed", {"name": found.name})


def use_passkey(session: Session, passkey_id: int, *, sign_count: int, asked_at: datetime, now: datetime) -> bool:
    """Note an answer that was right. False when it answers a question not newer than the last: it was used before."""
    newer = or_(col(Passkey.asked_at).is_(None), col(Passkey.asked_at) < asked_at)
    used = session.execute(
        update(Passkey)
        .where(col(Passkey.id) == passkey_id, newer)
        .values(asked_at=asked_at, used_at=now, sign_count=sign_count)
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]


def sealed_key(settings: Settings, account: Account, key: str) -> str:
    """The key of an authenticator app as the database may keep it."""
    return sealing.seal(settings, _PURPOSE, key, about=_about(account))


def totp_key(settings: Settings, account: Account, sealed: str) -> str | None:
    """The key in clear; None when it was sealed for somebody else or under a root secret we no longer know."""
    return sealing.unseal(settings, _PURPOSE, sealed, about=_about(account))


def seal_anew(session: Session, account: Account, settings: Settings, sealed: str) -> None:
    """A key that an earlier root secret sealed is put under the present one, when it has just been opened."""
    key = totp_key(settings, account, sealed)
    if key is not None and not sealing.is_ours(settings, _PURPOSE, sealed, now=True):
        session.execute(_of(account).values(tf_totp_secret=sealed_key(settings, account, key)))


def unopenable(session: Session, settings: Settings) -> int:
    """How many people have an app whose key no root secret we know opens."""
    sealed = session.exec(select(col(Credential.tf_totp_secret)).where(col(Credential.tf_totp_secret).is_not(None)))
    return sum(not sealing.is_ours(settings, _PURPOSE, str(one)) for one in sealed)


def set_totp(session: Session, account: Account, sealed: str, *, counter: int, now: datetime, actor: Actor) -> None:
    """From now on codes of this key are taken, newer ones than the one that proved it."""
    session.execute(
        _of(account).values(
            tf_totp_secret=sealed, tf_primary_method="authenticator", totp_counter=counter, factor_due_at=None
        )
    )
    _note(session, account.user, actor, now, "totp_replaced" if account.has_totp else "totp_set")


def remove_totp(session: Session, account: Account, *, settings: Settings, now: datetime, actor: Actor) -> None:
    """Refused `factor_last` where one must stay."""
    _keep_one(session, account, settings)
    session.execute(_of(account).values(tf_totp_secret=None, tf_primary_method=None, totp_counter=None))
    _forget_codes_of_nothing(session, account)
    _note(session, account.user, actor, now, "totp_removed")


def take_counter(session: Session, account: Account, counter: int) -> bool:
    """Spend the code of one half minute: of two that arrive together one is taken (ASVS 6.5.1)."""
    newer = or_(col(Credential.totp_counter).is_(None), col(Credential.totp_counter) < counter)
    spent = session.execute(_of(account).where(newer).values(totp_counter=counter))
    return bool(spent.rowcount == 1)  # type: ignore[attr-defined]


def new_codes(
    session: Session, account: Account, *, settings: Settings, now: datetime, actor: Actor, quietly: bool = False
) -> list[str]:
    """Ten recovery codes, to be shown once ("7K3P4-WXQ9H"); the earlier ones stop working.

    `quietly` where they come with a first second step, which is news enough for one day.
    """
    codes = ["".join(secrets.choice(_ALPHABET) for _n in range(LENGTH)) for _c in range(CODES)]
    key = settings.key(_PURPOSE)
    session.execute(_of(account).values(mf_recovery_codes=[_code_hash(key, account, code) for code in codes]))
    _note(session, account.user, actor, now, "codes_made", quietly=quietly)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def spend_code(session: Session, account: Account, typed: str, *, settings: Settings, now: datetime) -> int | None:
    """Use up one recovery code, typed in any case and grouping. How many are left; None for one that is not theirs."""
    code = "".join(sign for sign in typed.upper() if sign.isalnum())
    wanted = select(Credential).where(col(Credential.id) == _id(account)).with_for_update()
    credential = session.exec(wanted.execution_options(populate_existing=True)).one()
    given = {_code_hash(key, account, code) for key in settings.keys(_PURPOSE)}
    left = [one for one in credential.mf_recovery_codes if one not in given]
    if len(left) == len(credential.mf_recovery_codes):
        return None
    credential.mf_recovery_codes = left
    session.add(credential)
    _note(session, account.user, account.actor(), now, "code_used", {"left": len(left)})
    return len(left)


def start_grace(session: Session, account: Account, *, settings: Settings, now: datetime) -> None:
    """At a login: from the first one that finds a required second step missing, the days of grace run."""
    missing = account.credential.factor_due_at is None and not account.has_factor
    if missing and known.must_have(account, settings):
        session.execute(_of(account).values(factor_due_at=now + timedelta(days=settings.factor_grace_days)))


def reset(
    session: Session, user: User, *, now: datetime, actor: Actor, reason: str, witness: User | None = None
) -> None:
    """Everything was lost: every browser is out, and the next login, by password alone, must set up a new second step.

    The person hears of it, and so does the `witness`, who made sure together with `actor` who it is that asks.
    """
    credential = session.exec(select(Credential).where(col(Credential.user_id) == user.id)).first()
    if credential is None:
        raise NotFound("user_unknown", email=user.email)
    sessions.end_all(session, int(credential.id or 0), now)
    session.execute(delete(Passkey).where(col(Passkey.credential_id) == credential.id))
    session.execute(
        update(Credential)
        .where(col(Credential.id) == credential.id)
        .values(
            tf_totp_secret=None, tf_primary_method=None, totp_counter=None, mf_recovery_codes=[], factor_due_at=now,
            proof_failures=0, proof_locked_until=None,
        )
    )  # fmt: skip
    after = {"witness": witness.name} if witness else None
    audit.record(
        session, actor=actor, now=now, entity="user", entity_id=user.public_id, action="factors_reset",
        after=after, reason=reason,
    )  # fmt: skip
    notices.tell(session, user, "factors_reset", now=now, by=actor.name)
    if witness:
        notices.tell(session, witness, "factors_reset_witness", now=now, by=actor.name, about=user.name)


def _keep_one(session: Session, account: Account, settings: Settings) -> None:
    have = len(known.passkeys(session, _id(account))) + account.has_totp
    if have <= 1 and known.must_have(account, settings):
        raise Refused("factor_last")


def _forget_codes_of_nothing(session: Session, account: Account) -> None:
    """Recovery codes stand in for a second step; without one they are only more secrets to lose."""
    credential = session.exec(
        select(Credential).where(col(Credential.id) == _id(account)).execution_options(populate_existing=True)
    ).one()
    if not credential.tf_totp_secret and not known.passkeys(session, _id(account)):
        session.execute(_of(account).values(mf_recovery_codes=[]))


def _note(
    session: Session,
    user: User,
    actor: Actor,
    now: datetime,
    action: str,
    facts: Mapping[str, Any] | None = None,
    *,
    quietly: bool = False,
) -> None:
    audit.record(session, actor=actor, now=now, entity="user", entity_id=user.public_id, action=action, after=facts)
    if not quietly:
        notices.tell(session, user, action, now=now, **(facts or {}))


def _own(session: Session, account: Account, public_id: str) -> Passkey:
    wanted = select(Passkey).where(col(Passkey.public_id) == public_id, col(Passkey.credential_id) == _id(account))
    found = session.exec(wanted).first()
    if found is None:
        raise NotFound()
    return found


def _named(name: str) -> str:
    return " ".join(name.split())[:LONGEST_NAME] or "Passkey"


def _code_hash(key: bytes, account: Account, code: str) -> str:
    """Keyed, so that the database alone does not tell them, and bound to the person."""
    return hmac.new(key, f"recovery/{_id(account)}/{code}".encode(), hashlib.sha256).hexdigest()


def _about(account: Account) -> str:
    return f"credential/{_id(account)}/totp"


def _of(account: Account) -> Any:
    return update(Credential).where(col(Credential.id) == _id(account))


def _id(account: Account) -> int:
    return int(account.credential.id or 0)
