"""What an import would do, row by row and as a whole, as it is kept for its preview."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlmodel import Session

from app.config import settings
from app.domain.actors import Actor
from app.domain.errors import Problem
from app.domain.sheet_report import SheetReport, shown
from app.models.import_batch import ImportBatch
from app.operations import audit, imports, references
from app.queries import lists, twins
from app.queries.keys import fetch
from app.registry import Registry

UNKNOWN = 60  # different values that fit no choice, offered for mapping
SHORT = 0.7  # of the rows of the last import: fewer looks like a truncated file
ON_RECORD = "perhaps_on_record"  # `value` is the public id of the record of that name, or nearly
SAME_ROW = "same_as_row"  # `params.row_first` is the row of the file that says the same
REPLACEABLE = frozenset({"choice_unknown", "reference_unknown"})


def faults(session: Session, registry: Registry, plan: imports.Plan, actor: Actor) -> list[Problem]:
    """Everything wrong at once: a row with a bad cell is not compared, yet what it refers to is looked up too."""
    report, known = plan.report, plan.problems
    told = {(one.row, one.field) for one in known}
    names = [name for name in registry.references if name in report.values and plan.saving is not None]
    at = [index for index, number in enumerate(report.row_numbers) if number in report.bad_rows] if names else []
    given = [{name: report.values[name][index] for name in names} for index in at]
    found = references.resolve(session, registry, given, actor)
    also = [
        replace(one, row=number, column=report.letters.get(one.field or ""))
        for place, index in enumerate(at)
        for one in found.get(place, ())
        if ((number := report.row_numbers[index]), one.field) not in told
    ]
    return known + also


def rows(
    session: Session,
    registry: Registry,
    plan: imports.Plan,
    actor: Actor,
    batch_id: int,
    faulty: Iterable[Problem],
) -> Iterator[dict[str, Any]]:
    """One row for each row of the file, then one for each record that the last file had and this one has not."""
    assert plan.saving is not None
    outcomes = dict(zip(plan.folded, plan.saving.outcomes, strict=True))
    problems: dict[int, list[dict[str, Any]]] = {}
    for problem in faulty:
        if problem.row is not None:
            problems.setdefault(problem.row, []).append(audit.plain(asdict(problem)) or {})
    standing = {o.public_id: plan.saving.existing[i] for i, o in enumerate(plan.saving.outcomes)
                if i in plan.saving.existing}  # fmt: skip
    blank: dict[str, Any] = {
        "batch_id": batch_id,
        "public_id": None,
        "version": None,
        "before": {},
        "after": {},
        "problems": [],
    }
    known, again = namesakes(session, registry, plan, actor), repeated(registry, plan)
    met: set[imports.Key] = set()
    sent = _Sent(registry, plan.report)
    for index, (number, key) in enumerate(zip(plan.report.row_numbers, plan.keys, strict=True)):
        outcome = outcomes.get(key)
        wrong = problems.get(number, [])
        row = {**blank, "row_no": number, "title": "", "action": "error", "problems": wrong}
        if outcome is not None and not (wrong and number in plan.report.bad_rows):
            row |= _told(registry, outcome, standing.get(outcome.public_id), repeat=key in met)
            if row["action"] == "new":
                remarks = [one for one in (known.get(key), again.get(key)) if one is not None]
                row["problems"] = [*wrong, *(audit.plain(asdict(one)) for one in remarks)]
            met.add(key)
        else:
            row["title"] = sent.title(index)
        yield row
    gone = fetch(session, registry.table, registry.table.c.public_id, plan.missing)
    for number, record in enumerate(gone, 1):
        title = lists.title(registry, record)[:300]
        yield {**blank, "row_no": number, "action": "missing", "public_id": record["public_id"], "title": title}


def namesakes(session: Session, registry: Registry, plan: imports.Plan, actor: Actor) -> dict[imports.Key, Problem]:
    """Which new records bear the name, or nearly, of one that this actor sees already: a remark, nothing more."""
    if plan.saving is None:
        return {}
    new = [
        (key, name)
        for key, outcome in zip(plan.folded, plan.saving.outcomes, strict=True)
        if outcome.action == "new" and (name := twins.name_key(registry, outcome.after))
    ]
    found = twins.namesakes(session, registry, actor, (name for _key, name in new))
    found |= twins.nearly(session, registry, actor, (name for _key, name in new if name not in found))
    return {key: Problem(ON_RECORD, registry.label_field, value=found[name]) for key, name in new if name in found}


def repeated(registry: Registry, plan: imports.Plan) -> dict[imports.Key, Problem]:
    """New records that an earlier row of the file names already, as far as every record has to be told apart.

    A remark, which keeps nothing back: nothing but a natural key says for certain that two rows are one record, and
    rows that have one are told apart by it. The others are alike in the name and in all that every record must have.
    """
    if plan.saving is None:
        return {}
    needed = [name for name, spec in registry.fields.items() if (spec.required or spec.unique) and not spec.computed]
    names = [name for name in needed if name != registry.label_field]
    number = dict(reversed(list(zip(plan.keys, plan.report.row_numbers, strict=True))))
    first: dict[tuple[Any, ...], int] = {}
    made: dict[imports.Key, Problem] = {}
    for key, outcome in zip(plan.folded, plan.saving.outcomes, strict=True):
        row, natural = outcome.after, registry.natural_key
        if outcome.action != "new" or (natural and all(row.get(name) is not None for name in natural)):
            continue
        if row.get(registry.label_field) is None:
            continue
        told = (_comparable(twins.name_key(registry, row)), *(_comparable(row.get(name)) for name in names))
        at = first.setdefault(told, number[key])
        if at != number[key]:
            made[key] = Problem(SAME_ROW, registry.label_field, params={"row_first": at})
    return made


def same_row(problems: Iterable[Mapping[str, Any]]) -> int | None:
    """The earlier row of the file that a row of the preview repeats."""
    return next((one["params"]["row_first"] for one in problems if one["code"] == SAME_ROW), None)


def _comparable(value: Any) -> str:
    return " ".join(value.casefold().split()) if isinstance(value, str) else repr(value)


def on_record(problems: Iterable[Mapping[str, Any]]) -> str | None:
    """The public id of the record that a row of the preview may be already."""
    return next((one["value"] for one in problems if one["code"] == ON_RECORD), None)


class _Sent:
    """How the file itself calls the record of a row that is not compared."""

    def __init__(self, registry: Registry, report: SheetReport) -> None:
        label = registry.label_field
        self.spec = registry.fields[label]
        self.clean = report.values.get(label) or []
        columns = (report.given[one.heading] for one in report.columns if one.fields == (label,))
        self.typed = report.halves.get(label) or next(columns, [])

    def title(self, index: int) -> str:
        """The cleaned value, else the cell as typed; masked where the name of a record is."""
        value = self.clean[index] if self.clean else None
        if value is None and self.typed:
            value = shown(self.typed[index]).strip() or None
        if value is None:
            return ""
        said = self.spec.type.mask(value) if self.spec.masked else value
        return (said if isinstance(said, str) else self.spec.type.show(said))[:300]


def _told(registry: Registry, outcome: Any, record: Mapping[str, Any] | None, *, repeat: bool) -> dict[str, Any]:
    named = {**(record or {}), **outcome.after, "public_id": outcome.public_id or ""}
    title = lists.title(registry, named)[:300]
    action = outcome.action if outcome.action in ("new", "changed", "same") else "error"
    if repeat:
        return {"action": "repeat", "title": title, "public_id": outcome.public_id}
    return {
        "action": action,
        "title": title,
        "public_id": outcome.public_id,
        "version": outcome.row_version if action in ("changed", "same") else None,
        "before": audit.plain(outcome.before) or {},
        "after": audit.plain({k: v for k, v in outcome.after.items() if v is not None or k in outcome.before}) or {},
    }


def said(report: SheetReport, faulty: Sequence[Problem], last: ImportBatch | None) -> dict[str, Any]:
    """What the check says of the file as a whole."""
    return {
        "sheet": report.sheet,
        "signature": report.signature,
        "settled": True,
        "columns": [
            {
                "letter": column.letter,
                "heading": column.heading,
                "field": column.means,
                "how": column.how,
                "samples": report.samples(column.heading),
            }
            for column in report.columns
        ],
        "notes": [audit.plain(asdict(note)) for note in report.notes[:200]],
        "file_problems": [audit.plain(asdict(one)) for one in faulty if one.row is None],
        "problems": len(faulty),
        "unknown": _unknown(faulty),
        "short": _short(report, last),
    }


def questions(
    report: SheetReport, asked: Iterable[Mapping[str, Any]], answers: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What the file leaves open, and what it left open when it was read before: an answer can be changed.

    What has no choices is answered by looking at the columns alone, whatever else was said of the file meanwhile.
    """
    now = [asdict(question) for question in report.questions]
    codes = {one["code"] for one in now}
    kept = [one for one in asked if one["code"] in answers or not one["choices"]]
    return now + [dict(one) for one in kept if one["code"] not in codes]


def _unknown(problems: Iterable[Any]) -> list[dict[str, Any]]:
    """Values that fit no choice or record, the most frequent first: one decision mends every cell of them."""
    counted: Counter[tuple[str, str]] = Counter()
    suggested: dict[tuple[str, str], str | None] = {}
    for one in problems:
        if one.code in REPLACEABLE and one.field and one.value:
            counted[one.field, one.value] += 1
            suggested.setdefault((one.field, one.value), one.suggestion)
    return [
        {"field": field, "value": value, "count": count, "suggestion": suggested[field, value]}
        for (field, value), count in counted.most_common(UNKNOWN)
    ]


def _short(report: SheetReport, last: ImportBatch | None) -> dict[str, Any] | None:
    """The last import of this source, where this file is so much shorter that half of it may be gone."""
    if last is None or report.rows >= last.rows_total * SHORT:
        return None
    return {"rows": last.rows_total, "on": settings().today(last.created_at).isoformat(), "file": last.file_name}
