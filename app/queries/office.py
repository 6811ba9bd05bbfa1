"""What the office chose about itself, as stored; and handing it to the settings of this process."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from sqlalchemy import ScalarSelect, func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, select

from app.config import Logo, Settings, settings
from app.models.setting import Setting
from app.registry import SettingGroup, setting_groups
from app.sealing import unseal

PURPOSE = "setting"
_VERSION = select(func.max(Setting.version))  # asked before every page
log = logging.getLogger("sinergi.config")


@dataclass(frozen=True, slots=True)
class Stored:
    """Every stored choice. `values`: setting → typed value, secrets opened; `closed`: secrets no key of ours opens."""

    version: int
    values: dict[str, Any] = field(default_factory=dict)
    logo: Logo | None = None
    closed: tuple[str, ...] = ()


def mark() -> ScalarSelect[Any]:
    """The version of the newest choices: a column for a query that is asked anyway."""
    return _VERSION.scalar_subquery()


def is_known(version: int | None) -> bool:
    """Whether this process has the choices of this version (as `mark` told it)."""
    return int(version or 0) == settings.version


def refresh(session: Session, *, force: bool = False) -> None:
    """Hand newer choices to this process: one small question, and an answer only when something changed."""
    try:
        version = int(session.execute(_VERSION).scalar() or 0)
        if force or version != settings.version:
            found = stored(session, settings.environment())
            settings.adopt(found.values, version, found.logo)
    except SQLAlchemyError as away:  # the last known choices are better than no page
        log.warning("settings of the office were not read: %s", type(away).__name__)


def stored(session: Session, environment: Settings) -> Stored:
    """All stored choices."""
    kinds = {(group.key, name): f.type for group in setting_groups().values() for name, f in group.fields.items()}
    values: dict[str, Any] = {}
    closed: list[str] = []
    logo, version = None, 0
    for row in session.exec(select(Setting)).all():
        version = max(version, row.version)
        kind = kinds.get((row.group, row.key))
        if kind is None:
            continue  # of another version of the product
        if row.sealed is not None:
            opened = unseal(environment, PURPOSE, row.sealed, about=about(row.group, row.key))
            values[row.key] = SecretStr(opened) if opened is not None else None
            closed += [row.key] if opened is None else []
        elif row.blob is not None:
            logo = Logo(str(row.value["digest"]), str(row.value["media_type"]), row.blob)
            values[row.key] = logo.digest
        else:
            values[row.key] = row.value
    return Stored(version, values, logo, tuple(closed))


def of_group(session: Session, group: SettingGroup) -> tuple[dict[str, Any], int]:
    """What stands in one group (secrets as True), and the version of its newest change."""
    rows = session.exec(select(Setting).where(Setting.group == group.key)).all()
    values = {
        row.key: True if row.sealed is not None else row.value["digest"] if row.blob is not None else row.value
        for row in rows
    }
    return values, max((row.version for row in rows), default=0)


def about(group: str, key: str) -> str:
    """What a seal belongs to."""
    return f"setting/{group}/{key}"
