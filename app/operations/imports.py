"""Importing a checked sheet into any registry: plan, apply, undo.

Every source row is kept as a RegisterEntry, columns without a field included; repeats in one file fold
into one record. The changes themselves stand in the audit table under the batch, which is what undo reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from app.domain.actors import Actor
from app.domain.errors import NotFound, Problem, Refused
from app.domain.sheet_report import SheetReport
from app.models.import_batch import ImportBatch
from app.operations import audit, batches, records
from app.operations.records import Action
from app.operations.sources import LINKS, Source, earlier_records, last_records, open_source
from app.queries.keys import fetch
from app.registry import Registry, get

Key = tuple[str, ...]
DONE = frozenset({"merged", "partly_merged"})


@dataclass(slots=True)
class Plan:
    """What an import would do. `keys[i]` names the record of source row i; `folded` are their values, in order."""

    registry: Registry
    report: SheetReport
    keys: list[Key] = field(default_factory=list)
    folded: dict[Key, dict[str, Any]] = field(default_factory=dict)
    saving: records.Plan | None = None
    missing: list[str] = field(default_factory=list)  # public ids the last import of this source had

    def count(self, action: Action) -> int:
        return sum(outcome.action == action for outcome in self.saving.outcomes) if self.saving else 0

    @property
    def problems(self) -> list[Problem]:
        """Errors of the sheet, then those only the database could see, at their first source row."""
        return self.report.errors + [problem for problem in self._of_records() if problem not in self.report.errors]

    @property
    def left_out(self) -> int:
        """How many source rows write nothing."""
        known = zip(self.folded, self.saving.outcomes, strict=True) if self.saving else ()
        wrong = {key for key, outcome in known if outcome.action in ("error", "conflict")}
        bad = self.report.bad_rows
        return sum(
            number in bad or key in wrong for number, key in zip(self.report.row_numbers, self.keys, strict=True)
        )

    def _of_records(self) -> Iterable[Problem]:
        if self.saving is None:
            return
        first = dict(reversed(list(zip(self.keys, self.report.row_numbers, strict=True))))
        letters = self.report.letters
        for key, outcome in zip(self.folded, self.saving.outcomes, strict=True):
            for one in outcome.problems or _stale(outcome):
                column = letters.get(one.field or "")
                yield Problem(one.code, one.field, first[key], column, one.value, one.suggestion, one.params)


def _stale(outcome: records.Outcome) -> list[Problem]:
    """Somebody changed the record after it was compared: that is seen anew, not written over."""
    return [Problem("conflict", value=outcome.public_id)] if outcome.action == "conflict" else []


def plan(
    session: Session,
    registry: Registry,
    report: SheetReport,
    actor: Actor,
    *,
    source: str,
    match: Sequence[str] = (),
    now: datetime,
    as_register: bool = False,
    seen: Mapping[str, int] | None = None,
) -> Plan:
    """Compare a checked sheet with the database; nothing is written.

    `match` names the key: field keys, or source columns by heading ("town" finds "Town/City"); the
    registry's natural key when empty. `seen` are the row versions an earlier comparison saw, by public id.
    """
    made = Plan(registry, report)
    made.keys = _keys(registry, report, match)
    if not match and not as_register:
        report = made.report = _agreeing(registry, report, made.keys)
    made.folded = _folded(report, made.keys)
    if not as_register:
        rows = _identified(session, registry, report, made, source, match)
        made.saving = records.planned(
            session, registry, rows, actor, match=_fields(registry, match), expected_versions=seen
        )
        here = {outcome.public_id for outcome in made.saving.outcomes}
        made.missing = [one for one in last_records(session, registry, source) if one not in here]
    return made


def apply(
    session: Session,
    made: Plan,
    actor: Actor,
    *,
    source: str,
    file_name: str,
    file_hash: str,
    now: datetime,
    today: date,
    good_rows_only: bool = False,
    batch: ImportBatch | None = None,
    mark_missing: bool = False,
) -> ImportBatch:
    """Write a plan in the transaction that made it: batch, records, every source row. Refused while errors remain.

    `batch` is the row of an import that was seen on screen before. `mark_missing` notes in the register that records
    of the last import are no longer in it; the records themselves stay as they are.
    """
    if made.problems and not good_rows_only:
        raise Refused("import_has_errors", count=len(made.problems))
    registry, report = made.registry, made.report
    opened = open_source(session, source, registry, actor, definition=file_name, now=now, today=today)
    batch = batch or ImportBatch(
        registry_key=registry.key, file_name=file_name, file_hash=file_hash, created_by=actor.name, created_at=now
    )
    batch.source, batch.register_id, batch.mapping = source, opened.register_id, dict(report.mapping.items())
    batch.rows_total, batch.rows_bad, batch.rows_missing = report.rows, made.left_out, len(made.missing)
    batch.status = "partly_merged" if made.problems else "merged"
    session.add(batch)
    session.flush()
    ids = _save(session, made, batch, actor, now)
    _keep_rows(session, made, opened, batch, ids, actor, now, today)
    if mark_missing:
        _keep_missing(session, made, opened, batch, actor, now, today)
    return batch


def undo(session: Session, batch_id: str, actor: Actor, *, now: datetime) -> tuple[int, list[str]]:
    """Take back what a batch did; its source rows stay. Returns (records put back, public ids touched since).

    A record changed after the import, or that others have come to point at, is left as it is and listed.
    """
    batch = session.exec(select(ImportBatch).where(ImportBatch.public_id == batch_id)).first()
    if batch is None or batch.status not in DONE | {"undone"}:
        raise NotFound("batch_unknown", batch=batch_id)
    if batch.status == "undone":
        raise Refused("batch_undone", batch=batch_id)
    registry = get(batch.registry_key)
    detach = get("register_entry")
    put_back, touched = batches.undo_batch(session, registry, batch.public_id, actor, now=now, detach=detach)
    batch.status, batch.undone_at = "undone", now
    session.add(batch)
    return put_back, touched


def _save(session: Session, made: Plan, batch: ImportBatch, actor: Actor, now: datetime) -> dict[Key, int | None]:
    """Record ids by key; empty when the rows are kept as a register only."""
    if made.saving is None:
        return {}
    reason = f"impor {batch.file_name}"
    result = records.carry_out(
        session, made.saving, actor.through("import"), now=now, batch=batch.public_id, reason=reason
    )
    batch.rows_new, batch.rows_changed, batch.rows_same = (result.count(a) for a in ("new", "changed", "same"))
    return {key: outcome.id for key, outcome in zip(made.folded, result.outcomes, strict=True)}


def _keep_rows(
    session: Session,
    made: Plan,
    opened: Source,
    batch: ImportBatch,
    ids: Mapping[Key, int | None],
    actor: Actor,
    now: datetime,
    today: date,
) -> None:
    link = LINKS.get(made.registry.key)
    matched = "auto_matched" if link and ids else "unmatched"
    blank = {
        "source": opened.register_id, "number_in_register": None, "company": None, "person": None,
        "presence": "present",
        "match_score": None, "match_reasons": None, "as_of": today, "batch": batch.public_id,
    }  # fmt: skip
    rows = []
    headings = list(made.report.given)
    for number, key, given in zip(
        made.report.row_numbers, made.keys, zip(*made.report.given.values(), strict=True), strict=True
    ):
        record_id = ids.get(key)
        row = {
            **blank,
            "source_row": number,
            "raw": audit.plain({h: v for h, v in zip(headings, given, strict=True) if v is not None}),
            "match_state": matched if record_id else "unmatched",
        }
        if link:
            row[link] = record_id
        rows.append(row)
    batches.append_many(session, get("register_entry"), rows, actor, now=now, batch=batch.public_id)


def _keep_missing(
    session: Session, made: Plan, opened: Source, batch: ImportBatch, actor: Actor, now: datetime, today: date
) -> None:
    link = LINKS.get(made.registry.key)
    if link is None or not made.missing:
        return
    table = made.registry.table
    after = max(made.report.row_numbers, default=0)
    rows: list[dict[str, Any]] = []
    for number, record in enumerate(fetch(session, table, table.c.public_id, made.missing), after + 1):
        row = dict.fromkeys(("number_in_register", "company", "person", "match_score", "match_reasons"))
        rows.append({
            **row, "source": opened.register_id, "source_row": number, "raw": {}, "presence": "absent",
            "match_state": "auto_matched", "as_of": today, "batch": batch.public_id, link: record["id"],
        })  # fmt: skip
    batches.append_many(session, get("register_entry"), rows, actor, now=now, batch=batch.public_id)


def _fields(registry: Registry, match: Sequence[str]) -> tuple[str, ...]:
    """The match names when the database alone can find the record by them."""
    if not match:
        return registry.natural_key
    return tuple(match) if all(name in registry.fields for name in match) else ()


def _identified(
    session: Session, registry: Registry, report: SheetReport, made: Plan, source: str, match: Sequence[str]
) -> list[dict[str, Any]]:
    """The folded rows, each with the public id of the record an earlier import of this source gave it."""
    if _fields(registry, match):
        return list(made.folded.values())
    named = _named(registry, report, match)
    known = earlier_records(session, registry, source, lambda raw: _raw_key(raw, named))
    return [{**row, "public_id": known[key]} if key in known else row for key, row in made.folded.items()]


def _named(registry: Registry, report: SheetReport, match: Sequence[str]) -> list[str]:
    """The heading of each match name in this sheet. Refused when a name fits no column."""
    by_field = {key: column.heading for column in report.columns for key in column.fields}
    return [by_field.get(name) or _heading(report, name) for name in match]


def _heading(report: SheetReport, name: str) -> str:
    wanted = _squeezed(name)
    headings = list(report.given)
    exact = [h for h in headings if _squeezed(h) == wanted]
    loose = [h for h in headings if wanted in (_squeezed(part) for part in h.replace("/", " ").split())]
    found = exact or loose or [h for h in headings if wanted in _squeezed(h)]
    if len(found) != 1:
        raise Refused("match_unknown", name=name, headings=", ".join(headings))
    return found[0]


def _keys(registry: Registry, report: SheetReport, match: Sequence[str]) -> list[Key]:
    """One key a source row; a row whose key is blank stands alone."""
    names = list(match) or list(registry.natural_key)
    columns: list[Sequence[Any]] = []
    for name in names:
        if match and (name not in registry.fields or name not in report.values):
            columns.append(report.given[_heading(report, name)])
        elif match:
            columns.append(report.given[_named(registry, report, [name])[0]])
        else:
            columns.append(report.values.get(name) or [None] * report.rows)
    squeezed = [[_squeezed(value) for value in column] for column in columns]
    made: list[Key] = list(zip(*squeezed, strict=True)) if squeezed else [()] * report.rows
    whole = all if not match else any
    return [
        key if key and whole(key) else ("#", str(number)) for key, number in zip(made, report.row_numbers, strict=True)
    ]


def _raw_key(raw: Mapping[str, Any], headings: Sequence[str]) -> Key:
    return tuple(_squeezed(raw.get(heading)) for heading in headings)


def _squeezed(value: Any) -> str:
    return " ".join(str(value).casefold().split()) if value is not None else ""


def _agreeing(registry: Registry, report: SheetReport, keys: Sequence[Key]) -> SheetReport:
    """A row that names the record of an earlier row and says something else of it is a mistake, not a repeat.

    Where the sender named the columns that tell records apart, several rows a record are meant.
    """
    first: dict[Key, tuple[int, dict[str, Any]]] = {}
    found: dict[int, Problem] = {}
    names, name = list(registry.natural_key), next(iter(registry.natural_key), "")
    key_of = dict(zip(report.row_numbers, keys, strict=True))
    for number, row in report.good_rows:
        at, known = first.setdefault(key_of[number], (number, row))
        if any(None not in (known[key], value) and known[key] != value for key, value in row.items()):
            params = {"row_first": at, "fields": names}
            found[number] = Problem(
                "duplicate_in_sheet", name, number, report.letters.get(name), row.get(name), params=params
            )
    return replace(
        report,
        errors=[*report.errors, *found.values()],
        bad_rows=report.bad_rows | found.keys(),
        good=report.good - len(found),
    )


def _folded(report: SheetReport, keys: Sequence[Key]) -> dict[Key, dict[str, Any]]:
    """One row a key: the first value given for each field wins. Rows with a problem are left out."""
    names = list(report.values)
    bad = report.bad_rows
    made: dict[Key, dict[str, Any]] = {}
    rows = zip(*report.values.values(), strict=True) if names else ((),) * report.rows  # not one column was recognised
    for number, key, values in zip(report.row_numbers, keys, rows, strict=True):
        if number in bad:
            continue
        row = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        known = made.setdefault(key, row)
        if known is not row:
            known.update({name: value for name, value in row.items() if name not in known})
    return made
