"""The 6-digit code that stands between a link and the data of people already known.

10 minutes, five tries, three codes in ten minutes, ten a day; counted in the database, so the limits
hold when Redis is away. The code goes only to the address on file.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.models.company import Company
from app.models.device import AccessCode, Device
from app.models.form_link import FormLink
from app.operations import links, outbox

LIFETIME = timedelta(minutes=10)
TRIES = 5
REMEMBERED = timedelta(hours=12)
_LIMITS = ((timedelta(minutes=10), 3), (timedelta(days=1), 10))


def send(session: Session, link: FormLink, *, key: bytes, now: datetime) -> bool:
    """Make a code and queue its mail. False at the limit or without an address: the page says the same."""
    links.follow(session, link, now=now)
    if not link.email or any(_sent_since(session, link, now - span) >= most for span, most in _LIMITS):
        return False
    assert link.id is not None
    code = f"{secrets.randbelow(10**6):06d}"
    _end_open_codes(session, link, now)
    made = AccessCode(
        link_id=link.id, link_version=link.version, code_hash="", created_at=now, expires_at=now + LIFETIME
    )
    session.add(made)
    session.flush()
    made.code_hash = _hash(code, made, key)
    company = session.get_one(Company, link.company_id)
    outbox.enqueue(
        session,
        "code",
        to=link.email,
        language=link.language,
        company_id=link.company_id,
        context={
            "code": code,
            "company_name": company.legal_name,
            "minutes": int(LIFETIME.total_seconds() // 60),
            "link_id": link.id,
        },
        dedupe_key=f"code:{made.id}",
        now=now,
        priority=0,
        expires_at=made.expires_at,
    )
    return True


def check(session: Session, link: FormLink, typed: str, *, key: bytes, now: datetime) -> Device | None:
    """The device that now may see existing data, or None for a wrong, old or used-up code.

    A try is counted before the comparison, in one statement, so that parallel guesses count too.
    """
    digits = "".join(c for c in typed if c.isdigit())
    code = _open_code(session, link, now)
    if code is None:
        return None
    counted = session.connection().execute(
        update(AccessCode)
        .where(col(AccessCode.id) == code.id, col(AccessCode.tries) < TRIES, col(AccessCode.used_at).is_(None))
        .values(tries=col(AccessCode.tries) + 1)
    )
    if counted.rowcount != 1 or not hmac.compare_digest(code.code_hash, _hash(digits, code, key)):
        return None
    code.used_at = now
    session.add(code)
    assert link.id is not None
    device = Device(link_id=link.id, link_version=link.version, verified_at=now, expires_at=now + REMEMBERED)
    session.add(device)
    session.flush()
    return device


def device_of(session: Session, link: FormLink, public_id: str, *, now: datetime) -> Device | None:
    """The remembered device of this very link version, while it lives."""
    device = session.exec(select(Device).where(Device.public_id == public_id)).first()
    return device if device is not None and still_known(device, link, now=now) else None


def still_known(device: Device, link: FormLink, *, now: datetime) -> bool:
    """Whether a device still stands for the code once given: this link, this version, 12 hours."""
    mine = device.link_id == link.id and device.link_version == link.version
    return mine and device.ended_at is None and now < device.expires_at


def forget(session: Session, device: Device, *, now: datetime) -> None:
    """The person said "do not keep this on the device"."""
    device.ended_at = now
    session.add(device)


def _open_code(session: Session, link: FormLink, now: datetime) -> AccessCode | None:
    query = select(AccessCode).where(
        AccessCode.link_id == link.id,
        AccessCode.link_version == link.version,
        col(AccessCode.used_at).is_(None),
        col(AccessCode.expires_at) > now,
    )
    return session.exec(query.order_by(col(AccessCode.id).desc())).first()


def _end_open_codes(session: Session, link: FormLink, now: datetime) -> None:
    session.connection().execute(
        update(AccessCode)
        .where(col(AccessCode.link_id) == link.id, col(AccessCode.used_at).is_(None))
        .values(used_at=now)
    )


def _sent_since(session: Session, link: FormLink, since: datetime) -> int:
    query = select(func.count()).where(AccessCode.link_id == link.id, col(AccessCode.created_at) > since)
    return int(session.exec(query).one())


def _hash(code: str, row: AccessCode, key: bytes) -> str:
    return hmac.digest(key, f"{row.id}.{row.link_id}.{row.link_version}.{code}".encode(), hashlib.sha256).hex()
