"""A record over time in a real browser: nothing typed is lost, nothing gone is gone, and every page can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import records
from app.queries import lists
from app.registry import get
from tests.fixtures.browser import come_in, violations

if TYPE_CHECKING:
    from playwright.sync_api import Dialog, Page

    from tests.fixtures.web import LiveServer

SYSTEM = Actor.system("uji")
COLLEAGUE = Actor("staff", "Budi Rekan", frozenset({"admin"}), door="screen")

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def saved(key: str, public_id: str | None = None, by: Actor = SYSTEM, **values: Any) -> str:
    with unit_of_work() as session:
        outcome = records.save(session, get(key), values, by, now=utcnow(), public_id=public_id)
        assert not outcome.problems, outcome.problems
        return str(outcome.public_id)


def row(key: str, public_id: str) -> dict[str, Any]:
    with unit_of_work(write=False) as session:
        return lists.one(session, get(key), SYSTEM, public_id) or {}


def fits(page: Page) -> None:
    """Readable for everybody, and no wider than a small telephone."""
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth")
    found = violations(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert found == [], page.url
    assert wide <= 360, page.url


@pytest.fixture
def staff(live_server: LiveServer, page: Page) -> Page:
    return come_in(page, live_server.url)


def test_a_form_is_not_left_by_a_slip_and_what_was_typed_comes_back(live_server: LiveServer, staff: Page) -> None:
    company = saved("company", legal_name="PT Contoh Maju", address="Jalan Lama")
    edit = f"{live_server.url}/staff/company/edit/?id={company}"
    staff.goto(edit)
    staff.locator("#address").press_sequentially("!")
    staff.click(".crumbs a:has-text('PT Contoh Maju')")
    dialog = staff.locator("#leave-dialog[open]")
    dialog.get_by_text("Drafnya tersimpan 24 jam").wait_for()
    fits(staff)
    dialog.get_by_role("button", name="Tetap di halaman ini").click()
    assert staff.url == edit

    staff.fill("#address", "Jalan Saya")
    staff.locator("[data-draft-said]:has-text('Draf disimpan')").wait_for()
    asked: list[str] = []

    def leave(question: Dialog) -> None:
        asked.append(question.type)
        question.accept()

    staff.once("dialog", leave)
    staff.goto(f"{live_server.url}/staff/")
    assert asked == ["beforeunload"]

    saved("company", company, COLLEAGUE, address="Jalan Rekan")
    staff.goto(edit)
    offer = staff.locator(".draft")
    assert "Data ini berubah sejak itu" in offer.inner_text()
    fits(staff)
    offer.get_by_role("link", name="Pakai").click()
    assert staff.input_value("#address") == "Jalan Saya"
    staff.click(".form-acts button:has-text('Simpan')")
    staff.locator("legend:has-text('Alamat')").wait_for()
    fits(staff)
    staff.click(".meeting-side:has-text('Jalan Saya')")
    staff.once("dialog", leave)
    staff.click("button:has-text('Simpan pilihan ini')")
    staff.locator(".note--good").wait_for()
    assert asked == ["beforeunload"], "what is sent asks nothing"
    assert row("company", company)["address"] == "Jalan Saya"


def test_columns_of_an_import_are_not_left_by_a_slip(live_server: LiveServer, staff: Page, tmp_path: Path) -> None:
    (tmp_path / "daftar.csv").write_text("Nama Perusahaan,NIB\nPT Contoh Satu,8120001234567\n")
    asked: list[str] = []
    staff.on("dialog", lambda question: (asked.append(question.type), question.accept()))
    staff.goto(f"{live_server.url}/staff/import/company/")
    staff.set_input_files("#file", tmp_path / "daftar.csv")
    staff.fill("#source", "kawasan-2026")
    staff.click(".form-acts .btn-primary")
    staff.click(".page-head a[href$='/columns']")
    staff.select_option("[name=column-1]", "")
    staff.click(".form-acts a:has-text('Batal')")
    dialog = staff.locator("#leave-dialog[open]")
    dialog.get_by_role("button", name="Tetap di halaman ini").click()
    assert staff.input_value("[name=column-1]") == ""
    fits(staff)
    staff.click(".form-acts .btn-primary")
    staff.get_by_text("Tidak dipakai: NIB.").wait_for()
    assert asked == [], "what is sent asks nothing"
    staff.click(".page-head a[href$='/columns']")
    staff.click(".form-acts a:has-text('Batal')")
    staff.wait_for_url(re.compile(r"/import/company/\w+$"))


def test_a_record_is_looked_at_over_time_goes_back_and_comes_back_whole(live_server: LiveServer, staff: Page) -> None:
    company = saved("company", legal_name="PT Contoh Maju", address="Jalan Satu")
    saved("company", company, COLLEAGUE, address="Jalan Dua", scale="small")
    number = row("company", company)["id"]
    contact = saved("contact", company=number, name="Sari Dewi", email="sari@contoh.example")
    base = f"{live_server.url}/staff/company"

    staff.goto(f"{base}/history/?id={company}")
    fits(staff)
    staff.locator("#v1").get_by_role("link", name="Bandingkan dengan kini").click()
    assert "Jalan Satu" in staff.inner_text("table.compare tr:has(th:has-text('Alamat')) del")
    fits(staff)
    staff.click(".no-print a:has-text('versi 1')")
    staff.uncheck("input[name=_field][value=scale]")
    fits(staff)
    staff.click(".form-acts button")
    staff.locator(".note--good").wait_for()
    stands = row("company", company)
    assert (stands["address"], stands["scale"]) == ("Jalan Satu", "small")
    staff.goto(f"{base}/version/?id={company}&v=2")
    assert "Jalan Dua" in staff.inner_text("main")

    staff.goto(f"{base}/delete/?id={company}")
    assert "Sari Dewi" in staff.inner_text(".hanging")
    fits(staff)
    staff.click(".form-acts .btn-danger")
    staff.locator(".note--good").wait_for()
    assert row("contact", contact)["deleted_at"] is not None
    staff.goto(f"{base}/?trash=1")
    assert "PT Contoh Maju" in staff.inner_text("main")
    fits(staff)
    staff.goto(f"{base}/details/?id={company}")
    staff.get_by_role("button", name="Pulihkan").first.click()
    staff.locator(".note--good").wait_for()
    assert row("company", company)["deleted_at"] is None
    assert row("contact", contact)["deleted_at"] is None
