"""Secrets the database may keep only sealed: AES-256-GCM under a key that is not in the database.

"1.KEY.BODY": a version, the name of the key (so that a new root secret can take over while the earlier one still
opens), and nonce and ciphertext. `about` says what the secret belongs to: moved to another row, it does not open.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.config import Settings

_NONCE = 12  # bytes, NIST SP 800-38D


def seal(settings: Settings, purpose: str, text: str, *, about: str) -> str:
    """`text` sealed for one purpose and one row ("credential/7/totp")."""
    key = settings.key(purpose)
    nonce = secrets.token_bytes(_NONCE)
    body = nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())
    return f"1.{_name(key)}.{base64.urlsafe_b64encode(body).decode()}"


def unseal(settings: Settings, purpose: str, sealed: str, *, about: str) -> str | None:
    """The text; None when no key of ours opens it, or it was sealed for another row."""
    version, _, rest = sealed.partition(".")
    name, _, body = rest.partition(".")
    if version != "1":
        return None
    for key in settings.keys(purpose):
        if _name(key) == name:
            try:
                raw = base64.urlsafe_b64decode(body)
                return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
            except (InvalidTag, ValueError):
                return None
    return None


def is_ours(settings: Settings, purpose: str, sealed: str, *, now: bool = False) -> bool:
    """Whether a key of ours made this seal; with `now` only the present one."""
    names = [_name(key) for key in settings.keys(purpose)]
    return sealed.split(".")[1:2] in ([name] for name in names[: 1 if now else None])


def _name(key: bytes) -> str:
    return hashlib.sha256(b"name of a key" + key).hexdigest()[:8]
