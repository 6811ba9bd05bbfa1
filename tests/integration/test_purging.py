"""What was thrown away is kept until the office says otherwise, and then goes for good, whole and noted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from app.config import Settings, settings
from app.domain.actors import Actor
from app.models.audit import AuditEntry
from app.operations import audit, purging, records, trash
from app.queries import trashed
from app.registry import get, registries
from tests.integration.company import SYSTEM

COMPANY = get("company")


def saved(session: Session, key: str, now: datetime, **values: Any) -> records.Outcome:
    outcome = records.save(session, get(key), values, SYSTEM, now=now)
    assert not outcome.problems, outcome.problems
    return outcome


def kept(**days: int) -> Settings:
    return settings().model_copy(update={f"trash_days_{name}": number for name, number in days.items()})


def count(session: Session, key: str) -> int:
    return int(session.execute(select(func.count()).select_from(get(key).table)).scalar_one())


def night(session: Session, said: Settings, now: datetime) -> dict[str, int]:
    gone = {one.key: purging.purge(session, one, said, now=now) for one in purging.order()}
    session.commit()
    return {key: number for key, number in gone.items() if number}


@pytest.fixture
def thrown(session: Session, now: datetime) -> str:
    """A company with a contact, in the trash since `now`."""
    firm = saved(session, "company", now, legal_name="PT Contoh Maju")
    saved(session, "contact", now, company=firm.id, name="Sari", phone="081234567890")
    saved(session, "company", now, legal_name="PT Tetap Ada")
    trash.delete(session, COMPANY, [str(firm.public_id)], SYSTEM, now=now, reason="ganda")
    session.commit()
    return str(firm.public_id)


def test_nothing_goes_before_a_period_is_set(session: Session, thrown: str, now: datetime) -> None:
    assert all(trashed.days(one, settings()) == 0 for one in registries().values())
    assert night(session, settings(), now + timedelta(days=36_500)) == {}


def test_what_waited_long_enough_goes_for_good_with_its_parts_and_is_noted(
    session: Session, thrown: str, now: datetime
) -> None:
    said = kept(internal=90, personal=30)
    assert night(session, said, now + timedelta(days=89)) == {}, "the contact waits for its company"
    assert night(session, said, now + timedelta(days=91)) == {"company": 1, "contact": 1}

    assert (count(session, "company"), count(session, "contact")) == (1, 0)
    entry = session.execute(
        select(AuditEntry).where(AuditEntry.entity_id == thrown).order_by(AuditEntry.seq.desc())  # type: ignore[union-attr]
    ).scalars().first()  # fmt: skip
    assert entry is not None
    assert (entry.action, entry.reason, entry.actor) == ("purge", "masa simpan 90 hari", "masa simpan")
    assert audit.verify(session).broken_at is None


def test_an_owner_waits_for_the_longest_of_its_parts(session: Session, thrown: str, now: datetime) -> None:
    said = kept(internal=30, personal=365)
    assert night(session, said, now + timedelta(days=100)) == {}
    assert night(session, said, now + timedelta(days=366)) == {"company": 1, "contact": 1}


def test_what_something_refers_to_stays(session: Session, now: datetime) -> None:
    zone = saved(session, "zone", now, code="KIC", name="Kawasan Contoh")
    saved(session, "company", now, legal_name="PT Contoh Maju", zone=zone.id)
    region = saved(session, "region", now, code="35.16", name="Mojokerto", level="kab")
    saved(session, "zone", now, code="LAIN", name="Kawasan Lain", regions=[region.id])
    trash.delete(session, get("zone"), [str(zone.public_id)], SYSTEM, now=now)
    trash.delete(session, get("region"), [str(region.public_id)], SYSTEM, now=now)
    session.commit()

    assert night(session, kept(public=30, internal=30, personal=30), now + timedelta(days=400)) == {}


def test_what_came_back_is_not_purged(session: Session, thrown: str, now: datetime) -> None:
    trash.restore(session, COMPANY, [thrown], SYSTEM, now=now + timedelta(days=10))
    session.commit()
    assert night(session, kept(internal=30, personal=30), now + timedelta(days=400)) == {}


def test_the_trash_says_who_when_why_with_what_and_until_when(
    session: Session, thrown: str, admin_actor: Actor, now: datetime
) -> None:
    rows = [records.find(session, COMPANY, thrown, SYSTEM)]

    told = trashed.trashed(session, COMPANY, rows, admin_actor, kept(internal=90))[thrown]

    assert (told.at, told.who, told.reason, dict(told.along)) == (now, "uji", "ganda", {"contact": 1})
    assert told.until == (now + timedelta(days=90)).date()
    contact = session.execute(get("contact").table.select()).mappings().one()
    part = trashed.trashed(session, get("contact"), [contact], admin_actor, kept())[contact["public_id"]]
    assert part.owner is not None
    assert (part.owner[1], part.until) == (thrown, None)


def test_the_statements_do_not_grow_with_the_trash(
    session: Session, admin_actor: Actor, now: datetime, statements: list[str]
) -> None:
    def sent(number: int) -> int:
        made = [saved(session, "company", now, legal_name=f"PT {number} {n}") for n in range(number)]
        ids = [str(one.public_id) for one in made]
        trash.delete(session, COMPANY, ids, SYSTEM, now=now)
        session.commit()
        rows = [records.find(session, COMPANY, one, SYSTEM) for one in ids]
        statements.clear()
        trashed.trashed(session, COMPANY, rows, admin_actor, settings())
        return len(statements)

    assert sent(20) <= sent(1)
