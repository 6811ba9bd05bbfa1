"""Steps between states as the validator judges them and as a form offers them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.domain.errors import Problem
from app.domain.fields import Field, Label
from app.domain.roles import TITLES
from app.domain.states import Arrows
from app.domain.types import ChoiceType


def problems(
    fields: Mapping[str, Field],
    states: Mapping[str, Arrows],
    clean: Mapping[str, Any],
    base: Mapping[str, Any] | None,
) -> Iterator[Problem]:
    """Steps that no arrow allows, and changes of a record whose state has closed it. No `base`: the record is new."""
    for name, arrows in states.items():
        before, after = base.get(name) if base else None, clean.get(name)
        if after is not None and not arrows.allows(before, after):
            yield _forbidden(fields[name], before, after, arrows.next(before))
        if base and before in arrows.frozen:
            changed = [key for key, value in clean.items() if value != base.get(key)]
            facts = {"state": _label(fields[name], before)}
            yield from (
                Problem("record_closed", key, params=facts)
                for key in changed
                if key not in states and not fields[key].computed
            )


def reserved(field: Field, before: str | None, after: str | None, roles: Collection[str]) -> Problem | None:
    """The refusal of a step that only other roles may take."""
    takers = field.states.by.get(after or "") if field.states and after != before else None
    if takers is None or set(takers) & set(roles):
        return None
    titles = [TITLES[role] for role in TITLES if role in takers]
    return Problem("step_reserved", field.key, value=after, params={"wanted": _label(field, after), "roles": titles})


def offered(field: Field, before: str | None, roles: Collection[str] | None) -> Field:
    """The field with only those states a record in `before` (None: new) may be brought to; `roles` None: by anyone."""
    arrows, kind = field.states, field.type
    if arrows is None or not isinstance(kind, ChoiceType):
        return field
    reachable = [
        (state, label)
        for state, label in kind.options
        if arrows.allows(before, state) and (roles is None or reserved(field, before, state, roles) is None)
    ]
    return replace(field, type=type(kind)(reachable))


def _forbidden(field: Field, before: str | None, after: str, next_: Collection[str]) -> Problem:
    allowed = [label for state, label in getattr(field.type, "options", ()) if state in next_]
    kind = "new" if before is None else "" if allowed else "final"
    facts = {"state": _label(field, before), "wanted": _label(field, after), "allowed": allowed, "kind": kind}
    return Problem("step_forbidden", field.key, value=after, params=facts)


def _label(field: Field, state: str | None) -> Label | str:
    labels: Mapping[str, Label] = getattr(field.type, "labels", {})
    return labels.get(state or "", state or "")
