"""The staff door beside the registries: home, inbox, mail, letters, settings, rights, views, many records, imports."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.messages import KINDS
from app.registry import setting_groups
from bench.axe.eye import Eye, Skip, States
from bench.axe.registry_pages import NOTHING
from bench.axe.stock import Stock, stay_fresh

LIST = """Nama resmi,Alamat,Status penanaman modal,Status
PT Contoh Impor Satu {stamp},Jalan Contoh 1,PMA,Terverifikasi lapangan
PT Contoh Impor Dua {stamp},Jalan Contoh 2,Modal Asing,Terverifikasi lapangan
,Jalan Contoh 3,PMDN,Terverifikasi lapangan
"""


def of(eye: Eye, stock: Stock) -> States:
    """(name, what leads there)"""
    stay_fresh()
    yield from _plain(eye, stock)
    yield from _letters(eye, stock)
    yield from _inbox(eye, stock)
    yield from _requests(eye)
    yield from _views(eye)
    yield from _rights(eye)
    yield from _settings(eye)
    yield from _jobs(eye, stock)
    stay_fresh()
    yield from _many(eye)
    yield from _import(eye)
    yield from _people(eye, stock)


def _plain(eye: Eye, stock: Stock) -> States:
    for name, path in {
        "home": "/staff/",
        "calendar": "/staff/calendar/",
        "calendar, another year": "/staff/calendar/?year=2031",
        "links": f"/staff/links/{stock.first['company']}",
        "mail": "/staff/mail/",
        "mail, one message": f"/staff/mail/{stock.first['outbox_message']}",
        "mail, failed": "/staff/mail/?tab=failed",
        "no such page (refused)": "/staff/tidak-ada",
        "no such record (refused)": "/staff/company/details/?id=0000000000000000",
        "a surprise (refused)": f"/staff/jobs/{stock.broken}",
    }.items():
        yield f"screens: {name}", lambda path=path: eye.open(path)  # type: ignore[misc]
    yield "screens: a link issued", lambda: _issue(eye, stock)
    yield "screens: help", lambda: _help(eye)
    yield "screens: menu", lambda: _menu(eye)


def _letters(eye: Eye, stock: Stock) -> States:
    yield "letters: list", lambda: eye.open("/staff/letters/")
    yield "letters: one", lambda: eye.open(f"/staff/letters/{stock.past['message_template']}")
    yield "letters: kinds", lambda: eye.open("/staff/mail/preview")
    for kind in sorted(KINDS):
        yield f"letters: preview, {kind}", lambda kind=kind: eye.open(f"/staff/mail/preview/{kind}")  # type: ignore[misc]


def _inbox(eye: Eye, stock: Stock) -> States:
    for name, tail in {"": "", ", to correct": "?tab=fix", ", done": "?tab=done", ", nothing": f"?q={NOTHING}"}.items():
        yield f"inbox: list{name}", lambda tail=tail: eye.open(f"/staff/inbox/{tail}")  # type: ignore[misc]
    waiting = f"/staff/inbox/{stock.first['waiting']}"
    yield "inbox: report", lambda: eye.open(waiting)
    yield "inbox: report sent before", lambda: eye.open(f"/staff/inbox/{stock.first['submission']}")
    for act in ("accept", "return", "reject"):
        yield f"inbox: {act}", lambda act=act: eye.open(f"{waiting}/{act}")  # type: ignore[misc]
        if act != "accept":
            yield f"inbox: {act}, faulty", lambda: eye.post_as_is()


def _requests(eye: Eye) -> States:
    yield "requests: list", lambda: eye.open("/staff/requests/")
    yield "requests: answer, faulty", lambda: _first_form(eye, "main form[action*='/question/']")


def _views(eye: Eye) -> States:
    yield "views: list with a narrowed view", lambda: _save_view(eye)
    yield "views: kept ones", lambda: eye.open("/staff/views/")
    yield "views: change", lambda: eye.unfold("details.view-edit")
    yield "views: change, faulty", lambda: eye.post_as_is("main form.view-form", name="")


def _rights(eye: Eye) -> States:
    page = "/staff/rights/?role=analyst&registry=company"
    yield "rights: overview", lambda: eye.open("/staff/rights/")
    yield "rights: one role", lambda: eye.open("/staff/rights/?role=analyst")
    yield "rights: role and register", lambda: eye.open(page)
    yield "rights: confirm", lambda: _wish(eye, page)
    yield "rights: confirm, faulty", lambda: eye.post_as_is()
    yield "rights: changed", lambda: _grant(eye, page)


def _settings(eye: Eye) -> States:
    for key, group in setting_groups().items():
        yield f"settings: {key}", lambda key=key: eye.open(f"/staff/settings/{key}")  # type: ignore[misc]
        wrong = dict.fromkeys(group.fields, "???")
        yield f"settings: {key}, faulty", lambda wrong=wrong: _wrong_settings(eye, wrong)  # type: ignore[misc]
    yield "settings: mail, tried", lambda: _try_mail(eye)


def _jobs(eye: Eye, stock: Stock) -> States:
    yield "jobs: list", lambda: eye.open("/staff/jobs/")
    for state, public_id in stock.jobs.items():
        yield f"jobs: {state}", lambda public_id=public_id: eye.open(f"/staff/jobs/{public_id}")  # type: ignore[misc]


def _many(eye: Eye) -> States:
    yield "many: chosen", lambda: _choose(eye, 3)
    yield "many: delete", lambda: eye.press("button[name=_action][value=delete]")
    yield "many: edit", lambda: (_choose(eye, 3), eye.press("button[name=_action][value=edit]"))[0]
    yield "many: edit with a field", lambda: _field(eye, "position")
    yield "many: preview", lambda: _value(eye, "position", "Kepala Bagian Umum")
    yield "many: done", lambda: eye.press("main form .btn-primary")
    yield "many: taken back", lambda: eye.press("main form[action*='/undo'] button")
    yield "many: all that match", lambda: _all(eye)
    yield "many: all, the number not typed", lambda: eye.press("main .form-acts .btn-danger")
    yield "many: restore", lambda: _restore(eye)


def _import(eye: Eye) -> States:
    stamp = f"{datetime.now(UTC):%H%M%S} {eye.language}"
    path = "/staff/import/company/"
    yield "import: start", lambda: eye.open(path)
    yield "import: what it would do", lambda: _send(eye, path, LIST.format(stamp=stamp))
    for number in range(1, 4):
        yield f"import: rows, part {number}", lambda number=number: _tab(eye, number)  # type: ignore[misc]
    yield "import: columns", lambda: eye.press("main a[href*='/columns']")
    yield "import: values", lambda: eye.press("main form .btn-primary")
    yield "import: all or nothing", lambda: eye.press("main form[action*='/apply'] .btn-primary")
    yield "import: written", lambda: _write_good(eye, path, LIST.format(stamp=f"{stamp} B"))
    yield "import: start, with earlier ones", lambda: eye.open(path)
    yield "import: to be taken back", lambda: eye.press("main table.list tbody a")
    yield "import: asks before it is taken back", lambda: eye.press("main a[href*='/undo']")
    yield "import: taken back", lambda: eye.press("main form .btn-danger")
    yield "import: after it was taken back", lambda: eye.press("main a[href*='/staff/import/company/']")
    yield "import: unreadable file", lambda: _send(eye, path, "", "rusak.xlsx")


def _people(eye: Eye, stock: Stock) -> States:
    user = f"/staff/accounts/{stock.first['user']}"
    yield "people: account", lambda: eye.open(user)
    yield "people: link issued", lambda: eye.press("main button[name=action]")
    yield "people: another's account", lambda: eye.open(f"/staff/accounts/{stock.past['user']}")
    yield "people: own password", lambda: eye.open("/akun/kata-sandi")
    yield "people: own password, faulty", lambda: eye.post_as_is()


# ---- steps


def _issue(eye: Eye, stock: Stock) -> None:
    eye.open(f"/staff/links/{stock.first['company']}")
    eye.press("main form[action*='/issue'] button, main form button.btn-primary")


def _help(eye: Eye) -> None:
    eye.open("/staff/")
    eye.page.click("button[data-dialog=help-dialog]")
    eye.page.locator("#help-dialog[open]").wait_for()


def _menu(eye: Eye) -> None:
    eye.open("/staff/")
    eye.unfold("header.top details[data-menu]")


def _first_form(eye: Eye, selector: str) -> None:
    eye.open("/staff/requests/")
    if eye.page.locator(selector).count() == 0:
        raise Skip
    eye.post_as_is(selector)


def _save_view(eye: Eye) -> None:
    eye.open("/staff/company/?q=contoh&counts=1&density=compact")
    eye.unfold("details.keep")
    eye.page.fill("#view-name", f"Contoh {eye.language} dengan nama yang agak panjang")
    eye.press("details.keep form button.btn-primary")


def _wish(eye: Eye, page: str) -> None:
    eye.open(page)
    other = "found => found.slice(0, 4).forEach(one => { one.selectedIndex = one.selectedIndex ? 0 : 1; })"
    eye.page.eval_on_selector_all("#rights select", other)
    eye.press("#rights .btn-primary")


def _grant(eye: Eye, page: str) -> None:
    _wish(eye, page)
    eye.page.locator("main form [name=reason], main form [name=_reason]").first.fill("Uji tampilan")
    eye.press("main form .btn-primary")


def _wrong_settings(eye: Eye, wrong: dict[str, str]) -> None:
    boxes = "main form.panel :is(input:not([type=file]):not([type=checkbox]), textarea)"
    there = eye.page.eval_on_selector_all(boxes, "found => found.map(one => one.name)")
    eye.post_as_is("main form.panel", **{name: text for name, text in wrong.items() if name in there})


def _try_mail(eye: Eye) -> None:
    eye.open("/staff/settings/mail")
    if eye.page.locator("main form[action*='/mail/test']").count() == 0:
        raise Skip
    eye.post_as_is("main form[action*='/mail/test']")


def _choose(eye: Eye, number: int) -> None:
    eye.open("/staff/contact/")
    for row in range(number):
        eye.page.locator("tbody input[name=_id]").nth(row).check()


def _field(eye: Eye, name: str) -> None:
    eye.page.select_option("#new-field", name)
    eye.press("button[name=_step][value=add]")


def _value(eye: Eye, name: str, text: str) -> None:
    eye.page.fill(f"main .bulk-field [name={name}]", text)
    eye.press("button[name=_step][value=preview]")


def _all(eye: Eye) -> None:
    _choose(eye, 1)
    eye.page.eval_on_selector_all("[data-scope-all]", "found => found.forEach(one => { one.checked = true; })")
    eye.press("button[name=_action][value=delete]")


def _restore(eye: Eye) -> None:
    eye.open("/staff/contact/?trash=1")
    if eye.page.locator("tbody input[name=_id]").count() == 0:
        raise Skip
    eye.page.locator("tbody input[name=_id]").first.check()
    eye.press("button[name=_action][value=restore]")


def _send(eye: Eye, path: str, text: str, name: str = "daftar.csv") -> None:
    eye.open(path)
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": text.encode()}
    eye.page.set_input_files("#file", file)  # type: ignore[arg-type]
    eye.page.fill("#source", "uji-tampilan")
    eye.press("main form .btn-primary")


def _tab(eye: Eye, number: int) -> None:
    tabs = eye.page.locator("main nav .tabs a")
    if tabs.count() <= number:
        raise Skip
    with eye.page.expect_navigation():
        tabs.nth(number).click()


def _write_good(eye: Eye, path: str, text: str) -> None:
    _send(eye, path, text)
    eye.page.check("#mode-good")
    eye.press("main form[action*='/apply'] .btn-primary")
