"""`sinergi worker`: does what waits in the queue, and looks for mail by itself when idle."""

from __future__ import annotations

import logging

import click

from app import doorbell
from app.config import settings


@click.command()
@click.option("--queue", default=doorbell.QUEUE, show_default=True, help="The one queue to listen to.")
@click.option("--burst", is_flag=True, help="End when the queue is empty.")
def command(queue: str, burst: bool) -> None:
    """Work until TERM or INT; ends within ten seconds."""
    logging.basicConfig(level=settings().log_level, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    from app.jobs import worker

    worker.work(queue, burst=burst)
