"""The workers of a company: who, doing what, and until when their documents are good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from admin import cells
from admin.around.panels import LISTED, Line, Panel
from app import policy, wording
from app.queries import lists
from app.queries.keys import among
from app.registry import get

if TYPE_CHECKING:
    from admin.around.tabs import TabbedPage

ENDED = "ended"  # `?of=ended` shows those who left


def workers(page: TabbedPage) -> Panel:
    """Sponsorships of a company, the running ones; three statements beside them, however many people."""
    registry, session, actor = get("sponsorship"), page.session, page.actor
    table, ended = registry.table, page.asked.get("of") == ENDED
    mine = (table.c.sponsor == page.row["id"]) & (table.c.status != "active" if ended else table.c.status == "active")
    found = lists.page(
        session, registry, actor, extra=mine, limit=LISTED, order="-started_on", cursor=page.asked.get("cursor")
    )
    ids = {row["person"] for row in found.rows if row.get("person")}
    persons = {row["id"]: row for row in _of(page, "foreign_national", "id", ids)}
    permits = _latest(_of(page, "stay_permit", "person", ids))
    passports = _latest(_of(page, "passport", "person", ids))
    lines = [_worker(page, row, persons.get(row.get("person")), permits, passports, found.labels) for row in found.rows]
    now, left = (
        (_("Those working now"), page.tab_url("workers")),
        (_("Those who left"), page.tab_url("workers", of=ENDED)),
    )
    onward = page.tab_url("workers", of=page.asked.get("of"), cursor=found.next) if found.next else None
    return Panel(
        id="workers",
        title=_("Those who left") if ended else _("Working now"),
        icon="users",
        columns=[_("Name"), _("Nationality"), _("Position"), _("Since"), _("Stay permit until"), _("Passport until")],
        lines=lines,
        count=wording.number(found.total, page.language),
        empty=_("Nobody who left is on record.") if ended else _("No worker is on record."),
        more=now if ended else left,
        onward=onward,
    )  # fmt: skip


def _of(page: TabbedPage, key: str, column: str, ids: Iterable[int]) -> list[dict[str, Any]]:
    registry = get(key)
    if not policy.may(page.actor, "list", registry):
        return []
    wanted = among(page.session, registry.table.c[column], ids)
    found = lists.page(page.session, registry, page.actor, extra=wanted, limit=LISTED * 4, count=False)
    return found.rows


def _latest(rows: Iterable[Mapping[str, Any]]) -> dict[int, date]:
    """The last day of the newest document of each person."""
    made: dict[int, date] = {}
    for row in rows:
        if isinstance(row.get("expires_on"), date):
            made[row["person"]] = max(made.get(row["person"], date.min), row["expires_on"])
    return made


def _worker(
    page: TabbedPage,
    row: Mapping[str, Any],
    person: Mapping[str, Any] | None,
    permits: Mapping[int, date],
    passports: Mapping[int, date],
    labels: lists.Named,
) -> Line:
    id_ = row.get("person") or 0
    name, public_id = labels.get("person", {}).get(id_, ("", ""))
    nation = get("foreign_national").fields["nationality"]
    nationality = cells.text(nation, (person or {}).get("nationality"), page.language, {})
    permit, passport = permits.get(id_), passports.get(id_)
    url = page.open_url("foreign_national", public_id) if public_id else page.open_url("sponsorship", row["public_id"])
    return Line(
        [
            page.text("name", _("Name"), name),
            page.text("nationality", _("Nationality"), nationality),
            page.text("job_title", _("Position"), str(row.get("job_title") or "")),
            page.text("since", _("Since"), page.day(row.get("started_on"))),
            page.text("permit", _("Stay permit until"), page.day(permit), state=page.soon(permit)),
            page.text("passport", _("Passport until"), page.day(passport), state=page.soon(passport)),
        ],
        url=url,
    )
