"""Flask-Security on our tables: it sees a plain `Login`, and what it writes reaches `credential` only.

The User is a registry record and changes through `records.save`; Flask-Security commits by itself at
login, so it gets a datastore that reads in one short unit of work and writes in another.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, g, request, session
from flask_babel import gettext as _
from flask_login import user_logged_out
from flask_security import (
    LoginForm,
    PasswordUtil,
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    WebAuthnMixin,
    password_changed,
    user_authenticated,
)
from flask_security.utils import set_request_attr

from app.config import Settings
from app.database import unit_of_work, utcnow
from app.extensions import security
from app.models.credential import CREDENTIAL_COLUMNS, Passkey
from app.operations import factors as second_steps
from app.operations import notices, sessions, users
from app.queries import accounts, factors
from app.queries import office as settings_of_office
from app.queries.accounts import Account
from app.queries.browsers import LONGEST_IDLE
from app.web import access, catalogues, headers, next_page, office
from app.web.passwords import weakness

SHORTEST_PASSWORD = 12
IDLE_SECONDS = int(LONGEST_IDLE.total_seconds())
_REFRESH_SECONDS = 60
ARGON2 = {"argon2__memory_cost": 65_536, "argon2__time_cost": 3, "argon2__parallelism": 4}  # RFC 9106, second choice


class RoleName(RoleMixin):
    """A role as Flask-Security wants it."""

    def __init__(self, name: str) -> None:
        self.name = name


class Key(WebAuthnMixin):
    """A passkey as Flask-Security wants it."""

    def __init__(self, passkey: Passkey) -> None:
        self.id = int(passkey.id or 0)
        self.user_id = passkey.credential_id
        self.public_key, self.sign_count = passkey.public_key, passkey.sign_count
        self.usage = "secondary"  # told apart by what it is asked for, not by a label


class Login(UserMixin):
    """The account of one request: the columns of its credential as attributes, and who it is."""

    fs_uniquifier: str = ""
    password_set_at: datetime | None

    def __init__(self, account: Account) -> None:
        self.account = account
        self.id = int(account.credential.id or 0)
        self.email = account.user.email
        self.active = account.active
        self.roles = [RoleName(code) for code in account.roles]
        self.last_login_ip = self.current_login_ip = None  # asked for by Flask-Security, kept nowhere
        self.webauthn: list[WebAuthnMixin] = []  # Flask-Security looks here for names in use; ours may repeat
        self._before = {name: getattr(account.credential, name) for name in CREDENTIAL_COLUMNS}
        self.__dict__.update(self._before)

    def changes(self) -> dict[str, Any]:
        """Credential columns that differ from what was read."""
        return {name: self.__dict__[name] for name, was in self._before.items() if self.__dict__[name] != was}


class Datastore(UserDatastore):
    """Finds logins; remembers changed ones until Flask-Security says `commit`."""

    def __init__(self) -> None:
        super().__init__(Login, RoleName, Key)

    def find_user(self, case_insensitive: bool = False, **attribute: Any) -> Login | None:
        ((name, value),) = attribute.items()
        with unit_of_work(write=False) as database:
            if name == "email":
                account = accounts.by_email(database, str(value))
            elif name == "id":
                account = accounts.by_credential(database, int(value))
            elif name == "fs_uniquifier":
                account = accounts.by_version(database, str(value))
            else:
                account = None
        return Login(account) if account else None

    def find_webauthn(self, credential_id: bytes) -> Key | None:
        with unit_of_work(write=False) as database:
            found = factors.passkey(database, credential_id)
        return Key(found) if found else None

    def find_role(self, role: str) -> RoleName:
        return RoleName(role)

    def put(self, model: Login) -> Login:
        changed: dict[int | None, Login] = g.setdefault("changed_logins", {})
        changed[model.id] = model
        return model

    def commit(self) -> None:
        changed: dict[int | None, Login] = g.pop("changed_logins", {})
        if not changed:
            return
        with unit_of_work() as database:
            for login in changed.values():
                users.write_credential(database, int(login.id or 0), login.changes())


class Passwords(PasswordUtil):
    """Long rather than clever: 12 to 128 characters, no list of rules, nothing everybody tries first."""

    def validate(self, password: str, is_register: bool, **facts: Any) -> tuple[list[str] | None, str]:
        normal = self.normalize(password)
        person: Login | None = facts.get("user")
        words = [person.email.partition("@")[0], person.account.user.name] if person else []
        problem = weakness(normal, shortest=SHORTEST_PASSWORD, words=words)
        return ([sentence_of(problem)] if problem else None), normal


class StaffLogin(LoginForm):
    """E-mail and password; no "remember me" on office machines."""

    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.next.data = next_page.safe(self.next.data)


def sentence_of(problem: str) -> str:
    """Why a password is not taken, in the words of the page."""
    return {
        "short": _("Use at least %(length)s characters. A sentence that only you know is easy to remember.",
                   length=SHORTEST_PASSWORD),
        "long": _("Use at most 128 characters."),
        "common": _("This password is on lists that attackers try first. Please choose another one."),
        "simple": _("This password repeats the same characters. Please choose another one."),
        "personal": _("The password contains your name or e-mail address. Please choose another one."),
    }[problem]  # fmt: skip


def init_app(app: Flask, settings: Settings) -> None:
    from app.web import authenticator, passkeys, second_step  # they need the Login made above

    app.config.update(_configuration(settings))
    security._password_util_cls = Passwords  # `init_app` passes over classes; only the constructor takes them
    security._totp_cls = authenticator.StaffTotp
    security._webauthn_util_cls = passkeys.Ceremony
    security.init_app(app, Datastore(), login_form=StaffLogin, datetime_factory=utcnow)
    state: Security = app.extensions["security"]
    state.two_factor_plugins = second_step.SecondStep()
    state.want_json(lambda _request: False)  # the page is the only door; no JSON side entrance
    app.login_manager.session_protection = None  # type: ignore[attr-defined]  # addresses of phones change
    app.login_manager.user_loader(load_login)  # type: ignore[attr-defined]
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]  # no tokens in headers
    access.declare(app, "security.login", access.PUBLIC)
    access.declare(app, "security.logout", access.PUBLIC)  # answers anybody; CSRF and the session decide
    access.declare_signed_in(app, "security.change_password")
    user_authenticated.connect(_entered, app)
    user_logged_out.connect(_left, app)
    password_changed.connect(_password_changed, app)


def load_login(fs_uniquifier: str) -> Login | None:
    """The login of this browser, while its session lives, it is not idle and the person may be here."""
    if _is_idle():
        session.clear()
        g.session_ended = True
        office.ask()
        return None
    with unit_of_work(write=False) as database:
        account = accounts.by_session(database, fs_uniquifier, str(session.get("sid", "")), utcnow())
        if account is not None and not settings_of_office.is_known(account.office_version):
            settings_of_office.refresh(database)
    if account is None:
        office.ask()
    if account is None or not account.active:
        return None
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return Login(account)


def _is_idle() -> bool:
    """The time of the last request stands in the signed cookie, so that reading a page writes no row."""
    now, seen = int(time.time()), int(session.get("seen", 0))
    if now - seen > IDLE_SECONDS:
        return True
    if now - seen >= _REFRESH_SECONDS:
        session["seen"] = now
    return False


def _entered(_app: Flask, user: Login, authn_via: list[str] | None = None, **_facts: Any) -> None:
    """A new session and a new CSRF token at every login: what stood in the cookie before is worth nothing after."""
    for name in ("csrf_token", "second"):
        session.pop(name, None)
    g.pop("csrf_token", None)
    with unit_of_work() as database:
        session["sid"] = sessions.start(
            database,
            user.account,
            via="+".join(authn_via or ["password"]),
            now=utcnow(),
            agent=request.headers.get("User-Agent", ""),
            ended=session.get("sid"),
            request_id=headers.request_id(),
        )
        settings: Settings = _app.extensions["settings"]
        second_steps.start_grace(database, user.account, settings=settings, now=utcnow())
    session["seen"] = int(time.time())
    g.entered = True


def _left(_app: Flask, user: Login | None = None, **_facts: Any) -> None:
    with unit_of_work() as database:
        sessions.end(database, str(session.get("sid", "")), utcnow())
    session.clear()


def _password_changed(_app: Flask, user: Login, **_facts: Any) -> None:
    user.password_set_at = utcnow()
    cast(Datastore, security.datastore).put(user)
    with unit_of_work() as database:
        notices.tell(database, user.account.user, "password_changed", now=utcnow())


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_BLUEPRINT_NAME": "security",
        "SECURITY_URL_PREFIX": None,
        "SECURITY_LOGIN_URL": "/masuk",
        "SECURITY_LOGOUT_URL": "/keluar",
        "SECURITY_CHANGE_URL": "/akun/kata-sandi",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/masuk",
        "SECURITY_POST_CHANGE_VIEW": "/",
        "SECURITY_LOGIN_USER_TEMPLATE": "security/login_user.html",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "security/change_password.html",
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_TRACKABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_FRESHNESS": timedelta(seconds=-1),
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # no pepper: a new root secret must not lock everybody out
        "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
        "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,  # wakes the codes of the app; its pages are not served
        "SECURITY_TOTP_SECRETS": {1: "unused"},  # keys are sealed by app.sealing
        "SECURITY_TOTP_ISSUER": "Sinergi",
        "SECURITY_WAN_ALLOW_AS_VERIFY": ["secondary"],
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "SECURITY_I18N_DIRNAME": ["builtin", str(catalogues.VENDOR)],
        "SECURITY_FLASH_MESSAGES": True,
        "SECURITY_CACHE_CONTROL": {},  # ours already says no-store
    }
