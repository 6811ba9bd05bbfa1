"""The checker as every door calls it: a file and fields in, one report out. Only the limited child opens the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import app.sheets.check_words  # noqa: F401 (registers the sentences of this package)
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.grid import Note
from app.domain.sheet_lexicon import WILD
from app.domain.sheet_report import SheetReport, plain_value
from app.domain.sheet_rows import RowRule, Rule
from app.domain.types.text import fold
from app.sheets.profiles import ProfileName
from app.sheets.sandbox import run_limited
from app.wording import sentence


def check(
    path: str | Path,
    fields: Iterable[Field],
    *,
    today: date,
    profile: ProfileName = "link",
    mapping: Mapping[str, str | None] | None = None,
    answers: Mapping[str, Any] | None = None,
    memory: Mapping[str, Mapping[str, str | None]] | None = None,
    row_rules: Sequence[RowRule] = (),
    rules: Sequence[Rule] = (),
    references: Mapping[str, Mapping[str, str]] | None = None,
    keep_rows: bool = True,
    sheet: str | None = None,
    name: str | None = None,
) -> SheetReport:
    """Read and check a file in a child process. Arguments as `app.domain.sheets.check`; raises `SheetRejected`.

    `keep_rows=False` hands back the findings only (much faster for large files). `name` is the sender's file name.
    Rules are module-level functions: they travel by name.
    """
    wanted = {
        "today": today,
        "mapping": mapping,
        "answers": answers,
        "memory": memory,
        "row_rules": tuple(row_rules),
        "rules": tuple(rules),
        "references": references,
        "keep_rows": keep_rows,
        "file": name or Path(path).name,
    }
    return _run({"path": str(path)}, fields, profile, sheet, wanted)


def check_bytes(data: bytes, fields: Iterable[Field], *, profile: ProfileName = "link", **options: Any) -> SheetReport:
    """As `check`, for pasted text or an upload that is not stored: `data` as it came, options by name."""
    sheet = options.pop("sheet", None)
    options.setdefault("file", options.pop("name", None))
    return _run({"data": data}, fields, profile, sheet, options)


def check_for(schema: Any, path: str | Path, **options: Any) -> SheetReport:
    """`check` with the fields and rules of a registry or form."""
    report = check(path, sheet_fields(schema), row_rules=row_rules_of(schema), rules=schema.rules, **options)
    return noting_files(schema, report)


def noting_files(schema: Any, report: SheetReport) -> SheetReport:
    """The report, which says of a column named like a field of files that files come by the form."""
    files = [f for f in schema.fields.values() if f.type.input == "files"]
    named = {fold(name): f for f in files for name in (f.key, f.label.id, f.label.en, *f.aliases)}
    for heading in report.unmapped:
        if found := named.get(fold(heading)):
            report.notes.append(Note("file_column", {"field": found.key, "value": heading}))
    return report


def sheet_fields(schema: Any) -> list[Field]:
    """The fields of a registry or form that a sheet may carry, in the order of declaration."""
    return [f for f in schema.fields.values() if not f.computed and f.type.input != "files"]


def import_fields(schema: Any) -> list[Field]:
    """The fields of a sheet read into a registry.

    A repeat is folded and an empty cell says nothing: it is no error, and never puts a default over what is on record.
    """
    return [replace(f, natural_key=False, unique=False, default=None) for f in sheet_fields(schema)]


def row_rules_of(schema: Any) -> tuple[RowRule, ...]:
    return tuple(getattr(schema, "row_rules", ()))


def vocabulary(fields: Iterable[Field]) -> list[str]:
    """Every heading known for these fields: what the reader chooses sheet and heading row by."""
    known: dict[str, None] = {}
    for f in fields:
        for heading in (f.key, f.label.id, f.label.en, *f.aliases, *WILD.get(f.key, ())):
            known[heading] = None
    return list(known)


def _run(
    payload: dict[str, Any], fields: Iterable[Field], profile: ProfileName, sheet: str | None, wanted: dict[str, Any]
) -> SheetReport:
    asked = [f for f in fields if not f.computed]
    payload |= {
        "profile": profile, "sheet": sheet, "vocabulary": vocabulary(asked), "check": {"fields": asked, **wanted},
    }  # fmt: skip
    report: SheetReport = run_limited("app.sheets.child_check:check_in_child", payload, profile)
    return report


# --- the report in words -----------------------------------------------------------------------------------


def as_json(report: SheetReport, fields: Iterable[Field], language: str = "id") -> dict[str, Any]:
    """The JSON shape other programs rely on (design: commands), with sentences in `language`."""
    by_key = {f.key: f for f in fields}
    made: dict[str, Any] = {
        "file": report.file,
        "sheet": report.sheet,
        "rows": report.rows,
        "good": report.good,
        "heading_rows": report.heading_rows,
        "mapping": report.mapping,
        "unmapped": report.unmapped,
        "signature": report.signature,
        "errors": [problem_json(p, by_key.get(p.field or ""), language) for p in report.errors],
        "questions": [
            {"code": q.code, "field": q.field, "choices": list(q.choices), "default": q.default}
            | {"message": sentence(Note(f"question.{q.code}", q.params), language)}
            for q in report.questions
        ],
        "notes": [note_json(n, by_key, language) for n in report.notes],
    }
    if report.truncated:
        made["more_errors"] = report.truncated
    return made


def problem_json(problem: Problem, field: Field | None, language: str = "id") -> dict[str, Any]:
    """One problem as {row, column, field, code, value, message, suggestion}."""
    return {
        "row": problem.row,
        "column": problem.column,
        "field": problem.field,
        "code": problem.code,
        "value": problem.value,
        "message": message(problem, field, language),
        "suggestion": problem.suggestion,
    }


def message(problem: Problem, field: Field | None, language: str = "id") -> str:
    """The sentence of a problem; an example of the field fills the sentences that show one."""
    if field is not None and "example" not in problem.params:
        problem = Problem(
            problem.code, problem.field, problem.row, problem.column, problem.value, problem.suggestion,
            {**problem.params, "example": field.sample(), **_short_list(problem, field, language)},
        )  # fmt: skip
        if language == "en" and problem.code == "choice_unknown" and problem.suggestion:
            problem = replace(problem, suggestion=_in_english(field, problem.suggestion))
    return sentence(problem, language, field.label if field else None)


def _in_english(field: Field, suggestion: str) -> str:
    """Values of lists are suggested by their Indonesian label."""
    keys = [key for key, name in field.type.choices("id") or () if name == suggestion]
    return dict(field.type.choices("en") or ()).get(keys[0], suggestion) if keys else suggestion


def _short_list(problem: Problem, field: Field, language: str) -> dict[str, Any]:
    """Who mends a file sees no list: a short one is told."""
    choices = field.type.choices(language) if problem.code == "choice_unknown" else None
    return {"kind": "short", "choices": [name for _, name in choices]} if choices and len(choices) <= 6 else {}


def note_json(note: Note, fields: Mapping[str, Field], language: str = "id") -> dict[str, Any]:
    """One note as {code, message, row, column, field} (the last three only where they are known)."""
    key = str(note.params.get("field") or "")
    label = fields[key].label if key in fields else None
    place = {
        name: plain_value(note.params[name]) for name in ("row", "column", "field", "value") if name in note.params
    }
    return {"code": note.code, "message": sentence(note, language, label), **place}
