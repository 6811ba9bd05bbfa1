"""Lists as files: CSV and XLSX of what is filtered, and the empty sheet of a registry."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from typing import Any

from flask import Response, request, send_file

from admin.cells import text
from app import policy
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.conditions import Group
from app.domain.fields import Field
from app.domain.list_state import ListState, filter_kind
from app.operations import audit
from app.queries import lists
from app.registry import Registry
from app.sheets import export, template

KINDS = ("csv", "xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_IN_MEMORY = 2_000_000  # bytes; a larger file goes to disk


def send(registry: Registry, actor: Actor, state: ListState, kind: str, language: str) -> Response:
    """Every row of the list as filtered, in the columns the actor may see; masked values stay masked, whoever asks.

    Logged before the first byte: nothing leaves that the audit table does not know of.
    """
    fields = policy.fields(registry, actor, "read")
    headings = [spec.label.text(language) for spec in fields]
    if request.method != "HEAD":
        _log(registry, actor, state, fields, kind)
    today = settings().today(utcnow())
    name = f"{_named(registry, language)}-{today:%Y-%m-%d}.{kind}"
    if kind == "csv":
        lines = export.csv_lines(headings, _rows(registry, actor, state, fields, language))
        response = Response(lines, mimetype="text/csv")  # utf-8, as every text
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    target: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed with the response
    rows = _rows(registry, actor, state, fields, language)
    export.xlsx_file(target, headings, rows, sheet=registry.title.text(language), fields=fields)
    target.seek(0)
    return send_file(target, mimetype=XLSX, as_attachment=True, download_name=name)


def empty_sheet(registry: Registry, language: str) -> Response:
    """The sheet to fill in for an import: headings, drop-downs, one example row."""
    data = io.BytesIO(template.template_bytes(registry, language=language))
    return send_file(
        data, mimetype=XLSX, as_attachment=True, download_name=f"templat-{_named(registry, language)}.xlsx"
    )


def _named(registry: Registry, language: str) -> str:
    """The title as part of a file name: "nama-lama-dan-nama-dagang"."""
    return re.sub(r"[^a-z0-9]+", "-", registry.title.text(language).casefold()).strip("-") or registry.key


def _rows(
    registry: Registry, actor: Actor, state: ListState, fields: list[Field], language: str
) -> Iterator[list[Any]]:
    masked = policy.masked(registry, actor)
    with unit_of_work(write=False) as session:
        where, today = asked(registry, actor, state), settings().today(utcnow())
        pages = lists.stream(
            session, registry, actor, where=where, search_for=state.search, today=today, order=state.order
        )
        for page in pages:
            for row in page.rows:
                yield [_value(spec, row.get(spec.key), language, page.labels, spec.key in masked) for spec in fields]


def _log(registry: Registry, actor: Actor, state: ListState, fields: list[Field], kind: str) -> None:
    """Who took how many rows of what, narrowed by which fields. The words of a search may be a person's: not kept."""
    with unit_of_work() as session:
        where, today = asked(registry, actor, state), settings().today(utcnow())
        taken = {
            "rows": lists.total(session, registry, actor, where=where, search_for=state.search, today=today),
            "file": kind,
            "searched": bool(state.search),
            "filters": sorted({one.path for one in where.conditions()}),
        }
        audit.record(
            session, actor=actor, now=utcnow(), entity=registry.key, entity_id="", action="export", after=taken
        )


def asked(registry: Registry, actor: Actor, state: ListState) -> Group:
    """What a list is narrowed to as it stands, for this actor."""
    masked = policy.masked(registry, actor)
    return state.asked(f for f in policy.fields(registry, actor) if filter_kind(f) and f.key not in masked)


def _value(spec: Field, value: Any, language: str, labels: Any, masked: bool) -> Any:
    if value is None or value == []:
        return None
    if masked:
        return spec.type.mask(value)
    worded = spec.reference or spec.type.choices(language) is not None
    return text(spec, value, language, labels) if worded else spec.type.cell(value)
