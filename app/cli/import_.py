"""`sinergi import KEY FILE --source REGISTER` and `sinergi import undo BATCH`."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from app import collector, wording
from app.config import settings
from app.database import create_schema, unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import Problem, Refused
from app.domain.filling import fill
from app.domain.sheet_report import SheetReport
from app.operations import import_preview, imports
from app.registry import Registry, get
from app.sheets.checking import check, import_fields, noting_files

SHOWN = 20


class _Import(click.Group):
    """`import KEY FILE …` beside `import undo BATCH`: what is not a subcommand is a registry key."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["file", *args]
        return super().resolve_command(ctx, args)


@click.group(cls=_Import)
def command() -> None:
    """Import a sheet into a registry: KEY FILE --source REGISTER; or take one back: undo BATCH."""


@command.command("file", short_help="Import FILE into the registry KEY; the word “file” may be left out.")
@click.argument("key")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="Code of the register the file comes from.")
@click.option("--match", default="", help="Fields or source columns that name a record, joined by commas.")
@click.option("--as-register", is_flag=True, help="Keep the rows as entries of the register only.")
@click.option("--good-rows", is_flag=True, help="Import the rows without a problem, leave the others out.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--sheet", default=None, help="Name of the sheet to read.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
def file_(key: str, file: Path, match: str, as_json: bool, **options: Any) -> None:
    """Import FILE into the registry KEY."""
    ctx = click.get_current_context()
    started = time.perf_counter()
    try:
        registry = get(key)
        create_schema()
        answer = run(registry, file, [name.strip() for name in match.split(",") if name.strip()], **options)
    except Refused as refused:
        _refuse(refused, as_json)
    answer["seconds"] = round(time.perf_counter() - started, 3)
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else _human(answer))
    ctx.exit(1 if answer["errors"] else 0)


@command.command()
@click.argument("batch")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
@click.pass_context
def undo(ctx: click.Context, batch: str, as_json: bool) -> None:
    """Take back what BATCH wrote; its source rows are kept."""
    create_schema()
    try:
        with unit_of_work() as session:
            put_back, touched = imports.undo(session, batch, Actor.system("sinergi import", door="shell"), now=utcnow())
    except Refused as refused:
        _refuse(refused, as_json)
    if as_json:
        click.echo(json.dumps({"batch": batch, "undone": put_back, "kept": touched}))
    else:
        click.echo(
            fill(
                "{count} {count:record|records} put back. "
                "{kept} {kept:was changed since and stays|were changed since and stay}: {ids}",
                {"count": put_back, "kept": len(touched), "ids": ", ".join(touched[:SHOWN])},
            )
        )
    ctx.exit(1 if touched else 0)


@collector.seldom()
def run(
    registry: Registry,
    file: Path,
    match: Sequence[str],
    *,
    source: str,
    as_register: bool,
    good_rows: bool,
    dry_run: bool,
    sheet: str | None,
) -> dict[str, Any]:
    """The JSON answer of one import; commits when it applied."""
    now, actor = utcnow(), Actor.system("sinergi import", door="shell")
    today = settings().today(now)
    report = read(registry, file, today, sheet)
    with unit_of_work(write=not dry_run) as session:
        made = imports.plan(
            session, registry, report, actor, source=source, match=match, now=now, as_register=as_register
        )
        faulty = import_preview.faults(session, registry, made, actor)
        answer: dict[str, Any] = {"batch": None} | {name: made.count(name) for name in ("new", "changed", "same")}
        answer |= {"rows": report.rows, "errors": [_record(registry, one) for one in faulty]}
        if dry_run:
            answer["perhaps_on_record"] = len(import_preview.namesakes(session, registry, made, actor))
            answer["same_as_row"] = len(import_preview.repeated(registry, made))
        if not dry_run and (good_rows or not faulty):
            batch = imports.apply(
                session, made, actor, source=source, file_name=file.name, file_hash=_hash(file), now=now, today=today,
                good_rows_only=good_rows,
            )  # fmt: skip
            answer["batch"] = batch.public_id
    return answer


def read(registry: Registry, file: Path, today: date, sheet: str | None = None) -> SheetReport:
    """Read and check a file for import: repeats are folded, so they are no error here."""
    fields = import_fields(registry)
    report = check(file, fields, today=today, profile="staff", rules=registry.rules, sheet=sheet)
    return noting_files(registry, report)


def _refuse(refused: Refused, as_json: bool) -> NoReturn:
    """Say why nothing was done; exit 2 when the command named what does not exist, else 1."""
    message = wording.sentence(refused, "id")
    answer = {"refused": {"code": refused.code, "message": message}}
    click.echo(json.dumps(answer, ensure_ascii=False) if as_json else message)
    raise SystemExit(2 if refused.code == "registry_unknown" else 1)


def _record(registry: Registry, problem: Problem) -> dict[str, Any]:
    label = registry.fields[problem.field].label if problem.field in registry.fields else None
    return {
        "row": problem.row, "column": problem.column, "field": problem.field,
        "code": problem.code, "value": problem.value,
        "message": wording.sentence(problem, "id", label),
        "suggestion": problem.suggestion,
    }  # fmt: skip


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _human(answer: dict[str, Any]) -> str:
    errors = answer["errors"]
    counts = ", ".join(f"{answer[name]} {name}" for name in ("new", "changed", "same"))
    lines = [
        fill(
            "{count} {count:row|rows}: {counts}, {errors} {errors:error|errors}.",
            {"count": answer["rows"], "counts": counts, "errors": len(errors)},
        )
    ]
    if answer.get("perhaps_on_record"):
        lines.append(
            f"{answer['perhaps_on_record']} of the new ones bear the name, or nearly, of a record that is there."
        )
    if answer.get("same_as_row"):
        lines.append(f"{answer['same_as_row']} of the new ones say the same as an earlier row of this file.")
    lines += [f"  row {e['row']} {e['column'] or ''}: {e['message']}" for e in errors[:SHOWN]]
    lines.append(
        f"Batch {answer['batch']} (undo with: sinergi import undo {answer['batch']})"
        if answer["batch"]
        else "Nothing was written."
    )
    return "\n".join(lines)
