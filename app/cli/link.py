"""`sinergi link`: the links companies report by, from the shell."""

from __future__ import annotations

import json
from datetime import date

import click

from app.database import create_schema, unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.deadlines import bounds_of
from app.domain.errors import Refused
from app.operations import links
from app.queries import duties
from app.wording import long_date, sentence

ACTOR = Actor.system("shell", door="shell")


@click.group()
def command() -> None:
    """Links companies report by."""


@command.command()
@click.argument("form")
@click.option("--company", required=True, help="NIB, public id or number of the company.")
@click.option("--period", help="2026-11 or 2026-Q4 instead of the current month.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="Due date instead of the usual one.")
@click.option("--no-mail", is_flag=True, help="Do not mail the link to the company's contact.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
def issue(form: str, company: str, period: str | None, due: object, no_mail: bool, as_json: bool) -> None:
    """Open the duty of the current month and print the company's link, once.

    FORM is the key of a form, e.g. wajib-lapor. A link that still lives is given again.
    """
    _check_period(period)
    create_schema()
    now = utcnow()
    try:
        with unit_of_work() as session:
            found = duties.company_by(session, company)
            due_on: date | None = due.date() if due is not None else None  # type: ignore[attr-defined]
            link = links.issue(
                session, form, found, actor=ACTOR, now=now, period=period, due_on=due_on, mail=not no_mail
            )
            duty = links.duty_of(session, link)
            answer = {
                "url": links.url_of(link),
                "id": link.public_id,
                "company": found.legal_name,
                "form": duty.form,
                "period": duty.period,
                "due_on": duty.due_on.isoformat(),
                "expires_at": link.expires_at.isoformat(),
                "mailed_to": link.email if not no_mail else None,
            }
    except Refused as refused:
        raise _usage(refused) from None
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    click.echo(answer["url"])
    click.echo(f"{found.legal_name}: {duty.form} {duty.period}, due {long_date(duty.due_on, 'en')}", err=True)
    if not no_mail:
        click.echo(f"Mail to {link.email}" if link.email else "No contact with an e-mail address: not mailed", err=True)


@command.command()
@click.argument("link_id", metavar="ID")
@click.option("--reason", help="Why; kept in the audit log.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
def revoke(link_id: str, reason: str | None, as_json: bool) -> None:
    """End a link at once. ID is its id, or the whole address."""
    create_schema()
    now = utcnow()
    public_id = link_id.rpartition("/")[2].split(".")[1] if "." in link_id.rpartition("/")[2] else link_id
    try:
        with unit_of_work() as session:
            link = links.by_public_id(session, public_id)
            links.revoke(session, link, actor=ACTOR, now=now, reason=reason)
    except Refused as refused:
        raise _usage(refused) from None
    click.echo(json.dumps({"id": link.public_id, "state": "revoked"}) if as_json else f"{link.public_id} is revoked.")


def _usage(refused: Refused) -> click.UsageError:
    from forms import sentences

    sentences.register()
    return click.UsageError(sentence(refused, "en"))


def _check_period(period: str | None) -> None:
    try:
        if period is not None:
            bounds_of(period)
    except ValueError:
        raise click.UsageError("--period is a month 2026-11 or a quarter 2026-Q4") from None


@command.command()
@click.argument("out", type=click.Path(dir_okay=False, writable=True))
@click.option("--language", type=click.Choice(["id", "en"]), default="id", show_default=True)
def poster(out: str, language: str) -> None:
    """Write the poster whose QR code leads to the open page for companies without a link, as PDF."""
    from pathlib import Path

    from app.config import settings
    from app.documents import poster as paper

    Path(out).write_bytes(paper.pdf(settings(), language))
    click.echo(f"{out}: {paper.open_page(settings())}")
