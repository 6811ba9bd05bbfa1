"""The sheet of a draft read anew, with other columns or answers: what people did to its rows is laid over it again."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.sheet_report import SheetReport
from app.operations import drafts


def rows_of(report: SheetReport) -> dict[int, drafts.Row]:
    """The rows as a reading alone gives them, by number."""
    data = drafts.empty()
    drafts.read_report(data, report, origin="sheet")
    return {row["n"]: row for row in data["rows"]}


def lay_over(data: drafts.Data, before: Mapping[int, drafts.Row], after: Mapping[int, drafts.Row]) -> None:
    """The rows of `data`, made of the reading `before`, as they would be made of `after`.

    Cells that differ from `before` were typed: they stay. People added stay; rows of `before` that are gone were
    removed or sent, and stay away.
    """
    mine = {row["n"]: row for row in data["rows"] if row["origin"] == "sheet"}
    added = [row for row in data["rows"] if row["origin"] != "sheet"]
    away = set(data.get("away", ())) | (before.keys() - mine.keys())
    rows: list[drafts.Row] = []
    for number in sorted(after.keys() | mine.keys()):
        row = mine.get(number)
        if row is not None:
            rows += _again(row, before.get(number), after.get(number))
        elif number not in away:
            rows.append(after[number])
    _renumber(added, {row["n"] for row in rows})
    data["rows"] = sorted([*rows, *added], key=lambda row: row["n"])
    data["away"] = sorted(away)


def _again(row: drafts.Row, before: drafts.Row | None, after: drafts.Row | None) -> list[drafts.Row]:
    """A row of the sheet, read anew; none where it is no row any more and nothing was typed in it."""
    old = before["cells"] if before else {}
    typed = {key for key in row["cells"].keys() | old.keys() if row["cells"].get(key) != old.get(key)}
    if after is None:
        return [row] if typed else []
    cells = {key: text for key, text in after["cells"].items() if key not in typed}
    cells |= {key: row["cells"][key] for key in typed if key in row["cells"]}
    return [{**row, "cells": cells, "given": after["given"]}]


def _renumber(added: list[drafts.Row], taken: set[int]) -> None:
    """A person added after the last row gives way to a row of the sheet that is read only now."""
    last = max(taken | {row["n"] for row in added}, default=0)
    for row in added:
        if row["n"] in taken:
            last += 1
            row["n"] = last
