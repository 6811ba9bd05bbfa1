"""`sinergi db`: schema and copies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from app import database
from app.config import settings
from app.database import utcnow
from app.domain.errors import Refused
from app.domain.filling import fill
from app.embedded import world

if TYPE_CHECKING:
    from app.operations.health import Finding

_SENTENCES = {
    "not_empty": "There is work in this database already. Restore into an empty one, or replace it with --force.",
    "damaged": "The copy is damaged: {count} {count:file differs|files differ} from their hash ({names}).",
    "other_database": "The copy comes from {copy}; this installation uses {here}.",
    "other_schema": "The copy has schema {copy}, this version knows {here}. Install the version that made it.",
    "not_a_copy": "This is not a copy made by `sinergi db backup`.",
}


@click.group()
def command() -> None:
    """Schema, copies and their restoration."""


@command.command()
def upgrade() -> None:
    """Bring the database to the newest schema."""
    from app.models import schema

    schema.upgrade(database.engine())
    click.echo(f"The database has the newest schema ({schema.newest()}).")


@command.command()
@click.option("--json", "as_json", is_flag=True, help="print JSON only")
def check(as_json: bool) -> None:
    """Compare the database with the schema and test that it is whole."""
    from app.operations import health

    create_embedded()
    report(health.of_database(database.engine()), "The database is whole and has the newest schema.", as_json)


@command.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="print JSON only")
def backup(out: Path, as_json: bool) -> None:
    """Copy database, uploads and settings (without secrets) to OUT, a file or a folder."""
    from app.operations import backup as copies

    create_embedded()
    made = copies.make(database.engine(), settings(), out, now=utcnow())
    size = made.stat().st_size
    if as_json:
        click.echo(json.dumps({"file": str(made), "bytes": size}))
    else:
        click.echo(f"{made} ({size:,} bytes). Keep the secret key elsewhere: it is not in the copy.")


@command.command()
@click.argument("source", metavar="IN", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--verify", is_flag=True, help="compare rows, files and the audit chain with the copy")
@click.option("--force", is_flag=True, help="replace what is there")
@click.option("--json", "as_json", is_flag=True, help="print JSON only")
def restore(source: Path, verify: bool, force: bool, as_json: bool) -> None:
    """Put a copy in place of an empty database. Mail comes back on hold: `sinergi outbox release` lets it go."""
    from app.operations import backup as copies

    try:
        with world.held(settings().data):  # not under a running office
            result = copies.restore(database.engine(), settings(), source, now=utcnow(), force=force, verify=verify)
    except world.Busy as busy:
        raise click.ClickException(f"{busy} Stop it before restoring.") from None
    except Refused as refused:
        raise click.ClickException(_sentence(refused)) from None
    finally:
        database.dispose()
    _print_restored(result, verify, as_json)
    raise SystemExit(1 if result.findings else 0)


def report(findings: list[Finding], fine: str, as_json: bool) -> NoReturn:
    """Print the findings, or that there is none, and end: exit 1 when there is something."""
    if as_json:
        click.echo(json.dumps({"ok": not findings, "findings": [finding.as_dict() for finding in findings]}))
    else:
        click.echo("\n".join(str(finding) for finding in findings) or fine)
    raise SystemExit(1 if findings else 0)


def create_embedded() -> None:
    """The embedded database, where there is none yet: asking about it is not an error."""
    if settings().embedded_database and not settings().embedded_file.exists():
        database.create_schema()


def _print_restored(result: Any, verify: bool, as_json: bool) -> None:
    if as_json:
        content = {name: getattr(result, name) for name in ("made_at", "files", "held_messages", "findings")}
        click.echo(json.dumps({**content, "rows": sum(result.tables.values()), "verified": verify}))
        return
    click.echo(f"Restored the copy of {result.made_at}: {sum(result.tables.values()):,} rows.")
    if verify:
        click.echo("\n".join(result.findings) or "Checked: rows, files and audit chain are as in the copy.")
    if result.held_messages:
        click.echo(f"{result.held_messages} messages are on hold. Look first, then: sinergi outbox release")


def _sentence(refused: Refused) -> str:
    return fill(_SENTENCES.get(refused.code, refused.code), refused.params)
