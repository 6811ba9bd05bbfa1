"""Lists as files: CSV and XLSX of what is filtered, and the empty sheet of a registry."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Response, request, send_file

from app import policy
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.conditions import Group
from app.domain.list_state import ListState, filter_kind
from app.models.job import Job
from app.operations import exports
from app.operations.exports import Wanted
from app.queries.selection import Selection, count
from app.registry import Registry
from app.sheets import export, template

KINDS = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
AT_ONCE = {"csv": 200_000, "xlsx": 20_000}  # rows sent while the browser waits; more are prepared by a worker
_IN_MEMORY = 2_000_000  # bytes; a larger file goes to disk


def wanted(registry: Registry, actor: Actor, state: ListState, language: str) -> tuple[Wanted, int]:
    """What the list shows, as something to export, and how many rows that is."""
    where, today = asked(registry, actor, state), settings().today(utcnow())
    made = Wanted(registry, Selection(where=where, search=state.search, today=today), state.order, language)
    with unit_of_work(write=False) as session:
        return made, count(session, registry, actor, made.selection)


def send(chosen: Wanted, actor: Actor, kind: str, rows: int) -> Response:
    """The file, in the columns the actor may see; masked values stay masked, whoever asks.

    Logged before the first byte: nothing leaves that the audit table does not know of.
    """
    now = utcnow()
    if request.method != "HEAD":
        with unit_of_work() as session:
            exports.note(session, chosen, actor, kind, rows, now=now)
    name = exports.file_name(chosen, kind, settings().today(now))
    headings = [spec.label.text(chosen.language) for spec in chosen.fields(actor)]
    if kind == "csv":
        response = Response(export.csv_lines(headings, _rows(chosen, actor)), mimetype="text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    target: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with the response
    title = chosen.registry.title.text(chosen.language)
    export.xlsx_file(target, headings, _rows(chosen, actor), sheet=title, fields=chosen.fields(actor))
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)


def prepare(chosen: Wanted, actor: Actor, kind: str, rows: int, as_public_id: str | None) -> str:
    """Ask a worker for the file; the public id of the job."""
    with unit_of_work() as session:
        job = exports.ask(session, chosen, actor, kind, rows, now=utcnow(), as_public_id=as_public_id)
        return job.public_id


def made(job: Job) -> Response:
    """The file a worker made."""
    path: Path = exports.path_of(job)
    return send_file(path, mimetype=TYPES[job.params["kind"]], as_attachment=True, download_name=job.result["name"])


def empty_sheet(registry: Registry, language: str) -> Response:
    """The sheet to fill in for an import: headings, drop-downs, one example row."""
    data = io.BytesIO(template.template_bytes(registry, language=language))
    name = f"templat-{exports.plain_title(registry, language)}.xlsx"
    return send_file(data, mimetype=XLSX, as_attachment=True, download_name=name)


def asked(registry: Registry, actor: Actor, state: ListState) -> Group:
    """What a list is narrowed to as it stands, for this actor."""
    masked = policy.masked(registry, actor)
    return state.asked(f for f in policy.fields(registry, actor) if filter_kind(f) and f.key not in masked)


def _rows(chosen: Wanted, actor: Actor) -> Iterator[list[Any]]:
    with unit_of_work(write=False) as session:
        yield from exports.rows(session, chosen, actor)
