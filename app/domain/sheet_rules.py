"""Row rules of the report of foreign workers. Oddities between cells are notes: the sender may be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from app.domain.errors import Problem
from app.domain.grid import Note
from app.domain.sheet_rows import DefaultFrom, RowRule

_LEAVING = "keluar"
_YOUNGEST, _OLDEST = 18, 75
_FORESEEN = timedelta(days=366)  # a day of leaving further ahead is more likely a slip of the year
_LETTER_O = re.compile(r"(?<=\d)O(?=\d|$)|(?<=[A-Z])O(?=\d{4})")


def left_on_with_leaving(row: Mapping[str, Any], today: date) -> Iterable[Problem | Note]:
    """Who has left has left on a day; who has not left has none."""
    if "change" not in row or "left_on" not in row:
        return
    left_on, change = row["left_on"], row["change"]
    if change == _LEAVING and left_on is None:
        yield Problem("required", field="left_on", params={"kind": "leaving"})
    elif change is not None and change != _LEAVING and left_on is not None:
        yield Note("left_without_leaving", {"field": "left_on", "value": left_on.isoformat()})


def born_before_today(row: Mapping[str, Any], today: date) -> Iterable[Problem | Note]:
    """Nobody is born in the future; an unlikely age is only asked about."""
    born = row.get("birth_date")
    if born is None:
        return
    if born > today:
        yield Problem("out_of_range", field="birth_date", params={"kind": "future", "max": today.isoformat()})
        return
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not _YOUNGEST <= age <= _OLDEST:
        yield Note("age_unlikely", {"field": "birth_date", "age": age})


def foreign(row: Mapping[str, Any], today: date) -> Iterable[Problem | Note]:
    """The report is of foreign nationals; an Indonesian in it is probably a slip."""
    if row.get("nationality") == "IDN":
        yield Note("nationality_indonesian", {"field": "nationality", "value": "IDN"})


def work_in_order(row: Mapping[str, Any], today: date) -> Iterable[Problem | Note]:
    """Work begins after birth and before it ends."""
    started, left, born = row.get("started_on"), row.get("left_on"), row.get("birth_date")
    if started and left and left < started:
        yield Note(
            "left_before_start", {"field": "left_on", "value": left.isoformat(), "started_on": started.isoformat()}
        )
    if left and left > today + _FORESEEN:
        yield Note("left_far_ahead", {"field": "left_on", "value": left.isoformat()})
    if started and born and started <= born <= today:
        yield Note("started_before_birth", {"field": "started_on", "value": started.isoformat()})


def documents_in_order(row: Mapping[str, Any], today: date) -> Iterable[Problem | Note]:
    """A passport that has run out, or that the permit outlives, is odd; both happen."""
    passport, permit = row.get("passport_expires_on"), row.get("permit_expires_on")
    stays = row.get("change") != _LEAVING
    if permit and stays and not row.get("permit_number"):
        yield Note("permit_number_missing", {"field": "permit_number"})
    if passport and stays and passport < today:
        yield Note("passport_expired", {"field": "passport_expires_on", "value": passport.isoformat()})
    if permit and stays and permit < today:
        yield Note("permit_expired", {"field": "permit_expires_on", "value": permit.isoformat()})
    if passport and permit and permit > passport:
        yield Note("permit_outlives_passport", {"field": "permit_expires_on", "value": permit.isoformat()})


def o_or_zero_in_passport(row: Mapping[str, Any], today: date) -> Iterable[Problem | Note]:
    """An O among digits is usually a zero. It is asked, never changed."""
    number = row.get("passport_number")
    if number and "O" in number and _LETTER_O.search(number):
        yield Note(
            "passport_o_or_zero", {"field": "passport_number", "value": number, "likely": _LETTER_O.sub("0", number)}
        )


def retired_visa_index(row: Mapping[str, Any], today: date) -> Iterable[Problem | Note]:
    """Indices withdrawn in 2024 and 2025 are still on many permits."""
    index = row.get("visa_index")
    if not index:
        return
    now = replacement(index)
    if now:
        yield Note("visa_index_retired", {"field": "visa_index", "value": index, "replaced_by": now})


@lru_cache(maxsize=1024)
def replacement(index: str) -> str | None:
    """The visa index that took the place of a withdrawn one; None for one still in use."""
    plain = re.sub(r"[^A-Z0-9]", "", index.upper())
    return RETIRED.get(plain) or next((new for pattern, new in _RETIRED_SERIES if pattern.fullmatch(plain)), None)


# Kepmen Imipas M.IP-08.GR.01.01/2025 joined E23B to E23T and E23W in E23 (U, V remain); 2024 made C1, C2 of B211A, B.
RETIRED = {"B211A": "C1", "B211B": "C2", "B211": "C1", "C312": "E23", "312": "E23"}
_RETIRED_SERIES = ((re.compile(r"E23[B-TW]"), "E23"),)

WORKER_RULES: tuple[RowRule, ...] = (
    DefaultFrom("passport_country", "nationality"),
    left_on_with_leaving,
    born_before_today,
    foreign,
    work_in_order,
    documents_in_order,
    o_or_zero_in_passport,
    retired_visa_index,
)
