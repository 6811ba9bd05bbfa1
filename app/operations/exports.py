"""Lists as sheets: which rows and columns leave, the note in the audit table, and large files made by a worker.

A file made by a worker waits a day for the person who asked; its address asks again who it is.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from app import policy
from app.config import settings
from app.domain.actors import Actor
from app.domain.errors import NotFound, Refused
from app.domain.fields import Field, Masked
from app.models.job import Job
from app.operations import audit, jobs
from app.queries import lists
from app.queries.selection import Selection
from app.registry import Registry, get
from app.sheets import export
from app.values import Labels, text

KEPT = timedelta(days=1)
MOST = {"csv": 50_000_000, "xlsx": 1_048_575}  # rows of one file; the latter is Excel's own limit
BEAT_S = 3.0  # how often a worker says that it is alive
Beat = Callable[[int], None]
Finish = Callable[[Session], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a registry, in which order and language."""

    registry: Registry
    selection: Selection
    order: str
    language: str

    def fields(self, actor: Actor) -> list[Field]:
        return policy.fields(self.registry, actor, "read")


def rows(session: Session, asked: Wanted, actor: Actor) -> Iterator[list[Any]]:
    """The cells of every row; memory holds one page at a time."""
    registry, language, chosen = asked.registry, asked.language, asked.selection
    fields, masked = asked.fields(actor), policy.masked(registry, actor)
    pages = lists.stream(
        session, registry, actor, where=chosen.where, search_for=chosen.search, today=chosen.today, order=asked.order
    )
    for page in pages:
        for row in page.rows:
            yield [_cell(spec, row.get(spec.key), language, page.labels, spec.key in masked) for spec in fields]


def note(session: Session, asked: Wanted, actor: Actor, kind: str, count: int, *, now: datetime) -> None:
    """Who took how many rows of what, narrowed by which fields. The words of a search may be a person's: not kept."""
    taken = {
        "rows": count,
        "file": kind,
        "searched": bool(asked.selection.search),
        "filters": sorted({one.path for one in asked.selection.where.conditions()}),
    }
    audit.record(session, actor=actor, now=now, entity=asked.registry.key, entity_id="", action="export", after=taken)


def ask(
    session: Session, asked: Wanted, actor: Actor, kind: str, count: int, *, now: datetime,
    as_public_id: str | None = None,
) -> Job:  # fmt: skip
    """Let a worker make the file. Refused where no file of that kind holds so many rows."""
    policy.require(actor, "export", asked.registry)
    if count > MOST[kind]:
        raise Refused("export_too_large", most=MOST[kind])
    note(session, asked, actor, kind, count, now=now)
    params = {"kind": kind, "order": asked.order, "selection": asked.selection.as_dict()}
    return jobs.ask(
        session, "export", asked.registry, actor, params=params, language=asked.language, now=now, total=count,
        as_public_id=as_public_id,
    )  # fmt: skip


def write(
    session: Session, job: Job, actor: Actor, *, now: datetime, beat: Beat
) -> Callable[[Session], dict[str, Any]]:
    """Make the file of a job from the beginning, beside its place, then put it there."""
    registry = get(job.registry_key)
    asked = Wanted(registry, Selection.of(job.params["selection"]), job.params["order"], job.language)
    kind, path = job.params["kind"], path_of(job)
    headings = [spec.label.text(asked.language) for spec in asked.fields(actor)]
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    told = _telling(rows(session, asked, actor), beat)
    if kind == "csv":
        with part.open("wb") as target:
            target.writelines(export.csv_lines(headings, told))
    else:
        export.xlsx_file(
            str(part), headings, told, sheet=registry.title.text(asked.language), fields=asked.fields(actor)
        )
    part.replace(path)

    def finish(writing: Session) -> dict[str, Any]:
        writing.get_one(Job, job.id).expires_at = now + KEPT
        return {"name": file_name(asked, kind, settings().today(now)), "bytes": path.stat().st_size}

    return finish


def path_of(job: Job) -> Path:
    """Where the file of a job is, or will be."""
    return settings().exports / f"{job.public_id}.{job.params['kind']}"


def ready(job: Job, now: datetime) -> Path:
    """The file of a finished job. NotFound when it is not there yet, or no more."""
    path = path_of(job)
    if job.kind != "export" or job.state != "done" or job.expires_at is None or job.expires_at < now:
        raise NotFound("export_gone")
    if not path.is_file():
        raise NotFound("export_gone")
    return path


def sweep(folder: Path, *, now: datetime) -> int:
    """Remove files older than they are kept; returns how many."""
    old = [path for path in folder.glob("*.*") if now.timestamp() - path.stat().st_mtime > KEPT.total_seconds()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def file_name(asked: Wanted, kind: str, today: date) -> str:
    return f"{plain_title(asked.registry, asked.language)}-{today:%Y-%m-%d}.{kind}"


def plain_title(registry: Registry, language: str) -> str:
    """The title as part of a file name: "nama-lama-dan-nama-dagang"."""
    return re.sub(r"[^a-z0-9]+", "-", registry.title.text(language).casefold()).strip("-") or registry.key


def _telling(given: Iterator[list[Any]], beat: Beat) -> Iterator[list[Any]]:
    due = time.monotonic() + BEAT_S
    for count, row in enumerate(given, 1):
        yield row
        if count % 500 == 0 and time.monotonic() > due:
            beat(count)
            due = time.monotonic() + BEAT_S


def _cell(spec: Field, value: Any, language: str, labels: Labels, masked: bool) -> Any:
    if value is None or value == []:
        return None
    if isinstance(value, Masked):
        return str(value)
    if masked:
        return spec.type.mask(value)
    worded = spec.reference or spec.type.choices(language) is not None
    return text(spec, value, language, labels) if worded else spec.type.cell(value)
