"""Spreadsheets of other people: read and checked in a limited child process, handed back, exported."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.domain.fields import Field
    from app.domain.sheet_report import SheetReport
    from app.sheets.profiles import Profile
    from app.sheets.reader import ReadResult


def read(
    path: str | Path,
    *,
    profile: str | Profile = "staff",
    sheet: str | None = None,
    vocabulary: Collection[str] | None = None,
) -> ReadResult:
    """The best table of a file of any spreadsheet kind, read in a limited child process.

    `sheet` names the sheet to read; `vocabulary` holds the headings looked for, as people write
    them. Raises `SheetRejected` with one code for everything that cannot or must not be read.
    """
    return _read({"path": str(Path(path).absolute())}, profile, sheet, vocabulary)


def read_pasted(text: str, *, profile: str | Profile = "link", vocabulary: Collection[str] | None = None) -> ReadResult:
    """The same for text pasted from a spreadsheet program; raises `SheetRejected`."""
    return _read({"data": text.encode("utf-8", "surrogatepass")}, profile, None, vocabulary)


def _read(
    payload: dict[str, object], profile: str | Profile, sheet: str | None, vocabulary: Collection[str] | None
) -> ReadResult:
    from app.sheets.sandbox import run_limited

    payload |= {"profile": profile, "sheet": sheet, "vocabulary": frozenset(vocabulary) if vocabulary else None}
    result: ReadResult = run_limited("app.sheets.reader:read_in_child", payload, profile)
    return result


def check(path: str | Path, fields: Iterable[Field], **options: Any) -> SheetReport:
    """Read and check a file in the limited child; see `app.sheets.checking.check`. Raises `SheetRejected`."""
    from app.sheets import checking

    return checking.check(path, fields, **options)
