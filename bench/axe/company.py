"""The public door: open pages, what a link shows, and a whole report in all its ways."""

from __future__ import annotations

from bench.axe.eye import Eye, States
from bench.axe.stock import Stock

PASTED = """Nama Lengkap\tL/P\tTgl Lahir\tKebangsaan\tNo Paspor\tPaspor berlaku s.d.\tJabatan\tStatus
SATO YUI\tP\t25/03/1985\tJepang\tTR1234567\t31/12/2029\tManajer Produksi\ttetap
TANAKA HIRO\tL\t12/11/1979\tJepang\tTR1234568\t31/12/2030\tTeknisi\tbaru"""
FAULTY = PASTED.replace("Jepang", "Jepamg").replace("31/12/2029", "31/02/2029")
SEND = "main form[method=post] button[type=submit]"


def of(eye: Eye, stock: Stock) -> States:
    """(name, what leads there)"""
    yield from _open_pages(eye, stock)
    yield from _asking(eye)
    yield from _link(eye)
    yield from _roster(eye)
    yield from _journey(eye)


def _open_pages(eye: Eye, stock: Stock) -> States:
    for name, path in {
        "front": "/",
        "accessibility": "/aksesibilitas",
        "no such page (refused)": "/tidak-ada",
        "verified": f"/v/{stock.first['receipt']}",
        "not verified (refused)": "/v/SNG-2026-XXXX-X",
        "unknown link (refused)": "/t/tidak-ada",
    }.items():
        yield f"public: {name}", lambda path=path: eye.open(path)  # type: ignore[misc]


def _asking(eye: Eye) -> States:
    """The open page behind the poster, for a company that got no link."""
    yield "poster: page", lambda: eye.open("/lapor")
    yield "poster: faulty", lambda: eye.post_as_is()
    yield "poster: sent", lambda: _ask_for_link(eye)


def _link(eye: Eye) -> States:
    yield "link: landing", lambda: eye.open(_path(eye, eye.site.company_link()))
    yield "link: duties", lambda: eye.press(SEND)
    yield "link: duties, notices open", lambda: eye.unfold("main details")
    yield "link: question", lambda: eye.press("main .sinergi-links a[href*='/tanya']")
    yield "link: question, faulty", lambda: eye.post_as_is()
    yield "link: question sent", lambda: _question(eye)
    yield "link: old link (refused)", lambda: eye.open(_path(eye, eye.site.expired_link()))
    yield "link: renewed", lambda: eye.press(SEND)


def _roster(eye: Eye) -> States:
    """A company that reported before: the code, the wrong code, another person; then its list of last time."""
    yield "roster: code", lambda: _to_code(eye)
    yield "roster: code sent", lambda: eye.press("main button[name=do][value=send]")
    yield "roster: code, faulty", lambda: eye.press("main button[name=do][value=check]")
    yield "roster: another contact", lambda: _other_contact(eye)
    yield "roster: another contact, faulty", lambda: eye.press("main button[name=do][value=contact]")
    yield "roster: list of last time", lambda: _last_time(eye)
    yield "roster: list, faulty", lambda: eye.press("main button[name=do][value=next]")
    yield "roster: one more person", lambda: eye.press("main button[name=do][value=add]")


def _journey(eye: Eye) -> States:
    """A new company reports: every way in, faults, the worksheet, the check, the receipt, a correction."""
    yield "journey: landing", lambda: eye.open(_path(eye, eye.site.fresh_link()))
    yield "journey: duties", lambda: eye.press(SEND)
    yield "journey: ways", lambda: eye.press("main a.govuk-button[href*='/laporan/']")
    yield "journey: ways, faulty", lambda: eye.post_as_is()
    for mode in ("one", "upload", "paste"):
        yield f"journey: {mode}", lambda mode=mode: _choose(eye, mode)  # type: ignore[misc]
        yield f"journey: {mode}, faulty", lambda: eye.post_as_is()
    yield "journey: fix", lambda: _paste(eye, FAULTY)
    yield "journey: fix, two windows", lambda: _behind(eye, **{"c-2-job_title": "Direktur"})
    yield "journey: fix, pressed too late", lambda: _behind(eye)
    yield "journey: fix, a row taken out", lambda: _take_out(eye)
    yield "journey: worksheet", lambda: eye.press("main button[name=go][value*='semua=1']")
    yield "journey: columns", lambda: eye.press("main button[name=go][value*='/kolom']")
    yield "journey: saved draft", lambda: eye.open(_duty(eye))
    yield "journey: check", lambda: _check(eye)
    yield "journey: check, two windows", lambda: eye.post_as_is(version="1", do="send")
    yield "journey: check, faulty", lambda: _declare(eye, "", "")
    yield "journey: receipt", lambda: _declare(eye, "Siti Contoh", "Manajer HRD")
    yield "journey: duties, done", lambda: eye.open("/laporan")
    yield "journey: correction", lambda: eye.press("main a[href*='/tanda-terima/']")
    yield "journey: correction begun", lambda: eye.press("main form[method=post] button")
    yield "journey: nobody", lambda: _nobody(eye)
    yield "journey: left", lambda: _leave(eye)
    yield "journey: after it ended (refused)", lambda: eye.open("/laporan")


# ---- steps


def _path(eye: Eye, url: str) -> str:
    return url.removeprefix(eye.site.url)


def _ask_for_link(eye: Eye) -> None:
    eye.open("/lapor")
    for box in eye.page.locator("main form input:not([type=hidden]):visible").all():
        name = box.get_attribute("name") or ""
        box.fill({"email": "sari@contoh.example", "phone": "+6281290001234", "nib": ""}.get(name, "PT Contoh Baru"))
    eye.press(SEND)


def _question(eye: Eye) -> None:
    eye.page.locator("main input[type=radio]").first.check(force=True)
    eye.page.locator("main textarea").first.fill("Apakah benar laporan ini untuk kami?")
    eye.press(SEND)


def _to_code(eye: Eye) -> None:
    eye.open(_path(eye, eye.site.reporting_link()))
    eye.press(SEND)
    eye.press("main a.govuk-button[href*='/laporan/']")
    if "/kode" not in eye.page.url:
        eye.page.check("input[name=mode][value=roster]", force=True)
        eye.press("main form:has(input[name=mode]) button[type=submit]")


def _other_contact(eye: Eye) -> None:
    eye.unfold("main details")
    eye.page.check("input[name=other][value=contact]", force=True)
    eye.press("main button[name=do][value=other]")


def _last_time(eye: Eye) -> None:
    _to_code(eye)
    eye.press("main button[name=do][value=send]")
    eye.page.fill("input[name=code]", eye.site.mailed_code())
    eye.press("main button[name=do][value=check]")


def _duty(eye: Eye) -> str:
    return "/".join(_path(eye, eye.page.url).split("?")[0].split("/")[:3])


def _choose(eye: Eye, mode: str) -> None:
    eye.open(_duty(eye))
    eye.page.check(f"input[name=mode][value={mode}]", force=True)
    eye.press("main form:has(input[name=mode]) button[type=submit]")


def _paste(eye: Eye, rows: str) -> None:
    _choose(eye, "paste")
    eye.page.fill("textarea", rows)
    eye.press(SEND)


def _behind(eye: Eye, **typed: str) -> None:
    """The list was changed elsewhere since this page was made."""
    eye.open(f"{_duty(eye)}/perbaiki?semua=1")
    eye.post_as_is(version="1", **typed)


def _take_out(eye: Eye) -> None:
    _paste(eye, FAULTY)
    eye.press("main button[name=remove]")


def _check(eye: Eye) -> None:
    _paste(eye, PASTED)
    if "periksa" not in eye.page.url:
        eye.press("button[name=do][value=next]")


def _declare(eye: Eye, name: str, position: str) -> None:
    eye.page.fill("input[name=name]", name)
    eye.page.fill("input[name=position]", position)
    eye.page.fill("input[name=email]", "siti@contoh.example" if name else "")
    eye.press("button.govuk-button[name=do][value=send]")


def _nobody(eye: Eye) -> None:
    eye.open(_path(eye, eye.site.fresh_link()))
    eye.press(SEND)
    eye.press("button[name=mode][value=nil]")


def _leave(eye: Eye) -> None:
    eye.open("/laporan")
    eye.press("main form[action*='/keluar'] button")
