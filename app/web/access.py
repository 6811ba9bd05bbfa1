"""Who may call a view: every view says it once, one guard enforces it, one test reads it.

A view is marked by a decorator (or `declare`, for views a library made); the mark is one of
`public`, `link`, `agency`, `static` or `staff:ROLE[,ROLE…]`. A route without a mark is refused.

A view that gives data away or changes rights is also `fresh`: the guard lets the person in only when they
proved who they are within the last minutes, asks them otherwise, and then goes on with what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from flask import Flask

PUBLIC = "public"
LINK = "link"
AGENCY = "agency"
STATIC = "static"
STAFF_ROLES = (
    "admin",
    "head",
    "division_head",
    "analyst",
    "field_officer",
    "secretariat",
    "timpora_chair",
    "auditor",
)
ROLES = (*STAFF_ROLES, "agency_coordinator", "agency_member")

View = TypeVar("View", bound=Callable[..., Any])
Mark = str | Callable[[str], str]  # a mark, or a function of the endpoint that gives one
Need = bool | Callable[..., bool]  # whether a proof is needed, or a function of the view's arguments that says so


def public(view: View) -> View:
    """Anybody may call this view."""
    return _marked(view, PUBLIC)


def static(view: View) -> View:
    """A file for everybody that says nothing a page does not."""
    return _marked(view, STATIC)


def link(view: View) -> View:
    """The holder of a company's link; the view itself checks the exchanged token."""
    return _marked(view, LINK)


def agency(view: View) -> View:
    """A machine of a partner agency."""
    return _marked(view, AGENCY)


def signed_in(view: View) -> View:
    """Whoever is signed in, to see to their own account: every role, each by its name, and who has none yet."""
    view.signed_in = True  # type: ignore[attr-defined]
    return _marked(view, staff(*ROLES))


def staff_required(*roles: str) -> Callable[[View], View]:
    """Staff with one of `roles`; without roles any member of staff."""
    mark = staff(*roles)
    return lambda view: _marked(view, mark)


def staff(*roles: str) -> str:
    """The mark of a staff view: `staff("head")` == "staff:head"; no roles means all of them."""
    return "staff:" + ",".join(roles or STAFF_ROLES)


FORM_MEGABYTES = 2  # of a request beside its files


def body_limit(megabytes: float | None = None, fields: int | None = None) -> Callable[[View], View]:
    """A larger (or smaller) request body than usual for one view; `fields` limits the parts of a form."""
    largest = None if megabytes is None else int(megabytes * 1_000_000)

    def decorate(view: View) -> View:
        view.body_limit = (largest, fields)  # type: ignore[attr-defined]
        return view

    return decorate


def fresh(view: View) -> View:
    """A recent proof of identity is asked for first. Works for any method; what was typed is kept, files are not.

    Put it on the page that shows the form as well as on the POST: whoever opened it has then just proved it.
    """
    return fresh_if(True)(view)


def fresh_if(need: Need) -> Callable[[View], View]:
    """`fresh` where `need(**arguments of the view)` is true."""

    def decorate(view: View) -> View:
        view.fresh = need  # type: ignore[attr-defined]
        return view

    return decorate


def download(view: View) -> View:
    """This GET answers with a file: after a proof a page says so, for the browser stays on the page it was on."""
    view.download = True  # type: ignore[attr-defined]
    return view


def declare_fresh(app: Flask, name: str, need: Callable[[str], bool]) -> None:
    """Ask for a recent proof in views that a library made: `name` is a blueprint, `need` is asked with the endpoint."""
    _declared(app, "sinergi_fresh")[name] = need


def needs_proof(app: Flask, endpoint: str, arguments: Mapping[str, Any]) -> bool:
    """Whether this call of a view needs a recent proof of identity."""
    own: Need = getattr(app.view_functions.get(endpoint), "fresh", False)
    if own if isinstance(own, bool) else own(**arguments):
        return True
    declared = _declared(app, "sinergi_fresh")
    return any(declared[name](endpoint) for name in (endpoint, *_blueprints(endpoint)) if name in declared)


def is_download(app: Flask, endpoint: str) -> bool:
    return bool(getattr(app.view_functions.get(endpoint), "download", False))


def declare(app: Flask, name: str, mark: Mark) -> None:
    """Mark views that a library made. `name` is an endpoint ("security.login") or a whole blueprint ("security")."""
    _declared(app)[name] = mark


def access_of(app: Flask, endpoint: str) -> str | None:
    """The mark of an endpoint, None or "" where nobody gave one: a declared one, else the view's, its blueprint's."""
    if endpoint == "static" or endpoint.endswith(".static"):
        return STATIC
    declared = _declared(app)
    if endpoint in declared:
        return _text(declared[endpoint], endpoint)
    own = getattr(app.view_functions.get(endpoint), "access", None)
    if own is not None:
        return str(own)
    for blueprint in _blueprints(endpoint):
        if blueprint in declared:
            return _text(declared[blueprint], endpoint)
    return None


def declare_signed_in(app: Flask, name: str) -> None:
    """`signed_in` for a view that a library made."""
    declare(app, name, staff(*ROLES))
    _declared(app, "sinergi_signed_in")[name] = True


def lets_in(app: Flask, endpoint: str, roles: Iterable[str]) -> bool:
    """Whether somebody with an account and these roles may call a view for people with an account."""
    held = set(roles)
    if roles_of(access_of(app, endpoint) or "") & held:
        return True
    own = getattr(app.view_functions.get(endpoint), "signed_in", False)
    return not held and bool(own or endpoint in _declared(app, "sinergi_signed_in"))


def roles_of(mark: str) -> frozenset[str]:
    """Roles a staff mark names; empty for other marks."""
    return frozenset(mark.removeprefix("staff:").split(",")) if mark.startswith("staff:") else frozenset()


def routes(app: Flask) -> list[dict[str, Any]]:
    """Every route as `sinergi routes --json` prints it; `access` is None where the mark is missing."""
    rows = [
        {
            "rule": rule.rule,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "endpoint": rule.endpoint,
            "door": rule.endpoint.rpartition(".")[0].split(".")[0] or "web",
            "access": access_of(app, rule.endpoint),
        }
        for rule in app.url_map.iter_rules()
    ]
    return sorted(rows, key=lambda row: (str(row["rule"]), row["methods"]))


def _marked(view: View, mark: str) -> View:
    view.access = mark  # type: ignore[attr-defined]
    return view


def _declared(app: Flask, kind: str = "sinergi_access") -> dict[str, Any]:
    marks: dict[str, Any] = app.extensions.setdefault(kind, {})
    return marks


def _text(mark: Mark, endpoint: str) -> str:
    return mark if isinstance(mark, str) else mark(endpoint)


def _blueprints(endpoint: str) -> Iterable[str]:
    name = endpoint.rpartition(".")[0]
    while name:
        yield name
        name = name.rpartition(".")[0]
