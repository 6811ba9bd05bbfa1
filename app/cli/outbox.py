"""`sinergi outbox`: the mail ledger from the shell."""

from __future__ import annotations

import json
import logging
import os
import pwd
from typing import Any

import click
from sqlalchemy import ColumnElement, true
from sqlmodel import col, select

from app.config import settings
from app.database import create_schema, unit_of_work, utcnow
from app.domain.messages import KINDS, STATES
from app.models.outbox_message import MailSuppression, OutboxMessage
from app.operations import mail_traffic, outbox
from app.queries import outbox as queries


@click.group()
def command() -> None:
    """Messages: what waits, what was sent, what failed."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
def status(as_json: bool) -> None:
    """Messages a state, and how long the oldest due one has waited."""
    create_schema()
    with unit_of_work(write=False) as session:
        now = queries.database_time(session)
        counts = queries.counts(session)
        oldest = queries.oldest_due_s(session, now)
        trouble = queries.relay_trouble(session, now)
        capped = queries.capped(session, settings(), now)
    if as_json:
        click.echo(json.dumps({**counts, "oldest_due_s": None if oldest is None else round(oldest, 1)}))
        return
    for state, number in counts.items():
        click.echo(f"{state:<12}{number:>8}")
    if oldest is not None:
        click.echo(f"The oldest due message has waited {oldest:.0f} s.")
    if capped:
        cap = settings().mail_daily_cap
        click.echo(f"The limit of {cap} messages a day is reached: all but codes and receipts wait until tomorrow.")
    if trouble:
        click.echo(f"The relay {trouble.name} is not asked until {trouble.open_until:%H:%M:%S} UTC: {trouble.reason}")


@command.command()
@click.option("--until-empty", is_flag=True, help="Go on until nothing is due.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
@click.pass_context
def send(ctx: click.Context, until_empty: bool, as_json: bool) -> None:
    """Send what is due from this shell, without Redis. Exit 1 when due messages remain."""
    from collections import Counter

    from notifications import pump

    create_schema()
    done: Counter[str] = Counter()
    while True:
        sent = pump.send(50.0)
        done += sent
        with unit_of_work(write=False) as session:
            now = queries.database_time(session)
            left = queries.due_count(session, now)
        if not left or not sent or not until_empty or sent["relay"]:
            break
    if as_json:
        click.echo(json.dumps({**done, "left": left}))
    else:
        click.echo(", ".join(f"{number} {state}" for state, number in done.items()) or "Nothing was due.")
        if left:
            click.echo(f"{left} due messages remain; `sinergi outbox status` says why.")
    ctx.exit(1 if left else 0)


def _choice(function: Any) -> Any:
    for option in (
        click.option("--state", type=click.Choice(STATES), help="Only messages in this state."),
        click.option("--kind", type=click.Choice(sorted(KINDS)), help="Only messages of this kind."),
        click.option("--all", "everything", is_flag=True, help="Every message it can be done to."),
        click.argument("public_ids", nargs=-1, metavar="[ID]..."),
    ):
        function = option(function)
    return function


def _chosen(public_ids: tuple[str, ...], everything: bool, kind: str | None, state: str | None) -> ColumnElement[bool]:
    if not (public_ids or everything or kind or state):
        raise click.UsageError("Name the messages: IDs, --kind, --state or --all.")
    chosen: ColumnElement[bool] = true()
    if public_ids:
        chosen = chosen & col(OutboxMessage.public_id).in_(public_ids)
    if kind:
        chosen = chosen & (col(OutboxMessage.kind) == kind)
    if state:
        chosen = chosen & (col(OutboxMessage.state) == state)
    return chosen


@command.command()
@_choice
def retry(**choice: Any) -> None:
    """Try failed, expired and waiting messages at once."""
    _do(outbox.retry, choice)


@command.command()
@_choice
def hold(**choice: Any) -> None:
    """Keep waiting messages from being sent."""
    _do(outbox.hold, choice)


@command.command()
@_choice
def release(**choice: Any) -> None:
    """Let held messages go."""
    _do(outbox.release, choice)


@command.command()
@_choice
def cancel(**choice: Any) -> None:
    """Send these messages no more."""
    _do(outbox.cancel, choice)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
def suppressed(as_json: bool) -> None:
    """Addresses nothing is sent to, and why."""
    create_schema()
    with unit_of_work(write=False) as session:
        rows = [
            {"address": row.address, "reason": row.reason, "since": row.since.isoformat()}
            for row in session.exec(select(MailSuppression).order_by(col(MailSuppression.since)))
        ]
    click.echo(json.dumps(rows) if as_json else "\n".join(f"{row['address']}  {row['reason']}" for row in rows))


@command.command()
@click.argument("address")
@click.pass_context
def allow(ctx: click.Context, address: str) -> None:
    """Send to ADDRESS again: somebody made sure that it exists. Exit 1 when it was not suppressed."""
    create_schema()
    with unit_of_work() as session:
        lifted = mail_traffic.allow(session, address)
    logging.getLogger("sinergi.mail").warning("suppression of an address lifted by shell:%s", _who())
    click.echo("Mail goes to this address again." if lifted else "This address was not suppressed.")
    ctx.exit(0 if lifted else 1)


def _do(operation: Any, choice: dict[str, Any]) -> None:
    chosen = _chosen(**choice)
    create_schema()
    with unit_of_work() as session:
        moved = operation(session, chosen, by=f"shell:{_who()}", now=utcnow())
    click.echo(f"{moved} messages.")


def _who() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
