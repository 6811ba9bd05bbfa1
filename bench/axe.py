"""axe-core (WCAG 2.2 A and AA) on every page of both doors × 360 and 1280 px × id and en × usual, faulty and empty.

A page is a route with a known record, or a route in another state (a form sent empty, a list without rows, the
trash). Pages that need a company's session are reached by walking its link.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bench._site import AXE, TAGS, Site, chromium, running

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

SIZES = ((1280, 800), (360, 740))
# picks the first answer of every question with radio buttons that has none; says whether there was one
FIRST_CHOICES = """() => {
  const groups = new Map();
  document.querySelectorAll("main form[method=post] input[type=radio]").forEach((one) => {
    groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
  });
  groups.forEach((all) => { if (!all.some((one) => one.checked)) all[0].checked = true; });
  return groups.size > 0;
}"""
LANGUAGES = ("id", "en")
PASTED = """Nama Lengkap\tL/P\tTgl Lahir\tKebangsaan\tNo Paspor\tPaspor berlaku s.d.\tJabatan\tStatus
SATO YUI\tP\t25/03/1985\tJepang\tTR1234567\t31/12/2029\tManajer Produksi\ttetap
TANAKA HIRO\tL\t12/11/1979\tJepang\tTR1234568\t31/12/2030\tTeknisi\tbaru"""
EMPTY_SEARCH = "tidakadasamasekali"
# answers that are files, redirects or JSON: nothing a person reads in a browser
FILES = ("export", "template", "lookup", "healthz", "readyz", "metrics", "robots", "static", "attachment", "/html")
NOT_PAGES = (*FILES, ".pdf", ".png", ".xlsx", ".ics", "keluar", "/language")


def main() -> None:
    """Prints one line: violations found (goal 0), number of pages."""
    found: dict[str, int] = {}
    pages = 0
    with running() as site, chromium() as browser:
        ids = site.ids()
        for width, height in SIZES:
            for language in LANGUAGES:
                context = browser.new_context(viewport={"width": width, "height": height}, locale="id-ID")
                for name, rules in walk(context, site, ids, language):
                    pages += 1
                    for rule in rules:
                        key = f"{name} {width}px {language}: {rule}"
                        found[key] = found.get(key, 0) + 1
                context.close()
    for key in sorted(found):
        print(json.dumps({"violation": key}))
    line = {"figure": "axe", "value": len(found), "unit": "violations", "ratio": None, "against": "WCAG 2.2 A, AA",
            "goal": "0", "ok": not found and pages >= 60, "n": pages}  # fmt: skip
    print(json.dumps(line))
    if found:
        raise SystemExit(1)


def walk(context: BrowserContext, site: Site, ids: dict[str, Any], language: str) -> Iterator[tuple[str, list[str]]]:
    """(page, what is wrong on it) for every page."""
    page = context.new_page()
    page.goto(site.staff_link())
    page.click("main button[type=submit]")
    for path in staff_paths(ids):
        yield from look(page, site, path, language)
        if "/new/" in path or path.endswith(("/return", "/reject")):
            send_empty(page)
            yield f"{path} (faulty)", violations(page)
    yield from company_pages(context.browser.new_context(viewport=page.viewport_size), site, ids, language)  # type: ignore[union-attr]


def staff_paths(ids: dict[str, Any]) -> list[str]:
    """Every page of the staff door: those of each registry in its states, then the screens that are not lists."""
    from app.config import settings
    from app.factory import create_app
    from app.registry import registries

    paths = ["/staff/"]
    for key in registries():
        base = f"/staff/{key}"
        paths += [f"{base}/", f"{base}/?q={EMPTY_SEARCH}", f"{base}/?trash=1", f"{base}/new/"]
        if ids.get(key):
            paths += [f"{base}/{view}/?id={ids[key]}" for view in ("details", "edit", "delete", "history", "compare")]
            paths += [f"{base}/version/?id={ids[key]}&v=1", f"{base}/revert/?id={ids[key]}&to=1"]
    known = {"public_id": ids["waiting"], "kind": "link"}
    adapter = create_app(settings()).url_map.bind("localhost")
    for rule in adapter.map.iter_rules():
        special = {"staff_links.index": ids["company"], "staff_mail.show": ids["outbox_message"]}
        named = {**known, "public_id": special.get(rule.endpoint, ids["waiting"])}
        if (
            "GET" not in (rule.methods or ())
            or any(word in rule.rule for word in NOT_PAGES)
            or not rule.rule.startswith("/staff/")
        ):
            continue
        if any(rule.endpoint.startswith(f"staff_{key}.") for key in registries()) or rule.endpoint == "admin.index":
            continue
        if rule.arguments <= named.keys():
            paths.append(adapter.build(rule.endpoint, {name: named[name] for name in rule.arguments}))
    paths += ["/staff/inbox/?tab=fix", f"/staff/inbox/?q={EMPTY_SEARCH}", "/staff/inbox/?tab=done"]
    paths += ["/akun/kata-sandi", "/akun/keamanan", "/akun/keamanan/passkey", "/akun/keamanan/aplikasi"]
    return paths


def company_pages(
    context: BrowserContext, site: Site, ids: dict[str, Any], language: str
) -> Iterator[tuple[str, list[str]]]:
    """The public door: open pages, then the steps behind a link as far as one walks without typing."""
    page = context.new_page()
    for path in (
        "/",
        "/aksesibilitas",
        "/masuk",
        "/tidak-ada",
        f"/v/{ids['receipt']}",
        "/v/SNG-2026-XXXX-X",
        "/belum-menerima-tautan",
    ):
        yield from look(page, site, path, language)
    page.goto(f"{site.company_link()}?lang={language}")
    yield "link: landing", violations(page)
    page.click("main button[type=submit]")
    seen: set[str] = set()
    waiting = [page.url]
    while waiting and len(seen) < 40:
        url = waiting.pop(0)
        path = url.removeprefix(site.url).split("?")[0].split("#")[0]
        if path in seen or any(word in path for word in NOT_PAGES):
            continue
        seen.add(path)
        if page.url != url:
            page.goto(f"{site.url}{path}?lang={language}")
        yield f"link: {path}", violations(page)
        waiting += (
            page.eval_on_selector_all("main a[href]", "found => found.map(one => one.href)")
            if page.url.startswith(site.url)
            else []
        )
        waiting = [
            one for one in waiting if one.startswith(f"{site.url}/") and "/staff" not in one and "/masuk" not in one
        ]
        if page.query_selector("main form[method=post]") is not None:
            send_empty(page)
            yield f"link: {path} (sent empty)", violations(page)
            waiting.append(page.url)
            page.goto(f"{site.url}{path}?lang={language}")
            if page.evaluate(FIRST_CHOICES):
                send_empty(page)
                waiting.append(page.url)
    yield from journey(page, site, language)
    context.close()


def journey(page: Page, site: Site, language: str) -> Iterator[tuple[str, list[str]]]:
    """A whole report: one by one, upload, paste with faults, the worksheet, check, receipt."""
    page.goto(f"{site.fresh_link()}?lang={language}")
    page.click("main button[type=submit]")
    duty = page.eval_on_selector("main a[href*='/laporan/']", "one => one.pathname.split('/').slice(0, 3).join('/')")

    def choose(mode: str) -> None:
        page.goto(f"{site.url}{duty}?lang={language}")
        page.check(f"input[name=mode][value={mode}]", force=True)
        with page.expect_navigation():
            page.click("main form[method=post] button[type=submit]")

    for mode in ("one", "upload"):
        choose(mode)
        yield f"journey: {mode}", violations(page)
        send_empty(page)
        yield f"journey: {mode} (sent empty)", violations(page)
    choose("paste")
    yield "journey: paste", violations(page)
    for rows, name in (
        (PASTED.replace("Jepang", "Jepamg").replace("31/12/2029", "31/02/2029"), "fix"),
        (PASTED, "check"),
    ):
        choose("paste")
        page.fill("textarea", rows)
        with page.expect_navigation():
            page.click("main form[method=post] button[type=submit] >> nth=0")
        yield f"journey: {name}", violations(page)
        if name == "fix":
            page.goto(f"{site.url}{duty}/perbaiki?semua=1&lang={language}")
            page.wait_for_timeout(500)
            yield "journey: worksheet", violations(page)
            page.goto(f"{site.url}{duty}/kolom?lang={language}")
            yield "journey: columns", violations(page)
    if "periksa" not in page.url:
        with page.expect_navigation():
            page.click("button[name=do][value=next]")
    yield "journey: check", violations(page)
    page.fill("input[name=name]", "")
    with page.expect_navigation():
        page.click("button[name=do][value=send]")
    yield "journey: check (faulty)", violations(page)
    page.fill("input[name=name]", "Siti Contoh")
    page.fill("input[name=position]", "Manajer HRD")
    with page.expect_navigation():
        page.click("button[name=do][value=send]")
    yield "journey: receipt", violations(page)


def look(page: Page, site: Site, path: str, language: str) -> Iterator[tuple[str, list[str]]]:
    separator = "&" if "?" in path else "?"
    answer = page.goto(f"{site.url}{path}{separator}lang={language}")
    kind = answer.headers.get("content-type", "") if answer else ""
    if "html" in kind:
        yield path, violations(page)


def send_empty(page: Page) -> None:
    """Send the page's form as it stands, past what scripts would say."""
    with page.expect_navigation():
        page.evaluate("document.querySelector('main form[method=post]').submit()")


def violations(page: Page) -> list[str]:
    """Rules broken on the page as it stands, with the first element of each."""
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", TAGS
    )
    return [f"{one['id']} {one['nodes'][0]['target']} {one['nodes'][0]['html'][:120]}" for one in result["violations"]]


if __name__ == "__main__":
    os.environ.setdefault("SINERGI_LOG_LEVEL", "WARNING")
    main()
