"""`sinergi routes`: every route, its methods, its door and who may call it."""

from __future__ import annotations

import json

import click

from app.config import settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print JSON only")
def command(as_json: bool) -> None:
    """List the routes; exit 1 when one of them does not say who may call it."""
    from app.factory import create_app
    from app.web.access import routes

    rows = routes(create_app(settings()))
    if as_json:
        click.echo(json.dumps(rows, indent=1))
    else:
        for row in rows:
            click.echo(f"{','.join(row['methods']):<10} {row['rule']:<60} {row['access'] or 'NOBODY SAID'}")
    raise SystemExit(0 if all(row["access"] for row in rows) else 1)
