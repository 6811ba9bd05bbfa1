"""Which rows under the headings are records, and which are only paper: groups, totals, signatures, notes.

A row with values in several columns is always a record; a row of one or two values is judged, and
every row left out is said aloud in a note with its number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from app.domain.body_words import FOOTNOTE, GROUP, NOTHING, PAGE, PLACED, ROLE, SIGNED, TOTAL, TOTAL_REST
from app.domain.grid import Grid, Note, Value
from app.domain.sheet_report import letter

NUMBER_HEADINGS = frozenset({"no", "nomor", "no urut", "nomor urut", "nr", "num", "number", "s n", "sn", "urut", ""})
_NUMBERING = re.compile(r"\(?\s*(\d{1,3})\s*\)?\.?")
_WRITTEN_NUMBER = re.compile(r"\(?\d{1,5}[a-z]?[.):]?", re.I)
_TOTAL_STARTS = frozenset({"tot", "jum", "jml", "jlh", "sub", "gra", "sum", "ave", "rat"})
_TOTAL_STARTS |= frozenset("合计 合計 总计 總計 小计 小計 共计 累计 합계 총계 소계 누계 人数".split())
_TOLD = re.compile(r"[^\W\d][^:：]{1,40}[:：]\s*\S")  # "Dicetak : 22/11/2026"
_LETTERED = re.compile(r"(?:[A-Z]|[IVX]{1,5})[.)]?")


def normal(heading: str) -> str:
    """A heading without capitals, accents, punctuation and line breaks: "No.  PASPOR *" -> "no paspor"."""
    text = unicodedata.normalize("NFKD", heading).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return " ".join(re.findall(r"\w+", text.replace("_", " ")))


@dataclass(slots=True)
class Body:
    """`rows` are indices into `grid.rows`; `notes` name every row left out that held something."""

    rows: list[int]
    notes: list[Note] = field(default_factory=list)


def split_body(grid: Grid, start: int, headings: Mapping[int, str], words: Mapping[int, set[str]]) -> Body:
    """The records from row index `start` on. `headings`: column -> heading; `words`: its names on each row."""
    return _Splitter(grid, start, headings, words).split()


def spans(numbers: list[int]) -> str:
    """[5, 7, 8, 9] -> "5, 7-9", cut after ten pieces."""
    pieces: list[list[int]] = []
    for number in numbers:
        if pieces and number == pieces[-1][1] + 1:
            pieces[-1][1] = number
        else:
            pieces.append([number, number])
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in pieces[:10]]
    return ", ".join(shown) + (", …" if len(pieces) > 10 else "")


def is_numbering(values: list[Value], columns: int) -> bool:
    """The row "1 2 3 …" or "a b c …" under the headings, each column with its number."""
    if len(values) < max(3, columns // 2):
        return False
    if isinstance(values[0], str) and values[0].strip(" ()'.").casefold() == "a":
        names = [str(value).strip(" ()'.").casefold() for value in values]
        return all(len(name) == 1 for name in names) and all(ord(b) - ord(a) == 1 for a, b in pairwise(names))
    numbers = []
    for value in values:
        found = _NUMBERING.fullmatch(value.strip()) if isinstance(value, str) else None
        number = int(found[1]) if found else value if isinstance(value, int) and not isinstance(value, bool) else None
        if number is None:
            return False
        numbers.append(number)
    return numbers[0] in (0, 1) and all(b - a in (1, 2) for a, b in pairwise(numbers))


class _Splitter:
    def __init__(self, grid: Grid, start: int, headings: Mapping[int, str], words: Mapping[int, set[str]]) -> None:
        self._grid = grid
        self._rows = grid.rows
        self._start = start
        self._columns = sorted(headings)
        self._words = words
        self._main = _widest_run(self._columns)
        self._births = {j for j, h in headings.items() if re.search(r"lahir|birth|ttl|born", h, re.I)}
        first = self._columns[0] if self._columns else 0
        self._number_column = first if normal(headings.get(first, "")) in NUMBER_HEADINGS else None
        count = len(self._columns)
        self._width = self._columns[-1] + 1 if self._columns else 0
        self._gapless = self._width - first == count
        self._known_words = {word for held in words.values() for word in held} | {"jumlah", "total", "ket", "persen"}
        self._titles = {
            normal(value[:400]) for row in grid.rows[:start] for value in row if isinstance(value, str)
        } - self._known_words
        self._headings = {word for held in words.values() for word in held}
        self._dense = {0: 1, 1: 1, 2: 2, 3: 2, 4: 3, 5: 3}.get(count, 4)
        self._narrow = count <= 4
        self._wide_merges = {
            (row1, column1): column2 - column1 + 1
            for row1, column1, _, column2 in grid.merged[:5000]
            if column2 > column1
        }
        self._left_out: dict[str, list[int]] = {}
        self._closing = False  # inside a signature block
        self._gap = True  # the row before was blank or left out
        self._repeated = False  # the row before repeated the headings
        self._differing: set[tuple[int, int]] = set()  # (row, column) of repeated headings that say something else
        self._other_table = False  # below the headings of a table of something else

    def split(self) -> Body:
        rows = self._rows
        self._last = self._last_full()
        body = []
        for i in range(self._start, len(rows)):
            row = rows[i]
            plain = not (self._narrow or self._closing or self._repeated or self._other_table)
            if plain and len(row) - row.count(None) >= self._dense and self._is_plain(row):
                body.append(i)
                self._gap = self._repeated = False
                continue
            cells = [(j, row[j]) for j in self._columns if j < len(row) and row[j] is not None]
            reason = self._judge(i, cells, row)
            if reason is None:
                body.append(i)
            elif reason:
                self._left_out.setdefault(reason, []).append(self._grid.row_numbers[i])
            self._gap = reason is not None
            self._repeated = reason == "rows_headings"
        notes = [Note(code, {"rows": spans(n), "count": len(n)}) for code, n in self._left_out.items()]
        if self._differing:
            where = spans(sorted({row for row, _ in self._differing}))
            columns = ", ".join(letter(j) for j in sorted({j for _, j in self._differing}))
            notes.append(Note("rows_headings_differ", {"rows": where, "columns": columns}))
        return Body(body, notes)

    def _is_plain(self, row: list[Value]) -> bool:
        """A full row that neither begins like a total nor like the headings."""
        stray = len(row) > self._width or not self._gapless  # cells outside the table may have been counted
        if stray and sum(j < len(row) and row[j] is not None for j in self._columns) < self._dense:
            return False
        for j in self._columns:
            value = row[j]
            if type(value) is str:
                text = value.casefold()
                word = text.strip()
                if j == self._number_column and not word[:1].isdigit():
                    return False
                return (
                    _TOTAL_STARTS.isdisjoint((text[:3], text[:2]))
                    and word not in self._headings
                    and word not in NOTHING
                )
        return True

    def _judge(self, i: int, cells: list[tuple[int, Value]], row: list[Value]) -> str | None:
        """None for a record, "" for an empty row, else the code of the note that names the row."""
        if not any(column in self._main for column, _ in cells):
            return "rows_outside" if any(value is not None for value in row) else ""
        if self._repeats_titles(cells) or (self._repeats_headings(cells) and not self._is_another_heading(cells)):
            self._compare_headings(i, cells)
            self._closing = self._other_table = False
            return "rows_headings"
        if self._other_table or self._begins_another_table(cells):
            self._other_table = True
            return "rows_other_table"
        numbered = self._is_numbered(cells)
        if numbered and len(cells) == 1:
            return "rows_number_only"
        said = [value for j, value in cells if not (numbered and j == self._number_column)]
        if all(isinstance(value, str) and value.strip().casefold() in NOTHING for value in said):
            return "rows_nothing"
        texts = [(j, value.strip()) for j, value in cells if isinstance(value, str) and not _is_number(value)]
        if self._is_total(cells, texts, numbered):
            return "rows_total"
        if numbered:
            self._closing = False
            return None
        if not texts:
            return self._judge_numbers(cells)
        if len(cells) < self._dense or self._narrow:
            if self._begins_closing(i, cells, texts):
                self._closing = True
                return "rows_closing"
            if self._closing and (not self._narrow or len(self._rows) - i <= 12):
                return "rows_closing"
        else:
            self._closing = False
            return None
        if len(cells) == 1 and len(self._columns) > 1:
            return self._judge_lone(i, *texts[0])
        if len(cells) == 2 and self._number_column == cells[0][0] and _LETTERED.fullmatch(texts[0][1]):
            return "rows_group"
        return None

    def _repeats_headings(self, cells: list[tuple[int, Value]]) -> bool:
        if self._repeated and is_numbering([value for _, value in cells], len(self._columns)):
            return True
        texts = ((j, v) for j, v in cells if isinstance(v, str) and len(v) <= 400)
        same = sum(normal(text) in self._words.get(j, ()) for j, text in texts)
        return same >= 2 and same * 10 >= len(cells) * 6

    def _compare_headings(self, i: int, cells: list[tuple[int, Value]]) -> None:
        """Remember which repeated headings say something else than those on top: what is below them may be misread."""
        if self._repeats_titles(cells):
            return
        other = [j for j, v in cells if isinstance(v, str) and normal(v[:400]) not in self._words.get(j, ())]
        self._differing.update((self._grid.row_numbers[i], j) for j in other if j != self._number_column)

    def _repeats_titles(self, cells: list[tuple[int, Value]]) -> bool:
        """The top of a printed page once more: what stood above the headings, and the number of the page."""
        if len(cells) >= self._dense or not all(isinstance(value, str) for _, value in cells):
            return False
        known = [normal(str(value)[:400]) in self._titles for _, value in cells]
        return any(known) and all(
            was or PAGE.fullmatch(str(value).strip()) for was, (_, value) in zip(known, cells, strict=True)
        )

    def _is_another_heading(self, cells: list[tuple[int, Value]]) -> bool:
        """Some of our headings and some of others over half of our columns: the family of the workers, say."""
        other = sum(isinstance(v, str) and normal(v[:400]) not in self._words.get(j, ()) for j, v in cells)
        return other > 0 and len(cells) * 5 < len(self._columns) * 3

    def _begins_another_table(self, cells: list[tuple[int, Value]]) -> bool:
        """Headings that are not those on top: "No" in the column of numbers, or names of ours in other columns."""
        if len(cells) < 2 or not all(isinstance(value, str) for _, value in cells):
            return False
        names = [normal(str(value)[:400]) for _, value in cells]
        if any(map(_is_number, names)):
            return False
        if cells[0][0] == self._number_column and names[0] in NUMBER_HEADINGS - {""}:
            return True
        ours = sum(name in self._headings for name in names)
        return ours > 2 and ours * 10 >= len(names) * 6

    def _is_numbered(self, cells: list[tuple[int, Value]]) -> bool:
        column, value = cells[0]
        written = isinstance(value, str) and _WRITTEN_NUMBER.fullmatch(value.strip()) is not None
        return column == self._number_column and (written or _is_number(value))

    def _is_total(self, cells: list[tuple[int, Value]], texts: list[tuple[int, str]], numbered: bool) -> bool:
        if not texts:
            return False
        found = TOTAL.match(texts[0][1])
        if found is None or len(texts) > 2:
            return False
        rest = found[1].strip()
        if not rest or numbered:
            return not rest
        dated = any(isinstance(value, date) for _, value in cells)
        return TOTAL_REST.fullmatch(rest) is not None or (len(texts) == 1 and not dated)

    def _judge_numbers(self, cells: list[tuple[int, Value]]) -> str | None:
        """A row of bare numbers or dates: the sum nobody labelled, or a record of a table of numbers."""
        if len(cells) == 1 and len(self._columns) > 2 and _is_number(cells[0][1]):
            return "rows_total"
        return "rows_closing" if self._closing and len(cells) < self._dense else None

    def _begins_closing(self, i: int, cells: list[tuple[int, Value]], texts: list[tuple[int, str]]) -> bool:
        if len(cells) >= self._dense:  # a table of few columns, where a full row may be two signatures
            return all(SIGNED.match(text) or PLACED.fullmatch(text) for _, text in texts)
        signed = sum(bool(SIGNED.match(text)) for _, text in texts)
        if signed > 1 or (signed and len(cells) <= 2):
            return True
        if i > self._last and len(texts) > 1 and all(normal(text[:400]) in self._known_words for _, text in texts):
            return True  # the headings of a second, smaller table
        placed = [j for j, text in texts if PLACED.fullmatch(text)]
        if placed and (len(cells) == 1 or (len(cells) == 2 and placed[0] not in self._births)):
            return True
        return i > self._last and self._gap and len(cells) <= 3 and all(ROLE.match(text) for _, text in texts)

    def _judge_lone(self, i: int, column: int, text: str) -> str | None:
        """One text alone in its row."""
        after = i > self._last
        if FOOTNOTE.match(text) or len(text) > 80 or len(text.split()) > 8:
            return "rows_footnote"
        if (self._grid.row_numbers[i], column) in self._wide_merges or column == self._number_column:
            return "rows_footnote" if after else "rows_group"
        if GROUP.match(text) or text.endswith(":"):
            return "rows_group"
        if _TOLD.match(text):
            return "rows_footnote" if after else "rows_group"
        if text.isupper() and not after and self._gives_way(column):
            return "rows_group"
        if column == self._columns[0] and not after and (self._gap or text.isupper()) and len(self._columns) > 3:
            return "rows_group"
        if after and self._gap and column not in self._columns[:2]:
            return "rows_closing"
        return None

    def _reads_as_closing(self, texts: list[tuple[int, str]]) -> bool:
        marks = [SIGNED.match(text) or PLACED.fullmatch(text) or ROLE.match(text) for _, text in texts]
        return bool(marks) and (all(marks) if self._narrow else bool(SIGNED.match(texts[0][1])))

    def _gives_way(self, column: int) -> bool:
        """Whether the other values of a column are not all capitals: then a line of capitals is a title in it."""
        rows = self._rows[self._start : self._start + 100]
        values = [row[column] for row in rows if len(row) - row.count(None) >= self._dense and column < len(row)]
        texts = [value for value in values if isinstance(value, str)]
        return len(texts) > 1 and sum(text.isupper() for text in texts) * 3 < len(texts)

    def _last_full(self) -> int:
        """Index of the last row that is certainly a record."""
        for i in range(len(self._rows) - 1, self._start - 1, -1):
            row = self._rows[i]
            cells = [(j, row[j]) for j in self._columns if j < len(row) and row[j] is not None]
            if len(cells) >= self._dense and not self._repeats_headings(cells):
                texts = [(j, v.strip()) for j, v in cells if isinstance(v, str)]
                if not self._is_total(cells, texts, False) and not self._reads_as_closing(texts):
                    return i
        return len(self._rows)


def _widest_run(columns: list[int]) -> frozenset[int]:
    """The longest run of neighbouring columns: what stands apart beside it is a second, smaller table."""
    runs: list[list[int]] = []
    for column in columns:
        if runs and column == runs[-1][-1] + 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    widest: list[int] = max(runs, key=len, default=[])
    return frozenset(widest)


def _is_number(value: Value) -> bool:
    if isinstance(value, str):
        return bool(re.fullmatch(r"\d{1,9}(?:\.0)?\.?", value.strip())) and not value.strip().endswith("..")
    return isinstance(value, int | float) and not isinstance(value, bool)
