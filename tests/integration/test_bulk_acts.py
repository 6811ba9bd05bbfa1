"""One thing done to many records: by the one write path, named where refused, resumable, and taken back whole."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, select

from app import working
from app.database import unit_of_work, utcnow
from app.domain.actors import Actor
from app.domain.conditions import Condition, every
from app.domain.errors import Forbidden, Refused
from app.models.audit import AuditEntry
from app.models.job import Job
from app.operations import bulk_acts, records
from app.queries import lists
from app.queries.selection import Selection
from app.registry import get

STAFF = Actor(kind="staff", name="Analis", roles=frozenset({"admin", "analyst"}))
READER = Actor(kind="staff", name="Auditor", roles=frozenset({"auditor"}))
COMPANY = get("company")


@pytest.fixture(autouse=True)
def companies(database_url: str) -> list[str]:
    """Thirty companies, every third PMA."""
    rows = [
        {"legal_name": f"PT Contoh {n:03}", "nib": f"{n:013}", "capital_status": "pma" if n % 3 == 0 else "pmdn"}
        for n in range(30)
    ]
    with unit_of_work() as session:
        result = records.save_many(session, COMPANY, rows, STAFF, now=utcnow())
    return [str(outcome.public_id) for outcome in result.outcomes]


def ask(kind: str, selection: Selection, actor: Actor = STAFF, **more: Any) -> Job:
    with unit_of_work() as session:
        return bulk_acts.ask(session, kind, COMPANY, actor, selection, language="id", now=utcnow(), **more)


def rows(**where: Any) -> list[dict[str, Any]]:
    with unit_of_work(write=False) as session:
        return lists.page(session, COMPANY, STAFF, limit=100, **where).rows


PMA = Selection(where=every(Condition("capital_status", "is", ("pma",))))


def test_all_that_match_are_changed_and_nobody_else() -> None:
    job = ask("bulk_update", PMA, values={"status": "documented"}, reason="rapat 3 Desember")
    assert (job.state, job.total, job.result["changed"]) == ("done", 10, 10)
    assert {row["capital_status"] for row in rows() if row["status"] == "documented"} == {"pma"}
    with unit_of_work(write=False) as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.batch == job.public_id)).all()
    assert {entry.reason for entry in entries} == {"rapat 3 Desember"}


def test_changing_the_very_field_that_was_filtered_leaves_nobody_out() -> None:
    job = ask("bulk_update", PMA, values={"capital_status": "pmdn"})
    assert job.result["changed"] == 10
    assert {row["capital_status"] for row in rows()} == {"pmdn"}


def test_who_refuses_is_named_and_stops_nobody_else(companies: list[str]) -> None:
    job = ask("bulk_update", Selection(public_ids=tuple(companies[:3])), values={"nib": "9120001112223"})
    assert job.result["refused_count"] == 2
    assert {one["code"] for one in job.result["refused"]} == {"duplicate"}
    assert job.result["refused"][0]["title"] == "PT Contoh 001"


def test_a_large_piece_waits_for_the_worker_and_goes_on_after_each_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_acts, "AT_ONCE", 5)
    monkeypatch.setattr(bulk_acts, "CHUNK", 4)
    monkeypatch.setattr(working, "_actor", lambda _session, _job: STAFF)
    asked = ask("bulk_update", PMA, values={"status": "documented"})
    assert asked.state == "queued"
    chunks = working.run(60)
    assert chunks == 3
    with unit_of_work(write=False) as session:
        done = session.get_one(Job, asked.id)
        assert (done.state, done.done, done.result["changed"]) == ("done", 10, 10)


def test_undo_puts_back_every_field_and_leaves_what_somebody_touched_since(
    companies: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {row["public_id"]: row["status"] for row in rows()}
    job = ask("bulk_update", PMA, values={"status": "documented"})
    with unit_of_work() as session:
        records.save(session, COMPANY, {"scale": "micro"}, STAFF, now=utcnow(), public_id=companies[0])
    monkeypatch.setattr(bulk_acts, "CHUNK", 4)
    with unit_of_work() as session:
        undone = bulk_acts.ask_undo(session, session.get_one(Job, job.id), STAFF, language="id", now=utcnow())
        assert undone.result == {"changed": 9, "touched": [companies[0]], "touched_count": 1}
    after = {row["public_id"]: row["status"] for row in rows()}
    assert after == {**before, companies[0]: "documented"}


def test_undo_happens_once() -> None:
    job = ask("bulk_update", PMA, values={"status": "documented"})

    def undo(session: Session) -> Job:
        return bulk_acts.ask_undo(session, session.get_one(Job, job.id), STAFF, language="id", now=utcnow())

    with unit_of_work() as session:
        undo(session)
    with pytest.raises(Refused), unit_of_work() as session:
        undo(session)


def test_the_trash_takes_many_and_gives_them_back(companies: list[str]) -> None:
    chosen = Selection(public_ids=tuple(companies[:7]))
    job = ask("bulk_delete", chosen)
    assert (job.result["changed"], len(rows()), len(rows(deleted=True))) == (7, 23, 7)
    with unit_of_work() as session:
        bulk_acts.ask_undo(session, session.get_one(Job, job.id), STAFF, language="id", now=utcnow())
    assert (len(rows()), len(rows(deleted=True))) == (30, 0)
    ask("bulk_delete", chosen)
    assert ask("bulk_restore", chosen).result["changed"] == 7
    assert len(rows()) == 30


def test_who_may_not_change_one_may_not_change_many(companies: list[str]) -> None:
    for kind in ("bulk_update", "bulk_delete"):
        with pytest.raises(Forbidden):
            ask(kind, PMA, READER, values={"status": "documented"})


def test_a_filter_that_cannot_be_read_reaches_nobody() -> None:
    with pytest.raises(Refused, match="selection_unclear"):
        ask("bulk_update", Selection(where=every(Condition("nonsense", "is", ("1",)))), values={"status": "documented"})


def test_rows_that_come_later_are_not_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_acts, "AT_ONCE", 0)
    monkeypatch.setattr(working, "_actor", lambda _session, _job: STAFF)
    ask("bulk_update", PMA, values={"status": "documented"})
    with unit_of_work() as session:
        records.save(session, COMPANY, {"legal_name": "PT Baru", "capital_status": "pma"}, STAFF, now=utcnow())
    working.run(60)
    assert [row["status"] for row in rows() if row["legal_name"] == "PT Baru"] == ["unconfirmed"]
