"""What the database decides in the second step: one of many at once, and no more than five. On both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from app.database import unit_of_work, utcnow
from app.operations import sessions
from tests.fixtures.factors import Device, add_passkey, code_of, connect_app, question
from tests.fixtures.login import choose_password, is_in, log_in, make_user
from tests.fixtures.web import hidden

STEP = "/masuk/langkah-kedua"


@pytest.fixture
def siti(client: FlaskClient) -> FlaskClient:
    """An analyst, logged in."""
    choose_password(client, make_user())
    return client


def test_a_code_counts_once_even_when_two_bring_it_at_the_same_time(siti: FlaskClient) -> None:
    key, _codes = connect_app(siti)
    browsers = [siti.application.test_client() for _n in range(4)]
    for browser in browsers:
        log_in(browser)
    forms = [{**hidden(browser.get(STEP).text), "code": code_of(key)} for browser in browsers]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: pair[0].post(STEP, data=pair[1]), zip(browsers, forms, strict=True)))

    assert sum(is_in(browser) for browser in browsers) == 1


def test_two_people_with_the_same_paper_at_once_are_not_both_let_in(siti: FlaskClient) -> None:
    _key, codes = connect_app(siti)
    browsers = [siti.application.test_client() for _n in range(4)]
    for browser in browsers:
        log_in(browser)
    forms = [{**hidden(browser.get(STEP).text), "recovery": codes[3]} for browser in browsers]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: pair[0].post(STEP, data=pair[1]), zip(browsers, forms, strict=True)))

    assert sum(is_in(browser) for browser in browsers) == 1


def test_many_tries_at_once_are_not_more_than_five(siti: FlaskClient) -> None:
    connect_app(siti)
    browsers = [siti.application.test_client() for _n in range(8)]
    for browser in browsers:
        log_in(browser)
    forms = [{**hidden(browser.get(STEP).text), "code": "000000"} for browser in browsers]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda pair: pair[0].post(STEP, data=pair[1]).text, zip(browsers, forms, strict=True)))

    assert sum("Kode itu belum tepat" in answer for answer in answers) <= 5
    assert sum("Sudah terlalu sering keliru" in answer for answer in answers) >= 3


def test_an_answer_of_a_passkey_brought_twice_at_once_opens_once(siti: FlaskClient) -> None:
    device = Device()
    add_passkey(siti, device)
    browsers = [siti.application.test_client() for _n in range(4)]
    asked = question(browsers[0], "/masuk/passkey/tanya", "/masuk")
    answer = {"passkey": device.answer(asked["options"]), "passkey_state": asked["state"]}
    forms = [{**hidden(browser.get("/masuk").text), **answer} for browser in browsers]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: pair[0].post("/masuk/passkey", data=pair[1]), zip(browsers, forms, strict=True)))

    assert sum(is_in(browser) for browser in browsers) == 1


def test_browsers_of_long_ago_are_forgotten_and_living_ones_kept(siti: FlaskClient) -> None:
    log_in(siti.application.test_client())
    with unit_of_work() as session:
        first = session.execute(text("SELECT min(public_id) FROM login_session")).scalar()
        session.execute(
            text("UPDATE login_session SET started_at = :at WHERE public_id = :it"),
            {"at": utcnow() - timedelta(days=91), "it": first},
        )

    with unit_of_work() as session:
        assert sessions.sweep(session, utcnow()) == 1

    with unit_of_work(write=False) as session:
        assert session.execute(text("SELECT count(*) FROM login_session")).scalar() == 1
