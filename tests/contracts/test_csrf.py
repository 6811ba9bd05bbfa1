"""Nothing changes without our own page having asked for it, and reading changes nothing at all."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlmodel import SQLModel

from app.database import unit_of_work
from tests.contracts.test_routes import rules
from tests.fixtures.login import log_in_as
from tests.fixtures.web import hidden

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def admin(client: FlaskClient) -> FlaskClient:
    """A client logged in as somebody with every role."""
    return log_in_as(client)


def everything() -> dict[str, Any]:
    """Every row of every table."""
    with unit_of_work(write=False) as session:
        return {
            name: sorted(map(str, session.execute(text(f'SELECT * FROM "{name}"')).all()))
            for name in SQLModel.metadata.tables
        }


def test_a_post_without_a_token_is_refused_everywhere(app: Flask, admin: FlaskClient) -> None:
    before = everything()

    for endpoint, path, methods in rules(app):
        if "POST" in methods:
            answer = admin.post(path, data={"a": "b"})
            assert answer.status_code in (400, 404, 405), (endpoint, answer.status_code)

    assert everything() == before


def test_a_token_of_another_browser_is_refused(app: Flask, admin: FlaskClient) -> None:
    foreign = hidden(app.test_client().get("/masuk").text)["csrf_token"]

    assert admin.post("/keluar", data={"csrf_token": foreign}).status_code == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_post_the_browser_calls_foreign_is_refused_even_with_a_token(admin: FlaskClient, site: str) -> None:
    token = hidden(admin.get("/akun/kata-sandi").text)["csrf_token"]

    answer = admin.post("/keluar", data={"csrf_token": token}, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 400
    assert admin.get("/akun/kata-sandi").status_code == 200


def test_reading_changes_nothing(app: Flask, admin: FlaskClient) -> None:
    """Every GET and HEAD of the site, as somebody with every role and as a visitor."""
    before = everything()

    for endpoint, path, methods in rules(app):
        if "GET" in methods:
            for client in (admin, app.test_client()):
                for method in ("GET", "HEAD"):
                    assert client.open(path, method=method).status_code < 500, (method, endpoint)

    assert everything() == before
