"""Every route says who may call it, and what it says is what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web import access
from tests.fixtures.login import log_in_as
from tests.fixtures.web import hidden

# The whole list of what anybody may call. A longer list is a decision, not an accident.
PUBLIC = 25
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


@pytest.mark.parametrize("role", ["agency_member", "auditor", "field_officer"])
def test_a_role_opens_the_routes_that_name_it_and_no_other(app: Flask, client: FlaskClient, role: str) -> None:
    log_in_as(client, role)
    token = hidden(client.get("/akun/kata-sandi").text)["csrf_token"]

    for endpoint, path, methods in rules(app):
        roles = access.roles_of(access.access_of(app, endpoint) or "")
        if roles and role not in roles:
            for method in methods:
                answer = client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
                assert answer.status_code == 403, (role, method, endpoint)
        elif roles and "GET" in methods:
            assert client.get(path).status_code not in (401, 500), (role, endpoint)


def test_a_route_nobody_marked_is_refused(app: Flask, client: FlaskClient) -> None:
    app.config["DEBUG"] = False
    app._got_first_request = False  # the application is complete; this test adds what a careless hand might
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    assert client.get("/forgotten").status_code == 404


def test_no_route_uses_methods_beyond_get_and_post(app: Flask) -> None:
    assert {method for _endpoint, _path, methods in rules(app) for method in methods} <= {"GET", "POST"}
