"""How to call each route. The matrix walks the URL map; a route that is not named here fails it with what to add.

A page of a registry (`VIEWS`) is named by its method in the view, for all registries at once. Every other route
(`SCREENS`) is named by its endpoint. A GET without arguments needs no entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app import policy
from app.models.record import new_public_id
from app.registry import Registry
from tests.matrix.people import Person
from tests.matrix.world import OURS, SHARED, THEIRS, World

OK, GOES_ON = frozenset({200}), frozenset({302})
Form = Callable[[Registry, Mapping[str, Any]], Mapping[str, Any]]


@dataclass(frozen=True)
class Call:
    """One way to call a route.

    `expect` are the answers where it is allowed and the row is there for the person. `query` and `form` may name
    `{id}`, the row. `action` is what the page asks of the policy beside its mark. `changes`: on a row that is there it
    would write, so it is tried on the others only. `by` says who may do it to what they see, where no registry does.
    """

    method: str = "GET"
    query: str = ""
    form: Mapping[str, Any] | Form = field(default_factory=dict)
    expect: frozenset[int] = OK
    action: policy.Action | None = None
    changes: bool = False
    by: Callable[[Person, str], bool] | None = None

    @property
    def of_row(self) -> bool:
        return "{id}" in self.query or any("{id}" in str(value) for value in self.given(None, {}).values())

    def given(self, registry: Registry | None, row: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.form if not callable(self.form) else self.form(registry, row) if registry else {}


ROW = "?id={id}"
PAST = frozenset({200, 404})  # who did what stays in the office: for others there is no such page


def a_text(registry: Registry) -> str:
    """A field of plain text that a cell of the list may hold."""
    found = [
        f.key for f in registry.fields.values() if f.type.key in ("text", "long_text", "legal_name", "person_name")
    ]
    return (found or ["status"])[0]


def stale(registry: Registry, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An edit of a version long gone, with another text in it: the page where two edits meet."""
    return {"row_version": "0", a_text(registry): "Zzz Lain"}


def first(registry: Registry, _row: Mapping[str, Any]) -> Mapping[str, Any]:
    """One field goes back."""
    return {"row_version": "1", "_field": a_text(registry)}


VIEWS: Mapping[str, tuple[Call, ...]] = {
    "index_view": (
        Call(),
        Call(query="?trash=1", action="restore"),
        Call(query="?order=-updated_at&q=zqx"),
    ),
    "details_view": (Call(query=ROW),),
    "history_view": (Call(query=ROW, expect=PAST), Call(query=ROW + "&field={text}&action=update", expect=PAST)),
    "version_view": (Call(query=ROW + "&v=1", expect=PAST), Call(query=ROW + "&v=0", expect=frozenset({404}))),
    "compare_view": (Call(query=ROW + "&a=1&b=1&all=1", expect=PAST),),
    "revert_view": (
        Call(query=ROW + "&to=1", expect=PAST),
        Call("POST", ROW + "&to=1", form={"row_version": "1"}, expect=frozenset({404, 422})),
        Call("POST", ROW + "&to=1", form=first, expect=PAST | GOES_ON, changes=True),
    ),
    "reveal_view": (Call("POST", ROW, form={"field": "created_by"}, expect=frozenset({404})),),
    "create_view": (Call(), Call("POST", expect=frozenset({422}))),
    "new_draft_view": (
        Call("POST", expect=frozenset({400})),
        Call("POST", form={"_draft": new_public_id(), "_drop": "1"}, expect=GOES_ON),
    ),
    "alike_view": (Call("POST"),),
    "edit_draft_view": (
        Call("POST", ROW, expect=frozenset({400})),
        Call("POST", ROW, form={"_draft": new_public_id(), "_drop": "1"}, expect=GOES_ON),
        Call("POST", ROW, form={"_draft": new_public_id()}, changes=True),
    ),
    "short_view": (Call(expect=frozenset({302, 403})), Call("POST", expect=frozenset({422, 403}))),
    "edit_view": (
        Call(query=ROW),
        Call("POST", ROW, expect=frozenset({400})),
        Call("POST", ROW, form=stale, expect=frozenset({302, 409, 422})),
    ),
    "cell_view": (
        Call(query=ROW + "&field={text}", expect=frozenset({200, 404})),
        Call("POST", ROW + "&field={text}", expect=frozenset({400, 404})),
        # 200: of that cell nothing was typed, so nothing is in the way and nothing is written
        Call("POST", ROW + "&field={text}", form=stale, expect=frozenset({200, 404, 409, 422})),
    ),
    "delete_view": (Call(query=ROW), Call("POST", ROW, changes=True)),
    "restore_view": (Call("POST", ROW, expect=GOES_ON),),
    "export": (Call(), Call("POST", expect=frozenset({200, 302}), changes=True)),
    "template_view": (Call(expect=frozenset({200, 404})),),
    "ajax_lookup": (Call(query="?q="), Call(query="?q=zqx")),
}


@dataclass(frozen=True)
class Screen:
    """How to fill the arguments of a route, and ways to call it.

    `values` gives the arguments for a place (ours or theirs), or None where the route concerns nobody's place.
    `each`: it is called once for every registry, by its `key`. `sees` tells whether the place is there for a person,
    where no record does.
    """

    values: Callable[[World, str], Mapping[str, str]] | None = None
    calls: tuple[Call, ...] = (Call(),)
    registry: str = "company"  # whose record decides whether the place is there; whose rights `action` means
    each: bool = False
    places: tuple[str, ...] = (OURS, THEIRS)
    sees: Callable[[Person, str], bool] | None = None


def _of(**names: str) -> Callable[[World, str], Mapping[str, str]]:
    """Arguments by the name of what they are, or as they stand: `_of(public_id="report", key="=company")`."""

    def found(world: World, place: str) -> Mapping[str, str]:
        known = world.ids.get(place, {}) | world.screens[place]
        return {argument: name[1:] if name[0] == "=" else known.get(name, name) for argument, name in names.items()}

    return found


def _bulk(action: str, **more: str) -> Call:
    asked: policy.Action = "update" if action == "edit" else action  # type: ignore[assignment]
    return Call(
        "POST", form={"_action": action, "_id": "{id}", **more}, expect=frozenset({200, 302, 422}), action=asked
    )


REPORT, COMPANY, IMPORT = _of(public_id="report"), _of(public_id="company"), _of(key="=company", batch_id="=x")
NOBODYS = frozenset({404})  # a made-up id
NO_BATCH = Call(expect=NOBODYS, action="import")
POST_NO_BATCH = Call("POST", expect=NOBODYS, action="import")
PAGE_AND_POST = (Call(), Call("POST", expect=frozenset({302, 400, 404, 409, 422}), changes=True))
# A version nobody has: the page where two edits meet, and nothing is written.
SETTINGS = (Call("POST", form={"version": "-1"}, expect=frozenset({409})),)


def _view(*calls: Call) -> Screen:
    """Of a saved view: one's own, a colleague's, one that a colleague shares."""
    return Screen(_of(public_id="view"), calls, places=(OURS, THEIRS, SHARED), sees=Person.sees_view)


SCREENS: Mapping[str, Screen] = {
    "staff_inbox.show": Screen(REPORT),
    "staff_inbox.attachment": Screen(_of(public_id="report", upload_id="upload")),
    "staff_files.show": Screen(
        _of(key="=levy_payment", public_id="levy_payment", name="=proof", file_id="proof"), registry="levy_payment"
    ),
    "staff_inbox.accept": Screen(REPORT, PAGE_AND_POST),
    "staff_inbox.give_back": Screen(REPORT, PAGE_AND_POST),
    "staff_inbox.reject": Screen(REPORT, PAGE_AND_POST),
    "staff_letters.show": Screen(_of(public_id="message_template"), registry="message_template"),
    "staff_letters.html": Screen(_of(public_id="message_template"), registry="message_template"),
    "staff_links.index": Screen(COMPANY),
    "staff_links.issue": Screen(COMPANY, (Call("POST", changes=True),)),
    "staff_links.revoke": Screen(_of(public_id="company", link_id="link"), (Call("POST", changes=True),)),
    "staff_mail.show": Screen(_of(public_id="mail")),
    "staff_mail.letter": Screen(_of(public_id="mail")),
    "staff_mail.act": Screen(_of(public_id="mail"), (Call("POST", form={"action": "retry"}, changes=True),)),
    "staff_requests.decide": Screen(_of(public_id="request", decision="=refused"), (Call("POST", changes=True),)),
    "staff_requests.answer": Screen(
        _of(public_id="question"), (Call("POST", form={"answer": "Ya", "outcome": "go_on"}, changes=True),)
    ),
    "staff_accounts.index": Screen(_of(public_id="user"), registry="user"),
    "staff_accounts.act": Screen(_of(public_id="user"), (Call("POST", form={"action": "x"}, expect=NOBODYS),), "user"),
    "staff_bulk.choose": Screen(_of(key="=company"), tuple(_bulk(action) for action in ("edit", "delete", "restore"))),
    "staff_bulk.start": Screen(_of(key="=company"), (Call("POST", form={"_action": "x"}, expect=frozenset({400})),)),
    "staff_jobs.show": Screen(_of(public_id="=x"), (Call(expect=NOBODYS),)),
    "staff_jobs.cancel": Screen(_of(public_id="=x"), (Call("POST", expect=NOBODYS),)),
    "staff_jobs.retry": Screen(_of(public_id="=x"), (Call("POST", expect=NOBODYS),)),
    "staff_jobs.undo": Screen(_of(public_id="=x"), (Call("POST", expect=NOBODYS),)),
    "staff_jobs.file": Screen(_of(public_id="=x"), (Call(expect=NOBODYS),)),
    "staff_import.index": Screen(
        IMPORT, (Call(action="import"), Call("POST", expect=frozenset({422}), action="import"))
    ),
    "staff_import.batch": Screen(IMPORT, (NO_BATCH,)),
    "staff_import.marked": Screen(IMPORT, (NO_BATCH,)),
    "staff_import.columns": Screen(IMPORT, (NO_BATCH, POST_NO_BATCH)),
    "staff_import.apply": Screen(IMPORT, (POST_NO_BATCH,)),
    "staff_import.undo": Screen(IMPORT, (NO_BATCH, POST_NO_BATCH)),
    "staff_import.values": Screen(IMPORT, (POST_NO_BATCH,)),
    "staff_settings.save_retention": Screen(None, SETTINGS),
    "staff_settings.save_office": Screen(None, SETTINGS),
    "staff_settings.save_mail": Screen(None, SETTINGS),
    "staff_settings.try_mail": Screen(None, (Call("POST", changes=True),)),
    "staff_settings.mail_test": Screen(_of(public_id="mail_test")),
    "staff_views.show": _view(Call(expect=GOES_ON)),
    "staff_views.change": _view(
        Call("POST", form={"name": ""}, expect=GOES_ON, by=Person.changes_view),  # no name: nothing is written
        Call("POST", form={"name": "Lain"}, changes=True, by=Person.changes_view),
        Call("POST", form={"_state": "q=lain"}, changes=True, by=Person.changes_view),
    ),
    "staff_views.remove": _view(Call("POST", changes=True, by=Person.changes_view)),
    "staff_views.new": Screen(
        None,
        (
            Call("POST", form={"name": ""}, expect=GOES_ON, action="list"),
            Call("POST", form={"name": "Lain"}, action="list", changes=True),
        ),
        each=True,
    ),
    "staff_views.columns": Screen(None, (Call("POST", action="list", changes=True),), each=True),
    "staff_rights.preview": Screen(None, (Call("POST", expect=GOES_ON),)),
    "staff_rights.apply": Screen(None, (Call("POST", expect=frozenset({409})),)),
    "mail_preview.show": Screen(_of(kind="=link")),
    "mail_preview.html": Screen(_of(kind="=link")),
    "account.change_passkey": Screen(_of(public_id="=x"), (Call("POST", expect=NOBODYS),)),
    "security.change_password": Screen(None, (Call(), Call("POST", expect=frozenset({200, 302})))),
    "proof.ask": Screen(None, (Call(expect=GOES_ON),)),
    "proof.answer": Screen(None, (Call("POST", expect=GOES_ON),)),
    "login.extend": Screen(None, (Call("POST", expect=frozenset({204})),)),
}
# Writes to the account of whoever calls, whatever they send: their own tests drive them.
OWN_ACCOUNT = frozenset({"account.add_app", "account.make_codes", "account.add_passkey", "account.passkey_question",
                         "account.end_sessions", "proof.question"})  # fmt: skip
__all__ = ["OURS", "OWN_ACCOUNT", "SCREENS", "VIEWS", "Call", "Screen", "a_text"]
