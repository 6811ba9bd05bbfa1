"""One timeline over a record and what points at it: complete, in order, no more than the actor may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from app.domain.actors import Actor, Grants
from app.domain.errors import NotFound
from app.operations import links, records, requests, submissions
from app.queries import timeline
from app.registry import get
from tests.integration.company import PERSON, SYSTEM, company
from tests.integration.test_submissions import send

Staff = Callable[..., Actor]


def everything(session: Session, key: str, public_id: str, actor: Actor, **how: Any) -> list[timeline.Moment]:
    """All pages, one after the other."""
    moments: list[timeline.Moment] = []
    before = None
    while True:
        found = timeline.page(session, get(key), public_id, actor, before=before, **how)
        moments += found.moments
        before = found.next
        if before is None:
            return moments


@pytest.fixture
def story(session: Session, now: datetime) -> str:
    """A company that reported, was written to, asked for a contact, was changed; public id."""
    made = company(session, now)
    later = [now + timedelta(minutes=n) for n in range(1, 8)]
    report = send(session, made, later[0], PERSON)
    session.commit()
    submissions.accept(session, report, Actor("staff", "Analis", frozenset({"analyst"}), door="screen"), now=later[1])
    asked = {"company_name": "PT Contoh Maju", "nib": made.nib, "name": "Eko", "email": "eko@contoh.example"}
    requests.ask_for_link(session, asked, now=later[2])
    records.save(session, get("company"), {"address": "Jalan Baru 2"}, SYSTEM, now=later[3], public_id=made.public_id)
    links.issue(session, "wajib-lapor", made, actor=SYSTEM, now=later[4])
    session.commit()
    return made.public_id


def test_everything_around_a_company_stands_in_one_order(session: Session, story: str, admin_actor: Actor) -> None:
    moments = everything(session, "company", story, admin_actor)

    assert [one.at for one in moments] == sorted((one.at for one in moments), reverse=True)
    assert {one.kind for one in moments} >= {"change", "report", "link", "mail"}
    assert {one.about for one in moments if one.kind == "change"} >= {"company", "contact", "sponsorship"}
    address = next(one for one in moments if one.own and one.action == "update")
    assert address.event is not None
    assert [(c.field.key, c.before, c.after) for c in address.event.changes] == [("address", None, "Jalan Baru 2")]
    accepted = next(one for one in moments if one.about == "sponsorship")
    assert accepted.event is not None
    assert (accepted.event.door or "").startswith("report:SNG-")


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_lose_and_double_nothing(session: Session, story: str, admin_actor: Actor, limit: int) -> None:
    whole = timeline.page(session, get("company"), story, admin_actor, limit=500).moments

    paged = everything(session, "company", story, admin_actor, limit=limit)

    assert paged == whole
    assert len({(one.kind, one.about, one.public_id, one.at, one.action) for one in whole}) == len(whole)


def test_kinds_narrow_it_and_a_strange_cursor_begins_anew(session: Session, story: str, admin_actor: Actor) -> None:
    assert {one.kind for one in everything(session, "company", story, admin_actor, kinds={"report"})} == {"report"}
    first = timeline.page(session, get("company"), story, admin_actor).moments
    for strange in ("x", "bnVsbA", "WyJ4IiwxLDFd", "WyIyMDI2LTExLTIyIiwxLDFd"):
        assert timeline.page(session, get("company"), story, admin_actor, before=strange).moments == first


def test_a_role_sees_of_it_what_it_may_open_elsewhere(session: Session, story: str, staff: Staff) -> None:
    chair = everything(session, "company", story, staff("timpora_chair"))
    officer = everything(session, "company", story, staff("field_officer"))

    assert {one.kind for one in chair} == {"change"}, "neither reports nor letters are the chair's"
    assert "mail" not in {one.kind for one in officer}
    assert "report" in {one.kind for one in officer}


def test_another_right_or_record_tells_another_story_at_once(
    session: Session, story: str, staff: Staff, now: datetime
) -> None:
    """The statement is kept for whoever has no limit."""
    officer = staff("field_officer")
    without = replace(officer, grants=Grants(1, {("field_officer", "contact", "", "read"): "deny"}))
    other = records.save(session, get("company"), {"legal_name": "PT Contoh Lain"}, SYSTEM, now=now)
    assert other.public_id
    session.commit()

    def told(actor: Actor, public_id: str = story) -> set[str]:
        return {one.about for one in everything(session, "company", public_id, actor)}

    assert "contact" in told(officer)
    assert "contact" not in told(without)
    assert "contact" in told(officer)
    assert told(officer, other.public_id) == {"company"}


def test_another_territory_has_no_timeline(session: Session, story: str) -> None:
    elsewhere = Actor("agency", "Camat Ngoro", frozenset({"agency_member"}), region_code="35.16")
    with pytest.raises(NotFound):
        timeline.page(session, get("company"), story, elsewhere)


def test_masked_values_stay_masked(session: Session, story: str, admin_actor: Actor) -> None:
    sponsorship = next(one for one in everything(session, "company", story, admin_actor) if one.about == "sponsorship")
    row = records.find(session, get("sponsorship"), sponsorship.public_id, SYSTEM)
    person = session.execute(get("foreign_national").table.select()).mappings().one()
    assert row["person"] == person["id"]

    moments = everything(session, "foreign_national", person["public_id"], admin_actor)

    assert {"passport", "sponsorship", "foreign_national"} <= {one.about for one in moments}
    assert PERSON["passport_number"] not in repr(moments)


def test_the_statements_do_not_grow_with_the_moments(
    session: Session, story: str, admin_actor: Actor, now: datetime, statements: list[str]
) -> None:
    def sent(limit: int) -> int:
        statements.clear()
        timeline.page(session, get("company"), story, admin_actor, limit=limit)
        return len(statements)

    few = sent(5)
    for number in range(60):
        values = {"address": f"Jalan {number}"}
        at = now + timedelta(hours=1, seconds=number)
        records.save(session, get("company"), values, SYSTEM, now=at, public_id=story)
    session.commit()
    assert sent(50) <= few + 12  # one a kind and registry that stands on the page


def test_where_a_company_stood_in_a_register_is_part_of_it(
    session: Session, story: str, admin_actor: Actor, now: datetime
) -> None:
    from app.operations import batches, sources

    made = records.find(session, get("company"), story, SYSTEM)
    source = sources.open_source(
        session, "oss", get("company"), SYSTEM, definition="uji", now=now, today=now.date()
    ).register_id
    rows = [{"source": source, "source_row": 7, "raw": {"NIB": "1"}, "company": made["id"], "as_of": now.date(),
             "number_in_register": None, "person": None, "presence": "present", "match_state": "auto_matched",
             "match_score": None, "match_reasons": None, "batch": "x"}]  # fmt: skip
    batches.append_many(session, get("register_entry"), rows, SYSTEM, now=now, batch="x")
    session.commit()

    found = [one for one in everything(session, "company", story, admin_actor) if one.kind == "source"]

    assert [one.facts["register"] for one in found] == ["oss"]
