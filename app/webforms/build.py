"""From declared fields to a WTForms class, and from problems back to its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import wtforms

from app import wording
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.types import FileType, MoneyType
from app.webforms import controls
from app.webforms.controls import Choice, Control


@dataclass(frozen=True, slots=True)
class Lookup:
    """The records a reference may point to.

    `choices` (public id, name) when they are few; else `source`, the address a picker searches, with
    `choices` the record chosen now and `suggestions` names offered without JavaScript.
    """

    choices: Sequence[Choice] = ()
    source: str | None = None
    suggestions: Sequence[str] = ()


_PLAIN = frozenset({"text", "long_text"})  # their example says nothing
Lookups = Callable[[Field], Lookup | None]


def build(
    fields: Iterable[Field],
    language: str,
    *,
    lookups: Lookups | None = None,
    prefix: str = "",
    dates: Literal["text", "parts"] = "text",
    name: str = "RegistryForm",
) -> type[wtforms.Form]:
    """A form class with one control a field, in their order. Computed fields are left out.

    `prefix` goes before every name and id ("rows-7-"). `dates="parts"` asks for days in three boxes.
    Build per request: labels, choices and allowed fields depend on the reader.
    """
    made: dict[str, Any] = {spec.key: _unbound(spec, language, lookups, dates) for spec in fields if not spec.computed}

    class Prefixed(wtforms.Form):
        def __init__(self, formdata: Any = None, obj: Any = None, prefix: str = prefix, **kw: Any) -> None:
            super().__init__(formdata, obj, prefix, **kw)

    return type(name, (Prefixed,), made)


def values(form: wtforms.Form) -> dict[str, Any]:
    """The raw answers, ready for `Schema.validate`."""
    return {name: control.raw for name, control in _controls(form).items()}


def errors_onto(form: wtforms.Form, problems: Iterable[Problem], language: str) -> list[Problem]:
    """Put each problem at its field as a sentence; returns those that belong to no field of this form."""
    known = _controls(form)
    homeless = []
    for problem in problems:
        control = known.get(problem.field or "")
        if control is None:
            homeless.append(problem)
        else:
            control.fail(problem, wording.sentence(problem, language, control.spec.label))
    return homeless


def summary(form: wtforms.Form) -> list[tuple[str, str, str]]:
    """What the error summary on top says: (id to go to, label, sentence), in the order of the form."""
    return [(c.input_id, str(c.label.text), c.sentence) for c in _controls(form).values() if c.sentence]


def _controls(form: wtforms.Form) -> dict[str, Control]:
    return {control.short_name: control for control in form if isinstance(control, Control)}


def _unbound(spec: Field, language: str, lookups: Lookups | None, dates: str) -> Any:
    label = spec.label.text(language)
    common: dict[str, Any] = {"spec": spec, "language": language, "help": _help(spec, language, dates)}
    common["default"] = spec.default
    kind = spec.type.input
    if spec.reference is not None:
        return _reference(spec, label, common, lookups(spec) if lookups else None)
    if kind == "checkbox":
        settled = spec.required or spec.default is not None
        return controls.CheckBox(label, **common) if settled else _yes_no(spec, label, common)
    if isinstance(spec.type, FileType):
        found = lookups(spec) if lookups else None
        return controls.Files(label, choices=found.choices if found else (), **common)
    closed = spec.type.choices(language)
    if closed is not None:
        if kind == "multiselect":
            return controls.MultiSelect(label, choices=closed, **common)
        return controls.Select(label, choices=closed, blank=spec.default is None, **common)
    return _control(kind, dates)(label, **common)


def _control(kind: str, dates: str) -> type[Control]:
    if kind == "date" and dates == "parts":
        return controls.DateParts
    special = {
        "textarea": controls.TextArea,
        "file": controls.Upload,
        "password": controls.Password,
        "colour": controls.Colour,
    }
    return special.get(kind, Control)


def _yes_no(spec: Field, label: str, common: dict[str, Any]) -> Any:
    """A yes or no that may also be left open."""
    return controls.Select(label, choices=spec.type.choices(common["language"]) or [], **common)


def _reference(spec: Field, label: str, common: dict[str, Any], lookup: Lookup | None) -> Any:
    found = lookup or Lookup()
    if spec.type.python is list:
        return controls.MultiSelect(label, choices=found.choices, source=found.source, **common)
    if found.source is None:
        return controls.Select(label, choices=found.choices, **common)
    shown = found.choices[0][1] if found.choices else ""
    return controls.Reference(label, source=found.source, suggestions=found.suggestions, shown=shown, **common)


# Examples are declared as Indonesians write numbers. Amounts are shown the English way to who reads English; other
# decimals are not: "7.551" reads as seven thousand here, a comma is never misread.
_SWAP = str.maketrans(",.", ".,")


def _help(spec: Field, language: str, dates: str) -> str:
    """Help, and an example where the shape is not obvious."""
    said = spec.help.text(language) if spec.help else ""
    if isinstance(spec.type, FileType):
        return f"{said.rstrip('.')}. {_taken(spec.type, language)}" if said else _taken(spec.type, language)
    if spec.type.choices(language) is not None or spec.reference is not None:
        return said
    example = spec.example or ("" if spec.type.key in _PLAIN else spec.type.example)
    if not example or spec.type.input in ("checkbox", "file", "textarea"):
        return said
    if language == "en" and isinstance(spec.type, MoneyType):
        example = example.translate(_SWAP)
    if spec.type.input == "date" and dates == "parts":
        example = example.replace("/", " ")
    such = f"For example: {example}" if language == "en" else f"Misalnya: {example}"
    return f"{said.rstrip('.')}. {such}" if said else such


def _taken(kind: FileType, language: str) -> str:
    """Which files, how large, and how to take one off again."""
    *names, last = ["JPG" if one == "image/jpeg" else one.rpartition("/")[2].upper() for one in kind.kinds]
    size = f"{kind.max_bytes // 1024**2} MB"
    if language == "en":
        listed = f"{', '.join(names)} or {last}" if names else last
        much = "A new file takes the place of the old one" if kind.most == 1 else f"At most {kind.most} files"
        return f"{listed}, up to {size}. {much}. Untick a file to take it off"
    listed = f"{', '.join(names)} atau {last}" if names else last
    much = "Berkas baru menggantikan yang lama" if kind.most == 1 else f"Paling banyak {kind.most} berkas"
    return f"{listed}, sampai {size}. {much}. Hapus centang untuk melepas berkas"
