"""Who works for a company as far as we know: active sponsorships, else the last report that was accepted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from app.domain.fields import Field
from app.models.foreign_national import ForeignNational
from app.models.passport import Passport
from app.models.report_row import report_row
from app.models.sponsorship import Sponsorship
from app.models.stay_permit import StayPermit
from app.models.submission import Submission
from app.models.visa_index import VisaIndex
from app.models.worksite import Worksite
from app.queries import submissions

Person = tuple[int | None, dict[str, str]]  # id of the person where known, cells as entries


def exists(session: Session, company_id: int) -> bool:
    """Whether there is a list to show at all; says nothing about whom."""
    active = select(Sponsorship.id).where(*_active(company_id)).limit(1)
    return session.exec(active).first() is not None or _last_accepted(session, company_id) is not None


def current(session: Session, company_id: int) -> list[Person]:
    """People of the last known list by name, as cells of the report without `change`."""
    found = _sponsored(session, company_id) or _reported(session, company_id)
    return sorted(found, key=lambda person: person[1].get("full_name", "").casefold())


def _active(company_id: int) -> tuple[Any, ...]:
    return (
        Sponsorship.sponsor == company_id,
        Sponsorship.status == "active",
        col(Sponsorship.deleted_at).is_(None),
    )


def _sponsored(session: Session, company_id: int) -> list[Person]:
    query = (
        select(Sponsorship, ForeignNational)
        .join(ForeignNational, col(ForeignNational.id) == col(Sponsorship.person))
        .where(*_active(company_id), col(ForeignNational.deleted_at).is_(None))
        .order_by(col(Sponsorship.started_on))
    )
    pairs = session.exec(query).all()
    ids = [person.id for _, person in pairs if person.id is not None]
    passports, permits = _passports(session, ids), _permits(session, ids)
    sites = _names(session, Worksite, "label", [s.worksite for s, _ in pairs])
    indices = _names(session, VisaIndex, "code", [permit.visa_index for permit in permits.values()])
    people: dict[int, Person] = {}
    for sponsorship, person in pairs:
        assert person.id is not None
        passport, permit = passports.get(person.id), permits.get(person.id)
        values = {
            "full_name": person.name_display,
            "sex": person.sex,
            "birth_date": person.birth_date,
            "birth_place": person.birth_place,
            "nationality": person.nationality,
            "passport_country": _foreign(passport, person),
            "passport_number": passport.number if passport else None,
            "passport_expires_on": passport.expires_on if passport else None,
            "visa_index": indices.get(permit.visa_index or 0) if permit else None,
            "permit_kind": permit.kind if permit else None,
            "permit_number": permit.number if permit else None,
            "permit_expires_on": permit.expires_on if permit else None,
            "job_title": sponsorship.job_title,
            "activity": sponsorship.activity,
            "worksite": sites.get(sponsorship.worksite or 0),
            "started_on": sponsorship.started_on,
        }
        people[person.id] = (person.id, entries(values))
    return list(people.values())


def entries(values: dict[str, Any]) -> dict[str, str]:
    """Clean values as they stand in input boxes; blanks left out."""
    fields: dict[str, Field] = report_row.fields
    return {key: fields[key].type.entry(value) for key, value in values.items() if value not in (None, "")}


def read_cells(cells: dict[str, Any]) -> dict[str, str]:
    """Stored cells of a submission row (dates ISO) as they stand in input boxes."""
    fields = report_row.fields
    return entries({key: fields[key].type.parse(value) for key, value in cells.items() if key in fields and value})


def _last_accepted(session: Session, company_id: int) -> Submission | None:
    query = select(Submission).where(Submission.company_id == company_id, Submission.state == "accepted")
    return session.exec(query.order_by(col(Submission.sent_at).desc())).first()


def _reported(session: Session, company_id: int) -> list[Person]:
    last = _last_accepted(session, company_id)
    if last is None:
        return []
    rows = [row for row in submissions.rows(session, last) if row.change != "keluar"]
    dropped = ("change", "left_on", "note")
    return [(row.person_id, read_cells({k: v for k, v in row.cells.items() if k not in dropped})) for row in rows]


def _passports(session: Session, people: Sequence[int]) -> dict[int, Passport]:
    """The one that is current, else the last that expired: nobody gave another yet."""
    query = select(Passport).where(col(Passport.person).in_(people), col(Passport.status).in_(("current", "expired")))
    found = session.exec(query.where(col(Passport.deleted_at).is_(None)).order_by(col(Passport.id))).all()
    return {one.person: one for one in sorted(found, key=lambda passport: passport.status == "current")}


def _permits(session: Session, people: Sequence[int]) -> dict[int, StayPermit]:
    query = select(StayPermit).where(col(StayPermit.person).in_(people), StayPermit.status == "valid")
    found = session.exec(query.where(col(StayPermit.deleted_at).is_(None)).order_by(col(StayPermit.id))).all()
    return {permit.person: permit for permit in found}


def _names(session: Session, model: Any, name: str, ids: Sequence[int | None]) -> dict[int, str]:
    wanted = {id_ for id_ in ids if id_ is not None}
    found = session.exec(select(model).where(col(model.id).in_(wanted))).all() if wanted else []
    return {record.id: getattr(record, name) for record in found}


def _foreign(passport: Passport | None, person: ForeignNational) -> str | None:
    """The issuing country where it is not the nationality: the form leaves it empty otherwise."""
    if passport is None or passport.issuing_state == person.nationality:
        return None
    return passport.issuing_state
