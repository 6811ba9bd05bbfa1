"""Words of the public door that depend on data: dates, problems, what is typed in three boxes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from markupsafe import Markup

from app import wording
from app.config import settings
from app.domain import countries
from app.domain.errors import Problem
from app.domain.fields import Field, Label
from app.domain.sheet_dates import without_doubt
from app.models.report_row import report_row
from app.web import language

FEW_CHOICES = 6  # of a field, drawn as buttons or a list; more are typed


def for_templates() -> dict[str, Any]:
    now_language = language.current()
    return {
        "language": now_language,
        "date_parts": date_parts,
        "spaced_date": spaced_date,
        "long_date": lambda day: wording.long_date(day, now_language),
        "short_date": wording.short_date,
        "clock": lambda at: clock(at, now_language),
        "office_date": office_date,
        "number": lambda count: wording.number(count, now_language),
        "period_name": lambda period: wording.period_name(period, now_language),
        "problem_words": problem_words,
        "label_of": label_of,
        "shown_cell": shown_cell,
        "cell_text": cell_text,
        "canonical": canonical,
        "datalists": datalists,
        "office": settings(),
        "text_of": language.text,
    }


def date_parts(typed: str | None) -> tuple[str, str, str]:
    """What was typed for a date, for the three boxes: "12/03/1985" -> ("12", "03", "1985"). Nothing is lost."""
    typed = without_doubt((typed or "").strip())
    if not typed:
        return "", "", ""
    pieces = re.split(r"[\s/.\-]+", typed)
    if re.fullmatch(r"\d{4}", pieces[0]) and len(pieces) == 3:
        return pieces[2], pieces[1], pieces[0]
    if len(pieces) == 3 and re.fullmatch(r"\d{0,2}", pieces[0]):
        return pieces[0], pieces[1], pieces[2]
    return typed, "", ""


def in_one_box(typed: str | None) -> bool:
    """Whether a text for a date cannot be taken apart, and does not fit the box of a day: "Dublin, 01-11-1970"."""
    day, month, year = date_parts(typed)
    return len(day) > 2 and not month and not year


def joined_date(day: str, month: str, year: str) -> str:
    """The three boxes as one text: "12/3/1985"; "" when all are empty."""
    parts = [part.strip() for part in (day, month, year)]
    if not any(parts):
        return ""
    if not parts[1] and not parts[2]:
        return parts[0]
    return "/".join(parts) if parts[1].isdigit() or not parts[1] else " ".join(parts)


def spaced_date(example: str) -> str:
    """ "31/12/2029" as it goes into three boxes: "31 12 2029"."""
    return example.replace("/", " ")


def office_date(at: datetime) -> date:
    return settings().today(at)


def clock(at: datetime, now_language: str) -> str:
    return wording.clock(at, settings().office_time_zone, now_language)


def problem_words(problem: Problem | Mapping[str, Any]) -> str:
    """One sentence, as every door says it."""
    fact = problem if isinstance(problem, Problem) else Problem(**problem)
    return wording.sentence(fact, language.current(), label_of(fact.field))


def label_of(key: str | None) -> Label | None:
    field = report_row.fields.get(key or "")
    return field.label if field else None


def canonical(field: Field, typed: str | None) -> str | None:
    """The stored value of a choice however it was typed ("L" -> "M"), for radios; else what was typed."""
    if not typed:
        return None
    try:
        return str(field.type.parse(typed))
    except ValueError:
        return typed


def box_value(field: Field, typed: str | None) -> str:
    """What a box of the form holds for a cell: a stored choice by its key, a country by its name, else as typed."""
    if field.type.input == "date":
        return joined_date(*date_parts(typed))
    if field.type.key == "country":
        return shown_cell(field, typed)
    labels = dict(field.type.choices() or ())
    value = canonical(field, typed) or ""
    return value if value in labels and len(labels) <= FEW_CHOICES else typed or ""


def cell_text(field: Field, typed: str | None) -> str:
    """What a text box shows of a cell: the mark of a date in doubt is ours, and nobody typed it."""
    if field.type.key == "country":
        return shown_cell(field, typed)
    return without_doubt(typed or "") if field.type.input == "date" else typed or ""


def came_back(field: Field, held: str | None, typed: str) -> str:
    """What a cell holds once its box came back: a date in doubt stays in doubt until it is written otherwise."""
    in_doubt = field.type.input == "date" and without_doubt(held or "") != held
    return held if held and in_doubt and box_value(field, typed) == box_value(field, held) else typed


def shown_cell(field: Field, typed: str | None) -> str:
    """A cell as a person reads it: "ITAS (terbatas)" for "itas"; as typed where it cannot be read."""
    if not typed:
        return ""
    if field.type.input == "date" and (plain := without_doubt(typed)) != typed:
        return plain
    try:
        return field.type.show(field.type.parse(typed), language.current())
    except ValueError:
        return typed


def datalists(fields: Sequence[Field]) -> Markup:
    """Lists of suggestions for long choices, once a page."""
    return _countries(language.current()) if any(field.type.key == "country" for field in fields) else Markup()


@cache
def _countries(now_language: str) -> Markup:
    options = Markup().join(Markup('<option value="{}"></option>').format(name) for name in _names(now_language))
    return Markup('<datalist id="list-country">{}</datalist>').format(options)


def _names(now_language: str) -> list[str]:
    return list(countries.names(now_language).values())
