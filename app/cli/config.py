"""`sinergi config`: the settings of this installation."""

from __future__ import annotations

import json

import click

from app.config import settings, shown


@click.command()
@click.option("--show-origin", is_flag=True, help="say where each value comes from")
@click.option("--json", "as_json", is_flag=True, help="print JSON only")
def command(show_origin: bool, as_json: bool) -> None:
    """Print every setting; secrets are masked."""
    rows = shown(settings())
    if as_json:
        kept = ("name", "value", "origin") if show_origin else ("name", "value")
        click.echo(json.dumps({"settings": [{key: row[key] for key in kept} for row in rows]}))
        return
    for row in rows:
        origin = f"   # {row['origin']}" if show_origin else ""
        click.echo(f"{row['name']}={row['value'] or ''}{origin}")
