"""Finds the table in a sheet as people lay it out: titles above, headings on one to three rows, and a body.

Pure: a `Grid` in, a `Table` out. Words help (`vocabulary`: headings and aliases of the fields looked
for), structure decides without them. What is not a person's row is `app.domain.body_rows`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from functools import cached_property

from app.domain.body_rows import NUMBER_HEADINGS, Body, is_numbering, normal, spans, split_body
from app.domain.grid import Grid, Note, Table, Value
from app.domain.sheet_headings import words as meaning
from app.domain.sheet_labels import is_label, only_hints
from app.domain.sheet_report import letter

_LOOK = 200  # rows searched for headings
_MOST_ROWS = 3  # of one heading
_MERGES = 5000
_STEPS = 1_000_000  # cells of merged ranges looked at: ranges may claim whole sheets
_ADVICE = re.compile(  # names of sheets that explain the others
    r"petunjuk|instruksi|instruction|panduan|cara\b|contoh|example|sample|guide|read ?me|referensi|perlu diperbaiki",
    re.IGNORECASE,
)
_NO = NUMBER_HEADINGS - {""}


def find_table(grid: Grid, vocabulary: Collection[str] | None = None) -> Table:
    """The table of one sheet; `heading_rows` is empty where no row looks like headings.

    `vocabulary` holds headings as people write them; capitals and punctuation do not count.
    """
    sheet = _Sheet(grid, frozenset(map(normal, vocabulary or ())))
    base = sheet.base_row()
    if base is None:
        return _without_headings(grid)
    block = sheet.block(base)
    headings = sheet.headings(block)
    start = sheet.body_start(block[-1] + 1, headings)
    named = sorted(headings)
    body = split_body(grid, start, {column: headings[column] for column in named}, sheet.heading_words(block))
    columns = _columns(grid, headings, sheet.inherited(block), body)
    rows = [grid.row_numbers[i] for i in block]
    notes = [*_hidden_notes(grid), *body.notes]
    unnamed = [column for column in columns if column not in headings]
    if unnamed:
        notes.append(Note("columns_without_heading", {"columns": ", ".join(map(letter, unnamed))}))
    return Table(grid, rows, [headings.get(c, "") for c in columns], columns, body.rows, notes)


def table_weight(table: Table, vocabulary: Collection[str] | None = None) -> tuple[float, ...]:
    """How much a table looks like the one to read: filled, known headings, then its size; last its rows.

    Of sheets alike, a month each, the one left open when the file was saved counts a quarter more.
    """
    words = frozenset(map(normal, vocabulary or ()))
    known = sum(_known(heading, words) for heading in table.headings)
    size = min(len(table.columns), 30) * math.log1p(len(table.body)) * (1.25 if table.grid.active else 1)
    advice = _ADVICE.search(table.grid.sheet) is not None
    filled = bool(table.body) and (known > 1 or not words)
    return filled, known, bool(table.heading_rows), not advice, size, len(table.body)


def fill_merged(table: Table) -> list[Note]:
    """Write a value merged down over several rows of the body into each of them (in the grid, in place)."""
    grid = table.grid
    columns = set(table.columns)
    index = {grid.row_numbers[i]: i for i in table.body}
    filled, steps = 0, _STEPS
    for row1, column, row2, _ in grid.merged[:_MERGES]:
        if row2 == row1 or column not in columns or row1 not in index:
            continue
        value = _at(grid.rows[index[row1]], column)
        steps -= min(row2, grid.row_numbers[-1]) - row1
        if steps < 0:
            break
        for number in range(row1 + 1, min(row2, grid.row_numbers[-1]) + 1):
            row = grid.rows[index[number]] if number in index else None
            if row is not None and value is not None and _at(row, column) is None:
                row.extend([None] * (column + 1 - len(row)))
                row[column] = value
                filled += 1
    return [Note("merged_filled", {"count": filled})] if filled else []


class _Sheet:
    """The top of a grid with merged cells looked up; `i` is an index into `grid.rows`, `j` a column."""

    def __init__(self, grid: Grid, words: frozenset[str]) -> None:
        self.grid = grid
        self.words = words
        self.top = grid.rows[:_LOOK]
        first = grid.row_numbers[0] if grid.row_numbers else 1
        self.merged: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        steps = _STEPS
        width = max(map(len, grid.rows), default=0)
        for row1, column1, row2, far in grid.merged[:_MERGES]:
            column2 = min(far, width - 1)
            place = (row1 - first, column1, row2 - first, column2)
            rows = range(max(place[0], 0), min(place[2], len(self.top) + 2, place[0] + 10) + 1)
            steps -= len(rows) * max(column2 - column1 + 1, 1)
            if steps > 0:
                self.merged.update({(i, j): place for i in rows for j in range(column1, column2 + 1)})

    def cells(self, i: int) -> Iterator[tuple[int, Value]]:
        """What stands in a row, merged cells at their first column and row only."""
        if 0 <= i < len(self.grid.rows):
            yield from ((j, v) for j, v in enumerate(self.grid.rows[i]) if v is not None)

    @cached_property
    def _counts(self) -> list[tuple[int, int, int]]:
        """Labels, data, known words of each row of the top."""
        counts = []
        for i in range(len(self.top)):
            values = [v for _, v in self.cells(i)]
            labels = sum(is_label(v) for v in values)
            known = sum(isinstance(v, str) and _known(v, self.words) for v in values) if self.words else 0
            lettered = labels == len(values) and is_numbering(
                values, 3
            )  # "A B C …" may head a table that has nothing else
            counts.append((0, 0, 0) if lettered else (labels, len(values) - labels, known))
        return counts

    def base_row(self) -> int | None:
        """The fullest row of the headings, by words when they are known, else by shape."""
        best, most = None, 1
        for i, (labels, data, known) in enumerate(self._counts):
            if known - data > most and labels >= data:
                best, most = i, known - data
        return best if best is not None else self._base_by_shape()

    def _base_by_shape(self) -> int | None:
        typical = self._typical_width()
        for i, (labels, data, _) in enumerate(self._counts):
            enough = labels >= max(1, min(2, typical), math.ceil(0.6 * typical))
            if enough and data <= 0.2 * (labels + data) and self._distinct(i):
                return i
            if data > 1 and labels + data >= 0.6 * typical:
                break  # the data have begun
        lettered = (i for i in range(len(self.top) - 1) if len(list(self.cells(i))) > 2 and not any(self._counts[i]))
        return next(lettered, None)

    def _typical_width(self) -> int:
        """The middle width, each row weighing its square: many short lines on top weigh little."""
        widths = sorted(labels + data for labels, data, _ in self._counts)
        left = sum(width**2 for width in widths) / 2
        for width in widths:
            left -= width**2
            if left < 0:
                return width
        return 0

    def _distinct(self, i: int) -> bool:
        """Headings differ from each other; a row that says one thing many times is none."""
        texts = [normal(str(v)[:400]) for _, v in self.cells(i)]
        return len(texts) == 1 or len(set(texts)) > max(1, len(texts) // 4)

    def block(self, base: int) -> list[int]:
        rows = [base]
        while len(rows) < _MOST_ROWS and self._is_parent(rows[0] - 1, rows[0]):
            rows.insert(0, rows[0] - 1)
        while len(rows) < _MOST_ROWS and self._is_child(rows[-1] + 1, rows):
            rows.append(rows[-1] + 1)
        return rows

    def _is_parent(self, up: int, below: int) -> bool:
        """Whether the row above names groups of the headings below it."""
        cells = list(self.cells(up))
        if not cells or not all(is_label(v) and not str(v).rstrip().endswith(":") for _, v in cells):
            return False
        under = dict(self.cells(below))
        if any(self.merged.get((up, j), (0, 0, -1, 0))[2] >= below for j, _ in cells):
            return len(cells) > 1 or len(under) > 1
        spans = [self._span(up, j) for j, _ in cells]
        if len(cells) == 1 and (cells[0][0] <= min(under, default=0) or spans[0] > len(under) // 2):
            return False  # a title
        if all(1 < span < 0.8 * max(len(under), 1) for span in spans):
            return True
        fills = [j for j, _ in cells if j not in under]
        if fills and len(cells) > 1 and min(under, default=0) <= len(self.top[below]):
            return all(self._has_data_below(below, j) for j in fills)
        names = [normal(str(v)) for v in under.values()]
        return 1 < len(cells) < len(under) and len(set(names)) < len(names) and all(j in under for j, _ in cells)

    def _is_child(self, down: int, block: list[int]) -> bool:
        """Whether the row below still belongs to the headings."""
        cells = dict(self.cells(down))
        if not cells or not all(map(is_label, cells.values())) or only_hints(cells):
            return False
        above = dict(self.cells(block[-1]))
        if any(self.merged.get((block[-1], j), (0, 0, -1, 0))[2] >= down for j in above):
            return True
        wide = [j for j in above if self._span(block[-1], j) > 1]
        if any(sum(k in cells for k in range(j, j + self._span(block[-1], j))) > 1 for j in wide):
            return True
        known = sum(_known(str(v), self.words) or self._means_a_heading(str(v)) for v in cells.values())
        if known == len(cells) or known >= max(2, (len(cells) + 1) // 2) or self._split_words(block[-1], down) > 1:
            return True
        first = next(iter(above), -1)
        if (
            first in cells
            and len(cells) * 2 > len(above)
            and {normal(str(above[first])), normal(str(cells[first]))} <= _NO
        ):
            return True  # "No" below "No": the same headings in a second language
        gaps = [j for j in cells if j not in above]
        open_parents = [j for j in cells if j in above and j + 1 in cells and j + 1 not in above]
        if not gaps or not open_parents or len(above) < 2:
            return False
        return len(gaps) + len(open_parents) == len(cells) or (first not in cells and self._has_data_below(down, first))

    def _means_a_heading(self, text: str) -> bool:
        """Whether it says what a known heading says, in another of our languages: "성명" below "Name"."""
        said = meaning(text[:100])
        return bool(said) and said in self._meanings

    @cached_property
    def _meanings(self) -> frozenset[frozenset[str]]:
        return frozenset(map(meaning, self.words))

    def _split_words(self, i: int, down: int) -> int:
        """How many headings are known only when the two rows are read as one line: "Tgl" above "Lahir"."""
        above, below = dict(self.cells(i)), dict(self.cells(down))
        pairs = [(str(above[j]), f"{above[j]} {below[j]}") for j in below if j in above]
        return sum(_known(both, self.words) and not _known(first, self.words) for first, both in pairs)

    def _span(self, i: int, j: int) -> int:
        place = self.merged.get((i, j))
        return place[3] - place[1] + 1 if place else 1

    def _has_data_below(self, i: int, j: int) -> bool:
        return any(_at(row, j) is not None for row in self.grid.rows[i + 1 : i + 30])

    def headings(self, block: list[int]) -> dict[int, str]:
        """Column -> its heading, parents first: "Paspor / Berlaku s.d."."""
        levels = [self._level(i, block) for i in block]
        joined: dict[int, str] = {}
        for column in sorted({column for level in levels for column in level}):
            parts: list[str] = []
            for level in levels:
                text = level.get(column)
                if text and text not in parts:
                    parts.append(text)
            plain = " ".join(parts)
            joined[column] = plain if len(parts) == 2 and normal(plain) in self.words else " / ".join(parts)
        return joined

    def _level(self, i: int, block: list[int]) -> dict[int, str]:
        """One heading row with merged cells, and parents without them, spread to the columns they head."""
        own = {j: " ".join(str(v).split()) for j, v in self.cells(i)}
        level = dict(own)
        for j, text in own.items():
            for k in range(j + 1, j + self._span(i, j)):
                level.setdefault(k, text)
        if i != block[-1]:
            below = {j for r in block if r > i for j, _ in self.cells(r)}
            for j, text in own.items():
                k = j + 1
                while (
                    j in below and self._span(i, j) == 1 and k in below and k not in level and (i, k) not in self.merged
                ):
                    level[k] = text
                    k += 1
        return level

    def inherited(self, block: list[int]) -> set[int]:
        """Columns whose heading is only the overhang of a merged neighbour."""
        own = {j for i in block for j, _ in self.cells(i)}
        return set(self.headings(block)) - own

    def heading_words(self, block: list[int]) -> dict[int, set[str]]:
        """What each column is called on any heading row, to know the headings when a page repeats them."""
        words: dict[int, set[str]] = {}
        for i in block:
            for j, value in self.cells(i):
                words.setdefault(j, set()).update({normal(str(value)), str(value).strip().casefold()})
        return words

    def body_start(self, i: int, headings: dict[int, str]) -> int:
        """The first row below the headings that is neither their numbering nor a hint how to fill in."""
        for _ in range(4):
            cells = dict(self.cells(i))
            if cells and not is_numbering(list(cells.values()), len(headings)) and not only_hints(cells):
                break
            i += 1
        return i


def _known(heading: str, words: frozenset[str]) -> bool:
    if not words or not heading or len(heading) > 400:
        return False
    return normal(heading) in words or any(normal(piece) in words for piece in re.split(r"[/()|\n]", heading))


def _columns(grid: Grid, headings: dict[int, str], inherited: set[int], body: Body) -> list[int]:
    width = max((len(grid.rows[i]) for i in body.rows), default=0)
    doubtful = [j for j in range(width) if j not in headings or j in inherited]
    held = {j for j in doubtful if any(_at(grid.rows[i], j) is not None for i in body.rows)}
    return sorted((set(headings) - inherited) | held)


def _without_headings(grid: Grid) -> Table:
    body = [i for i, row in enumerate(grid.rows) if any(v is not None for v in row)]
    width = max(map(len, grid.rows), default=0)
    columns = [j for j in range(width) if any(_at(grid.rows[i], j) is not None for i in body)]
    notes = _hidden_notes(grid)
    notes.append(Note("no_headings" if body else "no_rows"))
    return Table(grid, [], [""] * len(columns), columns, body, notes)


def _hidden_notes(grid: Grid) -> list[Note]:
    notes = []
    if grid.hidden_rows:
        notes.append(Note("hidden_rows", {"rows": spans(sorted(grid.hidden_rows)), "count": len(grid.hidden_rows)}))
    if grid.hidden_columns:
        names = ", ".join(map(letter, sorted(grid.hidden_columns)))
        notes.append(Note("hidden_columns", {"columns": names}))
    return notes


def _at(row: list[Value], column: int) -> Value:
    return row[column] if column < len(row) else None
