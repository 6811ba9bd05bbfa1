"""Pickers of references: what a form offers at once, and what a picker searches, both through the policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from sqlmodel import Session

from app import policy
from app.domain.actors import Actor
from app.domain.fields import Field
from app.queries import lists, pickers
from app.queries.keys import fetch
from app.queries.pickers import Entry
from app.registry import Registry, get
from app.web import language
from app.webforms import Lookup, Lookups

FEW = 100  # up to so many records are a plain list


def lookup_url(registry: Registry) -> str:
    return url_for(f"staff_{registry.key}.ajax_lookup")


def results(session: Session, registry: Registry, actor: Actor, text: str) -> list[dict[str, str]]:
    """What a picker shows: [{"value": public id, "text": name, "hint": what tells it from others of that name}]."""
    found = pickers.found(session, registry, actor, text[:200], language.current())
    return [{"value": one.value, "text": one.name, "hint": one.beside} for one in found]


class Pickers:
    """Look-ups of one page, however many forms and rows stand on it: two statements a registry that is referred to,
    and as many for each kind of record that stands beside its names.

    Every form first notes what it shows (`note`), and only then draws its pickers (`lookups`).
    """

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor = session, actor
        self._wanted: dict[str, set[str]] = {}
        self._named: dict[str, dict[str, str]] = {}
        self._offered: dict[str, list[Entry]] = {}

    def note(self, fields: Iterable[Field], chosen: Mapping[str, Any]) -> None:
        """`chosen[field]` are the public ids, or the text typed for one, that a form shows now."""
        for spec in fields:
            if spec.reference:
                self._wanted.setdefault(spec.reference, set()).update(_texts(chosen.get(spec.key)))

    def lookups(self, chosen: Mapping[str, Any]) -> Lookups:
        """The look-ups of one form that shows `chosen`."""

        def lookup(spec: Field) -> Lookup | None:
            return self._lookup(spec, get(spec.reference), _texts(chosen.get(spec.key))) if spec.reference else None

        return lookup

    def _lookup(self, spec: Field, target: Registry, chosen: list[str]) -> Lookup:
        entries, names = self._offer(target), self._names(target)
        offered = [(one.value, one.text) for one in entries]
        present = [(one, names[one]) for one in chosen if one in names]
        rest = [one for one in present if one not in offered]
        if len(offered) <= FEW:
            return Lookup(choices=[*offered, *rest])
        if spec.type.python is list:
            others = [one for one in offered if one not in present]
            return Lookup(choices=[*present, *others], source=lookup_url(target))
        suggestions = list(dict.fromkeys(one.name for one in entries[:50]))
        return Lookup(choices=present, source=lookup_url(target), suggestions=suggestions)

    def _offer(self, target: Registry) -> list[Entry]:
        if target.key not in self._offered:
            most = FEW + 1
            self._offered[target.key] = pickers.offered(
                self.session, target, self.actor, language.current(), limit=most
            )
        return self._offered[target.key]

    def _names(self, target: Registry) -> dict[str, str]:
        if target.key not in self._named:
            offered = {one.value: one.text for one in self._offer(target)}
            visible = policy.visible(target, self.actor)
            wanted = self._wanted.get(target.key, set()) - offered.keys()
            rows = fetch(self.session, target.table, target.table.c.public_id, wanted, visible)
            found = lists.seen(target, self.actor, rows)
            others = pickers.entries(self.session, target, self.actor, found, language.current())
            self._named[target.key] = offered | {one.value: one.text for one in others}
        return self._named[target.key]


def lookups_for(session: Session, actor: Actor, fields: Sequence[Field], chosen: Mapping[str, Any]) -> Lookups:
    """Look-ups of the only form of a page; `chosen[field]` are the public ids it shows now."""
    pickers = Pickers(session, actor)
    pickers.note(fields, chosen)
    return pickers.lookups(chosen)


def public_ids(registry: Registry, row: Mapping[str, Any], named: lists.Named) -> dict[str, Any]:
    """The references of a record by public id, as forms show them; `named` are its `lists.labels`, which leave out
    those the actor may not see."""
    made: dict[str, Any] = {}
    for name in registry.references:
        value = row.get(name)
        if isinstance(value, list):
            made[name] = [named[name][one][1] for one in value if one in named[name]]
        else:
            made[name] = named[name][value][1] if value in named[name] else None
    return made


def _texts(chosen: Any) -> list[str]:
    return [chosen] if isinstance(chosen, str) else list(chosen or ())
