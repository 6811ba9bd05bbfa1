"""Passkeys, codes of an app and the question before an export, in a real browser with a device in software."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from app.database import unit_of_work
from tests.fixtures.factors import code_of
from tests.fixtures.login import PASSWORD, make_user
from tests.fixtures.web import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

EMAIL = "siti.aminah@kantor.example"


@pytest.fixture
def site(live_server: LiveServer) -> str:
    """The server by its name: a passkey belongs to a name, never to a number."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def device(page: Page) -> Iterator[str]:
    """A device that knows its owner and holds passkeys (Chromium's own virtual authenticator)."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    yield cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    cdp.detach()


def arrive(page: Page, site: str, *roles: str) -> None:
    page.goto(site + make_user(EMAIL, *roles))
    page.fill("#password", PASSWORD)
    page.fill("#password_confirm", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/")


def leave(page: Page) -> None:
    page.context.clear_cookies()


def stale() -> None:
    with unit_of_work() as session:
        session.execute(text("UPDATE login_session SET proven_at = NULL"))


def test_a_passkey_is_made_with_the_keyboard_and_then_logs_in_alone(site: str, page: Page, device: str) -> None:
    arrive(page, site, "admin")
    page.goto(f"{site}/akun/keamanan")
    page.get_by_role("button", name="Tambah passkey").focus()
    page.keyboard.press("Enter")
    page.fill("#name", "Laptop kantor")
    page.keyboard.press("Enter")
    page.wait_for_selector(".recovery-codes li")
    assert page.locator(".recovery-codes li").count() == 10
    page.get_by_role("button", name="Sudah saya simpan").click()
    page.get_by_text("Laptop kantor", exact=True).wait_for()

    leave(page)
    page.goto(f"{site}/masuk?next=/staff/company/", wait_until="commit")
    page.wait_for_url(re.compile(r"/staff/company/"))  # offered beside the address and taken by the device

    leave(page)
    shown = page.goto(f"{site}/masuk/langkah-kedua", wait_until="commit")  # the device logs in again from there
    assert shown
    assert urlsplit(shown.url).path == "/masuk"


def test_a_passkey_is_the_second_step_after_the_password(site: str, page: Page, device: str) -> None:
    arrive(page, site, "admin")
    page.goto(f"{site}/akun/keamanan/passkey")
    page.get_by_role("button", name="Buat passkey").click()
    page.wait_for_selector(".recovery-codes")
    leave(page)
    page.add_init_script("delete PublicKeyCredential.isConditionalMediationAvailable")  # a browser without the offer

    page.goto(f"{site}/masuk")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/masuk/langkah-kedua")
    page.get_by_role("button", name="Pakai passkey").click()

    page.wait_for_url("**/staff/")


def test_what_the_device_refuses_is_said_and_can_be_tried_again(site: str, page: Page, device: str) -> None:
    arrive(page, site, "admin")
    page.goto(f"{site}/akun/keamanan/passkey")
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Buat passkey").click()
    page.get_by_text("Belum ada konfirmasi di perangkat").wait_for()

    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.get_by_role("button", name="Buat passkey").click()

    page.wait_for_selector(".recovery-codes")


def test_an_app_is_connected_and_its_code_asked_at_login(site: str, page: Page) -> None:
    arrive(page, site, "analyst")
    page.goto(f"{site}/akun/keamanan/aplikasi")
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 100
    page.get_by_text("Saya tidak dapat memindainya").click()
    key = page.inner_text("#key")
    page.fill("#code", code_of(key, steps=-1))
    page.keyboard.press("Enter")
    page.wait_for_selector(".recovery-codes")
    recovery = page.locator(".recovery-codes li").first.inner_text()
    leave(page)

    page.goto(f"{site}/masuk")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/masuk/langkah-kedua")
    page.fill("#code", "000000")
    page.keyboard.press("Enter")
    page.locator("#error-summary:focus").wait_for()
    assert page.title().startswith("Perlu diperbaiki: ")
    page.fill("#code", code_of(key))
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/")
    leave(page)

    page.goto(f"{site}/masuk")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Perangkat saya tidak ada atau hilang").click()
    page.fill("#recovery", recovery)
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/")
    page.get_by_text("Masih ada 9 kode pemulihan.").wait_for()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_an_export_asks_first_and_then_comes_by_itself(site: str, page: Page, script: bool) -> None:
    arrive(page, site, "admin")
    stale()
    other = page.context.browser.new_context(java_script_enabled=script, locale="id-ID", accept_downloads=True)  # type: ignore[union-attr]
    other.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    tab = other.new_page()
    tab.goto(f"{site}/staff/company/export/csv/")
    tab.wait_for_url(re.compile(r"/akun/konfirmasi\?next="))
    tab.fill("#proof_password", "bukan yang ini")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#error-summary")
    tab.fill("#proof_password", PASSWORD)

    with tab.expect_download() as file:
        tab.keyboard.press("Enter")

    assert file.value.suggested_filename.endswith(".csv")
    tab.get_by_role("heading", name="Berkas Anda sedang disiapkan").wait_for()
    tab.get_by_role("button", name="Kembali ke halaman tadi").click()
    tab.wait_for_url("**/staff/company/")
    other.close()


def test_a_passkey_answers_the_question_before_a_change_and_the_change_goes_on(
    site: str, page: Page, device: str
) -> None:
    arrive(page, site, "admin")
    page.goto(f"{site}/akun/keamanan/passkey")
    page.get_by_role("button", name="Buat passkey").click()
    page.wait_for_selector(".recovery-codes")
    page.goto(f"{site}/staff/role/new/")
    page.fill("[name=code]", "tamu")
    page.fill("[name=label_id]", "Tamu")
    page.fill("[name=label_en]", "Guest")
    stale()

    page.keyboard.press("Enter")
    page.get_by_role("button", name="Konfirmasi dengan passkey").click()

    page.wait_for_url(re.compile("/staff/role/details/"))
    with unit_of_work(write=False) as session:
        assert session.execute(text("SELECT label_id FROM role WHERE code = 'tamu'")).scalar() == "Tamu"
