"""Takes the pictures of this folder anew from a demo of its own: python docs/screens/take.py

In Indonesian, at 360 and 1280 px, of made-up data (seed 7): the ten main screens, then the tour of administrator.py.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import administrator
import openpyxl
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SIZES = {360: 740, 1280: 900}
PORT = "8710"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "demo.log"
        command = [sys.executable, "-m", "app.cli", "demo", "--port", PORT, "--data", f"{folder}/data"]
        with log.open("w") as written:
            demo = subprocess.Popen(command, cwd=ROOT, stdout=written)
        try:
            said = wait_for(log, "Mail box")
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
                )
                links = re.findall(r"http\S+/t/\S+", said)
                analyst, admin = (signed_in(browser, said, role, Path(folder)) for role in ("analyst", "admin"))
                for (width, height), link in zip(SIZES.items(), links, strict=False):
                    staff_screens(browser, analyst, width)
                    company_screens(browser, link, width, list_of_workers(Path(folder) / f"daftar-{width}.xlsx"))
                    home = f"http://localhost:{PORT}/staff/"
                    administrator.tour(browser, admin, (width, height), home, Path(folder), shoot)
        finally:
            demo.send_signal(signal.SIGTERM)
            demo.wait(20)


def wait_for(log: Path, words: str) -> str:
    for _ in range(600):
        said = log.read_text()
        if words in said:
            time.sleep(2)
            return log.read_text()
        time.sleep(0.2)
    raise SystemExit(f"the demo did not start:\n{log.read_text()}")


def signed_in(browser: Browser, said: str, role: str, folder: Path) -> str:
    """The file with the session of this role, signed in by the link the demo printed."""
    page = browser.new_page()
    page.goto(re.findall(rf"(http\S+/masuk/tautan/\S+)\s+.*\({role}\)", said)[0])
    page.click("main button[type=submit]")
    page.wait_for_url("**/staff/**")
    state = str(folder / f"{role}.json")
    page.context.storage_state(path=state)
    return state


def staff_screens(browser: Browser, state: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, storage_state=state)
    page = context.new_page()
    home = f"http://localhost:{PORT}/staff/"
    for name, path in (
        ("01-beranda", ""),
        ("02-kotak-masuk", "inbox/"),
        ("03-daftar-perusahaan", "company/"),
        ("05-perusahaan-baru", "company/new/"),
    ):
        page.goto(home + path)
        shoot(page, name, width)
    page.goto(home + "company/")
    page.click("main tbody a >> nth=0")
    shoot(page, "04-satu-perusahaan", width)
    context.close()


def company_screens(browser: Browser, link: str, width: int, file: Path) -> None:
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]})
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Buka laporan").click()
    shoot(page, "06-yang-harus-dilaporkan", width)
    page.locator("main").get_by_role("button", name=re.compile("^Mulai|^Lanjutkan")).first.click()
    if page.get_by_label(re.compile("Lapor tanpa melihat")).count():
        page.get_by_label(re.compile("Lapor tanpa melihat")).check()
        page.get_by_role("button", name="Lanjutkan").last.click()
    shoot(page, "07-cara-melapor", width)
    page.get_by_label("Unggah berkas Excel").check()
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_label("Pilih berkas").set_input_files(file)
    page.get_by_role("button", name="Unggah dan periksa").click()
    shoot(page, "08-perbaiki-sel", width)
    page.get_by_role("button", name=re.compile("^Pakai")).first.click()
    page.get_by_label("Paspor berlaku s.d., baris 6").fill("28/02/2029")
    page.get_by_label("Jabatan, baris 7").fill("Teknisi mesin")
    page.get_by_role("button", name="Periksa lagi").click()
    shoot(page, "09-periksa-jawaban", width)
    for label, value in (("Nama Anda", "Sari Wulandari"), ("Jabatan", "Staf HRD")):
        box = page.get_by_label(label, exact=True)
        if box.count() and not box.input_value():
            box.fill(value)
    page.get_by_role("button", name="Saya nyatakan benar, kirim laporan").click()
    shoot(page, "10-tanda-terima", width)
    context.close()


def shoot(page: Page, name: str, width: int) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=HERE / f"{name}-{width}.png")


def list_of_workers(path: Path) -> Path:
    """A company's own list, three cells wrong."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["DAFTAR TENAGA KERJA ASING"])
    sheet.append([])
    sheet.append(["No", "Nama Lengkap", "L/P", "Tgl Lahir", "Kewarganegaraan", "No Paspor", "Paspor berlaku s.d.",
                  "Jabatan", "Status"])  # fmt: skip
    people = [
        ("WANG CONTOH LEI", "L", date(1985, 3, 12), "Tiongkok", "EX1234501", date(2029, 5, 1), "Manajer", "Tetap"),
        ("LI CONTOH NA", "P", date(1990, 7, 2), "Chna", "EX1234502", date(2028, 1, 15), "Penerjemah", "Tetap"),
        ("KIM CONTOH HO", "L", date(1979, 11, 30), "Korea Selatan", "M00012345", "31/02/2029", "Ahli mesin", "Baru"),
        ("SATO CONTOH", "L", date(1988, 1, 9), "Jepang", "TZ0001234", date(2030, 8, 20), None, "Tetap"),
    ]  # fmt: skip
    for number, person in enumerate(people, 1):
        sheet.append([number, *person])
    book.save(path)
    return path


if __name__ == "__main__":
    main()
