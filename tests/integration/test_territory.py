"""Rows by region, zone and agency, along paths of references, on both databases and by their indexes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import Session

from app import policy, territory
from app.database import utcnow
from app.domain.actors import Actor, Bounds
from app.domain.errors import NotFound
from app.operations import records, users
from app.queries import accounts, lists
from app.queries.grants import NOWHERE
from app.registry import get
from tests.factories import record

SYSTEM = Actor.system("uji")


def save(session: Session, key: str, now: datetime, **values: Any) -> int:
    made = records.save(session, get(key), values, SYSTEM, now=now)
    assert not made.problems, (key, made.problems)
    return int(made.id or 0)


@pytest.fixture
def place(session: Session, now: datetime) -> dict[str, int]:
    """A regency with a sub-district and an estate in it, another regency, a company in each."""
    made = {
        code: save(session, "region", now, code=code, name=f"Wilayah {code}", level="kab")
        for code in ("35.16", "35.16.01", "35.17", "36")
    }
    made["zone"] = save(session, "zone", now, code="NIP", name="Ngoro Industri")
    made["agency"] = save(
        session, "agency", now, code="kec", name="Kecamatan", kind="kecamatan", region=made["35.16.01"]
    )
    for name, region in (("dalam", "35.16.01"), ("luar", "35.17")):
        made[name] = save(session, "company", now, legal_name=f"PT {name}", region=made[region])
    made["estate"] = save(session, "company", now, legal_name="PT Kawasan", zone=made["zone"])
    return made


def seen(session: Session, key: str, bounds: Bounds) -> set[int]:
    table = get(key).table
    return set(session.execute(select(table.c.id).where(territory.within(get(key), bounds))).scalars())


def test_a_region_means_everything_below_it_and_nothing_beside(session: Session, place: dict[str, int]) -> None:
    for codes, expected in (
        ({"35.16"}, {"dalam"}), ({"35.16.01"}, {"dalam"}), ({"35"}, {"dalam", "luar"}), ({"36"}, set()),
        ({"35.1"}, set()), ({"35.16", "35.17"}, {"dalam", "luar"}), ({NOWHERE}, set()),
    ):  # fmt: skip
        assert seen(session, "company", Bounds(regions=frozenset(codes))) == {place[name] for name in expected}, codes


def test_a_zone_is_a_limit_of_its_own(session: Session, place: dict[str, int]) -> None:
    assert seen(session, "company", Bounds(zones=frozenset({place["zone"]}))) == {place["estate"]}
    both = Bounds(regions=frozenset({"35.17"}), zones=frozenset({place["zone"]}))
    assert seen(session, "company", both) == {place["luar"], place["estate"]}
    assert seen(session, "company", Bounds()) == set()


def test_a_person_lies_where_the_sponsor_does_and_papers_where_the_person_does(
    session: Session, place: dict[str, int], now: datetime
) -> None:
    person = record(session, get("foreign_national"), now=now, region=None).id or 0
    tied = save(session, "sponsorship", now, person=person, sponsor=place["dalam"], started_on="01/02/2026")
    papers = {key: record(session, get(key), now=now, person=person).id for key in ("passport", "stay_permit")}
    inside, beside = (Bounds(regions=frozenset({code})) for code in ("35.16", "35.17"))

    assert person in seen(session, "foreign_national", inside)
    assert tied in seen(session, "sponsorship", inside)
    assert all(id_ in seen(session, key, inside) for key, id_ in papers.items())
    for key in ("foreign_national", "sponsorship", *papers):
        assert seen(session, key, beside) == set(), key
    tie = session.execute(select(get("sponsorship").table.c.public_id).where(get("sponsorship").table.c.id == tied))
    records.delete_many(session, get("sponsorship"), [str(tie.scalar())], SYSTEM, now=now)
    assert person not in seen(session, "foreign_national", inside), "a sponsorship in the trash ties nobody"


def test_limits_of_users_and_roles_come_with_the_account(session: Session, place: dict[str, int]) -> None:
    now = utcnow()
    user = users.add(session, email="rini@kantor.example", name="Rini", roles=["field_officer"], actor=SYSTEM, now=now)

    def limit(key: str, public_id: str, **values: Any) -> Actor:
        made = records.save(session, get(key), values, SYSTEM, public_id=public_id, now=now)
        assert not made.problems, made.problems
        session.flush()
        session.expire_all()
        account = accounts.by_user(session, user.id or 0)
        assert account is not None
        return account.actor()

    company = get("company")

    def names(actor: Actor) -> set[str]:
        return {row["legal_name"] for row in lists.page(session, company, actor).rows}

    table = get("role").table
    role = str(session.execute(select(table.c.public_id).where(table.c.code == "field_officer")).scalar())
    public_id = user.public_id
    assert names(limit("user", public_id, limit_zones=[])) == {"PT dalam", "PT luar", "PT Kawasan"}
    assert names(limit("user", public_id, limit_zones=[place["zone"]])) == {"PT Kawasan"}
    assert names(limit("user", public_id, limit_zones=[], limit_agencies=[place["agency"]])) == {"PT dalam"}
    assert names(limit("role", role, limit_regions=[place["35.16"]])) == {"PT dalam"}
    assert names(limit("user", public_id, limit_agencies=[], limit_zones=[place["zone"]])) == set(), "both must hold"
    actor = limit("user", public_id, limit_zones=[])
    assert names(actor) == {"PT dalam"}
    luar = str(session.execute(select(company.table.c.public_id).where(company.table.c.id == place["luar"])).scalar())
    with pytest.raises(NotFound):
        records.find(session, company, luar, actor)


def test_rights_of_two_roles_add_up_but_not_across_their_limits(session: Session, place: dict[str, int]) -> None:
    """One role looks everywhere, the other writes in its own region: writing elsewhere stays shut."""
    inside = {"analyst": Bounds(regions=frozenset({"35.16"}))}
    actor = Actor("staff", "Dua peran", frozenset({"auditor", "analyst"}), role_bounds=inside)
    company = get("company")
    ids = {
        name: str(session.execute(select(company.table.c.public_id).where(company.table.c.id == place[name])).scalar())
        for name in ("dalam", "luar")
    }
    assert lists.page(session, company, actor).total == 3
    wrong = records.save(session, company, {"scale": "large"}, actor, public_id=ids["luar"], now=utcnow())
    assert [problem.code for problem in wrong.problems] == ["not_found"]
    assert (
        records.save(session, company, {"scale": "large"}, actor, public_id=ids["dalam"], now=utcnow()).problems == []
    )


def test_a_scope_is_answered_by_indexes(session: Session, place: dict[str, int]) -> None:
    """No scan of companies, sponsorships or regions for the few rows of a sub-district."""
    bounds = Bounds(regions=frozenset({"35.16.01"}))
    registry = get("stay_permit")
    query = select(registry.table.c.id).where(territory.within(registry, bounds))
    dialect = session.get_bind().dialect
    sql = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    if dialect.name == "sqlite":
        plan = "\n".join(str(row[3]) for row in session.execute(text(f"EXPLAIN QUERY PLAN {sql}")))
        assert "SCAN company" not in plan, plan
        assert "SCAN region" not in plan, plan
    else:
        session.execute(text("SET LOCAL enable_seqscan = off"))  # a handful of rows is scanned for good reason
        plan = "\n".join(str(row[0]) for row in session.execute(text(f"EXPLAIN {sql}")))
        assert "Seq Scan" not in plan, plan
    assert "ix_region" in plan or "region" in plan
    assert policy.bounded(Actor("staff", "x", frozenset({"analyst"}), bounds=bounds))
