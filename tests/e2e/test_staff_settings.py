"""The settings of the office in a real browser: a colour is judged while it is chosen, and holds once saved."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.config import settings
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.colours import weakest
from app.operations import users
from tests.fixtures.web import LiveServer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sign_in(live_server: LiveServer, page: Page) -> None:
    with unit_of_work() as session:
        given = {"email": "rani@kantor.example", "name": "Rani Wulandari", "roles": ["admin"], "status": "active"}
        user = users.add(session, actor=Actor.system("uji"), now=utcnow(), **given)  # type: ignore[arg-type]
        link = users.one_time_link(session, user, utcnow(), settings())
    page.goto(live_server.url + link.removeprefix(settings().public_url))
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/**")


def test_a_colour_is_judged_while_it_is_chosen_and_holds_once_saved(live_server: LiveServer, page: Page) -> None:
    sign_in(live_server, page)
    page.goto(f"{live_server.url}/staff/settings/office")
    box, said = page.locator("[name=office_colour]"), page.locator("[data-contrast]")
    for colour in ("#ffbf47", "#7a1f5c", "#2f74c0"):
        box.fill(colour)
        ratio = f"{int(weakest(colour) * 10) / 10:g}".replace(".", ",")
        expect(said).to_contain_text(f"Kontras {ratio} : 1")  # browser and server judge alike
        expect(page.locator("input.colour-picker")).to_have_value(colour)

    box.fill("#ffbf47")
    page.click("button:text-is('Simpan')")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-error-summary]")).to_contain_text("sulit dibaca")

    box.fill("#7a1f5c")
    page.click("button:text-is('Simpan')")
    expect(page.get_by_text("Tersimpan. Berlaku mulai sekarang.")).to_be_visible()
    assert (
        page.locator("button:text-is('Simpan')").evaluate("e => getComputedStyle(e).backgroundColor")
        == "rgb(122, 31, 92)"
    )
