"""Looks at a page with axe-core at both widths, by day and by night, and keeps what is wrong on it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from bench._site import AXE, TAGS, Site

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Response
    from werkzeug.routing import MapAdapter

SIZES = ((1280, 800), (360, 740))
SCHEMES = ("light", "dark")
ASKED_AGAIN = (401, 409, 422)  # the form comes back: to prove, to decide, to correct
REFUSED = "(refused)"  # in the name of a state that is an error page
# By night only colours differ: the other rules have judged the same page by day.
BY_DAY: dict[str, Any] = {"runOnly": {"type": "tag", "values": TAGS}}
BY_NIGHT: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# One loop draws the rows of a table, so the first dozen stand for all; without that lists take most of the time.
LOOK = """asked => axe.run({exclude: ["tbody tr:nth-child(n+13)"]},
  {...asked, resultTypes: ["violations"], preload: false}).then(
  found => found.violations.map(one => [one.id, `${one.nodes.length}x ${one.nodes[0].html.slice(0, 200)}`]))"""
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# From the top: a bar that stays while the page scrolls covers now this link by half, now that one.
STILL = "scrollTo(0, 0); document.getAnimations().forEach(one => { try { one.finish() } catch { one.cancel() } })"

State = tuple[str, Callable[[], None]]  # (name of the page and its state, what brings a browser there)
States = Iterator[State]


class Fault(NamedTuple):
    """One rule broken on one page."""

    page: str
    rule: str
    where: str


@dataclass
class Report:
    """What all eyes saw: pages by name, each look counted; which routes answered; what was wrong."""

    looks: int = 0
    pages: set[str] = field(default_factory=set)
    endpoints: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def found(self, fault: Fault) -> None:
        self.faults.append(fault)
        print(json.dumps(fault._asdict(), ensure_ascii=False), flush=True)

    def join(self, other: Report) -> None:
        """As if one had seen both: a page is one page in either language, a fault of both is said once."""
        self.looks += other.looks
        self.pages |= other.pages
        self.endpoints |= other.endpoints
        self.faults = list(dict.fromkeys([*self.faults, *other.faults]))


class Skip(Exception):
    """A state that does not exist here, for example a cell to edit in a list without any."""


@dataclass
class Eye:
    """One person's browser in one language. `wanted` are the beginnings of the names of the pages to look at."""

    context: BrowserContext
    site: Site
    routes: MapAdapter
    language: str
    report: Report
    wanted: tuple[str, ...] = ()
    status: int = 200  # of the page that stands open

    def __post_init__(self) -> None:
        kept = {"name": "__Host-lang", "value": self.language, "url": self.site.url.replace("http:", "https:")}
        self.context.add_cookies([{**kept, "secure": True}])  # type: ignore[typeddict-item]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(12_000)
        self.page.on("response", self._answered)
        self.page.on("dialog", lambda asked: asked.accept())  # a form with unsaved changes may be left

    def see(self, states: States) -> None:
        """Bring the browser into each state and look. What cannot be reached is a fault like any other."""
        for name, reach in states:
            if not self.wants(name):
                continue
            self._size(SIZES[0], "light")
            try:
                reach()
                self._look(name)
            except Skip:
                continue
            except Exception as error:
                first = str(error).strip().partition("\n")[0][:200]
                self.report.found(Fault(name, "not reached", f"{self.page.url}: {first}"))

    def wants(self, name: str) -> bool:
        return not self.wanted or name.startswith(self.wanted)

    # ---- ways to a state

    def open(self, path: str) -> None:
        """A page by its path; the status is its own affair."""
        separator = "&" if "?" in path else "?"
        self.page.goto(f"{self.site.url}{path}{separator}lang={self.language}")

    def post_as_is(self, form: str = "main form[method=post]", **values: str) -> None:
        """Send a form as it stands, with other values in some of its fields, past what scripts would say."""
        with self.page.expect_navigation():
            self.page.evaluate(
                """([selector, values]) => {
                  const form = document.querySelector(selector);
                  Object.entries(values).forEach(([name, value]) => {
                    const boxes = form.querySelectorAll(`[name="${name}"]`);
                    boxes.forEach((box) => { box.value = value; });
                    if (boxes.length === 0) {
                      const box = Object.assign(document.createElement("input"), {type: "hidden", name, value});
                      form.append(box);
                    }
                  });
                  HTMLFormElement.prototype.submit.call(form);
                }""",
                [form, values],
            )

    def press(self, selector: str) -> None:
        """Press a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def unfold(self, selector: str) -> None:
        """Open what is folded."""
        if self.page.locator(selector).count() == 0:
            raise Skip
        self.page.eval_on_selector_all(selector, "found => found.forEach(one => { one.open = true; })")

    # ---- looking

    def _look(self, name: str) -> None:
        self._note(name)
        self.page.evaluate(AXE.read_text("utf-8"))
        for size in SIZES:
            for scheme in SCHEMES:
                self._size(size, scheme)
                self.report.looks += 1
                at = f"{name} [{size[0]} {self.language} {scheme}]"
                found = self.page.evaluate(LOOK, BY_DAY if scheme == "light" else BY_NIGHT)
                for rule, where in found:
                    self.report.found(Fault(at, rule, where))
                self._picture(name, size[0], scheme)
            if self.page.evaluate(WIDE):
                self.report.found(Fault(f"{name} [{size[0]} {self.language}]", "scrolls sideways", ""))

    def _note(self, name: str) -> None:
        spoken = self.page.evaluate("document.documentElement.lang")
        if spoken != self.language:
            self.report.found(Fault(f"{name} [{self.language}]", "wrong language", str(spoken)))
        if self.status >= 400 and self.status not in ASKED_AGAIN and REFUSED not in name:
            self.report.found(Fault(f"{name} [{self.language}]", f"answered {self.status}", self.page.url))
        self.report.pages.add(name)
        path = urlsplit(self.page.url).path
        for method in ("GET", "POST"):
            if self.routes.test(path, method):
                self.report.endpoints.add(self.routes.match(path, method)[0])

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status

    def _size(self, size: tuple[int, int], scheme: str) -> None:
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.evaluate(STILL)

    def _picture(self, name: str, width: int, scheme: str) -> None:
        folder = os.environ.get("PICTURES")
        if folder and self.language == os.environ.get("PICTURES_LANG", "id"):
            file = re.sub(r"\W+", "-", name).strip("-")
            self.page.screenshot(path=Path(folder) / f"{file}-{width}-{scheme}.png", full_page=True)
