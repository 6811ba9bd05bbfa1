"""Every route says who may call it, and what it says is what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web import access

# The whole list of what anybody may call. A longer list is a decision, not an accident.
PUBLIC = 25
OWN_ACCOUNT = {"account", "login", "proof", "security"}  # what a person does with their own account
KNOWN = re.compile(r"public|link|agency|static|staff:[a-z_]+(,[a-z_]+)*")

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def rules(app: Flask) -> Iterator[tuple[str, str, list[str]]]:
    """(endpoint, a path of it with invented values, methods)."""
    adapter = app.url_map.bind("localhost", url_scheme="https")
    for rule in app.url_map.iter_rules():
        values = {name: 7 if "Int" in type(converter).__name__ else "x" for name, converter in rule._converters.items()}
        path = adapter.build(rule.endpoint, values, force_external=False)
        yield rule.endpoint, path.split("?")[0], sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    silent = [row["endpoint"] for row in access.routes(app) if not KNOWN.fullmatch(str(row["access"]))]

    assert silent == []


def test_staff_routes_name_roles_that_exist(app: Flask) -> None:
    from app.operations.users import ROLES

    named = {role for row in access.routes(app) for role in access.roles_of(str(row["access"]))}

    assert named <= set(ROLES)


def test_few_routes_are_public(app: Flask) -> None:
    public = sorted({row["endpoint"] for row in access.routes(app) if row["access"] == access.PUBLIC})

    assert len(public) <= PUBLIC, public


def test_a_visitor_is_sent_to_the_login_by_every_route_for_people_with_an_account(
    app: Flask, client: FlaskClient
) -> None:
    for endpoint, path, methods in rules(app):
        mark = access.access_of(app, endpoint) or ""
        if "GET" in methods and (mark.startswith("staff:") or mark == access.AGENCY):
            answer = client.get(path)
            assert answer.status_code == 302, endpoint
            assert answer.location.startswith("/masuk?next="), endpoint


def test_a_route_for_everybody_signed_in_names_every_role(app: Flask) -> None:
    """No mark means "whoever is signed in": a new role opens nothing before somebody wrote it down."""
    marks = {row["endpoint"]: str(row["access"]) for row in access.routes(app)}
    own = {endpoint for endpoint in marks if access.lets_in(app, endpoint, ())}

    assert "agency" not in marks.values()
    assert all(access.roles_of(marks[endpoint]) == set(access.ROLES) for endpoint in own)
    assert {endpoint.partition(".")[0] for endpoint in own} <= OWN_ACCOUNT, "nobody without a role sees a record"


def test_a_route_nobody_marked_is_refused(own_app: Flask) -> None:
    own_app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    assert own_app.test_client().get("/forgotten").status_code == 404


def test_no_route_uses_methods_beyond_get_and_post(app: Flask, client: FlaskClient) -> None:
    assert {method for _endpoint, _path, methods in rules(app) for method in methods} <= {"GET", "POST"}
    for _endpoint, path, _methods in rules(app):
        for method in ("PUT", "PATCH", "DELETE"):
            assert client.open(path, method=method).status_code in (404, 405), (method, path)
