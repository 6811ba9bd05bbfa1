"""Pickers of references: what a form offers at once, and what a picker searches, both through the policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.fields import Field
from app.queries import lists
from app.queries.keys import fetch
from app.registry import Registry, get
from app.webforms import Lookup, Lookups

FEW = 100  # up to so many records are a plain list


def lookup_url(registry: Registry) -> str:
    return url_for(f"staff_{registry.key}.ajax_lookup")


def results(session: Session, registry: Registry, actor: Actor, text: str) -> list[dict[str, str]]:
    """What a picker shows: [{"value": public id, "text": name, "hint": natural key}]."""
    found = lists.page(session, registry, actor, search_for=text[:200], limit=20, count=False)
    return [
        {"value": row["public_id"], "text": lists.title(registry, row), "hint": _hint(registry, actor, row)}
        for row in found.rows
    ]


def lookups_for(session: Session, actor: Actor, chosen: Mapping[str, Any]) -> Lookups:
    """Look-ups of one form; `chosen[field]` are the public ids it shows now."""

    def lookup(spec: Field) -> Lookup | None:
        if not spec.reference:
            return None
        target = get(spec.reference)
        found = lists.page(session, target, actor, limit=FEW + 1, count=False)
        offered = [(row["public_id"], lists.title(target, row)) for row in found.rows]
        present = _present(session, target, actor, chosen.get(spec.key))
        if len(offered) <= FEW:
            known = {value for value, _name in offered}
            return Lookup(choices=[*offered, *(one for one in present if one[0] not in known)])
        if spec.type.python is list:
            known = {value for value, _name in present}
            return Lookup(
                choices=[*present, *(one for one in offered if one[0] not in known)], source=lookup_url(target)
            )
        return Lookup(choices=present, source=lookup_url(target), suggestions=[name for _value, name in offered[:50]])

    return lookup


def public_ids(session: Session, registry: Registry, row: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """The references of a record by public id, as forms show them; those the actor may not see are left out."""
    named = lists.labels(session, registry, [row], actor)
    made: dict[str, Any] = {}
    for name in registry.references:
        value = row.get(name)
        if isinstance(value, list):
            made[name] = [named[name][one][1] for one in value if one in named[name]]
        else:
            made[name] = named[name][value][1] if value in named[name] else None
    return made


def _present(session: Session, target: Registry, actor: Actor, chosen: Any) -> list[tuple[str, str]]:
    ids = [chosen] if isinstance(chosen, str) else list(chosen or ())
    rows = fetch(session, target.table, target.table.c.public_id, ids, policy.visible(target, actor))
    return [(row["public_id"], lists.title(target, row)) for row in lists.seen(target, actor, rows)]


def _hint(registry: Registry, actor: Actor, row: Mapping[str, Any]) -> str:
    """The natural key beside a name, so that two PT CONTOH can be told apart."""
    closed = policy.masked(registry, actor) | policy.hidden(registry, actor)
    keys = [key for key in registry.natural_key if key != registry.label_field and not registry.fields[key].reference]
    texts = (registry.fields[key].type.show(row.get(key)) for key in keys if key not in closed)
    return " · ".join(text for text in texts if text)
