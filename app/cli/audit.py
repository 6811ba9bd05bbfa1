"""`sinergi audit verify`: walks the chain and says whether anybody tampered."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from app.database import create_schema, unit_of_work
from app.operations import audit


@click.group()
def command() -> None:
    """The audit log."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
@click.pass_context
def verify(ctx: click.Context, as_json: bool) -> None:
    """Recompute every hash from the first entry."""
    create_schema()
    with unit_of_work(write=False) as session:
        verdict = audit.verify(session)
    sound = verdict.broken_at is None
    if as_json:
        click.echo(json.dumps({"ok": sound, **asdict(verdict)}))
    elif sound:
        click.echo(f"{verdict.entries} entries, chain unbroken. Head: {verdict.head}")
    else:
        click.echo(
            f"The chain breaks at entry {verdict.broken_at}: it, or one before it, was changed. Compare with a backup."
        )
    ctx.exit(0 if sound else 1)
