"""Codes of an authenticator app (TOTP, RFC 6238) through Flask-Security's `Totp`: sealed by us, each taken once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import segno
from flask import current_app
from flask_security import Totp, UserMixin
from flask_security.utils import check_and_get_token_status
from passlib.exc import TokenError, UsedTokenError
from passlib.totp import TOTP, TotpMatch

from app.config import Settings
from app.database import unit_of_work
from app.extensions import security
from app.operations import factors
from app.web.security import Login

ISSUER = "Sinergi"
WINDOW = 30  # seconds a clock may be off, either way
WITHIN = timedelta(minutes=30)  # to find the telephone, install an app, and type


class StaffTotp(Totp):
    """Flask-Security's codes over a key the database keeps sealed, with the counter it leaves to us."""

    def __init__(self, secrets: Any, issuer: str) -> None:
        self._totp = TOTP.using(issuer=issuer)  # its own sealing has no authentication tag: see app.sealing

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        key = factors.totp_key(_settings(), cast(Login, user).account, totp_secret)
        return key is not None and super().verify_totp(token, self.of(key), user, window)

    def get_last_counter(self, user: UserMixin) -> int | None:
        return cast(Login, user).account.credential.totp_counter

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Of two requests with the same code one spends it; the other is refused like any wrong code."""
        account = cast(Login, user).account
        with unit_of_work() as database:
            if not factors.take_counter(database, account, tmatch.counter):
                raise UsedTokenError(expire_time=tmatch.expire_time)
            factors.seal_anew(database, account, _settings(), str(account.credential.tf_totp_secret))

    def generate_qrcode(self, username: str, totp: Any) -> str:
        uri = self.get_totp_uri(username, totp)
        return segno.make(uri, error="m", micro=False).svg_data_uri(scale=5, border=4, light="#fff", dark="#000")

    def of(self, key: str) -> Any:
        """passlib's object for a key in base32."""
        return self._totp(key=key)


@dataclass(frozen=True, slots=True)
class Setup:
    """What the page shows (a picture and the key in groups of four), and the signed note that comes back."""

    image: str
    key: str
    account: str
    state: str


def begin(login: Login, state: str | None = None) -> Setup:
    """A new key, or the one of the note `state`, so that a mistyped code does not cost another scan."""
    sealed = _read(state, login) if state else None
    key = factors.totp_key(_settings(), login.account, sealed) if sealed else None
    if sealed is None or key is None:
        key = str(TOTP.new().base32_key)
        sealed = factors.sealed_key(_settings(), login.account, key)
    shown = _codes().fetch_setup_values(_codes().of(key), login)
    return Setup(shown["image"], shown["key"].replace("-", " "), shown["username"], _sign(sealed, login))


def proven(login: Login, code: str, state: str) -> tuple[str, int] | None:
    """(sealed key, counter) when the app shows the right code for the note's key."""
    sealed = _read(state, login)
    key = factors.totp_key(_settings(), login.account, sealed) if sealed else None
    if sealed is None or key is None:
        return None
    try:
        return sealed, int(_codes().of(key).match(_digits(code), window=WINDOW).counter)
    except TokenError:
        return None


def is_right(login: Login, code: str) -> bool:
    """Whether this is a code of the person's app, not used before. It is spent by being asked."""
    sealed = login.account.credential.tf_totp_secret
    return bool(sealed) and _codes().verify_totp(_digits(code), str(sealed), login, WINDOW)


def _digits(code: str) -> str:
    return "".join(sign for sign in code if sign.isdigit())


def _codes() -> StaffTotp:
    return cast(StaffTotp, security.totp_factory)


def _sign(sealed: str, login: Login) -> str:
    return str(security.tf_setup_serializer.dumps({"sealed": sealed, "who": login.id}))


def _read(state: str, login: Login) -> str | None:
    expired, invalid, note = check_and_get_token_status(state, "tf_setup", WITHIN)
    return None if expired or invalid or note["who"] != login.id else str(note["sealed"])


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
