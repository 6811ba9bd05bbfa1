"""`sinergi run`: the embedded world, without made-up data."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from app.config import Settings, load, settings
from app.embedded.world import Busy
from app.supervisor import Failed, Stopped, Supervisor


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="port of the pages [8000]")
@click.option("--data", type=click.Path(path_type=Path), help="folder of the data [.sinergi]")
def command(port: int | None, data: Path | None) -> None:
    """Start everything on this computer; Ctrl-C stops it."""
    supervise(choose(port, data), announce)


def choose(port: int | None, data: Path | None, *, demo: bool = False) -> Settings:
    """Settings of this start; the options win over the environment, for the child processes too."""
    for name, value in (("SINERGI_PORT", port), ("SINERGI_DATA", data), ("SINERGI_DEMO", "true" if demo else None)):
        if value is not None:
            os.environ[name] = str(value)
    settings.cache_clear()
    return load(os.environ)


def supervise(
    current: Settings, announce: Callable[[Supervisor], None], prepare: Callable[[Settings], None] | None = None
) -> None:
    """Start, announce, watch; a sentence and exit 1 when something does not start."""
    try:
        with Supervisor(current, lambda sentence: click.echo(sentence, err=True), prepare) as up:
            announce(up)
            sys.stdout.flush()
            up.watch()
            click.echo("Stopping …", err=True)
    except Stopped:
        click.echo("Stopped before everything was up.", err=True)
    except (Busy, Failed) as failure:
        raise click.ClickException(str(failure)) from None


def announce(up: Supervisor) -> None:
    current = up.settings
    click.echo(f"Sinergi: {current.public_url}   (Ctrl-C stops it; logs in {current.data / 'log'})")
    if current.embedded_mail:
        click.echo(f"Mail box:  http://localhost:{current.mailbox_port}   (no mail leaves this computer)")
    problem = current.public_url_problem()
    if problem:
        click.echo(f"Note: {problem.en}")
    link = _set_up_link(current)
    if link:
        click.echo(f"Set-up link, works once (it asks for the password of the first administrator):\n  {link}")


def _set_up_link(current: Settings) -> str | None:
    """While nobody has signed in yet: the way in for the first administrator. No default password exists."""
    from app import database
    from app.operations import users

    settings.cache_clear()
    with database.unit_of_work() as session:
        first = users.first_admin(session, database.utcnow(), current)
    database.dispose()
    return first[1] if first else None
