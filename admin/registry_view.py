"""The one view of every registry: Flask-Admin's shell over `queries.lists` and `operations.records`.

Flask-Admin brings the URLs, the menu and the flow; data, rights and templates are ours. A registry needs
no view of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, has_request_context, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin import expose
from sqlmodel import Session

from admin import around, exports, list_address, lookups, trash_pages
from admin.history_pages import HistoryPages
from admin.list_page import ListPage
from admin.record_page import RecordPage
from app import policy, wording
from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import DECLARED, Actor
from app.domain.errors import NotFound, Refused
from app.domain.list_state import ListState
from app.models.record import new_public_id
from app.operations import records
from app.queries import lists
from app.registry import Registry
from app.web import access, language
from app.web.session import current_account, current_actor

# What each page asks of the policy. One that is not named here has no access mark, and the build fails.
ASKS: dict[str, policy.Action] = {
    "index_view": "list",
    "details_view": "read",
    "history_view": "read",
    "version_view": "read",
    "compare_view": "read",
    "revert_view": "update",
    "ajax_lookup": "list",
    "alike_view": "list",
    "template_view": "list",
    "reveal_view": "reveal",
    "create_view": "create",
    "new_draft_view": "create",
    "edit_view": "update",
    "edit_draft_view": "update",
    "cell_view": "update",
    "short_view": "create",
    "delete_view": "delete",
    "restore_view": "restore",
    "export": "export",
}
LOOKING = frozenset(
    {
        "index_view",
        "details_view",
        "history_view",
        "version_view",
        "compare_view",
        "ajax_lookup",
        "alike_view",
        "template_view",
    }
)


class RegistryView(HistoryPages):
    """List, create, edit, details, history, trash, export and look-ups of one registry."""

    can_set_page_size = False
    page_size = lists.PAGE

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        super().__init__(registry.model, name=registry.title.id, endpoint=f"staff_{registry.key}", url=registry.key)

    # ---- Flask-Admin's side: nothing is scaffolded from a model, nothing is cached

    def _refresh_cache(self) -> None:
        """Fields, forms and columns depend on the reader and are built per request."""

    def init_actions(self) -> None:
        """Bulk actions have their own confirmation page."""

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin calls a view a second time when it raises TypeError; a write must not run twice.
        return fn(self, *args, **kwargs)

    def is_visible(self) -> bool:
        return policy.may(current_actor(), "list", self.registry)

    def access_mark(self, endpoint: str) -> str:
        """Who may call an endpoint of this view at all, as rights stand now; rows and fields are the policy's.

        Outside of a request, as the declarations say.
        """
        action, account = ASKS.get(endpoint.rpartition(".")[2]), current_account() if has_request_context() else None
        if action is None:
            return ""
        grants, held = (account.grants, account.roles) if account else (DECLARED, ())
        right = "read" if action == "list" else action
        able = [
            role
            for role in dict.fromkeys((*access.ROLES, *held))
            if right in policy.rights(self.registry, role, grants).actions
        ]
        return "staff:" + ",".join(able)  # none named: nobody

    def needs_proof(self, endpoint: str) -> bool:
        """Where rows are rights, everything but looking asks for a proof of identity first, views to come included."""
        return self.registry.guarded and endpoint.rpartition(".")[2] not in LOOKING

    ajax_update = None  # edits one cell past `can_edit`: not exposed
    action_view = None  # many records at once: admin.views.bulk

    # ---- pages

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The list."""
        actor, language_ = current_actor(), language.current()
        with unit_of_work(write=False) as session:
            opened = list_address.read(session, self.registry, actor, request.args)
            if opened.elsewhere:
                return redirect(opened.elsewhere)
            if opened.state.trash:
                policy.require(actor, "restore", self.registry)
            today = settings().today(utcnow())
            page = ListPage(session, self.registry, actor, opened.state, language_, today, opened.draft)
            if any(problem.code == "cursor_unknown" for problem in page.found.problems):
                return redirect(opened.state.at(None).url(page.base_url))
            return self.render("staff/list.html", page=page)

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One record, what points at it, and its history."""
        actor = current_actor()
        with unit_of_work(write=False) as session:
            return self._details(self._page(session, actor))

    @expose("/reveal/", methods=("POST",))
    @access.fresh
    def reveal_view(self) -> ResponseReturnValue:
        """A masked value in the clear; that it was looked at is an audit entry."""
        actor, name = current_actor(), request.form.get("field", "")
        if name not in policy.masked(self.registry, actor):
            raise NotFound()
        with unit_of_work() as session:
            value = records.reveal(session, self.registry, self._asked(), name, actor, now=utcnow())
        with unit_of_work(write=False) as session:
            return self._details(self._page(session, actor, {name: value}))

    @expose("/delete/", methods=("GET", "POST"))
    def delete_view(self) -> ResponseReturnValue:
        """Asks once (GET), then moves the record to the trash (POST)."""
        actor = current_actor()
        policy.require(actor, "delete", self.registry)
        act = trash_pages.delete if request.method == "POST" else trash_pages.ask
        return act(self.registry, self._asked(), actor, self._back())

    @expose("/restore/", methods=("POST",))
    def restore_view(self) -> ResponseReturnValue:
        """Takes the record out of the trash, with what went there together with it."""
        actor = current_actor()
        policy.require(actor, "restore", self.registry)
        return trash_pages.restore(self.registry, self._asked(), actor)

    @expose("/export/<export_type>/", methods=("GET", "POST"))
    @access.fresh
    @access.download
    def export(self, export_type: str) -> ResponseReturnValue:
        """The list as filtered, as a sheet; a large one is prepared by a worker (POST)."""
        if export_type not in exports.KINDS:
            raise NotFound()
        actor = current_actor()
        policy.require(actor, "export", self.registry)
        asked, rows = exports.wanted(self.registry, actor, self._state(actor), language.current())
        if request.method == "POST":
            job = exports.prepare(asked, actor, export_type, rows, request.form.get("_nonce"))
            return redirect(url_for("staff_jobs.show", public_id=job))
        if rows <= exports.AT_ONCE[export_type] or "now" in request.args:
            return exports.send(asked, actor, export_type, rows)
        return self.render(
            "staff/export_large.html",
            registry=self.registry,
            kind=export_type,
            rows=wording.number(rows, language.current()),
            nonce=new_public_id(),
            back=self._back(),
        )

    @expose("/template/")
    def template_view(self) -> ResponseReturnValue:
        """An empty sheet to fill in, for the import."""
        if not self.registry.sheet:
            raise NotFound()
        return exports.empty_sheet(self.registry, language.current())

    @expose("/ajax/lookup/")
    def ajax_lookup(self) -> ResponseReturnValue:
        """What a picker of another record's form finds here."""
        actor = current_actor()
        policy.require(actor, "list", self.registry)
        with unit_of_work(write=False) as session:
            return jsonify(results=lookups.results(session, self.registry, actor, request.args.get("q", "")))

    # ---- steps

    def _state(self, actor: Actor) -> ListState:
        return list_address.state(self.registry, actor, request.args.items(multi=True))

    def _page(self, session: Session, actor: Actor, revealed: Mapping[str, Any] | None = None) -> RecordPage:
        return around.page_of(
            session, self.registry, actor, self._asked(), language.current(), revealed, asked=request.args, now=utcnow()
        )

    def _details(self, page: RecordPage) -> Response:
        response = make_response(self.render(page.template, page=page, back=self._back()))
        if page.revealed:
            response.headers["Cache-Control"] = "no-store"
        return response


def sentence(fact: Refused) -> str:
    """A refusal in the language of the page."""
    return wording.sentence(fact, language.current())
