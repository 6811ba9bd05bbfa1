"""What the file of an import leaves open, as its pages ask it and tell what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.domain.grid import Note
from app.models.import_batch import ImportBatch
from app.operations.import_steps import is_answered
from app.wording import sentence

LOOKED_AT = "seen"  # the answer to a question without choices: somebody has been through the columns


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: `choices` are (answer, words), `chosen` the answer it stands at, `told` what was answered."""

    code: str
    sentence: str
    choices: list[tuple[str, str]]
    chosen: str | None
    told: str


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
