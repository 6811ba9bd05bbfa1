"""Two windows on one draft. What was typed on an older page is saved where nothing else changed the same cell; where
something did, both stand side by side and the sender chooses.

A page tells what it showed (`shown`, a hidden field), so that what was typed is told from what merely stood there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import EditConflict
from app.models.report_row import report_row
from app.operations import drafts
from app.web import language, next_page
from forms import words
from forms.scene import Scene, open_scene, typed_number, typed_version

_MOST_SHOWN = 200
_NEW = "n"
_PRESSED = ("remove", "restore", "replace", "fill", "use", "keep", "whole")
Cells = frozenset[tuple[str, str]]  # (row, field)


class Typed(NamedTuple):
    """A box as it came: its name in the form, the row ("n" for a person to come) and field it is of."""

    name: str
    row: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell typed here that says something else in the draft now; `row` None for a person to come."""

    row: int | None
    label: str
    typed: str
    kept: str


def shown(scene: Scene, rows: Iterable[tuple[int, Mapping[str, str], Iterable[str]]]) -> str:
    """The hidden field: what a page shows of (row, cells, fields), and of which draft."""
    fields = report_row.fields
    cells = {
        f"{n}:{key}": words.box_value(fields[key], held.get(key))
        for n, held, keys in rows
        for key in keys
        if key in fields
    }
    return _as_hidden(scene, cells)


def stood(shown: str) -> tuple[str, dict[str, str]]:
    """The draft a page showed and its cells, as the hidden field tells; ("", {}) where it tells nothing."""
    try:
        told = json.loads(shown)
        return str(told["draft"]), {str(cell): str(text) for cell, text in told["cells"].items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        return "", {}


def merged(scene: Scene) -> Cells | None:
    """The cells typed on an older page, where none of them met another change; None for a page that is not older.

    Raises EditConflict where one did, or where it cannot be told.
    """
    if scene.draft is None or typed_version() in (None, scene.draft.row_version):
        return None
    base = _base(scene)
    if base is None or _met(scene, base):
        raise EditConflict("draft_changed", public_id=scene.draft.public_id)
    return frozenset((one.row, one.field) for one in _touched(base))


def wants(touched: Cells | None, row: object, field: str) -> bool:
    """Whether a box is to be read: on an older page only what was typed is."""
    return touched is None or (str(row), field) in touched


def page(duty_id: str) -> ResponseReturnValue:
    """409: the differences, a button that saves what was typed over them, another that saves only the rest."""
    with open_scene(duty_id, write=False) as scene:
        base = _base(scene)
        touched, met = _touched(base), _met(scene, base)
        differences = [_difference(scene, one) for one in met]
        others = [one for one in touched if one not in met and _says_more(scene, one)]
        answer = render_template(
            "forms/conflict.html",
            **scene.page(
                differences=differences[:_MOST_SHOWN],
                more=max(0, len(differences) - _MOST_SHOWN),
                typed=_to_send(scene, touched),
                others=_to_send(scene, others),
                shown=_as_kept(scene, touched),
                pressed=any(request.form.get(name) for name in _PRESSED),
                path=next_page.here(),
                back=None,
            ),
        )
    return make_response(answer, 409)


def _base(scene: Scene) -> dict[str, str] | None:
    """What the page showed, where it tells and was made from this draft."""
    draft, cells = stood(request.form.get("shown", ""))
    return cells if scene.draft is not None and draft == scene.draft.public_id else None


def _touched(base: Mapping[str, str] | None) -> list[Typed]:
    if base is None:
        return _typed()
    return [one for one in _typed() if _in_box(one.field, one.text) != _plain(base.get(f"{one.row}:{one.field}"))]


def _met(scene: Scene, base: Mapping[str, str] | None) -> list[Typed]:
    """What was typed in a cell that says neither what the page showed nor the same as was typed."""
    found = []
    for one in _touched(base):
        if one.row == _NEW:
            continue
        known = [one.text] if base is None else [one.text, base.get(f"{one.row}:{one.field}")]
        if _meant(one.field, _held(scene, one)) not in [_meant(one.field, text) for text in known]:
            found.append(one)
    return found


def _row(scene: Scene, number: str) -> drafts.Row | None:
    return next((row for row in scene.data["rows"] if str(row["n"]) == number), None)


def _held(scene: Scene, one: Typed) -> str:
    row = _row(scene, one.row)
    return words.box_value(report_row.fields[one.field], row["cells"].get(one.field)) if row else "\0"


def _says_more(scene: Scene, one: Typed) -> bool:
    return one.row == _NEW or _in_box(one.field, one.text) != _plain(_held(scene, one))


def _as_kept(scene: Scene, touched: Iterable[Typed]) -> str:
    """The hidden field of this page: what the draft holds now of the cells that it sends."""
    return _as_hidden(scene, {f"{one.row}:{one.field}": _held(scene, one) for one in touched if one.row != _NEW})


def _as_hidden(scene: Scene, cells: Mapping[str, str]) -> str:
    return json.dumps({"draft": scene.draft.public_id if scene.draft else "", "cells": cells}, ensure_ascii=False)


def _difference(scene: Scene, one: Typed) -> Difference:
    field, row = report_row.fields[one.field], _row(scene, one.row)
    held = words.shown_cell(field, row["cells"].get(one.field)) if row else ""
    number = typed_number(one.row)
    return Difference(number, language.text(field.label), words.shown_cell(field, one.text), held)


def _to_send(scene: Scene, touched: Sequence[Typed]) -> list[tuple[str, str]]:
    """The boxes of a form that saves these, and leaves the rest as it is in the draft now."""
    if not touched:
        return []
    sent = [(name, act) for name in ("do", "go") if (act := request.form.get(name))]
    if touched[0].name != touched[0].field:
        return [*sent, *((one.name, one.text) for one in touched)]
    row = _row(scene, touched[0].row)
    standing = row["cells"] if row else {}
    mine = {one.field: one.text for one in touched}
    for one in _typed():  # the page of one person is saved whole
        field = report_row.fields[one.field]
        text = mine.get(one.field, words.box_value(field, standing.get(one.field)))
        if field.type.input == "date":
            sent += [(f"{one.field}-{box}", part) for box, part in zip("dmy", words.date_parts(text), strict=True)]
        else:
            sent.append((one.field, text))
    return sent


def _typed() -> list[Typed]:
    """The boxes of any step: of the table, of the cards, of one person."""
    found = []
    for name, value in request.form.items():
        kind, _dash, rest = name.partition("-")
        number, _dash, key = rest.partition("-")
        if kind == "c" and key in report_row.fields:
            found.append(Typed(name, number, key, value.strip()))
        elif kind == _NEW and key in report_row.fields and value.strip():
            found.append(Typed(name, _NEW, key, value.strip()))
        elif kind == "change" and rest:
            found.append(Typed(name, rest, "change", value))
    return found + _of_one_person()


def _of_one_person() -> list[Typed]:
    number = request.args.get("n", "") or _NEW
    form, found = request.form, []
    for key, field in report_row.fields.items():
        if field.type.input == "date" and f"{key}-d" in form:
            text = words.joined_date(*(form.get(f"{key}-{box}", "") for box in "dmy"))
            found.append(Typed(key, number, key, text))
        elif key in form:
            found.append(Typed(key, number, key, form[key].strip()))
    return found


def _meant(field: str, text: str | None) -> tuple[bool, object]:
    """The value where the field reads one ("12/3/1985" and "12/03/1985" are one day), else the text."""
    plain = _plain(text)
    try:
        return True, report_row.fields[field].type.parse(plain) if plain else None
    except ValueError:
        return False, plain


def _in_box(key: str, text: str) -> str:
    """A date as three boxes say it, however one box does: "12-03-1985" is what "12/03/1985" is."""
    field = report_row.fields[key]
    return _plain(words.box_value(field, text) if field.type.input == "date" else text)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
