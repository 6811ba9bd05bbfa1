"""What a pre-scan learns about a file that the parser does not say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.domain.grid import Note
from app.domain.sheet_report import letter
from app.sheets.profiles import Profile

Kind = Literal["xlsx", "xlsb", "xls", "ods", "text", "html"]
Cell = tuple[int, int]  # row 1-based, column index 0-based
Range = tuple[int, int, int, int]  # row1, col1, row2, col2


@dataclass(slots=True)
class SheetFacts:
    """One sheet. `refusal` is why its cells cannot be read: a code of `SheetRejected` with its params."""

    name: str
    hidden: bool = False
    active: bool = False  # the one its program opens
    formulas: set[Cell] = field(default_factory=set)
    uncached: set[Cell] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)
    padded: dict[Cell, tuple[str, int]] = field(default_factory=dict)  # numbers shown as "E" and eight digits
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[Range] | None = None  # None: the parser knows
    refusal: tuple[str, Mapping[str, Any]] | None = None


@dataclass(slots=True)
class Scan:
    """One file. `sheets` in the order of the workbook; empty for text."""

    kind: Kind
    sheets: list[SheetFacts] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    inflated: int = 0  # bytes the parser will go through


def address(row: int, column: int) -> str:
    """(12, 3) -> "D12"."""
    return f"{letter(column)}{row}"


def column_index(name: str | bytes) -> int:
    """ "AA" -> 26; -1 for what is no column name."""
    index = 0
    for byte in name if isinstance(name, bytes) else name.encode("ascii", "replace"):
        if not 65 <= byte <= 90:
            return -1
        index = index * 26 + byte - 64
    return index - 1


def refuse_too_far(row: int, column: int, limits: Profile, lines_before: int) -> tuple[str, Mapping[str, Any]]:
    """Why a value at `row`, `column` is not taken: a list too long, or a stray cell far from the list."""
    if column >= limits.columns:
        return "cell_far_away", {"cell": address(row, column)}
    if lines_before >= limits.rows // 2:
        return "too_many_rows", {"max": limits.rows}
    return "cell_far_away", {"cell": address(row, column)}
