"""How many times one presses Tab from the address of a list to its first row."""

from __future__ import annotations

from app.registry import registries
from bench.axe.eye import Eye, Skip, States

MOST = 3
ON_ROW = "document.activeElement.closest('tbody tr') !== null"
SKIPS = "(document.activeElement.getAttribute('href') ?? '').startsWith('#row-')"


def of(eye: Eye) -> States:
    """(name, what leads there); a list whose first row is further away is not reached. The lists were looked at."""
    for key in registries():
        yield f"keyboard: {key}", lambda key=key: _to_first_row(eye, key)  # type: ignore[misc]


def _to_first_row(eye: Eye, key: str) -> None:
    eye.open(f"/staff/{key}/")
    if eye.page.locator("tbody tr").count() == 0:
        raise Skip
    for _stop in range(MOST):
        eye.page.keyboard.press("Tab")
        if eye.page.evaluate(SKIPS):
            eye.page.keyboard.press("Enter")
        if eye.page.evaluate(ON_ROW):
            raise Skip
    raise AssertionError(f"more than {MOST} Tab stops to the first row")
