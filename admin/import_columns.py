"""What the columns of an import are taken for, and what its file leaves open, as its pages ask and tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.domain.grid import Note
from app.models.import_batch import ImportBatch
from app.operations.import_steps import is_answered, must_be_answered
from app.registry import Registry
from app.wording import sentence

NAMED = 12  # columns that are not used, by name
LOOKED_AT = "seen"  # the answer to a question without choices: somebody has been through the columns


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: `choices` are (answer, words), `chosen` the answer it stands at, `told` what was answered.

    `needed`: nothing is written without an answer.
    """

    code: str
    sentence: str
    choices: list[tuple[str, str]]
    chosen: str | None
    told: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Matching:
    """How rows meet records: the `number` that does it by itself, and an `example` of columns where it is missing."""

    number: str
    example: str


def matching(registry: Registry, language: str) -> Matching:
    """What the box about it says of this registry."""
    fields, own = registry.fields, registry.natural_key
    beside = [f for f in fields.values() if f.listed and f.key not in (*own, registry.label_field)]
    beside.sort(key=lambda f: (f.type.key != "date", not f.reference))  # what tells two of one name apart
    example = [key for key in (registry.label_field, *(f.key for f in beside[:1])) if key in fields]
    return Matching(*(", ".join(fields[key].label.text(language) for key in keys) for keys in (own, example)))


def unused(report: Mapping[str, Any]) -> str:
    """The columns that stay with the source row only, in one line; of a wide file the first."""
    left = [
        one["heading"] or one["letter"]
        for one in report.get("columns", [])
        if not one["field"] and one["how"] not in ("empty", "numbering")
    ]
    more = [_("… and %(num)s more", num=len(left) - NAMED)] if len(left) > NAMED else []
    return " ".join([", ".join(left[:NAMED]), *more])


def drawn(batch: ImportBatch, language: str) -> list[Asked]:
    """Every question of the file, answered or not."""
    return [_asked(one, batch.answers, language) for one in batch.report.get("questions", [])]


def answers(batch: ImportBatch, form: Mapping[str, str]) -> dict[str, Any]:
    """What is known of the file after the page of its columns was sent."""
    made = dict(batch.answers)
    for one in batch.report.get("questions", []):
        code = one["code"]
        if not one["choices"]:
            made[code] = LOOKED_AT
        elif form.get(code) in one["choices"]:
            made[code] = form[code]
    return made


def _asked(one: Mapping[str, Any], given: Mapping[str, Any], language: str) -> Asked:
    code, answer = one["code"], given.get(one["code"])
    words = dict(_choices(one["choices"]))
    told = _told(code, words.get(answer or "", "")) if is_answered(one, given) else ""
    return Asked(
        code=code,
        sentence=sentence(Note(f"question.{code}", one["params"]), language),
        choices=list(words.items()),
        chosen=answer or one["default"],
        told=told,
        needed=must_be_answered(one, given),
    )


def _choices(choices: Iterable[str]) -> list[tuple[str, str]]:
    known = {"dmy": _("day, month, year"), "mdy": _("month, day, year")}
    return [(one, known.get(one, one)) for one in choices]


def _told(code: str, answer: str) -> str:
    return {
        "sheet": _("As answered, the sheet “%(sheet)s” is read.", sheet=answer),
        "date_ambiguous": _("As answered, dates are read as %(order)s.", order=answer),
        "headings_missing": _("The columns, which have no headings, are read as was said."),
    }[code]


def how_read(how: str) -> str:
    """Why a column was taken for what it is."""
    return {
        "given": _("as you said"),
        "remembered": _("as said for an earlier file of this source"),
        "similar": _("the heading is similar: please look"),
        "content": _("by what its cells hold: please look"),
        "none": _("not known: kept with the source row only"),
        "numbering": _("running number"),
        "empty": _("empty"),
    }.get(how, _("by its heading"))
