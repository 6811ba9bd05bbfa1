"""`sinergi user …`: people who work here, their way in, and their way out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from sqlmodel import Session

from app.config import settings
from app.database import create_schema, unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.errors import Refused
from app.operations import factors, sessions, users
from app.queries import accounts, browsers
from app.queries import factors as known
from app.wording import sentence

BY = Actor.system("sinergi user", door="shell")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
a_name = click.option("--name", help="Name of the person; else the part before the @.")
roles_of = click.option(
    "--role", "roles", multiple=True, type=click.Choice(sorted(users.ROLES)), help="May be repeated."
)
agency_of = click.option("--agency", help="Code of the person's agency.")
language_of = click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)


@click.group()
def command() -> None:
    """Users: add, invite, list, disable, enable, link, factors, sessions."""


@command.command()
@click.argument("email")
@a_name
@roles_of
@agency_of
@language_of
@as_json
def add(email: str, name: str | None, roles: tuple[str, ...], agency: str | None, language: str, as_json: bool) -> None:
    """Add a user. They cannot come in before `invite` made them a link."""
    with _work() as session:
        _add(session, email, name, roles, agency, language)
        _print(_facts(session, email), as_json)


@command.command()
@click.argument("email")
@a_name
@roles_of
@agency_of
@language_of
@as_json
def invite(
    email: str, name: str | None, roles: tuple[str, ...], agency: str | None, language: str, as_json: bool
) -> None:
    """Print a link, good once and for one hour, to choose a password; a person not known yet is added first."""
    with _work() as session:
        account = accounts.by_email(session, email)
        if account is None:
            _add(session, email, name, roles, agency, language)
        elif set(roles) - set(account.roles):
            raise click.UsageError(f"{email} is there already; their roles are changed on the screen of users")
        user = users.find(session, email)
        if user.status in ("locked", "left"):
            raise click.UsageError(f"{email} is {user.status}: use `sinergi user enable` first")
        url = users.one_time_link(session, user, utcnow(), settings(), purpose="password", actor=BY)
        _print({**_facts(session, email), "url": url}, as_json)


@command.command()
@click.argument("email")
@click.option("--for", "purpose", type=click.Choice(["login", "password"]), default="login", show_default=True)
@as_json
def link(email: str, purpose: str, as_json: bool) -> None:
    """Print a link that lets the person in once, within an hour; `--for password` asks for a new password first."""
    with _work() as session:
        user = users.find(session, email)
        url = users.one_time_link(session, user, utcnow(), settings(), purpose=purpose, actor=BY)
        _print({**_facts(session, email), "url": url}, as_json)


@command.command("list")
@as_json
def list_(as_json: bool) -> None:
    """List the users."""
    create_schema()
    with unit_of_work(write=False) as session:
        rows = [_row(account) for account in accounts.listed(session)]
    if as_json:
        click.echo(json.dumps({"users": rows}, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['email']:<36} {row['status']:<8} {', '.join(row['roles']):<30} {row['name']}")


@command.command()
@click.argument("email")
@click.option("--left", is_flag=True, help="The person has left the office (else: locked for now).")
@click.option("--reason", default="dari baris perintah", help="For the audit log.")
@as_json
def disable(email: str, left: bool, reason: str, as_json: bool) -> None:
    """Lock a user out: every session ends at its next request, every open link is void."""
    with _work() as session:
        status = "left" if left else "locked"
        users.disable(session, users.find(session, email), BY, now=utcnow(), status=status, reason=reason)
        _print(_facts(session, email), as_json)


@command.command()
@click.argument("email")
@as_json
def enable(email: str, as_json: bool) -> None:
    """Let a locked user in again, with the password they had."""
    with _work() as session:
        users.activate(session, users.find(session, email), BY, now=utcnow())
        _print(_facts(session, email), as_json)


@command.command("factors")
@click.argument("email")
@click.option("--reset", is_flag=True, help="Everything was lost: the next login sets up a new second step.")
@click.option("--reason", default="dari baris perintah", help="For the audit log.")
@as_json
def factors_(email: str, reset: bool, reason: str, as_json: bool) -> None:
    """Show the second steps of a person's login, or reset them after a loss (they hear of it by mail)."""
    with _work() as session:
        user = users.find(session, email)
        if reset:
            factors.reset(session, user, now=utcnow(), actor=BY, reason=reason)
        session.expire_all()
        account = accounts.by_email(session, email)
        keys = known.passkeys(session, int(account.credential.id or 0)) if account else []
        due = known.asked_by(account, settings()) if account else None
        found = {
            "email": user.email,
            "passkeys": [{"name": one.name, "added_at": one.created_at.isoformat()} for one in keys],
            "app": account.has_totp if account else False,
            "recovery_codes": len(account.credential.mf_recovery_codes) if account else 0,
            "required": known.must_have(account, settings()) if account else False,
            "due_at": due.isoformat() if due else None,
        }
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    names = ", ".join(one.name for one in keys) or "none"
    click.echo(f"{found['email']}  passkeys: {names}  app: {'yes' if found['app'] else 'no'}", nl=False)
    click.echo(f"  recovery codes: {found['recovery_codes']}  required: {'yes' if found['required'] else 'no'}")


@command.command("sessions")
@click.argument("email")
@click.option("--end", is_flag=True, help="Sign the person out everywhere; they hear of it by mail.")
@as_json
def sessions_(email: str, end: bool, as_json: bool) -> None:
    """List the browsers a person is logged in with, or end them all."""
    now = utcnow()
    with _work() as session:
        user = users.find(session, email)
        ended = sessions.end_all_of(session, user, BY, now) if end else 0
        account = accounts.by_email(session, email)
        live = browsers.live(session, int(account.credential.id or 0), now) if account else []
        rows = [
            {
                "id": one.public_id,
                "device": one.agent,
                "via": one.via,
                "since": one.started_at.isoformat(),
                "seen_at": (one.seen_at or one.started_at).isoformat(),
            }
            for one in live
        ]
    if as_json:
        click.echo(json.dumps({"email": user.email, "ended": ended, "sessions": rows}, ensure_ascii=False))
        return
    if end:
        click.echo(f"{ended} signed out")
    for row in rows:
        click.echo(f"{row['since']}  {row['via']:<18} {row['device']}")


@contextmanager
def _work() -> Iterator[Session]:
    """One transaction; a refusal becomes one sentence and exit code 1."""
    create_schema()
    try:
        with unit_of_work() as session:
            yield session
    except Refused as refused:
        raise click.ClickException(sentence(refused, "en")) from None


def _add(
    session: Session, email: str, name: str | None, roles: tuple[str, ...], agency: str | None, language: str
) -> None:
    if not roles:
        raise click.UsageError("name at least one --role")
    users.add(
        session,
        email=email,
        name=name or email.partition("@")[0],
        roles=roles,
        agency=agency,
        language=language,
        actor=BY,
        now=utcnow(),
    )


def _facts(session: Session, email: str) -> dict[str, Any]:
    session.expire_all()
    account = accounts.by_email(session, email)
    if account is None:  # made on a screen and never invited
        user = users.find(session, email)
        return {"id": user.public_id, "email": user.email, "name": user.name, "roles": [], "status": user.status}
    return _row(account)


def _row(account: accounts.Account) -> dict[str, Any]:
    at = account.credential.current_login_at
    return {
        "id": account.user.public_id,
        "email": account.user.email,
        "name": account.user.name,
        "roles": list(account.roles),
        "status": account.user.status,
        "password": account.credential.password is not None,
        "last_login_at": at.isoformat() if at else None,
    }


def _print(facts: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"{facts['email']}  {facts['status']}  {', '.join(facts['roles'])}")
    if "url" in facts:
        click.echo(f"Good once, for one hour:\n{facts['url']}")
