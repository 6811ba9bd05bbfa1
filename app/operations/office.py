"""Changing what the office says about itself, and trying its mail account.

One path for every group of settings: validated by its declaration, audited field by field. A secret is written sealed
and told to nobody: neither log nor audit nor answer holds it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, select

from app.config import Settings
from app.domain.actors import Actor
from app.domain.errors import EditConflict, Forbidden, Problem
from app.domain.pictures import Picture, cleaned
from app.domain.semantic import Invalid
from app.models.outbox_message import OutboxMessage
from app.models.setting import Setting
from app.operations import audit, outbox
from app.queries import office as queries
from app.registry import SettingGroup
from app.sealing import seal

HIDDEN = "•••"
ENTITY = "setting"


@dataclass(slots=True)
class Saved:
    """What became of the form: the fields that changed, or why nothing was written."""

    changed: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def save(
    session: Session,
    group: SettingGroup,
    values: Mapping[str, Any],
    actor: Actor,
    *,
    now: datetime,
    settings: Settings,
    expected: int | None = None,
    picture: bytes | None = None,
    cleared: frozenset[str] = frozenset(),
) -> Saved:
    """Write what a form of the group says; all of it or nothing.

    A blank value means the default. A secret or picture left blank stays, unless it is in `cleared`. `expected` is the
    version the form was made from: raises EditConflict when somebody else changed the group since.
    """
    require(actor, group)
    standing, version = queries.of_group(session, group)
    if expected is not None and expected != version:
        raise EditConflict("settings_changed")
    given = {name: value for name, value in values.items() if value or name not in group.secrets - cleared}
    clean, problems = group.validate(given, "update", base=standing)
    drawn = _picture(group, picture, cleared, clean, problems)
    if problems:
        return Saved(problems=problems)
    changed = [name for name in clean if _differs(group, name, standing.get(name), clean[name])]
    if changed:
        _write(session, group, {name: clean[name] for name in changed}, drawn, actor, now, settings)
        before, after = (
            {name: _told(group, name, source.get(name)) for name in changed} for source in (standing, clean)
        )
        audit.record(
            session,
            actor=actor,
            now=now,
            entity=ENTITY,
            entity_id=group.key,
            action="update",
            before=before,
            after=after,
        )
    return Saved(changed)


def try_mail(
    session: Session, actor: Actor, to: str, *, language: str, nonce: str, now: datetime
) -> OutboxMessage | None:
    """Queue a test message to the person who asks, by the same way as every other; None when it is queued already."""
    context = {"asked_by": actor.name, "sent_at": now.isoformat()}
    key = f"test:{nonce}"
    return outbox.enqueue(session, "test", to=to, language=language, context=context, dedupe_key=key, now=now)


def require(actor: Actor, group: SettingGroup, *, reading: bool = False) -> None:
    """Raises Forbidden when the actor may not change (or read) the group."""
    allowed = group.read if reading else group.write
    if actor.kind != "system" and not actor.roles & allowed:
        raise Forbidden(action="update", registry=group.key)


def _picture(
    group: SettingGroup, raw: bytes | None, cleared: frozenset[str], clean: dict[str, Any], problems: list[Problem]
) -> Picture | None:
    """Put an uploaded picture, or its removal, among the clean values."""
    name = next((name for name, f in group.fields.items() if f.type.input == "file"), "")
    clean.pop(name, None)  # what a form says in its place is no picture
    if raw:
        try:
            drawn = cleaned(raw)
        except Invalid as wrong:
            problems.append(Problem(wrong.code, name, params=dict(wrong.params)))
            return None
        clean[name] = hashlib.sha256(drawn.content).hexdigest()
        return drawn
    if name in cleared:
        clean[name] = None
    return None


def _differs(group: SettingGroup, name: str, before: Any, after: Any) -> bool:
    return bool(after) or bool(before) if name in group.secrets else before != after


def _told(group: SettingGroup, name: str, value: Any) -> Any:
    if name in group.secrets:
        return HIDDEN if value else None
    return value


def _write(
    session: Session,
    group: SettingGroup,
    changed: Mapping[str, Any],
    drawn: Picture | None,
    actor: Actor,
    now: datetime,
    settings: Settings,
) -> None:
    newest = int(session.execute(select(func.max(Setting.version))).scalar() or 0) + 1
    rows = {row.key: row for row in session.exec(select(Setting).where(Setting.group == group.key))}
    for name, value in changed.items():
        row = rows.get(name) or Setting(group=group.key, key=name, version=0, updated_at=now, updated_by="")
        row.value, row.blob, row.sealed = None, None, None
        if name in group.secrets:
            about = queries.about(group.key, name)
            row.sealed = seal(settings, queries.PURPOSE, value, about=about) if value else None
        elif drawn is not None and value and group.fields[name].type.input == "file":
            row.value, row.blob = {"digest": value, "media_type": drawn.media_type}, drawn.content
        else:
            row.value = value
        row.version, row.updated_at, row.updated_by = newest, now, actor.name[:160]
        session.add(row)
    session.flush()
