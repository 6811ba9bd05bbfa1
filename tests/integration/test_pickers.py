"""Pickers: records of one name told apart and found by what stands beside it, within what the reader may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session

from app import policy
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor, Bounds
from app.operations import records
from app.queries import pickers
from app.registry import get
from tests.fixtures.login import log_in_as

SYSTEM = Actor.system("uji")
PLAN = {"kind": "over_6_months", "headcount": 1, "starts_on": "01/01/2026", "ends_on": "31/12/2026"}
Staff = Callable[..., Actor]


def saved(session: Session, key: str, now: datetime, **values: Any) -> str:
    outcome = records.save(session, get(key), values, SYSTEM, now=now)
    assert outcome.public_id, outcome.problems
    return str(outcome.public_id)


@pytest.fixture
def regions(session: Session, now: datetime) -> dict[str, str]:
    made: dict[str, str] = {}
    for code, name, level in [
        ("35", "Jawa Timur", "province"),
        ("35.16", "Mojokerto", "kab"),
        ("35.16.08", "Ngoro", "kecamatan"),
        ("35.16.08.2001", "Ngoro", "desa"),
        ("35.17", "Jombang", "kab"),
    ]:
        parent = made.get(code.rpartition(".")[0])
        made[code] = saved(session, "region", now, code=code, name=name, level=level, parent=parent)
    return made


@pytest.fixture
def companies(session: Session, now: datetime, regions: dict[str, str]) -> dict[str, str]:
    return {
        name: saved(session, "company", now, legal_name=f"PT {name}", region=regions[code])
        for name, code in [("Anggrek", "35.16.08"), ("Mawar", "35.17")]
    }


@pytest.fixture
def plans(session: Session, now: datetime, companies: dict[str, str]) -> list[str]:
    return [
        saved(session, "work_plan", now, company=companies[name], approval_no=number, position="Teknisi", **PLAN)
        for name, number in [("Anggrek", "B.3/111"), ("Mawar", "B.3/222")]
    ]


def found(session: Session, key: str, actor: Actor, text: str) -> list[tuple[str, str]]:
    return [(one.name, one.beside) for one in pickers.found(session, get(key), actor, text, "id")]


def test_places_of_one_name_say_level_and_what_they_lie_in(
    session: Session, admin_actor: Actor, regions: dict[str, str]
) -> None:
    assert found(session, "region", admin_actor, "ngoro") == [
        ("Ngoro", "Kecamatan · Mojokerto"),
        ("Ngoro", "Desa · Ngoro"),
    ]
    assert [one.beside for one in pickers.found(session, get("region"), admin_actor, "ngoro", "en")] == [
        "Sub-district · Mojokerto",
        "Village · Ngoro",
    ]
    assert found(session, "region", admin_actor, "ngoro mojokerto") == [("Ngoro", "Kecamatan · Mojokerto")]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("anggrek", ["B.3/111"]),
        ("PT Mawar", ["B.3/222"]),
        ("mawar teknisi", ["B.3/222"]),
        ("B.3/222", ["B.3/222"]),
        ("B.3/222 anggrek", []),
        ("PT", []),
        ("melati", []),
        ("", ["B.3/111", "B.3/222"]),
        (" ".join(["anggrek"] * 40), []),
        ('"%\\', []),
    ],
)
def test_a_plan_is_found_by_its_company(
    session: Session, admin_actor: Actor, plans: list[str], words: str, numbers: list[str]
) -> None:
    assert [name for name, _beside in found(session, "work_plan", admin_actor, words)] == numbers


def test_a_plan_stands_beside_its_company(session: Session, admin_actor: Actor, plans: list[str]) -> None:
    assert found(session, "work_plan", admin_actor, "B.3/111") == [("B.3/111", "PT Anggrek · Teknisi")]


def test_what_is_found_directly_stands_first_and_once(
    session: Session, admin_actor: Actor, now: datetime, companies: dict[str, str], plans: list[str]
) -> None:
    saved(session, "work_plan", now, company=companies["Mawar"], approval_no="B.3/333", position="Ahli Anggrek", **PLAN)
    assert [name for name, _beside in found(session, "work_plan", admin_actor, "anggrek")] == ["B.3/333", "B.3/111"]


def test_no_company_is_named_or_found_that_the_reader_may_not_see(
    session: Session, staff: Staff, plans: list[str]
) -> None:
    def within(code: str) -> Actor:
        return replace(staff("auditor"), bounds=Bounds(regions=frozenset({code})))

    assert found(session, "work_plan", within("35.16"), "anggrek") == [("B.3/111", "PT Anggrek · Teknisi")]
    assert found(session, "work_plan", within("35.17"), "anggrek") == []
    plan, company = get("work_plan"), get("company")
    rows = [dict(row) for row in session.execute(select(plan.table)).mappings()]
    seen = pickers.entries(session, plan, within("35.17"), rows, "id")
    assert sorted(one.beside for one in seen) == ["PT Mawar · Teknisi", "Teknisi"]
    assert policy.may(within("35.17"), "list", company)


def test_a_look_up_asks_as_much_for_many_as_for_few(
    session: Session, admin_actor: Actor, now: datetime, companies: dict[str, str], statements: list[str]
) -> None:
    def asked() -> int:
        statements.clear()
        pickers.found(session, get("worksite"), admin_actor, "anggrek", "id")
        pickers.offered(session, get("worksite"), admin_actor, "id", limit=100)
        return len(statements)

    saved(session, "worksite", now, company=companies["Anggrek"], label="Gudang 0")
    pickers.found(session, get("worksite"), admin_actor, "anggrek", "id")
    few = asked()
    for n in range(1, 15):
        saved(session, "worksite", now, company=companies["Anggrek"], label=f"Gudang {n}")
    assert len(pickers.found(session, get("worksite"), admin_actor, "anggrek", "id")) == 15
    assert asked() == few


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_of_a_plan_tells_the_sites_of_companies_apart(client: FlaskClient) -> None:
    admin = log_in_as(client)
    with unit_of_work() as session:
        for name in ("Anggrek", "Mawar"):
            company = saved(session, "company", utcnow(), legal_name=f"PT {name}")
            saved(session, "worksite", utcnow(), company=company, label="Gudang")
    page = admin.get("/staff/work_plan/new/").text
    assert ">Gudang · PT Anggrek<" in page
    assert ">Gudang · PT Mawar<" in page
    assert ">Gudang<" not in page
    assert ">PT Anggrek<" in page, "a name that stands alone needs nothing beside it"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_look_up_of_plans_answers_with_the_company(client: FlaskClient) -> None:
    admin = log_in_as(client)
    with unit_of_work() as session:
        company = saved(session, "company", utcnow(), legal_name="PT Anggrek")
        plan = saved(session, "work_plan", utcnow(), company=company, approval_no="B.3/111", position="Teknisi", **PLAN)
    found = admin.get("/staff/work_plan/ajax/lookup/?q=anggrek").get_json()["results"]
    assert found == [{"value": plan, "text": "B.3/111", "hint": "PT Anggrek · Teknisi"}]
