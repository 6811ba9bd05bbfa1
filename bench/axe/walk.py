"""The whole walk in one language, each door with a browser of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.config import settings
from app.factory import create_app
from app.registry import registries
from bench._site import Site
from bench.axe import account, between, colours, company, keyboard, registry_pages, routes, screens
from bench.axe.eye import Eye, Fault, Report
from bench.axe.stock import Stock, lay_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def all_pages(browser: Browser, site: Site, language: str, wanted: tuple[str, ...]) -> Report:
    """Look at everything whose name begins with one of `wanted` (none: at everything, and whether it is everything)."""
    map_, report = create_app(settings()).url_map, Report()
    adapter, stock = map_.bind("localhost"), lay_in(site)
    for walk in (_public, _account, _staff):
        context = browser.new_context(locale="id-ID", timezone_id="Asia/Jakarta")
        walk(Eye(context, site, adapter, language, report, wanted), stock)
        context.close()
    if not wanted:
        for name in routes.unseen(map_, report.endpoints):
            report.found(Fault(name, "route never looked at", ""))
        for name in routes.needless(map_, report.endpoints):
            report.found(Fault(name, "needless excuse", ""))
    return report


def _public(eye: Eye, stock: Stock) -> None:
    eye.see(company.of(eye, stock))


def _account(eye: Eye, _stock: Stock) -> None:
    eye.see(account.of(eye))


def _staff(eye: Eye, stock: Stock) -> None:
    eye.open(eye.site.staff_link().removeprefix(eye.site.url))
    eye.press("main button[type=submit]")
    eye.see(screens.of(eye, stock))
    eye.see(between.of(eye, stock))
    for registry in registries().values():
        eye.see(registry_pages.of(eye, registry, stock))
    eye.see(keyboard.of(eye))
    eye.see(colours.of(eye, stock))
