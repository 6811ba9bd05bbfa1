"""Files of records: a save ties what its sender uploaded to the record; they go when the record goes for good.

A field holds [{"id", "name", "size"}] (`app.domain.types.StoredFile`). A file taken off a record stays while the
record does: its history can bring it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlmodel import Session, col

from app.domain.actors import Actor
from app.domain.errors import Problem, Refused
from app.domain.types import StoredFile
from app.models.draft import Upload
from app.queries.keys import among, fetch
from app.registry import Registry

_TABLE: Table = Upload.__table__  # type: ignore[attr-defined]


def resolve(
    session: Session,
    registry: Registry,
    rows: Sequence[MutableMapping[str, Any]],
    actor: Actor,
    named: Mapping[int, str],
) -> dict[int, list[Problem]]:
    """Turn ids of files in `rows` into what is stored, in place; problems by row index.

    Only files count that stand, or stood, in this field of the record `named` for the row, or that the actor uploaded
    for it and nobody saved yet. A file that was refused stands in the answers as its FileRefused.
    """
    names = [name for name in registry.files if any(name in row for row in rows)]
    if not names:
        return {}
    wanted = {one for row in rows for name in names for one in _ids(row.get(name)) if isinstance(one, str)}
    known = {one["public_id"]: one for one in fetch(session, _TABLE, _TABLE.c.public_id, wanted)}
    problems: dict[int, list[Problem]] = {}
    for index, row in enumerate(rows):
        for name in names:
            given, kept = dict.fromkeys(_ids(row.get(name))), list[StoredFile]()
            for one in given:
                found = known.get(one) if isinstance(one, str) else None
                if found and _is_theirs(found, registry, name, actor, named.get(index)):
                    kept.append(stored(found))
                else:
                    refused = one if isinstance(one, Refused) else Refused("file_unknown")
                    wrong = Problem(refused.code, field=name, params=refused.params)
                    problems.setdefault(index, []).append(wrong)
            if given:
                row[name] = kept
    return problems


def tie(session: Session, registry: Registry, saved: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Files named in what was written (public id, new values) belong to that record now.

    Refused where another record took one meanwhile, or the sweep did.
    """
    for public_id, values in saved:
        ids = {one["id"] for name in registry.files for one in values.get(name) or ()}
        if not ids:
            continue
        mine = among(session, _TABLE.c.public_id, ids)
        session.execute(update(Upload).where(mine, col(Upload.entity_id).is_(None)).values(entity_id=public_id))
        owned = select(func.count()).select_from(_TABLE).where(mine, col(Upload.entity_id) == public_id)
        if session.execute(owned).scalar_one() != len(ids):
            raise Refused("file_unknown")


def forget(session: Session, registry: Registry, public_ids: Sequence[str]) -> None:
    """The files of records that are gone for good; the sweep takes them from the disk."""
    if registry.files and public_ids:
        gone = among(session, _TABLE.c.entity_id, public_ids)
        session.execute(delete(Upload).where(col(Upload.entity) == registry.key, gone))


def unsaved(session: Session, registry: Registry, ids: Iterable[str], actor: Actor) -> list[StoredFile]:
    """Those of `ids` that this actor uploaded and nobody saved yet, for a form that is shown again."""
    free = (_TABLE.c.entity == registry.key, _TABLE.c.entity_id.is_(None), _TABLE.c.user_id == actor.user_id)
    return [stored(one) for one in fetch(session, _TABLE, _TABLE.c.public_id, ids, *free)]


def stored(upload: Mapping[str, Any]) -> StoredFile:
    """A row of uploads as a record holds it."""
    return {"id": upload["public_id"], "name": upload["name"], "size": upload["size"]}


def _ids(value: Any) -> list[Any]:
    """Ids, and refusals, in an answer; of what is no answer of a form nothing, and its type refuses it."""
    if not isinstance(value, list | tuple):
        return []
    ids = [one.get("id") if isinstance(one, dict) else one for one in value]
    return ids if all(isinstance(one, str | Refused) for one in ids) else []


def _is_theirs(upload: Mapping[str, Any], registry: Registry, name: str, actor: Actor, record: str | None) -> bool:
    if (upload["entity"], upload["field"]) != (registry.key, name):
        return False
    if upload["entity_id"] is None:
        return bool(upload["user_id"] == actor.user_id)
    return bool(upload["entity_id"] == record)
