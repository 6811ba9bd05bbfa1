"""What gives data away or changes rights asks for a recent proof of identity, doors still to be built included."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.database import unit_of_work, utcnow
from app.registry import registries
from app.web import access
from tests.contracts.test_routes import rules
from tests.fixtures.login import log_in_as
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

GUARDED = [key for key, registry in registries().items() if registry.guarded]
# Posts about a registry that leave its rows as they are.
HARMLESS = {
    "staff_bulk.choose",
    "staff_import.columns",
    "staff_import.values",
    "staff_views.columns",
    "staff_views.new",
    *(f"staff_{key}.alike_view" for key in GUARDED),
}


def test_every_way_to_change_rights_is_fresh(app: Flask) -> None:
    assert {"user", "role"} <= set(GUARDED)
    open_: list[str] = []
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        for key in GUARDED:
            own = rule.endpoint.startswith(f"staff_{key}.")
            asked = {"key": key} if "key" in rule.arguments else {}
            if (own or asked) and rule.endpoint not in HARMLESS:
                others = {name: "x" for name in rule.arguments if name != "key"}
                if not access.needs_proof(app, rule.endpoint, {**others, **asked}):
                    open_.append(f"{rule.endpoint} ({key})")
    assert open_ == []


def test_every_way_out_for_data_is_fresh(app: Flask) -> None:
    names = [rule.endpoint for rule in app.url_map.iter_rules()]
    leaving = [name for name in names if re.search(r"\.(export|reveal)", name)]

    assert len(leaving) > 20
    assert [name for name in leaving if not access.needs_proof(app, name, {})] == []


def test_a_fresh_route_asks_whoever_has_not_proved_it_lately(app: Flask, client: FlaskClient) -> None:
    log_in_as(client)
    token = hidden(client.get("/akun/kata-sandi").text)["csrf_token"]
    with unit_of_work() as session:
        session.execute(text("UPDATE login_session SET proven_at = :at"), {"at": utcnow() - timedelta(minutes=16)})

    asked = 0
    for endpoint, path, methods in rules(app):
        if getattr(app.view_functions[endpoint], "fresh", False) is not True:
            continue
        asked += 1
        if "GET" in methods:
            assert client.get(path).location.startswith("/akun/konfirmasi?next="), endpoint
        if "POST" in methods:
            answer = client.post(path, data={"csrf_token": token})
            assert answer.status_code == 401, endpoint
            assert 'action="' + path in answer.text, endpoint
    assert asked > 20
