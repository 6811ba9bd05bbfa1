"""The questions a list is asked, in the words of each contender, and asking them in turn."""

from __future__ import annotations

import statistics
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from bench import _million
from bench._contenders import Contender

PAGE = 50
DEEP = 0.95  # of the rows lie before the deep page
NO_HIT = "mandirijaya"  # every three letters of it stand somewhere
SECTOR, ZONE, STATUS = "B", 3, "closed"
Paths = dict[str, dict[str, str]]  # question → kind of contender → address


@dataclass
class Times:
    """Seconds by contender and question."""

    questions: list[str]
    seconds: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def median(self, name: str, question: str) -> float:
        return statistics.median(self.seconds[name, question])

    def count(self, name: str, question: str) -> int:
        return len(self.seconds.get((name, question), ()))


def questions(url: str, rows: int) -> Paths:
    """Every question and its addresses, for the rows of this database."""
    known = _facts(url, rows)
    last, nib = -(-rows // PAGE), _million.one_nib(rows)
    deep = int(rows * DEEP) // PAGE
    ours, flask, django = "/staff/company/", "/admin/company/", "/admin/peer/company/"
    return {
        "first page": {"product": ours, "flask_admin": flask, "django": django},
        "depth 950,000": {
            "product": f"{ours}?cursor={known['deep']}",
            "flask_admin": f"{flask}?page={deep}",
            "django": f"{django}?p={deep + 1}",
        },
        "last page": {
            "product": f"{ours}?cursor=end",
            "flask_admin": f"{flask}?page={last - 1}",
            "django": f"{django}?p={last}",
        },
        **{
            name: {
                "product": f"{ours}?q={words}",
                "flask_admin": f"{flask}?search={words}",
                "django": f"{django}?q={words}",
            }
            for name, words in (
                ("search 75k hits", _million.COMMON),
                ("search 1 hit", nib),
                ("search 0 hits", NO_HIT),
            )
        },
        "selective filter": {
            "product": f"{ours}?f_status={STATUS}",
            "flask_admin": f"{flask}?flt0_status_equals={STATUS}",
            "django": f"{django}?status__exact={STATUS}",
        },
        "two filters": {
            "product": f"{ours}?f_sector={SECTOR}&f_zone={known['zone']}",
            "flask_admin": f"{flask}?flt0_sector_equals={SECTOR}&flt1_zone_id_equals={ZONE}",
            "django": f"{django}?sector__exact={SECTOR}&zone__id__exact={ZONE}",
        },
        "facets on": {"product": f"{ours}?counts=1", "django": f"{django}?_facets=True"},
        "facets on, two filters": {
            "product": f"{ours}?counts=1&f_sector={SECTOR}&f_zone={known['zone']}",
            "django": f"{django}?_facets=True&sector__exact={SECTOR}&zone__id__exact={ZONE}",
        },
    }


def ask_all(
    contenders: list[Contender],
    asked: Paths,
    rounds: int,
    seldom: set[str],
    every: int,
    *,
    beside: tuple[Contender, Paths] | None = None,
) -> Times:
    """Each question to each contender in turn, `rounds` times; the `seldom` only every so many rounds.

    The first round warms up and is not kept. `beside` is one more contender with addresses of its own.
    """
    turns = [(one, asked) for one in contenders] + ([beside] if beside else [])
    times = Times(list(asked))
    for number in range(rounds + 1):
        for question in asked:
            for one, paths in turns:
                path = paths[question].get(one.kind)
                if path is None or (one.name in seldom and number and number % every != 1):
                    continue
                one.rest()
                one.ask(_warm(one))  # the connection is new
                seconds, page = one.ask(path)
                if number:
                    times.seconds[one.name, question].append(seconds)
                else:
                    _check(one, question, page)
                    print(f"{one.name}: {question}: {seconds * 1000:.0f} ms", file=sys.stderr)
    return times


def _warm(one: Contender) -> str:
    """Something small of the same server, so that what is measured waits for no new connection."""
    return {"product": "/healthz", "django": "/admin/password_change/", "flask_admin": "/admin/"}[one.kind]


_ROWS = {"product": 'id="row-', "flask_admin": 'name="rowid"', "django": 'class="action-select"'}


def _check(one: Contender, question: str, page: str) -> None:
    """The page holds as many rows as were asked for, so that nobody is measured at something easier."""
    found = page.count(_ROWS[one.kind])
    wanted = {"search 1 hit": 1, "search 0 hits": 0}.get(question, PAGE)
    few = question in ("last page", "two filters", "facets on, two filters")
    assert found == wanted or (few and 0 < found <= PAGE), (one.name, question, found)


def _facts(url: str, rows: int) -> dict[str, Any]:
    """The cursor of the deep page and the public id of a zone."""
    from sqlalchemy import text

    from app import database
    from app.queries import keyset

    with database.engine(url).connect() as connection:
        zone = connection.execute(text("SELECT public_id FROM zone WHERE id = :id"), {"id": ZONE}).scalar_one()
        place = "SELECT legal_name, id FROM company WHERE deleted_at IS NULL ORDER BY legal_name, id LIMIT 1 OFFSET :n"
        found = connection.execute(text(place), {"n": int(rows * DEEP) - 1}).mappings().one()
        deep = keyset.encoded("n", dict(found), "legal_name")
    database.engine(url).dispose()
    return {"zone": zone, "deep": deep}
