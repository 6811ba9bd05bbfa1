"""Doing one thing to many records, chunk by chunk: change fields, move to the trash, restore, take it all back.

Steps of `app.jobs.background`: params hold the selection (`app.queries.selection`) and what to do. Every record goes
through the one write path with the rights the person has at that moment; one that refuses is counted and named, and
stops nobody else. The job's public id is the batch of its audit entries, which is what undo reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.errors import Problem
from app.models.job import Job
from app.operations import batches, jobs, records, row_actions, trash
from app.queries import lists
from app.queries.selection import Selection, chunk, closed, count
from app.registry import Registry, get

CHUNK = 2000
ACTED = 100  # records of an action in one transaction
NAMED = 100  # refused records kept by name; the others are only counted
AT_ONCE = 500  # so few are done while the person waits

Row = Mapping[str, Any]


def ask(
    session: Session,
    kind: str,
    registry: Registry,
    actor: Actor,
    selection: Selection,
    *,
    values: Mapping[str, Any] | None = None,
    reason: str | None = None,
    language: str,
    now: datetime,
    as_public_id: str | None = None,
) -> Job:
    """Put the work down; a small one is done before this returns. Kinds: bulk_update, _delete, _restore, _action."""
    selection = closed(session, registry, selection)
    total = count(session, registry, actor, selection)
    params = {"selection": selection.as_dict(), "values": dict(values or {}), "reason": reason}
    job = jobs.ask(
        session, kind, registry, actor, params=params, language=language, now=now, total=total,
        as_public_id=as_public_id,
    )  # fmt: skip
    if job.state == "queued" and total <= AT_ONCE:
        jobs.carry_out(session, job, actor, _STEPS[kind], now=now)
    return job


def update(session: Session, job: Job, actor: Actor, *, now: datetime) -> bool:
    """The next records get the values."""
    registry, rows = get(job.registry_key), _next(session, job, actor)
    wanted = [{**job.params["values"], "public_id": row["public_id"]} for row in rows]
    result = records.save_many(
        session,
        registry,
        wanted,
        actor.through("bulk"),
        now=now,
        reason=job.params["reason"],
        batch=job.public_id,
        partial=True,
    )
    refused = [(o.public_id, p) for o in result.outcomes if o.action in ("error", "conflict") for p in o.problems[:1]]
    _note(job, registry, rows, refused)
    job.result = {**job.result, "changed": job.result.get("changed", 0) + result.count("changed")}
    return len(rows) == CHUNK


def delete(session: Session, job: Job, actor: Actor, *, now: datetime) -> bool:
    """The next records go to the trash."""
    return _mark(session, job, actor, trash.delete, now)


def restore(session: Session, job: Job, actor: Actor, *, now: datetime) -> bool:
    """The next records come out of the trash."""
    return _mark(session, job, actor, trash.restore, now)


def act(session: Session, job: Job, actor: Actor, *, now: datetime) -> bool:
    """An action of the registry is done with the next records."""
    registry = get(job.registry_key)
    action = row_actions.find(registry.key, job.params["values"]["action"], actor)
    rows = _next(session, job, actor, ACTED)
    refused = list(action.act(session, rows, actor, now))
    _note(job, registry, rows, refused)
    job.result = {**job.result, "acted": job.result.get("acted", 0) + len(rows) - len(refused)}
    return len(rows) == ACTED


def undo(session: Session, job: Job, actor: Actor, *, now: datetime) -> bool:
    """What the batch `params.batch` did is taken back, newest first; records touched since stay and are named."""
    registry = get(job.registry_key)
    detach = get("register_entry") if job.params.get("imported") else None
    before = (job.cursor or {}).get("before")
    step = batches.undo_some(
        session, registry, job.params["batch"], actor, now=now, detach=detach, before=before, limit=CHUNK
    )
    job.cursor, job.done = {"before": step.last}, job.done + step.put_back
    touched = [*job.result.get("touched", []), *step.touched]
    job.result = {"changed": job.done, "touched": touched[:1000], "touched_count": len(touched)}
    return step.last is not None


def ask_undo(session: Session, done: Job, actor: Actor, *, language: str, now: datetime) -> Job:
    """Take the work of a finished job back; a small one at once. Refused for what was undone already."""
    jobs.move(session, done, "undone", now=now)
    job = jobs.ask(
        session,
        "undo",
        get(done.registry_key),
        actor,
        params={"batch": done.public_id},
        language=language,
        now=now,
        total=done.result.get("changed"),
    )
    if (job.total or 0) <= AT_ONCE:
        jobs.carry_out(session, job, actor, undo, now=now)
    return job


_STEPS: dict[str, jobs.Step] = {
    "bulk_update": update,
    "bulk_delete": delete,
    "bulk_restore": restore,
    "bulk_action": act,
}


def _next(session: Session, job: Job, actor: Actor, limit: int = 0) -> Sequence[Row]:
    selection = Selection.of(job.params["selection"])
    if job.kind == "bulk_restore":
        selection = replace(selection, deleted=True)
    after = (job.cursor or {}).get("after", 0)
    named = job.kind != "bulk_action"  # what an action does may need more
    rows = chunk(session, get(job.registry_key), actor, selection, after=after, limit=limit or CHUNK, names_only=named)
    if rows:
        job.cursor = {"after": rows[-1]["id"]}
    job.done += len(rows)
    return rows


def _mark(session: Session, job: Job, actor: Actor, act: Any, now: datetime) -> bool:
    registry, rows = get(job.registry_key), _next(session, job, actor)
    ids = [row["public_id"] for row in rows]
    moved = act(
        session, registry, ids, actor.through("bulk"), now=now, reason=job.params["reason"], batch=job.public_id,
        partial=True,
    )  # fmt: skip
    _note(job, registry, rows, moved.refused)
    job.result = {**job.result, "changed": job.result.get("changed", 0) + moved.count}
    return len(rows) == CHUNK


def _note(job: Job, registry: Registry, rows: Sequence[Row], refused: Iterable[tuple[str | None, Problem]]) -> None:
    """Keep what was refused: the first by name with the reason, all of them as a number."""
    refused = list(refused)
    meant = {id_ for id_, _problem in refused}
    titles = {row["public_id"]: lists.title(registry, row) for row in rows if row["public_id"] in meant}
    found = [
        {
            "public_id": id_,
            "title": titles.get(id_ or "", ""),
            "code": p.code,
            "field": p.field,
            "params": dict(p.params),
        }
        for id_, p in refused
    ]
    named = [*job.result.get("refused", []), *found][:NAMED]
    job.result = {**job.result, "refused": named, "refused_count": job.result.get("refused_count", 0) + len(found)}
