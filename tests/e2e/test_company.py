"""The company's journey in a real browser: on a phone, without scripts, with the keyboard alone, in two clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from app.database import unit_of_work
from app.models.submission import Submission, SubmissionRow
from tests.fixtures.smtp import Sink
from tests.fixtures.web import LiveServer
from tests.integration.company import EMAIL, issue
from tests.integration.test_report_journey import CODE, numbered, sheet

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def link(live_server: LiveServer) -> str:
    path, _nib = issue()
    return live_server.url + path


@pytest.fixture
def broken_list(tmp_path: Path) -> Path:
    """Fifty people of whom four cells are wrong."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    base = numbered(1)[0]
    people = [
        base | {"full_name": f"KIM {letters[i // 26]}{letters[i % 26]}", "passport_number": f"M123456{i:02d}"}
        for i in range(50)
    ]
    people[2]["nationality"] = "Chna"
    people[7]["passport_expires_on"] = "31/02/2029"
    people[11]["job_title"] = ""
    people[30]["passport_number"] = people[29]["passport_number"]
    path = tmp_path / "Daftar TKA kami.xlsx"
    path.write_bytes(sheet(*people).getvalue())
    return path


def fits(page: Page) -> bool:
    """Nothing to scroll sideways for."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def choose_a_list(page: Page, link: str, file: Path) -> None:
    """From the link of the mail to a file that is chosen and not sent."""
    page.goto(link)
    page.get_by_role("button", name="Buka laporan").click()
    page.get_by_role("button", name=re.compile("^Mulai")).click()
    page.get_by_label("Unggah berkas Excel").check()
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_label("Pilih berkas").set_input_files(file)


def to_the_red_cells(page: Page, link: str, file: Path) -> None:
    choose_a_list(page, link, file)
    page.get_by_role("button", name="Unggah dan periksa").click()
    page.get_by_role("heading", name="Perlu diperbaiki:").wait_for()


@pytest.mark.parametrize("width", [360, 700, 1024, 1280])
def test_the_table_of_red_cells_has_room_for_its_dates_and_scrolls_alone(
    page: Page, link: str, broken_list: Path, width: int
) -> None:
    to_the_red_cells(page, link, broken_list)
    page.set_viewport_size({"width": width, "height": 800})
    assert fits(page)
    box = page.get_by_label("Paspor berlaku s.d., baris 11")
    assert box.evaluate("box => box.clientWidth") >= 150
    table = page.get_by_role("region", name="Daftar Anda")
    assert table.get_attribute("tabindex") == "0"
    assert table.get_by_label("Jabatan, baris 15").is_visible()


def test_another_language_asks_before_it_takes_what_was_typed(page: Page, link: str, broken_list: Path) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    to_the_red_cells(page, link, broken_list)
    page.on("dialog", stay)
    box = page.get_by_label("Jabatan, baris 15")
    box.press_sequentially("Teknisi")
    english = page.get_by_role("banner").get_by_role("link", name="EN")
    english.click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert box.input_value() == "Teknisi"
    page.get_by_role("button", name="semua baris").click()  # what saves asks nothing
    page.wait_for_url(re.compile("semua=1"))
    page.goto(page.url.replace("semua=1", ""))
    english.click()  # and neither does a page on which nothing was typed
    page.get_by_role("heading", name="To be corrected:").wait_for()
    assert asked == ["beforeunload"]


def test_what_was_chosen_or_typed_on_the_way_to_sending_is_not_left_by_a_slip(
    page: Page, link: str, tmp_path: Path
) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    def slip() -> None:
        page.get_by_role("banner").get_by_role("link", name="EN").click(no_wait_after=True)
        page.wait_for_timeout(500)

    (tmp_path / "daftar.xlsx").write_bytes(sheet(*numbered(2)).getvalue())
    (tmp_path / "paspor.pdf").write_bytes(b"%PDF-1.4 contoh")
    page.on("dialog", stay)
    choose_a_list(page, link, tmp_path / "daftar.xlsx")
    page.get_by_role("button", name="Unggah dan periksa").click()
    page.get_by_role("button", name="pembacaan kolom").click()
    page.get_by_label("“Jabatan”").select_option("worksite")
    slip()
    assert asked == ["beforeunload"]
    assert page.get_by_label("“Jabatan”").input_value() == "worksite"
    page.get_by_label("“Jabatan”").select_option("job_title")
    page.get_by_role("button", name="Periksa baris").click()  # what is sent asks nothing
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_role("heading", name="Periksa jawaban sebelum mengirim").wait_for()

    page.get_by_label("Jabatan Anda").fill("Direktur")
    slip()
    assert asked == ["beforeunload"] * 2
    page.get_by_text("Lampiran (opsional)").click()
    page.get_by_label("Pindaian atau foto").set_input_files(tmp_path / "paspor.pdf")
    page.get_by_role("button", name="Tambahkan lampiran").click()  # keeps the boxes beside
    page.get_by_role("button", name="Hapus").wait_for()
    assert page.get_by_label("Jabatan Anda").input_value() == "Direktur"
    page.get_by_label("Pindaian atau foto").set_input_files(tmp_path / "paspor.pdf")
    slip()
    assert asked == ["beforeunload"] * 3, "a chosen file was not sent"
    page.get_by_label("Pindaian atau foto").set_input_files([])
    page.get_by_label("E-mail").fill("bukan alamat")
    page.get_by_role("button", name="Saya nyatakan benar, kirim laporan").click()
    page.get_by_role("heading", name="Ada isian yang perlu diperbaiki").wait_for()
    slip()
    assert asked == ["beforeunload"] * 4, "what came back with a mistake is kept nowhere"
    page.get_by_role("button", name="Simpan dan lanjutkan nanti").click()
    page.get_by_role("heading", name="Draf tersimpan").wait_for()
    assert asked == ["beforeunload"] * 4


def test_a_worksheet_leaves_what_stands_above_it_in_sight_and_takes_keys_once_clicked(
    page: Page, link: str, tmp_path: Path
) -> None:
    people = numbered(3)
    people[0]["passport_expires_on"] = "31/12/2019"
    (tmp_path / "daftar.xlsx").write_bytes(sheet(*people).getvalue())
    choose_a_list(page, link, tmp_path / "daftar.xlsx")
    page.set_viewport_size({"width": 1280, "height": 500})
    page.get_by_role("button", name="Unggah dan periksa").click()
    page.locator(".tabulator-row").first.wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("window.scrollY") == 0
    assert page.get_by_role("heading", name="Mohon lihat lagi hal-hal ini").is_visible()
    page.locator(".tabulator-cell:has-text('KIM A')").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("KIM BARU")
    page.keyboard.press("Enter")
    assert page.locator("#c-5-full_name").input_value() == "KIM BARU"


def test_on_a_phone_a_list_is_uploaded_four_cells_fixed_and_the_receipt_arrives_by_mail(
    page: Page, link: str, broken_list: Path, smtp: Sink
) -> None:
    page.set_viewport_size(PHONE)
    to_the_red_cells(page, link, broken_list)
    page.get_by_role("heading", name="Perlu diperbaiki: 4 sel (4 baris) dari 50 baris").wait_for()
    assert fits(page)
    page.get_by_role("button", name="Pakai “Tiongkok”").click()
    page.get_by_role("heading", name="Perlu diperbaiki: 3 sel (3 baris) dari 50 baris").wait_for()
    page.get_by_label("Paspor berlaku s.d., baris 11").fill("28/02/2029")
    page.get_by_label("Jabatan, baris 15").fill("Teknisi")
    page.get_by_label("Nomor paspor, baris 34").fill("M99999999")
    page.get_by_role("button", name="Periksa lagi").click()
    page.get_by_role("heading", name="Periksa jawaban sebelum mengirim").wait_for()
    assert fits(page)
    page.get_by_role("button", name="Saya nyatakan benar, kirim laporan").click()
    page.get_by_role("heading", name="Laporan terkirim").wait_for()
    assert fits(page)
    code = CODE.search(page.content())
    assert code
    from notifications import pump

    pump.tick()
    mail = next(mail for mail in smtp.wait() if EMAIL in mail.recipients and code[0] in mail.text)
    assert "bukan pengganti APOA/TKA Online" in mail.text
    with unit_of_work(write=False) as session:
        assert session.exec(select(Submission)).one().rows_ok == 50


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A phone on which no script runs."""
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="id-ID")  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_everything_works_without_scripts(plain_page: Page, link: str, broken_list: Path) -> None:
    page = plain_page
    page.goto(link)
    page.click("text=Buka laporan")
    page.click("main a.govuk-button")
    page.check("#mode-upload")
    page.click("text=Lanjutkan")
    page.set_input_files("#file", broken_list)
    page.click("text=Unggah dan periksa")
    page.click("button[name=use]")
    page.fill("#c-11-passport_expires_on", "28/02/2029")
    page.fill("#c-15-job_title", "Teknisi")
    page.fill("#c-34-passport_number", "M99999999")
    page.click("text=Periksa lagi")
    page.click("text=Saya nyatakan benar, kirim laporan")
    assert CODE.search(page.content())


SEEN = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 20) / 2);
  return box.height > 0 && top !== null && (one.contains(top) || top.contains(one) || top.htmlFor === one.id);
}"""


def enter(page: Page) -> None:
    """Press Enter and wait for the next page."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press_until(page: Page, wanted: str, most: int = 60) -> None:
    """Tab until the element that matches has the focus; the focus must be seen and not covered."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", wanted):
            assert page.evaluate(SEEN), f"{wanted} has the focus but is not seen"
            return
    raise AssertionError(f"{wanted} is not reached by Tab")


def test_the_keyboard_alone_reports_one_person(page: Page, link: str) -> None:
    keys = page.keyboard
    page.goto(link)
    press_until(page, "main button.govuk-button")
    enter(page)
    page.wait_for_url("**/laporan")
    press_until(page, "main a.govuk-button")
    enter(page)
    press_until(page, "input[name=mode]")
    keys.press("Space")
    press_until(page, "main button.govuk-button")
    enter(page)
    page.wait_for_url("**bagian=1")
    press_until(page, "#full_name")
    keys.type("KIM MIN JI")
    press_until(page, "#sex")
    keys.press("Space")
    for selector, typed in (
        ("[name=birth_date-d]", "25"), ("[name=birth_date-m]", "3"), ("[name=birth_date-y]", "1985"),
        ("#nationality", "Korea Selatan"), ("#passport_number", "M12345678"),
        ("[name=passport_expires_on-d]", "31"), ("[name=passport_expires_on-m]", "12"),
        ("[name=passport_expires_on-y]", "2029"),
    ):  # fmt: skip
        press_until(page, selector)
        keys.type(typed)
    enter(page)
    page.wait_for_url("**bagian=2**")
    press_until(page, "main button.govuk-button")
    enter(page)
    page.wait_for_url("**bagian=3**")
    press_until(page, "#job_title")
    keys.type("Manajer Produksi")
    press_until(page, "#change")
    keys.press("Space")
    press_until(page, "main button.govuk-button")
    enter(page)
    page.wait_for_url("**/daftar")
    press_until(page, "button[value=next]")
    enter(page)
    page.wait_for_url("**/periksa")
    press_until(page, "button[value=send]")
    enter(page)
    page.get_by_role("heading", name="Laporan terkirim").wait_for()
    with unit_of_work(write=False) as session:
        (row,) = session.exec(select(SubmissionRow)).all()
        assert row.cells["full_name"] == "KIM MIN JI"
        assert row.change == "tetap"


def test_nihil_is_done_in_two_clicks(page: Page, link: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(link)
    page.get_by_role("button", name="Buka laporan").click()
    page.get_by_role("button", name="Tidak ada TKA (nihil)").click()
    page.get_by_role("button", name="Saya nyatakan benar, kirim laporan").click()
    page.get_by_role("heading", name="Laporan terkirim").wait_for()
    assert page.get_by_text("Tidak ada TKA (nihil)").is_visible()


def test_a_double_click_sends_once(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Buka laporan").click()
    page.get_by_role("button", name="Tidak ada TKA (nihil)").click()
    page.get_by_role("button", name="Saya nyatakan benar, kirim laporan").dblclick()
    page.get_by_role("heading", name="Laporan terkirim").wait_for()
    page.go_back()
    page.reload()
    page.get_by_role("heading", name="Laporan terkirim").wait_for()
    with unit_of_work(write=False) as session:
        assert len(session.exec(select(Submission)).all()) == 1


def test_the_first_page_is_light_and_asks_no_other_host(page: Page, link: str) -> None:
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body()) if response.status == 200 else 0))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    bytes_sent: list[int] = []
    session.on("Network.loadingFinished", lambda event: bytes_sent.append(int(event["encodedDataLength"])))
    page.goto(link, wait_until="networkidle")
    assert sum(bytes_sent) <= 60_000, (sum(bytes_sent), asked)


def test_before_a_quiet_visit_ends_the_page_asks_and_one_key_keeps_it(page: Page, link: str) -> None:
    page.clock.install()
    page.goto(link)
    page.get_by_role("button", name="Buka laporan").click()
    page.get_by_role("heading", name="Yang harus dilaporkan").wait_for()
    page.clock.fast_forward("01:56:00")
    page.get_by_role("heading", name="Apakah Anda masih di sini?").wait_for()
    with page.expect_response("**/laporan"):
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="Apakah Anda masih di sini?").wait_for(state="hidden")
