"""`sinergi sheet read FILE`: the grid as we understood it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from app import sheets
from app.domain.errors import SheetRejected
from app.domain.grid import Value
from app.sheets.reader import ReadResult
from app.wording import sentence


@click.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
@click.option("--sheet", help="Name of the sheet to read; else the one that looks most like a table.")
@click.option("--profile", type=click.Choice(["link", "staff"]), default="staff", show_default=True, help="Limits.")
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
def command(file: Path, as_json: bool, sheet: str | None, profile: str, language: str) -> None:
    """Show headings, rows and notes of FILE. Exit 1 when it is refused."""
    try:
        found = sheets.read(file, profile=profile, sheet=sheet)
    except SheetRejected as no:
        message = sentence(no, language)
        click.echo(_dump({"refused": {"code": no.code, "message": message}}) if as_json else message)
        raise SystemExit(1) from None
    click.echo(_dump(_answer(found, language)) if as_json else _text(found, language))


def _answer(found: ReadResult, language: str) -> dict[str, Any]:
    table = found.table
    return {
        "sheet": found.grid.sheet,
        "heading_rows": table.heading_rows,
        "headings": table.headings,
        "rows": _rows(found),
        "row_numbers": [found.grid.row_numbers[i] for i in table.body],
        "notes": [{"code": note.code, "message": sentence(note, language)} for note in found.notes],
    }


def _rows(found: ReadResult) -> list[list[Value]]:
    rows = (found.grid.rows[i] for i in found.table.body)
    return [[row[j] if j < len(row) else None for j in found.table.columns] for row in rows]


def _dump(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, default=_iso)


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _text(found: ReadResult, language: str) -> str:
    table, numbers = found.table, found.grid.row_numbers
    lines = [f"{found.kind}  {found.grid.sheet}".rstrip(), ""]
    lines += [f"  {index + 1:>3}  {_shown(heading) or '-'}" for index, heading in enumerate(table.headings)]
    lines.append("")
    for i, row in list(zip(table.body, _rows(found), strict=True))[:20]:
        lines.append(f"{numbers[i]:>6}  " + " | ".join("" if value is None else _shown(value) for value in row))
    if len(table.body) > 20:
        lines.append(f"     …  ({len(table.body)})")
    lines += ["", *(f"- {sentence(note, language)}" for note in found.notes)]
    return "\n".join(lines).rstrip()


def _shown(value: Value) -> str:
    text = " ".join((_iso(value) if isinstance(value, date) else str(value)).split())
    return "".join(letter if letter.isprintable() else "?" for letter in text)  # a terminal obeys some characters
