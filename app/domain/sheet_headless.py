"""Rows copied without their headings: columns known by what their cells can only be.

This is the one place where content alone decides; the sender is asked to look at the result.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from statistics import median
from typing import TYPE_CHECKING, Any

from app.domain.semantic import Invalid

if TYPE_CHECKING:
    from app.domain.sheet_mapping import Matching

SURE = 0.8  # share of the sample a type must take
_PASSPORT = re.compile(r"[A-Z]{1,3}\d{5,9}[A-Z]?|\d{8,9}|[A-Z]\d\d[A-Z0-9]{5,6}")
_PERMIT = re.compile(r"\d[A-Z]\d\d[A-Z]{2}\d{3,6}-?[A-Z]?")
_LISTS = ("sex", "change", "permit_kind", "nationality")


def settle(work: Matching) -> None:
    """Lists and numbers first, then dates by how far away they lie, then names and the words that are left."""
    places = [p for p in range(len(work.headings)) if work.open(p) and work.samples.get(p)]
    for key in _LISTS:
        for place in places:
            if work.open(place) and work.free(key) and work.taken(key, place) >= SURE:
                work.take(place, (key,), "content")
    _by_shape(work, places, "permit_number", _PERMIT)
    _by_shape(work, places, "passport_number", _PASSPORT)
    _dates(work, places)
    texts = [p for p in places if work.open(p) and _is_words(work.samples[p])]
    for key in ("full_name", "job_title"):
        fitting = [p for p in texts if work.open(p) and work.free(key) and work.taken(key, p) >= SURE]
        if key == "full_name":
            fitting = [p for p in fitting if _spaced(work.samples[p])] or fitting
        if fitting:
            work.take(fitting[0], (key,), "content")


def _by_shape(work: Matching, places: Sequence[int], key: str, shape: re.Pattern[str]) -> None:
    for place in places:
        sample = work.samples[place]
        fitting = sum(
            bool(shape.fullmatch(re.sub(r"[ .\-]", "", str(v)).upper())) for v in sample if not isinstance(v, date)
        )
        if work.open(place) and work.free(key) and fitting >= SURE * len(sample):
            work.take(place, (key,), "content")


def _dates(work: Matching, places: Sequence[int]) -> None:
    if "birth_date" not in work.fields:
        return
    known = [(p, _year(work, work.samples[p])) for p in places if work.open(p) and work.taken("birth_date", p) >= SURE]
    years = [(p, year) for p, year in known if year is not None]
    now = max((year for _, year in years), default=0)
    for place, year in years:
        order = ("birth_date",) if year <= now - 20 else ("passport_expires_on", "permit_expires_on")
        key = next((key for key in order if work.free(key)), None)
        if key is not None:
            work.take(place, (key,), "content")


def _year(work: Matching, sample: Sequence[Any]) -> float | None:
    found = []
    for value in sample:
        try:
            day = value if isinstance(value, date | datetime) else work.fields["birth_date"].type.parse(value)
        except Invalid:
            continue
        found.append(day.year)
    return median(found) if found else None


def _is_words(sample: Sequence[Any]) -> bool:
    return all(isinstance(v, str) for v in sample) and len(set(sample)) * 3 > len(sample)


def _spaced(sample: Sequence[Any]) -> bool:
    return sum(" " in str(v).strip() for v in sample) * 2 > len(sample)
