"""Passkeys (WebAuthn Level 3): the question a browser is asked, and whether its answer is right.

Flask-Security's forms check the answer; its pages are not used (see docs/adr). A question is signed, lives for some
minutes, says what it is for, and its answer counts once: `asked_at` of a passkey only ever grows.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import webauthn
from flask import current_app, request
from flask_babel import gettext as _
from flask_security import UserMixin, WebauthnUtil
from flask_security.utils import check_and_get_token_status
from flask_security.webauthn import WebAuthnRegisterResponseForm, WebAuthnSigninResponseForm
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from werkzeug.datastructures import MultiDict

from app.config import Settings
from app.database import unit_of_work, utcnow
from app.extensions import security
from app.models.credential import Passkey
from app.operations import factors
from app.queries import factors as known
from app.web.security import Login

Use = Literal["new", "login", "second", "proof"]
WITHIN = timedelta(minutes=10)
_TIMEOUT = 300_000  # ms a browser waits for the person; WebAuthn's own recommendation
_OURS = {one.value for one in AuthenticatorTransport}


@dataclass(frozen=True, slots=True)
class Question:
    """What the browser is asked (JSON), and the signed note that comes back with its answer."""

    options: dict[str, Any]
    state: str


@dataclass(frozen=True, slots=True)
class Made:
    """A pair the person's device has just made."""

    key_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    synced: bool


class Ceremony(WebauthnUtil):
    """Any kind of device; kept on it where it can be, so that it can later log in without an address typed."""

    def authenticator_selection(self, user: UserMixin, usage: str) -> AuthenticatorSelectionCriteria:
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        )

    def user_verification(self, user: UserMixin | None, usage: list[str]) -> UserVerificationRequirement:
        """Alone it must be two steps (device, and PIN or finger); beside a password the device is enough."""
        if "first" in usage:
            return UserVerificationRequirement.REQUIRED
        return UserVerificationRequirement.PREFERRED


def obstacle() -> str | None:
    """Why no browser can use a passkey at this address, in words; None where it can."""
    host = urlsplit("//" + request.host).hostname or ""
    local = host == "localhost" or host.endswith(".localhost")
    if _is_number(host):
        if ipaddress.ip_address(host).is_loopback:
            here = f"http://localhost:{urlsplit('//' + request.host).port or 80}"
            return _("A passkey belongs to a name, not to a number. Please open %(address)s instead.", address=here)
        return _("A passkey belongs to the name of a site, and this one was opened by its number. It becomes possible "
                 "when Sinergi gets a name with https; an authenticator app works here already.")  # fmt: skip
    if not request.is_secure and not local:
        return _("Browsers allow passkeys only over a protected connection (https), which this address does not have "
                 "yet. An authenticator app works here already.")  # fmt: skip
    return None


def ask_new(login: Login) -> Question:
    """The question that makes a new pair; devices that already hold one of this person's decline."""
    with unit_of_work(write=False) as database:
        have = known.passkeys(database, login.id)
    challenge = security.webauthn_util.generate_challenge(32)
    options = webauthn.generate_registration_options(
        challenge=challenge.encode(),
        rp_name="Sinergi",
        rp_id=_site(),
        user_id=login.fs_webauthn_user_handle.encode(),
        user_name=login.email,
        user_display_name=login.account.user.name,
        timeout=_TIMEOUT,
        authenticator_selection=security.webauthn_util.authenticator_selection(login, "secondary"),
        exclude_credentials=[_descriptor(one) for one in have],
    )
    return Question(options_to_json_dict(options), _sign(challenge, "new", login.id))


def ask(use: Use, login: Login | None = None) -> Question:
    """The question a passkey answers; without `login` any passkey of this site on the device may."""
    have: list[Passkey] = []
    if login is not None:
        with unit_of_work(write=False) as database:
            have = known.passkeys(database, login.id)
    challenge = security.webauthn_util.generate_challenge(32)
    options = webauthn.generate_authentication_options(
        challenge=challenge.encode(),
        rp_id=_site(),
        timeout=_TIMEOUT,
        allow_credentials=[_descriptor(one) for one in have] or None,
        user_verification=security.webauthn_util.user_verification(login, ["first" if use == "login" else "secondary"]),
    )
    return Question(options_to_json_dict(options), _sign(challenge, use, login.id if login else None))


def made(login: Login, answer: str, state: str) -> Made | None:
    """The new pair, when the answer to `ask_new` is right."""
    note = _read(state, "new", login.id)
    if note is None:
        return None
    form = WebAuthnRegisterResponseForm(MultiDict({"credential": answer}), meta={"csrf": False})
    form.challenge, form.name, form.usage, form.user_verification = note["challenge"], "", "secondary", False
    if not form.validate():
        return None
    verified = form.registration_verification
    return Made(
        key_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=[one.value for one in form.transports],
        synced=bool(verified.credential_backed_up),
    )


def answered(answer: str, state: str, use: Use, login: Login | None = None) -> Login | None:
    """Who answered rightly; with `login` only that person. The answer is spent by being looked at."""
    note = _read(state, use, login.id if login else None)
    if note is None:
        return None
    form = WebAuthnSigninResponseForm(MultiDict({"credential": answer}), meta={"csrf": False})
    form.challenge, form.user_verification = note["challenge"], use == "login"
    form.is_secondary, form.is_verify = use == "second", True  # a passkey of ours may be used for either step
    if not form.validate() or not isinstance(form.user, Login) or form.cred is None:
        return None
    person = form.user
    if not person.active or (login is not None and person.id != login.id):
        return None
    asked_at = datetime.fromtimestamp(note["at"] / 1_000_000, UTC)
    count = form.authentication_verification.new_sign_count
    with unit_of_work() as database:
        fresh = factors.use_passkey(database, form.cred.id, sign_count=count, asked_at=asked_at, now=utcnow())
    return person if fresh else None


def _sign(challenge: str, use: Use, who: int | None) -> str:
    note = {"challenge": challenge, "use": use, "who": who, "at": time.time_ns() // 1000}
    return str(security.wan_serializer.dumps(note))


def _read(state: str, use: Use, who: int | None) -> Mapping[str, Any] | None:
    """The note, when it is ours, young, and for this use by this person."""
    expired, invalid, note = check_and_get_token_status(state, "wan", WITHIN)
    if expired or invalid or note["use"] != use or note["who"] != who:
        return None
    found: Mapping[str, Any] = note
    return found


def _descriptor(one: Passkey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(name) for name in one.transports if name in _OURS]
    return PublicKeyCredentialDescriptor(id=one.key_id, transports=transports or None)


def _site() -> str:
    return urlsplit("//" + request.host).hostname or ""


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
