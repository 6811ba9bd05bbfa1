"""What an import would do, row by row, as the page of it draws a stretch of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import ColumnElement, String, cast
from sqlmodel import Session, col, select

from admin import cells
from admin.history_events import Change
from app import policy
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.models.import_batch import ImportBatch, ImportRow
from app.operations import import_preview
from app.queries import lists
from app.queries.keys import among, as_key
from app.registry import Registry
from app.sheets.checking import message
from app.values import from_json

SHOWN = 50  # rows a page
REMARKS = {
    "on_record": import_preview.ON_RECORD,
    "same_row": import_preview.SAME_ROW,
}  # rows of these may be one too many
Link = tuple[str, str]  # words, address


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the preview; `on_record` is the record it may be already, `same_row` the row that says the same."""

    number: int
    title: str
    url: str | None
    changes: list[Change]
    problems: list[str]
    on_record: Link | None
    same_row: int | None


@dataclass(frozen=True, slots=True)
class RowsPage:
    """`next` is the row after which the following page begins, None at the end."""

    lines: list[Line]
    next: int | None


def page(
    session: Session, registry: Registry, batch: ImportBatch, actor: Actor, language: str, show: str, after: str
) -> RowsPage:
    """The rows that `show` names, after the row `after` as an address gives it."""
    try:
        start = as_key(after or "0")
    except ValueError:
        start = 0
    query = (
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, *_kind(show), col(ImportRow.row_no) > start)
        .order_by(col(ImportRow.row_no))
        .limit(SHOWN + 1)
    )
    found = list(session.exec(query).all())
    shown = found[:SHOWN]
    drawing = _Drawing(session, registry, actor, language, shown)
    return RowsPage([drawing.line(row) for row in shown], shown[-1].row_no if len(found) > SHOWN else None)


def said(registry: Registry, problem: Problem, language: str) -> str:
    """A problem in words, with its cell where it has one."""
    spec = registry.fields.get(problem.field or "")
    words = message(problem, spec, language)
    label = f"{spec.label.text(language)}: " if spec else ""
    value = f" (“{problem.value}”)" if problem.value else ""
    return f"{problem.column or ''}{problem.row or ''} {label}{words}{value}".strip()


def _kind(show: str) -> list[ColumnElement[bool]]:
    if show not in REMARKS:
        return [col(ImportRow.action) == show]
    told = cast(col(ImportRow.problems), String).like(f'%"{REMARKS[show]}"%')
    return [col(ImportRow.action) == "new", told]


class _Drawing:
    """Draws rows; the records they may be already are looked up once for all of them."""

    def __init__(
        self, session: Session, registry: Registry, actor: Actor, language: str, rows: Sequence[ImportRow]
    ) -> None:
        self.session, self.registry, self.actor, self.language = session, registry, actor, language
        label = registry.label_field
        self.named = policy.of(registry, actor).sight[label] == "plain" or registry.fields[label].masked
        self.known = self._known({one for row in rows if (one := import_preview.on_record(row.problems))})

    def line(self, row: ImportRow) -> Line:
        there = row.public_id if row.action != "new" else None
        told = import_preview.on_record(row.problems) or ""
        wrong = [Problem(**one) for one in row.problems if one["code"] not in REMARKS.values()]
        return Line(
            number=row.row_no,
            title=row.title if self.named else "•••",  # as it was told when the file was looked at
            url=self._url(there) if there else None,
            changes=self._changes(row.before, row.after),
            problems=[said(self.registry, one, self.language) for one in wrong],
            same_row=import_preview.same_row(row.problems),
            on_record=(self.known[told], self._url(told)) if told in self.known else None,
        )

    def _known(self, public_ids: set[str]) -> Mapping[str, str]:
        """Names by public id, of those this reader sees."""
        if not public_ids or not policy.may(self.actor, "list", self.registry):
            return {}
        these = among(self.session, self.registry.table.c.public_id, public_ids)
        found = lists.page(self.session, self.registry, self.actor, extra=these, limit=SHOWN, count=False)
        return {row["public_id"]: lists.title(self.registry, row) for row in found.rows}

    def _url(self, public_id: str) -> str:
        return url_for(f"staff_{self.registry.key}.details_view", id=public_id)

    def _changes(self, before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
        hidden = policy.masked(self.registry, self.actor)
        readable = {spec.key for spec in policy.fields(self.registry, self.actor)}
        labels = lists.labels(self.session, self.registry, [before, after], self.actor)
        made = []
        for key, value in after.items():
            spec = self.registry.fields.get(key)
            if spec is None or spec.computed or key not in readable:
                continue
            texts = [
                cells.cell(spec, from_json(spec, v) if isinstance(v, str) else v, self.language, labels,
                           masked=key in hidden).text
                for v in (before.get(key), value)
            ]  # fmt: skip
            made.append(Change(spec.label.text(self.language), *texts))
        return made
