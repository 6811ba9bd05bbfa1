"""Lists give away nothing of a masked number: not by their order, their address, a search or a filter."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from app.domain.actors import Actor
from app.domain.conditions import Condition, every
from app.operations import records
from app.queries import lists
from app.registry import get

Staff = Callable[..., Actor]
NUMBERS = ["C00007277", "C00007034", "X51500001", "AB1234567"]


@pytest.fixture
def passports(session: Session, admin_actor: Actor, now: datetime) -> list[str]:
    values = {"name_display": "KIM MIN JI", "sex": "F", "birth_date": "25/03/1985", "nationality": "KR"}
    person = records.save(session, get("foreign_national"), values, admin_actor, now=now)
    assert not person.problems, person.problems
    rows: list[dict[str, Any]] = [
        {"person": person.id, "issuing_state": "KR", "number": number, "expires_on": "31/12/2029"} for number in NUMBERS
    ]
    made = records.save_many(session, get("passport"), rows, admin_actor, now=now)
    assert made.written, made.problems
    return [str(outcome.public_id) for outcome in made.outcomes]


@pytest.mark.parametrize("order", ["", "number", "-number"])
@pytest.mark.parametrize("role", ["auditor", "admin"])
def test_a_masked_number_stands_in_no_address_and_gives_no_order(
    session: Session, staff: Staff, passports: list[str], role: str, order: str
) -> None:
    page = lists.page(session, get("passport"), staff(role), order=order, limit=2)
    assert page.next
    told = base64.urlsafe_b64decode(page.next + "=" * (-len(page.next) % 4)).decode()
    assert not any(number in told for number in NUMBERS)
    rest = lists.page(session, get("passport"), staff(role), order=order, cursor=page.next, limit=2)
    shown = [row["public_id"] for row in page.rows + rest.rows]
    assert sorted(shown) == sorted(passports)
    by_number = [public_id for _number, public_id in sorted(zip(NUMBERS, passports, strict=True))]
    assert shown not in (by_number, by_number[::-1])


@pytest.mark.parametrize("role", ["auditor", "secretariat", "timpora_chair"])
def test_who_may_not_reveal_finds_a_number_only_by_knowing_all_of_it(
    session: Session, staff: Staff, passports: list[str], role: str
) -> None:
    def found(words: str) -> int:
        return lists.page(session, get("passport"), staff(role), search_for=words).total

    assert [found(part) for part in ("C0000", "c00007", "7277", "C0", "C00007277 X5")] == [0] * 5
    assert [found(whole) for whole in NUMBERS] == [1] * len(NUMBERS)
    assert found(NUMBERS[0].lower()) == 1
    assert lists.lookup(session, get("passport"), staff(role), "C0000") == []


def test_who_may_reveal_still_searches_by_a_part(session: Session, staff: Staff, passports: list[str]) -> None:
    assert lists.page(session, get("passport"), staff("field_officer"), search_for="C0000").total == 2


def test_a_filter_on_a_masked_field_is_for_those_who_may_reveal(
    session: Session, staff: Staff, passports: list[str]
) -> None:
    asked = every(Condition("number", "starts", ("C0000",)))
    assert lists.page(session, get("passport"), staff("auditor"), where=asked).total == len(NUMBERS)
    assert lists.page(session, get("passport"), staff("analyst"), where=asked).total == 2


@pytest.mark.parametrize(
    ("order", "value", "number"),
    [("", "x", 10**30), ("id", 10**30, 1), ("legal_name", "\0", 1), ("legal_name", "\ud800", 1), ("nib", 5, 1),
     ("kbli_year", "dua", 1), ("created_at", 5, 1), ("id", float("inf"), 1), ("id", 1, float("inf")),
     ("id", True, 1)],
)  # fmt: skip
def test_a_forged_cursor_breaks_nothing(
    session: Session, admin_actor: Actor, order: str, value: Any, number: Any
) -> None:
    forged = base64.urlsafe_b64encode(json.dumps(["n", value, number]).encode()).decode().rstrip("=")
    lists.page(session, get("company"), admin_actor, order=order, cursor=forged)
