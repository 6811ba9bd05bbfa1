"""Valid records of any registry, made from the declarations alone."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.config import settings
from app.domain.actors import Actor
from app.domain.fields import Field
from app.models.draft import Upload
from app.operations import records, uploads
from app.registry import Registry, get


def sample(f: Field) -> Any:
    """A valid raw value of a field that is no reference."""
    choices = f.type.choices("id")
    if choices and f.type.input in ("select", "multiselect"):
        return choices[0][0]
    return f.sample() or "contoh"


def upload(session: Session, registry: Registry, f: Field, *, now: datetime, name: str = "contoh.png") -> Upload:
    """A picture just uploaded for a field of files, by the system."""
    content, system = io.BytesIO(b"\x89PNG\r\n\x1a\n" + name.encode()), Actor.system("uji")
    return uploads.keep_for_record(
        session, registry, f.key, name, content, system, folder=settings().uploads, now=now
    )  # fmt: skip


def values(session: Session, registry: Registry, *, now: datetime, **given: Any) -> dict[str, Any]:
    """Raw values of every field a person may fill, references made where they are required."""
    made: dict[str, Any] = {}
    for f in registry.fields.values():
        if f.computed or f.key in given:
            continue
        if f.reference:
            if f.required:
                made[f.key] = record(session, get(f.reference), now=now).id
        elif f.key in registry.files:
            made[f.key] = [upload(session, registry, f, now=now).public_id]
        elif f.type.key != "raw_row":
            made[f.key] = sample(f)
    first, last = made.get("valid_from"), made.get("valid_until")
    if first and last:
        made.pop("valid_until")
    return made | given


def record(session: Session, registry: Registry, *, now: datetime, **given: Any) -> records.Outcome:
    """A saved record, or the one that already stands under its natural key."""
    row = values(session, registry, now=now, **given)
    outcome = records.save_many(
        session, registry, [row], Actor.system("uji"), now=now, match=registry.natural_key
    ).outcomes[0]
    assert not outcome.problems, outcome.problems
    return outcome
