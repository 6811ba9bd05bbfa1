"""While a record is typed: what may be the same already is named, and why; nobody hears of what they do not see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from app.database import utcnow
from app.domain.actors import Actor, Bounds
from app.operations import records
from app.queries import lists, twins
from app.registry import get
from tests.fixtures.login import log_in_as
from tests.fixtures.web import hidden

SYSTEM = Actor.system("uji")
COMPANY, PERSON = get("company"), get("foreign_national")


@pytest.fixture
def known(session: Session, now: datetime) -> dict[str, str]:
    """Public ids by name."""
    zones = records.save_many(
        session, get("zone"), [{"code": code, "name": f"Kawasan {code}"} for code in ("KIA", "KIB")], SYSTEM, now=now
    )
    companies: list[dict[str, Any]] = [
        {"legal_name": "PT Santoso Mesin Abadi", "nib": "8120001234567", "zone": str(zones.outcomes[0].public_id)},
        {"legal_name": "PT Mesin Jaya", "zone": str(zones.outcomes[1].public_id)},
    ]
    people = [{"name_display": "KIM MIN JUN", "sex": "M", "birth_date": "12/03/1985", "nationality": "KOR"}]
    made = [
        one
        for registry, rows in ((COMPANY, companies), (PERSON, people))
        for one in records.save_many(session, registry, rows, SYSTEM, now=now).outcomes
    ]
    return dict(zip(("santoso", "jaya", "kim"), (str(one.public_id) for one in made), strict=True))


def told(session: Session, registry: Any, actor: Actor, but: str | None = None, **typed: str) -> list[tuple[str, str]]:
    return [(twin.row["public_id"], twin.why) for twin in twins.find(session, registry, actor, typed, but=but)]


def test_the_same_number_comes_first_and_is_named_so(
    session: Session, admin_actor: Actor, known: dict[str, str]
) -> None:
    found = told(session, COMPANY, admin_actor, nib="8120001234567", legal_name="PT Mesin Jaya")
    assert found == [(known["santoso"], "number"), (known["jaya"], "name")]
    assert told(session, COMPANY, admin_actor, nib="81200") == [], "not a number yet"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("CV. Santoso Mesin Abadi, Tbk", "name"),
        ("Mesin Abadi Santoso", "name"),
        ("PT Santosa Mesin Abadi", "like"),
        ("PT Santoso Mesin Abbadi", "like"),
        ("PT Santoso Tekstil Abadi", None),
        ("PT", None),
    ],
)
def test_a_name_is_compared_without_its_form_of_business_order_and_one_slip(
    session: Session, admin_actor: Actor, known: dict[str, str], typed: str, why: str | None
) -> None:
    assert told(session, COMPANY, admin_actor, legal_name=typed) == ([(known["santoso"], why)] if why else [])


def test_a_person_is_known_in_any_order_of_names_and_the_same_birthday_is_said(
    session: Session, admin_actor: Actor, known: dict[str, str]
) -> None:
    typed = {"name_display": "Min-Jun Kim", "birth_date": "12/03/1985"}
    (twin,) = twins.find(session, PERSON, admin_actor, typed)
    assert (twin.row["public_id"], twin.why) == (known["kim"], "name")
    assert [field.key for field in twin.agreeing] == ["birth_date"]


def test_a_record_is_not_its_own_twin(session: Session, admin_actor: Actor, known: dict[str, str]) -> None:
    typed = {"legal_name": "PT Santoso Mesin Abadi", "nib": "8120001234567"}
    assert told(session, COMPANY, admin_actor, but=known["santoso"], **typed) == []


def test_nobody_hears_of_a_record_beyond_their_limits(
    session: Session, staff: Callable[..., Actor], known: dict[str, str]
) -> None:
    analyst = staff("analyst")
    elsewhere = lists.one(session, COMPANY, SYSTEM, known["jaya"])
    assert elsewhere is not None
    limited = replace(analyst, bounds=Bounds(zones=frozenset({elsewhere["zone"]})))
    typed = {"legal_name": "PT Santoso Mesin Abadi", "nib": "8120001234567"}
    assert told(session, COMPANY, analyst, **typed) == [(known["santoso"], "number")]
    assert told(session, COMPANY, limited, **typed) == []


def test_of_many_names_those_on_record_are_told_by_one_statement_and_only_to_who_sees_them(
    session: Session, staff: Callable[..., Actor], known: dict[str, str], statements: list[str]
) -> None:
    analyst = staff("analyst")
    elsewhere = lists.one(session, COMPANY, SYSTEM, known["jaya"])
    assert elsewhere is not None
    limited = replace(analyst, bounds=Bounds(zones=frozenset({elsewhere["zone"]})))
    asked = ["santoso mesin abadi", "mesin jaya", *(f"belum ada {n}" for n in range(40_000))]
    statements.clear()

    found = twins.namesakes(session, COMPANY, analyst, asked)

    assert found == {"santoso mesin abadi": known["santoso"], "mesin jaya": known["jaya"]}
    assert len(statements) == 1
    assert twins.namesakes(session, COMPANY, limited, asked) == {"mesin jaya": known["jaya"]}
    assert twins.namesakes(session, PERSON, analyst, ["kim min jun", "lee"]) == {"kim min jun": known["kim"]}
    records.delete_many(session, COMPANY, [known["jaya"]], SYSTEM, now=utcnow())
    assert "mesin jaya" not in twins.namesakes(session, COMPANY, analyst, asked), "what is in the trash is not there"


@pytest.mark.parametrize(
    ("typed", "alike"),
    [("mesin abadi santoso", True), ("santosa mesin abadi", True), ("santoso tekstil abadi", False), ("pt", False)],
)
def test_among_many_names_a_nearly_equal_one_is_known_by_the_rule_of_a_single_one(
    session: Session, admin_actor: Actor, known: dict[str, str], typed: str, alike: bool
) -> None:
    assert twins.nearly(session, COMPANY, admin_actor, [typed]) == ({typed: known["santoso"]} if alike else {})
    assert bool(told(session, COMPANY, admin_actor, legal_name=typed)) is alike
    assert twins.nearly(session, PERSON, admin_actor, ["kim min-jun", "lee"]) == {"kim min-jun": known["kim"]}


def test_nearly_equal_names_cost_no_more_statements_for_many_and_are_told_to_who_sees_them(
    session: Session, staff: Callable[..., Actor], known: dict[str, str], statements: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    analyst = staff("analyst")
    elsewhere = lists.one(session, COMPANY, SYSTEM, known["jaya"])
    assert elsewhere is not None
    limited = replace(analyst, bounds=Bounds(zones=frozenset({elsewhere["zone"]})))
    asked = ["santoso mesin abbadi", "messin jaya", *(f"belum ada {n}" for n in range(40_000))]
    statements.clear()

    found = twins.nearly(session, COMPANY, analyst, asked)

    assert found == {"santoso mesin abbadi": known["santoso"], "messin jaya": known["jaya"]}
    assert len(statements) == 1
    assert twins.nearly(session, COMPANY, limited, asked) == {"messin jaya": known["jaya"]}
    monkeypatch.setattr(twins, "_STRETCH", 1)
    assert twins.nearly(session, COMPANY, analyst, asked) == found, "also where the records come in stretches"
    monkeypatch.setattr(twins, "_RECORDS", 1)
    assert twins.nearly(session, COMPANY, analyst, asked) == {"messin jaya": known["jaya"]}, "the newest only"
    records.delete_many(session, COMPANY, [known["jaya"]], SYSTEM, now=utcnow())
    assert "messin jaya" not in twins.nearly(session, COMPANY, analyst, asked), "what is in the trash is not there"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_form_names_them_with_their_reasons_and_only_to_who_may_look(
    app: Flask, session: Session, now: datetime, known: dict[str, str]
) -> None:
    session.commit()
    admin = log_in_as(app.test_client(), "admin")
    page = admin.get("/staff/company/new/").text
    assert 'data-twins="/staff/company/alike/" data-twins-fields="legal_name nib' in page

    part = ask(admin, page, **{"short-legal_name": "CV Santoso Mesin Abadi"})

    assert f"/staff/company/details/?id={known['santoso']}" in part
    assert "namanya sama; hanya bentuk badan" in part
    assert ask(admin, page, legal_name="PT Belum Pernah Ada").strip() == ""
    assert app.test_client().post("/staff/company/alike/", data=hidden(page)).status_code in (302, 400)


def ask(client: FlaskClient, page: str, **typed: str) -> str:
    token = hidden(page)["csrf_token"]
    answer = client.post("/staff/company/alike/", data={"csrf_token": token, **typed})
    assert answer.status_code == 200
    return answer.text
