"""The form of a record in a real browser: its rows, what a picker does not find, and nothing lost on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import records
from app.queries import lists
from app.registry import get
from tests.factories import record
from tests.fixtures.browser import come_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.fixtures.web import LiveServer

SYSTEM = Actor.system("uji")

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def saved(key: str, **values: Any) -> str:
    with unit_of_work() as session:
        return str(records.save(session, get(key), values, SYSTEM, now=utcnow()).public_id)


def rows_of(key: str) -> list[dict[str, Any]]:
    with unit_of_work(write=False) as session:
        return lists.page(session, get(key), SYSTEM).rows


@pytest.fixture
def staff(live_server: LiveServer, page: Page) -> Page:
    return come_in(page, live_server.url)


def test_a_company_is_saved_with_a_contact_and_a_worker_made_on_the_way(live_server: LiveServer, staff: Page) -> None:
    company = saved("company", legal_name="PT Contoh Maju")
    staff.goto(f"{live_server.url}/staff/company/edit/?id={company}")
    staff.fill("#address", "Jalan Belum Disimpan 1")
    staff.click("#rows-contact button:has-text('Tambah baris')")
    staff.locator("#rows-contact .row-form input[data-field=name]").fill("Sari Dewi")
    assert staff.input_value("#address") == "Jalan Belum Disimpan 1", "a step draws its own part only"
    staff.click("#rows-sponsorship button:has-text('Tambah baris')")
    staff.click("#rows-sponsorship button:has-text('Orang asing baru')")
    dialog = staff.locator("dialog[open]")
    dialog.locator("[data-field=name_display]").fill("KIM MIN JUN")
    dialog.locator("[data-field=birth_date]").fill("12/03/1985")
    dialog.locator("select[data-field=sex]").select_option("M")
    dialog.get_by_role("button", name="Simpan dan pilih").click()
    dialog.get_by_role("alert").wait_for()
    dialog.locator(".field:has([data-field=nationality]) .ts-control").click()
    staff.keyboard.type("Korea")
    dialog.locator(".ts-dropdown .option:has-text('Korea Selatan')").click()
    dialog.get_by_role("button", name="Simpan dan pilih").click()
    dialog.wait_for(state="detached")
    assert "KIM MIN JUN" in staff.inner_text("#rows-sponsorship .row-form")
    staff.locator("#rows-sponsorship [data-field=started_on]").fill("01/02/2026")
    staff.click(".form-acts button:has-text('Simpan')")
    staff.locator("[data-error-summary]").wait_for()

    staff.locator("#rows-contact [data-field=email]").fill("sari@contoh.example")
    staff.keyboard.press("Enter")
    staff.wait_for_url("**/company/**")
    staff.locator(".note--good").wait_for()

    assert [row["email"] for row in rows_of("contact")] == ["sari@contoh.example"]
    assert [row["name_display"] for row in rows_of("foreign_national")] == ["KIM MIN JUN"]
    assert len(rows_of("sponsorship")) == 1
    assert rows_of("company")[0]["address"] == "Jalan Belum Disimpan 1"


def test_a_proof_is_uploaded_and_fetched_on_a_phone(live_server: LiveServer, staff: Page) -> None:
    with unit_of_work() as session:
        levy = record(session, get("levy_payment"), now=utcnow(), proof=[]).public_id
    staff.set_viewport_size({"width": 360, "height": 740})
    staff.goto(f"{live_server.url}/staff/levy_payment/edit/?id={levy}")
    proof = {"name": "bukti bayar.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 lunas"}
    staff.get_by_label("Berkas bukti bayar").set_input_files([proof])
    staff.click(".form-acts button:has-text('Simpan')")
    staff.wait_for_url("**/levy_payment/**")
    staff.goto(f"{live_server.url}/staff/levy_payment/details/?id={levy}")

    with staff.expect_download() as fetched:
        staff.get_by_role("link", name="bukti bayar.pdf").click()

    assert fetched.value.suggested_filename == "bukti bayar.pdf"
    assert fetched.value.path().read_bytes() == b"%PDF-1.7 lunas"
    assert staff.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_picker_shows_what_was_found_by_a_number_it_does_not_show(live_server: LiveServer, staff: Page) -> None:
    plan = {"kind": "over_6_months", "position": "Teknisi", "headcount": 1}
    term = {"starts_on": "01/01/2026", "ends_on": "31/12/2026"}
    for name, nib in (("PT Anggrek", "9120001112223"), ("PT Mawar", "9120003334445")):
        company = saved("company", legal_name=name, nib=nib)
        for n in range(51):  # more than a plain list holds
            saved("work_plan", company=company, approval_no=f"B.{name[3]}/{n:03}", **plan, **term)
    staff.goto(f"{live_server.url}/staff/levy_payment/new/")
    staff.locator(".field:has([data-field=work_plan]) .ts-control").click()
    for words in ("mawar", "9120003334445"):
        staff.locator(".ts-dropdown input").fill(words)
        staff.locator(".ts-dropdown .option:has-text('PT Mawar')").first.wait_for()
        assert staff.locator(".ts-dropdown .option:has-text('PT Anggrek')").count() == 0
    staff.keyboard.press("Enter")
    assert "PT Mawar" in staff.inner_text(".field:has([data-field=work_plan]) .ts-control")
