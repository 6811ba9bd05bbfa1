"""One record's page, its form and saving it, at a million rows."""

from __future__ import annotations

import statistics
from collections import defaultdict

from bench._contenders import Contender, largest_form
from bench._report import Report

MOST_MS = 25.0
ASKED = 5_000  # the record: an id the trash does not have
STEPS = ("record page", "record GET", "record POST")


def figures(
    report: Report, engine: str, url: str, ours: Contender, peers: list[Contender], rows: int, rounds: int
) -> None:
    """GET is the form of a company, POST that form with one field changed: checked, written, noted in the audit."""
    public_id = _public_id(url)
    forms = {
        "product": f"/staff/company/edit/?id={public_id}",
        "flask_admin": f"/admin/company/edit/?id={ASKED}",
        "django": f"/admin/peer/company/{ASKED}/change/",
    }
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    for number in range(rounds + 1):
        for one in [ours, *peers]:
            one.rest()
            one.ask(forms[one.kind])
            shown, page = one.ask(forms[one.kind])
            sent = one.send(forms[one.kind], largest_form(page) | {"address": f"Jalan Contoh {number}"})
            if number:
                seconds[one.name, "record GET"].append(shown)
                seconds[one.name, "record POST"].append(sent)
            if number and one is ours:
                seconds[one.name, "record page"].append(one.ask(f"/staff/company/details/?id={public_id}")[0])
    _check(url, rounds)
    for step in STEPS:
        value = statistics.median(seconds[ours.name, step]) * 1000
        beside = [
            f"{peer.name} {statistics.median(seconds[peer.name, step]) * 1000:.1f} ms"
            for peer in peers
            if seconds[peer.name, step]
        ]
        report.line(f"{step}, {engine}", value, "ms", f"<= {MOST_MS:g} ms", value <= MOST_MS,
                    len(seconds[ours.name, step]), ratio=value / MOST_MS,
                    against=", ".join([f"{rows:,} companies", *beside]))  # fmt: skip


def _public_id(url: str) -> str:
    return str(_row(url)[0])


def _check(url: str, number: int) -> None:
    assert _row(url)[1] == f"Jalan Contoh {number}", "the product stored what was sent"


def _row(url: str) -> tuple[str, str | None]:
    from sqlalchemy import text

    from app import database

    with database.engine(url).connect() as connection:
        row = connection.execute(text("SELECT public_id, address FROM company WHERE id = :id"), {"id": ASKED}).one()
    database.engine(url).dispose()
    return row[0], row[1]
