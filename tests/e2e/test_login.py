"""The way in and out, in a real browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.login import PASSWORD, make_user
from tests.fixtures.web import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

EMAIL = "siti.aminah@kantor.example"


def test_invited_in_out_and_in_again_with_the_keyboard_alone(live_server: LiveServer, page: Page) -> None:
    page.goto(live_server.url + make_user(EMAIL, "analyst"))
    page.focus("#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/")
    names = [cookie.get("name") for cookie in page.context.cookies()]
    assert names == ["__Host-sinergi"]

    page.context.clear_cookies()
    page.goto(live_server.url + "/staff/")
    page.wait_for_url(re.compile(r"/masuk\?next="))
    page.focus("#email")
    page.keyboard.type(EMAIL)
    page.keyboard.press("Tab")
    page.keyboard.type("not my password")
    page.keyboard.press("Enter")
    page.wait_for_selector("#error-summary")
    assert page.title().startswith("Perlu diperbaiki: ")
    page.locator("#error-summary:focus").wait_for()
    assert page.input_value("#email") == EMAIL

    page.focus("#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/")
