"""The file of an import back to who sent it, with what is wrong marked in its cells."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.domain.actors import Actor
from app.models.import_batch import ImportBatch
from app.operations import import_preview, import_steps, imports, incoming
from app.registry import Registry
from app.sheets.annotate import annotate
from app.sheets.checking import message


@dataclass(frozen=True, slots=True)
class Marked:
    stream: io.BytesIO
    name: str
    media_type: str


def marked(
    session: Session, registry: Registry, batch: ImportBatch, actor: Actor, language: str, now: datetime
) -> Marked:
    """A copy of the file in which every problem stands at its cell. Raises SheetRejected as reading does."""
    report = import_steps.read(session, batch, registry, now)
    plan = imports.plan(session, registry, report, actor, source=batch.source, match=batch.match, now=now)
    faulty = import_preview.faults(session, registry, plan, actor)
    said = [(one, message(one, registry.fields.get(one.field or ""), language)) for one in faulty]
    headings = {key: spec.label.text(language) for key, spec in registry.fields.items()}
    path = incoming.path_of(batch.stored or "")
    made = annotate(path, report, said, language=language, profile="staff", headings=headings)
    return Marked(io.BytesIO(made.data), made.name, made.media_type)
