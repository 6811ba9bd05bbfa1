"""The demo world holds the figures it promises, the same for the same seed, and comes once."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from app.config import settings
from app.demo import companies, people, world
from app.models.company import Company
from app.models.contact import Contact
from app.models.draft import Draft, Upload
from app.models.duty import Duty
from app.models.foreign_national import ForeignNational
from app.models.outbox_message import OutboxMessage
from app.models.passport import Passport
from app.models.register import Register, RegisterEntry
from app.models.sponsorship import Sponsorship
from app.models.stay_permit import StayPermit
from app.models.submission import Submission
from app.models.user import User
from app.operations import audit, uploads


def load(session: Session, now: datetime, seed: int = 7) -> world.World:
    made = world.load(session, seed=seed, now=now, settings=settings())
    session.flush()
    return made


def count(session: Session, model: type) -> int:
    return int(session.exec(select(func.count()).select_from(model)).one())


def listed(session: Session, code: str) -> list[int | None]:
    query = select(RegisterEntry.company).join(Register, Register.id == RegisterEntry.source)  # type: ignore[arg-type]
    return list(session.exec(query.where(Register.code == code)).all())


def test_the_figures_are_those_of_the_estate(session: Session, now: datetime) -> None:
    made = load(session, now)
    assert count(session, Company) == 143
    said, manpower = listed(session, "keterangan-tka"), listed(session, "disnaker")
    assert (len(said), len([one for one in said if one])) == (49, 41)
    assert (len(manpower), len(set(manpower) & set(said) - {None})) == (30, 28)
    assert len(listed(session, "kawasan")) == 143
    active = session.exec(select(Sponsorship.person).where(Sponsorship.status == "active")).all()
    assert 570 <= len(active) <= 630
    assert count(session, Passport) == count(session, ForeignNational) == count(session, StayPermit)
    assert len(made.links) == len(made.companies) == 3
    assert audit.verify(session).broken_at is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_kind_of_story_has_somebody_and_nobody_can_be_reached(session: Session, now: datetime) -> None:
    load(session, now)
    duties = Counter(session.exec(select(Duty.state)).all())
    assert duties.keys() >= {"accepted", "submitted", "draft", "opened", "sent"}
    sent = Counter(session.exec(select(Submission.state)).all())
    assert sent.keys() >= {"accepted", "submitted", "needs_fix", "rejected"}
    today = settings().today(now)
    assert [duty for duty in session.exec(select(Duty)) if duty.is_overdue(today)]
    late = select(Submission).join(Duty, Duty.id == Submission.duty_id)  # type: ignore[arg-type]
    assert [
        one for one in session.exec(late) if settings().today(one.sent_at) > session.get_one(Duty, one.duty_id).due_on
    ]
    assert [draft for draft in session.exec(select(Draft).where(Draft.state == "open")) if draft.cells_bad]
    queued = session.exec(select(OutboxMessage.kind).where(OutboxMessage.state == "queued")).all()
    assert queued == ["link"] * 3
    addresses = [*session.exec(select(Contact.email)), *session.exec(select(User.email))]
    assert all(address is None or address.endswith(".example") for address in addresses)
    assert all(nib is not None and nib.startswith("0000") for nib in session.exec(select(Company.nib)))
    assert {user.status for user in session.exec(select(User))} == {"invited"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_loading_again_adds_nothing_and_gives_the_same_links(session: Session, now: datetime) -> None:
    first = load(session, now)
    before = (count(session, Company), count(session, ForeignNational), count(session, Duty))
    again = load(session, now)
    assert again.companies == first.companies
    assert [link.public_id for link in again.links] == [link.public_id for link in first.links]
    assert (count(session, Company), count(session, ForeignNational), count(session, Duty)) == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("day", [1, 14])
def test_it_loads_on_any_day_of_the_month(session: Session, now: datetime, day: int) -> None:
    made = load(session, now.replace(day=day), seed=day)
    assert made.links


def test_the_same_seed_makes_the_same_world(now: datetime) -> None:
    import random

    def names(seed: int) -> list[str]:
        rng = random.Random(seed)
        made = companies.make(rng, world.ZONE)
        workers = people.make(rng, 43, [1] * 43, now.date())
        return [one.name for one in made] + [one.person["name_display"] for one in workers]

    assert names(7) == names(7)
    assert names(7) != names(8)


def test_nationalities_follow_the_statistics() -> None:
    pool = Counter(people.nationality_pool(600))
    assert sum(pool.values()) == 600
    assert pool.most_common(3)[0] == ("CHN", 286)
    assert people.shares(10, [1, 1, 1]) in ([4, 3, 3], [3, 4, 3], [3, 3, 4])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_few_records_have_papers_of_nobody_to_look_at(session: Session, now: datetime) -> None:
    load(session, now)
    kept = session.exec(select(Upload).where(Upload.kind == "record")).all()
    fields = Counter((one.entity, one.field, one.media_type) for one in kept)
    assert fields == {
        ("foreign_national", "photo", "image/png"): 3,
        ("passport", "scan", "application/pdf"): 3,
        ("work_plan", "attachments", "application/pdf"): 6,
        ("levy_payment", "proof", "application/pdf"): 3,
    }
    assert all(one.entity_id and one.size < 3_000 for one in kept)
    assert all(uploads.path_of(one, settings().uploads).stat().st_size == one.size for one in kept)
