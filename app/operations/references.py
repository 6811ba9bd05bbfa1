"""Turning what people write for a reference (public id, code, name) into ids, one query a registry."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from sqlalchemy import True_
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.domain.semantic import Invalid, SemanticType
from app.queries import lists
from app.queries.keys import fetch
from app.registry import Registry, get


def resolve(
    session: Session, registry: Registry, rows: Sequence[MutableMapping[str, Any]], actor: Actor
) -> dict[int, list[Problem]]:
    """Replace written references in `rows` by ids, in place; problems by row index.

    A text is tried as public id, then as a one-field natural key, then as the record's name. A name
    that several records bear is refused, not guessed.
    """
    problems: dict[int, list[Problem]] = {}
    for name, target_key in registry.references.items():
        written = {text for row in rows for text in _texts(row.get(name))}
        if not written:
            continue
        found = _find(session, get(target_key), written, actor)
        for index, row in enumerate(rows):
            if name in row:
                _replace(row, name, found, problems, index)
    return problems


def thrown_away(
    session: Session, registry: Registry, rows: Sequence[Mapping[str, Any]], known: Mapping[int, Mapping[str, Any]]
) -> dict[int, list[Problem]]:
    """Ids in `rows` of records in the trash, as problems by row index: only who referred to one before may go on."""
    problems: dict[int, list[Problem]] = {}
    for name, target_key in registry.references.items():
        target = get(target_key)
        given = _newly_given(name, rows, known)
        wanted = {one for ids in given.values() for one in ids}
        gone = fetch(session, target.table, target.table.c.id, wanted, target.table.c.deleted_at.is_not(None))
        titles = {row["id"]: lists.title(target, row) for row in gone}
        for index, ids in given.items():
            found = [Problem("reference_in_trash", field=name, value=titles[one]) for one in ids if one in titles]
            problems.setdefault(index, []).extend(found)
    return {index: some for index, some in problems.items() if some}


def unseen(
    session: Session,
    registry: Registry,
    rows: Sequence[Mapping[str, Any]],
    known: Mapping[int, Mapping[str, Any]],
    actor: Actor,
) -> dict[int, list[Problem]]:
    """Ids in `rows` of records the actor may not see, as problems by row index: a number guessed opens nothing.

    `known[i]` is the record row i changes: what it names already may stay.
    """
    problems: dict[int, list[Problem]] = {}
    for name, target_key in registry.references.items():
        target = get(target_key)
        visible = policy.visible(target, actor)
        if isinstance(visible, True_):
            continue
        given = _newly_given(name, rows, known)
        wanted = {one for ids in given.values() for one in ids}
        open_ = {row["id"] for row in fetch(session, target.table, target.table.c.id, wanted, visible)}
        for index, ids in given.items():
            if ids - open_:
                problems.setdefault(index, []).append(Problem("reference_unknown", field=name))
    return problems


def _newly_given(
    name: str, rows: Sequence[Mapping[str, Any]], known: Mapping[int, Mapping[str, Any]]
) -> dict[int, set[int]]:
    return {i: _numbers(row.get(name)) - _numbers(known.get(i, {}).get(name)) for i, row in enumerate(rows)}


def _numbers(value: Any) -> set[int]:
    return {one for one in (value if isinstance(value, list | tuple) else [value]) if type(one) is int}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return []


def _find(session: Session, target: Registry, written: set[str], actor: Actor) -> dict[str, list[int]]:
    """Ids by what was written; of records in the trash only those named by their public id."""
    found: dict[str, list[int]] = {}
    visible = policy.visible(target, actor)
    keys = ["public_id", *(target.natural_key if len(target.natural_key) == 1 else ()), target.label_field]
    table = target.table
    for key in dict.fromkeys(keys):
        kind = target.fields[key].type if key in target.fields else None
        if kind is not None and kind.python is not str:
            continue
        stored = {_as_stored(kind, text): text for text in written - found.keys()}
        where = [visible] if key == "public_id" else [visible, table.c.deleted_at.is_(None)]
        for row in fetch(session, table, table.c[key], stored, *where, only=("id", key)):
            found.setdefault(stored[row[key]], []).append(row["id"])
    return found


def _as_stored(kind: SemanticType | None, text: str) -> str:
    try:
        return str(kind.parse(text)) if kind else text
    except Invalid:
        return text


def _replace(
    row: MutableMapping[str, Any],
    name: str,
    found: Mapping[str, list[int]],
    problems: dict[int, list[Problem]],
    index: int,
) -> None:
    value = row[name]
    items = value if isinstance(value, list | tuple) else [value]
    ids: list[Any] = []
    for item in items:
        if not isinstance(item, str) or not item.strip():
            ids.append(item)
            continue
        matches = found.get(item.strip(), [])
        if len(matches) == 1:
            ids.append(matches[0])
        else:
            code = "reference_ambiguous" if matches else "reference_unknown"
            problems.setdefault(index, []).append(Problem(code, field=name, value=item))
            ids.append(None)
    row[name] = ids if isinstance(value, list | tuple) else ids[0]
