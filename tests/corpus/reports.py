"""All reports of the corpus, always the same and in the same order."""

from __future__ import annotations

from collections.abc import Callable

from tests.corpus import lists_odd, lists_strange, lists_usual
from tests.corpus.report import Report

__all__ = ["Report", "reports"]


def reports() -> list[Report]:
    return [make() for make in _MAKERS]


_MAKERS: tuple[Callable[[], Report], ...] = (
    lists_usual.plain,
    lists_usual.ttl,
    lists_usual.two_rows,
    lists_usual.in_english,
    lists_usual.chinese_and_english,
    lists_usual.korean,
    lists_usual.semicolons,
    lists_usual.old_excel,
    lists_usual.libre_office,
    lists_odd.with_macros,
    lists_odd.pasted,
    lists_odd.from_a_mac,
    lists_odd.many_sheets,
    lists_odd.american,
    lists_odd.either_way,
    lists_odd.columns_wrong,
    lists_odd.never_calculated,
    lists_odd.serials,
    lists_strange.grouped,
    lists_strange.split_columns,
    lists_strange.without_headings,
    lists_strange.payroll_export,
    lists_strange.wrapped_headings,
    lists_strange.repeated_headings,
)
