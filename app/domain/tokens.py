"""Tokens of links, derived and never stored: `key-id.link-id.MAC`.

MAC = base64url(HMAC-SHA256(key, link-id "|" version)). The row of the link alone decides whether the link lives:
raising its version ends every token given out before. Keys have short ids, so that a new key can begin while links of
the old one still open. A leaked database opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"([A-Za-z0-9]{1,8})\.([A-Za-z0-9_\-]{1,64})\.([A-Za-z0-9_\-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """A well-formed token, not yet believed: `link_id` says which row to ask, `genuine` whether we made it."""

    key_id: str
    link_id: str
    mac: str


def derive(key_id: str, key: bytes, link_id: str, version: int) -> str:
    """The token of one version of a link. `key` is at least 16 bytes, `link_id` URL-safe without dots."""
    if len(key) < 16:
        raise ValueError("the key of links has at least 16 bytes")
    token = f"{key_id}.{link_id}.{_mac(key, link_id, version)}"
    if not _TOKEN.fullmatch(token):
        raise ValueError("key id and link id are letters, digits, - and _")
    return token


def read(text: str) -> Token | None:
    """The parts of a token as it came in a URL; None for what has never been one (a cut-off link too)."""
    found = _TOKEN.fullmatch(text.strip().rstrip(".,;:)>\"'"))
    return Token(found[1], found[2], found[3]) if found else None


def genuine(token: Token, version: int, keys: Mapping[str, bytes]) -> bool:
    """Whether this token was derived for this version, in constant time. A key no longer kept opens nothing."""
    key = keys.get(token.key_id)
    expected = _mac(key if key is not None else bytes(32), token.link_id, version)
    return hmac.compare_digest(expected, token.mac) and key is not None


def version_of(token: Token, newest: int, keys: Mapping[str, bytes]) -> int | None:
    """Which version, from the newest down (20 at most), the token was made for: an old one was revoked, not forged."""
    return next((v for v in range(newest, max(newest - 20, -1), -1) if genuine(token, v, keys)), None)


def masked(text: str) -> str:
    """A mail or log line with the secret part of any token left out."""
    return _ANYWHERE.sub(r"\1.…", text)


_ANYWHERE = re.compile(r"([A-Za-z0-9]{1,8}\.[A-Za-z0-9_\-]{1,64})\.[A-Za-z0-9_\-]{43}(?![A-Za-z0-9_\-])", re.ASCII)


def _mac(key: bytes, link_id: str, version: int) -> str:
    digest = hmac.new(key, f"{link_id}|{version}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
