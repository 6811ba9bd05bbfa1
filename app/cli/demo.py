"""`sinergi demo`: the embedded world with made-up companies, people and reports."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.run import choose, supervise
from app.config import Settings, settings
from app.embedded import world as state
from app.supervisor import Supervisor

if TYPE_CHECKING:
    from sqlmodel import Session

# Who may be asked, as pages, mails and receipts show it: a contact that leads nowhere would mislead who tries the demo.
CONTACT = {"SINERGI_OFFICE_PHONE": "031-555-0100", "SINERGI_OFFICE_EMAIL": "bantuan@kantor.example"}
LOADED = "demo_seed"  # in world.json: the data are loaded, and with which seed


@dataclass(frozen=True, slots=True)
class Way:
    """One address to try, and who opens it."""

    who: str
    url: str


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="port of the pages [8000]")
@click.option("--data", type=click.Path(path_type=Path), help="folder of the data [.sinergi]")
@click.option("--seed", type=int, default=7, show_default=True, help="another seed makes other companies")
@click.option("--load-only", is_flag=True, help="fill the data and end")
@click.option("--json", "as_json", is_flag=True, help="print JSON only")
def command(port: int | None, data: Path | None, seed: int, load_only: bool, as_json: bool) -> None:
    """Start everything with made-up data and print addresses to try; Ctrl-C stops it."""
    for name, made_up in CONTACT.items():
        os.environ.setdefault(name, made_up)  # for the child processes too
    current = choose(port, data, demo=True)
    if load_only:
        _load_alone(current, seed, as_json)
        return

    def announce(up: Supervisor) -> None:
        _announce(up.settings, as_json)

    supervise(current, announce, lambda chosen: load(chosen, seed))


def load(current: Settings, seed: int) -> None:
    """Fill an empty database with the demo, once. Raises Busy where somebody's work stands already."""
    if LOADED in state.read(current.data):
        return
    from app import database
    from app.demo import world
    from app.operations import dump

    if not dump.is_empty(database.engine()):
        raise state.Busy(
            f"There is work in {current.data} already; made-up data do not go into it. Choose another folder: --data"
        )
    click.echo("Making up companies, people and reports …", err=True)
    with database.unit_of_work() as session:
        world.load(session, seed=seed, now=database.utcnow(), settings=current)
    state.note(current.data, **{LOADED: seed})


def _load_alone(current: Settings, seed: int, as_json: bool) -> None:
    from app import database

    try:
        with state.held(current.data):
            settings.cache_clear()
            database.create_schema()
            load(current, seed)
            chosen = state.read(current.data).get("settings", {})
            state.note(current.data, settings={**chosen, "demo": True, "port": current.port})
    except state.Busy as busy:
        raise click.ClickException(str(busy)) from None
    if as_json:
        click.echo(json.dumps({"data": str(current.data), "seed": seed}))
    else:
        click.echo(f"The demo data are in {current.data}.")


def _announce(current: Settings, as_json: bool) -> None:
    from app import database

    settings.cache_clear()
    with database.unit_of_work() as session:
        staff, companies = _ways(session, current)
    database.dispose()
    mailbox = f"http://localhost:{current.mailbox_port}" if current.embedded_mail else None
    if as_json:
        found: dict[str, Any] = {"url": current.public_url, "mailbox": mailbox}
        found |= {"staff": [asdict(way) for way in staff], "companies": [asdict(way) for way in companies]}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    lines = ["", "Sinergi DEMO: every company and person in it is made up.", "", f"  {current.public_url}", ""]
    lines += ["Staff, one sign-in each:", *(f"  {way.url}   {way.who}" for way in staff), ""]
    lines += ["Companies, links to report foreign workers:", *(f"  {way.url}   {way.who}" for way in companies), ""]
    if mailbox:
        lines += ["Mail box (no mail leaves this computer):", f"  {mailbox}", ""]
    problem = current.public_url_problem()
    if problem:
        lines += [f"Note: {problem.en}"]
    click.echo("\n".join([*lines, "Ctrl-C stops everything."]))


def _ways(session: Session, current: Settings) -> tuple[list[Way], list[Way]]:
    """Fresh one-time links of staff, the administrator first, and living links of companies."""
    from app.database import utcnow
    from app.demo import world
    from app.operations import links, users
    from app.queries import accounts

    now = utcnow()
    loaded = world.load(session, seed=state.read(current.data)[LOADED], now=now, settings=current)
    staff = []
    for email in loaded.staff:
        account = accounts.by_email(session, email)
        if account:
            url = users.one_time_link(session, account.user, now, current)
            staff.append(Way(f"{account.user.name} ({', '.join(account.roles)})", url))
    companies = [
        Way(name, links.url_of(link, current)) for name, link in zip(loaded.companies, loaded.links, strict=True)
    ]
    return staff, companies
