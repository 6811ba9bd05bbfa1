"""What the database decides at the door: once, at once, and ended. On both databases."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlmodel import col

from app.database import unit_of_work, utcnow
from app.models.credential import Credential, LoginSession
from app.models.user import User
from app.operations import users
from tests.fixtures.login import ADMIN, EMAIL, choose_password, is_in, link_for, log_in, make_user
from tests.fixtures.web import hidden


@pytest.fixture
def known(client: FlaskClient) -> FlaskClient:
    """A client without cookies of a site where one analyst has a password."""
    choose_password(client, make_user())
    return client.application.test_client()


def test_an_invited_person_chooses_a_password_once_and_is_in(client: FlaskClient) -> None:
    path = make_user()

    assert "12" in client.get(path).text
    answer = choose_password(client, path)

    assert answer.status_code == 302
    assert is_in(client)
    with unit_of_work(write=False) as session:
        assert session.execute(select(col(User.status))).scalar_one() == "active"
        assert str(session.execute(select(col(Credential.password))).scalar_one()).startswith("$argon2id$")
    assert client.get(path).status_code == 410
    assert client.post(path, data={"csrf_token": hidden(client.get("/").text).get("csrf_token", "")}).status_code in (
        400,
        410,
    )


def test_of_two_clicks_at_once_one_uses_the_link(app: Flask) -> None:
    path = link_for(EMAIL, "login", status="active")
    clients = [app.test_client() for _ in range(4)]
    forms = [hidden(client.get(path).text) for client in clients]
    answers: list[int] = []

    def click(client: FlaskClient, form: dict[str, str]) -> None:
        answers.append(client.post(path, data=form).status_code)

    threads = [threading.Thread(target=click, args=pair) for pair in zip(clients, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 410, 410, 410]


def test_disabling_somebody_ends_their_sessions_at_the_next_request(known: FlaskClient) -> None:
    log_in(known)
    assert is_in(known)

    with unit_of_work() as session:
        users.disable(session, users.find(session, EMAIL), ADMIN, now=utcnow(), status="left", reason="pindah tugas")

    assert not is_in(known)


def test_a_session_ends_after_twelve_hours_in_any_case(known: FlaskClient) -> None:
    log_in(known)
    with unit_of_work() as session:
        session.execute(update(LoginSession).values(started_at=utcnow() - timedelta(hours=12, minutes=1)))

    assert not is_in(known)


@pytest.mark.parametrize(
    "typed",
    ["", "\x00@kantor.example", "a\x00b@kantor.example", "x" * 300_000 + "@kantor.example", "\ud800@kantor.example",
     "siti@kantor.example\r\nBcc: x@evil.example", "'; DROP TABLE x; --@kantor.example", "сити@кантор.example"],
)  # fmt: skip
def test_odd_things_in_the_login_form_are_wrong_entries_not_faults(client: FlaskClient, typed: str) -> None:
    token = hidden(client.get("/masuk").text)["csrf_token"]
    email = typed.encode("utf-8", "surrogatepass")
    password = typed[:2000].encode("utf-8", "replace")
    body = {"csrf_token": token, "email": email, "password": password}

    answer = client.post("/masuk", data=body)

    assert answer.status_code in (200, 400, 429)
