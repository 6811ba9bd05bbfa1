"""Where what we know of a record comes from: the registers it stands in, and who set each of its fields, when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlmodel import Session, col

from admin import cells
from admin.around.panels import LISTED, Line, Panel
from app import wording
from app.domain.actors import Actor
from app.models.audit import LOOKED
from app.models.import_batch import ImportBatch
from app.operations.batches import undone
from app.queries import history, lists
from app.queries.history import Event
from app.queries.keys import among
from app.registry import Registry, get

if TYPE_CHECKING:
    from admin.around.tabs import TabbedPage


class File(NamedTuple):
    """The file of an import, and whether the import was taken back."""

    name: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """One field as it stands: since when, by whom, through what."""

    label: str
    at: str
    who: str
    how: str


def entries(page: TabbedPage) -> Panel:
    """Rows of other bodies' registers that were matched to this record, the newest data first."""
    registry, session, actor = get("register_entry"), page.session, page.actor
    columns = [registry.table.c[name] for name in registry.pointing_at(page.registry)]
    found = lists.page(session, registry, actor, extra=or_(*(one == page.row["id"] for one in columns)), limit=LISTED)
    source = get("register").table
    registers = lists.page(
        session, get("register"), actor, extra=among(session, source.c.id, {row["source"] for row in found.rows}),
        limit=LISTED, count=False,
    )  # fmt: skip
    known = {row["id"]: row for row in registers.rows}
    files = _files(session, {str(row["batch"]) for row in found.rows if row.get("batch")})
    return Panel(
        id="registers",
        title=_("What registers say"),
        icon="list-details",
        columns=[_("Register"), _("Owner"), _("As of"), _("Presence"), _("Match"), _("Row"), _("File")],
        lines=[_entry(page, row, known.get(row["source"], {}), registers.labels, files) for row in found.rows],
        count=wording.number(found.total, page.language),
        note=_("Each row is kept as it was given. It never overwrites what the office holds; it stands beside it."),
        empty=_("This record was not found in any register yet."),
    )


def _entry(
    page: TabbedPage,
    row: Mapping[str, Any],
    source: Mapping[str, Any],
    labels: lists.Named,
    files: Mapping[str, File],
) -> Line:
    owner = labels.get("owner_agency", {}).get(source.get("owner_agency", 0), ("", ""))[0]
    fields = get("register_entry").fields
    score = row.get("match_score")
    match = cells.text(fields["match_state"], row.get("match_state"), page.language, {})
    presence = cells.text(fields["presence"], row.get("presence"), page.language, {})
    file = files.get(str(row.get("batch")), File("", undone=False))
    if file.undone:
        presence = _("import taken back")
    as_of = row.get("as_of") or source.get("as_of")
    return Line(
        [
            page.text("register", _("Register"), str(source.get("code") or "–")),
            page.text("owner", _("Owner"), owner),
            page.text("as_of", _("As of"), page.day(as_of) or _("not stated")),
            page.text("presence", _("Presence"), presence),
            page.text("match", _("Match"), f"{match} ({wording.number(score, page.language)})" if score else match),
            page.text("row", _("Row"), str(row.get("source_row") or ""), number=True),
            page.text("file", _("File"), file.name),
        ],
        url=page.open_url("register_entry", row["public_id"]),
    )


def origins(
    session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor, language: str
) -> list[Origin]:  # fmt: skip
    """Who set each filled field last, told from the history: imports, reports, people."""
    found = history.of(session, registry, row["public_id"], actor)
    files = _files(session, {batch for event in found if (batch := event.batch or undone(event.reason))})
    latest: dict[str, Event] = {}
    for event in found:
        for change in event.changes:
            if event.action not in LOOKED:
                latest.setdefault(change.field.key, event)
    filled = [f for f in registry.fields.values() if row.get(f.key) not in (None, "", []) and not f.computed]
    told = [(spec.label.text(language), latest[spec.key]) for spec in filled if spec.key in latest]
    return [
        Origin(label, cells.instant(one.at, language), cells.doer(one.actor, language), _how(one, files))
        for label, one in told
    ]


def _how(event: Event, files: Mapping[str, File]) -> str:
    door = event.door or ""
    if event.batch in files:
        return _("import of %(name)s", name=files[event.batch or ""].name)
    if event.action == "undo":
        batch = undone(event.reason) or ""
        if batch in files:
            return _("put back when the import of %(name)s was taken back", name=files[batch].name)
        return _("put back when a change was taken back")
    if door.startswith("report:"):
        return _("a company's report")
    if door.startswith("revert:"):
        return _("going back to an earlier version")
    return {
        "screen": _("typed on screen"),
        "link": _("typed by the company"),
        "shell": _("by a command on the server"),
        "job": _("by the system"),
    }.get(door, _("by the system") if event.actor_kind == "system" else "")


def _files(session: Session, batches: set[str]) -> dict[str, File]:
    if not batches:
        return {}
    query = select(col(ImportBatch.public_id), col(ImportBatch.file_name), col(ImportBatch.status)).where(
        col(ImportBatch.public_id).in_(batches)
    )
    return {one.public_id: File(one.file_name, one.status == "undone") for one in session.execute(query)}
