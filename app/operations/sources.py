"""The registers that imports come from: opening one, and what its earlier rows became."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlmodel
from sqlalchemy import select
from sqlmodel import Session, col

from app.domain.actors import Actor
from app.domain.errors import Refused
from app.models.import_batch import ImportBatch
from app.operations import records
from app.registry import Registry, get

OWN_OFFICE = "own-office"
LINKS = {"company": "company", "foreign_national": "person"}  # registry → the field of a source row that names it


@dataclass(frozen=True, slots=True)
class Source:
    """A dated register that takes the rows of one import."""

    register_id: int
    created: bool


def open_source(
    session: Session, code: str, registry: Registry, actor: Actor, *, definition: str, now: datetime, today: date
) -> Source:
    """The register `code` as of today, created with the own office as owner when it is new."""
    table = get("register").table
    found = session.execute(select(table.c.id).where(table.c.code == code, table.c.as_of == today)).scalar()
    if found is not None:
        return Source(int(found), created=False)
    unit = "person" if registry.key == "foreign_national" else "permit" if registry.key == "stay_permit" else "company"
    values = {
        "code": code, "owner_agency": own_office(session, actor, now=now), "as_of": today,
        "definition": definition, "unit": unit,
    }  # fmt: skip
    outcome = records.save(session, get("register"), values, actor, now=now)
    if outcome.id is None:
        raise Refused("register_refused", register=code)
    return Source(outcome.id, created=True)


def own_office(session: Session, actor: Actor, *, now: datetime) -> int:
    """The id of the office that runs this system, created at the first need."""
    table = get("agency").table
    found = session.execute(
        select(table.c.id).where(table.c.kind == "imigrasi", table.c.deleted_at.is_(None)).order_by(table.c.id)
    ).scalar()
    if found is not None:
        return int(found)
    values = {"code": OWN_OFFICE, "name": "Kantor Imigrasi", "kind": "imigrasi"}
    outcome = records.save(session, get("agency"), values, Actor.system(actor.name), now=now)
    if outcome.id is None:
        raise Refused("office_missing")
    return outcome.id


def earlier_records(
    session: Session, registry: Registry, source: str, key_of: Callable[[Mapping[str, Any]], tuple[str, ...]]
) -> dict[tuple[str, ...], str]:
    """Key of a source row → public id of the record that earlier rows of this source were joined to."""
    link = LINKS.get(registry.key)
    if link is None:
        return {}
    entry, register, target = get("register_entry").table, get("register").table, registry.table
    query = (
        select(entry.c.raw, target.c.public_id)
        .join(register, register.c.id == entry.c.source)
        .join(target, target.c.id == entry.c[link])
        .where(register.c.code == source, entry.c.deleted_at.is_(None), target.c.deleted_at.is_(None))
        .order_by(entry.c.id)
    )
    return {key_of(raw): public_id for raw, public_id in session.execute(query)}


def last_batch(session: Session, registry: Registry, source: str) -> ImportBatch | None:
    """The newest import of this source that stands."""
    return session.exec(
        sqlmodel.select(ImportBatch)
        .where(
            ImportBatch.registry_key == registry.key,
            ImportBatch.source == source,
            col(ImportBatch.status).in_(("merged", "partly_merged")),
        )
        .order_by(col(ImportBatch.id).desc())
    ).first()


def last_records(session: Session, registry: Registry, source: str) -> list[str]:
    """Public ids of the records the last import of this source named."""
    link, batch = LINKS.get(registry.key), last_batch(session, registry, source)
    if link is None or batch is None:
        return []
    entry, target = get("register_entry").table, registry.table
    query = (
        select(target.c.public_id)
        .join(entry, entry.c[link] == target.c.id)
        .where(
            entry.c.source == batch.register_id,
            entry.c.batch == batch.public_id,
            entry.c.presence == "present",
            target.c.deleted_at.is_(None),
        )
        .distinct()
    )
    return list(session.execute(query).scalars())
