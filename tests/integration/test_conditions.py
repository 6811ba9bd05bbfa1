"""Conditions find what they say, on both databases, and nothing the reader may not know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.conditions import parse
from app.operations import records
from app.queries import lists
from app.registry import get

Staff = Callable[..., Actor]
DAYS = {
    "lewat": date(2026, 11, 21),
    "hari ini": date(2026, 11, 22),
    "tiga puluh": date(2026, 12, 22),
    "nanti": date(2026, 12, 23),
}


@pytest.fixture
def world(session: Session, admin_actor: Actor, now: datetime) -> dict[str, str]:
    """Two zones, five companies in them, contacts, and passports that run out on days around today."""
    known: dict[str, str] = {}

    def keep(key: str, rows: list[dict[str, Any]]) -> list[Any]:
        made = records.save_many(session, get(key), rows, admin_actor, now=now)
        assert made.written, made.problems
        return made.outcomes

    for outcome, code in zip(
        keep("zone", [{"code": "A", "name": "Ngoro"}, {"code": "B", "name": "Jetis"}]), "AB", strict=True
    ):  # fmt: skip
        known[code] = str(outcome.public_id)
    companies = keep("company", [
        {"legal_name": "PT Satu", "zone": known["A"], "status": "documented", "kbli": "08101"},
        {"legal_name": "PT Dua, Tbk", "zone": known["A"], "status": "closed"},
        {"legal_name": "PT Tiga", "zone": known["B"], "status": "documented", "is_sponsor": True},
        {"legal_name": "CV Empat", "zone": known["B"]},
        {"legal_name": "Lima_50%"},
    ])  # fmt: skip
    keep("contact", [
        {"company": one.public_id, "name": f"Kontak {name}", "email": f"{name.lower()}@pt.example"}
        for one, name in zip(companies, ("Ani", "Budi", "Citra", "Dewi", "Eka"), strict=True)
    ])  # fmt: skip
    [person] = keep("foreign_national", [
        {"name_display": "KIM MIN JI", "sex": "F", "birth_date": "25/03/1985", "nationality": "KR"}
    ])  # fmt: skip
    keep("passport", [
        {"person": person.public_id, "issuing_state": "KR", "number": f"C0000{n}", "expires_on": expires}
        for n, expires in enumerate([*DAYS.values(), None])
    ])  # fmt: skip
    keep("zone", [{"code": "C", "name": "Dua wilayah", "regions": [keep("region", [
        {"code": "35.16", "name": "Mojokerto", "level": "kabupaten"}
    ])[0].public_id]}])  # fmt: skip
    known["region"] = str(lists.page(session, get("region"), admin_actor).rows[0]["public_id"])
    return known


def found(session: Session, actor: Actor, key: str, text: str, today: date, field: str = "") -> list[Any]:
    group, problems = parse(text)
    assert problems == []
    registry = get(key)
    page = lists.page(session, registry, actor, where=group, today=today)
    assert page.problems == []
    assert page.total == len(page.rows)
    return [row[field or registry.order_by] for row in page.rows]


@pytest.mark.parametrize(
    ("where", "names"),
    [
        ("zone:is:@A", ["PT Dua, Tbk", "PT Satu"]),
        ("zone:not:@A", ["CV Empat", "Lima_50%", "PT Tiga"]),
        ("zone:is:@A,@B", ["CV Empat", "PT Dua, Tbk", "PT Satu", "PT Tiga"]),
        ("zone:empty", ["Lima_50%"]),
        ("any(zone:is:@A;status:is:unconfirmed)", ["CV Empat", "Lima_50%", "PT Dua, Tbk", "PT Satu"]),
        ("any(zone:is:@A;status:is:unconfirmed);legal_name:starts:pt", ["PT Dua, Tbk", "PT Satu"]),
        ("any(all(zone:is:@A;status:is:closed);all(zone:is:@B;is_sponsor:is:1))", ["PT Dua, Tbk", "PT Tiga"]),
        ("status:not:closed,documented", ["CV Empat", "Lima_50%"]),
        ("legal_name:in:PT Satu,pt dua!, tbk", ["PT Satu"]),
        ("legal_name:is:PT Dua!, Tbk", ["PT Dua, Tbk"]),
        ("legal_name:contains:_50%", ["Lima_50%"]),
        ("legal_name:lacks:PT", ["CV Empat", "Lima_50%"]),
        ("is_sponsor:is:0;sector:is:B", ["PT Satu"]),
        ("kbli:lacks:08", ["CV Empat", "Lima_50%", "PT Dua, Tbk", "PT Tiga"]),
        ("sector:not:B", ["CV Empat", "Lima_50%", "PT Dua, Tbk", "PT Tiga"]),
        ("created_at:last:1", ["CV Empat", "Lima_50%", "PT Dua, Tbk", "PT Satu", "PT Tiga"]),
        ("created_at:period:yesterday", []),
        ("updated_at:period:today;zone.status:is:active;zone:is:@B", ["CV Empat", "PT Tiga"]),
        ("zone.status:is:inactive", []),
    ],
)
def test_companies_are_found_by_every_kind_of_condition(
    session: Session, admin_actor: Actor, world: dict[str, str], today: date, where: str, names: list[str]
) -> None:
    for code in "AB":
        where = where.replace(f"@{code}", world[code])
    assert found(session, admin_actor, "company", where, today) == names


@pytest.mark.parametrize(
    ("where", "days"),
    [
        ("expires_on:past", ["lewat"]),
        ("expires_on:ahead", ["hari ini", "tiga puluh", "nanti"]),
        ("expires_on:next:30", ["hari ini", "tiga puluh"]),
        ("expires_on:beyond:30", ["nanti"]),
        ("expires_on:last:1", ["lewat", "hari ini"]),
        ("expires_on:period:this_month", ["lewat", "hari ini"]),
        ("expires_on:period:next_month", ["tiga puluh", "nanti"]),
        ("expires_on:is:22/11/2026", ["hari ini"]),
        ("expires_on:is:2026-11-22,23/12/2026", ["hari ini", "nanti"]),
        ("expires_on:between:22/12/2026,22/11/2026", ["hari ini", "tiga puluh"]),
        ("expires_on:gt:22/11/2026;expires_on:lt:23/12/2026", ["tiga puluh"]),
        ("expires_on:filled", ["lewat", "hari ini", "tiga puluh", "nanti"]),
        ("any(expires_on:empty;expires_on:past)", ["lewat", None]),
    ],
)
def test_passports_are_found_by_days_counted_from_today(
    session: Session, admin_actor: Actor, world: dict[str, str], today: date, where: str, days: list[str | None]
) -> None:
    wanted = [DAYS.get(name or "") for name in days]
    got = found(session, admin_actor, "passport", where, today, "expires_on")
    assert sorted(got, key=str) == sorted(wanted, key=str)


def test_a_moment_belongs_to_the_day_it_has_at_the_office(
    session: Session, admin_actor: Actor, today: date
) -> None:  # fmt: skip
    late = datetime.fromisoformat("2026-11-21T17:30:00+00:00")  # half past midnight on the 22nd in Jakarta
    records.save(session, get("zone"), {"code": "Z", "name": "Malam"}, admin_actor, now=late)

    assert found(session, admin_actor, "zone", "created_at:period:today", today) == ["Malam"]
    assert found(session, admin_actor, "zone", "created_at:is:21/11/2026", today) == []


def test_contacts_are_found_through_their_company(
    session: Session, admin_actor: Actor, world: dict[str, str], today: date
) -> None:
    assert found(session, admin_actor, "contact", f"company.zone:is:{world['A']}", today) == [
        "Kontak Ani",
        "Kontak Budi",
    ]
    assert found(session, admin_actor, "contact", "company.status:is:closed", today) == ["Kontak Budi"]


def test_a_list_of_references_is_searched_by_what_it_holds(
    session: Session, admin_actor: Actor, world: dict[str, str], today: date
) -> None:
    assert found(session, admin_actor, "zone", f"regions:has:{world['region']}", today) == ["Dua wilayah"]
    assert found(session, admin_actor, "zone", f"regions:lacks:{world['region']}", today) == ["Jetis", "Ngoro"]
    assert found(session, admin_actor, "zone", "regions:empty", today) == ["Jetis", "Ngoro"]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("nope:is:1", "filter_unknown"),
        ("company.nope:is:1", "filter_unknown"),
        ("zone:contains:x", "filter_unknown"),
        ("nib_status:is:apa ini", "filter_value_unknown"),
        ("nib_status_as_of:is:31/02/2026", "date_invalid"),
        ("nib_status_as_of:next:banyak", "type"),
        ("nib_status_as_of:period:someday", "choice_unknown"),
        ("legal_name:contains:\0", "pattern"),
        ("legal_name:is:\ud800", "pattern"),
        ("lat:ge:jauh", "type"),
        ("lat:ge:1e999", "type"),
        ("zone:is:12", "filter_value_unknown"),
    ],
)
def test_a_condition_that_makes_no_sense_is_said_and_left_out(
    session: Session, admin_actor: Actor, world: dict[str, str], today: date, where: str, code: str
) -> None:
    page = lists.page(session, get("company"), admin_actor, where=parse(where)[0], today=today)

    assert page.total == 5
    assert [problem.code for problem in page.problems] == [code]


def test_a_record_that_is_not_there_is_said_and_matches_nothing(
    session: Session, admin_actor: Actor, world: dict[str, str], today: date
) -> None:
    where = parse("zone:is:0123456789abcdef")[0]

    page = lists.page(session, get("company"), admin_actor, where=where, today=today)

    assert page.rows == [], "left out, it would show everything"
    assert [problem.code for problem in page.problems] == ["filter_record_unknown"]


def test_nobody_looks_through_a_reference_into_what_is_veiled_or_not_theirs(
    session: Session, staff: Staff, world: dict[str, str], today: date
) -> None:
    agency = Actor("agency", "Anggota", frozenset({"agency_member"}), region_code="35.16")
    for actor, where in (
        (staff("auditor"), "number:starts:C0000"),
        (staff("analyst"), "person.nik:filled"),  # masked there
        (agency, "person.sex:is:F"),
    ):
        page = lists.page(session, get("passport"), actor, where=parse(where)[0], today=today)
        assert [problem.code for problem in page.problems] == ["filter_unknown"]


def test_a_condition_counted_from_today_needs_today(session: Session, admin_actor: Actor) -> None:
    with pytest.raises(ValueError, match="today"):
        lists.page(session, get("passport"), admin_actor, where=parse("expires_on:past")[0])
