"""The staff door in a real browser: three registries stand for all, with scripts, without them and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.operations import records
from app.registry import get
from tests.fixtures.browser import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.fixtures.office import Office

SYSTEM = Actor.system("uji")

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("staff")]  # one office, so one process


_made: dict[str, dict[str, str]] = {}


@pytest.fixture
def world(office: Office) -> dict[str, str]:
    """120 companies in one zone, a person with a passport, a contact; public ids by name. Made once an office."""
    if office.url not in _made:
        _made[office.url] = _fill()
    return _made[office.url]


def _fill() -> dict[str, str]:
    now = utcnow()

    def save(key: str, rows: list[dict[str, Any]]) -> list[str]:
        with unit_of_work() as session:
            done = records.save_many(session, get(key), rows, SYSTEM, now=now)
            assert done.written, done.problems
            return [str(outcome.public_id) for outcome in done.outcomes]

    zone = save("zone", [{"code": "KIC", "name": "Kawasan Industri Contoh"}])[0]
    names = [f"PT Contoh Nomor {number:03d}" for number in range(1, 121)]
    companies = save("company", [{"legal_name": name, "zone": zone, "status": "documented"} for name in names])
    person = save(
        "foreign_national",
        [{"name_display": "KIM MIN JUN", "sex": "M", "birth_date": "12/03/1985", "nationality": "KOR"}],
    )[0]
    passport = save("passport", [{"person": person, "issuing_state": "KOR", "number": "M70689098"}])[0]
    contact = save("contact", [{"company": companies[0], "name": "Sari Dewi", "email": "hrd@contoh.example"}])[0]
    return {"zone": zone, "company": companies[0], "person": person, "passport": passport, "contact": contact}


def test_a_company_is_found_filtered_and_its_list_state_survives_an_edit(
    office: Office, world: dict[str, str], page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"{office.url}/staff/company/")
    assert "120" in page.inner_text("h1")
    page.keyboard.press("/")
    page.keyboard.type("nomor 01")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=nomor**")
    assert page.locator("tbody tr").count() == 10

    page.click("th:has-text('Nama resmi') a")
    page.wait_for_url("**order=-legal_name**")
    assert "019" in page.inner_text("tbody tr:first-child")
    state = page.url
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/edit/**")
    page.fill("#address", "Jalan Percobaan 1")
    page.click(".form-acts button:has-text('Simpan')")
    page.wait_for_load_state()

    assert page.url == state
    assert "Tersimpan" in page.inner_text("main")


def test_pages_follow_each_other_and_keep_the_filter(
    office: Office, world: dict[str, str], page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"{office.url}/staff/company/?f_status=documented")
    first = page.inner_text("tbody tr:first-child th")
    page.click("a[rel=next]")
    page.click("a[rel=next]")
    expect(page.locator("tbody tr")).to_have_count(20)
    assert page.locator("a[rel=next]").count() == 0
    page.click("a[rel=prev]")
    page.click("a[rel=prev]")

    assert page.inner_text("tbody tr:first-child th") == first
    assert "f_status=documented" in page.url


def test_a_picker_finds_a_company_among_many(
    office: Office, world: dict[str, str], page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"{office.url}/staff/contact/new/")
    page.click(".field:has(label:text-is('Perusahaan')) .ts-control")
    page.keyboard.type("nomor 077")
    page.click(".ts-dropdown .option:has-text('077')")
    page.fill("#name", "Budi Santoso")
    page.fill("#email", "budi@contoh.example")
    page.click(".form-acts button:text-is('Simpan')")
    page.wait_for_url("**/details/**")

    assert "PT Contoh Nomor 077" in page.inner_text(".facts")


def test_without_scripts_a_record_is_made_filtered_and_deleted(
    office: Office, world: dict[str, str], browser: Browser, sign_in: Callable[..., None]
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="id-ID")
    page = context.new_page()
    sign_in(page)
    page.goto(f"{office.url}/staff/contact/new/")
    page.fill("#company", "PT Contoh Nomor 042")
    page.fill("#name", "Tanpa Skrip")
    page.fill("#email", "tanpa@contoh.example")
    page.click(".form-acts button:text-is('Simpan')")
    assert "PT Contoh Nomor 042" in page.inner_text(".facts")

    page.goto(f"{office.url}/staff/contact/?q=tanpa")
    page.check("tbody input[type=checkbox]")
    page.click("button[value=delete]")
    page.click("button:has-text('Pindahkan ke tempat sampah')")
    page.get_by_role("button", name="Kembalikan semuanya").wait_for()
    assert "selesai" in page.inner_text("main")
    page.click("a:has-text('Kembali ke daftar')")
    assert "Tanpa Skrip" not in page.inner_text("main")
    page.goto(f"{office.url}/staff/contact/?trash=1")
    assert "Tanpa Skrip" in page.inner_text("tbody")
    context.close()


def test_a_passport_number_shows_only_when_asked_for(
    office: Office, world: dict[str, str], page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"{office.url}/staff/passport/details/?id={world['passport']}")
    assert "M70689098" not in page.content()
    page.click(".secret-row:has-text('098') button, dd:has(.dots) button >> nth=0")
    page.wait_for_load_state()

    assert "M70689098" in page.inner_text("main")
    assert "Isian rahasia dilihat" in page.inner_text("aside")


def test_two_people_edit_one_company_and_the_second_chooses(
    office: Office, world: dict[str, str], page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"{office.url}/staff/company/edit/?id={world['company']}")
    page.fill("#address", "Alamat dari saya")
    with unit_of_work() as session:
        theirs = {"address": "Alamat dari rekan"}
        records.save(
            session,
            get("company"),
            theirs,
            Actor("staff", "Rekan", frozenset({"admin"})),
            now=utcnow(),
            public_id=world["company"],
        )
    page.click(".form-acts button:text-is('Simpan')")
    page.wait_for_selector("text=Dua perubahan bertemu")
    assert not violations(page)
    assert "Rekan menyimpan data ini" in page.inner_text("main")
    page.check("input[value=mine]")
    page.click("button:has-text('Simpan pilihan ini')")
    page.wait_for_load_state()
    page.goto(f"{office.url}/staff/company/details/?id={world['company']}")

    assert "Alamat dari saya" in page.inner_text("main")


def test_the_first_row_is_at_most_three_tab_stops_away(
    office: Office, world: dict[str, str], page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"{office.url}/staff/company/")
    stops = 0
    while stops < 3:
        page.keyboard.press("Tab")
        stops += 1
        if "baris pertama" in (page.evaluate("document.activeElement.textContent") or ""):
            page.keyboard.press("Enter")
            break

    assert stops <= 3
    assert page.evaluate("location.hash").startswith("#row-")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.closest('tr')?.rowIndex")
    assert focused in (1, 2)


def test_the_export_opens_in_excel_with_the_filtered_rows(
    office: Office, world: dict[str, str], page: Page, sign_in: Callable[..., None], tmp_path: Path
) -> None:
    sign_in(page)
    page.goto(f"{office.url}/staff/company/?q=nomor+01")
    page.click("summary:has-text('Ekspor')")
    with page.expect_download() as waiting:
        page.click("a:has-text('Excel')")
    waiting.value.save_as(tmp_path / "a.xlsx")

    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet.max_row == 11
    assert sheet["A1"].value == "Nama resmi"


def test_lists_forms_and_records_break_no_rule_of_wcag_on_a_phone(
    office: Office, world: dict[str, str], page: Page, sign_in: Callable[..., None]
) -> None:
    """Each kind of page once; all sizes, languages and registries are `make bench ONLY=axe`."""
    sign_in(page)
    page.set_viewport_size({"width": 360, "height": 800})
    company, person, contact = (f"id={world[name]}" for name in ("company", "person", "contact"))
    paths = ["company/", "company/?q=tidakada", "company/?trash=1", "company/new/", f"company/details/?{company}"]
    paths += [f"foreign_national/details/?{person}", f"foreign_national/edit/?{person}", f"contact/delete/?{contact}"]
    paths += ["", "inbox/", "requests/", "mail/", f"links/{world['company']}", "settings/office", "settings/mail"]
    paths += ["calendar/", "letters/"]
    wrong = {}
    for path in paths:
        page.goto(f"{office.url}/staff/{path}")
        wrong[path] = violations(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, f"{path} scrolls sideways"
    page.goto(f"{office.url}/staff/contact/new/")
    page.click(".form-acts button:text-is('Simpan')")
    page.wait_for_selector("[data-error-summary]")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    wrong["faulty"] = violations(page)

    assert {name: rules for name, rules in wrong.items() if rules} == {}


def test_a_link_is_issued_shown_once_and_revoked(
    office: Office, world: dict[str, str], page: Page, context: BrowserContext, sign_in: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"{office.url}/staff/company/details/?id={world['company']}")
    page.click("a:has-text('Tautan lapor')")
    page.click("button:has-text('Terbitkan dan kirim')")
    url = page.input_value("#issued-url")
    assert re.fullmatch(rf"{re.escape(office.url)}/t/\S+", url)
    guest = context.new_page()
    assert guest.goto(url).ok  # type: ignore[union-attr]
    page.goto(f"{office.url}/staff/links/{world['company']}")
    assert url.rpartition("/")[2] not in page.content()
    page.click("button:has-text('Cabut')")
    page.wait_for_load_state()

    assert guest.goto(url).status == 410  # type: ignore[union-attr]


def test_cells_are_edited_where_they_stand_by_keyboard_alone(
    page: Page, office: Office, world: dict[str, str], sign_in: Callable[..., None]
) -> None:
    sign_in(page, "analyst")
    page.goto(f"{office.url}/staff/company/?order=legal_name&lang=id")  # a chosen language stands in every address
    page.keyboard.press("j")
    while page.evaluate("document.activeElement.dataset.field") != "capital_status":
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.locator("[data-cell-form]").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("[data-cell-form]")).to_have_count(0)
    page.keyboard.press("Enter")
    page.locator("[data-cell-form] select").select_option("pma")
    page.keyboard.press("Tab")  # saves, and opens the next cell
    page.locator("td[data-field=capital_status]").first.get_by_text("PMA").wait_for()
    page.locator("td.is-editing").wait_for()
    page.keyboard.press("Escape")
    page.reload()
    assert page.locator("td[data-field=capital_status]").first.inner_text() == "PMA"
    page.locator("td[data-field=capital_status]").first.focus()
    page.keyboard.press("Enter")
    page.locator("[data-cell-form] select").select_option("pmdn")
    page.keyboard.press("Enter")  # saves, and stays
    expect(page.locator("[data-cell-form]")).to_have_count(0)
    page.locator("td[data-field=capital_status]").first.get_by_text("PMDN").wait_for()
    page.reload()
    assert page.locator("td[data-field=capital_status]").first.inner_text() == "PMDN"


def test_one_key_goes_chooses_and_helps_and_only_where_nobody_types(
    page: Page, office: Office, world: dict[str, str], sign_in: Callable[..., None]
) -> None:
    sign_in(page)
    page.goto(f"{office.url}/staff/company/")
    for key in "jjx":
        page.keyboard.press(key)
    assert [box.is_checked() for box in page.locator("tbody input[type=checkbox]").all()[:3]] == [False, True, False]
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.locator("[data-bulk] [data-count]").inner_text() == "2"
    page.keyboard.press("/")
    page.keyboard.type("jk?x")
    assert page.input_value("[data-search]") == "jk?x"
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def test_a_list_is_cards_on_a_phone_dark_at_night_and_bare_on_paper(
    page: Page, office: Office, world: dict[str, str], sign_in: Callable[..., None]
) -> None:
    def ground() -> int:
        found = re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))
        return sum(int(one) for one in found[:3])

    sign_in(page)
    page.goto(f"{office.url}/staff/company/")
    assert page.locator("thead").is_visible()
    assert ground() > 600
    page.emulate_media(color_scheme="dark")
    assert ground() < 200
    page.emulate_media(color_scheme="light", media="print")
    assert not page.locator(".side, .toolbar, [data-bulk]").locator("visible=true").count()
    assert page.locator("tbody tr").first.is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 360, "height": 800})
    row = page.locator("tbody tr").first.bounding_box()
    cells = [box for cell in page.locator("tbody tr >> nth=0 >> td[data-label]").all() if (box := cell.bounding_box())]
    assert row is not None
    assert row["width"] <= 360
    assert len({round(box["y"]) for box in cells}) == len(cells), "one value under the other"
    assert not page.locator("main kbd").locator("visible=true").count(), "no keys are named where there is no keyboard"


def test_the_fields_of_a_row_stand_level_and_what_the_pencil_covers_ends_with_dots(
    office: Office, world: dict[str, str], page: Page, sign_in: Callable[..., None]
) -> None:
    sign_in(page)
    uneven = """() => {
        const top = (field, what) => Math.round(field.querySelector(what)?.getBoundingClientRect().top ?? -1);
        const rows = {};
        for (const field of document.querySelectorAll(".form-grid .field")) {
            if (!field.getBoundingClientRect().width || field.querySelector(".check")) continue;
            const plain = "input:not([type=hidden]), select, textarea";
            const box = field.querySelector(".ts-wrapper") ? ".ts-wrapper" : plain;
            (rows[top(field, "label")] ??= new Set()).add(top(field, box));
        }
        return [Object.values(rows).filter((tops) => tops.size > 1).length, Object.keys(rows).length];
    }"""
    for path in ("company/new/", "settings/mail"):
        page.goto(f"{office.url}/staff/{path}")
        wrong, rows = page.evaluate(uneven)
        assert wrong == 0, path
        fields = page.locator(".form-grid .field:visible").count()
        assert rows < fields, f"{path}: some stand beside each other"
    shown = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
        done(getComputedStyle(document.querySelector("tbody .acts"), "::before").visibility))))"""
    page.goto(f"{office.url}/staff/company/")
    assert page.evaluate(shown) == "hidden", "nothing is covered"
    page.set_viewport_size({"width": 700, "height": 800})
    page.goto(f"{office.url}/staff/company/?cols=legal_name,nib,npwp,capital_status,scale,sector,zone,region,status")
    assert page.evaluate(shown) == "visible"
    page.evaluate("document.querySelector('.table-wrap').scrollLeft = 9999")
    assert page.evaluate(shown) == "hidden"
