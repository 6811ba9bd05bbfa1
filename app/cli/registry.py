"""`sinergi registry list|show`: what is declared, for people and for scripts. Needs no database."""

from __future__ import annotations

import json
from typing import Any

import click

from app.domain.errors import NotFound
from app.domain.fields import Field
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
    if as_json:
        click.echo(json.dumps(detail(one), ensure_ascii=False))
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


def summary(registry: Registry) -> dict[str, Any]:
    return {
        "key": registry.key,
        "title": {"id": registry.title.id, "en": registry.title.en},
        "fields": [_field(f) for f in registry.fields.values()],
        "doors": registry.doors,
    }


def detail(registry: Registry) -> dict[str, Any]:
    """`summary` with everything a data dictionary shows."""
    fields = [_field(f) | _more(f) for f in registry.fields.values()]
    return summary(registry) | {
        "fields": fields,
        "natural_key": list(registry.natural_key),
        "order_by": registry.order_by,
        "read": sorted(registry.read),
        "write": sorted(registry.write),
    }


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
