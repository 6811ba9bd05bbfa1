"""Lists as files: CSV and XLSX of what is filtered, and the empty sheet of a registry."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Iterator
from typing import Any

from flask import Response, request, send_file
from sqlmodel import Session

from admin.cells import text
from admin.list_state import ListState, filter_kind
from app import policy
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.fields import Field
from app.operations import audit
from app.queries import lists
from app.queries.filters import Filter
from app.queries.keys import fetch
from app.registry import Registry, get
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
        filters = filters_of(session, registry, actor, state)
        for page in lists.stream(session, registry, actor, filters=filters, search_for=state.search, order=state.order):
            for row in page.rows:
                yield [_value(spec, row.get(spec.key), language, page.labels, spec.key in masked) for spec in fields]


def _log(registry: Registry, actor: Actor, state: ListState, fields: list[Field], kind: str) -> None:
    """Who took how many rows of what, narrowed by which fields. The words of a search may be a person's: not kept."""
    with unit_of_work() as session:
        filters = filters_of(session, registry, actor, state)
        taken = {
            "rows": lists.total(session, registry, actor, filters=filters, search_for=state.search),
            "file": kind,
            "searched": bool(state.search),
            "filters": sorted({one.field for one in filters}),
        }
        audit.record(
            session, actor=actor, now=utcnow(), entity=registry.key, entity_id="", action="export", after=taken
        )


def filters_of(session: Session, registry: Registry, actor: Actor, state: ListState) -> list[Filter]:
    """The filters of a list as it stands, for this actor."""
    masked = policy.masked(registry, actor)
    fields = policy.fields(registry, actor)
    filterable = [spec for spec in fields if filter_kind(spec) and spec.key not in masked]
    return state.filters(filterable, lambda spec, public_id: _resolve(session, actor, spec, public_id))


def _value(spec: Field, value: Any, language: str, labels: Any, masked: bool) -> Any:
    if value is None or value == []:
        return None
    if masked:
        return spec.type.mask(value)
    worded = spec.reference or spec.type.choices(language) is not None
    return text(spec, value, language, labels) if worded else spec.type.cell(value)


def _resolve(session: Session, actor: Actor, spec: Field, public_id: str) -> str | None:
    target = get(spec.reference or "")
    rows = fetch(session, target.table, target.table.c.public_id, [public_id], policy.visible(target, actor))
    return str(rows[0]["id"]) if rows else None
