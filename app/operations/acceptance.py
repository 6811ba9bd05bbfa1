"""What an accepted report writes: person, passport, stay permit and sponsorship of each row.

`plan` reads and decides, `apply` writes the plan through `records.save_many`; both see the same rows. A person is
found by passport, then by name + birth date + nationality; nothing is merged by likeness. A passport whose person has
another name and another birth date is a question: such a row is left out until an officer says it is the same person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from app import policy
from app.config import settings
from app.domain import deadlines
from app.domain.actors import Actor
from app.domain.errors import Forbidden, Problem, Refused
from app.domain.grid import Note
from app.domain.names import any_order, same_person_name
from app.models.duty import Duty
from app.models.foreign_national import ForeignNational
from app.models.passport import Passport
from app.models.report_row import report_row
from app.models.sponsorship import Sponsorship
from app.models.stay_permit import StayPermit
from app.models.submission import Submission, SubmissionRow
from app.models.visa_index import VisaIndex
from app.models.worksite import Worksite
from app.operations import aging, records
from app.operations.acceptance_plan import How, Preview, Question, RecordChange, RowPlan
from app.queries import submissions as queries
from app.queries.keys import fetch
from app.registry import get

_REGISTRIES = ("foreign_national", "passport", "stay_permit", "sponsorship")


def plan(session: Session, submission: Submission, actor: Actor, same: Mapping[int, str] | None = None) -> Preview:
    """What accepting the report would write. Reads a fixed number of times, whatever the number of rows.

    `same` answers questions: row number → public id of the person the officer says it is.
    """
    rows = queries.rows(session, submission)
    duty = session.get_one(Duty, submission.duty_id)
    known = _Known(session, submission, rows)
    if policy.bounded(actor):
        known.require_visible(session, actor)
    answers = same or {}
    return Preview([_plan_row(row, known, submission, duty, answers.get(row.row_no)) for row in rows])


def apply(
    session: Session, submission: Submission, actor: Actor, *, now: datetime, same: Mapping[int, str] | None = None
) -> Preview:
    """Write the plan. Raises Refused("accept_failed") with the first problem when a registry does not take a row."""
    preview = plan(session, submission, actor, same)
    people = _save(session, "foreign_national", preview, submission, actor, now)
    for row_plan, outcome_id in people:
        row_plan.person_id = row_plan.person_id or outcome_id
    for row_plan in preview.rows:
        if row_plan.left_out:
            continue
        for change in row_plan.changes:
            if "person" in change.after:
                change.after["person"] = row_plan.person_id
        row_plan.row.person_id = row_plan.person_id
        session.add(row_plan.row)
    for registry in _REGISTRIES[1:]:
        written = _save(session, registry, preview, submission, actor, now)
        ids = [id_ for _row_plan, id_ in written if id_ is not None]
        aging.at_once(session, get(registry), ids, now=now, today=settings().today(now))
    if policy.bounded(actor):  # a person lies where the sponsor does: told once the sponsorships stand
        ids = [row_plan.person_id for row_plan in preview.rows if row_plan.person_id and not row_plan.left_out]
        records.require_placed(session, get("foreign_national"), ids, actor)
    return preview


def _save(
    session: Session, registry: str, preview: Preview, submission: Submission, actor: Actor, now: datetime
) -> list[tuple[RowPlan, int | None]]:
    wanted = preview.changes(registry)
    if not wanted:
        return []
    rows = [change.after | ({"public_id": change.public_id} if change.public_id else {}) for _, change in wanted]
    new = [i for i, (_, change) in enumerate(wanted) if change.public_id is None]
    old = [i for i, (_, change) in enumerate(wanted) if change.public_id is not None]
    ids: dict[int, int | None] = {}
    for some in (old, new):  # an update first: a passport replaced makes room for the new one
        if not some:
            continue
        result = records.save_many(
            session, get(registry), [rows[i] for i in some], actor, now=now,
            reason=submission.code, batch=f"submission:{submission.code}", place_later=True,
        )  # fmt: skip
        if not result.written:
            _refuse(wanted, some, result.outcomes)
        ids |= {i: outcome.id for i, outcome in zip(some, result.outcomes, strict=True)}
    return [(row_plan, ids[i]) for i, (row_plan, _) in enumerate(wanted)]


def _refuse(wanted: Sequence[tuple[RowPlan, RecordChange]], some: Sequence[int], outcomes: Iterable[Any]) -> None:
    for i, outcome in zip(some, outcomes, strict=True):
        for problem in outcome.problems:
            assert isinstance(problem, Problem)
            raise Refused("accept_failed", row=wanted[i][0].row.row_no, field=problem.field or "", reason=problem.code)
    raise Refused("accept_failed", row="", field="", reason="conflict")


class _Known:
    """Everything the rows may refer to, read at once."""

    def __init__(self, session: Session, submission: Submission, rows: Sequence[SubmissionRow]) -> None:
        self.values = {row.row_no: _clean(row) for row in rows}
        values = self.values.values()
        self.passports = {
            (p.issuing_state, p.number): p
            for p in _alive(session, Passport, Passport.number, [v.get("passport_number") for v in values])
        }
        self.people: dict[int, Any] = {}
        self._load_people(session, submission, rows)
        self.by_identity: dict[tuple[Any, ...], Any] = {}
        births = [v.get("birth_date") for v in values]
        for person in _alive(session, ForeignNational, ForeignNational.birth_date, births):
            key = (any_order(person.name_display), person.birth_date, person.nationality)
            self.by_identity.setdefault(key, person)
            self.people.setdefault(person.id, person)
        ids = list(self.people)
        self.current_passports: dict[int, list[Any]] = {}
        for p in _alive(session, Passport, Passport.person, ids):
            self.current_passports.setdefault(p.person, []).append(p)
        self.permits: dict[int, list[Any]] = {}
        for permit in _alive(session, StayPermit, StayPermit.person, ids):
            self.permits.setdefault(permit.person, []).append(permit)
        numbers = [v.get("permit_number") for v in values]
        self.permit_numbers = {p.number: p for p in _alive(session, StayPermit, StayPermit.number, numbers)}
        self.sponsorships: dict[int, Any] = {}
        self.elsewhere: set[int] = set()  # people with an active sponsor that is another company
        for s in _alive(session, Sponsorship, Sponsorship.person, ids):
            if s.status == "active" and s.sponsor == submission.company_id:
                self.sponsorships[s.person] = s
            elif s.status == "active":
                self.elsewhere.add(s.person)
        sites = _alive(session, Worksite, Worksite.company, [submission.company_id])
        self.sites = {_fold(site.label): site.id for site in sites}
        indices = session.exec(select(VisaIndex).where(col(VisaIndex.deleted_at).is_(None))).all()
        self.indices = {_fold(index.code): index for index in sorted(indices, key=lambda i: i.valid_from)}

    def _load_people(self, session: Session, submission: Submission, rows: Sequence[SubmissionRow]) -> None:
        ids = {p.person for p in self.passports.values()} | {row.person_id for row in rows if row.person_id}
        for person in _alive(session, ForeignNational, ForeignNational.id, list(ids)):
            self.people[person.id] = person

    def require_visible(self, session: Session, actor: Actor) -> None:
        """Raises Forbidden `report_beyond` when a person of the report is known, and beyond the actor's rights."""
        people = get("foreign_national")
        visible = policy.visible(people, actor)
        if len(fetch(session, people.table, people.table.c.id, self.people, visible)) < len(self.people):
            raise Forbidden("report_beyond")

    def person(self, row: SubmissionRow) -> tuple[Any, How]:
        values = self.values[row.row_no]
        passport = self.passports.get((values.get("passport_country"), values.get("passport_number")))
        if passport is not None and passport.person in self.people:
            return self.people[passport.person], "passport"
        if row.person_id in self.people:
            return self.people[row.person_id], "listed"
        key = (any_order(values["full_name"]), values.get("birth_date"), values.get("nationality"))
        found = self.by_identity.get(key)
        return (found, "identity") if found is not None else (None, "new")


def _clean(row: SubmissionRow) -> dict[str, Any]:
    fields = report_row.fields
    values = {key: fields[key].type.parse(value) for key, value in row.cells.items() if key in fields}
    values["passport_country"] = values.get("passport_country") or values.get("nationality")
    return values


def _plan_row(
    row: SubmissionRow, known: _Known, submission: Submission, duty: Duty, answer: str | None = None
) -> RowPlan:
    values = known.values[row.row_no]
    person, how = known.person(row)
    made = RowPlan(row, values["full_name"], person.id if person else None, how)
    made.notes = [Note(note["code"], note["params"]) for note in row.notes]
    wanted = {
        "name_display": values["full_name"],
        "sex": values.get("sex"),
        "birth_date": values.get("birth_date"),
        "birth_place": values.get("birth_place"),
        "nationality": values.get("nationality"),
    }
    _put(made, "foreign_national", person, wanted)
    _plan_passport(made, values, known)
    _plan_permit(made, values, known)
    _plan_sponsorship(made, values, known, submission, duty)
    if how == "passport" and _somebody_else(values, person):
        _ask(made, values, person, answer)
    return made


def _somebody_else(values: Mapping[str, Any], person: Any) -> bool:
    """Neither the name nor the birth date says that the row means this person; a date nobody knows says nothing."""
    birth = values.get("birth_date")
    if birth is not None and birth == person.birth_date:
        return False
    return not same_person_name(values["full_name"], person.name_display)


def _ask(made: RowPlan, values: Mapping[str, Any], person: Any, answer: str | None) -> None:
    made.question = Question(
        person=person.public_id,
        number=values["passport_number"],
        known_name=person.name_display,
        known_birth=person.birth_date,
        name=values["full_name"],
        birth=values.get("birth_date"),
        same=answer == person.public_id,
        changes=made.changes,
    )
    if not made.question.same:
        made.changes = []


def _plan_passport(made: RowPlan, values: dict[str, Any], known: _Known) -> None:
    key = (values["passport_country"], values["passport_number"])
    found = known.passports.get(key)
    if found is not None and made.person_id is not None and found.person != made.person_id:
        made.notes.append(Note("passport_of_another", {"field": "passport_number"}))
        return
    wanted = {"issuing_state": key[0], "number": key[1], "expires_on": values.get("passport_expires_on")}
    if found is None:
        for old in known.current_passports.get(made.person_id or 0, ()):
            if old.issuing_state == key[0] and old.status in ("current", "expired"):
                _put(made, "passport", old, {"status": "replaced"})
                made.notes.append(Note("passport_replaced", {"field": "passport_number"}))
        wanted |= {"person": made.person_id, "status": "current"}
    elif found.status == "expired" and wanted["expires_on"] and wanted["expires_on"] > found.expires_on:
        wanted["status"] = "current"  # until the calendar looks at the later day
    _put(made, "passport", found, wanted)


def _plan_permit(made: RowPlan, values: dict[str, Any], known: _Known) -> None:
    number, kind = values.get("permit_number"), values.get("permit_kind")
    valid = [p for p in known.permits.get(made.person_id or 0, ()) if p.status == "valid"]
    index, old_index = _visa_index(made, values, known)
    expires_on = values.get("permit_expires_on")
    wanted: dict[str, Any] = {"expires_on": expires_on, "visa_index": index, "old_index": old_index}
    if number is None:
        if len(valid) == 1:
            _put(made, "stay_permit", valid[0], wanted)
        elif values.get("permit_expires_on"):
            made.notes.append(Note("permit_without_number", {"field": "permit_number"}))
        return
    found = known.permit_numbers.get(number)
    if found is not None and made.person_id is not None and found.person != made.person_id:
        made.notes.append(Note("permit_of_another", {"field": "permit_number"}))
        return
    if found is None:
        if kind is None:
            made.notes.append(Note("permit_kind_assumed", {"field": "permit_kind"}))
        wanted |= {"person": made.person_id, "kind": kind or "itas", "number": number, "status": "valid"}
    _put(made, "stay_permit", found, wanted)


def _visa_index(made: RowPlan, values: dict[str, Any], known: _Known) -> tuple[int | None, int | None]:
    """(index in force, retired index) of the free text."""
    typed = values.get("visa_index")
    if not typed:
        return None, None
    found = known.indices.get(_fold(typed))
    if found is None:
        made.notes.append(Note("visa_index_unknown", {"field": "visa_index", "value": typed}))
        return None, None
    if found.status == "retired":
        if not any(note.code == "visa_index_retired" for note in made.notes):
            made.notes.append(Note("visa_index_retired", {"field": "visa_index", "value": typed, "now": ""}))
        return found.replaced_by, found.id
    return found.id, None


def _plan_sponsorship(made: RowPlan, values: dict[str, Any], known: _Known, submission: Submission, duty: Duty) -> None:
    found = known.sponsorships.get(made.person_id or 0)
    left = values.get("change") == "keluar"
    wanted: dict[str, Any] = {
        "job_title": values.get("job_title"),
        "activity": values.get("activity"),
        "worksite": _site(made, values, known),
    }
    if left:
        wanted |= {"ended_on": values.get("left_on"), "status": "released", "end_reason": "left_job"}
    if found is None:
        wanted |= {
            "person": made.person_id,
            "sponsor": submission.company_id,
            "started_on": _started_on(made, values, duty),
        }
        wanted.setdefault("status", "active")
        if wanted["status"] == "active" and made.person_id in known.elsewhere:
            made.notes.append(Note("sponsored_elsewhere", {"field": "full_name"}))
    _put(made, "sponsorship", found, wanted)


def _started_on(made: RowPlan, values: dict[str, Any], duty: Duty) -> date:
    if values.get("started_on"):
        return values["started_on"]  # type: ignore[no-any-return]
    first: date = min(filter(None, (deadlines.bounds_of(duty.period)[0], values.get("left_on"))))
    made.notes.append(Note("started_on_assumed", {"field": "started_on", "value": first.isoformat()}))
    return first


def _site(made: RowPlan, values: dict[str, Any], known: _Known) -> int | None:
    typed = values.get("worksite")
    if not typed:
        return None
    found = known.sites.get(_fold(typed))
    if found is None:
        made.notes.append(Note("worksite_unknown", {"field": "worksite", "value": typed}))
    return found


def _put(made: RowPlan, registry: str, record: Any, wanted: dict[str, Any]) -> None:
    """Add a change, unless nothing changes. A blank cell of a report never empties a known value."""
    filled = {name: value for name, value in wanted.items() if value is not None}
    if record is None:
        after = filled | ({"person": None} if "person" in wanted and "person" not in filled else {})
        made.changes.append(RecordChange(registry, None, {}, after))
        return
    after = {name: value for name, value in filled.items() if getattr(record, name) != value}
    if after:
        before = {name: getattr(record, name) for name in after}
        made.changes.append(RecordChange(registry, record.public_id, before, after))


def _alive(session: Session, model: Any, column: Any, wanted: Sequence[Any]) -> list[Any]:
    """Records that are not in the trash whose column is one of many values, in slices that every database takes."""
    values = list({value for value in wanted if value is not None})
    found: list[Any] = []
    for start in range(0, len(values), 500):
        query = select(model).where(column.in_(values[start : start + 500]), model.deleted_at.is_(None))
        found += session.exec(query.order_by(model.id)).all()
    return found


def _fold(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
