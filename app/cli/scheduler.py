"""`sinergi scheduler`: pumps mail and starts what happens by the clock."""

from __future__ import annotations

import logging

import click

from app.config import settings
from app.jobs.schedule import SCHEDULE


@click.command()
@click.option("--only", type=click.Choice([task.name for task in SCHEDULE]), help="Run this task now and end.")
def command(only: str | None) -> None:
    """Run until TERM or INT; ends within ten seconds. Two schedulers run each task once."""
    logging.basicConfig(level=settings().log_level, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    from app.jobs import scheduler

    if only is None:
        scheduler.run()
    elif not scheduler.run_only(only):
        raise SystemExit(1)
