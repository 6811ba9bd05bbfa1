"""`sinergi region import FILE`: regions of all levels by official code."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click

from app import wording
from app.database import create_schema, unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import Problem, Refused
from app.domain.fields import Label
from app.operations import regions

LABELS = {"code": Label("Kode wilayah", "Region code"), "name": Label("Nama", "Name")}


@click.group()
def command() -> None:
    """Regions: provinces, regencies and cities, districts, villages."""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decree", help="Decree the list follows, kept with each region.")
@click.option("--dry-run", is_flag=True, help="Say what would change, write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
@click.pass_context
def import_(ctx: click.Context, file: Path, decree: str | None, dry_run: bool, as_json: bool) -> None:
    """Read FILE (CSV with a column of codes and one of names) and create or update regions by code."""
    started = time.monotonic()
    try:
        listed, problems = regions.read_list(file)
    except Refused as refused:
        said = {"code": refused.code, "message": wording.sentence(refused)}
        click.echo(json.dumps({"refused": said}, ensure_ascii=False) if as_json else said["message"])
        ctx.exit(1)
    done = regions.RegionImport(problems=problems)
    if not problems:
        create_schema()
        with unit_of_work(write=not dry_run) as session:
            actor = Actor.system("region import", door="shell")
            done = regions.import_list(session, listed, actor, now=utcnow(), decree=decree, dry_run=dry_run)
    _report(done, time.monotonic() - started, as_json=as_json, dry_run=dry_run)
    ctx.exit(1 if done.problems else 0)


def _report(done: regions.RegionImport, seconds: float, *, as_json: bool, dry_run: bool) -> None:
    errors = [_error(problem) for problem in done.problems]
    if as_json:
        facts: dict[str, Any] = {"new": done.new, "changed": done.changed, "same": done.same, "errors": errors}
        facts |= {"without_parent": done.without_parent, "dry_run": dry_run, "seconds": round(seconds, 2)}
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for error in errors[:50]:
        click.echo(f"Baris {error['row']}: {error['message']}")
    if errors:
        click.echo(f"{len(errors)} kesalahan; tidak ada yang disimpan.")
        return
    click.echo(f"{done.new} baru, {done.changed} berubah, {done.same} sama{' (hanya dicoba)' if dry_run else ''}.")
    if done.without_parent:
        shown = ", ".join(done.without_parent[:5])
        click.echo(
            f"{len(done.without_parent)} wilayah belum memiliki wilayah induk: {shown}. Impor tingkat di atasnya."
        )


def _error(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "column": problem.column,
        "field": problem.field,
        "code": problem.code,
        "value": problem.value,
        "message": wording.sentence(problem, "id", LABELS.get(problem.field or "")),
        "suggestion": problem.suggestion,
    }
