"""First load of a company page and of a staff list: every body as it crosses the wire, and every host asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.web.assets import manifest
from bench._site import chromium, running

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KB = 1024
LIMITS = {"public.js": 15, "staff.js": 35, "grid.js": 65}


def main() -> None:
    """One line a page, one a bundle, one for requests to other hosts."""
    lines = []
    with running() as site, chromium() as browser:
        state = browser.new_context()
        page = state.new_page()
        page.goto(site.staff_link())
        page.click("main button[type=submit]")
        cookies = state.cookies()
        for name, path, limit, known in (
            ("company page", site.company_link().removeprefix(site.url), 60, []),
            ("staff list", "/staff/company/", 250, cookies),
        ):
            size, requests, foreign = first_load(browser, site.url + path, known)
            lines.append(
                _line(f"weight {name}", round(size / KB, 1), "kB", f"<= {limit}", size <= limit * KB, requests)
            )
            lines.append(_line(f"other hosts {name}", foreign, "requests", "0", foreign == 0, requests))
    files = manifest()["files"]
    for name, limit in LIMITS.items():
        size = files[name]["gzip"]
        lines.append(_line(f"weight {name}", round(size / KB, 1), "kB", f"<= {limit}", size <= limit * KB, 1))
    for line in lines:
        print(json.dumps(line))
    if not all(line["ok"] for line in lines):
        raise SystemExit(1)


def first_load(browser: Browser, url: str, cookies: list) -> tuple[int, int, int]:  # type: ignore[type-arg]
    """(bytes of all bodies as sent, requests, requests to another host) of a page in a fresh profile."""
    context = browser.new_context()
    context.add_cookies(cookies)
    page = context.new_page()
    sizes, hosts = [], []
    page.on("request", lambda request: hosts.append(urlsplit(request.url).hostname))
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    context.close()
    return sum(sizes), len(hosts), sum(host not in ("127.0.0.1", None) for host in hosts)


def _line(figure: str, value: float, unit: str, goal: str, ok: bool, n: int) -> dict[str, object]:
    return {
        "figure": figure,
        "value": value,
        "unit": unit,
        "ratio": None,
        "against": "gzip",
        "goal": goal,
        "ok": ok,
        "n": n,
    }


if __name__ == "__main__":
    main()
