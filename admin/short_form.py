"""Creating what a picker does not find, without leaving the form: the other registry's shortest form.

With script it stands in a dialog (`/staff/zone/short/`). Without, it is a step of the form: `_step=new:zone` draws the
short form with all that was typed carried along, `_step=made:zone` saves it and comes back with the new record chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from admin.record_form import RecordForm
from app import policy
from app.domain.actors import Actor
from app.domain.errors import NotFound
from app.domain.fields import Field
from app.registry import Registry, get

PREFIX = "short-"
LEFT_BEHIND = frozenset({"csrf_token", "_step"})


@dataclass(frozen=True, slots=True)
class Creating:
    """The way from a picker to a new record: the dialog's address, and the step without script."""

    title: str
    url: str
    step: str


class ShortForm(RecordForm):
    """What it takes to make a record and to tell it from others: required fields, natural key and name."""

    def _offered(self, without: str) -> list[Field]:
        asked = {self.registry.label_field, *self.registry.natural_key}
        return [f for f in super()._offered(without) if f.required or f.key in asked]


def creating(form: RecordForm, name: str, spec: Field) -> Creating | None:
    """What a picker of this form offers, where its reader may create what it does not find."""
    target = get(spec.reference) if spec.reference else None
    if isinstance(form, ShortForm) or target is None or not may_create(target, form.actor):
        return None
    url = url_for(f"staff_{target.key}.short_view", **linked(target, form.around))
    return Creating(target.singular.text(form.language), url, f"new:{name}")


def may_create(registry: Registry, actor: Actor) -> bool:
    """Rights are not made in passing."""
    return policy.may(actor, "create", registry) and not registry.guarded


def linked(target: Registry, around: Mapping[str, str]) -> dict[str, Any]:
    """Fields of a new record that point at what the form is about: {field: public id}."""
    return {name: around[key] for name, key in target.references.items() if key in around}


def asked(form: RecordForm, spec: Field, typed: MultiDict[str, Any] | None = None) -> ShortForm:
    """The short form behind a picker of `form`. Raises NotFound where there is none."""
    target = get(spec.reference) if spec.reference else None
    if target is None or not may_create(target, form.actor):
        raise NotFound()
    around = linked(target, form.around)
    return ShortForm(form.session, target, form.actor, form.language, typed=typed, prefill=around, prefix=PREFIX)


def carried(typed: MultiDict[str, Any]) -> Iterable[tuple[str, str]]:
    """What was typed into the form that waits."""
    for name, text in typed.items(multi=True):
        if name not in LEFT_BEHIND and not name.startswith(PREFIX) and isinstance(text, str):  # no refused file
            yield name, text


def chosen(typed: MultiDict[str, Any], name: str, spec: Field, public_id: str) -> MultiDict[str, Any]:
    """The same answers, with the new record chosen."""
    made = MultiDict(carried(typed))
    if spec.type.python is list:
        made.add(name, public_id)
    else:
        made[name] = public_id
    return made
