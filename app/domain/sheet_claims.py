"""What is wrong with the columns as a whole: a field nobody carries, a field two columns claim. One problem each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.domain.errors import Problem
from app.domain.sheet_report import Column, shown

if TYPE_CHECKING:
    from app.domain.sheet_mapping import Matching


def problems(work: Matching, columns: Sequence[Column]) -> list[Problem]:
    return _missing(work, columns) + _duplicates(work, columns)


def _missing(work: Matching, columns: Sequence[Column]) -> list[Problem]:
    found = {key for column in columns for key in column.fields}
    wanted = [f for f in work.fields.values() if f.required and f.default is None]
    return [Problem("column_missing", field=f.key, params=_held(work, f.key)) for f in wanted if f.key not in found]


def _held(work: Matching, key: str) -> dict[str, Any]:
    """The column of that name which holds something else: "Status" over "Menikah" and "Lajang"."""
    position = next((p for p, doubted in work.doubted.items() if doubted == key and p not in work.found), None)
    if position is None:
        return {}
    samples = list(dict.fromkeys(shown(cell).strip()[:30] for cell in work.samples.get(position, ())))[:3]
    return {"kind": "held", "heading": work.headings[position], "samples": [f"“{text}”" for text in samples]}


def _duplicates(work: Matching, columns: Sequence[Column]) -> list[Problem]:
    """Two columns that both claim a field: said once, at the second."""
    found = []
    for position, key in sorted(work.rivals.items()):
        if work.open(position):
            first = next(c for c in columns if key in c.fields)
            second = columns[position]
            params = {
                "heading": second.heading, "first": first.heading, "columns": [first.letter, second.letter],
            }  # fmt: skip
            found.append(Problem("column_duplicate", field=key, column=second.letter, params=params))
    return found
