"""The same pages in the colours an office chose for itself."""

from __future__ import annotations

from bench.axe.eye import Eye, States
from bench.axe.stock import Stock

OWN = {"dark red": "#7a1f5c", "blue": "#2f74c0", "black": "#000000"}


def of(eye: Eye, stock: Stock) -> States:
    """(name, what leads there)"""
    for name, colour in OWN.items():
        yield f"colours: {name}, settings", lambda colour=colour: _choose(eye, colour)  # type: ignore[misc]
        for place, path in {
            "home": "/staff/",
            "list": "/staff/company/?counts=1&q=contoh",
            "record": f"/staff/company/details/?id={stock.first['company']}",
            "form": "/staff/contact/new/",
            "inbox": "/staff/inbox/",
            "public front": "/",
            "public form": "/lapor",
        }.items():
            yield f"colours: {name}, {place}", lambda path=path: eye.open(path)  # type: ignore[misc]
    yield "colours: usual", lambda: _choose(eye, "")


def _choose(eye: Eye, colour: str) -> None:
    eye.open("/staff/settings/office")
    eye.page.fill("[name=office_colour]", colour)
    eye.press("main form.panel .form-acts .btn-primary")
