"""The saved views above a list: which one is open, whether it was changed, and keeping what is shown."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, current_app, url_for
from flask_babel import gettext as _
from sqlmodel import Session

from app import keeping
from app.domain.actors import Actor
from app.domain.list_state import ALL, ListState
from app.models.saved_view import SavedView
from app.queries import saved_views
from app.registry import Registry
from app.web.session import current_account

_MOST = 200  # lists of persons a process remembers the views of
BESIDE = 4  # views that stand open beside each other; the others in a menu


def init_app(app: Flask) -> None:
    app.extensions["staff_views"] = {}


@dataclass(frozen=True, slots=True)
class Tab:
    title: str
    url: str
    current: bool
    shared: bool


def mine(session: Session, registry: Registry, actor: Actor) -> Sequence[SavedView]:
    """The views of a list this person has, as they are since anything was last written. Only to be looked at."""
    account = current_account()
    known: dict[Hashable, Sequence[SavedView]] = current_app.extensions["staff_views"]
    if account is None or account.written is None:
        return saved_views.listed(session, registry, actor)
    of = (account.written, account.user.id, registry.key)
    return keeping.kept(known, of, lambda: _detached(session, registry, actor), most=_MOST)


def _detached(session: Session, registry: Registry, actor: Actor) -> Sequence[SavedView]:
    found = saved_views.listed(session, registry, actor)
    for view in found:
        session.expunge(view)
    return found


class ViewBar:
    """Own views and shared ones; "all" stands first."""

    def __init__(
        self, found: Sequence[SavedView], registry: Registry, actor: Actor, state: ListState, base_url: str
    ) -> None:
        self.registry, self.actor, self.state, self.base_url, self.found = registry, actor, state, base_url, found
        self.opening = saved_views.opening(found, actor)
        self.may_share = saved_views.may_share(actor)
        self.new_url = url_for("staff_views.new", key=registry.key)
        self.manage_url = url_for("staff_views.index")

    @cached_property
    def current(self) -> SavedView | None:
        return next((view for view in self.found if view.public_id == self.state.view), None)

    @property
    def tabs(self) -> list[Tab]:
        state = ListState(view=ALL) if self.opening else ListState()
        everything = Tab(_("All"), state.url(self.base_url), self.current is None and not self.state.filtered, False)
        return [everything, *(self._tab(view) for view in self._ordered)]

    @property
    def beside(self) -> list[Tab]:
        return self.tabs[: BESIDE + 1]

    @property
    def more(self) -> list[Tab]:
        return self.tabs[BESIDE + 1 :]

    @property
    def _ordered(self) -> list[SavedView]:
        """The open one is always in sight."""
        last = len(self.found)
        order = {view.public_id: place for place, view in enumerate(self.found)}
        if self.current is not None and order[self.current.public_id] >= BESIDE:
            order[self.current.public_id] = -last
        return sorted(self.found, key=lambda view: order[view.public_id])

    def _tab(self, view: SavedView) -> Tab:
        return Tab(view.name, url_for("staff_views.show", public_id=view.public_id), view is self.current, view.shared)

    @cached_property
    def changed(self) -> bool:
        """Whether the list shows something else than the view it began as."""
        if self.current is None:
            return False
        return self.state.kept() != saved_views.state(self.current, self.actor).kept()

    @property
    def may_change(self) -> bool:
        return self.current is not None and saved_views.may_change(self.current, self.actor)

    @property
    def change_url(self) -> str:
        return url_for("staff_views.change", public_id=self.current.public_id) if self.current else ""

    @property
    def reset_url(self) -> str:
        return url_for("staff_views.show", public_id=self.current.public_id) if self.current else ""

    @property
    def worth_keeping(self) -> bool:
        """Whether there is anything a view would hold."""
        return self.state.kept().counted(False) != ListState()
