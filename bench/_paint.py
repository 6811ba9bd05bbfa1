"""The first load of a staff list as somebody on a slow line has it: bytes, and when the largest part is painted."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from bench._contenders import Contender
from bench._report import Report
from bench._site import chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, SetCookieParam

KB, MOST_KB, MOST_S, TURNS = 1024, 250, 2.5, 5
SLOWER, BITS, LATENCY_MS = 4, 1_600_000, 150
LARGEST = """() => new Promise((found) => {
  let at = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) at = one.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
  setTimeout(() => found(at), 500);
})"""


def figures(report: Report, ours: Contender, peer: Contender) -> None:
    """Alternating, each time in a new profile that has nothing in store."""
    seen: dict[str, list[tuple[float, int]]] = {ours.name: [], peer.name: []}
    with chromium() as browser:
        for _turn in range(TURNS):
            seen[ours.name].append(_load(browser, ours, "/staff/company/"))
            seen[peer.name].append(_load(browser, peer, "/admin/company/"))
    paint = {name: statistics.median(one[0] for one in found) for name, found in seen.items()}
    size = {name: statistics.median(one[1] for one in found) / KB for name, found in seen.items()}
    report.line("first load of the list", size[ours.name], "kB", f"<= {MOST_KB} kB", size[ours.name] <= MOST_KB, TURNS,
                ratio=size[peer.name] / size[ours.name],
                against=f"stock {peer.name} {size[peer.name]:.0f} kB")  # fmt: skip
    report.line("LCP of the list at 4x CPU and 1.6 Mbit/s", paint[ours.name], "s", f"<= {MOST_S} s",
                paint[ours.name] <= MOST_S, TURNS, ratio=paint[peer.name] / paint[ours.name],
                against=f"stock {peer.name} {paint[peer.name]:.2f} s")  # fmt: skip


def _load(browser: Browser, one: Contender, path: str) -> tuple[float, int]:
    """(seconds to the largest contentful paint, bytes of all bodies as sent)."""
    url = f"http://127.0.0.1:{one.client.port}"
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([_cookie(name, value) for name, value in one.client.cookies.items()])
    page = context.new_page()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    devtools: Any = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions",
                  {"offline": False, "latency": LATENCY_MS, "downloadThroughput": BITS / 8,
                   "uploadThroughput": BITS / 8})  # fmt: skip
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url + path, wait_until="networkidle", timeout=60_000)
    largest = float(page.evaluate(LARGEST)) / 1000
    context.close()
    assert largest > 0, path
    return largest, sum(sizes)


def _cookie(name: str, value: str) -> SetCookieParam:
    return {"name": name, "value": value, "domain": "127.0.0.1", "path": "/", "secure": name.startswith("__Host-")}
