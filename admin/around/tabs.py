"""A record's page in tabs. Tabs are links; only the open one reads its data, and one statement counts them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlmodel import Session

from admin import cells
from admin.around import access, moments, sources
from admin.around.panels import LISTED, Line, Panel, Tab
from admin.cells import Cell
from admin.record_page import RecordPage, Related
from app import policy, wording
from app.config import settings
from app.domain.actors import Actor
from app.queries import lists, timeline
from app.registry import Registry, registries


class TabbedPage(RecordPage):
    """A record's page whose template draws the tab named in the address (`?tab=duties`); the first one otherwise."""

    template: ClassVar[str] = "staff/around.html"
    own: ClassVar[frozenset[str]] = frozenset()  # registries that have a tab or panel of their own

    def __init__(
        self,
        session: Session,
        registry: Registry,
        actor: Actor,
        public_id: str,
        language: str,
        revealed: Mapping[str, Any] | None = None,
        *,
        asked: Mapping[str, str],
        now: datetime,
    ) -> None:
        super().__init__(session, registry, actor, public_id, language, revealed)
        self.asked, self.now = asked, now
        self.today: date = settings().today(now)
        self.zone = ZoneInfo(settings().office_time_zone)
        keys = [key for key, _title in self.titles()]
        self.tab = asked.get("tab", "") if asked.get("tab") in keys else keys[0]

    # ---- what a page declares

    def titles(self) -> list[tuple[str, str]]:
        """(key, title) of the tabs this reader may open, in order."""
        raise NotImplementedError

    def counted(self) -> dict[str, Select[Any]]:
        """What stands beside the title of a tab, as counting statements."""
        return {}

    def panels(self) -> list[Panel]:
        """The tables of the open tab."""
        return []

    verdict = ""  # one counted fact below the name

    @property
    def beside(self) -> list[Related]:
        """What stands on the summary beside the facts."""
        return []

    # ---- tabs

    @cached_property
    def counts(self) -> dict[str, int]:
        asked = self.counted()
        if not asked:
            return {}
        row = self.session.execute(select(*(one.scalar_subquery().label(key) for key, one in asked.items()))).one()
        return dict(zip(asked, row, strict=True))

    @cached_property
    def tabs(self) -> list[Tab]:
        return [
            Tab(key, title, self.tab_url(key), key == self.tab, self._number(key))
            for key, title in self.titles()
            if key == self.tab or self.counts.get(key) != 0 or key not in ("events", "related")
        ]

    def tab_url(self, key: str, **more: Any) -> str:
        return self.url("details_view", tab=key, **{name: one for name, one in more.items() if one})

    def _number(self, key: str) -> str:
        return wording.number(self.counts[key], self.language) if key in self.counts else ""

    # ---- what every such page has

    def number_of(self, other: Registry, extra: ColumnElement[bool]) -> Select[Any]:
        """How many records of another registry this reader sees around this one."""
        found, _problems = lists.wanted(self.session, other, self.actor, extra=extra)
        return found.query().with_only_columns(func.count())

    def may_list(self, key: str) -> bool:
        return key in registries() and policy.may(self.actor, "list", registries()[key])

    @cached_property
    def others(self) -> list[tuple[Registry, str]]:
        """(registry, field) of whatever else points here: a new registry appears without a line."""
        return [
            (other, name)
            for other in registries().values()
            if other.key not in self.own and policy.may(self.actor, "list", other)
            for name in other.pointing_at(self.registry)
        ]

    def others_counted(self) -> Select[Any]:
        return together([self.number_of(other, other.table.c[name] == self.row["id"]) for other, name in self.others])

    @property
    def related(self) -> list[Related]:
        made = [self._related(other, name) for other, name in self.others] if self.tab == "related" else []
        return sorted(made, key=lambda one: not one.rows)

    @cached_property
    def moments(self) -> moments.MomentPage:
        """The timeline: all of it on its tab, the newest few elsewhere."""
        kinds = [one for one in (self.asked.get("kind"),) if one in timeline.KINDS] if self.tab == "history" else []
        before, limit = (self.asked.get("before"), timeline.PAGE) if self.tab == "history" else (None, 6)
        found = timeline.page(
            self.session,
            self.registry,
            self.public_id,
            self.actor,
            before=before,
            kinds=kinds,
            limit=limit,
            row=self.row,
        )
        return moments.page(found, self.language, kinds[0] if kinds else "", self)

    @cached_property
    def origins(self) -> list[sources.Origin]:
        return sources.origins(self.session, self.registry, self.row, self.actor, self.language)

    @cached_property
    def entries(self) -> Panel:
        return sources.entries(self)

    @property
    def history_open(self) -> bool:
        """Whether this reader may know who did what."""
        return policy.sees(self.actor, "history")

    @cached_property
    def access(self) -> access.Access:
        return access.of(self)

    def panel_of(self, other: Registry, extra: ColumnElement[bool]) -> Panel:
        """Records of another registry in its own columns."""
        found = lists.page(self.session, other, self.actor, extra=extra, limit=LISTED)
        hidden = policy.masked(other, self.actor)
        shown = [
            spec for spec in policy.fields(other, self.actor) if spec.listed and spec.reference != self.registry.key
        ]
        shown.sort(key=lambda spec: spec.key != other.label_field or spec.key in hidden)
        lines = [
            Line(
                [cells.cell(s, row.get(s.key), self.language, found.labels, masked=s.key in hidden) for s in shown],
                url=self.open_url(other.key, row["public_id"]),
            )
            for row in found.rows
        ]
        return Panel(
            id=other.key,
            title=other.title.text(self.language),
            icon=other.icon,
            columns=[spec.label.text(self.language) for spec in shown],
            lines=lines,
            count=wording.number(found.total, self.language),
            empty=_("Nothing recorded yet"),
        )

    def soon(self, day: date | None) -> str:
        """How near the end of a document is: past, within 60 days, or neither."""
        if day is None:
            return ""
        return "bad" if day < self.today else "todo" if day <= self.today + timedelta(days=60) else "plain"

    def day(self, value: date | None) -> str:
        return wording.short_date(value, self.language) if value else ""

    def instant(self, value: datetime | None) -> str:
        return cells.instant(value, self.language) if value else ""

    def text(self, key: str, label: str, value: str, **more: Any) -> Cell:
        return Cell(key=key, label=label, text=value, **more)

    def open_url(self, key: str, public_id: str) -> str:
        return url_for(f"staff_{key}.details_view", id=public_id)

    def list_of(self, key: str, **narrowed: Any) -> tuple[str, str]:
        return _("See all"), url_for(f"staff_{key}.index_view", **narrowed)


def together(numbers: Sequence[Select[Any]]) -> Select[Any]:
    """Several counts as one."""
    total: ColumnElement[int] = literal(0)
    for one in numbers:
        total = total + one.scalar_subquery()
    return select(total)
