"""Listing: every row once, in order, forwards and backwards, and only what the actor may see."""

from __future__ import annotations

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


@pytest.fixture
def companies(session: Session, admin_actor: Actor, now: datetime) -> list[str]:
    rows: list[dict[str, Any]] = [
        {"legal_name": f"PT Contoh {n % 7}", "nib": f"{n:013d}" if n % 3 else None, "kbli": "08101" if n % 2 else None}
        for n in range(25)
    ]
    rows.append({"legal_name": "PT 100%_Murni \\ Jaya"})
    return [str(o.public_id) for o in records.save_many(session, get("company"), rows, admin_actor, now=now).outcomes]


@pytest.mark.parametrize("order", ["", "-legal_name", "nib", "-nib", "sector", "-created_at", "id"])
def test_walking_the_pages_shows_every_row_once_both_ways(
    session: Session, admin_actor: Actor, companies: list[str], order: str
) -> None:
    def walk(step: str, cursor: str | None) -> tuple[list[list[str]], str | None]:
        pages, last = [], cursor
        while True:
            page = lists.page(session, get("company"), admin_actor, order=order, cursor=cursor, limit=4)
            pages.append([row["public_id"] for row in page.rows])
            last, cursor = cursor, getattr(page, step)
            if cursor is None:
                return pages, last

    forwards, last = walk("next", None)
    assert sorted(public_id for page in forwards for public_id in page) == sorted(companies)
    backwards, _ = walk("previous", last)
    assert backwards == forwards[::-1]


@pytest.mark.parametrize(
    ("words", "found"),
    [("contoh", 25), ("contoh 3", 4), ("CONTOH", 25), ("100%_murni", 1), ("%", 0),
     ("\\ jaya", 1), ("pt", 26), ('"', 0), ("zzz", 0), ("0000000000001", 1)],
)  # fmt: skip
def test_search_finds_parts_of_words_and_takes_signs_literally(
    session: Session, admin_actor: Actor, companies: list[str], words: str, found: int
) -> None:
    assert lists.page(session, get("company"), admin_actor, search_for=words, limit=100).total == found


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (Condition("sector", "is", ("B",)), 12),
        (Condition("sector", "not", ("B",)), 14),
        (Condition("nib", "empty"), 10),
        (Condition("nib", "filled"), 16),
        (Condition("legal_name", "contains", ("murni",)), 1),
        (Condition("legal_name", "starts", ("pt contoh 6",)), 3),
        (Condition("status", "is", ("unconfirmed", "closed")), 26),
        (Condition("kbli_year", "is", ("2020",)), 26),
    ],
)
def test_filters_are_typed(
    session: Session, admin_actor: Actor, companies: list[str], one: Condition, found: int
) -> None:
    page = lists.page(session, get("company"), admin_actor, where=every(one), limit=100)
    assert (page.total, len(page.rows), page.problems) == (found, found, [])


@pytest.mark.parametrize(
    "bad",
    [
        Condition("nope"),
        Condition("sector", "lt", ("B",)),
        Condition("kbli_year", "is", ("dua ribu dua puluh",)),
        Condition("zone", "is", ("x",)),
    ],
)
def test_a_filter_that_makes_no_sense_is_said_and_left_out(
    session: Session, admin_actor: Actor, companies: list[str], bad: Condition
) -> None:
    page = lists.page(session, get("company"), admin_actor, where=every(bad))
    assert page.total == 26
    assert [problem.field for problem in page.problems] == [bad.path]


@pytest.mark.parametrize("cursor", ["x", "%%%", "bnVsbA", "WzEsMiwzXQ"])
def test_a_broken_cursor_starts_from_the_beginning(
    session: Session, admin_actor: Actor, companies: list[str], cursor: str
) -> None:
    page = lists.page(session, get("company"), admin_actor, cursor=cursor)
    assert (len(page.rows), [problem.code for problem in page.problems]) == (26, ["cursor_unknown"])


def test_deleted_records_stand_in_the_trash_only(
    session: Session, admin_actor: Actor, companies: list[str], now: datetime
) -> None:
    records.delete_many(session, get("company"), companies[:3], admin_actor, now=now)
    assert lists.page(session, get("company"), admin_actor).total == 23
    assert lists.page(session, get("company"), admin_actor, deleted=True).total == 3


def test_the_search_index_follows_edits(
    session: Session, admin_actor: Actor, companies: list[str], now: datetime
) -> None:
    records.save(
        session, get("company"), {"legal_name": "PT Berganti Nama"}, admin_actor, now=now, public_id=companies[0]
    )
    assert lists.page(session, get("company"), admin_actor, search_for="berganti").total == 1
    assert lists.page(session, get("company"), admin_actor, search_for="contoh").total == 24


def test_a_role_without_the_right_sees_no_rows_in_list_search_export_and_look_up(
    session: Session, staff: Staff, companies: list[str]
) -> None:
    stranger = staff("nobody")
    assert lists.page(session, get("company"), stranger, search_for="contoh").rows == []
    assert lists.lookup(session, get("company"), stranger, "contoh") == []
    assert lists.one(session, get("company"), stranger, companies[0]) is None


def test_an_agency_sees_personal_registers_of_nobody(session: Session, companies: list[str]) -> None:
    agency = Actor("agency", "Anggota", frozenset({"agency_member"}), region_code="35.16")
    assert lists.page(session, get("company"), agency).total == 0
    assert lists.page(session, get("foreign_national"), agency).total == 0


def test_a_page_asks_the_database_the_same_number_of_times_whatever_its_size(
    session: Session, admin_actor: Actor, companies: list[str], statements: list[str]
) -> None:
    counts = []
    for limit in (2, 20):
        statements.clear()
        lists.page(session, get("company"), admin_actor, limit=limit)
        counts.append(len(statements))
    assert counts[0] == counts[1]
