"""`sinergi sheet check KEY FILE`: everything wrong or odd in a file, against a registry or form."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from app.domain.errors import NotFound, SheetRejected
from app.domain.fields import Label
from app.domain.filling import fill
from app.registry import schema
from app.sheets.checking import as_json, check_for, sheet_fields
from app.wording import sentence


@click.command("check")
@click.argument("key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "json_only", is_flag=True, help="Print JSON only.")
@click.option(
    "--language",
    "lang",
    type=click.Choice(["id", "en"]),
    default="id",
    show_default=True,
    help="Language of the sentences.",
)
@click.option(
    "--profile", type=click.Choice(["link", "staff"]), default="staff", show_default=True, help="Limits of the reader."
)
@click.option("--sheet", help="Name of the sheet; without it the best one is read.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Judge dates as on this day.")
@click.option(
    "--map", "given", multiple=True, metavar="HEADING=FIELD", help="Correct the mapping; an empty FIELD leaves it out."
)
@click.option(
    "--date-order", type=click.Choice(["dmy", "mdy"]), help="How dates that can be read in two ways are read."
)
@click.pass_context
def command(
    ctx: click.Context,
    key: str,
    file: Path,
    json_only: bool,
    lang: str,
    profile: str,
    sheet: str | None,
    today: datetime | None,
    given: tuple[str, ...],
    date_order: str | None,
) -> None:
    """Check FILE against the registry or form KEY. Exit 1 when something must be corrected."""
    try:
        wanted = schema(key)
    except NotFound:
        raise click.UsageError(f"There is no registry or form {key!r}.") from None
    options: dict[str, Any] = {
        "today": today.date() if today else _office_day(),
        "profile": profile,
        "sheet": sheet,
        "mapping": _mapping(given),
        "answers": {"date_ambiguous": date_order} if date_order else None,
        "keep_rows": False,
    }
    try:
        report = check_for(wanted, file, **options)
    except SheetRejected as no:
        refused = {"code": no.code, "message": sentence(no, lang)}
        click.echo(json.dumps({"refused": refused}, ensure_ascii=False) if json_only else refused["message"])
        ctx.exit(1)
    made = as_json(report, sheet_fields(wanted), lang)
    click.echo(json.dumps(made, ensure_ascii=False)) if json_only else _tell(made, lang)
    ctx.exit(0 if report.ok else 1)


def _mapping(given: tuple[str, ...]) -> dict[str, str | None] | None:
    pairs = [pair.rpartition("=") for pair in given]
    if any(not heading for heading, _, _ in pairs):
        raise click.UsageError("--map takes HEADING=FIELD.")
    return {heading: field or None for heading, _, field in pairs} or None


def _office_day() -> date:
    """Today where the office is; settings are not needed to check a file."""
    try:
        from app.config import settings

        zone = ZoneInfo(settings().office_time_zone)
    except Exception:  # a half-made configuration is no reason not to check a file
        zone = ZoneInfo("Asia/Jakarta")
    return datetime.now(zone).date()


_COUNT = Label("{count} baris, {good} benar", "{count} {count:row|rows}, {good} correct")


def _tell(made: dict[str, Any], lang: str) -> None:
    count = fill(_COUNT.text(lang), {"count": made["rows"], "good": made["good"]})
    click.echo(" · ".join(part for part in (made["file"], made["sheet"], count) if part))
    for heading, field in made["mapping"].items():
        click.echo(f"  {heading:<34} {field or '–'}")
    for note in made["notes"]:
        click.echo(f"i {_where(note)}{note['message']}")
    for question in made["questions"]:
        click.echo(f"? {question['message']}")
    for error in made["errors"]:
        click.echo(f"! {_where(error)}{error['message']}")


def _where(fact: dict[str, Any]) -> str:
    at = f"{fact.get('column') or ''}{fact.get('row') or ''}"
    return f"{at}: " if at else ""
