"""The second tour of take.py: what administrators and analysts do with lists, records and rights."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

Shoot = Callable[[Page, str, int], None]

SIMPLE = (
    ("21-tempat-sampah", "contact/?trash=1"),
    ("22-hak-akses", "rights/?role=analyst&registry=foreign_national"),
    ("23-pengaturan-kantor", "settings/office"),
    ("24-akun-email", "settings/mail"),
    ("25-rptka", "work_plan/"),
)


def tour(browser: Browser, state: str, size: tuple[int, int], home: str, folder: Path, shoot: Shoot) -> None:
    """All pictures of one width. `state` is a signed-in administrator's, `folder` takes the file to import."""
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, storage_state=state)  # type: ignore[arg-type]
    page = context.new_page()
    lists(page, home, size[0], shoot)
    imports(page, home, size[0], folder, shoot)
    records(context, home, size[0], shoot)
    for name, path in SIMPLE:
        page.goto(home + path)
        shoot(page, name, size[0])
    context.close()
    night = browser.new_context(viewport=viewport, storage_state=state, color_scheme="dark")  # type: ignore[arg-type]
    page = night.new_page()
    page.goto(home + "company/")
    shoot(page, "26-daftar-malam", size[0])
    night.close()


def lists(page: Page, home: str, width: int, shoot: Shoot) -> None:
    """Another scale at each width, so that each has something to change."""
    page.goto(home + "foreign_national/?where=any(nationality:is:CHN;nationality:is:KOR)&counts=1")
    shoot(page, "11-daftar-bersyarat", width)
    page.goto(home + "company/?q=CV")
    for box in page.locator("tbody input[type=checkbox]").all()[:3]:
        box.check()
    page.get_by_role("button", name="Ubah…").click()
    page.get_by_label("Isian").select_option(label="Skala usaha")
    page.get_by_role("button", name="Tambah isian").click()
    page.locator("main select.form-select").first.select_option(label="Mikro" if width < 600 else "Menengah")
    page.get_by_label("Alasan").fill("Menurut laporan kegiatan penanaman modal")
    page.get_by_role("button", name="Lihat hasilnya dulu").click()
    shoot(page, "12-ubah-banyak", width)
    page.locator("main .form-acts button").first.click()
    page.wait_for_url("**/jobs/**")
    page.locator("text=selesai").first.wait_for()
    shoot(page, "13-pekerjaan-latar", width)


def imports(page: Page, home: str, width: int, folder: Path, shoot: Shoot) -> None:
    file = folder / f"kawasan-{width}.csv"
    with file.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["DAFTAR PERUSAHAAN KAWASAN"])
        rows.writerow(["Nama Perusahaan", "NIB", "Status Modal", "Skala"])
        rows.writerow([f"PT Contoh Kawat {width}", f"81200012{width:05d}", "Asing", "Besar"])
        rows.writerow([f"PT Contoh Gula {width}", "123", "PMDN", "Kecil"])
        rows.writerow([f"PT Contoh Kapas {width}", f"81200013{width:05d}", "PMDN", "Kecil"])
    page.goto(home + "import/company/")
    page.get_by_label("Berkas").set_input_files(file)
    page.get_by_label("Kode sumber").fill("kawasan-2026")
    page.locator("main form button").first.click()
    page.wait_for_url("**/import/company/*")
    shoot(page, "14-impor-pratinjau", width)
    page.goto(page.url.partition("?")[0] + "/columns")
    shoot(page, "15-impor-kolom", width)


def records(context: BrowserContext, home: str, width: int, shoot: Shoot) -> None:
    page = context.new_page()
    page.goto(home + "sponsorship/")
    page.locator("main tbody a").first.click()
    page.locator("main a[href*='company/details']").first.click()
    company = page.url.rpartition("id=")[2]
    page.goto(f"{home}company/details/?id={company}&tab=history")
    shoot(page, "16-perusahaan-semua-yang-terjadi", width)
    page.goto(home + "foreign_national/")
    page.locator("main tbody a").first.click()
    shoot(page, "17-orang-asing", width)
    page.goto(f"{home}company/edit/?id={company}#rows-contact")
    shoot(page, "18-formulir-dengan-kontak", width)
    change(page, home, company, f"Jl. Contoh Baru No. {width}")
    page.goto(f"{home}company/history/?id={company}")
    shoot(page, "19-riwayat", width)
    conflict(context, home, company, width, shoot)
    page.goto(home + "contact/")
    page.locator("main tbody a").first.click()
    page.get_by_role("link", name="Hapus").first.click()
    page.locator("main form button.btn-danger").first.click()
    page.wait_for_url(lambda url: "/delete/" not in url)


def change(page: Page, home: str, company: str, address: str) -> None:
    page.goto(f"{home}company/edit/?id={company}")
    page.locator("[name=address]").fill(address)
    page.get_by_role("button", name="Simpan").first.click()
    page.wait_for_url(lambda url: "/edit/" not in url)


def conflict(context: BrowserContext, home: str, company: str, width: int, shoot: Shoot) -> None:
    mine, theirs = context.new_page(), context.new_page()
    mine.goto(f"{home}company/edit/?id={company}")
    change(theirs, home, company, f"Jl. Orang Lain No. {width}")
    mine.locator("[name=address]").fill(f"Jl. Saya Sendiri No. {width}")
    mine.get_by_role("button", name="Simpan").first.click()
    shoot(mine, "20-dua-orang-mengubah", width)
