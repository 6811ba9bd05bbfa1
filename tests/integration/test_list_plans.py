"""Whichever way a page is read, it holds the same rows: few of them, many nearby, many far off."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.database import unit_of_work
from app.domain.actors import Actor
from app.domain.conditions import parse
from app.operations import records
from app.queries import commonness, keyset, lists, plans, totals
from app.registry import get

COMPANY = get("company")
KBLI = ["08101", "24101", None, "46100"]


@pytest.fixture
def companies(session: Session, admin_actor: Actor, now: datetime) -> None:
    rows: list[dict[str, Any]] = [
        {
            "legal_name": f"{'CV' if n % 3 else 'PT'} {'Éka' if n % 5 else 'SANTOSO' if n % 2 else 'Santoso'} {n % 11}",
            "nib": f"{9 * n:013d}" if n % 4 else None,
            "kbli": KBLI[n % 4],
            "status": "closed" if n % 10 == 0 else "documented",
        }
        for n in range(60)
    ]
    made = records.save_many(session, COMPANY, rows, admin_actor, now=now)
    gone = [str(one.public_id) for one in made.outcomes[:6]]
    records.delete_many(session, COMPANY, gone, admin_actor, now=now)


def walked(session: Session, actor: Actor, backwards: bool = False, **asked: Any) -> list[int]:
    """Every id of the list, page by page."""
    found: list[int] = []
    cursor: str | None = keyset.END if backwards else None
    while True:
        page = lists.page(session, COMPANY, actor, cursor=cursor, limit=7, **asked)
        ids = [row["id"] for row in page.rows]
        found = ids + found if backwards else found + ids
        cursor = page.previous if backwards else page.next
        if cursor is None:
            return found


ORDERS = ["legal_name", "-legal_name", "sector", "-sector", "-nib", "updated_at", "-created_at"]
ASKED = [
    ("", ""),
    ("santoso", ""),
    ("ék", ""),
    ("éka 3", ""),
    ("", "status:is:closed"),
    ("cv", "any(status:is:closed;nib:empty)"),
]


@pytest.mark.parametrize(("words", "where"), ASKED)
def test_every_way_of_reading_gives_the_same_pages(
    session: Session, admin_actor: Actor, companies: None, words: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for order in ORDERS:
        asked = {"order": order, "search_for": words, "where": parse(where)[0]}
        expected = walked(session, admin_actor, **asked)
        assert len(expected) == lists.page(session, COMPANY, admin_actor, **asked).total
        assert len(set(expected)) == len(expected)
        for few, walk in ((0, 3), (0, 10_000)):
            with monkeypatch.context() as plan:
                plan.setattr(plans, "FEW", few)
                plan.setattr(plans, "WALK", walk)
                assert walked(session, admin_actor, **asked) == expected, (order, few, walk)
                assert walked(session, admin_actor, backwards=True, **asked) == expected, (order, few, walk)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL: the collation of the database
def test_names_stand_where_people_look_for_them_however_they_are_written(
    session: Session, admin_actor: Actor, now: datetime
) -> None:
    names = ["PT LEE MAJU", "PT Lee Abadi", "pt lee raya", "PT KARYA", "CV zamrud", "PT Lima"]
    assert records.save_many(session, COMPANY, [{"legal_name": one} for one in names], admin_actor, now=now).written

    def listed(**asked: Any) -> list[str]:
        return [row["legal_name"] for row in lists.page(session, COMPANY, admin_actor, **asked).rows]

    assert listed() == sorted(names, key=str.lower)
    assert listed(order="-legal_name") == sorted(names, key=str.lower, reverse=True)
    assert listed(where=parse("legal_name:is:PT KARYA")[0]) == ["PT KARYA"]
    assert listed(where=parse("legal_name:is:PT karya")[0]) == []


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_postgresql_knows_of_words_spares_the_counting_and_changes_no_row(
    session: Session, admin_actor: Actor, now: datetime, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"legal_name": f"PT {'Santoso' if n % 2 else 'Abadi'} {n:04d}", "status": "documented"} for n in range(240)]
    assert records.save_many(session, COMPANY, rows, admin_actor, now=now).written
    session.commit()
    monkeypatch.setattr(plans, "FEW", 10)
    monkeypatch.setattr(commonness, "FRESH_S", 0)

    def asked(words: str) -> tuple[list[int], lists.Page, str]:
        ids = walked(session, admin_actor, search_for=words)
        statements.clear()
        return ids, lists.page(session, COMPANY, admin_actor, search_for=words, limit=7), " ".join(statements)

    words = ("santoso", "santoso 0001", "abadi 0002", "zzqxv")
    before = [asked(one) for one in words]
    session.execute(text("ANALYZE company"))
    after = [asked(one) for one in words]

    assert [ids for ids, _page, _sql in after] == [ids for ids, _page, _sql in before]
    assert [len(ids) for ids, _page, _sql in after] == [120, 1, 1, 0]
    for (_ids, counted, _sql), (_same, known, _less) in zip(before, after, strict=True):
        assert (known.rows, known.total, known.capped) == (counted.rows, counted.total, counted.capped)
    assert "json_agg" in before[0][2]
    assert "json_agg" not in after[0][2]  # the words are known to be common: nothing is counted
    assert "json_agg" not in after[3][2]


@pytest.mark.parametrize("order", ["nib", "-nib"])
def test_blank_values_stand_last_whichever_way_the_list_runs(
    session: Session, admin_actor: Actor, companies: None, order: str
) -> None:
    rows = lists.page(session, COMPANY, admin_actor, order=order, limit=100).rows
    filled = [row["nib"] for row in rows if row["nib"]]

    assert [bool(row["nib"]) for row in rows] == sorted((bool(row["nib"]) for row in rows), reverse=True)
    assert filled == sorted(filled, reverse=order == "-nib")


def test_the_last_page_is_one_step_away(session: Session, admin_actor: Actor, companies: None) -> None:
    page = lists.page(session, COMPANY, admin_actor, cursor=keyset.END, limit=7)

    assert [row["id"] for row in page.rows] == walked(session, admin_actor)[-7:]
    assert page.next is None
    assert page.previous


def test_a_long_number_is_found_whole_not_by_its_end(session: Session, admin_actor: Actor, now: datetime) -> None:
    numbers = ["9120001234567", "8120001234567", "9120009999999"]
    rows = [{"legal_name": f"PT Contoh {number[0]}", "nib": number} for number in numbers]
    assert records.save_many(session, COMPANY, rows, admin_actor, now=now).written

    def found(words: str) -> list[str]:
        return sorted(row["nib"] for row in lists.page(session, COMPANY, admin_actor, search_for=words).rows)

    assert found("9120001234567") == ["9120001234567"]
    assert found("20001234567") == ["8120001234567", "9120001234567"]
    assert found("1234567 contoh 8") == ["8120001234567"]
    assert found("7120001234567") == []


def test_a_count_ends_where_hits_are_no_longer_few(
    session: Session, admin_actor: Actor, companies: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "FEW", 5)

    page = lists.page(session, COMPANY, admin_actor, search_for="cv")

    assert (page.total, page.capped, len(page.rows)) == (5, True, 36)
    assert lists.total(session, COMPANY, admin_actor, search_for="cv") == 36


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_total_is_counted_again_after_any_change_of_anybody(
    admin_actor: Actor, database_url: str, now: datetime, statements: list[str]
) -> None:
    def total() -> int:
        statements.clear()
        with unit_of_work(write=False) as opened:
            return lists.page(opened, COMPANY, admin_actor).total

    def write(name: str) -> None:
        with unit_of_work() as opened:
            records.save(opened, COMPANY, {"legal_name": name}, admin_actor, now=now)

    assert total() == 0
    write("PT Contoh Satu")
    assert total() == 1
    assert total() == 1
    assert not any("count" in statement for statement in statements), "nothing was written since"
    other = threading.Thread(target=write, args=("PT Contoh Dua",))  # a connection of its own
    with unit_of_work(write=False):
        other.start()
        other.join()
    assert total() == 2


def test_a_whole_registry_is_counted_or_estimated(
    session: Session, admin_actor: Actor, companies: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = lists.page(session, COMPANY, admin_actor)
    assert (page.total, page.capped, page.estimated) == (54, False, False)
    if session.get_bind().dialect.name == "postgresql":
        monkeypatch.setattr(totals, "SMALL", 10)
        session.connection().exec_driver_sql("ANALYZE company")
        page = lists.page(session, COMPANY, admin_actor)
        assert (page.total, page.estimated) == (54, True)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_statistics_of_a_large_table_do_not_lead_sqlite_away_from_the_index_of_the_order(
    session: Session, admin_actor: Actor, companies: None, statements: list[str]
) -> None:
    raw = session.connection()
    raw.exec_driver_sql("ANALYZE")
    raw.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE tbl = 'company'")
    for index, stat in (("ix_company_order", "998997 1 1"), ("ix_company_region", "1000000 50000 978")):
        raw.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES ('company', ?, ?)", (index, stat))
    raw.exec_driver_sql("ANALYZE sqlite_schema")  # read them

    statements.clear()
    lists.page(session, COMPANY, admin_actor)

    (read,) = [one for one in statements if "ORDER BY company.legal_name" in one]
    plan = raw.exec_driver_sql(f"EXPLAIN QUERY PLAN {read}", (51, 0)).all()
    assert [row[-1] for row in plan] == ["SCAN company USING INDEX ix_company_order"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("order", ["legal_name", "-legal_name"])
def test_a_page_in_the_middle_is_sought_not_walked_to(
    session: Session, admin_actor: Actor, companies: None, statements: list[str], order: str
) -> None:
    first = lists.page(session, COMPANY, admin_actor, order=order, limit=7)
    for cursor in (first.next, lists.page(session, COMPANY, admin_actor, order=order, cursor=keyset.END).previous):
        statements.clear()
        lists.page(session, COMPANY, admin_actor, order=order, cursor=cursor, limit=7)

        (read,) = [one for one in statements if "ORDER BY company.legal_name" in one]
        asked = f"EXPLAIN QUERY PLAN {read}"
        plan = session.connection().exec_driver_sql(asked, ("PT A", "PT A", 1, 8, 0)).all()
        assert "SEARCH company USING INDEX ix_company_order (legal_name" in plan[0][-1]
