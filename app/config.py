"""Typed settings from the environment: `SINERGI_NAME`, or `SINERGI_NAME_FILE` for a file that holds the value.

A value that cannot be right stops the start by its name; a name nobody knows is warned about. Under the environment
stands what the office chose on a screen, under that the default.
"""

from __future__ import annotations

import difflib
import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from app.setting_fields import SECRET_FILE as SECRET_FILE
from app.setting_fields import Logo as Logo
from app.setting_fields import Settings as Settings

PREFIX = "SINERGI_"
WORLD_FILE = "world.json"  # what a running supervisor chose, for commands beside it

log = logging.getLogger("sinergi.config")


class BadSetting(ValueError):
    """A setting that stops the start; `name` is the variable to mend."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


# The name in the environment where it differs from the field that keeps it.
VARIABLES = {
    "database": "database_url",
    "redis": "redis_url",
    "secret": "secret_key",
    "old_secrets": "old_secret_keys",
    "public": "public_url",
    "mail_secret": "mail_password",
    "message_domain": "mail_domain",
}
STORED = "database"  # the origin of what the office chose on a screen
RELAY = frozenset({"mail_server", "mail_port", "mail_tls", "mail_username", "mail_secret"})
SECRETS = frozenset({"secret", "old_secrets", "mail_secret", "metrics_token"})


class Current:
    """Settings of this process: the environment, read once, over what the office chose on a screen, over defaults.

    What was chosen is handed in by the edges that have a database (`app.queries.office.refresh`).
    """

    def __init__(self) -> None:
        self._environment: Settings | None = None
        self._merged: Settings | None = None
        self.version: int | None = None  # of the stored choices; None before they were read

    def __call__(self) -> Settings:
        return self._merged or self.environment()

    def environment(self) -> Settings:
        """Without the stored choices."""
        if self._environment is None:
            self._environment = load(os.environ)
        return self._environment

    def adopt(self, chosen: Mapping[str, Any], version: int, logo: Logo | None = None) -> None:
        """Put the stored choices under the environment."""
        self._merged = merged(self.environment(), chosen, logo)
        self.version = version

    def cache_clear(self) -> None:
        """Read the environment again, and forget the stored choices until they are handed in anew."""
        self._environment = self._merged = self.version = None


settings = Current()


def merged(environment: Settings, chosen: Mapping[str, Any], logo: Logo | None = None) -> Settings:
    """`environment` with stored choices where it says nothing itself.

    A relay is one thing: server, port, security and login come from one place, or a password would go to a stranger.
    A demo sends no mail anywhere, whatever is chosen.
    """
    free = {name: value for name, value in chosen.items() if value is not None and name in Settings.model_fields}
    own_relay = "mail_server" in free and "mail_server" not in environment.origins and not environment.demo
    fixed = set(environment.origins) - RELAY if own_relay else set(environment.origins) | RELAY
    given = {name: value for name, value in free.items() if name not in fixed}
    if own_relay:
        given = {name: Settings.model_fields[name].default for name in RELAY} | given
    origins = {name: origin for name, origin in environment.origins.items() if name not in given}
    origins |= {name: STORED for name in given if name in free}
    return environment.model_copy(update={**given, "origins": origins, "logo": logo})


def load(environ: Mapping[str, str]) -> Settings:
    """Settings from `environ`; raises BadSetting with the variable's name."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name in _fields():
        given = _given(name, environ)
        if given is not None:
            values[name], origins[name] = given
    _warn_of_unknown(environ)
    for name, chosen in _chosen_by_supervisor(Path(values.get("data", ".sinergi"))).items():
        if name not in values and not (name == "mail_port" and "mail_server" in values):
            values[name], origins[name] = chosen, WORLD_FILE
    try:
        return Settings(**values, origins=origins)
    except ValidationError as invalid:
        problem = invalid.errors()[0]
        name = str(problem["loc"][0])
        raise BadSetting(origins.get(name, variable(name)), problem["msg"].removeprefix("Value error, ")) from None


def variable(name: str) -> str:
    """Environment variable of a field: database -> SINERGI_DATABASE_URL."""
    return PREFIX + VARIABLES.get(name, name).upper()


def shown(current: Settings) -> list[dict[str, str | None]]:
    """Every setting as name, value (secrets masked) and origin, for `sinergi config`."""
    effective = {
        "database": _without_password(current.database_url),
        "redis": _without_password(current.redis_url),
        "public": current.public_url,
    }
    rows: list[dict[str, str | None]] = []
    for name in _fields():
        value = effective.get(name, getattr(current, name))
        if name in SECRETS:
            value = "***" if value is not None else None
        origin = current.origins.get(name, "generated" if name == "secret" else "default")
        rows.append({"name": variable(name), "value": None if value is None else str(value), "origin": origin})
    return rows


def _fields() -> list[str]:
    return [name for name in Settings.model_fields if name not in ("origins", "logo")]


def _given(name: str, environ: Mapping[str, str]) -> tuple[str, str] | None:
    """(value, origin) of one setting, or None where neither the variable nor its _FILE is set."""
    plain = variable(name)
    from_file = plain + "_FILE"
    if environ.get(from_file):
        if environ.get(plain):
            raise BadSetting(from_file, f"set this or {plain}, not both")
        try:
            return Path(environ[from_file]).read_text(encoding="utf-8").strip(), from_file
        except OSError as unreadable:
            raise BadSetting(from_file, f"cannot be read ({unreadable.strerror})") from None
    if environ.get(plain):
        return environ[plain], plain
    return None


def _chosen_by_supervisor(data: Path) -> dict[str, Any]:
    """Ports and the like of the embedded world in this data folder, so that every command there agrees on them."""
    try:
        chosen = json.loads((data.expanduser() / WORLD_FILE).read_text(encoding="utf-8"))["settings"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {name: chosen[name] for name in ("port", "mail_port", "mailbox_port", "demo") if name in chosen}


def _warn_of_unknown(environ: Mapping[str, str]) -> None:
    known = [variable(name) for name in _fields()]
    known += [name + "_FILE" for name in known]
    for name in sorted(set(environ) - set(known)):
        if name.startswith(PREFIX):
            near = difflib.get_close_matches(name, known, 1)
            log.warning("%s is not a setting%s", name, f"; did you mean {near[0]}?" if near else "")


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if not parts.password:
        return url
    return url.replace(f":{parts.password}@", ":***@", 1)
