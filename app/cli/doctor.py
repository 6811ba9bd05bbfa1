"""`sinergi doctor`: what is wrong here, and what mends it."""

from __future__ import annotations

import click

from app import database
from app.config import settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="print JSON only")
def command(as_json: bool) -> None:
    """Look for what is wrong and say what mends it; exit 1 when there is something."""
    from app import models  # noqa: F401 - fills the metadata the database is compared with
    from app.cli.db import create_embedded, report
    from app.operations import health

    current = settings()
    current.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    create_embedded()
    report(health.examine(database.engine(), current, now=database.utcnow()), "Nothing is wrong.", as_json)
