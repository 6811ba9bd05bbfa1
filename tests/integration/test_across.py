"""Rules and computed fields that look at other records: right for every row, and no query a row."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from sqlmodel import Session

from app import wording
from app.domain.actors import Actor
from app.operations import records
from app.queries import history, lists, remarks
from app.registry import get
from tests.factories import record

SYSTEM = Actor.system("uji")


def made(session: Session, key: str, now: datetime, **given: Any) -> int:
    return int(record(session, get(key), now=now, **given).id or 0)


def row_of(session: Session, key: str, public_id: str | None) -> dict[str, Any]:
    return lists.one(session, get(key), SYSTEM, str(public_id)) or {}


def codes(outcome: records.Outcome) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in outcome.problems]


# --- work plans ---------------------------------------------------------------------------------------------


@pytest.fixture
def regions(session: Session, now: datetime) -> dict[str, int]:
    wanted = ["35.16.05.2010", "35.16.06.2001", "35.15.01.2001", "64.02.01.2001"]
    return {code: made(session, "region", now, code=code, name=f"Desa {code}", level="desa") for code in wanted}


def plan(company: int, worksites: list[int], **given: Any) -> dict[str, Any]:
    return {
        "company": company, "kind": "over_6_months", "position": "Ahli Mesin", "headcount": 2, "worksites": worksites,
        "starts_on": "01/01/2026", "ends_on": "31/12/2026", **given,
    }  # fmt: skip


def test_a_plan_tells_from_its_sites_how_many_regions_it_covers(
    session: Session, now: datetime, regions: dict[str, int]
) -> None:
    company = made(session, "company", now)
    sites = {
        code: made(session, "worksite", now, company=company, label=code, region=id_) for code, id_ in regions.items()
    }
    nowhere = made(session, "worksite", now, company=company, label="tanpa wilayah", region=None)
    same, other, far = ["35.16.05.2010", "35.16.06.2001"], "35.15.01.2001", "64.02.01.2001"
    rows = [
        plan(company, [sites[one] for one in same]),
        plan(company, [sites[one] for one in (*same, other)]),
        plan(company, [sites[one] for one in (*same, far)]),
        plan(company, [sites[same[0]], nowhere]),
        plan(company, []),
    ]

    outcomes = records.save_many(session, get("work_plan"), rows, SYSTEM, now=now).outcomes

    assert [outcome.after["regions"] for outcome in outcomes] == [
        "one_kab", "several_kab", "several_provinces", None, None,
    ]  # fmt: skip


def test_a_site_that_moves_takes_its_plans_along(session: Session, now: datetime, regions: dict[str, int]) -> None:
    company = made(session, "company", now)
    first, second = (
        record(session, get("worksite"), now=now, company=company, label=label, region=regions["35.16.05.2010"])
        for label in ("Pabrik 1", "Pabrik 2")
    )
    saved = records.save(session, get("work_plan"), plan(company, [first.id, second.id]), SYSTEM, now=now)
    assert row_of(session, "work_plan", saved.public_id)["regions"] == "one_kab"

    records.save(
        session, get("worksite"), {"region": regions["64.02.01.2001"]}, SYSTEM, now=now, public_id=second.public_id
    )
    session.commit()

    assert row_of(session, "work_plan", saved.public_id)["regions"] == "several_provinces"
    newest = history.of(session, get("work_plan"), str(saved.public_id), SYSTEM)[0]
    assert (newest.action, newest.reason) == ("update", "dihitung ulang")


def test_a_site_of_another_company_is_refused(session: Session, now: datetime) -> None:
    company = made(session, "company", now, nib="9120001234567")
    elsewhere = made(session, "worksite", now, company=made(session, "company", now, nib="9120007654321"))

    refused = records.save(session, get("work_plan"), plan(company, [elsewhere]), SYSTEM, now=now)

    assert codes(refused) == [("worksite_of_another", "worksites")]


def test_many_plans_are_judged_with_as_many_queries_as_one(
    session: Session, now: datetime, statements: list[str]
) -> None:
    company = made(session, "company", now)
    site = made(session, "worksite", now, company=company)
    counts = []
    for number in (1, 200):
        statements.clear()
        rows = [plan(company, [site], position=f"Ahli {number}-{i}") for i in range(number)]
        records.save_many(session, get("work_plan"), rows, SYSTEM, now=now, dry_run=True)
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("position", "starts_on", "found"),
    [
        ("HR Manager", "01/01/2026", True),
        ("Senior Human Resource Manager (Plant 2)", "01/01/2026", True),
        ("manajer  personalia", "01/01/2026", True),
        ("Chrome Plating Engineer", "01/01/2026", False),
        ("Manajer Produksi", "01/01/2026", False),
        ("Juru Wicara", "01/01/2019", False),
        ("Juru Wicara", "01/01/2021", True),
    ],
)
def test_a_barred_position_is_remarked_never_refused(
    session: Session, now: datetime, position: str, starts_on: str, found: bool
) -> None:
    record(
        session, get("barred_position"), now=now, name="Juru Wicara", basis="Keputusan contoh", valid_from="01/01/2020"
    )
    company = made(session, "company", now)

    saved = records.save(
        session, get("work_plan"), plan(company, [], position=position, starts_on=starts_on), SYSTEM, now=now
    )

    assert saved.problems == []
    said = remarks.of(session, get("work_plan"), row_of(session, "work_plan", saved.public_id))
    assert ("position_barred" in {one.code for one in said}) is found


def test_two_plans_for_one_post_and_a_term_too_long_are_remarked(session: Session, now: datetime) -> None:
    company = made(session, "company", now)
    rows = [
        plan(company, [], approval_no="B.1/2026"),
        plan(company, [], approval_no="B.2/2026", kind="temporary", starts_on="01/01/2026", ends_on="01/07/2026"),
        plan(company, [], position="Ahli Lain", kind="temporary", starts_on="01/01/2026", ends_on="30/06/2026"),
    ]
    outcomes = records.save_many(session, get("work_plan"), rows, SYSTEM, now=now).outcomes
    found = [
        [one.code for one in remarks.of(session, get("work_plan"), row_of(session, "work_plan", outcome.public_id))]
        for outcome in outcomes
    ]
    assert found == [["post_twice"], ["plan_too_long", "post_twice"], []]


# --- levy payments ------------------------------------------------------------------------------------------


def test_a_levy_is_for_a_month_at_least_and_odd_amounts_are_remarked(session: Session, now: datetime) -> None:
    company = made(session, "company", now)
    of_plan = records.save(session, get("work_plan"), plan(company, []), SYSTEM, now=now).id
    row = {"work_plan": of_plan, "reference": "NTPN1", "persons": 2, "months": 12, "amount_usd": "2.400"}

    none = records.save(session, get("levy_payment"), {**row, "months": "0"}, SYSTEM, now=now)
    assert codes(none) == [("out_of_range", "months")]
    assert "1" in wording.sentence(none.problems[0], "id")

    right = records.save(session, get("levy_payment"), row, SYSTEM, now=now)
    assert remarks.of(session, get("levy_payment"), row_of(session, "levy_payment", right.public_id)) == []
    odd = records.save(session, get("levy_payment"), {**row, "reference": "N2", "months": 14}, SYSTEM, now=now)
    said = remarks.of(session, get("levy_payment"), row_of(session, "levy_payment", odd.public_id))
    assert [one.code for one in said] == ["levy_beyond_plan", "levy_unusual"]
    assert "2 orang × 14 bulan = USD 2.800" in wording.sentence(said[1], "id")


# --- supervision teams --------------------------------------------------------------------------------------


@pytest.fixture
def team(session: Session, now: datetime) -> records.Outcome:
    return record(
        session, get("task_force"), now=now, decree_no="SK-1/2026", valid_from="01/01/2026", valid_until="31/12/2026"
    )


@pytest.fixture
def agencies(session: Session, now: datetime) -> dict[str, int]:
    kinds = ("imigrasi", "kesbangpol")
    return {kind: made(session, "agency", now, code=kind, name=f"Instansi {kind}", kind=kind) for kind in kinds}


def member(team: records.Outcome, agency: int, name: str, role: str = "member", **given: Any) -> dict[str, Any]:
    return {"task_force": team.id, "agency": agency, "name": name, "role": role, **given}


def test_the_chair_of_a_team_sits_at_an_immigration_office(
    session: Session, now: datetime, team: records.Outcome, agencies: dict[str, int]
) -> None:
    members = get("task_force_member")

    refused = records.save(session, members, member(team, agencies["kesbangpol"], "Budi", "chair"), SYSTEM, now=now)
    assert codes(refused) == [("chair_not_immigration", "role")]

    chair = records.save(session, members, member(team, agencies["imigrasi"], "Sari", "chair"), SYSTEM, now=now)
    assert row_of(session, "task_force", team.public_id)["chair"] == chair.id
    moved = records.save(
        session, members, {"agency": agencies["kesbangpol"]}, SYSTEM, now=now, public_id=chair.public_id
    )
    assert codes(moved) == [("chair_not_immigration", "role")]


def test_a_team_comes_into_force_with_one_chair_and_by_the_division_head(
    session: Session, now: datetime, team: records.Outcome, agencies: dict[str, int], staff: Any
) -> None:
    teams, members = get("task_force"), get("task_force_member")

    def put_in_force(actor: Actor) -> records.Outcome:
        return records.save(session, teams, {"status": "in_force"}, actor, now=now, public_id=team.public_id)

    assert codes(put_in_force(staff("division_head"))) == [("chair_missing", "status")]
    chair = records.save(session, members, member(team, agencies["imigrasi"], "Sari", "chair"), SYSTEM, now=now)
    second = records.save(session, members, member(team, agencies["imigrasi"], "Tono", "chair"), SYSTEM, now=now)
    assert codes(second) == [("chair_taken", "role")]
    by_secretariat = put_in_force(staff("secretariat"))
    assert codes(by_secretariat) == [("step_reserved", "status")]
    assert "Kepala Bidang" in wording.sentence(by_secretariat.problems[0], "id")
    assert put_in_force(staff("division_head")).action == "changed"

    records.save(session, members, {"status": "replaced"}, SYSTEM, now=now, public_id=chair.public_id)
    assert row_of(session, "task_force", team.public_id)["chair"] is None
    third = records.save(session, members, member(team, agencies["imigrasi"], "Tono", "chair"), SYSTEM, now=now)
    assert row_of(session, "task_force", team.public_id)["chair"] == third.id
    records.delete_many(session, members, [str(third.public_id)], SYSTEM, now=now)
    assert row_of(session, "task_force", team.public_id)["chair"] is None


def test_members_sit_inside_the_term_of_their_team(
    session: Session, now: datetime, team: records.Outcome, agencies: dict[str, int]
) -> None:
    members, kesbang = get("task_force_member"), agencies["kesbangpol"]

    early = member(team, kesbang, "Budi", started_on="31/12/2025")
    late = member(team, kesbang, "Budi", started_on="01/02/2026", ended_on="01/01/2027")
    for row, field in ((early, "started_on"), (late, "ended_on")):
        refused = records.save(session, members, row, SYSTEM, now=now)
        assert codes(refused) == [("outside_term", field)]
        assert "1 Januari 2026 sampai 31 Desember 2026" in wording.sentence(refused.problems[0], "id")
    fits = {**late, "ended_on": "01/12/2026"}
    assert records.save(session, members, fits, SYSTEM, now=now).action == "new"

    shorter = records.save(
        session, get("task_force"), {"valid_until": date(2026, 6, 30)}, SYSTEM, now=now, public_id=team.public_id
    )
    assert codes(shorter) == [("member_outside_term", "valid_until")]


# --- companies ----------------------------------------------------------------------------------------------


def test_a_company_that_sponsors_without_a_number_or_a_seen_address_is_remarked(
    session: Session, now: datetime
) -> None:
    company = get("company")
    made = record(session, company, now=now, nib_status="revoked", is_sponsor="Ya", address_verified_on=None)

    found = remarks.of(session, company, row_of(session, "company", made.public_id))
    assert [one.code for one in found] == ["nib_revoked_sponsor", "address_unverified"]

    mended = {"nib_status": "active", "address_verified_on": "01/11/2026"}
    records.save(session, company, mended, SYSTEM, now=now, public_id=made.public_id)
    assert remarks.of(session, company, row_of(session, "company", made.public_id)) == []
