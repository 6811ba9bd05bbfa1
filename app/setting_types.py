"""What a setting may be: the annotated types of `app.config`, each refusing with the reason a person needs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr


def _database_url(url: str) -> str:
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return url


def _redis_url(url: str) -> str:
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must start with redis://, rediss:// or unix://")
    return url


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address like https://report.example")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("must be a scheme and a host, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError("must be a time zone like Asia/Jakarta") from unknown
    return name


def _secret(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < 16:
        raise ValueError("must have at least 16 characters; 43 random ones are good")
    return value


def _factor_for(text: str) -> str:
    """A word, or codes of roles (roles may be made on a screen, so any code will do)."""
    codes = [one.strip() for one in text.split(",") if one.strip()]
    if not codes or not all(one.replace("_", "").isalnum() for one in codes):
        raise ValueError("must be sensitive, all, none, or codes of roles like admin,head")
    return ",".join(codes)


AbsolutePath = Annotated[Path, AfterValidator(lambda path: Path(os.path.abspath(path.expanduser())))]
Port = Annotated[int, Field(ge=1, le=65535)]
Blank = BeforeValidator(lambda value: None if value == "" else value)
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
RedisUrl = Annotated[str, AfterValidator(_redis_url)]
PublicUrl = Annotated[str, AfterValidator(_public_url)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]
Zone = Annotated[str, AfterValidator(_zone)]
FactorFor = Annotated[str, AfterValidator(_factor_for)]
