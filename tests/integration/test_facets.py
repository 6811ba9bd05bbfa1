"""Numbers by value: right, within what else is asked, never for long, and of nothing the reader may not see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.conditions import EVERYTHING, Group, parse
from app.domain.list_state import EMPTY
from app.operations import records
from app.queries import facets, totals
from app.registry import get

COMPANY = get("company")
Staff = Callable[..., Actor]


@pytest.fixture
def zones(session: Session, admin_actor: Actor, now: datetime) -> list[str]:
    rows = [{"code": code, "name": f"Kawasan {code}"} for code in "AB"]
    made = records.save_many(session, get("zone"), rows, admin_actor, now=now)
    zones = [str(one.public_id) for one in made.outcomes]
    companies: list[dict[str, Any]] = [
        {
            "legal_name": f"PT Contoh {n}",
            "zone": zones[0] if n < 6 else zones[1] if n < 9 else None,
            "status": "closed" if n % 2 else "documented",
            "is_sponsor": n == 0,
        }
        for n in range(12)
    ]
    saved = records.save_many(session, COMPANY, companies, admin_actor, now=now)
    records.delete_many(session, COMPANY, [str(saved.outcomes[0].public_id)], admin_actor, now=now)
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("ANALYZE company")
    return zones


def counted(session: Session, actor: Actor, where: Group = EVERYTHING, words: str = "") -> dict[str, dict[str, str]]:
    fields = facets.countable(COMPANY, actor)
    found = facets.count(session, COMPANY, actor, fields, where=where, search_for=words)
    return {
        key: {one.value: f"{one.count}{'+' if one.more else ''}" for one in values} for key, values in found.items()
    }


def test_every_value_is_counted_without_the_trash(session: Session, admin_actor: Actor, zones: list[str]) -> None:
    found = counted(session, admin_actor)

    assert found["status"] == {"closed": "6", "documented": "5"}
    assert found["zone"] == {zones[0]: "5", zones[1]: "3", EMPTY: "3"}
    assert found["is_sponsor"] == {"0": "11"}
    assert found["scale"] == {EMPTY: "11"}


def test_numbers_stand_within_what_else_is_asked(session: Session, admin_actor: Actor, zones: list[str]) -> None:
    assert counted(session, admin_actor, parse("status:is:closed")[0])["zone"] == {
        zones[0]: "3", zones[1]: "1", EMPTY: "2"
    }  # fmt: skip
    assert counted(session, admin_actor, words="contoh 1")["status"] == {"closed": "2", "documented": "1"}


def test_a_large_registry_is_counted_value_by_value_up_to_a_cap(
    session: Session, admin_actor: Actor, zones: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(totals, "SMALL", 1)
    monkeypatch.setattr(facets, "READ", 8)
    monkeypatch.setattr(facets, "CAP", 4)

    found = counted(session, admin_actor)

    assert found["status"] == {"closed": "4+", "documented": "4+"}
    assert found["zone"] == {zones[0]: "4+", zones[1]: "3", EMPTY: "3"}
    assert found["scale"] == {EMPTY: "4+"}
    assert found["is_sponsor"] == {"0": "4+"}
    monkeypatch.setattr(facets, "MOST", 1)
    assert "zone" not in counted(session, admin_actor), "too many records to count each"


def test_many_rows_that_fit_are_read_up_to_a_cap(
    session: Session, admin_actor: Actor, zones: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facets, "READ", 3)

    found = counted(session, admin_actor, words="contoh")["status"]

    assert all(number.endswith("+") for number in found.values())
    assert sum(int(number.rstrip("+")) for number in found.values()) == 4


def test_what_is_masked_or_hidden_is_never_counted(session: Session, staff: Staff, admin_actor: Actor) -> None:
    for registry in (get("passport"), get("stay_permit"), get("foreign_national")):
        for actor in (staff("auditor"), admin_actor):
            keys = {f.key for f in facets.countable(registry, actor)}
            assert not keys & {"number", "mrz1", "nik", "npwp16"}


def test_nobody_counts_rows_they_do_not_see(session: Session, staff: Staff, zones: list[str]) -> None:
    assert counted(session, staff("nobody")) == {}


@pytest.mark.parametrize(("companies", "sites", "told"), [(12, 1, False), (12, 2, True), (3, 1, True)])
def test_a_reference_that_is_nearly_unique_is_not_counted(
    session: Session, admin_actor: Actor, now: datetime, companies: int, sites: int, told: bool
) -> None:
    site = get("worksite")
    rows = [{"legal_name": f"PT Contoh {n}"} for n in range(companies)]
    made = records.save_many(session, COMPANY, rows, admin_actor, now=now).outcomes
    of_each = [{"company": str(one.public_id), "label": f"Gudang {n}"} for one in made for n in range(sites)]
    records.save_many(session, site, of_each, admin_actor, now=now)
    found = facets.count(session, site, admin_actor, facets.countable(site, admin_actor), where=EVERYTHING)
    assert ("company" in found) is told
    assert "status" in found
