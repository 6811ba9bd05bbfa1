"""Regions by official code: reading a list (code, name) of any levels and laying it over what stands.

The level follows from the code (PP.KK.CC.DDDD: KK 01-69 regency, 71-99 city; fourth block 1… kelurahan, 2… desa,
3… desa adat), and so does the parent. A region is found by its code, never by its name.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from app.domain.actors import Actor
from app.domain.errors import Problem, SheetRejected
from app.domain.semantic import Invalid
from app.domain.types import RegionCodeType
from app.models.organisation import Region
from app.operations import records
from app.registry import get

CODE_HEADINGS = frozenset({"code", "kode", "kode_wilayah", "kode wilayah", "kode kemendagri", "id"})
NAME_HEADINGS = frozenset({"name", "nama", "nama_wilayah", "nama wilayah"})
_SMALL = {"Dki": "DKI", "Di": "DI"}
_CODE = RegionCodeType()


@dataclass(frozen=True, slots=True)
class Listed:
    """One region as listed; `row` is the 1-based line of the file."""

    row: int
    code: str
    name: str


@dataclass(slots=True)
class RegionImport:
    """What an import did, or with `dry_run` would do. With problems nothing was written."""

    new: int = 0
    changed: int = 0
    same: int = 0
    without_parent: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def level_of(code: str) -> str:
    """province, kab, kota, kecamatan, kelurahan, desa or desa_adat, from the code alone."""
    parts = code.split(".")
    if len(parts) == 1:
        return "province"
    if len(parts) == 2:
        return "kota" if int(parts[1]) > 70 else "kab"
    if len(parts) == 3:
        return "kecamatan"
    return {"1": "kelurahan", "3": "desa_adat"}.get(parts[3][0], "desa")


def parent_of(code: str) -> str | None:
    return code.rpartition(".")[0] or None


def read_list(path: Path) -> tuple[list[Listed], list[Problem]]:
    """The regions of a CSV file (comma, semicolon or tab; UTF-8), with or without a heading row.

    Raises SheetRejected when it has no column of codes and none of names.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SheetRejected("wrong_type") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    lines = list(csv.reader(text.splitlines(), delimiter=separator))
    if not lines:
        raise SheetRejected("empty_file")
    code_at, name_at, body = _columns(lines[0])
    regions: list[Listed] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row, cells in enumerate(lines[body:], start=body + 1):
        if not any(cell.strip() for cell in cells):
            continue
        listed = _listed(row, cells, code_at, name_at, seen)
        if isinstance(listed, Problem):
            problems.append(listed)
        else:
            regions.append(listed)
    return regions, problems


def _columns(heading: list[str]) -> tuple[int, int, int]:
    """Where code and name stand, and the index of the first row of the body."""
    words = [cell.strip().casefold() for cell in heading]
    code_at = next((i for i, word in enumerate(words) if word in CODE_HEADINGS), None)
    name_at = next((i for i, word in enumerate(words) if word in NAME_HEADINGS), None)
    if code_at is not None and name_at is not None:
        return code_at, name_at, 1
    try:
        _CODE.parse(heading[0])
    except Invalid:
        raise SheetRejected("column_missing", field="kode, nama") from None
    if len(heading) < 2:
        raise SheetRejected("column_missing", field="nama")
    return 0, len(heading) - 1, 0


def _listed(row: int, cells: list[str], code_at: int, name_at: int, seen: dict[str, int]) -> Listed | Problem:
    written = cells[code_at] if code_at < len(cells) else ""
    name = " ".join(cells[name_at].split()) if name_at < len(cells) else ""
    if not written.strip() or not name:
        return Problem("required", field="name" if written.strip() else "code", row=row)
    try:
        code = str(_CODE.parse(written))
    except Invalid as wrong:
        return Problem(wrong.code, field="code", row=row, value=written, params=wrong.params)
    if code in seen:
        return Problem("duplicate_in_sheet", field="code", row=row, value=code, params={"row_first": seen[code]})
    seen[code] = row
    return Listed(row, code, _readable(name))


def _readable(name: str) -> str:
    """Names come in capitals for the upper levels: "KABUPATEN MOJOKERTO" is shown as Kabupaten Mojokerto."""
    if not name.isupper():
        return name
    return " ".join(_SMALL.get(word, word) for word in name.title().split())


def import_list(
    session: Session,
    regions: Iterable[Listed],
    actor: Actor,
    *,
    now: datetime,
    decree: str | None = None,
    dry_run: bool = False,
) -> RegionImport:
    """Creates and updates regions by code, upper levels first, and gives orphans of older imports their parent."""
    done = RegionImport()
    by_depth: dict[int, list[Listed]] = {}
    for one in regions:
        by_depth.setdefault(one.code.count("."), []).append(one)
    known = _ids(session)
    coming = {one.code for group in by_depth.values() for one in group}
    for depth in sorted(by_depth):
        rows = [_row(one, known, decree) for one in by_depth[depth]]
        result = records.save_many(session, get("region"), rows, actor, now=now, match=("code",), dry_run=dry_run)
        if result.problems:
            done.problems = result.problems
            return done
        done.new += result.count("new")
        done.changed += result.count("changed")
        done.same += result.count("same")
        known = _ids(session)
    done.without_parent = sorted(
        code for code in coming if (above := parent_of(code)) and above not in known and above not in coming
    )
    if not dry_run:
        _adopt(session, known, coming, actor, now=now)
    return done


def _row(one: Listed, known: Mapping[str, int], decree: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {"code": one.code, "name": one.name, "level": level_of(one.code)}
    above = parent_of(one.code)
    if above and above in known:
        row["parent"] = known[above]
    if decree:
        row["decree"] = decree
    return row


def _ids(session: Session) -> dict[str, int]:
    found = session.execute(select(Region.code, Region.id).where(Region.deleted_at.is_(None)))  # type: ignore[union-attr]
    return {code: number for code, number in found if number is not None}


def _adopt(session: Session, known: Mapping[str, int], coming: set[str], actor: Actor, *, now: datetime) -> None:
    """Regions imported before their parent was known."""
    statement = select(Region.public_id, Region.code).where(Region.parent.is_(None), Region.deleted_at.is_(None))  # type: ignore[union-attr]
    rows = [
        {"public_id": public_id, "parent": known[above]}
        for public_id, code in session.execute(statement)
        if (above := parent_of(code)) and above in known
    ]
    if rows:
        records.save_many(session, get("region"), rows, actor, now=now)
