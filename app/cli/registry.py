"""`sinergi registry list|show`: what is declared, for people and for scripts. Needs no database.

Where there is one, `show` prints the rights as the office changed them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app import policy
from app.config import settings
from app.database import unit_of_work
from app.domain.actors import DECLARED, Grants
from app.domain.errors import NotFound
from app.domain.fields import Field
from app.operations.users import ROLES
from app.queries import grants
from app.registry import Registry, get, registries


@click.group()
def command() -> None:
    """The registries: their fields, types, roles and doors."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
def list_(as_json: bool) -> None:
    """Every registry."""
    if as_json:
        click.echo(json.dumps({"registries": [summary(one) for one in registries().values()]}, ensure_ascii=False))
        return
    for one in registries().values():
        click.echo(
            f"{one.key:<18} {one.title.id:<28} {one.title.en:<28} {len(one.fields):>3} fields  {' '.join(one.doors)}"
        )


@command.command()
@click.argument("key")
@click.option("--json", "as_json", is_flag=True, help="Print JSON only.")
@click.pass_context
def show(ctx: click.Context, key: str, as_json: bool) -> None:
    """One registry, field by field."""
    try:
        one = get(key)
    except NotFound:
        click.echo(f"There is no registry {key!r}. Known: {', '.join(registries())}.", err=True)
        ctx.exit(2)
    changed = _grants()
    if as_json:
        click.echo(json.dumps(detail(one, changed), ensure_ascii=False))
        return
    click.echo(f"{one.key}: {one.title.id} / {one.title.en}\ndoors: {', '.join(one.doors)}")
    for f in one.fields.values():
        marks = [
            word
            for word, on in (
                ("required", f.required),
                ("key", f.natural_key),
                ("masked", f.masked),
                ("computed", f.computed),
            )
            if on
        ]
        click.echo(f"  {f.key:<22} {f.type.key:<16} {f.label.id} / {f.label.en}  {' '.join(marks)}")
    click.echo("rights" + (f" (with {len(changed.changes)} changes of the office)" if changed.version else ""))
    for role in ROLES:
        own = policy.rights(one, role, changed)
        closed = [key for key, sight in own.sight.items() if sight == "hidden"]
        told = " ".join(right for right in policy.RIGHTS if right in own.actions) or "nothing"
        click.echo(f"  {role:<22} {told}" + (f"  (not: {', '.join(closed)})" if own.actions and closed else ""))


def summary(registry: Registry) -> dict[str, Any]:
    return {
        "key": registry.key,
        "title": {"id": registry.title.id, "en": registry.title.en},
        "fields": [_field(f) for f in registry.fields.values()],
        "doors": registry.doors,
    }


def detail(registry: Registry, changed: Grants = DECLARED) -> dict[str, Any]:
    """`summary` with everything a data dictionary shows, and what each role may do."""
    fields = [_field(f) | _more(f) for f in registry.fields.values()]
    return summary(registry) | {
        "fields": fields,
        "natural_key": list(registry.natural_key),
        "order_by": registry.order_by,
        "read": sorted(registry.read),
        "write": sorted(registry.write),
        "rights_version": changed.version,
        "rights": {role: _rights(policy.rights(registry, role, changed)) for role in ROLES},
    }


def _rights(own: policy.Rights) -> dict[str, Any]:
    """What a role may do; of the fields those it sees and how, and those it may fill."""
    return {
        "actions": [right for right in policy.RIGHTS if right in own.actions],
        "sees": {key: sight for key, sight in own.sight.items() if sight != "hidden"},
        "writes": sorted(own.writes),
    }


def _grants() -> Grants:
    """The changes of the office, where there is a database with the table of them."""
    url = make_url(settings().database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return DECLARED
    try:
        with unit_of_work(write=False) as session:
            return grants.current(session)
    except SQLAlchemyError:
        return DECLARED


def _field(f: Field) -> dict[str, Any]:
    return {"key": f.key, "type": f.type.key, "required": f.required, "sensitivity": f.sensitivity}


def _more(f: Field) -> dict[str, Any]:
    return {
        "label": {"id": f.label.id, "en": f.label.en},
        "example": f.sample(),
        "aliases": list(f.aliases),
        "reference": f.reference,
        "choices": [value for value, _ in (f.type.choices("id") or [])]
        if f.type.input in ("select", "multiselect")
        else None,
        "natural_key": f.natural_key,
        "masked": f.masked,
        "computed": f.computed,
        "states": {state: list(f.states.next(state)) for state, _ in f.type.choices("id") or []} if f.states else None,
        "owner": f.owner,
        "read": sorted(f.read) if f.read is not None else None,
        "write": sorted(f.write) if f.write is not None else None,
    }
