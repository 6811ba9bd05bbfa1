"""axe-core (WCAG 2.2 A and AA) on every page × 360 and 1280 px × id and en × usual, faulty and empty × day and night.

`make bench ONLY=axe PAGES=company:,journey:` looks at the pages whose names begin so; PICTURES=FOLDER keeps a
picture of each. What there is to look at comes from the URL map: a GET route that is neither looked at nor excused in
`routes` is a finding like any other.
"""

from __future__ import annotations

import json
import os
from collections import Counter

from bench._site import chromium, running

LANGUAGES = ("id", "en")
FEWEST = 300  # pages of a whole walk: fewer, and the walk itself is broken


def main() -> None:
    """Prints the findings and one line: how many there are (goal 0), and how many looks were taken."""
    os.environ.setdefault("SINERGI_LOG_LEVEL", "WARNING")
    from bench.axe import walk
    from bench.axe.eye import Report

    wanted = tuple(one for one in os.environ.get("PAGES", "").split(",") if one)
    report = Report()
    with running() as site, chromium() as browser:
        walk.all_pages(browser, site, report, wanted)
    _print(report, whole=not wanted)


def _print(report: object, *, whole: bool) -> None:
    from bench.axe.eye import Report

    assert isinstance(report, Report)
    for fault in report.faults:
        print(json.dumps({"page": fault.page, "rule": fault.rule, "where": fault.where}, ensure_ascii=False))
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
