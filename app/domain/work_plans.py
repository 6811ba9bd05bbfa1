"""What is so about foreign-worker plans (RPTKA) and their levy (DKPTKA): where they lie, what is odd about them.

Sources: PP 34/2021 art. 21 (terms, extension), Permenaker 8/2021 (kinds), Kepmenaker 349/2019 (barred positions, kept
as dated records). Remarks only: none of this decides anything about a company or a person.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.errors import Problem
from app.domain.row_rules import across
from app.domain.types.text import fold

Row = Mapping[str, Any]
LONGEST_MONTHS = {"temporary": 6, "over_6_months": 24, "non_dkptka": 24, "kek": 60}
LEVY_USD = Decimal(100)  # a worker and month; to be confirmed by the office (open point 6 of the domain)
_CODES = "worksites.region.code"


def regions_of(row: Row) -> str | None:
    """Where the work sites lie: it decides to whom the levy of an extension goes. None while a site has no region."""
    codes = [code for code in row.get(_CODES) or () if code]
    if not codes or len(codes) < len(row.get("worksites") or ()):
        return None
    if len({code[:2] for code in codes}) > 1:
        return "several_provinces"
    return "one_kab" if len({code[:5] for code in codes}) == 1 else "several_kab"


@across("worksites.company")
def sites_of_the_company(row: Row) -> Iterable[Problem]:
    """Every work site is one of the plan's own company."""
    if any(owner != row.get("company") for owner in row.get("worksites.company") or ()):
        yield Problem("worksite_of_another", field="worksites")


@across("@barred_position")
def barred(row: Row) -> Iterable[Problem]:
    """The position is on the list of those a foreigner may not hold, as the list stood when the plan began."""
    said = f" {fold(row.get('position') or '')} "
    for entry in row.get("@barred_position") or ():
        names = [entry["name"], entry["name_en"], *(entry["aliases"] or "").split(",")]
        if _runs(entry, row.get("starts_on")) and any(f" {fold(one)} " in said for one in names if one and fold(one)):
            yield Problem("position_barred", field="position", params={"name": entry["name"], "basis": entry["basis"]})


def longer_than_usual(row: Row) -> Iterable[Problem]:
    """The plan runs longer than its kind may."""
    months = LONGEST_MONTHS.get(row.get("kind") or "")
    starts, ends = row.get("starts_on"), row.get("ends_on")
    if months and starts and ends and ends >= months_later(starts, months):
        yield Problem("plan_too_long", field="ends_on", params={"months": months})


@across("company.<work_plan:company")
def same_post_twice(row: Row) -> Iterable[Problem]:
    """Another running plan of the company names the same position."""
    for other in row.get("company.<work_plan:company") or ():
        running = other["status"] in ("in_force", "renewal_due") and row.get("status") in ("in_force", "renewal_due")
        if running and other["id"] != row.get("id") and fold(other["position"]) == fold(row.get("position") or ""):
            yield Problem("post_twice", field="position", params={"other": other["approval_no"] or "–"})
            return


@across("work_plan.starts_on", "work_plan.ends_on")
def paid_beyond_the_plan(row: Row) -> Iterable[Problem]:
    """More months are paid than the plan lasts."""
    starts, ends, months = row.get("work_plan.starts_on"), row.get("work_plan.ends_on"), row.get("months")
    if starts and ends and months and months > months_between(starts, ends):
        yield Problem("levy_beyond_plan", field="months", params={"months": months_between(starts, ends)})


def unusual_amount(row: Row) -> Iterable[Problem]:
    """The amount is not the usual one for these people and months."""
    months, persons, amount = row.get("months"), row.get("persons"), row.get("amount_usd")
    if months and persons and amount is not None and amount != LEVY_USD * months * persons:
        facts = {"usd": LEVY_USD, "persons": persons, "months": months, "expected": LEVY_USD * months * persons}
        yield Problem("levy_unusual", field="amount_usd", params=facts)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of its month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> int:
    """Months begun from the first day to the last, both counted."""
    count = 1
    while months_later(first, count) <= last:
        count += 1
    return count


def _runs(entry: Row, day: date | None) -> bool:
    begins, ends = entry["valid_from"], entry["valid_until"]
    return day is None or ((begins is None or begins <= day) and (ends is None or day <= ends))
