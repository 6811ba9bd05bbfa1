"""The page where two changes meet: per field what stood before both, what I say and what is stored now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from admin import cells
from app import policy
from app.domain.actors import Actor
from app.domain.fields import Field
from app.operations.merging import Merged
from app.queries import lists
from app.registry import Registry

MINE, THEIRS = "mine", "theirs"
_NEVER = frozenset({"csrf_token", "row_version", "_seen", "_back", "_reason", "_restore"})


@dataclass(frozen=True, slots=True)
class Meeting:
    """One field: as it was when the form was opened, as I typed it, as it is stored now, by whom since when."""

    key: str
    label: str
    base: str
    mine: str
    theirs: str
    by: str  # "Rekan, 22/11/2026 14.03"
    choice: str = ""  # what was chosen already


@dataclass(frozen=True, slots=True)
class Conflict:
    """`undecided` a person must decide; `mine` and `theirs` merge by themselves."""

    undecided: list[Meeting]
    mine: list[Meeting]
    theirs: list[Meeting]
    who: str
    version: int  # the form was opened at
    seen: int  # that is compared with


def conflict(
    session: Session, registry: Registry, actor: Actor, language: str, merged: Merged, version: int
) -> Conflict:
    """A save that waits for a person, in words."""
    merge = merged.merge
    undecided, mine, theirs = (
        meetings(session, registry, actor, language, merged, names)
        for names in (merge.conflicts, merge.mine, merge.theirs)
    )
    return Conflict(
        undecided=undecided,
        mine=mine,
        theirs=theirs,
        who=authors(merged, (*merge.conflicts, *merge.theirs)),
        version=version,
        seen=int(merged.theirs["row_version"]),
    )


def meetings(
    session: Session, registry: Registry, actor: Actor, language: str, merged: Merged, names: Sequence[str]
) -> list[Meeting]:
    """These fields of a merge, in words."""
    if merged.base is None:
        return []
    told = [{name: values.get(name) for name in names} for values in (merged.base.values, merged.mine, merged.theirs)]
    labels = lists.labels(session, registry, told, actor)
    return _Words(registry, actor, language, labels, merged).of(names)


def authors(merged: Merged, names: Iterable[str]) -> str:
    """Who changed these fields in the meantime."""
    found = dict.fromkeys(merged.touched[name].actor for name in names if name in merged.touched)
    return ", ".join(found) or str(merged.theirs.get("updated_by") or _("Somebody"))


def labels_of(registry: Registry, actor: Actor, language: str, names: Iterable[str]) -> str:
    """Names of fields the actor may read, for a sentence."""
    wanted = set(names)
    return ", ".join(f.label.text(language) for f in policy.fields(registry, actor) if f.key in wanted)


def choices() -> dict[str, str]:
    """Field → the side that was chosen."""
    start = "_choose-"
    return {name.removeprefix(start): text for name, text in request.form.items() if name.startswith(start)}


def carried(typed: MultiDict[str, Any]) -> list[tuple[str, str]]:
    """What was typed, for the form that sends it again with the choices."""
    return [
        (name, text) for name, text in typed.items(multi=True) if name not in _NEVER and not name.startswith("_choose-")
    ]


class _Words:
    def __init__(self, registry: Registry, actor: Actor, language: str, labels: cells.Labels, merged: Merged) -> None:
        self.language, self.labels, self.merged = language, labels, merged
        self.fields = {f.key: f for f in policy.fields(registry, actor)}
        self.masked = policy.masked(registry, actor)

    def of(self, names: Iterable[str]) -> list[Meeting]:
        assert self.merged.base is not None
        base, mine, theirs = self.merged.base.values, self.merged.mine, self.merged.theirs
        return [
            Meeting(
                key=name,
                label=self.fields[name].label.text(self.language),
                base=self._text(self.fields[name], base),
                mine=self._text(self.fields[name], mine),
                theirs=self._text(self.fields[name], theirs),
                by=self._by(name),
                choice=request.form.get(f"_choose-{name}", ""),
            )
            for name in names
            if name in self.fields and not self.fields[name].computed
        ]

    def _text(self, spec: Field, values: Mapping[str, Any]) -> str:
        masked = spec.key in self.masked
        return cells.cell(spec, values.get(spec.key), self.language, self.labels, masked=masked).text

    def _by(self, name: str) -> str:
        touch = self.merged.touched.get(name)
        return f"{touch.actor}, {cells.instant(touch.at, self.language)}" if touch else ""
