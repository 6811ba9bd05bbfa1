"""axe-core (WCAG 2.2 A and AA) on every page × 360 and 1280 px × id and en × usual, faulty and empty × day and night.

Both languages are walked at once, each in a process with an office and a browser of its own; what is wrong is said as
soon as it is seen. `make bench ONLY=axe PAGES=company:,journey:` looks at the pages whose names begin so;
PICTURES=FOLDER keeps a picture of each. What there is to look at comes from the URL map: a GET route that is neither
looked at nor excused in `routes` is a finding like any other.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from bench._site import chromium, running

if TYPE_CHECKING:
    from bench.axe.eye import Report

LANGUAGES = ("id", "en")
FEWEST = 300  # pages of a whole walk: fewer, and the walk itself is broken


def main() -> None:
    """Prints the findings and one line: how many there are (goal 0), and how many looks were taken."""
    os.environ.setdefault("SINERGI_LOG_LEVEL", "WARNING")
    wanted = _wanted()
    with ProcessPoolExecutor(len(LANGUAGES), multiprocessing.get_context("spawn")) as walks:
        first, *others = walks.map(_walk, LANGUAGES)
    for other in others:
        first.join(other)
    _print(first, whole=not wanted)


def _wanted() -> tuple[str, ...]:
    return tuple(one for one in os.environ.get("PAGES", "").split(",") if one)


def _walk(language: str) -> Report:
    from bench.axe import walk

    with running() as site, chromium() as browser:
        return walk.all_pages(browser, site, language, _wanted())


def _print(report: Report, *, whole: bool) -> None:
    rules, pages = Counter(one.rule for one in report.faults), Counter(one.page for one in report.faults)
    print(json.dumps({"by rule": dict(rules.most_common())}), json.dumps({"by page": dict(pages.most_common(20))}))
    ok = not report.faults and (not whole or len(report.pages) >= FEWEST)
    line = {
        "figure": "axe",
        "value": len(report.faults),
        "unit": "violations",
        "ratio": None,
        "against": "WCAG 2.2 A, AA",
        "goal": "0",
        "ok": ok,
        "n": report.looks,
        "pages": len(report.pages),
    }
    print(json.dumps(line))
    if not ok:
        raise SystemExit(1)
